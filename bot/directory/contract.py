"""What a source of places promises, and what a directory does besides. Two real ones exist; tests run both kinds of store."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, date, datetime
from typing import Protocol

from ..core.places import Near, Place
from ..problem import Problem

OLD, TOO_OLD = 365, 730  # days; then the operator is warned, and then nobody is sent there any more


class DirectoryBroken(Problem):
    """An import that could not be finished. Nothing of what people see has changed."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which places: near a ZIP code (its position in degrees), of a service, after the `offset` nearest, at most `limit`."""

    zip: str
    lat: float
    lon: float
    service: str
    offset: int = 0
    limit: int = 3


@dataclass(frozen=True, slots=True)
class Listing:
    """The places, nearest first. `some`: whether the source has any that fit, near or far, before the offset or after."""

    nears: tuple[Near, ...]
    some: bool


@dataclass(frozen=True, slots=True)
class Status:
    """What is loaded. `as_of`, YYYY-MM-DD: the day of the data. `counts`: places by service. `generation` tells imports apart."""

    generation: int
    as_of: str
    count: int
    imported_at: int
    file: str
    counts: Mapping[str, int] = field(default_factory=dict)

    def as_fields(self) -> dict[str, object]:
        return asdict(self)

    def days_old(self, now: float) -> int:
        return (datetime.fromtimestamp(now, UTC).date() - date.fromisoformat(self.as_of)).days

    def is_old(self, now: float) -> bool:
        return self.days_old(now) > OLD

    def is_too_old(self, now: float) -> bool:
        return self.days_old(now) > TOO_OLD

    def age_warning(self, now: float, shown_anyway: bool = False) -> str:
        """What the operator must hear about the age of the data, or ""."""
        if self.is_too_old(now) and not shown_anyway:
            return f"The directory is of {self.as_of}, more than two years old: people are not shown it. Import a newer one."
        if self.is_old(now):
            return f"The directory is of {self.as_of}, more than a year old. Places move and close: import a newer one."
        return ""


class Source(Protocol):
    """Where places come from. Everything may raise StoreDown or TooLate."""

    def ready(self, now: float) -> bool:
        """Whether it may name places to people now."""

    def nearest(self, wanted: Wanted, now: float, seconds: float) -> Listing | None:
        """The places of `wanted`, within `seconds`; None when it cannot say."""

    def places(self, ids: Sequence[str]) -> dict[str, Place]:
        """Those of `ids` that are still known, by id."""


class Directory(Source, Protocol):
    """The list that the operator imports."""

    def status(self) -> Status | None:
        """What is loaded, or None."""

    def replace(self, places: Iterable[Place], as_of: str, file: str, now: float) -> Status:
        """Load `places` instead of what is loaded: built aside, checked, then swapped in at once.

        Whatever `places` or the store raises on the way leaves everything as it was. Raises DirectoryBroken.
        """

    def drop(self) -> None:
        """Unload everything."""
