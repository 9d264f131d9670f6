"""Finds the topic of what a person wrote, from the phrases of the flows.

Each flow gathers points: for its phrases that stand in the text (longer ones say more), and a few for each single word
that its phrases hold and other flows' phrases do not. The flow with most points answers, with the node of its longest
phrase, or its start when only single words spoke for it. Phrases with a `priority` (pregnancy, what needs 911) come
before all points. Words with a typo are mended only when nothing is found.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain
from typing import NamedTuple

from rapidfuzz.distance import OSA
from rapidfuzz.process import extractOne

from .common import COMMON
from .flow import Phrase

GAP = 4  # words that a lone "*" may stand for
TYPO_FROM = 5  # shorter words have too many neighbours to guess
STEM = 6  # letters that tell a word from another one: scholarship(s), embarazad(o|a)
COMMON_WEIGHT = 0.35  # what an everyday word says, where another says 1
DOUBT = 0.5  # keeps a word that one phrase happens to hold from saying much
HINT = 0.75  # what a hint says, where a keyword says 1
FEELING = 0.4  # what a feeling says: beside a topic ("my son uses, i dont know what to do") the topic answers
ENOUGH = 0.8  # points below which words that name no topic are taken for chance; one hint alone has fewer


@dataclass(frozen=True, slots=True)
class Found:
    """A topic found in a text: where it leads, the words that spoke for it, and its points."""

    node: str
    words: str
    weight: float
    sure: bool = True  # a keyword stands in the text; without one it is a guess from hints and single words


@dataclass(frozen=True, slots=True)
class Hit:
    """A phrase that stands in the text, from word `start` up to word `end`."""

    phrase: Phrase
    start: int
    end: int
    weight: float


class _Whole(NamedTuple):
    """A phrase, those of its words that stand for themselves, and what it weighs."""

    phrase: Phrase
    words: frozenset[str]
    weight: float


class Lexicon:
    """Every phrase of every flow, indexed by its rarest word. Built once at load."""

    def __init__(self, phrases: Iterable[Phrase]) -> None:
        all_phrases = tuple(phrases)
        words = Counter(t for t in chain.from_iterable(p.tokens for p in all_phrases) if t[-1] != "*")
        self.vocabulary = frozenset(words)
        self._guessable: dict[tuple[str, int], list[str]] = defaultdict(list)  # by first letter and length
        for word in sorted(w for w in words if len(w) >= TYPO_FROM):
            self._guessable[word[0], len(word)].append(word)
        self._nearest = lru_cache(maxsize=8192)(self._find_nearest)  # words, not texts
        self._by_word: dict[str, list[_Whole]] = defaultdict(list)
        self._by_prefix: dict[str, list[_Whole]] = defaultdict(list)
        for phrase in all_phrases:
            whole = [t for t in phrase.tokens if t[-1] != "*"]
            weight = _weight(phrase.tokens) * (HINT if phrase.hint else 1)
            if whole:
                self._by_word[min(whole, key=words.__getitem__)].append(_Whole(phrase, frozenset(whole), weight))
            else:
                self._by_prefix[phrase.tokens[0][:-1]].append(_Whole(phrase, frozenset(), weight))
        self._prefix_lengths = sorted({len(p) for p in self._by_prefix})
        self._says = _what_words_say(all_phrases)

    def find(self, words: tuple[str, ...]) -> Found | None:
        """The topic of `words`, or None. Typos are mended only when no phrase is found as written."""
        hits = list(self._hits(words))
        if not hits:
            words = self.mended(words)
            hits = list(self._hits(words))
        points: dict[str, float] = defaultdict(float)
        best: dict[str, Hit] = {}
        counted: set[tuple[str, str]] = set()
        for hit in _apart(hits):
            flow = hit.phrase.node.partition(".")[0]
            if flow not in best and not hit.phrase.hint:
                best[flow] = hit
            points[flow] += hit.weight * (FEELING if flow == "say" else 1)
            counted.update((flow, w[:STEM]) for w in words[hit.start : hit.end])
        for word in {w[:STEM] for w in words}:
            for flow, share in self._says.get(word, {}).items():
                points[flow] += 0 if (flow, word) in counted else share
        if not points:
            return None
        flow = max(points, key=lambda f: (best[f].phrase.priority if f in best else 0, points[f]))
        if flow in best:
            hit = best[flow]
            return Found(hit.phrase.node, " ".join(words[hit.start : hit.end]), points[flow])
        if points[flow] < ENOUGH or f"{flow}.start" == "say.start":
            return None
        spoke = [w for w in words if flow in self._says.get(w[:STEM], {})]
        return Found(f"{flow}.start", " ".join(spoke), points[flow], sure=False)

    def mended(self, words: tuple[str, ...]) -> tuple[str, ...]:
        """`words` with those that are nobody's word replaced by the nearest of ours, if one is near."""
        return tuple(w if w in self.vocabulary or w in COMMON else self._nearest(w) for w in words)

    def _find_nearest(self, word: str) -> str:
        if len(word) < TYPO_FROM or word.isdigit():
            return word
        limit = 1 if len(word) < 8 else 2
        lengths = range(len(word) - limit, len(word) + limit + 1)
        alike = sorted(w for length in lengths for w in self._guessable.get((word[0], length), ()))
        near = extractOne(word, alike, scorer=OSA.distance, score_cutoff=limit)
        return near[0] if near else word

    def _hits(self, words: tuple[str, ...]) -> Iterator[Hit]:
        for phrase, _, weight in self._candidates(words):
            first = phrase.tokens[0]
            for start, word in enumerate(words):
                if (word == first or first[-1] == "*") and (end := _match(phrase.tokens, words, start)):
                    yield Hit(phrase, start, end, weight)
                    break

    def _candidates(self, words: tuple[str, ...]) -> Iterator[_Whole]:
        """The phrases whose whole words all stand in `words`, in whatever order."""
        there = frozenset(words)
        for word in dict.fromkeys(words):
            for known in self._by_word.get(word, ()):
                if known.words <= there:
                    yield known
            for length in self._prefix_lengths:
                if length > len(word):
                    break
                yield from self._by_prefix.get(word[:length], ())


