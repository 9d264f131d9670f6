"""Hand-offs as counselors see them: queue, claim, reply, close. The console calls this; it never touches the store itself.

Every function that changes something takes `who` acts and raises Refused (one subclass for each reason) when they may not.
StoreDown passes through: then nothing was changed, or with the same token it can be tried again.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from .app import App
from .problem import Problem

COUNSELOR, SUPERVISOR = "counselor", "supervisor"
MOST_AT_ONCE = 3  # conversations of one counselor; more and each of them waits
AWAY_AFTER = 15 * 60  # seconds without a heartbeat until somebody counts as away
LONGEST_REPLY = 1600  # characters; Twilio refuses more (FACTS E5)
OUTCOMES = ("helped", "referred", "emergency", "no_reply", "wrong_number", "other")  # how a counselor closes
FLAGS = ("overdose", "suicide", "rescue", "abuse", "legal")  # what locks a record; the first two the machine sets itself


class Who(Protocol):
    """Who acts: an account of bot.staff. `role` is "counselor" or "supervisor"; `id` is opaque and never changes."""

    @property
    def id(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def role(self) -> str: ...


class Refused(Problem):
    """It may not be done now. The message says why, in words for the person at the console."""


class Gone(Refused):
    """There is no such ticket (any more): expired, erased, or withdrawn by the person."""


class NotYours(Refused):
    """Somebody else holds it, or nobody does."""


class Taken(Refused):
    """Somebody was faster. `by` names them."""

    def __init__(self, by: str) -> None:
        self.by = by
        super().__init__(f"{by} has this one.")


class NotOnDuty(Refused):
    """Only somebody on duty may do it."""


class TooMany(Refused):
    """MOST_AT_ONCE are held already."""


class WrongRole(Refused):
    """Only a supervisor may do it."""


class Over(Refused):
    """The conversation is closed."""


class StillHolding(Refused):
    """Off duty only without open conversations. `tickets`: the ids to transfer, hand back or close first."""

    def __init__(self, tickets: tuple[str, ...]) -> None:
        self.tickets = tickets
        super().__init__("Hand over or close your conversations first.")


class NotSendable(Refused):
    """The text cannot be sent: empty, too long, or the channel's window is closed. The message says which."""


# --- what is shown -------------------------------------------------------------------------------------------------


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


