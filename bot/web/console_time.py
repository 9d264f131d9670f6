"""Times as the console writes them: by the program's clock, with its zone where it could be mistaken."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from markupsafe import Markup


@dataclass(frozen=True, slots=True)
class Times:
    """Epoch seconds in words. `clock` says what today is."""

    zone: ZoneInfo
    clock: Callable[[], float]

    def hour(self, at: float) -> str:
        """6:05 PM, and the day where it is not today: Nov 21, 6:05 PM."""
        moment = self._moment(at)
        hour = moment.strftime("%I:%M %p").lstrip("0")
        today = moment.date() == self._moment(self.clock()).date()
        return hour if today else f"{moment:%b} {moment.day}, {hour}"

    def zoned(self, at: float) -> str:
        """6:05 PM EST"""
        return f"{self.hour(at)} {self.zone_name(at)}"

    def full(self, at: float) -> str:
        """Saturday, November 21, 2026, 6:05 PM EST"""
        moment = self._moment(at)
        hour = moment.strftime("%I:%M %p").lstrip("0")
        return f"{moment:%A, %B} {moment.day}, {moment.year}, {hour} {self.zone_name(at)}"

    def tag(self, at: float) -> Markup:
        """A `<time>`: short to read, whole for machines and whoever points at it."""
        iso = self._moment(at).isoformat(timespec="seconds")
        return Markup('<time datetime="{}" title="{}">{}</time>').format(iso, self.full(at), self.hour(at))

    def zone_name(self, at: float) -> str:
        """EST; of a zone without letters the hours: UTC-03."""
        name = self._moment(at).tzname() or ""
        return name if name.isalpha() else f"UTC{name}"

    @property
    def told(self) -> str:
        """What every page says once: EST (America/New_York)."""
        return f"{self.zone_name(self.clock())} ({self.zone.key})"

    def _moment(self, at: float) -> datetime:
        return datetime.fromtimestamp(at, self.zone)


def ago(seconds: float) -> str:
    """How long something has lasted, in the coarsest words that help: "under a minute", "4 min", "1 h 10 min", "3 days"."""
    minutes = int(seconds // 60)
    if minutes < 1:
        return "under a minute"
    if minutes < 60:
        return f"{minutes} min"
    return f"{minutes // 60} h {minutes % 60} min" if minutes < 48 * 60 else f"{minutes // (24 * 60)} days"
