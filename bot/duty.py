"""Who is on duty: a shift with an end, signs of life, a pause, a phone for nudges. Kept sealed in one index.

The index is no truth of a contact: lost, people go on duty again.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace

from .app import App
from .content.hours import in_hours
from .core.ticket import Desk
from .log import log
from .store import StoreDown
from .store.desk import Desk as Index

AWAY_AFTER = 15 * 60  # seconds without a sign of life until somebody counts as away
MEASURED = 5  # waits that must have been measured before a figure is told
LATELY = 4 * 3600  # seconds; an older wait says nothing about now


@dataclass(frozen=True, slots=True)
class Watch:
    """One person's shift. Times in epoch seconds. phone: E.164 or ""."""

    staff: str
    name: str
    role: str
    until: float
    since: float
    phone: str = ""
    paused: bool = False
    backup_since: float = 0.0
    seen: float = 0.0

    def on(self, now: float) -> bool:
        return self.until > now and now - self.seen < AWAY_AFTER


def save(app: App, watch: Watch) -> None:
    data = [watch.staff, watch.name, watch.role, watch.until, watch.since, watch.phone, watch.paused, watch.backup_since]
    app.store.desk.set_duty(watch.staff, app.vault.seal(data), watch.seen)


def watch_in(app: App, sealed: bytes, seen: float) -> Watch | None:
    data = app.vault.open(sealed)
    return replace(Watch(*data), seen=seen) if isinstance(data, list) else None


def watch_of(app: App, staff: str) -> Watch | None:
    """The shift of `staff`, if it is on now."""
    found = app.store.desk.duty().get(staff)
    watch = watch_in(app, *found) if found else None
    return watch if watch and watch.on(app.clock()) else None


def watches(app: App) -> list[Watch]:
    """Everybody on duty now, by name."""
    now = app.clock()
    found = [watch_in(app, sealed, seen) for sealed, seen in app.store.desk.duty().values()]
    return sorted((w for w in found if w and w.on(now)), key=lambda w: w.name)


def left(app: App, staff: str) -> bool:
    """Whether it is on record that the shift of `staff` is over, or that they are away; False when nothing is known of them."""
    found = app.store.desk.duty().get(staff)
    watch = watch_in(app, *found) if found else None
    return watch is not None and not watch.on(app.clock())


def sweep(app: App, desk: Index, holding: Collection[str] = ()) -> list[str]:
    """Take everybody off duty whose shift is over or who is away. Their staff ids.

    The record of those in `holding` (staff ids that still have conversations) stays until these are looked after: a shift
    without a record was lost, not ended.
    """
    now = app.clock()
    over = []
    for staff, (sealed, seen) in desk.duty().items():
        watch = watch_in(app, sealed, seen)
        if watch is None or not watch.on(now):
            if watch is None or staff not in holding:
                desk.set_duty(staff, None, 0)
            over.append(staff)
    return over


def desk_now(app: App) -> Desk:
    """What the engine is told of the counselors. A store that is down: nobody is offered."""
    handoff = app.loaded.program.handoff
    if not enabled(app):
        return Desk()
    now = app.clock()
    hours = in_hours(handoff, now)
    try:
        here = any(not watch.paused for watch in watches(app))
        return Desk(True, here, hours, _wait(app, now) if here else None)
    except StoreDown as error:
        log.warning("store_down", problem=str(error))
        return Desk(True, False, hours)


def enabled(app: App) -> bool:
    """Whether this program hands over: it is on, and there are keys to keep texts with."""
    return app.loaded.program.handoff.on and bool(app.settings.helpline_keys)


def _wait(app: App, now: float) -> float | None:
    """The longest wait but one in four of those measured lately, in seconds; None when too few were."""
    lately = sorted(seconds for at, seconds in app.store.desk.waits() if now - at < LATELY)
    return lately[int(len(lately) * 0.75)] if len(lately) >= MEASURED else None
