"""The live locator, against a stand-in. SYNTHETIC: built from the fields that are known of its answers, never from a live one."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import redis

from bot.app import App
from bot.content import Loaded
from bot.directory import Sources, Wanted
from bot.directory.locator import FAILURES, KEPT, PAUSE, Breaker, Locator
from bot.store import Store
from tests.directory.made_up import made_up_places
from tests.phone import START, Clock, Phone, make_app

KEY = b"k" * 32
NEAR = Wanted("02139", 42.3647, -71.1042, "any")


def row(name: str, phone: str = "617-555-0150", lat: str = "42.3700", lon: str = "-71.1100", **services: str) -> dict[str, Any]:
    said = [{"f1": heading, "f2": heading, "f3": values} for heading, values in services.items()]
    return {
        "name1": name, "name2": "", "street1": "1 Live St", "street2": "", "city": "Cambridge", "state": "MA", "zip": "02139",
        "phone": phone, "website": "http://", "latitude": lat, "longitude": lon, "miles": 0.5, "frid": "x", "_irow": 1,
        "typeFacility": "SA", "services": said or [{"f1": "Type of Care", "f2": "TC", "f3": "Substance use treatment"}],
    }  # fmt: skip


def body(*rows: object) -> bytes:
    return json.dumps({"page": 1, "totalPages": 1, "recordCount": len(rows), "rows": rows}).encode()


@dataclass
class StandIn:
    """A server that answers as told. `asked`: the parameters of each question."""

    answer: bytes = body()
    status: int = 200
    kind: str = "application/json"
    wait: float = 0.0
    drip: float = 0.0
    url: str = ""
    asked: list[dict[str, list[str]]] = field(default_factory=list)


@pytest.fixture
def stand_in() -> Iterator[StandIn]:
    told = StandIn()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            told.asked.append(parse_qs(urlsplit(self.path).query))
            time.sleep(told.wait)
            try:
                self.send_response(told.status)
                self.send_header("Content-Type", told.kind)
                self.end_headers()
                for start in range(0, len(told.answer), 65536 if not told.drip else 20):
                    self.wfile.write(told.answer[start : start + (65536 if not told.drip else 20)])
                    time.sleep(told.drip)
            except OSError:
                pass  # the one who asked went away

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    told.url = f"http://127.0.0.1:{server.server_port}/locator/exportsAsJson/v2"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield told
    server.shutdown()
    server.server_close()


@pytest.fixture
def locator(stand_in: StandIn, raw: redis.Redis) -> Locator:
    return Locator(stand_in.url, raw, KEY)


def names(locator: Locator, wanted: Wanted = NEAR) -> list[str] | None:
    listing = locator.nearest(wanted, START, 2.0)
    return None if listing is None else [near.place.name for near in listing.nears]


def test_places_come_nearest_first_with_the_day_they_were_asked(locator: Locator, stand_in: StandIn) -> None:
    stand_in.answer = body(
        row("Far Live", lat="42.5"), row("Near Live"), row("Middle Live", lat="42.4"), row("Last Live", lat="42.9")
    )
    assert names(locator) == ["Near Live", "Middle Live", "Far Live"]
    listing = locator.nearest(NEAR, START, 2.0)
    assert listing is not None
    assert {near.place.as_of for near in listing.nears} == {"2026-11-18"}


def test_it_is_asked_in_its_own_terms(locator: Locator, stand_in: StandIn) -> None:
    names(locator, Wanted("02139", 42.3647, -71.1042, "lowcost"))
    (asked,) = stand_in.asked
    assert asked["sAddr"] == ["42.3647,-71.1042"]
    assert (asked["limitType"], asked["sType"], asked["sort"]) == (["2"], ["SA"], ["0"])
    assert asked["sCodes"] == ["SS,NP,PA"]


def test_places_that_do_not_offer_it_are_left_out(locator: Locator, stand_in: StandIn) -> None:
    stand_in.answer = body(row("Pays Cash", PAY="Cash or self-payment"), row("Takes It", PAY="Medicaid; Medicare"))
    assert names(locator, Wanted("02139", 42.3647, -71.1042, "medicaid")) == ["Takes It"]


def test_an_answer_is_kept_for_its_zip_and_kind_and_its_name_hides_the_zip(
    locator: Locator, stand_in: StandIn, raw: redis.Redis
) -> None:
    stand_in.answer = body(row("Near Live"))
    assert names(locator) == names(locator) == ["Near Live"]
    assert len(stand_in.asked) == 1
    names(locator, Wanted("02139", 42.3647, -71.1042, "detox"))
    assert len(stand_in.asked) == 2
    keys = [key.decode() for key in raw.scan_iter("hl:live:near:*")]
    assert all("02139" not in key for key in keys)
    assert all(0 < raw.ttl(key) <= KEPT for key in keys)
    assert all(raw.ttl(key) > 0 for key in raw.scan_iter("hl:live:*"))


BROKEN: dict[str, dict[str, Any]] = {
    "html": {"answer": b"<html><body>Sorry</body></html>", "kind": "text/html"},
    "html with places": {"answer": b"<script>alert(1)</script>" * 50},
    "not json": {"answer": b'{"rows": [{"name1": '},
    "nothing": {"answer": b""},
    "an error": {"answer": body(row("Near Live")), "status": 500},
    "moved": {"answer": b"", "status": 302},
    "a list": {"answer": b"[1, 2, 3]"},
    "rows is text": {"answer": b'{"rows": "none"}'},
    "rows of numbers": {"answer": b'{"rows": [1, null, "x", [], {}]}'},
    "renamed": {"answer": json.dumps({"facilities": [row("Near Live")]}).encode()},
    "renamed fields": {
        "answer": json.dumps({"rows": [{"facilityName": "A", "tel": "617-555-0150", "lat": 42, "lng": -71}]}).encode()
    },
    "wrong types": {"answer": body({"name1": ["A"], "phone": 6175550150, "latitude": {}, "longitude": None, "services": "x"})},
    "no such place": {"answer": body(row("Nowhere", lat="999", lon="NaN"), row("Zero", lat="0", lon="0"))},
    "no number": {"answer": body(row("No Phone", phone="call us!"))},
    "deep": {"answer": b'{"rows": ' + b"[" * 100_000},
    "fifty megabytes": {"answer": b'{"rows": ["' + b"x" * 50_000_000},
}


@pytest.mark.parametrize("kind", BROKEN)
def test_whatever_it_answers_the_person_gets_places_from_the_directory(
    kind: str, stand_in: StandIn, raw: redis.Redis, loaded: Loaded, store: Store, clock: Clock
) -> None:
    for name, value in BROKEN[kind].items():
        setattr(stand_in, name, value)
    app = with_locator(stand_in, raw, loaded, store, clock)
    assert "River Street Clinic, 617-555-0101" in Phone(app).says("02139 methadone")


def with_locator(stand_in: StandIn, raw: redis.Redis, loaded: Loaded, store: Store, clock: Clock) -> App:
    directory = made_up_places(raw, "2026-11-01", clock.now)
    return make_app(loaded, store, clock, Sources((Locator(stand_in.url, raw, KEY), directory), directory))


def test_it_is_asked_before_the_directory(
    stand_in: StandIn, raw: redis.Redis, loaded: Loaded, store: Store, clock: Clock
) -> None:
    stand_in.answer = body(row("Near Live", OM="Methadone used in treatment"))
    answer = Phone(with_locator(stand_in, raw, loaded, store, clock)).says("02139 methadone")
    assert "Near Live, 617-555-0150, 0.5 mi, Cambridge" in answer
    assert "River Street" not in answer


def test_none_near_by_its_account_means_that_the_directory_is_asked(
    stand_in: StandIn, raw: redis.Redis, loaded: Loaded, store: Store, clock: Clock
) -> None:
    assert "River Street Clinic" in Phone(with_locator(stand_in, raw, loaded, store, clock)).says("02139 methadone")


@pytest.mark.parametrize("how", [{"wait": 5.0}, {"drip": 0.2, "answer": body(row("Slow Live")) * 3}])
def test_while_it_is_slow_nobody_waits_two_seconds(
    how: dict[str, Any], stand_in: StandIn, raw: redis.Redis, loaded: Loaded, store: Store, clock: Clock
) -> None:
    for name, value in how.items():
        setattr(stand_in, name, value)
    phone = Phone(with_locator(stand_in, raw, loaded, store, clock))
    began = time.monotonic()
    assert "River Street Clinic" in phone.says("02139 methadone")
    assert time.monotonic() - began < 2.0


def test_slow_and_alone_it_leaves_the_way_that_always_works(
    stand_in: StandIn, raw: redis.Redis, loaded: Loaded, store: Store, clock: Clock
) -> None:
    stand_in.wait = 5.0
    phone = Phone(make_app(loaded, store, clock, Sources((Locator(stand_in.url, raw, KEY),))))
    began = time.monotonic()
    assert "1-800-662-4357" in phone.says("02139 methadone")
    assert time.monotonic() - began < 2.0


def test_a_late_answer_serves_the_next_person(locator: Locator, stand_in: StandIn, raw: redis.Redis) -> None:
    stand_in.wait, stand_in.answer = 0.4, body(row("Late Live"))
    assert locator.nearest(NEAR, START, 0.05) is None
    until = time.monotonic() + 10
    while not list(raw.scan_iter("hl:live:near:*")) and time.monotonic() < until:
        time.sleep(0.02)
    assert names(locator) == ["Late Live"]
    assert len(stand_in.asked) == 1


def test_after_some_failures_it_is_left_alone_for_a_while(stand_in: StandIn, raw: redis.Redis) -> None:
    clock = Clock()
    locator = Locator(stand_in.url, raw, KEY, Breaker(clock))
    stand_in.status = 503
    for _ in range(FAILURES + 3):
        assert names(locator) is None
    assert len(stand_in.asked) == FAILURES
    clock.pass_(PAUSE + 1)
    stand_in.status, stand_in.answer = 200, body(row("Back Live"))
    assert names(locator) == ["Back Live"]


def test_a_retry_shows_the_same_places_though_it_is_gone(
    stand_in: StandIn, raw: redis.Redis, loaded: Loaded, store: Store, clock: Clock, logs: Callable[[], str]
) -> None:
    stand_in.answer = body(row("Near Live", OM="Methadone used in treatment"))
    phone = Phone(with_locator(stand_in, raw, loaded, store, clock))
    first = phone.text("02139 methadone", message_id="SM-one")
    stand_in.status = 500
    for key in raw.scan_iter("hl:live:near:*"):
        raw.delete(key)
    assert phone.text("02139 methadone", message_id="SM-one") == first
    assert "02139" not in logs()
