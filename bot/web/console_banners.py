"""What stands at the top of every page: emergencies, whether replies leave, the end of the shift, calls for backup."""

from __future__ import annotations

from collections.abc import Sequence

from flask import url_for

from .. import tickets
from .console_alarm import banners
from .console_room import Room
from .console_session import me

HAND_OVER_FROM = 10 * 60  # seconds before the end of a shift; then the page asks to hand over


def calling(room: Room, rows: tuple[tickets.Row, ...]) -> list[dict[str, str]]:
    """Emergencies that no counselor has written to, with the way to each."""
    told = banners(rows, me().id, room.times)
    return [one | {"link": url_for("console.conversation", ticket=one["ticket"])} for one in told]


def standing(room: Room, health: tickets.Health, duty: tickets.Duty | None) -> list[dict[str, str]]:
    """What may change without any ticket: asked at every look."""
    found = []
    if not health.alive:
        words = "Nothing is being sent right now: no reply, and no nudge to a phone. Replies are kept in order and leave later. "
        found.append({"kind": "red", "words": words + "In an emergency use another phone."})
    elif health.unsent:
        found.append({"kind": "red", "words": "Some replies should have left by now. They are kept, and tried again."})
    if duty and duty.phone_stopped:
        words = "Your phone for nudges has opted out: text START from it to our number. Until then no nudge gets to it."
        found.append({"kind": "amber", "words": words})
    if duty and duty.holding and duty.until - room.app.clock() < HAND_OVER_FROM:
        words = f"Your shift ends at {room.times.zoned(duty.until)}. Hand over or close your conversations."
        found.append({"kind": "amber", "words": words, "link": url_for("console.hand_over"), "label": "Hand over"})
    return found


def backup(names: Sequence[str]) -> list[dict[str, str]]:
    return [{"kind": "amber", "words": f"{' and '.join(names)} asked for backup."}] if names else []
