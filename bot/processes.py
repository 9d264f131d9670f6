"""Keeps the processes of one machine running: starts each, restarts what died, ends all of them together."""

from __future__ import annotations

import gc
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field

from .log import log
from .problem import CANNOT_START, Problem

FIRST_WAIT, LONGEST_WAIT = 0.2, 5.0  # seconds before a restart; doubled while a process dies again at once
STEADY = 10.0  # seconds of running after which the next death waits FIRST_WAIT again
FREE_FROM = range(8001, 8021)  # ports to offer where one is taken
FINISH_WITHIN = 6.0  # seconds that a process has to finish what it is doing


class PortTaken(Problem):
    """Something listens there already."""


class NeverStarted(Problem):
    """A process found at its first start that it cannot work (a setting, the words, a port): it has said why, and would say it
    again for ever."""

    def __init__(self, name: str) -> None:
        super().__init__(f"The {name} did not start; what it said stands above.")


def started() -> None:
    """Call when a process that stays has made what it needs: from here on garbage is looked for, but not among all that.

    What is frozen also stays shared between a server and the workers that it forks.
    """
    gc.freeze()
    gc.enable()


def check_port(host: str, port: int) -> None:
    """Raises PortTaken before anything is started: the web server itself would only crash."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise PortTaken(
                f"Port {port} on {host} is taken ({error.strerror}), maybe by another helpline. Stop what uses it, or choose "
                f"another: PORT={_free(host)} make run"
            ) from None


def _free(host: str) -> int:
    """A port that nobody uses now."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        for port in FREE_FROM:
            with suppress(OSError):
                probe.bind((host, port))
                return port
        probe.bind((host, 0))
        return int(probe.getsockname()[1])


@dataclass(slots=True)
class Child:
    """One process to keep running. `start` returns it; it is asked again after each death."""

    name: str
    start: Callable[[], subprocess.Popen[bytes]]
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    wait: float = FIRST_WAIT
    deaths: int = 0
    due: float = field(default=0.0)


def python(*args: str, env: Mapping[str, str] | None = None) -> subprocess.Popen[bytes]:
    """`python -m bot ARGS` as a child in its own process group (Ctrl-C reaches only the parent, which ends all)."""
    command = [sys.executable, "-m", "bot", *args]
    return subprocess.Popen(command, env={**os.environ, **(env or {})}, stdin=subprocess.DEVNULL, start_new_session=True)


class Supervisor:
    """Runs children until stopped. One child's death never stops the others."""

    def __init__(self, children: list[Child]) -> None:
        self._children = children
        self._stop = threading.Event()

    def run(self) -> None:
        """Start all and stay until SIGINT or SIGTERM, then end all in reverse order. Raises NeverStarted."""
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: self._stop.set())
        try:
            while not self._stop.wait(0.1):
                for child in self._children:
                    self._look_after(child)
        finally:
            for child in reversed(self._children):
                _end(child)

    def _look_after(self, child: Child) -> None:
        now = time.monotonic()
        if child.process is None:
            if now >= child.due:
                child.process, child.started = child.start(), now
            return
        if child.process.poll() is None:
            return
        if not child.deaths and child.process.returncode == CANNOT_START and now - child.started < STEADY:
            raise NeverStarted(child.name)
        child.deaths += 1
        child.wait = FIRST_WAIT if now - child.started > STEADY else min(child.wait * 2, LONGEST_WAIT)
        log.warning("process_ended", process=child.name, exit_code=child.process.returncode, restart_in_s=child.wait)
        child.process, child.due = None, now + child.wait


def _end(child: Child) -> None:
    process = child.process
    if process is None or process.poll() is not None:
        return
    process.send_signal(signal.SIGTERM)
    try:
        process.wait(FINISH_WITHIN)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
