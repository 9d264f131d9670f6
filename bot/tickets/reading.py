"""One conversation opened: who may read it, its entries, and how every message of ours fares."""

from __future__ import annotations

from collections.abc import Mapping

from ..app import App
from ..channels.errors import FULL, UNSUBSCRIBED, WHY
from ..core.ticket import WAITING, Ticket
from ..desk import WHATSAPP_WINDOW, Line, contact_of, line_in, serial, ticket_in
from ..log import log
from ..store.desk import Page, State
from .refused import GONE, SUPERVISOR, Gone, NotYours, Who, WrongRole
from .shifts import on_shift
from .views import Conversation, Delivery, Entry, row

LOCKED = "The person withdrew. The record stays because it is flagged, and is locked: only a supervisor can read it."


def conversation(app: App, who: Who, ticket: str, since: int = 0) -> Conversation:
    """The entries after `since`. Its holder and supervisors read all; a waiting one shows its entries to anybody on duty.

    Raises Gone, NotYours, NotOnDuty. A locked one: supervisors only (WrongRole), and that texts of it were shown is logged.
    """
    contact = contact_of(ticket)
    current = ticket_in(app, app.store.desk.ticket(contact))
    under_lock = current is None or current.id != ticket
    if under_lock:
        current = ticket_in(app, app.store.desk.locked(contact, serial(ticket)))
        if current is None:
            raise Gone(GONE)
        if who.role != SUPERVISOR:
            raise WrongRole(LOCKED)
    assert current is not None  # noqa: S101
    if not under_lock:
        _may_read(app, who, current)
    lines = lines_of(app, contact, serial(ticket) if under_lock else "")
    states = {} if under_lock else app.store.desk.states(contact)
    found = _conversation(app, current, lines, states, since, under_lock)
    if under_lock and found.entries:
        log.warning("locked_record_read", ticket=ticket, staff=who.id)
    return found


def _may_read(app: App, who: Who, ticket: Ticket) -> None:
    if who.role == SUPERVISOR or ticket.staff == who.id:
        return
    if ticket.state != WAITING:
        raise NotYours(f"{ticket.staff_name or 'Somebody else'} has this one.")
    on_shift(app, who)


def lines_of(app: App, contact: str, under: str = "") -> list[Line]:
    return [line for sealed in app.store.desk.notes(contact, under) if (line := line_in(app, sealed)) is not None]


def _conversation(
    app: App, ticket: Ticket, lines: list[Line], states: Mapping[str, State], since: int, locked: bool = False
) -> Conversation:
    # under lock the states are gone: better no word about them than a wrong one
    deliveries = {line.seq: delivery_of(states.get(line.item)) for line in lines if line.item and not locked}
    entries = tuple(
        Entry(line.seq, line.who, line.text, line.at, line.name, deliveries.get(line.seq)) for line in lines if line.seq > since
    )
    page = Page() if locked or ticket.channel != "web" else app.store.desk.page(contact_of(ticket.id))
    return Conversation(
        row(ticket, locked), entries, deliveries, window(app, ticket), ticket.outcome, page.seen, page.closed,
    )  # fmt: skip


def window(app: App, ticket: Ticket) -> int | None:
    if ticket.channel != "whatsapp":
        return None
    return max(0, int(ticket.heard_at + WHATSAPP_WINDOW - app.clock()))


def delivery_of(state: State | None) -> Delivery:
    if state is None:
        return Delivery("queued")
    if state.state == "dropped":
        return Delivery(
            "dropped",
            WHY[state.code] if state.code in (UNSUBSCRIBED, FULL) else "Not sent: the conversation ended first.",
            state.at,
        )
    shown_as = "sending" if state.state == "retrying" else state.state
    why = WHY.get(state.code, f"Twilio's error {state.code}.") if state.code else ""
    return Delivery(shown_as, why, state.at, state.code)
