"""What an operator can mend. The command line tells it in words instead of a traceback."""

from __future__ import annotations

from collections.abc import Iterable


class Problem(Exception):
    """Its text says what is wrong and what to do. `details`: lines that are told before it, where there are several things."""

    def __init__(self, text: str, details: Iterable[str] = ()) -> None:
        super().__init__(text)
        self.details = list(details)
