"""Tickets read and written: unsealed, changed under compare-and-set, shown to the consoles. Who may do what is not asked here.

The truth is under the contact's tag. Before each write the contact is marked as due a moment later, so that what happens after it
(the list that consoles see, nudging staff, sending) is done by the worker even when this process dies in between; after it, now.
"""

from __future__ import annotations

import random
import secrets
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, dataclass, fields, replace
from typing import Any

from .app import App
from .contacts import contact_id
from .content.load import COUNT
from .core.messages import Answer
from .core.render import render
from .core.ticket import WAITING, Note, Step, Ticket
from .duty import Watch, watches
from .problem import Problem
from .store import StoreDown
from .store.desk import KEEP_LIFE, Change
from .store.desk import Desk as Index

DAY = 86400
FLAGGED_DAYS = 30  # a flagged record outlives FORGET and TICKET_DAYS: time for a supervisor to look at it and decide
WRITTEN_BY = 5.0  # seconds in which a write has happened or failed; looked at before it, the contact would be settled as not due
TRIES = 12  # lost races in a row; more is not two people at one ticket
SHOWN_AFTER = 600  # seconds that an ended ticket stays in the consoles' list, so that its counselor sees how it ended
WHATSAPP_WINDOW = 24 * 3600  # seconds after the person's last text in which WhatsApp takes free words (63016)
OPTED_OUT = "the backup phones have opted out"
NUDGE_LIFE = 900  # seconds; a nudge that comes later than that only confuses
_FIELDS = {field.name for field in fields(Ticket)}


class Busy(Problem):
    """Too many changes at one moment."""


@dataclass(frozen=True, slots=True)
class Item:
    """One text to send. seq: its entry in the ticket's log, 0 for none. until: not sent after that (epoch seconds)."""

    text: str
    channel: str
    address: str
    sender: str
    seq: int = 0
    at: float = 0.0
    until: float = 0.0


@dataclass(frozen=True, slots=True)
class Line:
    """One entry of a ticket's log. item: its name in the outbox, "" for what was not sent by it."""

    seq: int
    who: str
    text: str
    at: float
    name: str = ""
    item: str = ""


def seal_ticket(app: App, ticket: Ticket) -> bytes:
    return app.vault.seal(asdict(ticket))


def ticket_in(app: App, sealed: bytes | None) -> Ticket | None:
    """The ticket that was sealed; None for none, or when its key is gone."""
    data = app.vault.open(sealed) if sealed and app.settings.helpline_keys else None
    if not isinstance(data, dict):
        return None
    known = {name: _tuples(value) for name, value in data.items() if name in _FIELDS}
    return Ticket(**known)


def _tuples(value: Any) -> Any:
    return tuple(_tuples(v) for v in value) if isinstance(value, list) else value


def item_in(app: App, sealed: bytes) -> Item | None:
    data = app.vault.open(sealed)
    return Item(*data) if isinstance(data, list) else None


def line_in(app: App, sealed: bytes) -> Line | None:
    data = app.vault.open(sealed)
    return Line(*data) if isinstance(data, list) else None


def seal_item(app: App, item: Item) -> bytes:
    return app.vault.seal([item.text, item.channel, item.address, item.sender, item.seq, item.at, item.until])


def life(app: App, ticket: Ticket) -> int:
    """Seconds until `ticket` is deleted unless somebody writes or does something; 0 for a legal hold: a supervisor lifts it."""
    if "legal" in ticket.flags:
        return 0
    days = max(app.settings.ticket_days, FLAGGED_DAYS) if ticket.locks else app.settings.ticket_days
    return days * DAY


def reachable(app: App, ticket: Ticket) -> bool:
    """Whether words of ours can get to the person now: WhatsApp's window is open, a chat page not closed for good."""
    if ticket.channel == "whatsapp":
        return app.clock() <= ticket.heard_at + WHATSAPP_WINDOW
    return ticket.channel != "web" or not app.store.desk.page(contact_of(ticket.id)).gone(app.clock())


def serial(ticket_id: str) -> str:
    return ticket_id.partition("-")[2]


def contact_of(ticket_id: str) -> str:
    return ticket_id.partition("-")[0]


