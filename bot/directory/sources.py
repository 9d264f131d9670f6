"""The sources in order: the live locator where it is switched on, then the loaded directory. Neither may cost an answer."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import TypeVar

from ..core.places import Place
from ..log import log
from ..patience import Patience
from .contract import Directory, Listing, Source, Wanted

Result = TypeVar("Result")

LEFT_FOR_NEXT = 0.3  # seconds of the time that a source may not use while another one comes after it
HANGING = 8  # look-ups that may hang in one process; the next ones are answered without


@dataclass(frozen=True, slots=True)
class Sources:
    """`directory` is the one of `sources` that the operator loads, for `status`. `patience` keeps a store that stopped answering
    from holding up the person who asks."""

    sources: tuple[Source, ...] = ()
    directory: Directory | None = None
    patience: Patience = field(default_factory=lambda: Patience(HANGING))

    def ready(self, now: float, until: float) -> bool:
        """Whether any source may name places. `until`: time.monotonic() seconds by which all has to be done."""
        return any(self._guarded(until, partial(source.ready, now)) for source in self.sources)

    def nearest(self, wanted: Wanted, now: float, until: float) -> Listing | None:
        """The places of the first source that has any; an empty listing when all that could say have none; else None."""
        said: Listing | None = None
        for number, source in enumerate(self.sources):
            last = number == len(self.sources) - 1
            mine = until if last else until - LEFT_FOR_NEXT
            found = self._guarded(mine, partial(self._ask, source, wanted, now, mine))
            if found is not None and found.some:
                return found
            said = found or said
        return said

    def places(self, ids: Sequence[str], until: float) -> dict[str, Place]:
        """Those of `ids` that any source still knows."""
        found: dict[str, Place] = {}
        for source in self.sources:
            missing = [id_ for id_ in ids if id_ not in found]
            if missing:
                found |= self._guarded(until, partial(source.places, missing)) or {}
        return found

    def _ask(self, source: Source, wanted: Wanted, now: float, by: float) -> Listing | None:
        return source.nearest(wanted, now, by - time.monotonic()) if source.ready(now) else None

    def _guarded(self, by: float, call: Callable[[], Result]) -> Result | None:
        """What `call` returns; None when it fails or is late: the next source is asked, or the answer given without."""
        try:
            return self.patience.run(by - time.monotonic(), call)
        except Exception as error:
            log.warning("look_up_failed", error=type(error).__name__)
            return None
