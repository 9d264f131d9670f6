"""A text to the pieces that the second reader knows: "noodled!" is "noodle", "##d" and "!" (WordPiece, as BERT has it).

Signs are kept and nothing is mended: how a text is written tells much of what it is, and a rare word mended to a frequent one
of ours would be an alarm.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

NOTHING, UNKNOWN, START, END = "[PAD]", "[UNK]", "[CLS]", "[SEP]"
MARKS = (NOTHING, UNKNOWN, START, END)
INSIDE = "##"  # before a piece that goes on inside a word
LONGEST_WORD = 24  # letters of a word that are read; longer ones are noise or links, and would cost time
LONGEST_READ = 400  # characters of each end of a text; what fits into the pieces that are read, and more
MOST_SIGNS = 2  # in a row; more say no more, and would fill the room of words
BEGINNING = 10  # pieces of a text that is too long; the rest is its end, where people say what they came to say

_APOSTROPHES = re.compile(r"[‘’ʼ`´]")
_MARKS = re.compile(r"[\u0300-\u036f\ufe0e\ufe0f\u20e3]")
_STRETCHED = re.compile(r"([a-z])\1{2,}")
_SIGNS = re.compile(r"[a-z0-9]+|[^a-z0-9\s]")


def signs(text: str) -> list[str]:
    """The words of `text` in small letters, and its signs, no more than MOST_SIGNS between two words: "I'm SOOO sick!!" ->
    i ' m so sick !"""
    if len(text) > 2 * LONGEST_READ:
        text = f"{text[:LONGEST_READ]} {text[-LONGEST_READ:]}"
    if not text.isascii():
        text = _APOSTROPHES.sub("'", _MARKS.sub("", unicodedata.normalize("NFKD", text)))
    told: list[str] = []
    run = 0  # signs since the last word
    for part in _SIGNS.findall(_STRETCHED.sub(r"\1", text.lower())):
        run = 0 if part[0].isalnum() else run + 1
        if run <= MOST_SIGNS and not (run > 1 and part == told[-1]):
            told.append(part)
    return told


@dataclass(frozen=True, slots=True)
class Pieces:
    """`numbers`: each known piece's number. Every letter and digit is a piece, so that any word can be read."""

    numbers: Mapping[str, int]

    def of(self, text: str, most: int) -> Sequence[int]:
        """The numbers of the pieces of `text`, start and end with them; of more than `most`, BEGINNING and the last ones."""
        return self.read(signs(text), most)

    def read(self, words: Sequence[str], most: int) -> Sequence[int]:
        """The same of words and signs."""
        room = most - 2
        told = _joined(self._some(words, room))
        if len(told) > room:
            end = _joined(reversed(self._some(reversed(words), room - BEGINNING)))
            told = [*told[:BEGINNING], *end[BEGINNING - room :]]
        return (self.numbers[START], *told, self.numbers[END])

    def _some(self, words: Iterable[str], enough: int) -> list[Sequence[int]]:
        """The pieces of each of `words`, up to the word that makes them more than `enough`."""
        told: list[Sequence[int]] = []
        for word in words:
            told.append(self._numbers(word))
            enough -= len(told[-1])
            if enough < 0:
                break
        return told

    def _numbers(self, word: str) -> Sequence[int]:
        whole = self.numbers.get(word)
        return tuple(self._parts(word[:LONGEST_WORD])) if whole is None else (whole,)

    def _parts(self, word: str) -> Iterator[int]:
        at = 0
        while at < len(word):
            at, number = self._longest(word, at)
            yield number

    def _longest(self, word: str, at: int) -> tuple[int, int]:
        """Where the longest known piece that begins at `at` ends, and its number; one letter is passed over as unknown."""
        before = INSIDE if at else ""
        for end in range(len(word), at, -1):
            number = self.numbers.get(before + word[at:end])
            if number is not None:
                return end, number
        return at + 1, self.numbers[UNKNOWN]


def _joined(parts: Iterable[Sequence[int]]) -> list[int]:
    return [number for part in parts for number in part]
