"""The nearest three of 12,000 places, made up around real ZIP codes, for people near other ones."""

from __future__ import annotations

import random

import zipcodes

from bot.core.places import ANY, SERVICES, Place
from bot.directory import Wanted
from bot.directory.redis import RedisDirectory, measure
from bot.store.connect import connect

from .bench import Bench, client, stats
from .figures import Figure, figure, percentile

PART = "places"
PLACES = 12_000
AS_OF = "2026-01-01"
NEARBY = 0.1  # degrees around the middle of a ZIP code
ROUNDS = 9


def run(bench: Bench) -> list[Figure]:
    """A sample is the percentile of one round of look-ups."""
    chance = random.Random(1)
    all_zips = zipcodes.list_all()  # type: ignore[no-untyped-call]
    middles = [(float(z["lat"]), float(z["long"])) for z in all_zips if float(z["lat"])]
    with bench.processes.store() as store, client(store) as raw:
        directory = RedisDirectory(connect(store.url))
        used = stats(raw).used
        directory.replace((_place(n, *chance.choice(middles), chance) for n in range(PLACES)), AS_OF, "made up", 0)
        used = stats(raw).used - used
        measure(directory, _wanted(middles, chance))
        before = stats(raw).reads
        rounds = [[1000 * seconds for seconds in measure(directory, _wanted(middles, chance))] for _ in range(ROUNDS)]
        reads = stats(raw).reads - before - 1
    count = sum(map(len, rounds))
    return [
        figure(PART, f"nearest three of {PLACES:,}: p50", [percentile(times, 0.5) for times in rounds], "ms"),
        figure(PART, f"nearest three of {PLACES:,}: p99", [percentile(times, 0.99) for times in rounds], "ms", "3 or less"),
        figure(PART, "store round trips a look-up", [reads / count]),
        figure(PART, f"megabytes of {PLACES:,} places", [used / 1e6], "MB"),
    ]


def _place(number: int, lat: float, lon: float, chance: random.Random) -> Place:
    services = tuple(service for service in SERVICES if service != ANY and chance.random() < 0.4)
    return Place(
        f"p{number:09}", f"Community Treatment Center {number}", "617-555-0123", "Springfield", "MA",
        lat + chance.uniform(-NEARBY, NEARBY), lon + chance.uniform(-NEARBY, NEARBY), services, "", f"{number} Main St", AS_OF,
    )  # fmt: skip


def _wanted(middles: list[tuple[float, float]], chance: random.Random, count: int = 400) -> list[Wanted]:
    return [Wanted("", *chance.choice(middles), chance.choice(SERVICES)) for _ in range(count)]
