"""Places that do not exist, with numbers that nobody has: a few by hand for conversations, many at random for measuring."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import redis

from bot.core.places import SERVICES, Place
from bot.directory.importing import Options, Report, load
from bot.directory.redis import RedisDirectory

CSV = Path(__file__).parent / "places.csv"


def made_up_places(client: redis.Redis, as_of: str, now: float) -> RedisDirectory:
    """The few of places.csv, imported as an operator would."""
    directory = RedisDirectory(client)
    load(directory, CSV, date.fromisoformat(as_of), Options(), Report(bad=lambda line, why: None), lambda at: None, now)
    return directory


def many(count: int, seed: int = 7) -> list[Place]:
    """Places in clumps, as towns are; every tenth stands where the one before it does, and some share a name."""
    chance = random.Random(seed)
    towns = [(chance.uniform(25, 48), chance.uniform(-124, -68)) for _ in range(max(1, count // 40))]
    places: list[Place] = []
    for number in range(count):
        lat, lon = chance.choice(towns)
        at = (round(lat + chance.gauss(0, 0.2), 6), round(lon + chance.gauss(0, 0.2), 6))
        if number % 10 == 9:
            at = (places[-1].lat, places[-1].lon)
        offers = tuple(s for s in SERVICES[1:] if chance.random() < 0.2)
        name = f"House {chance.randrange(count // 2 + 1)}"
        phone = f"617-555-{chance.randrange(10000):04d}"
        places.append(Place(f"p{number:09d}", name, phone, "Town", "MA", *at, offers))
    return places


def zips(count: int, seed: int = 11) -> list[tuple[float, float]]:
    """Positions from which people ask, some far from every place."""
    chance = random.Random(seed)
    return [(chance.uniform(18, 65), chance.uniform(-160, -66)) for _ in range(count)]


def as_rows(places: Sequence[Place]) -> list[str]:
    """`places` as lines of a CSV in the columns of SAMHSA's exports."""
    codes = {"methadone": "MM", "buprenorphine": "BU", "detox": "DT", "livein": "RES", "lowcost": "SS", "medicaid": "MD"}
    lines = ["name1,address1,city,state,zip,phone,service_codes,lon,lat"]
    for p in places:
        offered = "/".join(["SA", *(codes[s] for s in p.services)])
        lines.append(f"{p.name},{p.id} Main St,{p.town},{p.state},02139,({p.phone[:3]}){p.phone[4:]},{offered},{p.lon},{p.lat}")
    return lines
