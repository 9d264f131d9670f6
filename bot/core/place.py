"""Does a text name a place, as people do who think that we can send help? Only asked inside an emergency."""

from __future__ import annotations

import re

from .words import plain

_STREETS = (
    r"st|str|street|ave|avenue|rd|road|dr|drive|ln|lane|blvd|boulevard|ct|court|hwy|highway|pl|place|way|ter|terrace|cir|circle|"
    r"pkwy|parkway|sq|square|route|rt"
)
_PLACE = re.compile(
    rf"\b\d{{1,6}}[a-z]?\s+(?:[\w.]+\s+){{0,4}}(?:{_STREETS})\b"  # 12 N Oak St, 400 west 5th street
    r"|\b(?:calle|avenida|carretera|colonia)\s+\w+"
    r"|\b(?:apt|apartment|unit|room|rm|suite|lot|trailer|apartamento|depto|cuarto)\.?\s*#?\s*\d+"
    r"|\b(?:address|direccion|corner of|cross ?streets?|zip)\b"
    r"|^\W*\d{5}(?:-\d{4})?\W*$"
)


def names_place(text: str) -> bool:
    return bool(_PLACE.search(plain(text)))
