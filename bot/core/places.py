"""Places where somebody can get help, and how three of them are told in a text message."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

# What people can ask for, in the order of the question's digits (flows/find.yaml, node `which`).
SERVICES = ("any", "methadone", "buprenorphine", "detox", "livein", "lowcost", "medicaid")
ANY = SERVICES[0]

EARTH = 3958.7613  # miles; the mean radius, 6,371.0088 km
SEGMENT = 153  # characters in each of several
TWO_SEGMENTS = 2 * SEGMENT
SHORTEST_NAME, LONGEST_NAME = 22, 60  # characters; shorter, and nobody knows which place is meant

_LEGAL = re.compile(r"[,\s]+(?:inc|llc|l\.l\.c|p\.?c|l\.?p|corp|ltd|co|pllc|pa)\.?(?=$|[\s,])\.?", re.IGNORECASE)
_SHORTER = (("Treatment Center", "Treatment Ctr"), ("Center", "Ctr"), ("Services", "Svcs"), ("Service", "Svc"),
            ("Community", "Comm"), ("Department", "Dept"), ("Medical", "Med"), (" and ", " & "), ("Saint ", "St "))  # fmt: skip
_LOOSE_ENDS = frozenset("of the for and & at in on a an to with - / by".split())


@dataclass(frozen=True, slots=True)
class Place:
    """One place. `id`: short, the same after a new import of the same row. `part`: which of several programs of that name.

    `phone`: like 617-555-0123, with " x12" for an extension; "" when the list has none. `services`: of SERVICES, without
    "any". `as_of`: the day of the data, YYYY-MM-DD.
    """

    id: str
    name: str
    phone: str
    town: str
    state: str
    lat: float
    lon: float
    services: tuple[str, ...] = ()
    part: str = ""
    street: str = ""
    as_of: str = ""


@dataclass(frozen=True, slots=True)
class Near:
    """A place and how far it is, in miles as the crow flies."""

    place: Place
    miles: float

    @property
    def reference(self) -> str:
        """What an answer keeps of it: the id, and tenths of a mile."""
        return f"{self.place.id}:{round(self.miles * 10)}"


def distance(lat: float, lon: float, place: Place) -> float:
    """Miles along the great circle (haversine)."""
    one, two = math.radians(lat), math.radians(place.lat)
    across, along = math.radians(place.lat - lat), math.radians(place.lon - lon)
    root = math.sin(across / 2) ** 2 + math.cos(one) * math.cos(two) * math.sin(along / 2) ** 2
    return 2 * EARTH * math.asin(min(1.0, math.sqrt(root)))


def ranked(lat: float, lon: float, places: Sequence[Place]) -> list[Near]:
    """`places` by distance; as far away as each other, by name."""
    nears = [Near(place, distance(lat, lon, place)) for place in places]
    return sorted(nears, key=lambda near: (near.miles, near.place.name, near.place.id))


# --- in words ------------------------------------------------------------------------------------------------------


def listed(text: str, references: Sequence[str], places: Mapping[str, Place]) -> str:
    """`text` with {places} and {as_of} filled in. Names are shortened so that all of it takes two segments, where it can.

    Raises KeyError when one of `references` is not among `places`.
    """
    nears = [(places[id_], int(tenths)) for id_, _, tenths in (reference.partition(":") for reference in references)]
    text = text.replace("{as_of}", _day(min((place.as_of for place, _ in nears), default="")))
    room = TWO_SEGMENTS - (len(text) - len("{places}"))
    return text.replace("{places}", "\n".join(_lines(nears, room)))


def _lines(nears: Sequence[tuple[Place, int]], room: int) -> list[str]:
    names = _told_apart([place for place, _ in nears])
    lines: list[str] = []
    for more in (0, SEGMENT):  # where even short names do not fit, the third segment is used
        for limit in range(LONGEST_NAME, SHORTEST_NAME - 1, -2):
            lines = [_line(shortened(name, limit), place, tenths) for name, (place, tenths) in zip(names, nears, strict=True)]
            if len("\n".join(lines)) <= room + more:
                return lines
    return lines


def _told_apart(places: Sequence[Place]) -> list[str]:
    """Their names; of several with one name and number, each with its part."""
    names = [place.name for place in places]
    return [place.part if place.part and names.count(place.name) > 1 else place.name for place in places]


def _line(name: str, place: Place, tenths: int) -> str:
    reach = place.phone or place.street
    return ", ".join(part for part in (name, reach, f"{tenths / 10:.1f} mi", place.town) if part)


def shortened(name: str, limit: int) -> str:
    """`name` in at most `limit` characters: without its legal form, usual short forms, then whole words cut from its end."""
    if len(name) <= limit:
        return name
    name = _LEGAL.sub("", name)
    for long, short in _SHORTER:
        if len(name) > limit:
            name = name.replace(long, short)
    if len(name) <= limit:
        return name
    words = name[: limit + 1].split(" ")[:-1] or [name[:limit]]
    while len(words) > 1 and words[-1].lower().strip(",") in _LOOSE_ENDS:
        words.pop()
    return " ".join(words).rstrip(" ,-/&(")


def _day(iso: str) -> str:
    """2026-11-01 as 11/1/2026."""
    year, _, rest = iso.partition("-")
    month, _, day = rest.partition("-")
    return f"{int(month)}/{int(day)}/{year}" if month and day else iso
