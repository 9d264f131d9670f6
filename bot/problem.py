"""What an operator can mend. The command line tells it in words instead of a traceback."""

from __future__ import annotations

from collections.abc import Iterable

CANNOT_START = 78  # EX_CONFIG of sysexits.h: how a part of `helpline run` ends that has told a Problem, unlike one that broke


class Problem(Exception):
    """Its text says what is wrong and what to do. `details`: lines that are told before it, where there are several things."""

    def __init__(self, text: str, details: Iterable[str] = ()) -> None:
        super().__init__(text)
        self.details = list(details)
