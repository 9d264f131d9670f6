"""Who has a conversation: claim, transfer, hand back, close."""

from __future__ import annotations

from dataclasses import replace

from ..app import App
from ..core.ticket import CONNECTED, Note, Step, Ticket
from ..desk import contact_of, reachable, ticket_in
from ..duty import watch_of, watches
from ..log import log
from .reading import conversation
from .refused import NotOnDuty, Refused, Taken, TooMany, Who
from .rights import change, holder
from .shifts import on_shift
from .views import Conversation

MOST_AT_ONCE = 3  # conversations of one counselor; more and each of them waits
OUTCOMES = ("helped", "referred", "emergency", "no_reply", "wrong_number", "other")  # how a counselor closes


def claim(app: App, who: Who, ticket: str) -> Conversation:
    """Take a waiting one. Of two at once one wins, the other gets Taken. The person is told that a counselor is here.

    Raises NotOnDuty (also while paused), TooMany, Taken, Over, Gone. Again by its holder: the same conversation.
    """
    if on_shift(app, who).paused:
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
        written = change(app, ticket, take)
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


def transfer(app: App, who: Who, ticket: str, to: str) -> None:
    """To the staff id `to`, who must be on duty, not paused, with a free place. Holder or supervisor. The person is told.

    Raises NotYours, TooMany, NotOnDuty.
    """
    other = watch_of(app, to)
    if other is None or other.paused:
        raise NotOnDuty("They are paused." if other else "They are not on duty.")
    had = ticket in app.store.desk.holds(to)
    _place(app, to, ticket)

    def hand(current: Ticket) -> Step:
        holder(who, current)
        event = "transfer" if current.state == CONNECTED else "claim"
        now = app.clock()
        theirs = replace(
            current.fired(event, other.staff, other.name), climbs_from=now, stage=0,
            unanswered_since=current.unanswered_since or now,
        )  # fmt: skip
        part = "handoff.another" if event == "transfer" or current.replied_at else "handoff.connected"
        told = () if other.staff == current.staff else _told(app, current, part)
        return Step(theirs, (Note("system", f"transferred to {other.name}", name=who.name), *told), nudge="holder")

    try:
        change(app, ticket, hand)
    except Refused:
        if not had:  # it is theirs already
            app.store.desk.unhold(to, ticket)
        raise


def hand_back(app: App, who: Who, ticket: str) -> None:
    """Back into the queue, at its old place. Holder or supervisor. The person is told; with nobody on duty by the ladder."""

    def back(current: Ticket) -> Step:
        holder(who, current)
        waiting = replace(current.fired("hand_back"), climbs_from=app.clock(), stage=0)
        told = _told(app, current, "handoff.line_again") if watches(app) else ()
        return Step(waiting, (Note("system", "handed back", name=who.name), *told), nudge="staff" if current.locks else "")

    change(app, ticket, back)


def _told(app: App, ticket: Ticket, part: str) -> tuple[Note, ...]:
    """A line to the person, where one can get to them."""
    return (Note("line", parts=(part,), send=True),) if reachable(app, ticket) else ()


def close(app: App, who: Who, ticket: str, outcome: str) -> None:
    """End it, with one of OUTCOMES. The person is told, and asked whether it helped unless it is flagged. Holder or
    supervisor."""
    if outcome not in OUTCOMES:
        raise Refused("Choose how it ended.")

    def end(current: Ticket) -> Step:
        holder(who, current)
        told = "handoff.closed_flagged" if current.locks else "handoff.closed"
        ended = replace(current.ended("close", outcome, app.clock()), asked=not current.locks)
        notes = (Note("system", f"closed: {outcome}", name=who.name), Note("line", parts=(told,), send=True))
        return Step(ended, notes)

    change(app, ticket, end)
    log.info("ticket_closed", detail=outcome)
