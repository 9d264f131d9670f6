"""Hand-offs as the console shows them: plain data, opened, without numbers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from ..core.session import EMERGENCY_LIFE
from ..core.ticket import OPEN, Ticket


@dataclass(frozen=True, slots=True)
class Duty:
    """One person on duty. Times in epoch seconds. `away`: no heartbeat for AWAY_AFTER; then they are no longer on duty."""

    staff: str
    name: str
    role: str
    until: float
    seen: float
    paused: bool = False
    phone: bool = False  # whether nudges can be texted to them; the number itself is not shown
    backup_since: float = 0.0  # when they asked for backup, 0 for not
    holding: int = 0
    phone_stopped: bool = False  # it texted STOP: no nudge leaves to it until it texts START


@dataclass(frozen=True, slots=True)
class Row:
    """One ticket in a list. No text, no number.

    state: "waiting", "connected", "closed" or "unanswered". since: waiting since. seq: number of entries so far.
    path: node ids visited before, oldest first. unread: texts of the person since the counselor's last reply.
    alarms: (kind of emergency, when it was last heard), of those that are still flagged. card_due: when 988 goes out again.
    """

    id: str
    state: str
    since: float
    language: str
    channel: str
    path: tuple[str, ...] = ()
    flags: tuple[str, ...] = ()
    staff: str = ""
    staff_name: str = ""
    seq: int = 0
    unread: int = 0
    heard_at: float = 0.0
    locked: bool = False
    outcome: str = ""  # how it ended: one of OUTCOMES, or left, stopped, unanswered
    alarms: tuple[tuple[str, float], ...] = ()
    opened: float = 0.0
    replied_at: float = 0.0
    card_due: float = 0.0

    @property
    def calls(self) -> bool:
        """Whether an emergency was heard that no counselor has written to since."""
        return self.state in OPEN and any(at > self.replied_at and self.lately(at) for _, at in self.alarms)

    def lately(self, at: float) -> bool:
        """Whether what happened `at` belongs to this conversation (or led to it), not to an earlier one."""
        return at > self.opened - EMERGENCY_LIFE


@dataclass(frozen=True, slots=True)
class Delivery:
    """How a message of ours fares. state: queued, sending, sent, delivered, read, failed, dropped. why: in words, or ""."""

    state: str
    why: str = ""
    at: float = 0.0
    code: int = 0  # Twilio's error code, 0 for none


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a conversation. who: "person", "counselor", "line" (the automatic line) or "system" (a fact, not sent).

    name: the counselor's. delivery: of what left unasked (counselor's replies, ladder messages); None otherwise.
    """

    seq: int
    who: str
    text: str
    at: float
    name: str = ""
    delivery: Delivery | None = None


@dataclass(frozen=True, slots=True)
class Conversation:
    """A ticket opened. `entries` are those after `since`; `deliveries` the current state of every message of ours by seq,
    because older ones change too. window: seconds left to write freely on WhatsApp, 0 when closed, None on other channels.
    outcome: why it ended ("" while open): one of OUTCOMES, or left, stopped, unanswered. page_seen, page_closed: of a web chat,
    when its page last looked for texts, and since when it is closed (0 for never and not).
    """

    row: Row
    entries: tuple[Entry, ...]
    deliveries: Mapping[int, Delivery] = field(default_factory=dict)
    window: int | None = None
    outcome: str = ""
    page_seen: float = 0.0
    page_closed: float = 0.0


@dataclass(frozen=True, slots=True)
class Health:
    """Whether what we write leaves. beat: age in seconds of the worker's last sign of life, None when there never was one.

    unsent: tickets with a message that should have left a while ago. alive: the banner is red without it.
    """

    alive: bool
    beat: float | None
    unsent: int = 0


@dataclass(frozen=True, slots=True)
class Changes:
    """What a page polls. Ask with the last `cursor` (0 at first): `changed` False means nothing else needs asking.

    waiting: tickets in the queue; mine: the rows that I hold; withdrawn: ids that I held and that the person withdrew (shown
    once as such, then gone). calling: rows in the queue, or of mine, with an emergency that no counselor has written to since.
    """

    cursor: int
    changed: bool
    waiting: int = 0
    mine: tuple[Row, ...] = ()
    calling: tuple[Row, ...] = ()
    withdrawn: tuple[str, ...] = ()
    backup: tuple[str, ...] = ()  # names of others who asked for backup
    health: Health = Health(True, 0.0)


@dataclass(frozen=True, slots=True)
class Canned:
    """A reviewed text that a counselor may send or change first."""

    id: str
    title: str
    text: str


def row(ticket: Ticket, locked: bool = False) -> Row:
    return Row(
        ticket.id, ticket.state, ticket.since, ticket.lang, ticket.channel, ticket.path, ticket.flags, ticket.staff,
        ticket.staff_name, ticket.seq, ticket.unread, ticket.heard_at, locked, ticket.outcome,
        tuple(alarm for alarm in ticket.alarms if alarm[0] in ticket.flags), ticket.opened, ticket.replied_at, ticket.card_due,
    )  # fmt: skip
