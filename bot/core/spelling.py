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
        near = [self._nearest[form] for form in (word, *_one_less(word)) if form in self._nearest]
        likely = [one for one in near if one[0] == word[0] and (len(word) > SHORT or one[-1] == word[-1])]
        swapped = (one for one in likely if sorted(one) == sorted(word))  # "wnat" is want, not what
        return next(swapped, likely[0] if likely else word)


def _one_less(word: str) -> Iterator[str]:
    return (word[:at] + word[at + 1 :] for at in range(len(word)))
