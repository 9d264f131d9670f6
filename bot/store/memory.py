"""A store in this process, for the terminal and for tests. Same contract as Redis."""

from __future__ import annotations

import threading
from collections.abc import Callable

from .contract import Record, WrongSecret
from .desk import Change
from .memory_desk import MemoryDesk


class MemoryStore:
    """`clock` gives epoch seconds, so that expiry can be tested without waiting."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._sessions: dict[str, tuple[bytes, float]] = {}
        self._opted_out: set[str] = set()
        self._fingerprint = ""
        self._lock = threading.Lock()
        self.desk = MemoryDesk(clock)

    def load(self, contact: str) -> Record:
        with self._lock:
            return Record(self._session(contact), contact in self._opted_out, self.desk.ticket(contact))

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
                (self._opted_out.add if opted_out else self._opted_out.discard)(contact)
            return True

    def claim(self, fingerprint: str) -> None:
        if self._fingerprint not in ("", fingerprint):
            raise WrongSecret
        self._fingerprint = fingerprint

    def ping(self) -> None:
        """Always there."""

    def _session(self, contact: str) -> bytes | None:
        blob, until = self._sessions.get(contact, (None, 0.0))
        return blob if until > self._clock() else None
