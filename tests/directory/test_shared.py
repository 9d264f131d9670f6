"""The real old directories, where they lie beside the project: never shipped, never shown, only measured against."""

from __future__ import annotations

import csv
import math
import random
from datetime import date
from heapq import nlargest
from pathlib import Path

import pytest
import redis

from bot.core.places import SERVICES, Place, ranked
from bot.directory import Wanted
from bot.directory.importing import Options, Report, load
from bot.directory.redis import RedisDirectory
from bot.directory.services import codes_in, of_codes
from bot.zips import look_up
from tests.phone import START

SHARED = Path(__file__).parent.parent.parent.parent / "shared" / "data"
OLD = SHARED / "samhsa_directory_2015_geocoded.tsv"
CLINICS = SHARED / "samhsa_otp_directory_2021_geocoded.csv"
missing = pytest.mark.skipif(not OLD.exists(), reason=f"{OLD} is not there: the comparison with the real file was NOT made")


def by_hand() -> list[Place]:
    """The file read with nothing of ours but the table of codes."""
    with OLD.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    return [
        Place(
            str(i),
            r["name1"],
            "",
            r["city"],
            r["state"],
            float(r["lat"]),
            float(r["lon"]),
            of_codes(codes_in(r["service_codes"])),
        )
        for i, r in enumerate(rows)
    ]


def on_the_globe(lat: float, lon: float) -> tuple[float, float, float]:
    north, east = math.radians(lat), math.radians(lon)
    return math.cos(north) * math.cos(east), math.cos(north) * math.sin(east), math.sin(north)


def imported(client: redis.Redis, path: Path) -> tuple[RedisDirectory, Report]:
    directory, report = RedisDirectory(client), Report(bad=lambda line, why: None)
    load(directory, path, date(2015, 1, 1), Options(), report, lambda at: None, START)
    return directory, report


@missing
def test_five_hundred_zip_codes_and_every_kind_answer_as_the_whole_file_would(raw: redis.Redis) -> None:
    directory, _ = imported(raw, OLD)
    status = directory.status()
    assert status is not None
    places = [(on_the_globe(p.lat, p.lon), p) for p in by_hand()]
    offering = {service: [(x, p) for x, p in places if service == "any" or service in p.services] for service in SERVICES}
    chance = random.Random(3)
    asked = 0
    while asked < 500:
        known = look_up(f"{chance.randrange(100_000):05d}")
        if known.kind:
            continue
        service = SERVICES[asked % len(SERVICES)]
        asked += 1
        listing = directory.nearest_of(status, Wanted(known.code, known.lat, known.lon, service))
        fit = offering[service]
        a, b, c = on_the_globe(known.lat, known.lon)
        nearest = nlargest(60, [(x * a + y * b + z * c, i) for i, ((x, y, z), _) in enumerate(fit)])  # quick, then exact
        expected = ranked(known.lat, known.lon, [fit[i][1] for _, i in nearest])[:3]
        assert [(n.place.town, n.miles) for n in listing.nears] == [(n.place.town, n.miles) for n in expected], known
        assert sorted(n.place.name for n in listing.nears) == sorted(n.place.name for n in expected), known


@missing
def test_the_old_directory_is_read_whole(raw: redis.Redis) -> None:
    directory, report = imported(raw, OLD)
    status = directory.status()
    assert status is not None
    assert (report.read, report.left_out, status.count) == (11928, 0, 11928)
    assert report.notes["zero"] == 1210


@missing
def test_the_list_of_methadone_clinics_is_read_whole(raw: redis.Redis) -> None:
    directory, report = imported(raw, CLINICS)
    status = directory.status()
    assert status is not None
    assert (report.read, report.left_out) == (1831, 0)
    assert status.counts["methadone"] == status.count
