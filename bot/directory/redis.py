"""The directory in Redis or Valkey: one geo index a service, the places in a hash beside them, no command with two keys.

An index finds candidates; they are measured again with the exact coordinates, so that answers equal a search of the file.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from typing import Any

import msgpack
import redis

from ..core.places import ANY, SERVICES, Near, Place, ranked
from ..store import StoreDown
from ..store.keys import DIRECTORY, DIRECTORY_IMPORTING, DIRECTORY_LAST, directory_near, directory_places
from .contract import DirectoryBroken, Listing, Status, Wanted

RINGS = (50, 150, 400, 1200, 12500)  # miles; the last reaches the other side of the earth
SPARE = 16  # candidates beyond those needed: an index keeps 52 bits of a position, half a metre off
MARGIN = 0.01  # miles; places nearer than that to the last candidate may have been left out
BATCH = 500  # places a round trip: an import that takes seconds, in constant memory
UNFINISHED = 3600  # seconds until what a killed import left behind is gone
SWAPPED_OUT = 60  # seconds that the places before stay readable for those who ask at that moment
SWEPT = 10  # imports before this one that are looked at for what a death at the last moment left behind
ONE_IMPORT = 120  # seconds without a batch until an import is taken for dead


class RedisDirectory:
    """`shown_anyway`: also when the data are more than two years old."""

    def __init__(self, client: redis.Redis, shown_anyway: bool = False) -> None:
        self._client: Any = client  # a Cluster's client has the same methods
        self._shown_anyway = shown_anyway

    def status(self) -> Status | None:
        told = _ask(self._client.get, DIRECTORY)
        return None if told is None else Status(**json.loads(told))

    def ready(self, now: float) -> bool:
        status = self.status()
        return status is not None and (self._shown_anyway or not status.is_too_old(now))

    def nearest(self, wanted: Wanted, now: float, seconds: float) -> Listing | None:
        status = self.status()
        return None if status is None else self.nearest_of(status, wanted)

    def nearest_of(self, status: Status, wanted: Wanted) -> Listing:
        """The places of `wanted` in what `status` tells of, whatever its age. Two round trips where places are near."""
        needed = wanted.offset + wanted.limit
        nears: list[Near] = []
        for ring in RINGS:
            nears = self._within(status, wanted, ring, needed)
            if len(nears) >= needed and nears[needed - 1].miles < ring - MARGIN:
                break
        return Listing(tuple(nears[wanted.offset : needed]), some=bool(nears))

    def places(self, ids: Sequence[str]) -> dict[str, Place]:
        status = self.status()
        return {} if status is None or not ids else {place.id: place for place in self._read(status, ids)}

    def _within(self, status: Status, wanted: Wanted, miles: int, needed: int) -> list[Near]:
        """The places within `miles`, as many as are needed for sure, nearest first."""
        count = needed + SPARE
        while True:
            key = directory_near(status.generation, wanted.service)
            ids = _ask(
                self._client.geosearch,
                key, longitude=wanted.lon, latitude=wanted.lat, radius=miles, unit="mi", sort="ASC", count=count,
            )  # fmt: skip
            nears = ranked(wanted.lat, wanted.lon, self._read(status, [id_.decode() for id_ in ids]) if ids else [])
            if len(ids) < count or nears[needed - 1].miles < nears[-1].miles - MARGIN:
                return nears
            count *= 4  # so many places as far away as each other that one of the nearest may have been left out

    def _read(self, status: Status, ids: Sequence[str]) -> list[Place]:
        packed = _ask(self._client.hmget, directory_places(status.generation), list(ids))
        return [_unpacked(id_, one, status.as_of) for id_, one in zip(ids, packed, strict=True) if one is not None]

    # --- importing -------------------------------------------------------------------------------------------------

    def replace(self, places: Iterable[Place], as_of: str, file: str, now: float) -> Status:
        if not _ask(self._client.set, DIRECTORY_IMPORTING, 1, nx=True, ex=ONE_IMPORT):
            raise DirectoryBroken(f"Another import is under way. If it was killed, try again in {ONE_IMPORT} seconds.")
        try:
            before = self.status()
            generation = int(_ask(self._client.incr, DIRECTORY_LAST))
            try:
                counts = self._load(generation, places)
                self._check(generation, counts)
            except BaseException:
                self._expire(generation, 1)
                raise
            status = Status(generation, as_of, counts[ANY], int(now), file, counts)
            self._keep(generation)
            _ask(self._client.set, DIRECTORY, json.dumps(status.as_fields()))  # from here on people see it
            for old in {*range(max(1, generation - SWEPT), generation), *([before.generation] if before else [])}:
                self._expire(old, SWAPPED_OUT)
            return status
        finally:
            _ask(self._client.delete, DIRECTORY_IMPORTING)

    def drop(self) -> None:
        status = self.status()
        _ask(self._client.delete, DIRECTORY)
        if status is not None:
            self._expire(status.generation, SWAPPED_OUT)

    def _load(self, generation: int, places: Iterable[Place]) -> dict[str, int]:
        """Write all places; how many there are by service."""
        counts = dict.fromkeys(SERVICES, 0)
        remaining = iter(places)
        while batch := list(islice(remaining, BATCH)):
            for place, new in zip(batch, self._write(generation, batch), strict=True):
                for service in (ANY, *place.services) if new else ():
                    counts[service] += 1
            _ask(self._client.expire, DIRECTORY_IMPORTING, ONE_IMPORT)
        if not counts[ANY]:
            raise DirectoryBroken("The file holds no place that can be used. Nothing was changed.")
        return counts

    def _write(self, generation: int, batch: Sequence[Place]) -> list[bool]:
        """Write `batch`; which of its places were not there yet."""
        pipe = self._client.pipeline(transaction=False)
        for place in batch:
            pipe.hset(directory_places(generation), place.id, _packed(place))
        for service in SERVICES:
            fit = [place for place in batch if service in (ANY, *place.services)]
            if fit:
                pipe.geoadd(directory_near(generation, service), [x for p in fit for x in (p.lon, p.lat, p.id)])
        for key in _keys(generation):
            pipe.expire(key, UNFINISHED)
        return [bool(new) for new in _ask(pipe.execute)[: len(batch)]]

    def _check(self, generation: int, counts: dict[str, int]) -> None:
        """Raises DirectoryBroken when the store does not hold what was written: full, evicting, failed over."""
        held = _ask(self._client.hlen, directory_places(generation))
        found = {s: _ask(self._client.zcard, directory_near(generation, s)) for s in SERVICES}
        if held != counts[ANY] or found != counts:
            raise DirectoryBroken("The store lost a part of what was written. Nothing was changed; try again.")

    def _keep(self, generation: int) -> None:
        for key in _keys(generation):
            _ask(self._client.persist, key)

    def _expire(self, generation: int, seconds: int) -> None:
        for key in _keys(generation):
            _ask(self._client.expire, key, seconds)


def _keys(generation: int) -> Iterator[str]:
    yield directory_places(generation)
    yield from (directory_near(generation, service) for service in SERVICES)


def _packed(place: Place) -> bytes:
    services = [SERVICES.index(service) for service in place.services]
    return bytes(
        msgpack.packb(
            [place.name, place.phone, place.town, place.state, place.lat, place.lon, services, place.part, place.street]
        )
    )


def _unpacked(id_: str, packed: bytes, as_of: str) -> Place:
    name, phone, town, state, lat, lon, services, part, street = msgpack.unpackb(packed)
    return Place(id_, name, phone, town, state, lat, lon, tuple(SERVICES[s] for s in services), part, street, as_of)


def _ask(call: Callable[..., Any], *args: Any, **options: Any) -> Any:
    """`call` with its arguments; every way in which a store can fail is told as one."""
    try:
        return call(*args, **options)
    except redis.RedisError as error:
        raise StoreDown(type(error).__name__) from error


def measure(directory: RedisDirectory, wanted: Iterable[Wanted]) -> list[float]:
    """Seconds that each look-up of `wanted` took, as a person's would. For `make bench`."""
    taken = []
    for one in wanted:
        began = time.perf_counter()
        directory.nearest(one, 0, 1)
        taken.append(time.perf_counter() - began)
    return taken
