"""The second learned reader at run time: a small network that knows which words mean nearly the same.

Each three words that stand side by side are shown to detectors, and the loudest answer of each in the text counts; some more,
the tones, listen to all words together. What a word says to each was worked out beforehand (training/network.py), so that a
text costs one look-up and some additions of long integers a word, and no library.
"""

from __future__ import annotations

import math
import struct
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from operator import mul

ZERO = 128  # what stands in a row for 0, so that no sum is ever negative
FIELD_BYTES = 2  # of a detector in a sum: 64 words of 255 are fewer than 65,536
MOST_READ = 62  # words
UNKNOWN, START, END = "?", "^", "$"
NUMBER = "0"  # stands for all numbers

Heard = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Network:
    """`rows`: a word's number in `table`, whose rows hold a byte for each of `detectors` as the left, the middle, the right one
    of three, and one for each of `tones`. `steps` and `bias`: what one step of a detector or tone is worth, and where it
    starts. `out` and `offsets`: what each of them says of each class, "none of these" the first."""

    rows: Mapping[str, int]
    table: bytes
    detectors: int
    tones: int
    steps: tuple[float, ...]
    bias: tuple[float, ...]
    out: tuple[tuple[float, ...], ...]
    offsets: tuple[float, ...]

    def read(self, words: Sequence[str]) -> tuple[float, ...]:
        """How likely `words`, mended by the spelling, are each class: logarithms of shares that add up to 1."""
        rows = self._rows((START, *words[:MOST_READ], END))
        loudest = tuple(map(max, zip(*self._threes(rows), strict=True)))
        together = sum(rows) >> self._bits * 3
        told = self._told(loudest, _fields(together, self.tones), len(rows))
        scores = [sum(map(mul, told, weights)) + offset for weights, offset in zip(self.out, self.offsets, strict=True)]
        highest = max(scores)
        total = highest + math.log(sum(math.exp(score - highest) for score in scores))
        return tuple(score - total for score in scores)

    @property
    def _bits(self) -> int:
        """Of one part of a row, the detectors of one place among three words."""
        return self.detectors * FIELD_BYTES * 8

    def _rows(self, words: Iterable[str]) -> list[int]:
        known, unknown = self.rows, self.rows[UNKNOWN]
        return [self._row(known.get(NUMBER if word.isdigit() else word, unknown)) for word in words]

    def _row(self, number: int) -> int:
        width = 3 * self.detectors + self.tones
        fields = bytearray(FIELD_BYTES * width)
        fields[::FIELD_BYTES] = self.table[number * width : (number + 1) * width]
        return int.from_bytes(fields, "little")

    def _threes(self, rows: Sequence[int]) -> Iterator[Heard]:
        """What every detector hears at each word with its neighbours."""
        bits = self._bits
        part = (1 << bits) - 1
        silence = int.from_bytes(bytes((ZERO, 0)) * self.detectors, "little")  # beside the first and the last word
        for left, row, right in zip((silence, *rows[:-1]), rows, (*rows[1:], silence << 2 * bits), strict=True):
            yield _fields((left & part) + ((row >> bits) & part) + ((right >> 2 * bits) & part), self.detectors)

    def _told(self, loudest: Heard, together: Heard, words: int) -> list[float]:
        """What each detector and tone says, nothing below 0."""
        spread = 1 / math.sqrt(words)
        heard = [value - 3 * ZERO for value in loudest]
        tones = [(value - ZERO * words) * spread for value in together]
        return [max(0.0, value * step + bias) for value, step, bias in zip((*heard, *tones), self.steps, self.bias, strict=True)]


def _fields(packed: int, number: int) -> Heard:
    return struct.unpack(f"<{number}H", packed.to_bytes(FIELD_BYTES * number, "little"))