def _apart(hits: Iterable[Hit]) -> Iterator[Hit]:
    """The hits: the most urgent first, keywords before hints, then the weightiest; of one flow only such as share no word."""
    taken: dict[str, set[int]] = defaultdict(set)
    for hit in sorted(hits, key=lambda h: (-h.phrase.priority, h.phrase.hint, -h.weight, h.start)):
        span = set(range(hit.start, hit.end))
        flow = hit.phrase.node.partition(".")[0]
        if not span & taken[flow]:
            taken[flow] |= span
            yield hit


def _what_words_say(phrases: tuple[Phrase, ...]) -> dict[str, dict[str, float]]:
    """For each word (its first letters), what share of the phrases that hold it is a flow's: foil -> {signs: 0.8}.

    A flow with many phrases counts less for each, so that writing more of them does not make it louder.
    """
    sizes: Counter[str] = Counter()
    held: dict[str, dict[str, int]] = defaultdict(dict)
    for phrase in phrases:
        flow = phrase.node.partition(".")[0]
        sizes[flow] += 1
        for word in {t.rstrip("*")[:STEM] for t in phrase.tokens if t != "*"}:
            counts = held[word]
            counts[flow] = counts.get(flow, 0) + 1
    common = {word[:STEM] for word in COMMON}
    mean = sum(sizes.values()) / max(len(sizes), 1)
    said = {}
    for word, counts in held.items():
        scaled = {flow: n / (sizes[flow] / mean) ** 0.5 for flow, n in counts.items()}
        whole = sum(scaled.values()) + DOUBT
        said[word] = {flow: (COMMON_WEIGHT if word in common else 1) * n / whole for flow, n in scaled.items()}
    return said


def _same(token: str, word: str) -> bool:
    return word.startswith(token[:-1]) if token.endswith("*") else word == token


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
    return _match(rest, words, start + 1) if _same(head, words[start]) else 0


def _weight(pattern: tuple[str, ...]) -> float:
    """Longer phrases say more; between phrases of as many words the one with the longer words."""
    told = [t for t in pattern if t != "*"]
    return sum([COMMON_WEIGHT if t in COMMON else 1.0 for t in told]) + sum(map(len, told)) / 100
