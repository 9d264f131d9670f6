"""The second learned reader at run time: a small network that hears each word beside all the others.

It knows which words mean nearly the same, and what a word means in its sentence. What runs it is no part of this room
(bot/content/encoder.py): here a text becomes the pieces it hears.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from .pieces import Pieces

MOST_READ = 28  # pieces, start and end with them: some 24 words. The time goes with them (docs/safety.md)

Hear = Callable[[Sequence[int]], Sequence[float]]


@dataclass(frozen=True, slots=True)
class Network:
    """`hear`: the numbers of a text's pieces -> logarithms of shares that add up to 1, "none of these" first, then
    linear.CLASSES; empty where the network cannot be run."""

    pieces: Pieces
    hear: Hear

    def read(self, text: str) -> Sequence[float]:
        """How likely `text` is each class; empty where nothing could be heard."""
        return self.hear(self.pieces.of(text, MOST_READ))
