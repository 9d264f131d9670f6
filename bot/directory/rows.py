"""From one row of a file to a place, or the reason why it is none."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

from ..core.places import KNOWN_FAR, Place, distance
from ..zips import Zip, look_up
from . import clean
from .columns import Columns
from .services import codes_in, of_codes

NORTHERNMOST = 85.0  # degrees; a geo index holds nothing nearer to a pole
_YES = frozenset("1 1.0 y yes x true t".split())


class BadRow(Exception):
    """Why a row is no place that can be shown."""


def place_of(cells: Sequence[str], columns: Columns) -> tuple[Place, tuple[str, ...]]:
    """The place in a row, and notes on what was mended or looks wrong: "zero", "placed", "far", "no phone". Raises BadRow."""

    def cell(field: str) -> str:
        at = columns.at.get(field, -1)
        return cells[at].strip() if 0 <= at < len(cells) else ""

    name = clean.text(cell("name"))
    if not name:
        raise BadRow("it has no name")
    code = clean.zip_code(cell("zip"))
    known = look_up(code) if code else Zip("", "unknown")
    lat, lon, placed = _position(cell("lat"), cell("lon"), cell("zip"), known)
    place = Place(
        id="", name=name, phone=clean.phone(cell("phone")), town=clean.text(cell("town")), state=clean.text(cell("state"))[:20],
        lat=lat, lon=lon, services=_services(cells, cell("services"), columns), part=clean.text(cell("part")), street=clean.text(cell("street")),
    )  # fmt: skip
    if not place.phone and not place.street:
        raise BadRow("it has neither a phone number nor a street")
    notes = {
        "zero": bool(code) and cell("zip").partition("-")[0].partition(".")[0] in (code.lstrip("0"),) and code.startswith("0"),
        "placed": placed,
        "far": not placed and known.placed and distance(known.lat, known.lon, place) > KNOWN_FAR,
        "no phone": not place.phone,
    }
    return replace(place, id=clean.identity(place)), tuple(note for note, is_so in notes.items() if is_so)


def _position(lat: str, lon: str, zip_said: str, known: Zip) -> tuple[float, float, bool]:
    """Degrees, and whether they are only the middle of the ZIP code."""
    if lat or lon:
        north, east = _degrees(lat), _degrees(lon)
        if north or east:
            if abs(north) > NORTHERNMOST or abs(east) > 180:
                raise BadRow(f"its coordinates {lat}, {lon} are nowhere (are latitude and longitude swapped?)")
            return north, east, False
    if known.placed:
        return known.lat, known.lon, True
    if not zip_said:
        raise BadRow("it has no coordinates and no ZIP code")
    raise BadRow(f"it has no coordinates, and where its ZIP code {clean.text(zip_said)[:12]} is is not known")


def _degrees(said: str) -> float:
    try:
        value = float(said or "0")
    except ValueError:
        raise BadRow(f"its coordinate '{clean.text(said)[:20]}' is not a number") from None
    if not math.isfinite(value):
        raise BadRow("its coordinate is not a number")
    return value


def _services(cells: Sequence[str], codes: str, columns: Columns) -> tuple[str, ...]:
    flagged = [code for code, at in columns.flags.items() if at < len(cells) and cells[at].strip().lower() in _YES]
    offered = of_codes([*codes_in(codes), *flagged])
    return tuple(dict.fromkeys((*offered, *columns.everywhere)))
