"""Finds the phrases of the flows in what a person wrote: exact words first, then words with a typo. The longest wins."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from rapidfuzz.distance import OSA
from rapidfuzz.process import extractOne

from .common import COMMON
from .flow import Flow, Phrase

GAP = 4  # words that a lone "*" may stand for
TYPO_FROM = 5  # shorter words have too many neighbours to guess


@dataclass(frozen=True, slots=True)
class Found:
    """A phrase found in a text: where it leads, the words that matched, and how much they weigh."""

    node: str
    words: str
    weight: float


class Lexicon:
    """Every phrase of every flow, indexed by its first word. Built once at load."""

    def __init__(self, phrases: Iterable[Phrase], flows: Mapping[str, Flow]) -> None:
        self._by_first: dict[str, list[Phrase]] = defaultdict(list)
        self._by_prefix: dict[str, list[Phrase]] = defaultdict(list)
        self._priority = {flow.id: flow.priority for flow in flows.values()}
        words: set[str] = set()
        for phrase in phrases:
            first = phrase.tokens[0]
            if first.endswith("*"):
                self._by_prefix[first[:-1]].append(phrase)
            else:
                self._by_first[first].append(phrase)
            words.update(t for t in phrase.tokens if not t.endswith("*"))
        self._prefix_lengths = sorted({len(p) for p in self._by_prefix})
        self.vocabulary = frozenset(words)
        self._guessable = sorted(w for w in words if len(w) >= TYPO_FROM)

    def find(self, words: tuple[str, ...]) -> Found | None:
        """The best phrase in `words`, or None. Typos are mended only when nothing is found as written."""
        return self._best(words) or self._best(self.mended(words))

    def mended(self, words: tuple[str, ...]) -> tuple[str, ...]:
        """`words` with those that are nobody's word replaced by the nearest of ours, if one is near."""
        return tuple(w if w in self.vocabulary or w in COMMON else self._nearest(w) for w in words)

    def _nearest(self, word: str) -> str:
        if len(word) < TYPO_FROM or word.isdigit():
            return word
        limit = 1 if len(word) < 8 else 2
        near = extractOne(word, self._guessable, scorer=OSA.distance, score_cutoff=limit)
        return near[0] if near and near[0][0] == word[0] else word

    def _best(self, words: tuple[str, ...]) -> Found | None:
        best: Found | None = None
        rank: tuple[float, int, int] = (0.0, 0, 0)
        for start, word in enumerate(words):
            for phrase in self._starting_with(word):
                end = _match(phrase.tokens, words, start)
                if not end:
                    continue
                weight = _weight(phrase.tokens)
                new = (weight, self._priority.get(phrase.node.partition(".")[0], 0), -start)
                if best is None or new > rank:
                    best, rank = Found(phrase.node, " ".join(words[start:end]), weight), new
        return best

    def _starting_with(self, word: str) -> Iterable[Phrase]:
        yield from self._by_first.get(word, ())
        for length in self._prefix_lengths:
            if length > len(word):
                break
            yield from self._by_prefix.get(word[:length], ())


def _match(pattern: tuple[str, ...], words: tuple[str, ...], start: int) -> int:
    """The end of `pattern` in `words` from `start`, or 0. Backtracks over at most GAP words a "*"."""
    if not pattern:
        return start
    head, rest = pattern[0], pattern[1:]
    if head == "*":
        for skip in range(GAP + 1):
            end = _match(rest, words, start + skip) if start + skip <= len(words) else 0
            if end:
                return end
        return 0
    if start >= len(words):
        return 0
    word = words[start]
    same = word.startswith(head[:-1]) if head.endswith("*") else word == head
    return _match(rest, words, start + 1) if same else 0


def _weight(pattern: tuple[str, ...]) -> float:
    """Longer phrases say more; between phrases of as many words the one with the longer words."""
    told = [t for t in pattern if t != "*"]
    return sum(0.35 if t in COMMON else 1.0 for t in told) + sum(map(len, told)) / 100
