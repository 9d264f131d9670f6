"""Which numbered choice of a waiting question a text picks: "2", "2.", "option two pls", "Detoxx", "the last one"."""

from __future__ import annotations

import re
from dataclasses import dataclass

from rapidfuzz.distance import OSA

from .common import COMMON
from .flow import Node
from .words import plain, tokens

NUMBERS = {
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9,
    "uno": 1, "una": 1, "dos": 2, "tres": 3, "cuatro": 4, "cinco": 5, "seis": 6, "siete": 7, "ocho": 8, "nueve": 9,
    "first": 1, "1st": 1, "second": 2, "2nd": 2, "third": 3, "3rd": 3, "fourth": 4, "4th": 4, "forth": 4, "fifth": 5,
    "5th": 5, "sixth": 6, "6th": 6, "primero": 1, "primera": 1, "segundo": 2, "segunda": 2, "tercero": 3, "tercera": 3,
    "cuarto": 4, "cuarta": 4, "quinto": 5, "quinta": 5, "sexto": 6, "sexta": 6,
}  # fmt: skip
LAST = frozenset({"last", "ultimo", "ultima"})
# Lone words one letter away from a number word that are words of their own.
NOT_NUMBERS = frozenset(
    """on no so to too for form fore tree free there then the sex fix mix sic sick hi he she be we via give live fine hive
    dive fire four ten tow or our your hour son un ano non won own once nice mine line nun sir sis vino ocho oh""".split()
) - {"four", "ocho"}  # fmt: skip

FILLERS = frozenset(
    """please thanks thank you ok i id im ill want would like to the a an number no num nbr option opt choice choose pick
    press reply select answer lets do go with gimme give me my its it is for about need help some more info information on
    of hi hey yes yeah yep sure um uh think guess maybe item menu button hit try just take say said that this and can we
    get start show send tell numero opcion la el lo las los por favor quiero gracias de un con es para si pues creo que mi
    necesito dame escojo elijo marco oprimo ayuda tema thing stuff part topic section lol haha now right first all""".split()
)
YES = frozenset(
    """yes yeah yep yup ya yea y ye sure correct right true si claro sip simon exacto absolutely definitely""".split()
)
NO = frozenset("no nope nah naw na n not never negative nel nop para nada".split()) - {"para"}
SPANS = frozenset(
    """day days week weeks month months year years hr hrs hour hours min mins minute minutes times time yrs yr mos am pm dia
    dias semana semanas mes meses ano anos hora horas kids children people of more mg percent""".split()
)
NEGATIONS = frozenset("""not no dont didnt isnt nothing neither nor except but anything without never menos ni nada""".split())

_LEADING_DIGIT = re.compile(r"^\W*([1-9])\s*[.,:;)\-!]+\s*\w")
_DIGITS = re.compile(r"^\d+$")


@dataclass(frozen=True, slots=True)
class Picked:
    digit: int
    why: str


def choose(node: Node, text: str) -> Picked | None:
    """The choice of `node` that `text` picks, or None when it picks none, two, or one that is not there."""
    if not node.choices:
        return None
    words = tokens(text)
    if not words or len(words) > 30:
        return None
    by_number = _by_number(node, words, text)
    if by_number is not None:
        return by_number if 1 <= by_number.digit <= len(node.choices) else None
    return _by_words(node, words)


def yes_or_no(words: tuple[str, ...]) -> str:
    """ "yes" or "no" when the words say only that, else ""."""
    if 0 < len(words) <= 3:
        rest = [w for w in words if w not in ("please", "ok", "thanks", "sir", "i", "am", "do")]
        if rest and all(w in YES for w in rest):
            return "yes"
        if rest and all(w in NO for w in rest):
            return "no"
    return ""


