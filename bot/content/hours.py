"""When counselors mean to be there: by the clock of the program, and in words."""

from __future__ import annotations

from datetime import datetime
from itertools import groupby
from zoneinfo import ZoneInfo

from .models import Handoff

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_SAID = {
    "en": {"days": "Mon Tue Wed Thu Fri Sat Sun".split(), "to": "to", "never": "not on fixed days", "always": "day and night"},
    "es": {"days": "lun mar mie jue vie sab dom".split(), "to": "a", "never": "sin horario fijo", "always": "dia y noche"},
}


def in_hours(handoff: Handoff, now: float) -> bool:
    """Whether counselors should be there at `now` (epoch seconds), by the program's own clock."""
    local = datetime.fromtimestamp(now, ZoneInfo(handoff.zone))
    hours = handoff.hours.get(DAYS[local.weekday()])  # type: ignore[call-overload]
    if hours is None or local.date() in handoff.holidays:
        return False
    return bool(hours.begin <= local.hour * 60 + local.minute < hours.end)


def desk_hours(handoff: Handoff, lang: str) -> str:
    """The hours in words: "Mon to Fri 9 am-5 pm, Sat 10 am-2 pm"."""
    said = _SAID[lang]
    hours = [handoff.hours.get(day) for day in DAYS]  # type: ignore[call-overload]
    if not any(hours):
        return str(said["never"])
    if all(h is not None and (h.begin, h.end) == (0, 1440) for h in hours):
        return str(said["always"])
    told, at = [], 0
    for open_, days in groupby(hours, key=lambda h: (h.begin, h.end) if h else None):
        count = len(list(days))
        if open_:
            first, last = said["days"][at], said["days"][at + count - 1]
            span = first if count == 1 else f"{first} {said['to']} {last}"
            told.append(f"{span} {_clock(open_[0])}-{_clock(open_[1])}")
        at += count
    return ", ".join(told)


def _clock(minutes: int) -> str:
    hour, minute = divmod(minutes % 1440, 60)
    return f"{hour % 12 or 12}{f':{minute:02}' if minute else ''} {'am' if hour < 12 else 'pm'}"
