"""Going on duty and off it, pausing, asking for backup."""

from __future__ import annotations

import re
from dataclasses import replace

from ..app import App
from ..core.ticket import Ticket
from ..desk import nudge, shown, stopped, tell_waiting
from ..duty import Watch, enabled, save, watch_in, watch_of, watches
from ..log import log
from .lists import held
from .refused import NotOnDuty, Refused, StillHolding, Who
from .views import Duty

LONGEST_SHIFT = 16 * 3600  # seconds; longer is a forgotten sign-out


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
    """Their own state, for a page that asks every second: two round trips. None when not on duty: never began, shift over, or
    away too long."""
    found = app.store.desk.shift(who.id)
    watch = watch_in(app, *found[:2]) if found else None
    return _told_duty(app, watch, found[2]) if found and watch and watch.on(app.clock()) else None


def pause(app: App, who: Who, paused: bool) -> Duty:
    """While paused nobody is nudged for them and they claim nothing new. Raises NotOnDuty."""
    save(app, replace(on_shift(app, who), paused=paused, seen=app.clock()))
    return _duty(app, who)


def ask_for_backup(app: App, who: Who, asked: bool = True) -> str:
    """ "I need backup": shown to all on duty, their phones and the backup phones are nudged. Who is texted, or why nobody
    could be, in words; "" when nothing was to be done. Raises NotOnDuty."""
    now = app.clock()
    watch = on_shift(app, who)
    save(app, replace(watch, backup_since=(watch.backup_since or now) if asked else 0.0, seen=now))
    if not asked or watch.backup_since:
        return ""
    mine = [t for t in shown(app) if t.staff == who.id and t.under_way]
    told = nudge(app, mine[0] if mine else Ticket("", "", sender=app.settings.sms_sender), "backup")
    app.store.desk.wake()
    return told


def go_off_duty(app: App, who: Who) -> None:
    """Raises StillHolding with the tickets that must be handed over or closed first."""
    holding = held(app, who)
    if holding:
        raise StillHolding(tuple(row.id for row in holding))
    app.store.desk.set_duty(who.id, None, 0)
    tell_waiting(app)
    log.info("duty_ended")


def on_duty(app: App) -> tuple[Duty, ...]:
    """Everybody on duty now, by name."""
    return tuple(_told_duty(app, watch) for watch in watches(app))


def stopped_phones(app: App) -> int:
    """How many phones for nudges, of who is on duty and BACKUP_PHONES, have opted out."""
    phones = {watch.phone for watch in watches(app) if watch.phone} | set(app.settings.backup_phones)
    return sum(stopped(app, phone) for phone in phones)


def on_shift(app: App, who: Who) -> Watch:
    watch = watch_of(app, who.id)
    if watch is None:
        raise NotOnDuty("Go on duty first.")
    return watch


def _duty(app: App, who: Who) -> Duty:
    return _told_duty(app, on_shift(app, who))


def _told_duty(app: App, watch: Watch, held: int | None = None) -> Duty:
    holding = len(app.store.desk.holds(watch.staff)) if held is None else held
    return Duty(
        watch.staff, watch.name, watch.role, watch.until, watch.seen, watch.paused, bool(watch.phone), watch.backup_since,
        holding, bool(watch.phone) and stopped(app, watch.phone),
    )  # fmt: skip
