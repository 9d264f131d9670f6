"""A directory in this process, for the terminal chat and for tests: every place is measured at every question."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace as copy

from ..core.places import ANY, SERVICES, Place, ranked
from .contract import Listing, Status, Wanted


class MemoryDirectory:
    """`shown_anyway`: also when the data are more than two years old."""

    def __init__(self, shown_anyway: bool = False) -> None:
        self._shown_anyway = shown_anyway
        self._places: dict[str, Place] = {}
        self._status: Status | None = None

    def status(self) -> Status | None:
        return self._status

    def ready(self, now: float) -> bool:
        return self._status is not None and (self._shown_anyway or not self._status.is_too_old(now))

    def nearest(self, wanted: Wanted, now: float, seconds: float) -> Listing | None:
        fit = [place for place in self._places.values() if wanted.service in (ANY, *place.services)]
        nears = ranked(wanted.lat, wanted.lon, fit)
        return Listing(tuple(nears[wanted.offset : wanted.offset + wanted.limit]), some=bool(nears))

    def places(self, ids: Sequence[str]) -> dict[str, Place]:
        return {id_: self._places[id_] for id_ in ids if id_ in self._places}

    def replace(self, places: Iterable[Place], as_of: str, file: str, now: float) -> Status:
        loaded = {place.id: copy(place, as_of=as_of) for place in places}
        counts = {s: sum(s in (ANY, *p.services) for p in loaded.values()) for s in SERVICES}
        generation = self._status.generation + 1 if self._status else 1
        self._places = loaded
        self._status = Status(generation, as_of, len(loaded), int(now), file, counts)
        return self._status

    def drop(self) -> None:
        self._places, self._status = {}, None
