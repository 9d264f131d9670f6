"""A ceiling on what a day may cost: counts the segments that all processes send, and says when the day's are used up."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from .store import Store, StoreDown

TELL_EVERY = 5.0  # seconds between two looks at the common count: a ceiling need not be exact to the text
DAY = 86400
KEPT = 2 * DAY


class Ceiling:
    """`limit` segments a day (UTC), 0 for none. `clock` gives epoch seconds."""

    def __init__(self, store: Store, limit: int, clock: Callable[[], float] = time.time) -> None:
        self._store, self._limit, self._clock = store, limit, clock
        self._day = 0
        self._all, self._mine = 0, 0  # what the store said last, and what it does not know yet
        self._asked = 0.0
        self._lock = threading.Lock()

    def reached(self) -> bool:
        return self._limit > 0 and self._today() and self._all + self._mine >= self._limit

    def spend(self, segments: int) -> None:
        """Count what is being sent. Best effort: without the store each process counts its own."""
        if self._limit <= 0:
            return
        with self._lock:
            self._today()
            self._mine += segments
            now = self._clock()
            if now - self._asked < TELL_EVERY:
                return
            mine, day, self._mine, self._asked = self._mine, self._day, 0, now
            self._all += mine  # other threads see it meanwhile
        try:
            total = self._store.add(f"segments:{day}", mine, KEPT)
        except StoreDown:  # it is told with the next ones
            total = self._all - mine
        else:
            mine = 0
        with self._lock:
            if day == self._day:
                self._all, self._mine = total, self._mine + mine

    def _today(self) -> bool:
        """Whether what is counted is today's; a new day begins at nothing."""
        day = int(self._clock() // DAY)
        if day != self._day:
            self._day, self._all, self._mine, self._asked = day, 0, 0, 0.0
        return True
