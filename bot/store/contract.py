"""What a store promises. tests/store runs one suite on every store."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from ..problem import Problem
from .desk import Change, Desk


class StoreDown(Exception):
    """The store could not be asked in time. The turn goes on without it."""


class StoreRefused(StoreDown):
    """The store answered at once, and said no (full, read-only, still loading). It is there: asking again costs nothing."""


class NotReplicated(StoreRefused):
    """The opt-out is written, but not on as many replicas as STORE_REPLICAS asks for: a failover now could lose it."""


class WrongSecret(Problem):
    """The store belongs to another HELPLINE_SECRET: its opt-outs would be lost with this one."""

    def __init__(self) -> None:
        super().__init__("REDIS_URL holds the data of another HELPLINE_SECRET. Use that secret, or another store.")


@dataclass(frozen=True, slots=True)
class Record:
    """What is kept of one contact: the session as stored (None for none), whether they opted out, the sealed ticket of a
    hand-off (None for none)."""

    blob: bytes | None = None
    opted_out: bool = False
    ticket: bytes | None = None


@dataclass(frozen=True, slots=True)
class Health:
    """What the store's own settings mean for us. None: it does not say."""

    evicts: bool | None = None  # it may drop conversations and opt-outs when memory is short
    appends: bool | None = None  # it writes to an append-only file, so that a crash loses a second at most


class Store(Protocol):
    """Everything raises StoreDown when it cannot be done in time; nothing waits without a limit."""

    @property
    def client(self) -> object | None:
        """What it talks to Redis with; None for memory."""

    @property
    def desk(self) -> Desk:
        """Hand-offs: tickets and the indexes that counselors see."""

    def load(self, contact: str) -> Record:
        """What is kept of `contact`. One round trip."""

    def commit(
        self,
        contact: str,
        before: bytes | None,
        after: bytes | None,
        opted_out: bool | None,
        life: int,
        change: Change | None = None,
    ) -> bool:
        """Replace the session `before` by `after` for `life` seconds (None erases it), if it is still `before`.

        With it, all or nothing, sets (True) or lifts (False) the opt-out, which never expires, and makes `change` to the
        ticket. False: somebody else was faster, nothing changed, read again. One round trip.
        """

    def settle(self, contact: str, opted_out: bool, at: float) -> None:
        """Set or lift an opt-out decided at `at` (epoch seconds), unless a later decision stands. The last one by time wins."""

    def add(self, name: str, amount: int, life: int) -> int:
        """Add to the counter `name`, which is forgotten `life` seconds after its first count. The sum so far."""

    def note(self, lives: Mapping[str, int]) -> None:
        """Keep that each name happened, for so many seconds; 0 forgets it. One round trip."""

    def noted(self, name: str) -> bool:
        """Whether `name` happened within its life."""

    def claim(self, fingerprint: str) -> None:
        """Bind this store to the secret with this fingerprint. Raises WrongSecret when it is bound to another."""

    def ping(self) -> None:
        """Raises StoreDown when the store does not answer."""

    def health(self) -> Health:
        """What the store's settings mean for what it keeps."""
