"""Hand-offs as counselors see them: queue, claim, reply, close. The console calls this; it never touches the store itself.

Every function that changes something takes `who` acts and raises Refused (one subclass for each reason) when they may not.
StoreDown passes through: then nothing was changed, or with the same token it can be tried again.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Protocol

from .app import App
from .channels.errors import UNSUBSCRIBED, WHY, WINDOW_CLOSED
from .core.sms import size
from .core.ticket import CONNECTED, TOKENS, WAITING, Note, NotNow, Step, Ticket
from .desk import (
    Line,
    Written,
    contact_of,
    life,
    line_in,
    nudge,
    seal_ticket,
    serial,
    shown,
    ticket_in,
    update,
)
from .duty import AWAY_AFTER as AWAY_AFTER
from .duty import Watch, enabled, save, watch_in, watch_of, watches
from .log import log
from .problem import Problem
from .store.desk import State

COUNSELOR, SUPERVISOR = "counselor", "supervisor"
MOST_AT_ONCE = 3  # conversations of one counselor; more and each of them waits
LONGEST_SHIFT = 16 * 3600  # seconds; longer is a forgotten sign-out
WINDOW = 24 * 3600  # seconds after the person's last text in which WhatsApp takes free words (Twilio's error 63016)
DEAD_AFTER = 60.0  # seconds without a beat until the worker counts as dead; it beats every few
LATE_AFTER = 60.0  # seconds that a message may wait before the banner counts it
LONGEST_REPLY = 1600  # characters; Twilio refuses more
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
    outcome: str = ""  # how it ended: one of OUTCOMES, or left, stopped, unanswered


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
    now = app.clock()
    if not enabled(app):
        raise Refused("This program does not hand over: switch `handoff` on in program.yaml.")
    if not now < until <= now + LONGEST_SHIFT:
        raise Refused("The end of the shift must lie within the next 16 hours.")
    if phone and not re.fullmatch(r"\+[1-9]\d{6,14}", phone):
        raise Refused("Write the phone with + and the country code, like +15551234567.")
    before = watch_of(app, who.id)
    since = before.since if before else now
    save(app, Watch(who.id, who.name, who.role, until, since, phone, seen=now))
    log.info("duty_began")
    return _duty(app, who)


def heartbeat(app: App, who: Who) -> Duty | None:
    """They are there (a key, a click; polling alone is none). None when they are not on duty (any more)."""
    watch = watch_of(app, who.id)
    if watch is None:
        return None
    app.store.desk.see(who.id, app.clock())
    return _told_duty(app, replace(watch, seen=app.clock()))


def duty_of(app: App, who: Who) -> Duty | None:
    """Their own state; None when not on duty: never began, shift over, or away too long."""
    watch = watch_of(app, who.id)
    return _told_duty(app, watch) if watch else None


def pause(app: App, who: Who, paused: bool) -> Duty:
    """While paused nobody is nudged for them and they claim nothing new. Raises NotOnDuty."""
    save(app, replace(_watch(app, who), paused=paused, seen=app.clock()))
    return _duty(app, who)


def ask_for_backup(app: App, who: Who, asked: bool = True) -> Duty:
    """ "I need backup": shown to all on duty, their phones and the backup phones are nudged. Raises NotOnDuty."""
    now = app.clock()
    watch = _watch(app, who)
    save(app, replace(watch, backup_since=(watch.backup_since or now) if asked else 0.0, seen=now))
    if asked and not watch.backup_since:
        mine = [t for t in shown(app) if t.staff == who.id and t.under_way]
        nudge(app, mine[0] if mine else Ticket("", "", sender=app.settings.sms_sender), "backup")
        app.store.desk.wake()
    return _duty(app, who)


def go_off_duty(app: App, who: Who) -> None:
    """Raises StillHolding with the tickets that must be handed over or closed first."""
    holding = held(app, who)
    if holding:
        raise StillHolding(tuple(row.id for row in holding))
    app.store.desk.set_duty(who.id, None, 0)
    log.info("duty_ended")


def on_duty(app: App) -> tuple[Duty, ...]:
    """Everybody on duty now, by name."""
    return tuple(_told_duty(app, watch) for watch in watches(app))


def _watch(app: App, who: Who) -> Watch:
    watch = watch_of(app, who.id)
    if watch is None:
        raise NotOnDuty("Go on duty first.")
    return watch


def _duty(app: App, who: Who) -> Duty:
    return _told_duty(app, _watch(app, who))


def _told_duty(app: App, watch: Watch) -> Duty:
    holding = len(app.store.desk.holds(watch.staff))
    return Duty(
        watch.staff, watch.name, watch.role, watch.until, watch.seen, watch.paused, bool(watch.phone), watch.backup_since, holding
    )


# --- lists ---------------------------------------------------------------------------------------------------------


def queue(app: App) -> tuple[Row, ...]:
    """Who waits: flagged first, then waiting longest."""
    return _in_line([t for t in shown(app) if t.state == WAITING])


def _in_line(waiting: list[Ticket]) -> tuple[Row, ...]:
    return tuple(_row(t) for t in sorted(waiting, key=lambda t: (not t.locks, t.since)))


def held(app: App, who: Who) -> tuple[Row, ...]:
    """The open conversations of `who`, oldest first."""
    return tuple(_row(t) for t in sorted(shown(app), key=lambda t: t.opened) if t.under_way and t.staff == who.id)


def everything(app: App, who: Who) -> tuple[Row, ...]:
    """All open tickets, for a supervisor. Raises WrongRole."""
    _supervisor(who)
    return tuple(_row(t) for t in sorted(shown(app), key=lambda t: t.opened) if t.under_way)


def locked(app: App, who: Who) -> tuple[Row, ...]:
    """Records that stayed after the person withdrew, because a life may be in danger or the law says so. Raises WrongRole."""
    _supervisor(who)
    found = (ticket_in(app, sealed) for sealed in app.store.desk.all_locked().values())
    return tuple(_row(t, locked=True) for t in sorted((t for t in found if t), key=lambda t: t.closed_at))


def changes(app: App, who: Who, cursor: int) -> Changes:
    """One cheap call (one round trip) for a page to make every second or two. It never counts as a heartbeat."""
    now = app.clock()
    poll = app.store.desk.poll(cursor, now - LATE_AFTER)
    well = _health(poll.beat, poll.late, now)
    if poll.tickets is None:
        return Changes(poll.cursor, False, health=well)
    tickets = [t for sealed in poll.tickets.values() if (t := ticket_in(app, sealed)) is not None]
    waiting = [t for t in tickets if t.state == WAITING]
    mine = [t for t in tickets if t.staff == who.id]
    on = [w for staff, sealed in poll.duty.items() if (w := watch_in(app, sealed, poll.seen.get(staff, 0.0))) and w.on(now)]
    return Changes(
        cursor=poll.cursor,
        changed=True,
        waiting=len(waiting),
        flagged=sum(t.locks for t in waiting),
        mine=tuple(_row(t) for t in sorted(mine, key=lambda t: t.opened) if t.outcome != "withdrawn"),
        withdrawn=tuple(t.id for t in mine if t.outcome == "withdrawn"),
        backup=tuple(sorted(w.name for w in on if w.backup_since and w.staff != who.id)),
        health=well,
    )


def health(app: App) -> Health:
    """Whether the worker lives."""
    now = app.clock()
    poll = app.store.desk.poll(-1, now - LATE_AFTER)
    return _health(poll.beat, poll.late, now)


def _health(beat: float, late: int, now: float) -> Health:
    age = max(now - beat, 0.0) if beat else None
    return Health(age is not None and age < DEAD_AFTER, age, late)


def canned(app: App, language: str) -> tuple[Canned, ...]:
    """The reviewed replies (flows/handoff.yaml, nodes canned_*) in `language`, English where there is none."""
    words = app.content.words
    spoken = words.spoken.get(language, {})
    found = []
    for name in words.flows["handoff"].nodes:
        if name.startswith("canned_"):
            told = spoken.get(f"handoff.{name}") or words.spoken["en"][f"handoff.{name}"]
            found.append(Canned(name, name.removeprefix("canned_").replace("_", " ").capitalize(), told.text))
    return tuple(found)


def _row(ticket: Ticket, locked: bool = False) -> Row:
    return Row(
        ticket.id, ticket.state, ticket.since, ticket.lang, ticket.channel, ticket.path, ticket.flags, ticket.staff,
        ticket.staff_name, ticket.seq, ticket.unread, ticket.heard_at, locked, ticket.outcome,
    )  # fmt: skip


# --- one conversation ----------------------------------------------------------------------------------------------


def conversation(app: App, who: Who, ticket: str, since: int = 0) -> Conversation:
    """The entries after `since`. Its holder and supervisors read all; a waiting one shows its entries to anybody on duty.

    Raises Gone, NotYours, NotOnDuty. A locked one: supervisors only (WrongRole).
    """
    contact = contact_of(ticket)
    current = ticket_in(app, app.store.desk.ticket(contact))
    under_lock = current is None or current.id != ticket
    if under_lock:
        current = ticket_in(app, app.store.desk.locked(contact, serial(ticket)))
        if current is None:
            raise Gone("This conversation is no longer kept.")
        _supervisor(who)
    assert current is not None  # noqa: S101
    if not under_lock:
        _may_read(app, who, current)
    lines = _lines(app, contact, serial(ticket) if under_lock else "")
    states = {} if under_lock else app.store.desk.states(contact)
    return _conversation(app, current, lines, states, since, under_lock)


def _may_read(app: App, who: Who, ticket: Ticket) -> None:
    if who.role == SUPERVISOR or ticket.staff == who.id:
        return
    if ticket.state != WAITING:
        raise NotYours(f"{ticket.staff_name or 'Somebody else'} has this one.")
    _watch(app, who)


def _lines(app: App, contact: str, under: str = "") -> list[Line]:
    return [line for sealed in app.store.desk.notes(contact, under) if (line := line_in(app, sealed)) is not None]


def _conversation(
    app: App, ticket: Ticket, lines: list[Line], states: Mapping[str, State], since: int, locked: bool = False
) -> Conversation:
    # under lock the states are gone: better no word about them than a wrong one
    deliveries = {line.seq: _delivery(states.get(line.item)) for line in lines if line.item and not locked}
    entries = tuple(
        Entry(line.seq, line.who, line.text, line.at, line.name, deliveries.get(line.seq)) for line in lines if line.seq > since
    )
    return Conversation(_row(ticket, locked), entries, deliveries, _window(app, ticket), ticket.outcome)


def _window(app: App, ticket: Ticket) -> int | None:
    if ticket.channel != "whatsapp":
        return None
    return max(0, int(ticket.heard_at + WINDOW - app.clock()))


def _delivery(state: State | None) -> Delivery:
    if state is None:
        return Delivery("queued")
    if state.state == "dropped":
        return Delivery(
            "dropped", WHY[UNSUBSCRIBED] if state.code == UNSUBSCRIBED else "Not sent: the conversation ended first.", state.at
        )
    shown_as = "sending" if state.state == "retrying" else state.state
    why = WHY.get(state.code, f"Twilio's error {state.code}.") if state.code else ""
    return Delivery(shown_as, why, state.at, state.code)


def claim(app: App, who: Who, ticket: str) -> Conversation:
    """Take a waiting one. Of two at once one wins, the other gets Taken. The person is told that a counselor is here.

    Raises NotOnDuty (also while paused), TooMany, Taken, Over, Gone. Again by its holder: the same conversation.
    """
    if _watch(app, who).paused:
        raise NotOnDuty("You are paused.")
    _place(app, who.id, ticket)

    def take(current: Ticket) -> Step | None:
        if current.staff == who.id and current.state == CONNECTED:
            return None
        if current.state == CONNECTED:
            raise Taken(current.staff_name)
        now = app.clock()
        mine = current.fired("claim", who.id, who.name)
        mine = replace(mine, climbs_from=now, stage=0, unanswered_since=current.unanswered_since or now)
        again = current.replied_at > 0  # a counselor was here before: no second welcome
        welcome = () if again else (Note("line", parts=("handoff.connected",), send=True),)
        return Step(mine, (Note("system", "claimed", name=who.name), *welcome))

    try:
        written = _change(app, ticket, take)
    except Refused:
        app.store.desk.unhold(who.id, ticket)
        raise
    if written and written.ticket and written.ticket.replied_at == 0:
        app.store.desk.waited(app.clock() - written.ticket.opened, app.clock())
    log.info("ticket_claimed")
    return conversation(app, who, ticket)


def _place(app: App, staff: str, ticket: str) -> None:
    """Take one of MOST_AT_ONCE places; places of tickets that are over or elsewhere are freed first. Raises TooMany."""
    desk = app.store.desk
    if desk.hold(staff, ticket, MOST_AT_ONCE):
        return
    for held_id in desk.holds(staff):
        current = ticket_in(app, desk.ticket(contact_of(held_id)))
        if current is None or current.id != held_id or not current.under_way or current.staff != staff:
            desk.unhold(staff, held_id)
    if not desk.hold(staff, ticket, MOST_AT_ONCE):
        raise TooMany(f"{MOST_AT_ONCE} conversations at once are the most.")


def reply(app: App, who: Who, ticket: str, text: str, token: str) -> Entry:
    """Write to the person. The same `token` (a UUID made once for one draft) again sends nothing and returns the same entry.

    Raises NotYours, NotOnDuty, Over, Gone, NotSendable.
    """
    words = text.strip()
    if not words:
        raise NotSendable("There is nothing to send.")
    if len(words) > LONGEST_REPLY:
        raise NotSendable(f"{len(words)} characters are too many: {LONGEST_REPLY} at most.")
    if not token or len(token) > 64:
        raise NotSendable("The draft has no token.")
    sent_as = 0

    def send(current: Ticket) -> Step | None:
        nonlocal sent_as
        sent_as = dict(current.tokens).get(token, 0)
        if sent_as:
            return None
        _watch(app, who)
        _mine(who, current)
        if _window(app, current) == 0:
            raise NotSendable(WHY[WINDOW_CLOSED])
        now = app.clock()
        tokens = (*current.tokens, (token, current.seq + 1))[-TOKENS:]
        sent_as = current.seq + 1
        answered = replace(current.answered(now), tokens=tokens)
        return Step(answered, (Note("counselor", words, name=who.name, send=True),))

    written = _change(app, ticket, send, closed_too=True)
    if written is not None:
        line = written.lines[0]
        log.info("reply_queued", count=size(words).segments)
        return Entry(line.seq, line.who, line.text, line.at, line.name, Delivery("queued"))
    known = conversation(app, who, ticket, sent_as - 1).entries
    return known[0]


def transfer(app: App, who: Who, ticket: str, to: str) -> None:
    """To the staff id `to`, who must be on duty, not paused, with a free place. Holder or supervisor.

    Raises NotYours, TooMany, NotOnDuty.
    """
    other = watch_of(app, to)
    if other is None or other.paused:
        raise NotOnDuty("They are paused." if other else "They are not on duty.")
    had = ticket in app.store.desk.holds(to)
    _place(app, to, ticket)

    def hand(current: Ticket) -> Step:
        _holder(who, current)
        event = "transfer" if current.state == CONNECTED else "claim"
        now = app.clock()
        theirs = replace(
            current.fired(event, other.staff, other.name), climbs_from=now, stage=0,
            unanswered_since=current.unanswered_since or now,
        )  # fmt: skip
        return Step(theirs, (Note("system", f"transferred to {other.name}", name=who.name),), nudge="holder")

    try:
        _change(app, ticket, hand)
    except Refused:
        if not had:  # it is theirs already
            app.store.desk.unhold(to, ticket)
        raise


def hand_back(app: App, who: Who, ticket: str) -> None:
    """Back into the queue, at its old place. Holder or supervisor."""

    def back(current: Ticket) -> Step:
        _holder(who, current)
        waiting = replace(current.fired("hand_back"), climbs_from=app.clock(), stage=0)
        return Step(waiting, (Note("system", "handed back", name=who.name),), nudge="staff" if current.locks else "")

    _change(app, ticket, back)


def close(app: App, who: Who, ticket: str, outcome: str) -> None:
    """End it, with one of OUTCOMES. The person is told, and asked whether it helped unless it is flagged. Holder or
    supervisor."""
    if outcome not in OUTCOMES:
        raise Refused("Choose how it ended.")

    def end(current: Ticket) -> Step:
        _holder(who, current)
        told = "handoff.closed_flagged" if current.locks else "handoff.closed"
        ended = replace(current.ended("close", outcome, app.clock()), asked=not current.locks)
        notes = (Note("system", f"closed: {outcome}", name=who.name), Note("line", parts=(told,), send=True))
        return Step(ended, notes)

    _change(app, ticket, end)
    log.info("ticket_closed", detail=outcome)


def flag(app: App, who: Who, ticket: str, name: str, on: bool = True) -> None:
    """Set one of FLAGS (holder or supervisor), or take it away (supervisor only). On a locked record: supervisors."""
    if name not in FLAGS:
        raise Refused("There is no such flag.")
    if not on:
        _supervisor(who)

    def marked(current: Ticket) -> Ticket:
        flags = [f for f in current.flags if f != name] + ([name] if on else [])
        return replace(current, flags=tuple(flags))

    def set_it(current: Ticket) -> Step:
        if who.role != SUPERVISOR:
            _holder(who, current)
        return Step(marked(current), (Note("system", f"{'flagged' if on else 'flag removed'}: {name}", name=who.name),))

    sealed = app.store.desk.locked(contact_of(ticket), serial(ticket))
    under_lock = ticket_in(app, sealed)
    if under_lock is not None:
        _supervisor(who)
        after = marked(under_lock)
        app.store.desk.keep_locked(contact_of(ticket), serial(ticket), after.id, seal_ticket(app, after), life(app, after))
    else:
        _change(app, ticket, set_it, closed_too=True)


def reveal(app: App, who: Who, ticket: str, reason: str) -> str:
    """The person's number, in words that a phone dials ("" on the web). Logged with ids; the reason stands in the conversation.

    Holder or supervisor, who is on duty. Raises Refused without a reason.
    """
    why = reason.strip()
    if not why:
        raise Refused("Say why you need the number.")
    _watch(app, who)
    number = ""

    def look(current: Ticket) -> Step:
        nonlocal number
        _holder(who, current)
        number = current.address.removeprefix("whatsapp:")
        return Step(current, (Note("system", f"number shown: {why[:200]}", name=who.name),))

    _change(app, ticket, look, closed_too=True)
    log.warning("number_revealed", ticket=ticket, staff=who.id)
    return number


def erase(app: App, who: Who, ticket: str) -> None:
    """Delete a record for good, closed or locked. Supervisors only (WrongRole); a legal hold must be lifted first, an open
    conversation closed, so that nobody goes on waiting for it."""
    _supervisor(who)
    contact = contact_of(ticket)
    under_lock = ticket_in(app, app.store.desk.locked(contact, serial(ticket)))
    if under_lock is not None:
        _no_hold(under_lock)
        app.store.desk.erase_locked(contact, serial(ticket), under_lock.id)
    else:

        def gone(current: Ticket) -> Step:
            _no_hold(current)
            if current.under_way:
                raise Refused("The conversation is open. Close it first: the person is told then.")
            return Step(None, drop=True)

        _change(app, ticket, gone, closed_too=True)
    log.warning("ticket_erased", ticket=ticket, staff=who.id)


# --- who may -------------------------------------------------------------------------------------------------------


def _change(app: App, ticket: str, decide: Callable[[Ticket], Step | None], closed_too: bool = False) -> Written | None:
    """`decide` on the ticket as it is now. Raises Gone, Over, and what `decide` raises."""

    def step(current: Ticket | None) -> Step | None:
        if current is None or current.id != ticket:
            raise Gone("This conversation is no longer kept.")
        if not current.under_way and not closed_too:
            raise Over("This conversation is over.")
        try:
            return decide(current)
        except NotNow:
            raise Over("That cannot be done any more.") from None

    return update(app, contact_of(ticket), step)


def _mine(who: Who, ticket: Ticket) -> None:
    if not ticket.under_way:
        raise Over("This conversation is over.")
    if ticket.state != CONNECTED or ticket.staff != who.id:
        raise NotYours("This conversation is not yours." if ticket.staff else "Claim it first.")


def _holder(who: Who, ticket: Ticket) -> None:
    if ticket.staff != who.id and who.role != SUPERVISOR:
        raise NotYours("This conversation is not yours.")


def _supervisor(who: Who) -> None:
    if who.role != SUPERVISOR:
        raise WrongRole("Only a supervisor may do this.")


def _no_hold(ticket: Ticket) -> None:
    if "legal" in ticket.flags:
        raise Refused("It is under a legal hold. Lift that first.")