@dataclass(frozen=True, slots=True)
class Row:
    """One ticket in a list. No text, no number.

    state: "waiting", "connected", "closed" or "unanswered". since: waiting since. seq: number of entries so far.
    path: node ids visited before, oldest first. unread: texts of the person since the counselor's last reply.
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
    outcome: why it ended ("" while open): one of OUTCOMES, or left, stopped, unanswered.
    """

    row: Row
    entries: tuple[Entry, ...]
    deliveries: Mapping[int, Delivery] = field(default_factory=dict)
    window: int | None = None
    outcome: str = ""


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

    waiting: tickets in the queue; flagged: of these; mine: the rows that I hold; withdrawn: ids that I held and that the
    person withdrew (shown once as such, then gone).
    """

    cursor: int
    changed: bool
    waiting: int = 0
    flagged: int = 0
    mine: tuple[Row, ...] = ()
    withdrawn: tuple[str, ...] = ()
    backup: tuple[str, ...] = ()  # names of others who asked for backup
    health: Health = Health(True, 0.0)


@dataclass(frozen=True, slots=True)
class Canned:
    """A reviewed text that a counselor may send or change first."""

    id: str
    title: str
    text: str


# --- duty ----------------------------------------------------------------------------------------------------------


def go_on_duty(app: App, who: Who, until: float, phone: str = "") -> Duty:
    """On duty until `until` (epoch seconds, at most 16 hours away). `phone`: where nudges go, E.164 ("+15551234567").

    Raises Refused when `until` or `phone` makes no sense. Again while on duty: changes both, keeps what is held.
    """
    raise NotImplementedError


def heartbeat(app: App, who: Who) -> Duty | None:
    """They are there (a key, a click; polling alone is none). None when they are not on duty (any more)."""
    raise NotImplementedError


def duty_of(app: App, who: Who) -> Duty | None:
    """Their own state; None when not on duty: never began, shift over, or away too long."""
    raise NotImplementedError


def pause(app: App, who: Who, paused: bool) -> Duty:
    """While paused nobody is nudged for them and they claim nothing new. Raises NotOnDuty."""
    raise NotImplementedError


def ask_for_backup(app: App, who: Who, asked: bool = True) -> Duty:
    """"I need backup": shown to all on duty, their phones and the backup phone are nudged. Raises NotOnDuty."""
    raise NotImplementedError


def go_off_duty(app: App, who: Who) -> None:
    """Raises StillHolding with the tickets that must be handed over or closed first."""
    raise NotImplementedError


def on_duty(app: App) -> tuple[Duty, ...]:
    """Everybody on duty now, by name."""
    raise NotImplementedError


# --- lists ---------------------------------------------------------------------------------------------------------


def queue(app: App) -> tuple[Row, ...]:
    """Who waits: flagged first, then waiting longest."""
    raise NotImplementedError


def held(app: App, who: Who) -> tuple[Row, ...]:
    """The open conversations of `who`, oldest first."""
    raise NotImplementedError


def everything(app: App, who: Who) -> tuple[Row, ...]:
    """All open tickets, for a supervisor. Raises WrongRole."""
    raise NotImplementedError


def locked(app: App, who: Who) -> tuple[Row, ...]:
    """Records that stayed after the person withdrew, because a life may be in danger or the law says so. Raises WrongRole."""
    raise NotImplementedError


def changes(app: App, who: Who, cursor: int) -> Changes:
    """One cheap call (one round trip) for a page to make every second or two. It never counts as a heartbeat."""
    raise NotImplementedError


def health(app: App) -> Health:
    """Whether the worker lives."""
    raise NotImplementedError


def canned(app: App, language: str) -> tuple[Canned, ...]:
    """The reviewed replies (flows/handoff.yaml, nodes canned_*) in `language`, English where there is none."""
    raise NotImplementedError


# --- one conversation ----------------------------------------------------------------------------------------------


def conversation(app: App, who: Who, ticket: str, since: int = 0) -> Conversation:
    """The entries after `since`. Its holder and supervisors read all; a waiting one shows its entries to anybody on duty.

    Raises Gone, NotYours, NotOnDuty. A locked one: supervisors only (WrongRole).
    """
    raise NotImplementedError


def claim(app: App, who: Who, ticket: str) -> Conversation:
    """Take a waiting one. Of two at once one wins, the other gets Taken. The person is told that a counselor is here.

    Raises NotOnDuty (also while paused), TooMany, Taken, Over, Gone. Again by its holder: the same conversation.
    """
    raise NotImplementedError


def reply(app: App, who: Who, ticket: str, text: str, token: str) -> Entry:
    """Write to the person. The same `token` (a UUID made once for one draft) again sends nothing and returns the same entry.

    Raises NotYours, NotOnDuty, Over, Gone, NotSendable.
    """
    raise NotImplementedError


def transfer(app: App, who: Who, ticket: str, to: str) -> None:
    """To the staff id `to`, who must be on duty with a free place. Holder or supervisor. Raises NotYours, TooMany, NotOnDuty."""
    raise NotImplementedError


def hand_back(app: App, who: Who, ticket: str) -> None:
    """Back into the queue, at its old place. Holder or supervisor."""
    raise NotImplementedError


def close(app: App, who: Who, ticket: str, outcome: str) -> None:
    """End it, with one of OUTCOMES. The person is told, and asked whether it helped unless it is flagged. Holder or supervisor."""
    raise NotImplementedError


def flag(app: App, who: Who, ticket: str, name: str, on: bool = True) -> None:
    """Set one of FLAGS (holder or supervisor), or take it away (supervisor only)."""
    raise NotImplementedError


def reveal(app: App, who: Who, ticket: str, reason: str) -> str:
    """The person's number, in words that a phone dials ("" on the web). Logged with ids; the reason stands in the conversation.

    Holder or supervisor, who is on duty. Raises Refused without a reason.
    """
    raise NotImplementedError


def erase(app: App, who: Who, ticket: str) -> None:
    """Delete a record for good, open, closed or locked. Supervisors only (WrongRole); a legal hold must be lifted first."""
    raise NotImplementedError
