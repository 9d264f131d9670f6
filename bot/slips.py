"""Names that were probably meant as settings: a misspelt one would be ignored without a word."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator

PREFIXES = ("HELPLINE_", "TWILIO_")  # nobody else's variables begin so, but for what a container platform sets (below)
FEW, MANY = 6, 11  # letters of a setting; under FEW a slip is another word (PORTS, FLOW), from MANY on two are still a slip
PLATFORM = re.compile(r"_SERVICE_HOST$|_SERVICE_PORT(_|$)|_PORT(_\d+_(TCP|UDP)(_|$)|$)")  # of a service named helpline or twilio


def slips(names: Iterable[str], known: Collection[str]) -> Iterator[str]:
    """One line for each of `names` that is none of `known` (all in capitals) and looks like one, sorted. Never a value."""
    given = set(names)
    for name in sorted(given):
        upper = name.upper()
        if upper in known:
            continue
        if _set_by_platform(upper, given):
            continue
        if meant := _nearest(upper, known):
            yield f"{name} is no setting, and ignored. Did you mean {meant}?"
        elif upper.startswith(PREFIXES):
            yield f"{name} is no setting, and ignored. docs/settings.md lists them."


def _nearest(name: str, known: Collection[str]) -> str:
    """The setting that `name` is a slip of, or that it is with one of our prefixes before it; "" for none."""
    bare = next((name.removeprefix(p) for p in PREFIXES if name.startswith(p)), "")
    if bare in known:
        return bare
    found = [(distance, one) for one in known if (distance := _slips_between(name, one)) is not None]
    return min(found)[1] if found else ""


def _slips_between(name: str, known: str) -> int | None:
    """How many letters were left out, added, swapped or mistaken; None when too many."""
    most = 2 if len(known) >= MANY else 1 if len(known) >= FEW else 0
    if abs(len(name) - len(known)) > most:
        return None
    distance = _distance(name, known)
    return distance if distance <= most else None


def _distance(one: str, other: str) -> int:
    """Optimal string alignment. By hand: a start has no time to load a library for names that are nearly always right."""
    before: list[int] = []
    last = list(range(len(other) + 1))
    for i, a in enumerate(one, start=1):
        row = [i]
        for j, b in enumerate(other, start=1):
            best = min(last[j] + 1, row[-1] + 1, last[j - 1] + (a != b))
            if i > 1 and j > 1 and a == other[j - 2] and one[i - 2] == b:
                best = min(best, before[j - 2] + 1)
            row.append(best)
        before, last = last, row
    return last[-1]


def _set_by_platform(name: str, given: Collection[str]) -> bool:
    """Kubernetes gives every container the addresses of the services beside it."""
    return bool(PLATFORM.search(name)) and f"{name.partition('_')[0]}_SERVICE_HOST" in given
