"""What is known of a ZIP code: where it is, and whether it is one. The only file that knows the `zipcodes` package.

Its data lies in the wheel. The first question reads it (a quarter of a second), each further one takes less than a
millisecond; "2139" would raise ValueError, military codes lie at 0,0.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

KNOWN = 4096  # answers that are remembered: an importer asks for the same ones again and again


@dataclass(frozen=True, slots=True)
class Zip:
    """`kind`: "" for a usual one, "po_box" (nobody lives there), "retired", "military" or "unknown". Position in degrees;
    0, 0 where there is none."""

    code: str
    kind: str = ""
    lat: float = 0.0
    lon: float = 0.0

    @property
    def placed(self) -> bool:
        return bool(self.lat or self.lon)


@lru_cache(maxsize=KNOWN)
def look_up(code: str) -> Zip:
    """What is known of `code`, five digits. Never raises."""
    import zipcodes  # reading its data costs a process that never needs it

    if not (len(code) == 5 and code.isascii() and code.isdigit()):
        return Zip(code, "unknown")
    found = zipcodes.matching(code)  # type: ignore[no-untyped-call]
    if not found:
        return Zip(code, "unknown")
    lat, lon = float(found[0]["lat"]), float(found[0]["long"])
    return Zip(code, _kind(found[0], placed=bool(lat or lon)), lat, lon)


def _kind(found: dict[str, object], placed: bool) -> str:
    if found["zip_code_type"] == "MILITARY":
        return "military"
    if not found["active"]:
        return "retired"
    if not placed:
        return "unknown"  # in use, but where is not known
    return "po_box" if found["zip_code_type"] == "PO BOX" else ""
