"""Parts of texts, and texts made of parts of two: what stands around an emergency varies, and only the teacher can say what is
left of it."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator

MOST_WORDS = 34
NEAREST_EDGE = 4  # letters that a part has at least
ALONE = 0.3  # share of single parts

_SEAMS = re.compile(
    r"(?<=[.!?,;])\s+|\s+(?=(?:and|but|then|so|because|cuz|bc|when|n|while|i|he|she|my)\b)",
    re.IGNORECASE,
)


def spliced(sorts: list[tuple[list[str], int]], many: int, dice: random.Random) -> Iterator[str]:
    """`many` texts. `sorts`: texts of one sort each, and how often a part comes from it against the others."""
    texts, weights = [sort for sort, _ in sorts], [weight for _, weight in sorts]
    for _ in range(many):
        one, other = (dice.choice(dice.choices(texts, weights)[0]) for _ in range(2))
        yield _part(one, dice) if dice.random() < ALONE else _both(_part(one, dice), _part(other, dice))


def _both(one: str, other: str) -> str:
    told = f"{one} {other}"
    return told if len(told.split()) <= MOST_WORDS else one


def _part(text: str, dice: random.Random) -> str:
    """Before or behind a seam of `text`, or all of it where it has none."""
    seams = [seam.start() for seam in _SEAMS.finditer(text) if NEAREST_EDGE < seam.start() < len(text) - NEAREST_EDGE]
    if not seams:
        return text
    at = dice.choice(seams)
    return dice.choice((text[:at], text[at:])).strip()
