"""One suite for every directory: memory, the server that we embed, and 6.2, the oldest that we support."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
import redis

from bot.core.places import ANY, SERVICES, Place, ranked
from bot.directory import Directory, Wanted
from bot.directory.contract import DirectoryBroken
from bot.directory.memory import MemoryDirectory
from bot.directory.redis import SWAPPED_OUT, RedisDirectory, measure
from bot.store import StoreDown
from bot.store.connect import connect
from tests.directory.made_up import many, zips
from tests.phone import START
from tests.store.conftest import oldest  # noqa: F401 (a fixture)

AS_OF = "2026-11-01"
PLACES = many(600)


@pytest.fixture(params=["memory", "embedded", "oldest"])
def directory(request: pytest.FixtureRequest) -> Directory:
    if request.param == "memory":
        return MemoryDirectory()
    client = connect(request.getfixturevalue("server" if request.param == "embedded" else "oldest").url)
    client.flushall()
    return RedisDirectory(client)


def near(directory: Directory, lat: float, lon: float, service: str = ANY, offset: int = 0) -> list[tuple[str, float]]:
    listing = directory.nearest(Wanted("", lat, lon, service, offset), START, 1)
    assert listing is not None
    return [(n.place.name, n.miles) for n in listing.nears]


def brute(places: list[Place], lat: float, lon: float, service: str = ANY, offset: int = 0) -> list[tuple[str, float]]:
    fit = [place for place in places if service in (ANY, *place.services)]
    return [(n.place.name, n.miles) for n in ranked(lat, lon, fit)[offset : offset + 3]]


def test_nothing_is_loaded_at_first(directory: Directory) -> None:
    assert directory.status() is None
    assert not directory.ready(START)
    assert directory.places(["a"]) == {}


def test_what_is_loaded_is_found_and_read_back(directory: Directory) -> None:
    status = directory.replace(PLACES, AS_OF, "list.csv", START)
    assert (status.count, status.as_of, status.file) == (600, AS_OF, "list.csv")
    assert directory.status() == status
    assert directory.ready(START)
    found = directory.places([PLACES[0].id, "gone"])
    assert list(found) == [PLACES[0].id]
    assert found[PLACES[0].id] == replace(PLACES[0], as_of=AS_OF)
    listing = directory.nearest(Wanted("", 40, -90, ANY), START, 1)
    assert listing is not None
    assert {near.place.as_of for near in listing.nears} == {AS_OF}


@pytest.mark.parametrize("service", SERVICES)
def test_answers_equal_a_search_of_all_places(directory: Directory, service: str) -> None:
    directory.replace(PLACES, AS_OF, "list.csv", START)
    for lat, lon in zips(40):
        for offset in (0, 3, 27):
            assert near(directory, lat, lon, service, offset) == brute(PLACES, lat, lon, service, offset)


def test_many_places_at_one_spot_are_listed_by_name(directory: Directory) -> None:
    tower = [Place(f"t{i:09d}", f"Office {199 - i:03d}", "617-555-0100", "Boston", "MA", 42.35, -71.06) for i in range(200)]
    directory.replace(tower, AS_OF, "list.csv", START)
    assert near(directory, 42.36, -71.06) == brute(tower, 42.36, -71.06)
    assert [name for name, _ in near(directory, 42.36, -71.06)] == ["Office 000", "Office 001", "Office 002"]


def test_a_kind_that_nobody_offers_finds_nothing(directory: Directory) -> None:
    directory.replace([Place("a", "House", "617-555-0100", "Boston", "MA", 42.35, -71.06)], AS_OF, "list.csv", START)
    listing = directory.nearest(Wanted("", 42.0, -71.0, "detox"), START, 1)
    assert listing is not None
    assert not listing.some


def test_a_new_list_replaces_the_old_one_at_once(directory: Directory) -> None:
    directory.replace(PLACES, AS_OF, "old.csv", START)
    directory.replace(PLACES[:5], "2026-11-20", "new.csv", START)
    status = directory.status()
    assert status is not None
    assert (status.count, status.as_of) == (5, "2026-11-20")
    assert near(directory, 40, -90, offset=3) == brute(PLACES[:5], 40, -90, offset=3)


def test_an_import_that_breaks_changes_nothing(directory: Directory) -> None:
    before = directory.replace(PLACES, AS_OF, "old.csv", START)

    def breaking() -> Iterator[Place]:
        yield from PLACES[:50]
        raise OSError("the disk is gone")

    with pytest.raises(OSError, match="disk"):
        directory.replace(breaking(), "2026-11-20", "new.csv", START)
    assert directory.status() == before
    assert near(directory, 40, -90) == brute(PLACES, 40, -90)


def test_while_a_new_list_is_read_people_see_the_old_one(directory: Directory) -> None:
    directory.replace(PLACES, AS_OF, "old.csv", START)
    seen: list[list[tuple[str, float]]] = []

    def looking() -> Iterator[Place]:
        for place in many(1200, seed=8):
            seen.append(near(directory, 40, -90)) if len(seen) < 3 else None
            yield place

    directory.replace(looking(), "2026-11-20", "new.csv", START)
    assert seen == [brute(PLACES, 40, -90)] * 3
    assert near(directory, 40, -90) == brute(many(1200, seed=8), 40, -90)


def test_what_is_dropped_is_gone(directory: Directory) -> None:
    directory.replace(PLACES, AS_OF, "old.csv", START)
    directory.drop()
    assert directory.status() is None
    assert not directory.ready(START)


def test_data_older_than_two_years_are_not_shown_unless_a_setting_says_so(raw: redis.Redis) -> None:
    RedisDirectory(raw).replace(PLACES, "2024-11-01", "old.csv", START)
    assert not RedisDirectory(raw).ready(START)
    assert RedisDirectory(raw, shown_anyway=True).ready(START)


def test_the_operator_is_warned_after_a_year_and_told_after_two() -> None:
    directory = MemoryDirectory()
    assert directory.replace(PLACES, "2026-01-01", "f", START).age_warning(START) == ""
    assert "more than a year old" in directory.replace(PLACES, "2025-11-01", "f", START).age_warning(START)
    assert "people are not shown it" in directory.replace(PLACES, "2024-11-01", "f", START).age_warning(START)
    assert "more than a year" in directory.replace(PLACES, "2024-11-01", "f", START).age_warning(START, shown_anyway=True)


# --- in Redis ------------------------------------------------------------------------------------------------------


def test_the_list_before_stays_for_those_who_ask_at_that_moment_and_goes_then(raw: redis.Redis) -> None:
    directory = RedisDirectory(raw)
    old = directory.replace(PLACES, AS_OF, "old.csv", START)
    directory.replace(PLACES[:9], AS_OF, "new.csv", START)
    assert directory.nearest_of(old, Wanted("", 40, -90, ANY)).some
    lives = {key: raw.ttl(key) for key in raw.scan_iter(f"hl:directory:{{{old.generation}}}:*")}
    assert lives
    assert all(0 < life <= SWAPPED_OUT for life in lives.values())
    assert all(raw.ttl(key) == -1 for key in raw.scan_iter(f"hl:directory:{{{old.generation + 1}}}:*"))


def test_what_a_broken_import_wrote_goes_by_itself(raw: redis.Redis) -> None:
    class Killed(BaseException):
        pass

    def killed() -> Iterator[Place]:
        yield from many(900)
        raise Killed

    with pytest.raises(Killed):
        RedisDirectory(raw).replace(killed(), AS_OF, "f", START)
    left = [key for key in raw.scan_iter("hl:directory:*") if key != b"hl:directory:last"]
    assert all(0 < raw.ttl(key) <= 1 for key in left)


def test_two_imports_at_once_are_refused(raw: redis.Redis) -> None:
    directory = RedisDirectory(raw)

    def nested() -> Iterator[Place]:
        with pytest.raises(DirectoryBroken, match="Another import"):
            directory.replace(PLACES, AS_OF, "second", START)
        yield from PLACES

    assert directory.replace(nested(), AS_OF, "first", START).file == "first"


def test_a_full_store_leaves_everything_as_it_was(raw: redis.Redis) -> None:
    directory = RedisDirectory(raw)
    before = directory.replace(PLACES, AS_OF, "old.csv", START)

    def filling() -> Iterator[Place]:
        yield from many(1200)
        raw.config_set("maxmemory", "1")

    try:
        with pytest.raises(StoreDown):
            directory.replace(filling(), AS_OF, "new.csv", START)
    finally:
        raw.config_set("maxmemory", "0")
    assert directory.status() == before
    assert near(directory, 40, -90) == brute(PLACES, 40, -90)


def test_no_command_names_keys_of_two_slots(raw: redis.Redis) -> None:
    with raw.monitor() as seen:  # type: ignore[no-untyped-call]
        directory = RedisDirectory(connect_like(raw))
        directory.replace(PLACES[:20], AS_OF, "f", START)
        near(directory, 40, -90)
        directory.drop()
        raw.echo("done")
        for said in seen.listen():
            words = said["command"].split(" ")
            if words[0].upper() == "ECHO":
                break
            assert sum(word.startswith("hl:") for word in words) <= 1, words[:4]


def connect_like(client: redis.Redis) -> redis.Redis:
    return connect(f"unix://{client.connection_pool.connection_kwargs['path']}")


def test_twelve_thousand_places_are_searched_as_a_file_would_be(raw: redis.Redis) -> None:
    places = many(12000)
    directory = RedisDirectory(raw)
    directory.replace(places, AS_OF, "list.csv", START)
    for number, (lat, lon) in enumerate(zips(70)):
        service = SERVICES[number % len(SERVICES)]
        assert near(directory, lat, lon, service) == brute(places, lat, lon, service)
    assert len(measure(directory, [Wanted("", lat, lon, ANY) for lat, lon in zips(5)])) == 5


def test_what_an_import_left_that_died_at_the_last_moment_goes_with_the_next(raw: redis.Redis) -> None:
    directory = RedisDirectory(raw)
    directory.replace(PLACES[:3], AS_OF, "first", START)
    raw.delete("hl:directory")  # as if it had died before it was swapped in
    directory.replace(PLACES[:3], AS_OF, "second", START)
    assert 0 < raw.ttl("hl:directory:{1}:places") <= SWAPPED_OUT
    assert raw.ttl("hl:directory:{2}:places") == -1
