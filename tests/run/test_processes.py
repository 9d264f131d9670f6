"""The supervisor: who is started again, and what ends everything."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator

import pytest

from bot.problem import CANNOT_START
from bot.processes import Child, NeverStarted, Supervisor


@pytest.fixture(autouse=True)
def signals() -> Iterator[None]:
    """A supervisor takes these for itself."""
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


def ends_with(status: int) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-c", f"raise SystemExit({status})"])


def test_a_part_that_breaks_at_its_first_start_is_started_again(logs: Callable[[], str]) -> None:
    starts: list[int] = []

    def start() -> subprocess.Popen[bytes]:
        starts.append(1)
        if len(starts) == 3:
            os.kill(os.getpid(), signal.SIGTERM)
        return ends_with(1)  # as an error that nobody caught does

    Supervisor([Child("web", start)]).run()
    ended = [json.loads(line) for line in logs().splitlines() if "process_ended" in line]
    assert [line["exit_code"] for line in ended[:2]] == [1, 1]
    assert all(line["restart_in_s"] > 0 for line in ended)


def test_a_part_that_says_that_it_cannot_start_ends_the_run() -> None:
    with pytest.raises(NeverStarted, match="The web did not start"):
        Supervisor([Child("web", lambda: ends_with(CANNOT_START))]).run()
