"""Completes a turn whose words depend on what the sources of places hold: asks them, within the time of the turn.

The engine has decided before; what fails or is late here only means that the person gets the way that always works.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace

from .app import App
from .core import find
from .core.find import Search
from .core.messages import Answer
from .core.places import ANY, Place
from .core.render import render
from .core.session import Session
from .core.turn import Turn
from .directory import Listing, Wanted
from .log import log
from .zips import look_up

BUDGET = 0.85  # seconds from the arrival of a text until the look-ups of its answer end; the commit comes after


class Finding:
    """The look-ups of one text. What was found is kept, so that a turn decided again after a lost race asks nobody twice."""

    def __init__(self, app: App) -> None:
        self._app = app
        self._until = time.monotonic() + BUDGET
        self._listings: dict[Wanted, Listing | None] = {}
        self._places: dict[str, Place] = {}
        self._ready: bool | None = None

    def complete(self, turn: Turn, now: float) -> Turn:
        """`turn` with the words that fit what was found. Never raises."""
        node = find.depends(turn.answer)
        if not node or turn.session is None:
            return turn
        try:
            return self._complete(turn, turn.session, node, now)
        except Exception as error:  # a look-up must not cost a person their answer
            log.error("look_up_failed", error=type(error).__name__)
            return _told(turn, turn.session, node, find.START if node == find.START else find.ALWAYS)

    def messages(self, answer: Answer) -> list[str]:
        """The messages of `answer`, with the places it lists."""
        ids = [reference.partition(":")[0] for reference in answer.places]
        missing = [id_ for id_ in ids if id_ not in self._places]
        if missing:
            self._places |= self._app.places.places(missing, self._until)
        return render(self._app.content, answer, self._places)

    def _complete(self, turn: Turn, session: Session, node: str, now: float) -> Turn:
        if self._ready is None:
            self._ready = self._app.places.ready(now, self._until)
        search = session.search or Search()
        if not self._ready:
            return _told(turn, session, node, find.ALWAYS if search.zip or node == find.CHECK else find.START)
        if node in (find.CHECK, find.TOWN):
            return turn
        if node == find.START or not search.zip:
            return _told(turn, session, node, find.ASK)
        known = look_up(search.zip)
        if known.kind in find.BAD_ZIP:
            return _told(turn, session, node, find.BAD_ZIP[known.kind])
        if node == find.WHICH:
            before = (f"{find.PO_BOX}#text",) if known.kind == "po_box" else ()
            return replace(turn, answer=find.instead(turn.answer, node, (*before, node)))
        wanted = Wanted(search.zip, known.lat, known.lon, search.service or ANY, search.offset)
        unasked = known.kind == "po_box" and turn.meaning.means == "zip"  # it was not said yet what such a ZIP code means
        return self._listed(turn, session, wanted, (f"{find.NEAR_PO_BOX}#text",) if unasked else (), now)

    def _listed(self, turn: Turn, session: Session, wanted: Wanted, before: Sequence[str], now: float) -> Turn:
        if wanted not in self._listings and wanted.offset < find.MOST:
            self._listings[wanted] = self._app.places.nearest(wanted, now, self._until)
        found = self._listings.get(wanted, Listing((), some=True))
        if found is None:
            return _told(turn, session, find.PLACES, find.ALWAYS)
        self._places |= {near.place.id: near.place for near in found.nears}
        remembered = wanted.service if turn.meaning.means == "zip" and not turn.meaning.service else ""
        told = (*(before if found.nears else ()), *find.page(found.nears, wanted.offset, remembered))
        return replace(turn, answer=find.instead(turn.answer, find.PLACES, told, found.nears))


def _told(turn: Turn, session: Session, node: str, other: str) -> Turn:
    """`turn`, saying `other` where it says `node` and standing there; the ZIP code is needed no more."""
    search = session.search.closed() if session.search else None
    at = replace(session, node=other if session.node == node else session.node, search=search)
    return replace(turn, session=at, answer=find.instead(turn.answer, node, (other,)))
