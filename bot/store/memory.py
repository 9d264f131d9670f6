"""A store in this process, for the terminal and for tests. Same contract as Redis."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping

from .contract import Health, Record, WrongSecret
from .desk import Change
from .memory_desk import MemoryDesk


class MemoryStore:
    """`clock` gives epoch seconds, so that expiry can be tested without waiting."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._sessions: dict[str, tuple[bytes, float]] = {}
        self._decided: dict[str, tuple[bool, float]] = {}  # opted out?, and when that was decided
        self._counts: dict[str, tuple[int, float]] = {}
        self._fingerprint = ""
        self._lock = threading.Lock()
        self.client = None
        self.desk = MemoryDesk(clock)

    def load(self, contact: str) -> Record:
        with self._lock:
            return Record(self._session(contact), self._decided.get(contact, (False, 0.0))[0], self.desk.ticket(contact))

    def commit(
        self,
        contact: str,
        before: bytes | None,
        after: bytes | None,
        opted_out: bool | None,
        life: int,
        change: Change | None = None,
    ) -> bool:
        with self._lock:
            if self._session(contact) != before or (change and not self.desk.change(contact, change)):
                return False
            if after is None:
                self._sessions.pop(contact, None)
            else:
                self._sessions[contact] = (after, self._clock() + life)
            if opted_out is not None:
                self._decided[contact] = (opted_out, self._clock())
            return True

    def settle(self, contact: str, opted_out: bool, at: float) -> None:
        with self._lock:
            if self._decided.get(contact, (False, 0.0))[1] <= at:
                self._decided[contact] = (opted_out, at)

    def add(self, name: str, amount: int, life: int) -> int:
        with self._lock:
            count, until = self._counts.get(name, (0, 0.0))
            if until <= self._clock():
                count, until = 0, self._clock() + life
            self._counts[name] = (count + amount, until)
            return count + amount

    def note(self, lives: Mapping[str, int]) -> None:
        with self._lock:
            self._counts |= {name: (1, self._clock() + life) for name, life in lives.items()}

    def noted(self, name: str) -> bool:
        with self._lock:
            return self._counts.get(name, (0, 0.0))[1] > self._clock()

    def claim(self, fingerprint: str) -> None:
        if self._fingerprint not in ("", fingerprint):
            raise WrongSecret
        self._fingerprint = fingerprint

    def ping(self) -> None:
        """Always there."""

    def health(self) -> Health:
        return Health(evicts=False, appends=False)

    def _session(self, contact: str) -> bytes | None:
        blob, until = self._sessions.get(contact, (None, 0.0))
        return blob if until > self._clock() else None
