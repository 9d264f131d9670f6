"""Calls that get so much time and no more, whatever they wait for."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Generic, TypeVar

Result = TypeVar("Result")


class TooLate(Exception):
    """The time was over, or so many earlier calls still hang that no further one is begun."""


class Patience:
    """Runs calls in threads of their own. One that is late goes on (it may still fill a cache), but nobody waits for it.

    `hanging`: how many may be late at the same time.
    """

    def __init__(self, hanging: int) -> None:
        self._free = threading.BoundedSemaphore(hanging)

    def run(self, seconds: float, call: Callable[[], Result]) -> Result:
        """What `call` returns or raises. Raises TooLate after `seconds`."""
        if seconds <= 0 or not self._free.acquire(blocking=False):
            raise TooLate
        job = _Job(call)
        threading.Thread(target=job.run, args=(self._free.release,), daemon=True).start()
        return job.wait(seconds)


class _Job(Generic[Result]):
    def __init__(self, call: Callable[[], Result]) -> None:
        self._call = call
        self._done = threading.Event()
        self._result: list[Result] = []
        self._error: Exception | None = None

    def run(self, after: Callable[[], None]) -> None:
        try:
            self._result.append(self._call())
        except Exception as error:  # it is raised where somebody waits
            self._error = error
        finally:
            after()
            self._done.set()

    def wait(self, seconds: float) -> Result:
        if not self._done.wait(seconds):
            raise TooLate
        if self._error is not None:
            raise self._error
        return self._result[0]
