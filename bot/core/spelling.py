"""Mends a misspelt word that is one slip away from a word that emergencies are told with: "breething", "sucide", "dyng"."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

SHORTEST, LONGEST = 4, 16  # letters; a shorter word has too many neighbours to guess
SHORT = 5  # letters; a word this short must keep its last letter too: "fren" is a friend, not fent
MOST_MENDED = 40  # unknown words of one text; one with more is no language that we know, and would cost time


class Spelling:
    """`known`: words that are left as they are; the first `targets` of them, the most frequent first, are mended to."""

    def __init__(self, known: Sequence[str], targets: int) -> None:
        self._known = frozenset(known)
        self._nearest: dict[str, str] = {}
        for word in known[:targets]:
            if SHORTEST <= len(word) <= LONGEST and word.isalpha():
                for form in (word, *_one_less(word)):
                    self._nearest.setdefault(form, word)  # the more frequent word came first

    def mend(self, words: Iterable[str]) -> tuple[str, ...]:
        left = MOST_MENDED
        mended = []
        for word in words:
            if word not in self._known and left:
                word, left = self._mended(word), left - 1
            mended.append(word)
        return tuple(mended)

    def _mended(self, word: str) -> str:
        """One letter too many, too few, wrong or swapped leaves both words alike once each has lost a letter."""
        if not SHORTEST <= len(word) <= LONGEST or not word.isalpha():
            return word
        for form in (word, *_one_less(word)):
            near = self._nearest.get(form)
            if near is not None and near[0] == word[0] and (len(word) > SHORT or near[-1] == word[-1]):
                return near
        return word


def _one_less(word: str) -> Iterator[str]:
    return (word[:at] + word[at + 1 :] for at in range(len(word)))
