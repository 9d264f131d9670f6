"""The processes of a benchmark: the store, servers, the load generator. All end with it, whatever happens."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO

from cryptography.fernet import Fernet

from bot.embedded import Server as Store
from bot.settings import Settings

from . import scenario
from .load import Outcome, Plan

READY_WITHIN = 30.0  # seconds; a busy machine takes a few
FINISH_WITHIN = 8.0
TICKS = os.sysconf("SC_CLK_TCK")
PROJECT = Path(__file__).parent.parent
FLOWS = PROJECT / "flows"
WORKERS = Settings.model_fields["web_workers"].default


@dataclass(frozen=True, slots=True)
class Server:
    """A server that answers on 127.0.0.1:`port`; `pid` is the first of its processes."""

    name: str
    port: int
    pid: int
    log: Path

    def cpu(self) -> float:
        """Processor seconds of all its processes up to now; 0.0 where there is no /proc."""
        return cpu_of(self.pid)


class Processes:
    """Starts processes. All of them have ended when its context is left, or when the benchmark was killed."""

    def __init__(self) -> None:
        self._stack = ExitStack()
        self.folder = Path()

    def __enter__(self) -> Processes:
        self.folder = Path(self._stack.enter_context(tempfile.TemporaryDirectory(prefix="bench")))
        guard = subprocess.Popen(
            [sys.executable, "-m", "bench.guard"], cwd=PROJECT, stdin=subprocess.PIPE, start_new_session=True, text=True
        )
        self._stack.callback(guard.wait)
        assert guard.stdin is not None
        self._guard = self._stack.enter_context(guard.stdin)
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    @contextmanager
    def store(self, name: str = "store") -> Iterator[Store]:
        """The embedded store, empty, as `helpline run` starts it."""
        store = Store(self.folder / name)
        try:
            store.start()
            assert store.process is not None
            self._tell(store.process.pid)
            yield store
        finally:
            store.stop()
            if store.process is not None:
                self._tell(-store.process.pid)

    @contextmanager
    def started(self, name: str, command: Sequence[str], env: Mapping[str, str]) -> Iterator[Server]:
        """A server of its own, ended afterwards. Returns at once; see `answering`."""
        log = self.folder / f"{name}.log"
        with log.open("ab") as out:
            process = subprocess.Popen(
                [sys.executable, *command],
                env=dict(env),
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=out,
                start_new_session=True,
            )
        self._tell(process.pid)
        try:
            yield Server(name, int(env["PORT"]), process.pid, log)
        finally:
            end(process)
            self._tell(-process.pid)

    @contextmanager
    def helpline(self, store: Store, name: str = "helpline", **more: str) -> Iterator[Server]:
        """The server as the Procfile starts it, answering."""
        with self.started(
            name, ("-m", "bot", "serve"), environment(store.url, SPOOL=str(self.folder / f"{name}.db"), **more)
        ) as server:
            answering(server)
            yield server

    @contextmanager
    def floor(self, store: Store, workers: int = WORKERS, threads: int = 1) -> Iterator[Server]:
        command = ("-m", "bench.serve", "bench.floor:create", str(workers), str(threads))
        with self.started("floor", command, environment(store.url)) as server:
            answering(server)
            yield server

    @contextmanager
    def generator(self) -> Iterator[Generator]:
        process = subprocess.Popen(
            [sys.executable, "-m", "bench.load"],
            cwd=PROJECT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        self._tell(process.pid)
        try:
            assert process.stdin is not None
            assert process.stdout is not None
            yield Generator(process.stdin, process.stdout)
        finally:
            end(process)
            self._tell(-process.pid)

    def _tell(self, group: int) -> None:
        self._guard.write(f"{group}\n")
        self._guard.flush()


@dataclass(frozen=True, slots=True)
class Generator:
    """The load generator's process, one plan after another."""

    _plans: IO[str]
    _outcomes: IO[str]

    def run(self, plan: Plan) -> Outcome:
        self._plans.write(json.dumps(asdict(plan)) + "\n")
        self._plans.flush()
        line = self._outcomes.readline()
        if not line:
            raise RuntimeError("The load generator ended. Its error stands above.")
        return Outcome(**json.loads(line))


def environment(redis_url: str, **more: str) -> dict[str, str]:
    """The settings of a server in production, and nothing else of ours from this environment."""
    ours = {name.upper() for name in Settings.model_fields}
    kept = {k: v for k, v in os.environ.items() if k not in ours}
    return kept | {
        "PORT": str(free_port()),
        "REDIS_URL": redis_url,
        "PUBLIC_URL": scenario.PUBLIC_URL,
        "TWILIO_AUTH_TOKEN": scenario.TOKEN,
        "HELPLINE_SECRET": scenario.SECRET,
        "HELPLINE_KEYS": Fernet.generate_key().decode(),
        "FLOWS": str(FLOWS),
        **more,
    }


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def answering(
    server: Server, data: bytes = b"GET /health/live HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
) -> bytes:
    """Wait until `server` answers `data`; the answer. Raises RuntimeError with its log when it does not."""
    until = time.monotonic() + READY_WITHIN
    while time.monotonic() < until:
        try:
            with socket.create_connection(("127.0.0.1", server.port), timeout=READY_WITHIN) as line:
                line.sendall(data)
                answer = line.recv(65536)
                if answer:
                    return answer
        except OSError:
            time.sleep(0.005)
    raise RuntimeError(f"{server.name} does not answer:\n{server.log.read_text()[-2000:]}")


def end(process: subprocess.Popen[str] | subprocess.Popen[bytes]) -> None:
    """End `process` and all of its group."""
    process.send_signal(signal.SIGTERM)
    try:
        process.wait(FINISH_WITHIN)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def cpu_of(pid: int) -> float:
    """Processor seconds of the process `pid` and all below it."""
    seconds: dict[int, float] = {}
    parents: dict[int, int] = {}
    for entry in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = entry.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        own = int(entry.parent.name)
        parents[own], seconds[own] = int(fields[1]), (int(fields[11]) + int(fields[12])) / TICKS
    total = 0.0
    for own, spent in seconds.items():
        at = own
        while at not in (0, 1, pid):
            at = parents.get(at, 0)
        total += spent if at == pid else 0.0
    return total
