"""The written rules of emergency recognition at run time: phrases that raise or cancel, found in one pass over the words.

The phrases stand in flows/emergency.yaml; bot.content.emergency reads them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

GAP = 4  # words that a lone "*" may stand for, as in the flows' keywords
LONGEST_NUMBER = 9  # digits of a number that are read
START, END, ANY = "^", "$", "*"
AT_LEAST = re.compile(r"(\d+)\+")  # "15+"


@dataclass(frozen=True, slots=True)
class Raise:
    """`kind` "overdose" or "suicide"; `strength` "full" or "line"; `tier` of a suicide; `because` for the reader."""

    kind: str
    strength: str
    tier: str
    because: str


@dataclass(frozen=True, slots=True)
class Cancel:
    """`kinds` that it makes more careful about; `leaves` "line" or "nothing" of an unmistakable phrase beside it."""

    kinds: frozenset[str]
    leaves: str
    because: str


Meant = Raise | Cancel


@dataclass(frozen=True, slots=True)
class Phrase:
    """`items`: words, GROUPS, "*", endings ("overdos*"), "15+", "^" and "$", in order."""

    items: tuple[str, ...]
    means: Meant


@dataclass(frozen=True, slots=True)
class Found:
    """What stands in a text: each raise with its words, and the cancels."""

    raises: tuple[tuple[Raise, str], ...]
    cancels: tuple[Cancel, ...]

    def careful(self, kind: str) -> bool:
        return any(kind in cancel.kinds for cancel in self.cancels)

    def nothing_left(self, kind: str) -> bool:
        return any(kind in cancel.kinds and cancel.leaves == "nothing" for cancel in self.cancels)


@dataclass(slots=True)
class _Step:
    """What may come next: a word, a word of a group, a beginning of a word, a number, or a few words of any kind."""

    words: dict[str, _Step] = field(default_factory=dict)
    groups: dict[str, _Step] = field(default_factory=dict)
    beginnings: list[tuple[str, _Step]] = field(default_factory=list)
    numbers: dict[int, _Step] = field(default_factory=dict)  # by the least that it may be
    gap: _Step | None = None
    done: list[Meant] = field(default_factory=list)


class Rules:
    """Every phrase, ready to be found. `alone`: what a text of just these words means."""

    def __init__(self, phrases: Iterable[Phrase], groups: Mapping[str, frozenset[str]], alone: Mapping[str, str]) -> None:
        self.alone = alone
        self._groups_of: dict[str, tuple[str, ...]] = {}
        for name, words in groups.items():
            for word in words:
                self._groups_of[word] = (*self._groups_of.get(word, ()), name)
        self._first = _Step()
        for phrase in phrases:
            self._add(phrase, groups)

    def find(self, words: Sequence[str]) -> Found:
        """Every phrase that stands in `words`, in order."""
        edged = (START, *words, END)
        raises: list[tuple[Raise, str]] = []
        cancels: list[Cancel] = []
        for at in range(len(edged)):
            for end, means in self._from(self._first, edged, at):
                if isinstance(means, Raise):
                    raises.append((means, " ".join(w for w in edged[at:end] if w not in (START, END))))
                else:
                    cancels.append(means)
        return Found(tuple(raises), tuple(cancels))

    def _add(self, phrase: Phrase, groups: Mapping[str, frozenset[str]]) -> None:
        step = self._first
        for item in phrase.items:
            step = _next(step, item, groups)
        step.done.append(phrase.means)

    def _from(self, step: _Step, words: Sequence[str], at: int) -> Iterator[tuple[int, Meant]]:
        for means in step.done:
            yield at, means
        if at == len(words):
            return
        word = words[at]
        following = step.words.get(word)
        if following is not None:
            yield from self._from(following, words, at + 1)
        if step.groups:
            for group in self._groups_of.get(word, ()):
                if group in step.groups:
                    yield from self._from(step.groups[group], words, at + 1)
        for beginning, after in step.beginnings:
            if word.startswith(beginning):
                yield from self._from(after, words, at + 1)
        if step.numbers and word.isdecimal():
            for least, after in step.numbers.items():
                if int(word[:LONGEST_NUMBER]) >= least:
                    yield from self._from(after, words, at + 1)
        if step.gap is not None:
            for skipped in range(min(GAP, len(words) - at) + 1):
                yield from self._from(step.gap, words, at + skipped)


def _next(step: _Step, item: str, groups: Mapping[str, frozenset[str]]) -> _Step:
    if item == ANY:
        step.gap = step.gap or _Step()
        return step.gap
    if item in groups:
        return step.groups.setdefault(item, _Step())
    if number := AT_LEAST.fullmatch(item):
        return step.numbers.setdefault(int(number[1]), _Step())
    if not item.endswith(ANY):
        return step.words.setdefault(item, _Step())
    for beginning, after in step.beginnings:
        if beginning == item[:-1]:
            return after
    step.beginnings.append((item[:-1], _Step()))
    return step.beginnings[-1][1]
