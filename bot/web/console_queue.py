"""The first page: who waits, what I hold, who is on duty."""

from __future__ import annotations

from flask import Blueprint, render_template

from .. import tickets
from ..duty import enabled
from ..reach import unreached
from .console_banners import backup, calling, standing
from .console_room import Room
from .console_session import me
from .console_time import Times, ago
from .console_view import Card, card

HALF_HOUR = 30 * 60
LONGEST_SHIFT = 12 * 2  # half hours that the list of shift ends goes on


def add(routes: Blueprint, room: Room) -> None:
    @routes.get("/")
    def queue() -> str:
        tickets.heartbeat(room.app, me())
        return render_template("console_queue.html", **_everything(room))


def parts(room: Room) -> dict[str, str]:
    """The parts of the first page that change by themselves. A form that somebody may be filling in is none of them."""
    facts = _everything(room)
    names = ("waiting", "mine", "others", *(("open",) if me().supervises else ()))
    return {name: render_template(f"console_part_{name}.html", **facts) for name in names}


def _everything(room: Room) -> dict[str, object]:
    app = room.app
    rows, mine = tickets.queue(app), tickets.held(app, me())
    duty, others = tickets.duty_of(app, me()), tickets.on_duty(app)
    asked = [one.name for one in others if one.backup_since and one.staff != me().id]
    emergencies = calling(room, tickets.calling((*rows, *mine)))
    return {
        "waiting": _cards(room, rows),
        "mine": _cards(room, mine),
        "others": others,
        "unreached": unreached(app.settings, [one.phone for one in others]) if enabled(app) else [],
        "open": _of_others(room) if me().supervises else [],
        "duty": duty,
        "me": me(),
        "now": app.clock(),
        "ago": ago,
        "most": tickets.MOST_AT_ONCE,
        "banners": [*emergencies, *standing(room, tickets.health(app), duty), *backup(asked)],
        "ends": _shift_ends(app.clock(), room.times),
    }


def _cards(room: Room, rows: tuple[tickets.Row, ...]) -> list[Card]:
    return [card(room.app, row, me().id, room.times) for row in rows]


def _of_others(room: Room) -> list[Card]:
    rows = tickets.everything(room.app, me())
    return _cards(room, tuple(row for row in rows if row.state == "connected" and row.staff != me().id))


def _shift_ends(now: float, times: Times) -> list[tuple[int, str]]:
    """The half hours of the next twelve: epoch seconds and words."""
    first = int(now // HALF_HOUR + 1) * HALF_HOUR
    return [(at, f"{times.zoned(at)} ({ago(at - now)})") for at in (first + step * HALF_HOUR for step in range(LONGEST_SHIFT))]
