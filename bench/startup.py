"""From the start of the process to the first signed text that is answered; and how much of it Python's imports take."""

from __future__ import annotations

import subprocess
import sys
import time

from . import scenario
from .bench import Bench
from .figures import Figure, figure
from .processes import answering, environment

PART = "start-up"
IMPORTS = "import bot.serving, bot.web.wsgi"


def run(bench: Bench) -> list[Figure]:
    starts = [_start(bench, attempt) for attempt in range(bench.sizes.starts + 1)][1:]  # the first compiles
    imports = [_python(IMPORTS) for _ in range(bench.sizes.starts)]
    return [
        figure(PART, "from the start to the first text answered", starts, "s", wanted="under 1"),
        figure(PART, "a Python that imports what the server does", imports, "s"),
        figure(PART, "a Python that does nothing", [_python("pass") for _ in range(bench.sizes.starts)], "s"),
    ]


def _start(bench: Bench, attempt: int) -> float:
    with bench.processes.store(f"start{attempt}") as store:
        env = environment(store.url, SPOOL=str(bench.processes.folder / "spool.db"))
        text = scenario.request(int(env["PORT"]), scenario.form(attempt + 1, 0, "hi"))
        began = time.perf_counter()
        with bench.processes.started("starting", ("-m", "bot", "serve"), env) as server:
            answer = answering(server, text)
            took = time.perf_counter() - began
    if not answer.startswith(b"HTTP/1.1 200"):
        raise RuntimeError(f"The first text was answered with {answer[:200]!r}.")
    return took


def _python(code: str) -> float:
    began = time.perf_counter()
    subprocess.run([sys.executable, "-c", code], check=True)
    return time.perf_counter() - began
