"""The live FindTreatment.gov locator. Undocumented and without a promise (FACTS F), so: off by default, believed in nothing.

Fields are those seen in its own front end; each is checked, and whatever is odd means that the next source is asked.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

import redis
import requests

from ..core.places import ANY, Place, ranked
from ..log import log
from ..patience import Patience, TooLate
from ..store.keys import live_listing, live_place
from . import clean
from .contract import Listing, Wanted
from .services import SAID

DEADLINE = 2.0  # seconds for the whole question; one that is late still fills the cache
STEP = 1.0  # for connecting, and for each piece of the answer
LARGEST = 1_000_000  # bytes; thirty rows have some 60,000
ROWS = 30  # asked for: ten messages
WITHIN_METERS = 160_934  # 100 miles
KEPT = 6 * 3600  # seconds that an answer is used again
PLACE_KEPT = 2 * 86400  # longer than a conversation that may show it again
FAILURES, PAUSE = 3, 60.0  # so many in a row, and for so many seconds nobody asks
HANGING = 2  # questions of one process that may still be waiting though nobody waits for them
CODES = {
    "methadone": "METH", "buprenorphine": "BU", "detox": "DT", "livein": "RES", "lowcost": "SS,NP,PA", "medicaid": "MD",
}  # fmt: skip


class Odd(Exception):
    """An answer that is not what it should be."""


class Breaker:
    """Keeps from asking what does not answer: after FAILURES in a row for PAUSE seconds, then one may try."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._failed = 0
        self._until = 0.0

    def closed(self) -> bool:
        return self._clock() >= self._until

    def note(self, well: bool) -> None:
        self._failed = 0 if well else self._failed + 1
        if self._failed >= FAILURES:
            self._until = self._clock() + PAUSE


class Locator:
    """`url` answers like FindTreatment.gov's exportsAsJson. `key` hides ZIP codes in the names of cached answers."""

    def __init__(self, url: str, client: redis.Redis, key: bytes, breaker: Breaker | None = None) -> None:
        self._url, self._client, self._key = url, client, key
        self._breaker = breaker or Breaker()
        self._patience = Patience(HANGING)

    def ready(self, now: float) -> bool:
        return True

    def nearest(self, wanted: Wanted, now: float, seconds: float) -> Listing | None:
        cached = self._cached(wanted)
        places = cached if cached is not None else self._asked(wanted, now, seconds)
        if places is None:
            return None
        nears = ranked(wanted.lat, wanted.lon, places)
        return Listing(tuple(nears[wanted.offset : wanted.offset + wanted.limit]), some=bool(nears))

    def places(self, ids: Sequence[str]) -> dict[str, Place]:
        told = {id_: self._client.get(live_place(id_)) for id_ in ids}
        return {id_: _place(json.loads(one)) for id_, one in told.items() if isinstance(one, bytes)}

    def _asked(self, wanted: Wanted, now: float, seconds: float) -> list[Place] | None:
        if not self._breaker.closed():
            return None
        try:
            return self._patience.run(seconds, lambda: self._answered(wanted, now))
        except TooLate:
            log.warning("locator_late", seconds=round(seconds, 1))
        except Exception as error:
            log.warning("locator_failed", error=type(error).__name__)
        return None

    def _answered(self, wanted: Wanted, now: float) -> list[Place]:
        """Ask, check, keep. Runs to its own deadline even when the person has been answered."""
        try:
            rows = fetch(self._url, question(wanted), DEADLINE)
            places = places_in(rows, wanted.service, datetime.fromtimestamp(now, UTC).date().isoformat())
        except Exception:
            self._breaker.note(well=False)
            raise
        self._breaker.note(well=True)
        self._keep(wanted, places)
        return places

    def _cache_key(self, wanted: Wanted) -> str:
        asked = f"{wanted.zip} {wanted.service}".encode()
        return live_listing(hmac.new(self._key, asked, hashlib.sha256).hexdigest()[:32])

    def _cached(self, wanted: Wanted) -> list[Place] | None:
        told = self._client.get(self._cache_key(wanted))
        return [_place(one) for one in json.loads(told)] if isinstance(told, bytes) else None

    def _keep(self, wanted: Wanted, places: Sequence[Place]) -> None:
        for place in places:
            self._client.set(live_place(place.id), json.dumps(asdict(place)), ex=PLACE_KEPT)
        self._client.set(self._cache_key(wanted), json.dumps([asdict(place) for place in places]), ex=KEPT)


