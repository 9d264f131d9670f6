"""What the worker does for one contact that is due: the ladder, the end of a shift, nudges, the consoles' list, what waits
to be sent.

Everything is decided from what is stored, so that it may be done twice, late, or by another process.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from time import sleep

from .app import App
from .core import ladder
from .core.ladder import Times
from .core.ticket import CONNECTED, Note, Step, Ticket
from .desk import SHOWN_AFTER, contact_of, nudge, reachable, show, shown, ticket_in, update
from .duty import left, watches
from .leaving import leave_if_gone
from .log import log
from .outbound import Post, drain
from .store import StoreDown
from .store.desk import Desk as Index

RUNGS = 5  # more than the ladder has: a ticket that was due long ago is at its end in one visit
LOOK_AFTER_HOLDER = 60.0  # seconds between looks at whether the counselor of an open conversation is still there


def attend(app: App, post: Post, contact: str, pause: Callable[[float], None] = sleep) -> None:
    """Do what is due for `contact`, and note when to look again. Never raises: a failure leaves the contact due."""
    try:
        seen = app.store.desk.due_at(contact)
        page = leave_if_gone(app, contact, ticket_in(app, app.store.desk.ticket(contact)))
        ticket = _nudge(app, contact, climb(app, contact))
        moments = [page, _list(app, contact, ticket)]
        _index_locked(app, contact)
        again = drain(app, post, contact, pause)
        now = app.clock()
        moments.append(None if again is None else now + again)
        if ticket is not None and ticket.under_way:
            moments.append(ladder.due(ticket, times(app)))
            moments.append(now + LOOK_AFTER_HOLDER if ticket.state == CONNECTED else None)
        app.store.desk.settle(contact, seen, min((m for m in moments if m is not None), default=None))
    except StoreDown as error:
        log.warning("store_down", problem=str(error))
    except Exception as error:  # its text may hold what it was about: only its kind is told
        log.error("attend_failed", error=type(error).__name__)


def times(app: App) -> Times:
    wait = app.loaded.program.handoff.wait
    return Times(wait.nudge, wait.backup, wait.tell, wait.close)


def climb(app: App, contact: str) -> Ticket | None:
    """Take every rung of the ladder that is due. The ticket as it is then."""
    ticket = ticket_in(app, app.store.desk.ticket(contact))
    if ticket is None or not ticket.under_way:
        return ticket
    for _ in range(RUNGS):
        written = update(app, contact, lambda current: _next(app, current))
        if written is None:
            break
        ticket = written.ticket
    return ticket_in(app, app.store.desk.ticket(contact))


def _next(app: App, ticket: Ticket | None) -> Step | None:
    if ticket is None or not ticket.under_way:
        return None
    now = app.clock()
    here = watches(app)  # read after the ticket: whoever claimed it was on duty by then
    if ticket.state == CONNECTED and all(watch.staff != ticket.staff for watch in here):
        return _left_alone(app, ticket, now, bool(here))
    return ladder.climb(ticket, now, times(app), bool(here))


def _left_alone(app: App, ticket: Ticket, now: float, anybody: bool) -> Step:
    """The counselor is off duty: back into the queue where others are there or it is flagged, else closed kindly. The person is
    told, with nobody there by the ladder's own words.

    Where it is not on record that the shift ended, the list of who is on duty was lost (a restore, a failover): nobody ended this
    talk.
    """
    ended = left(app, ticket.staff)
    note = Note("system", "the counselor went off duty" if ended else "back in the queue: nothing is known of the shift any more")
    if anybody or ticket.locks or not ended:
        since = ticket.unanswered_since or now
        back = replace(ticket.fired("hand_back", since=since), climbs_from=now, stage=0)
        told = (Note("line", parts=("handoff.line_again",), send=True),) if anybody and reachable(app, ticket) else ()
        return Step(back, (note, *told), nudge="staff" if anybody else "backup")
    waits = ticket.unanswered_since > 0
    closed = replace(ticket.ended("close", "unanswered" if waits else "other", now), asked=not waits)
    return Step(closed, (note, Note("line", parts=("handoff.unanswered" if waits else "handoff.closed",), send=True)))


def _nudge(app: App, contact: str, ticket: Ticket | None) -> Ticket | None:
    """Text staff where the ticket says that it is due, and note what came of it. The ticket as it is then.

    It is told first and crossed off then: who dies in between leaves it to be told again, not to be missed.
    """
    if ticket is None or not ticket.nudge_due:
        return ticket
    told = "" if ticket.nudge_moot else nudge(app, ticket, ticket.nudge_due)

    def crossed_off(current: Ticket | None) -> Step | None:
        if current is None or current.id != ticket.id or current.nudge_due != ticket.nudge_due:
            return None  # what is due now is another one
        notes = (Note("system", told),) if told and not current.nudge_quiet else ()
        return Step(replace(current, nudge_due="", nudge_quiet=False), notes, by_time=True)

    written = update(app, contact, crossed_off)
    return written.ticket if written else ticket_in(app, app.store.desk.ticket(contact))


def _list(app: App, contact: str, ticket: Ticket | None) -> float | None:
    """Bring the consoles' list up to the truth; when to look at it again."""
    now = app.clock()
    leaves = []
    for old in shown(app):
        if contact_of(old.id) != contact or (ticket is not None and ticket.under_way and old.id == ticket.id):
            continue
        ended = old.closed_at or now
        if ticket is not None and not ticket.under_way and old.id == ticket.id:
            ended = ticket.closed_at
        elif not old.closed_at:  # nothing is kept of it any more
            app.store.desk.hide(old.id)
            continue
        if now >= ended + SHOWN_AFTER:
            app.store.desk.hide(old.id)
        else:
            leaves.append(ended + SHOWN_AFTER)
    if ticket is not None and (ticket.under_way or now < ticket.closed_at + SHOWN_AFTER):
        show(app, ticket)
    return min(leaves, default=None)


def _index_locked(app: App, contact: str) -> None:
    """Bring the supervisors' list up to the truth: who locked a record may have died before it stood there."""
    desk = app.store.desk
    for serial in desk.locks(contact):
        if desk.locked(contact, serial) is None:
            desk.unlock(contact, serial)
        else:
            desk.index_locked(f"{contact}-{serial}")


def tidy(app: App, desk: Index) -> None:
    """Look at everybody in the indexes that span contacts, so that none of these keeps what is gone, or loses what lives on."""
    now = app.clock()
    for ticket, sealed in desk.shown().items():
        if ticket_in(app, sealed) is None:  # its key was taken away: nobody can read it any more
            desk.hide(ticket)
        else:
            desk.mark(contact_of(ticket), now)
    for ticket in desk.all_locked():
        desk.index_locked(ticket)
