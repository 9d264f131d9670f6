"""Opt-outs that the store could not take, in a file beside us until it can. SQLite, so that a power cut loses none.

Holds contact ids (keyed hashes) and times, nothing else. Read at every text: one `stat` while nothing changes.
"""

from __future__ import annotations

import sqlite3
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from .contract import Store

WAIT = 0.5  # seconds for another process that is writing; a write to a slow disk takes a tenth
# Some file systems tell the time of a write only to 10 ms: a file read so soon after one may be written again unseen.
SETTLED = 0.1  # seconds
_TABLE = "CREATE TABLE IF NOT EXISTS decided (contact TEXT PRIMARY KEY, opted_out INTEGER NOT NULL, at REAL NOT NULL)"
_KEEP = """INSERT INTO decided VALUES (?, ?, ?)
    ON CONFLICT (contact) DO UPDATE SET opted_out = excluded.opted_out, at = excluded.at WHERE excluded.at >= decided.at"""


NEVER = (0, 0)


class SpoolBroken(Exception):
    """The file cannot be written or read."""


@dataclass(frozen=True, slots=True)
class Decision:
    """An opt-out (or a way back in) and when it was decided, in epoch seconds."""

    opted_out: bool
    at: float


class Spool:
    """The file at `path`, made when first needed. Without a path it is kept in this process only (terminal, tests)."""

    def __init__(self, path: Path | None = None) -> None:
        self._path = path
        self._seen = NEVER  # the file's time and size when last read
        self._held: dict[str, Decision] = {}
        self._lock = threading.Lock()  # threads take turns; SQLite lets processes

    def keep(self, contact: str, opted_out: bool, at: float) -> None:
        """Keep a decision, on disk before this returns. A later one that is held already stands. Raises SpoolBroken."""
        if self._path is None:
            self._held[contact] = Decision(opted_out, at)
            return
        with self._lock, _opened(self._path) as file:
            file.execute(_KEEP, (contact, int(opted_out), at))

    def held(self, contact: str) -> Decision | None:
        """The decision of `contact` that the store does not have yet. Never raises: unknown is None."""
        self._refresh()
        return self._held.get(contact)

    def waiting(self) -> int:
        """How many decisions the store does not have yet."""
        self._refresh()
        return len(self._held)

    @property
    def empty(self) -> bool:
        """Whether it was when somebody last looked."""
        return not self._held

    def settle(self, store: Store, most: int = sys.maxsize) -> None:
        """Give decisions (at most `most`) to `store`, where the last one by time wins.

        Raises StoreDown and SpoolBroken; what was not given stays.
        """
        self._refresh()
        for contact, decision in list(self._held.items())[:most]:
            store.settle(contact, decision.opted_out, decision.at)
            self._drop(contact, decision)

    def _drop(self, contact: str, decision: Decision) -> None:
        self._held.pop(contact, None)
        if self._path is not None:
            with _opened(self._path) as file:
                file.execute("DELETE FROM decided WHERE contact = ? AND at = ?", (contact, decision.at))

    def _refresh(self) -> None:
        """Read the file again if any process has written it since."""
        if self._path is None:
            return
        try:
            now = self._path.stat()
        except OSError:
            self._held = {}
            return
        seen = (now.st_mtime_ns, now.st_size)
        if seen == self._seen:
            return
        try:
            with _opened(self._path) as file:
                rows = file.execute("SELECT contact, opted_out, at FROM decided").fetchall()
        except SpoolBroken:
            return
        self._held = {contact: Decision(bool(out), at) for contact, out, at in rows}
        self._seen = seen if time.time_ns() - now.st_mtime_ns > SETTLED * 1e9 else NEVER


@contextmanager
def _opened(path: Path) -> Iterator[sqlite3.Connection]:
    """A connection for one piece of work, on disk when it is done. Not kept: a process may fork between two."""
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with closing(sqlite3.connect(path, timeout=WAIT)) as file:
            file.execute("PRAGMA synchronous = EXTRA")
            with file:
                file.execute(_TABLE)
                yield file
    except (sqlite3.Error, OSError) as error:
        raise SpoolBroken(type(error).__name__) from error
