"""The learned part of emergency recognition at run time: a linear model over words, pairs of words and pieces of words.

Only additions and dictionary look-ups, no training library. `training/train.py` makes the weights with the very functions
`word_grams` and `char_grams` below, so that what was learnt is what is read.
"""

from __future__ import annotations

import math
import struct
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from .kinds import KIND_OF
from .spelling import Spelling

# Each against "a helpline text that is none of these", whose score is 0. Small talk is a class of its own, so that learning
# what strangers chat about does not blur the line between an overdose and a question about one.
CLASSES = ("overdose", "explicit", "passive", "third_person", "small_talk")
SIZES = (3, 4, 5)  # letters of a piece of a word
LONGEST_WORD = 18  # letters of a word that are read; longer ones are noise or links, and would cost time

# A gram's four weights and its rarity ride in one integer, a field each, so that a text costs one addition a gram.
FIELD = 24  # bits; 1,600 characters give some 5,000 grams, and 255 * 5,000 needs 21
MASK = (1 << FIELD) - 1
FIELD_BYTES = FIELD // 8
FIELDS = len(CLASSES) + 1
GRAM_BYTES = FIELD_BYTES * FIELDS
ZERO = 128  # what stands in a field for a weight of 0, so that no field is ever negative

LONG_TEXT = 60  # words; in a longer text an emergency may stand in one sentence among many, so it is also read in windows
STRIDE = 15  # a window is two of these
LEAST = 1e-9  # a share that is taken for none, so that it has a logarithm
Sum = tuple[int, int]  # grams added up in one integer, and how many they were


def word_grams(words: Sequence[str]) -> list[str]:
    """Single words as written; pairs, and pairs with one word left out, by their kinds (bot.core.kinds). Numbers are alike."""
    kinds = ["^", *("0" if word.isdigit() else KIND_OF.get(word, word) for word in words), "$"]
    changed = [kind for word, kind in zip(words, kinds[1:], strict=False) if kind is not word]
    pairs = [f"{one} {next_}" for one, next_ in pairwise(kinds)]
    apart = [f"{one} _ {other}" for one, other in zip(kinds[:-1], kinds[2:-1], strict=False)]
    return [*words, *changed, *pairs, *apart]


def char_grams(word: str) -> list[str]:
    """Every 3 to 5 letters of a word with its edges: a typo changes some of them, not all."""
    edged = f" {word[:LONGEST_WORD]} "
    length = len(edged)
    return [edged[at : at + size] for size in SIZES for at in range(length - size + 1)]


@dataclass(frozen=True, slots=True)
class Scores:
    """How likely a text is each of CLASSES; the rest to 1 is everything else."""

    overdose: float
    explicit: float
    passive: float
    third_person: float
    small_talk: float

    def mixed(self, told: Sequence[float], share: float) -> Scores:
        """These scores and those of another reader, `told` as logarithms with "none of these" first, as its `share` of a mean."""
        nothing = 1 - self.alarm - self.small_talk
        own = (nothing, self.overdose, self.explicit, self.passive, self.third_person, self.small_talk)
        logs = [(1 - share) * math.log(max(one, LEAST)) + share * other for one, other in zip(own, told, strict=True)]
        return _soft(*(log - logs[0] for log in logs[1:]))

    @property
    def suicide(self) -> float:
        return self.explicit + self.passive + self.third_person

    @property
    def alarm(self) -> float:
        return self.overdose + self.suicide

    @property
    def over_questions(self) -> float:
        """The alarm's share where only it and ordinary helpline texts are in question."""
        return self.alarm / max(1 - self.small_talk, 1e-9)

    @property
    def over_small_talk(self) -> float:
        """The alarm's share where only it and small talk are in question."""
        return self.alarm / max(self.alarm + self.small_talk, 1e-9)


