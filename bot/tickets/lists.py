"""What a counselor sees before opening anything: the queue, what they hold, what changed, whether sending works."""

from __future__ import annotations

from collections.abc import Iterable

from ..app import App
from ..core.ticket import WAITING, Ticket
from ..desk import shown, ticket_in
from ..duty import watch_in
from .refused import Who
from .rights import supervisor
from .views import Changes, Health, Row, row

DEAD_AFTER = 60.0  # seconds without a beat until the worker counts as dead; it beats every few
LATE_AFTER = 60.0  # seconds that a message may wait before the banner counts it


def queue(app: App) -> tuple[Row, ...]:
    """Who waits: flagged first, then waiting longest."""
    return _in_line([t for t in shown(app) if t.state == WAITING])


def _in_line(waiting: list[Ticket]) -> tuple[Row, ...]:
    return tuple(row(t) for t in sorted(waiting, key=lambda t: (not t.locks, t.since)))


def held(app: App, who: Who) -> tuple[Row, ...]:
    """The open conversations of `who`, oldest first."""
    return tuple(row(t) for t in sorted(shown(app), key=lambda t: t.opened) if t.under_way and t.staff == who.id)


def everything(app: App, who: Who) -> tuple[Row, ...]:
    """All open tickets, for a supervisor. Raises WrongRole."""
    supervisor(who)
    return tuple(row(t) for t in sorted(shown(app), key=lambda t: t.opened) if t.under_way)


def locked(app: App, who: Who) -> tuple[Row, ...]:
    """Records that stayed after the person withdrew, because a life may be in danger or the law says so. Raises WrongRole."""
    supervisor(who)
    found = (ticket_in(app, sealed) for sealed in app.store.desk.all_locked().values())
    return tuple(row(t, locked=True) for t in sorted((t for t in found if t), key=lambda t: t.closed_at))


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
        calling=calling(row(t) for t in (*waiting, *mine)),
        mine=tuple(row(t) for t in sorted(mine, key=lambda t: t.opened) if t.outcome != "withdrawn"),
        withdrawn=tuple(t.id for t in mine if t.outcome == "withdrawn"),
        backup=tuple(sorted(w.name for w in on if w.backup_since and w.staff != who.id)),
        health=well,
    )


def calling(rows: Iterable[Row]) -> tuple[Row, ...]:
    """Those of `rows` with an emergency that no counselor has written to since, the latest first."""
    return tuple(sorted((r for r in rows if r.calls), key=lambda r: -max(at for _, at in r.alarms)))


def health(app: App) -> Health:
    """Whether the worker lives."""
    now = app.clock()
    poll = app.store.desk.poll(-1, now - LATE_AFTER)
    return _health(poll.beat, poll.late, now)


def _health(beat: float, late: int, now: float) -> Health:
    age = max(now - beat, 0.0) if beat else None
    return Health(age is not None and age < DEAD_AFTER, age, late)
