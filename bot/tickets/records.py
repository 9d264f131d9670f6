"""What is kept of a conversation: flags that lock it, the number behind it, erasing it."""

from __future__ import annotations

from dataclasses import replace

from ..app import App
from ..core.ticket import Note, Step, Ticket
from ..desk import contact_of, life, seal_ticket, serial, ticket_in
from ..log import log
from .refused import SUPERVISOR, Refused, Who
from .rights import change, holder, no_hold, supervisor
from .shifts import on_shift

FLAGS = ("overdose", "suicide", "rescue", "abuse", "legal")  # what locks a record; the first two the machine sets itself


def flag(app: App, who: Who, ticket: str, name: str, on: bool = True) -> None:
    """Set one of FLAGS (holder or supervisor), or take it away (supervisor only). On a locked record: supervisors."""
    if name not in FLAGS:
        raise Refused("There is no such flag.")
    if not on:
        supervisor(who)

    def marked(current: Ticket) -> Ticket:
        flags = [f for f in current.flags if f != name] + ([name] if on else [])
        return replace(current, flags=tuple(flags))

    def set_it(current: Ticket) -> Step:
        if who.role != SUPERVISOR:
            holder(who, current)
        return Step(marked(current), (Note("system", f"{'flagged' if on else 'flag removed'}: {name}", name=who.name),))

    sealed = app.store.desk.locked(contact_of(ticket), serial(ticket))
    under_lock = ticket_in(app, sealed)
    if under_lock is not None:
        supervisor(who)
        after = marked(under_lock)
        app.store.desk.keep_locked(contact_of(ticket), serial(ticket), after.id, seal_ticket(app, after), life(app, after))
    else:
        change(app, ticket, set_it, closed_too=True)


def reveal(app: App, who: Who, ticket: str, reason: str) -> str:
    """The person's number, in words that a phone dials ("" on the web). Logged with ids; the reason stands in the conversation.

    Holder or supervisor, who is on duty. Raises Refused without a reason.
    """
    why = reason.strip()
    if not why:
        raise Refused("Say why you need the number.")
    on_shift(app, who)
    number = ""

    def look(current: Ticket) -> Step:
        nonlocal number
        holder(who, current)
        number = current.address.removeprefix("whatsapp:")
        return Step(current, (Note("system", f"number shown: {why[:200]}", name=who.name),))

    change(app, ticket, look, closed_too=True)
    log.warning("number_revealed", ticket=ticket, staff=who.id)
    return number


def erase(app: App, who: Who, ticket: str) -> None:
    """Delete a record for good, closed or locked. Supervisors only (WrongRole); a legal hold must be lifted first, an open
    conversation closed, so that nobody goes on waiting for it."""
    supervisor(who)
    contact = contact_of(ticket)
    under_lock = ticket_in(app, app.store.desk.locked(contact, serial(ticket)))
    if under_lock is not None:
        no_hold(under_lock)
        app.store.desk.erase_locked(contact, serial(ticket), under_lock.id)
    else:

        def gone(current: Ticket) -> Step:
            no_hold(current)
            if current.under_way:
                raise Refused("The conversation is open. Close it first: the person is told then.")
            return Step(None, drop=True)

        change(app, ticket, gone, closed_too=True)
    log.warning("ticket_erased", ticket=ticket, staff=who.id)