@dataclass(frozen=True, slots=True)
class Written:
    """A step as the store takes it. ticket: as it will be. lines: what its notes became."""

    change: Change
    ticket: Ticket | None
    lines: tuple[Line, ...] = ()


def write(app: App, before: bytes | None, step: Step, now: float) -> Written:
    """`step` in bytes, sealed; each change of a ticket counts its `rev`, each note its `seq`."""
    ticket = step.ticket
    if ticket is None:
        return Written(Change(before, None, 0, drop=True), None)
    lines: list[Line] = []
    outbox: list[tuple[str, bytes]] = []
    seq = ticket.seq
    for note in step.notes:
        for text in _texts(app, ticket, note):
            seq += 1
            name = secrets.token_hex(8) if note.send else ""
            lines.append(Line(seq, note.who, text, now, note.name, name))
            if note.send:
                item = Item(text, ticket.channel, ticket.address, ticket.sender, seq, now)
                outbox.append((name, seal_item(app, item)))
    after = replace(ticket.nudging(step.nudge, step.nudge_noted), rev=ticket.rev + 1, seq=seq)
    notes = [app.vault.seal([ln.seq, ln.who, ln.text, ln.at, ln.name, ln.item]) for ln in lines]
    change = Change(
        before,
        seal_ticket(app, after),
        KEEP_LIFE if step.by_time else life(app, after),
        notes,
        outbox,
        step.drop,
        step.lock,
        serial(after.id) if step.lock else "",
    )
    return Written(change, after, tuple(lines))


def _texts(app: App, ticket: Ticket, note: Note) -> list[str]:
    return render(app.content, Answer(ticket.lang or "en", note.parts)) if note.parts else [note.text]


def update(app: App, contact: str, decide: Callable[[Ticket | None], Step | None]) -> Written | None:
    """Change the ticket of `contact` as `decide` says, told what it is now; None when it decides to leave it.

    `decide` runs again after a lost race. Whatever it raises passes through. Raises Busy, StoreDown.
    """
    desk = app.store.desk
    for attempt in range(TRIES):
        sealed = desk.ticket(contact)
        before = ticket_in(app, sealed)
        step = decide(before)
        if step is None:
            return None
        now = app.clock()
        written = write(app, sealed, step, now)
        desk.mark(contact, now + WRITTEN_BY)
        if desk.change(contact, written.change):
            follow(app, before, written, step)
            return written
        time.sleep(random.uniform(0, 0.002 * 2 ** min(attempt, 6)))
    raise Busy("Too many changes at once. Try again.")


def follow(app: App, before: Ticket | None, written: Written, step: Step) -> None:
    """What comes after a write, in one call for most: due now, into the consoles' list, wake the worker. Best effort: the contact
    is due soon in any case, and the worker brings up the list, nudges and sends. Nobody who texts waits for a nudge."""
    ticket = written.ticket or before
    with suppress(StoreDown):
        if ticket is not None:
            listed = _listed(app, before, written.ticket)
            entry = (listed.id, listed.rev, seal_ticket(app, listed)) if listed else None
            app.store.desk.announce(contact_of(ticket.id), app.clock(), entry)
            _freed(app, before, written.ticket)
        if step.lock and written.ticket is not None:
            app.store.desk.index_locked(written.ticket.id)


def show(app: App, ticket: Ticket) -> None:
    """Bring the list that consoles see, and the places of counselors, up to `ticket`."""
    listed = _listed(app, ticket, ticket)
    if listed is not None:
        app.store.desk.show(listed.id, listed.rev, seal_ticket(app, listed))
    _freed(app, ticket, ticket)


def _listed(app: App, before: Ticket | None, ticket: Ticket | None) -> Ticket | None:
    """What the list that consoles see says of it: of one that was withdrawn nothing but that."""
    if ticket is not None:
        return _withdrawn(app, ticket, ticket.rev) if ticket.outcome == "withdrawn" else ticket
    return _withdrawn(app, before, before.rev + 1) if before is not None and before.under_way else None


def _withdrawn(app: App, ticket: Ticket, rev: int) -> Ticket:
    return Ticket(ticket.id, "", "closed", staff=ticket.staff, outcome="withdrawn", closed_at=app.clock(), rev=rev)