@dataclass(frozen=True, slots=True)
class Table:
    """The weights of one sort of gram. `scale`: what one step of a weight is worth; `rarity`: one step of squared idf."""

    grams: Mapping[str, int]
    scale: float
    rarity: float

    def sums(self, packed: int, known: int) -> tuple[float, ...]:
        """The scores that `known` grams, added up to `packed`, stand for: normed, so that length does not count."""
        if not known:
            return (0.0,) * len(CLASSES)
        squares = (packed >> FIELD * len(CLASSES)) & MASK
        norm = self.scale / math.sqrt(max(squares, 1) * self.rarity)
        return tuple((((packed >> FIELD * i) & MASK) - ZERO * known) * norm for i in range(len(CLASSES)))


@dataclass(frozen=True, slots=True)
class Linear:
    """`bias` a class; `words` and `chars` the two tables; `spelling` what the words are mended with first."""

    bias: tuple[float, ...]
    words: Table
    chars: Table
    spelling: Spelling

    def read(self, words: Sequence[str]) -> Scores:
        """The scores of the whole text, or of its worst window where it is long. `words` as `spelling` has mended them."""
        if len(words) <= LONG_TEXT:
            whole = _add(self.words.grams, word_grams(words))
            pieces = _add(self.chars.grams, _pieces(words))
            return self._scores(whole, pieces)
        return max(self._windows(words), key=lambda s: s.alarm)

    def _windows(self, words: Sequence[str]) -> Iterator[Scores]:
        """Each window's scores from sums by steps of STRIDE words, so that every gram is looked up once."""
        steps = [words[at : at + STRIDE] for at in range(0, len(words), STRIDE)]
        whole = [_add(self.words.grams, word_grams(step)) for step in steps]
        pieces = [_add(self.chars.grams, _pieces(step)) for step in steps]
        for at in range(len(steps) - 1):
            yield self._scores(_both(*whole[at : at + 2]), _both(*pieces[at : at + 2]))

    def weighed(self, words: Sequence[str], kind: int, most: int = 3) -> list[str]:
        """The words and pairs that spoke loudest for CLASSES[kind], for whoever asks why."""
        told = {gram: self._weight(gram, kind) for gram in word_grams(words) if gram in self.words.grams}
        return [gram for gram in sorted(told, key=lambda g: -told[g])[:most] if told[gram] > 0]

    def _weight(self, gram: str, kind: int) -> int:
        return ((self.words.grams[gram] >> FIELD * kind) & MASK) - ZERO

    def _scores(self, whole: Sum, pieces: Sum) -> Scores:
        told = zip(self.bias, self.words.sums(*whole), self.chars.sums(*pieces), strict=True)
        return _soft(*(bias + word + piece for bias, word, piece in told))


def _pieces(words: Sequence[str]) -> list[str]:
    return [gram for word in words for gram in char_grams(word)]


def _add(known: Mapping[str, int], grams: Iterable[str]) -> Sum:
    found = [value for value in map(known.get, grams) if value is not None]
    return sum(found), len(found)


def _both(one: Sum, other: Sum) -> Sum:
    return one[0] + other[0], one[1] + other[1]


def _soft(*scores: float) -> Scores:
    """Scores to shares of 1, nothing of the kind included."""
    highest = max(0.0, *scores)
    powers = [math.exp(score - highest) for score in scores]
    total = sum(powers) + math.exp(-highest)
    return Scores(*(power / total for power in powers))


def unpack(grams: str, weights: bytes, scale: float, rarity: float) -> Table:
    """A table from its file form: grams one a line, and for each gram FIELDS bytes, one a field."""
    names = grams.split("\n") if grams else []
    if len(weights) != FIELDS * len(names):
        raise ValueError("weights and grams differ in number")
    wide = bytearray(FIELD_BYTES * len(weights))
    wide[::FIELD_BYTES] = weights
    values = (int.from_bytes(gram, "little") for (gram,) in struct.iter_unpack(f"{GRAM_BYTES}s", wide))
    return Table(dict(zip(names, values, strict=True)), scale, rarity)
