"""The second learned reader at run time: a small network that hears each word beside all the others.

It knows which words mean nearly the same, and what a word means in its sentence. What runs it is no part of this room
(bot/content/encoder.py): here a text becomes the pieces it hears.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from .pieces import Pieces

MOST_READ = 24  # pieces, start and end with them: some 18 words. More cost time, and found no more (docs/safety.md)


class Hear(Protocol):
    """What runs the network."""

    problem: str  # why it can never run; "" as long as it may

    @property
    def settled(self) -> bool:
        """Whether it runs, or will never run: until then a text is read without it that would be read with it later."""
        ...

    def prepare(self) -> None:
        """Return when it is settled."""
        ...

    def __call__(self, pieces: Sequence[int]) -> Sequence[float]:
        """The numbers of a text's pieces -> logarithms of shares that add up to 1, "none of these" first, then
        linear.CLASSES; empty where the network cannot be run, or not yet."""
        ...


@dataclass(frozen=True, slots=True)
class Network:
    pieces: Pieces
    hear: Hear

    def read(self, text: str) -> Sequence[float]:
        """How likely `text` is each class; empty where nothing could be heard."""
        return self.hear(self.pieces.of(text, MOST_READ))