def _freed(app: App, before: Ticket | None, ticket: Ticket | None) -> None:
    """The place of a counselor who has it no more; the list forgets one that another took the place of."""
    if before is None:
        return
    still = ticket is not None and ticket.under_way and ticket.id == before.id and ticket.staff == before.staff
    if before.staff and not still:
        app.store.desk.unhold(before.staff, before.id)
    if ticket is not None and ticket.id != before.id:
        app.store.desk.hide(before.id)


def shown(app: App, desk: Index | None = None) -> list[Ticket]:
    """The consoles' list: open tickets and those that ended a moment ago. `desk`: where from, when not the app's own."""
    return [ticket for sealed in (desk or app.store.desk).shown().values() if (ticket := ticket_in(app, sealed)) is not None]


def tell_waiting(app: App, desk: Index | None = None) -> None:
    """When somebody leaves: have those who wait looked at now. With nobody on duty the ladder tells them at once."""
    index = desk or app.store.desk
    now = app.clock()
    for ticket in shown(app, desk):
        if ticket.state == WAITING:
            index.mark(contact_of(ticket.id), now)
    index.wake()


# --- staff phones --------------------------------------------------------------------------------------------------


def nudge(app: App, ticket: Ticket, whom: str) -> str:
    """Text staff that somebody waits, without content. `whom`: see core.ticket.Step. What came of it, for the conversation."""
    sender = app.settings.sms_sender or (ticket.sender if ticket.channel == "sms" else "")
    here = [watch for watch in watches(app) if _nudged(watch, ticket, whom)]
    reached = [watch for watch in here if watch.phone and not stopped(app, watch.phone)]
    spare = [phone for phone in app.settings.backup_phones if not stopped(app, phone)] if whom == "backup" else []
    if sender:
        waiting = sum(t.state == "waiting" for t in shown(app))
        part = {"backup": "handoff.nudge_backup#text", "holder": "handoff.nudge_holder#text"}.get(whom, "handoff.nudge#text")
        text = render(app.content, Answer("en", (part,)))[0].replace(COUNT, str(max(waiting, 1)))
        for phone in dict.fromkeys([*(watch.phone for watch in reached), *spare]):
            text_staff(app, phone, sender, text)
    none = not app.settings.backup_phones
    return _came_of_it(whom, here, reached, len(spare), bool(sender), "BACKUP_PHONES is empty" if none else OPTED_OUT)


def _came_of_it(whom: str, here: list[Watch], reached: list[Watch], spare: int, sender: bool, no_spare: str) -> str:
    """Who is texted, or why nobody could be. That a text arrives nobody can say at this moment."""
    if (reached or spare) and not sender:
        return "nobody could be texted: SMS_SENDER is not set, and this person did not write by text message"
    told = [watch.name for watch in reached]
    if spare:
        told.append("1 backup phone" if spare == 1 else f"{spare} backup phones")
    if told:
        return f"a text goes to {' and '.join(told)}"
    if whom == "holder":
        why = "their counselor has set no phone"
    else:
        why = "no phone set for anyone on duty" if here else "nobody is on duty"
    if any(watch.phone for watch in here):
        why = "the phones of who is on duty have opted out (START from them brings nudges back)"
    return f"nobody could be texted: {why}{f', and {no_spare}' if whom == 'backup' else ''}"


def _nudged(watch: Watch, ticket: Ticket, whom: str) -> bool:
    if whom == "holder":
        return watch.staff == ticket.staff
    return whom == "backup" or not watch.paused


def stopped(app: App, phone: str) -> bool:
    """Whether this phone of staff has opted out: then no nudge leaves to it until it texts START. Raises StoreDown."""
    contact = contact_id(app.secret, "sms", phone)
    held = app.spool.held(contact)
    return held.opted_out if held else app.store.load(contact).opted_out


def text_staff(app: App, phone: str, sender: str, text: str) -> None:
    """Into the outbox of a staff phone: it leaves as everything does, and an opt-out of that phone holds."""
    now = app.clock()
    contact = contact_id(app.secret, "sms", phone)
    item = Item(text, "sms", phone, sender, 0, now, now + NUDGE_LIFE)
    app.store.desk.mark(contact, now + WRITTEN_BY)
    app.store.desk.push(contact, [(secrets.token_hex(8), seal_item(app, item))], NUDGE_LIFE)
    app.store.desk.mark(contact, now)
