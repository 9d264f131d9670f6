"""The search for a place near a ZIP code: what is remembered while it is open, and which node answers. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from .messages import Answer
from .places import ANY, SERVICES, Near

FLOW = "find"
# The engine says these; what is really answered depends on what the sources hold (bot.finding asks them).
START, WHICH, PLACES, CHECK, TOWN = "find.start", "find.which", "find.places", "find.check", "find.town"
ASK, ALWAYS, FAR, NONE, NO_MORE, PO_BOX, NEAR_PO_BOX, CANADA = (
    "find.ask", "find.zip", "find.far", "find.none", "find.no_more", "find.po_box", "find.near_po_box", "find.canada",
)  # fmt: skip
BAD_ZIP = {"unknown": "find.unknown", "retired": "find.retired", "military": "find.military"}
DEPENDS = (START, WHICH, PLACES, CHECK, TOWN)
ASKING = frozenset({ASK, CHECK, TOWN, CANADA, *BAD_ZIP.values()})  # these wait for a ZIP code
OF_KIND = {service: f"find.of_{service}" for service in SERVICES if service != ANY}  # said where the kind was remembered
NODES = frozenset({*OF_KIND.values(), *DEPENDS, *ASKING, ALWAYS, FAR, NONE, NO_MORE, PO_BOX, NEAR_PO_BOX})

SHOWN = 3  # places in a message
MOST = 30  # then MORE has nothing more: ten messages of ever farther places help nobody
FAR_FROM = 50.0  # miles; a nearest place beyond it is said to be far
OPEN_FOR = 3600  # seconds without a text; then the search is over, and its ZIP code is not used again


@dataclass(frozen=True, slots=True)
class Search:
    """What is looked for. `zip`: "" unless a search is open. `service`: of SERVICES, "" until it is known. `offset`: how many
    nearer places were shown before."""

    zip: str = ""
    service: str = ""
    offset: int = 0

    def closed(self) -> Search | None:
        """What is remembered once the search is over: the kind of place, never the ZIP code."""
        return Search(service=self.service) if self.service else None

    def at(self, zip_code: str, service: str) -> Search:
        return Search(zip_code, service or self.service)

    def chosen(self, digit: int) -> Search:
        return Search(self.zip, SERVICES[digit - 1] if 1 <= digit <= len(SERVICES) else self.service)

    def further(self) -> Search:
        return replace(self, offset=self.offset + SHOWN)


def depends(answer: Answer) -> str:
    """The node of `answer` whose words depend on what the sources hold, or ""."""
    return next((part for part in answer.parts if part in DEPENDS), "")


def instead(answer: Answer, node: str, parts: Sequence[str], nears: Sequence[Near] = ()) -> Answer:
    """`answer` with `parts` where it says `node`."""
    at = answer.parts.index(node)
    told = (*answer.parts[:at], *parts, *answer.parts[at + 1 :])
    return replace(answer, parts=told, places=tuple(near.reference for near in nears))


def without_places(answer: Answer) -> Answer:
    """What is said when a place of `answer` is not there any more: the way that always works."""
    parts = tuple(
        ALWAYS if part == PLACES else part
        for part in answer.parts
        if part.partition("#")[0] not in (FAR, NEAR_PO_BOX, *OF_KIND.values())
    )
    return replace(answer, parts=parts, places=())


def page(nears: Sequence[Near], offset: int, remembered: str = "") -> tuple[str, ...]:
    """The nodes that tell what was found, in order. `remembered`: the kind, where this text did not name it."""
    if not nears:
        return (NO_MORE,) if offset else (NONE,)
    far = not offset and nears[0].miles > FAR_FROM
    kind = (f"{OF_KIND[remembered]}#text",) if remembered in OF_KIND else ()
    return (*kind, *((f"{FAR}#text",) if far else ()), PLACES)