def question(wanted: Wanted) -> dict[str, str]:
    """The parameters of a question (FACTS F): distance in meters, nearest first, substance use care."""
    codes = CODES.get(wanted.service, "")
    asked = {
        "sAddr": f"{wanted.lat},{wanted.lon}", "limitType": "2", "limitValue": str(WITHIN_METERS), "sType": "SA",
        "pageSize": str(ROWS), "page": "1", "sort": "0",
    }  # fmt: skip
    return asked | ({"sCodes": codes} if codes else {})


def fetch(url: str, asked: dict[str, str], seconds: float) -> list[object]:
    """The rows of the answer. Raises Odd, or requests' errors. Takes `seconds`, and one more STEP at most."""
    until = time.monotonic() + seconds
    headers = {"Accept": "application/json", "Accept-Encoding": "identity", "User-Agent": "helpline"}
    with requests.get(url, params=asked, headers=headers, timeout=STEP, stream=True, allow_redirects=False) as response:
        if response.status_code != 200:
            raise Odd(f"status {response.status_code}")
        body = bytearray()
        while chunk := response.raw.read1(65536):
            body += chunk
            if len(body) > LARGEST or time.monotonic() > until:
                raise Odd("too long")
    told: Any = json.loads(body)
    rows = told.get("rows") if isinstance(told, dict) else None
    if not isinstance(rows, list):
        raise Odd("no rows")
    return rows


def places_in(rows: Sequence[object], service: str, as_of: str) -> list[Place]:
    """The places in `rows` that can be shown and fit. Raises Odd when there are rows, and none of them is a place."""
    found = [place for place in (_read(row, as_of) for row in rows[: 2 * ROWS]) if place is not None]
    if rows and not found:
        raise Odd("no row is a place")
    return [place for place in found if service == ANY or service in place.services or not _tells(rows)]


def _tells(rows: Sequence[object]) -> bool:
    """Whether the rows tell services at all; if not, the question's own filter has to do."""
    return any(isinstance(row, dict) and row.get("services") for row in rows)


def _read(row: object, as_of: str) -> Place | None:
    """One row, if it is a place with a name, a number and a position."""
    if not isinstance(row, dict):
        return None
    name, phone = clean.text(row.get("name1")), clean.phone(row.get("phone"))
    try:
        lat, lon = float(str(row.get("latitude"))), float(str(row.get("longitude")))
    except ValueError:
        return None
    if not name or not phone or not (-85 < lat < 85 and -180 <= lon <= 180) or not (lat or lon):
        return None
    place = Place(
        "", name, phone, clean.text(row.get("city")), clean.text(row.get("state")), lat, lon, _services(row.get("services")),
        clean.text(row.get("name2")), clean.text(row.get("street1")), as_of,
    )  # fmt: skip
    return _place(asdict(place) | {"id": clean.identity(asdict(place).values())})


def _services(told: object) -> tuple[str, ...]:
    """From [{f1: heading, f2: its code, f3: "value; value"}]."""
    said = [
        (str(one.get("f2", "")).upper(), str(one.get("f3", "")))
        for one in (told if isinstance(told, list) else [])
        if isinstance(one, dict)
    ]
    return tuple(
        service
        for service, (headings, words) in SAID.items()
        if any(heading in headings and words.search(values) for heading, values in said)
    )


def _place(fields: dict[str, Any]) -> Place:
    return Place(**{**fields, "services": tuple(fields["services"])})