def _by_number(node: Node, words: tuple[str, ...], text: str) -> Picked | None:
    numbers, rest = _numbers(words, len(node.choices))
    if not numbers:
        return _mistyped_number(words)
    if len(numbers) > 1:
        return Picked(0, "two numbers: ask which")
    digit = numbers.pop()
    content = [w for w in rest if w not in FILLERS]
    if not content and not any(w in NEGATIONS and w != "no" for w in rest):
        return Picked(digit, "number")
    if any(w in SPANS or w in NEGATIONS for w in content) or not 1 <= digit <= len(node.choices):
        return None
    named = _by_words(node, tuple(rest))
    if named:
        return named if named.digit == digit else Picked(0, "number and words disagree: ask which")
    return Picked(digit, "number first") if _LEADING_DIGIT.match(plain(text)) else None


def _numbers(words: tuple[str, ...], count: int) -> tuple[set[int], list[str]]:
    """The different numbers named in `words`, and the other words. "the medicine one" names no number."""
    numbers: set[int] = set()
    rest: list[str] = []
    for i, word in enumerate(words):
        if word in LAST:
            numbers.add(count)
        elif _DIGITS.match(word):
            numbers.add(int(word) if len(word) < 4 else 0)
        elif word in ("one", "uno", "una") and i and words[i - 1] not in ("number", "option", "choice", "numero", "opcion"):
            if all(w in FILLERS for w in words[:i]) and i == len(words) - 1 and not numbers:
                numbers.add(1)  # "give me one"
            else:
                rest.append(word)  # "the second one", "the medicine one"
        elif word in NUMBERS:
            numbers.add(NUMBERS[word])
        else:
            rest.append(word)
    return numbers, rest


def _mistyped_number(words: tuple[str, ...]) -> Picked | None:
    """A lone "thre" or "fuor". Short words are left alone: "sex" is not six."""
    told = [w for w in words if w not in FILLERS]
    if len(told) != 1 or len(told[0]) < 3 or told[0] in NOT_NUMBERS or told[0] in COMMON:
        return None
    near = {value for name, value in NUMBERS.items() if len(name) >= 3 and OSA.distance(told[0], name, score_cutoff=1) <= 1}
    return Picked(near.pop(), "number with a typo") if len(near) == 1 else None


def _by_words(node: Node, words: tuple[str, ...]) -> Picked | None:
    if any(w in NEGATIONS for w in words) and not any(_says(words, n) for c in node.choices for n in c.names):
        return None
    said = yes_or_no(words)
    scores: dict[int, float] = {}
    for digit, choice in enumerate(node.choices, start=1):
        scores[digit] = max((_score(name, words, said) for name in choice.names), default=0.0)
    ranked = sorted(scores.items(), key=lambda item: -item[1])
    if not ranked or ranked[0][1] <= 0 or (len(ranked) > 1 and ranked[0][1] == ranked[1][1]):
        return None
    return Picked(ranked[0][0], "words")


def _says(words: tuple[str, ...], name: tuple[str, ...]) -> bool:
    return len(name) > 1 and any(words[i : i + len(name)] == name for i in range(len(words)))


def _score(name: tuple[str, ...], words: tuple[str, ...], said: str) -> float:
    """0 when `name` is not what `words` say; otherwise more for a fuller match."""
    if not name:
        return 0.0
    if words == name:
        return 100.0
    if said and len(name) == 1 and ((said == "yes" and name[0] in YES) or (said == "no" and name[0] in NO)):
        return 90.0
    told = tuple(w for w in words if w not in FILLERS)
    named = tuple(w for w in name if w not in FILLERS) or name
    if told == named:
        return 80.0
    if len(told) == len(named) and all(_close(a, b) for a, b in zip(told, named, strict=True)):
        return 60.0
    leftover = len(told) - len(named)
    if _inside(named, told) and (leftover <= 2 or (len(named) >= 2 and leftover <= 5)):
        return 40.0 + 5 * len(named) - leftover
    return 0.0


def _inside(name: tuple[str, ...], words: tuple[str, ...]) -> bool:
    return any(words[i : i + len(name)] == name for i in range(len(words) - len(name) + 1))


def _close(word: str, name: str) -> bool:
    """Equal but for a typo: one slip from four letters, two from eight; everyday words are never typos."""
    if word == name:
        return True
    if len(name) < 4 or word in COMMON:
        return False
    return OSA.distance(word, name) <= (1 if len(name) < 8 else 2)
