"""What a store promises of hand-offs: tickets under their contact's tag, and the indexes that span contacts.

Everything handed in and out is sealed bytes (bot.vault); the store reads none of it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, Protocol

# How far a message of ours has come. A later word never takes an earlier one's place (statuses arrive in any order).
RANKS = {"sending": 1, "retrying": 1, "sent": 2, "delivered": 3, "failed": 3, "dropped": 3, "read": 4}
INBOX = 50  # messages that a chat page may have missed
MOST_WAITING = 200  # messages in an outbox; ticket.lua has it too
FULL = 4  # the code of a message that found no place there (bot.channels.errors says it in words)
KEEP_LIFE = -1  # for Change.life: it lives no longer by this
SEEN_EVERY = 10.0  # seconds; a chat page that looks every two is not written down every time
UNSEEN = 3600.0  # seconds; who loads a page again after that may be somebody else. A dead battery is charged by then
BACK_WITHIN = 60.0  # seconds in which a closed chat page may come back: a reload takes that long where the signal is bad


@dataclass(frozen=True, slots=True)
class Change:
    """What happens to a ticket, all or nothing, if it is still `before`. `after` None erases it with its log.

    life: seconds until all of it expires, 0 for never, KEEP_LIFE for no later than before. notes: entries for its log.
    outbox: (id, item) to send. drop: what waits to be sent is not sent. lock: ticket and log move under lock, named by `serial`.
    fresh: it is a new hand-off, and what was known of the page of the one before is forgotten.
    """

    before: bytes | None
    after: bytes | None
    life: int
    notes: Sequence[bytes] = ()
    outbox: Sequence[tuple[str, bytes]] = ()
    drop: bool = False
    lock: bool = False
    serial: str = ""
    fresh: bool = False


@dataclass(frozen=True, slots=True)
class State:
    """How a message of ours fares. code: Twilio's, 0 for none; sid: Twilio's name of it; tries: how often it was tried."""

    state: str
    code: int = 0
    at: float = 0.0
    sid: str = ""
    tries: int = 0

    def pack(self) -> str:
        return f"{RANKS[self.state]}|{self.state}|{self.code}|{self.at:.3f}|{self.sid}|{self.tries}"

    @staticmethod
    def unpack(packed: bytes) -> State:
        _, state, code, at, sid, tries = packed.decode().split("|")
        return State(state, int(code), float(at), sid, int(tries))


@dataclass(frozen=True, slots=True)
class Page:
    """The chat page of a web ticket, in epoch seconds. seen: when it last looked, 0 for never. closed: since when, 0 for not."""

    seen: float = 0.0
    closed: float = 0.0

    def gone(self, now: float) -> bool:
        """Closed, and it cannot come back any more."""
        return self.closed > 0 and now - self.closed >= BACK_WITHIN

    def unseen(self, now: float) -> bool:
        """It ended without a word (a dead battery, a tab that the browser threw away) too long ago to go on when loaded again."""
        return self.closed == 0 and self.seen > 0 and now - self.seen >= UNSEEN


# What a sign of a chat page is: of no ticket, nothing new, of a page that was closed and came back, of one too late for that.
Look = Literal["none", "known", "back", "late"]
# How it shows itself: it looks for texts, looks for the first time since it was loaded again, or sends one.
Sign = Literal["looks", "again", "writes"]


@dataclass(frozen=True, slots=True)
class Poll:
    """What a page asks every second. tickets: only when the cursor has moved."""

    cursor: int
    beat: float
    tickets: Mapping[str, bytes] | None = None
    duty: Mapping[str, bytes] = field(default_factory=dict)
    seen: Mapping[str, float] = field(default_factory=dict)
    late: int = 0  # contacts that should have been looked at


class Desk(Protocol):
    """Everything raises StoreDown when it cannot be done in time."""

    # one contact
    def ticket(self, contact: str) -> bytes | None: ...
    def locked(self, contact: str, serial: str) -> bytes | None: ...
    def change(self, contact: str, change: Change) -> bool:
        """False: somebody else was faster, nothing changed."""

    def erase_locked(self, contact: str, serial: str, ticket: str) -> None: ...
    def keep_locked(self, contact: str, serial: str, ticket: str, sealed: bytes, life: int) -> None:
        """Put `sealed` in the place of a locked ticket and let it live `life` seconds from now."""

    def locks(self, contact: str) -> list[str]:
        """Serials of what was locked of this contact, under its own tag; some may be gone meanwhile."""

    def unlock(self, contact: str, serial: str) -> None:
        """Its locked record is gone: out of locks() and of the index."""

    def index_locked(self, ticket: str) -> None: ...
    def all_locked(self) -> dict[str, bytes]:
        """Every locked ticket by id. Walks an index that is built when they are locked."""

    def notes(self, contact: str, serial: str = "") -> list[bytes]:
        """The log, oldest first; with `serial` the locked one."""

    def outbox(self, contact: str) -> list[tuple[str, bytes]]:
        """What waits to be sent, in order: (id, item)."""

    def push(self, contact: str, items: Sequence[tuple[str, bytes]], life: int) -> None:
        """Behind what waits already, for `life` seconds at least: it never shortens the life of that."""

    def done(self, contact: str, item: str) -> None:
        """It left (or never will): out of the outbox."""

    def states(self, contact: str) -> dict[str, State]: ...
    def state(self, contact: str, item: str, state: State, life: int) -> bool:
        """Record it, unless something later is known already, or what it speaks of was erased meanwhile. Keeps a known sid.
        It lives as long as the ticket; without one (a nudge) `life` seconds. Whether it was recorded."""

    def lease(self, contact: str, token: str, seconds: float) -> bool:
        """Be the only one who sends to `contact`."""

    def release(self, contact: str, token: str) -> None: ...
    def deliver(self, contact: str, item: str, sealed: bytes) -> None:
        """Into the inbox that a chat page polls, for as long as the ticket; nowhere when that is gone."""

    def inbox(self, contact: str) -> list[tuple[str, bytes]]: ...
    def page(self, contact: str) -> Page: ...
    def see_page(self, contact: str, at: float, how: Sign = "looks") -> Look:
        """The chat page of `contact` is there. Written down every SEEN_EVERY seconds at most, and only beside a ticket.

        One that was closed for BACK_WITHIN is late; loaded again, one unseen for UNSEEN too: it counts as closed since it was
        seen. One that writes is never late: it was not loaded again. `at` is when it wrote; what closed it since stands.
        """

    def close_page(self, contact: str, at: float) -> None:
        """It was closed, if there is a ticket. Two pages of one tab (a copy): the one that goes on looking brings it back."""

    # all contacts: indexes, which may lag and can be rebuilt
    def mark(self, contact: str, at: float) -> None:
        """Look at `contact` at `at` (epoch seconds). An earlier moment stands."""

    def due(self, now: float, again: float, most: int) -> list[str]:
        """Contacts to look at now; they come again at `again` unless settled."""

    def due_at(self, contact: str) -> float | None: ...
    def settle(self, contact: str, seen: float | None, at: float | None) -> None:
        """It was looked at: next at `at` (None: never), if nobody marked it meanwhile (its moment is still `seen`)."""

    def announce(self, contact: str, at: float, entry: tuple[str, int, bytes] | None) -> None:
        """mark(), show() for an `entry` (ticket, rev, sealed), and wake(). One round trip."""

    def wake(self) -> None:
        """Tell a waiting worker that something is due."""

    def sleep(self, seconds: float) -> None:
        """Until woken, `seconds` at most."""

    def overdue(self, before: float) -> int:
        """How many contacts should have been looked at before then."""

    def rebuild(self) -> int:
        """Mark every contact that has a ticket or something to send. How many. Walks all keys: for repairs."""

    def show(self, ticket: str, rev: int, sealed: bytes) -> None:
        """Into the list that consoles see, unless a later `rev` is there."""

    def hide(self, ticket: str) -> None: ...
    def shown(self) -> dict[str, bytes]: ...
    def poll(self, cursor: int, late: float) -> Poll:
        """What changed since `cursor`, and how many contacts should have been looked at before `late`. One round trip."""

    def touch(self) -> None:
        """Something changed that no ticket shows."""

    def set_duty(self, staff: str, sealed: bytes | None, seen: float) -> None:
        """On duty, or None: no longer."""

    def see(self, staff: str, at: float) -> None: ...
    def duty(self) -> dict[str, tuple[bytes, float]]:
        """staff -> (sealed record, last seen)."""

    def shift(self, staff: str) -> tuple[bytes, float, int] | None:
        """Of one who is on duty: sealed record, last seen, how many places are taken. One round trip."""

    def hold(self, staff: str, ticket: str, most: int) -> bool:
        """Take one of `most` places; True also when it is held already."""

    def unhold(self, staff: str, ticket: str) -> None: ...
    def holds(self, staff: str) -> list[str]: ...
    def beat(self, at: float) -> None:
        """The worker lives."""

    def waited(self, seconds: float, at: float) -> None:
        """Somebody waited so long for a counselor."""

    def waits(self) -> list[tuple[float, float]]:
        """The last of them: (when, seconds)."""

    def pace(self, sender: str, now: float, gap: float, most: float) -> float:
        """Reserve the next moment to send from `sender`, `gap` seconds after the last. How long to wait for it, in
        seconds; more than `most` reserves nothing."""
