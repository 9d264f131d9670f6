"""From one row of a file to a place, or the reason why it is none."""

from __future__ import annotations

import math
from collections.abc import Sequence

from ..core.places import Place
from ..zips import look_up
from . import clean
from .columns import Columns
from .services import codes_in, of_codes

# South, north, west, east, in degrees: the states with Puerto Rico; the islands of the western Pacific; American Samoa.
UNITED_STATES = ((13.0, 72.0, -180.0, -60.0), (0.0, 56.0, 130.0, 180.0), (-16.0, -10.0, -175.0, -165.0))
_YES = frozenset("1 1.0 y yes x true t".split())


class BadRow(Exception):
    """Why a row is no place that can be shown."""


def place_of(cells: Sequence[str], columns: Columns) -> tuple[Place, tuple[str, ...]]:
    """The place in a row, and notes on what was mended: "zero", "placed", "no phone". Raises BadRow."""

    def cell(field: str) -> str:
        at = columns.at.get(field, -1)
        return clean.cell(cells[at]) if 0 <= at < len(cells) else ""

    name = clean.text(cell("name"))
    if not name:
        raise BadRow("it has no name")
    code = clean.zip_code(cell("zip"))
    lat, lon, placed = _position(cell("lat"), cell("lon"), cell("zip"), code)
    place = Place(
        id=clean.identity(cells), name=name, phone=clean.phone(cell("phone")),
        town=clean.text(cell("town")), state=clean.text(cell("state"))[:20], lat=lat, lon=lon,
        services=_services(cells, cell("services"), columns), part=clean.text(cell("part")), street=clean.text(cell("street")),
    )  # fmt: skip
    if not place.phone and not place.street:
        raise BadRow("it has neither a phone number nor a street")
    lost = code.startswith("0") and not cell("zip").startswith("0")
    notes = {"zero": lost, "placed": placed, "no phone": not place.phone}
    return place, tuple(note for note, is_so in notes.items() if is_so)


def _position(lat: str, lon: str, said: str, code: str) -> tuple[float, float, bool]:
    """Degrees, and whether they are only the middle of the ZIP code."""
    north, east = _degrees(lat), _degrees(lon)
    if north or east:
        if not any(s <= north <= n and w <= east <= e for s, n, w, e in UNITED_STATES):
            raise BadRow(f"its coordinates {lat}, {lon} are not in the United States (swapped, or a minus sign lost?)")
        return north, east, False
    known = look_up(code)
    if known.placed:
        return known.lat, known.lon, True
    if not said:
        raise BadRow("it has no coordinates and no ZIP code")
    raise BadRow(f"it has no coordinates, and where its ZIP code '{clean.text(said)[:12]}' lies is not known")


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
