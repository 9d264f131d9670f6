"""Which column of a file holds what: by the names that SAMHSA's exports use, or as the operator says."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from ..problem import Problem
from .services import SERVICES_OF

# What a place needs, and the column names (letters and digits only) that are known for each.
NAMES: dict[str, tuple[str, ...]] = {
    "name": ("name1", "name", "facilityname", "facility", "programname", "provider", "providername", "sitename"),
    "part": ("name2",),
    "street": ("street1", "address1", "street", "address", "streetaddress"),
    "town": ("city", "town"),
    "state": ("state", "st"),
    "zip": ("zip", "zipcode", "zip5", "postal", "postalcode"),
    "phone": ("phone", "telephone", "phonenumber", "phone1", "tel", "mainphone"),
    "lat": ("latitude", "lat", "y"),
    "lon": ("longitude", "lon", "lng", "long", "x"),
    "services": ("servicecodes", "servicecodeinfo", "codes", "services"),
}
_OTP_LIST = {
    "id",
    "address",
    "city",
    "state",
    "postal",
    "latitude",
    "longitude",
}  # SAMHSA's list of methadone clinics, as geocoded
SHOWN = 40  # columns that an error names; the locator's export has more than a hundred


class UnknownColumns(Problem):
    """A file whose columns cannot be told. Says what was found, and how to say what they are."""


@dataclass(frozen=True, slots=True)
class Columns:
    """Where each field stands in a row, from 0; `flags`: service codes with a column of their own; `everywhere`: services that
    all rows offer. `taken_for`: what the file was recognised as."""

    at: Mapping[str, int]
    flags: Mapping[str, int] = field(default_factory=dict)
    everywhere: tuple[str, ...] = ()
    taken_for: str = ""

    @property
    def tells_services(self) -> bool:
        return bool("services" in self.at or self.flags or self.everywhere)


def looks_like_header(cells: Sequence[str]) -> bool:
    """Whether a row names columns: a place, at least, and where it is."""
    known = {name for names in NAMES.values() for name in names} | {"id"}
    return len({_plain(cell) for cell in cells} & known) >= 3


def recognise(cells: Sequence[str], said: Mapping[str, str], everywhere: Sequence[str] = ()) -> Columns:
    """The columns of a file with the header `cells`. `said`: field -> column name, from the operator.

    Raises UnknownColumns naming all that is missing or could be two things.
    """
    plain = [_plain(cell) for cell in cells]
    problems: list[str] = []
    at = {}
    for wanted, names in NAMES.items():
        found = _said(wanted, cells, said, problems) if wanted in said else _known(wanted, names, cells, plain, problems)
        if found is not None:
            at[wanted] = found
    offered, taken_for = tuple(everywhere), ""
    if "name" not in at and set(plain) >= _OTP_LIST:
        at["name"] = plain.index("id")
        offered, taken_for = (*offered, "methadone"), "SAMHSA's list of opioid treatment programs: every place offers methadone"
    problems += _missing(at)
    if problems:
        shown = ", ".join(cell for cell in cells if cell)[: SHOWN * 20]
        raise UnknownColumns(
            "\n".join(
                [*problems, f"The file's columns: {shown}", "Say which is which, like: --column name=FACILITY --column zip=ZIP5"]
            )
        )
    used = set(at.values())
    flags = {cell.strip().upper(): i for i, cell in enumerate(cells) if i not in used and cell.strip().upper() in SERVICES_OF}
    return Columns(at, flags, tuple(dict.fromkeys(offered)), taken_for)


def _said(wanted: str, cells: Sequence[str], said: Mapping[str, str], problems: list[str]) -> int | None:
    found = [i for i, cell in enumerate(cells) if cell.strip().lower() == said[wanted].strip().lower()]
    if len(found) != 1:
        problems.append(f"There {'are several columns' if found else 'is no column'} '{said[wanted]}' (said to be the {wanted}).")
        return None
    return found[0]


def _known(wanted: str, names: Sequence[str], cells: Sequence[str], plain: Sequence[str], problems: list[str]) -> int | None:
    found = [i for i, name in enumerate(plain) if name in names]
    if len(found) > 1:
        could = " and ".join(f"'{cells[i]}'" for i in found)
        problems.append(f"Columns {could} could both be the {wanted}. Say which: --column {wanted}={cells[found[0]]}")
    return found[0] if len(found) == 1 else None


def _missing(at: Mapping[str, int]) -> list[str]:
    problems = [] if "name" in at else ["No column holds the name."]
    if ("lat" in at) != ("lon" in at):
        problems.append(f"Only one of latitude and longitude was found ({'lat' if 'lat' in at else 'lon'}).")
    if "zip" not in at and not {"lat", "lon"} <= set(at):
        problems.append("No column says where a place is: neither latitude and longitude nor a ZIP code.")
    return problems


def _plain(cell: str) -> str:
    return re.sub(r"[^a-z0-9]", "", cell.lower())
