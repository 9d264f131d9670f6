"""Which numbered choice of a waiting question a text picks: "2", "2.", "option two pls", "Detoxx", "the last one".

A number picks when it is all that is said, when it is marked ("number 2") or set apart ("sorry for the wait, 2"). It
does not where it counts something ("2 days", "i have 4 kids") or stands for a word ("me 2", "talk 2 a person").
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz.distance import OSA

from .common import COMMON
from .flow import Choice, Node
from .words import plain, tokens


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


CARDINALS = {
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9,
    "uno": 1, "una": 1, "dos": 2, "tres": 3, "cuatro": 4, "cinco": 5, "seis": 6, "siete": 7, "ocho": 8, "nueve": 9,
}  # fmt: skip
ORDINALS = {
    "first": 1, "1st": 1, "second": 2, "2nd": 2, "third": 3, "3rd": 3, "fourth": 4, "4th": 4, "forth": 4, "fifth": 5,
    "5th": 5, "sixth": 6, "6th": 6, "primero": 1, "primera": 1, "primer": 1, "segundo": 2, "segunda": 2, "tercero": 3,
    "tercera": 3, "cuarto": 4, "cuarta": 4, "quinto": 5, "quinta": 5, "sexto": 6, "sexta": 6, "top": 1, "arriba": 1,
}  # fmt: skip
FROM_THE_END = {"last": 0, "bottom": 0, "ultimo": 0, "ultima": 0, "abajo": 0, "penultimate": 1, "penultimo": 1, "penultima": 1}
NUMBERS = CARDINALS | ORDINALS
ARTICLES = _words("one uno una")  # "the medicine one", "una persona": numbers only where nothing else can be meant

# Lone words one letter away from a number word that are words of their own.
NOT_NUMBERS = _words(
    """on no so to too for form fore tree free there then the sex fix mix sic sick hi he she be we via give live fine hive
    dive fire ten or our your hour son un ano non won own once nice mine line nun sir sis vino oh oye stop sixty fist
    fourty forty tip toy pop tap ton"""
)
# A number right behind one of these is a choice, whatever else is said.
MARKS = _words(
    """number numbr nmbr numbe numer numba numb nbr num nr option opt optn opcion numero choice choose pick press marker"""
)
FILLERS = _words(
    """please thanks thank you ok i id im ill want would like to the a an number num nbr option opt choice choose pick press
    reply select answer lets do go with gimme give me my its it is for about need help some more info information on of hi
    hey yes yeah yep sure um uh think guess maybe item menu button hit try just take say said that this and can we get
    start show send tell numero opcion la el lo las los por favor quiero gracias de un con es para si pues creo que mi
    necesito dame escojo elijo marco oprimo ayuda tema thing stuff part topic section lol haha now right porfavor porfa
    plis umm umh hmm alright alrighty w u t sending picking choosing going typing text texting so see hello sorry god
    bless be but oh very well kindly are could may respuesta mia interesa gusta ponga pongale ponle mande manden digame
    deme seria hola buenas bueno entonces esa una sera was wait no actually wanted definitely prob probably reckon final
    sir maam got response put mark vote interested gonna le doy va voy prefiero quisiera elegir escoger encuentro hallo
    hallar finder cerca consigo puedo"""
) - {"no", "wait"}
# What a number may count, or be part of. `before` it, `after` it.
COUNTED = _words(
    """more day days week weeks month months year years hr hrs hour hours min mins minute minutes times time yrs yr mos am pm
    dia dias semana semanas mes meses ano anos hora horas tarde manana noche kids children people person of mg percent
    tonight today tomorrow oclock grams gram g bags bag pills pill doses dose real much many ever sons daughters hijos
    hijas things sec second seconds too late star stars bucks dollars clean sober grade you chance steps blocks miles"""
)
COUNTING = _words(
    """day days week month year been at age aged zip step room apt unit chapter phase stage level me u have had has having
    took taking did used using use shot only every since after before until till around almost than under over lost am
    tengo llevo hace dia a las los primeras primeros ultimas ultimos type hep c line gate bus route exit block you im one
    un drank smoked snorted bought gave drove waited next"""
)
NEGATIONS = _words(
    """not wrong no dont didnt isnt wont cant nothing neither nor except but anything without never menos ni nada wasnt arent
    hasnt havent hadnt doesnt couldnt"""
)
NOT_CHOSEN = _words("zip code zipcode codigo postal")
TO_OR_FOR = _words(
    """a an the my some someone somebody some1 any get quit talk see him her me you find be go real stop help heroin"""
)
STORY_OPENERS = _words("first one last second primero")
CORRECTIONS = _words("mean meant wait actually sorry oops rather instead digo perdon mejor")
# After a leading number these begin a reason: "4 my son uses", "1 i think".
REASONS = _words(
    """i im my because can cause hes shes he she and if we for would sorry please thanks porque mi es creo yo para"""
)
YES = _words("yes yeah yep yup ya yea y ye sure correct right true si claro sip simon exacto absolutely definitely")
NO = _words("no nope nah naw na n not never negative nel nop nada")
QUESTIONS = _words("how where what whats why when who which does do is are can could should will como donde cuando cual")

LONGEST_ANSWER = 30  # words; a longer text is a story
SHORT = 5  # words; so few around a number are about the number
LEFT_OVER, LEFT_OVER_LONG = 2, 5  # other words that a name of one word, or of more, may stand among

_BREAK = re.compile(r"(?:[,;:!?()\n]|\.(?!\d))+|\s-+\s")
_AMOUNT = re.compile(r"\d[.:/]\d|[$]\s*\d|\d\s*%|\d-\d\d")
_BETWEEN_ENDS = re.compile(r"\b(?:second|next|one before|2nd) (?:to|from|2) (?:the )?(?:last|bottom|end)\b")
_UNSURE = re.compile(r"\b(?:i dont know|no se)\b")  # "idk 2 i guess" turns nothing down
_TAKEN_BACK = re.compile(r"\bno (?=wait|sorry|actually|i mean|perdon|mejor)")


@dataclass(frozen=True, slots=True)
class Picked:
    """The digit that a text picks, and why; digit 0 for two at once."""

    digit: int
    why: str

    @property
    def by_number(self) -> bool:
        return self.why.startswith("number")


@dataclass(frozen=True, slots=True)
class _Number:
    """A number that may be meant: its value, and where in the words it stands."""

    value: int
    at: int
    digit: bool
    marked: bool = False


def choose(node: Node, text: str) -> Picked | None:
    """The choice of `node` that `text` picks, or None when it picks none, two, or one that is not there."""
    words = _with_breaks(text)
    if not node.choices or not words or len(words) > LONGEST_ANSWER:
        return None
    by_number = _by_number(node, words, text)
    if by_number is not None:
        return by_number if 1 <= by_number.digit <= len(node.choices) else None
    counted = any(_counts(words, n) for n in _numbers(words, len(node.choices)))  # "2 pills" is no answer to "pills or not?"
    return _by_words(node, tuple({"2": "to", "4": "for"}.get(w, w) for w in words if w != ","), shortest=2 if counted else 1)


def yes_or_no(words: tuple[str, ...]) -> str:
    """Answers "yes" or "no" when the words say only that, else ""."""
    if 0 < len(words) <= 3:
        rest = [w for w in words if w not in ("please", "ok", "thanks", "sir", "i", "am", "do", "para")]
        if rest and all(w in YES for w in rest):
            return "yes"
        if rest and all(w in NO for w in rest):
            return "no"
    return ""


# --- numbers -------------------------------------------------------------------------------------------------------


def _with_breaks(text: str) -> list[str]:
    """The words of `text`, with "," where a clause ends."""
    words: list[str] = []
    for clause in _BREAK.split(plain(text)):
        said = _BETWEEN_ENDS.sub("penultimate", _TAKEN_BACK.sub("", " ".join(tokens(clause))))
        if said:
            words += [*([","] if words else []), *said.split()]
    return words


def _by_number(node: Node, words: list[str], text: str) -> Picked | None:
    """The number that `words` pick; 0 when it cannot be told which; None when they hold none that is a choice."""
    found = _numbers(words, len(node.choices))
    if not found:
        return _mistyped_number(words)
    if _AMOUNT.search(text):
        return None
    meant = [n for n in found if not _refused(words, n)]
    if len({n.value for n in meant}) > 1:
        return _corrected(words, meant)
    if not meant:
        return None
    picked = Picked(meant[-1].value, "number")
    if any(n.marked or _stands_alone(words, n) for n in meant) or _is_short(words, meant[-1]):
        return picked
    if words[0].isdigit() and len(words) > 1 and words[1] in REASONS:
        return None if set(words) & NEGATIONS else picked
    named = _by_words(node, tuple(w for i, w in enumerate(words) if w != "," and i != meant[-1].at))
    if named is None:
        return None
    return picked if named.digit == picked.digit else Picked(0, "number and words disagree: ask which")


def _numbers(words: list[str], count: int) -> list[_Number]:
    found = []
    for at, word in enumerate(words):
        before = words[at - 1] if at else ""
        if word.isdigit():
            value = int(word) if len(word) < 4 else 0
        elif word in ARTICLES:
            value = _article(words, at)
        elif word in FROM_THE_END:
            value = count - FROM_THE_END[word]
        elif word in NUMBERS:
            value = NUMBERS[word]
        elif before in MARKS:
            value = _near_number(word)
        else:
            continue
        if value or word.isdigit():
            found.append(_Number(value, at, word.isdigit(), before in MARKS or (before == "la" and word.isdigit())))
    return found


def _article(words: list[str], at: int) -> int:
    """1 where "one", "uno" or "una" is a choice, 0 where it is an article or stands for a thing named before."""
    before, after = _beside(words, at)
    if before in MARKS or before in ("la", "el"):
        return 1
    free = before in FILLERS | {","} and before not in ("the", "that", "this", "esa", "a", "my", "is", "about", "send", "me")
    return int(
        free
        and (
            after in (",", "y", "and", "or", "o")
            or after in ("please", "thanks", "porfa", "por", "gracias", "plis", "lol", "thank")
        )
    )


def _is_a_word(words: list[str], number: _Number) -> bool:
    """Whether a 2 or 4 is "to" or "for": "talk 2 a person", "4 my son" is left to the reader of reasons."""
    at = number.at
    inside = 0 < at < len(words) - 1 and words[at - 1] != "," and not number.marked
    return inside and words[at] in ("2", "4") and words[at + 1] in TO_OR_FOR


def _counts(words: list[str], number: _Number) -> bool:
    """Whether the number says how many, how old, when or where. "can i have 1", "send me 2" ask for a choice."""
    before, after = _beside(words, number.at)
    asked = words[0] in ("can", "could", "may", "puedo") or (before == "me" and number.at > 1)
    return after in COUNTED or (before in COUNTING and not number.marked and not asked)


def _beside(words: list[str], at: int) -> tuple[str, str]:
    return (words[at - 1] if at else ","), (words[at + 1] if at + 1 < len(words) else ",")


def _refused(words: list[str], number: _Number) -> bool:
    """Whether the number counts something, stands for a word, or is said not to be it."""
    before, _ = _beside(words, number.at)
    if before == "no" and number.digit and number.at == 1:
        return any(w not in FILLERS and w != "," for w in words[2:])  # "no 2 plz": the number sign
    clause = set(_UNSURE.sub("", " ".join(_clause(words, number.at))).split())
    asks = words[0] in ("whats", "which") and len(words) <= SHORT  # "whats number 2"
    return asks or bool(clause & (NEGATIONS | NOT_CHOSEN)) or _is_a_word(words, number) or _counts(words, number)


def _clause(words: list[str], at: int) -> list[str]:
    start = max((i + 1 for i in range(at) if words[i] == ","), default=0)
    end = next((i for i in range(at, len(words)) if words[i] == ","), len(words))
    return words[start:end]


def _corrected(words: list[str], meant: list[_Number]) -> Picked:
    """The last of several numbers when it corrects the others: "1, no wait, 2"."""
    between = set(words[meant[-2].at : meant[-1].at])
    return Picked(
        meant[-1].value if between & CORRECTIONS else 0, "last number, corrected" if between & CORRECTIONS else "two numbers"
    )


def _stands_alone(words: list[str], number: _Number) -> bool:
    """Whether nothing but fillers stands with the number in its clause. A bare "first, ..." begins a story."""
    clause = _clause(words, number.at)
    rest = [w for w in clause if w != words[number.at]]
    if words[number.at] in STORY_OPENERS and len(clause) < len(words) and not {"the", "la", "el", "so"} & set(rest):
        return False
    if all(w in FILLERS or w in ARTICLES or w in NUMBERS for w in rest):
        return True
    tail = clause[-2:]  # "looking for treatment so 5", "haha ok 3"
    return tail[-1] == words[number.at] and tail[0] in ("so", "ok", "then", "haha", "entonces", "pues")


def _is_short(words: list[str], number: _Number) -> bool:
    """Whether so little is said around a last digit that it is about the digit: "me interesa la 2", "alright three"."""
    after = words[number.at + 1 :]
    word = words[number.at]
    return (
        len(words) <= SHORT and (number.digit or word in CARDINALS) and word not in ARTICLES and all(w in FILLERS for w in after)
    )


def _mistyped_number(words: list[str]) -> Picked | None:
    """The number of a lone "thre" or "fuor". Short words are left alone: "sex" is not six."""
    told = [w for w in words if w not in FILLERS and w != ","]
    near = _near_number(told[0]) if len(told) == 1 else 0
    return Picked(near, "number with a typo") if near else None


def _near_number(word: str) -> int:
    if word == "tow":
        return 2
    if len(word) < 3 or word in NOT_NUMBERS or word in COMMON:
        return 0
    near = {value for name, value in NUMBERS.items() if len(name) >= 3 and OSA.distance(word, name, score_cutoff=1) <= 1}
    return near.pop() if len(near) == 1 else 0


# --- words ---------------------------------------------------------------------------------------------------------


Name = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Names:
    """The names of one choice, made ready once: as they are, and what of each tells it from others."""

    exact: frozenset[Name]
    words: frozenset[str]
    telling: frozenset[Name]
    by_length: Mapping[int, tuple[Name, ...]]  # of `telling`, by how many words they have
    by_first: Mapping[str, tuple[Name, ...]]  # and by the first of them


@lru_cache(maxsize=4096)  # a choice is one object as long as the words are loaded
def _names_of(choice: Choice) -> _Names:
    return _ready(choice.names)


def _ready(names: Iterable[tuple[str, ...]]) -> _Names:
    kept = tuple(names)
    telling = frozenset(tuple(w for w in name if w not in FILLERS) or name for name in kept)
    by_length: dict[int, tuple[Name, ...]] = {}
    by_first: dict[str, tuple[Name, ...]] = {}
    for name in telling:
        by_length[len(name)] = (*by_length.get(len(name), ()), name)
        by_first[name[0]] = (*by_first.get(name[0], ()), name)
    return _Names(frozenset(kept), frozenset(w for name in kept for w in name), telling, by_length, by_first)


def _by_words(node: Node, words: tuple[str, ...], shortest: int = 1) -> Picked | None:
    """The one choice whose names fit `words` best, or None. Names of fewer words than `shortest` are not looked at."""
    said = yes_or_no(words)
    told = tuple(w for w in words if w not in FILLERS and w not in ARTICLES)
    denied = bool(NEGATIONS & set(words[1:] if words[:1] == ("no",) else words))  # "no, my son" denies nothing of it
    scores = []
    for digit, choice in enumerate(node.choices, start=1):
        names = _names_of(choice)
        if denied or shortest > 1:
            names = _ready(n for n in choice.names if _long_enough(n, shortest) and _fits_denial(n, words, denied))
        scores.append((_fit(names, words, told, said), digit))
    scores.sort(reverse=True)
    tied = len(scores) > 1 and scores[0][0] == scores[1][0]
    return Picked(scores[0][1], "words") if scores[0][0] > 0 and not tied else None


def _long_enough(name: tuple[str, ...], shortest: int) -> bool:
    return len([w for w in name if w not in FILLERS] or name) >= shortest


def _fits_denial(name: tuple[str, ...], words: tuple[str, ...], denied: bool) -> bool:
    """Whether a name may be meant where something is denied: "not with them" holds its own "not", "family" does not."""
    return not denied or words == name or bool(NEGATIONS & set(name))


def _fit(names: _Names, words: tuple[str, ...], told: tuple[str, ...], said: str) -> float:
    """How well `words`, of which `told` tell something, say a choice of these names: 0 not at all, 100 one of them exactly."""
    if words in names.exact:
        return 100.0
    if said and any(len(name) == 1 and name[0] in (YES if said == "yes" else NO) for name in names.exact):
        return 90.0
    if told in names.telling:
        return 80.0
    if any(all(map(_close, told, name)) for name in names.by_length.get(len(told), ())):
        return 60.0
    inside = [n for word in set(told) for n in names.by_first.get(word, ()) if _inside(n, told)]
    more = sum(w not in names.words for w in told)
    fitting = [40.0 + 5 * len(n) - (len(told) - len(n)) for n in inside if _stands_out(n, told, more)]
    return max(fitting, default=0.0)


def _stands_out(name: tuple[str, ...], told: tuple[str, ...], more: int) -> bool:
    """Whether a name is what the text is about though it says `more`.

    "now", "idk" and their kin are everyday words: in a question about something else they answer nothing. A word beside
    a name that is no everyday word is another topic: "suboxone while pregnant".
    """
    asks = any(w in QUESTIONS for w in told)
    everyday = all(w in COMMON for w in name)
    if len(name) > 1:
        return more <= (1 if asks and everyday else LEFT_OVER_LONG)
    if asks:
        return more <= 1 and len(told) <= 2 and not everyday
    return all(w in COMMON for w in told if w not in name) and more <= (LEFT_OVER - 1 if everyday else LEFT_OVER)


def _inside(name: tuple[str, ...], words: tuple[str, ...]) -> bool:
    return any(words[i : i + len(name)] == name for i in range(len(words) - len(name) + 1))


def _close(word: str, name: str) -> bool:
    """Equal but for a typo: one slip from four letters, two from eight; everyday words are never typos."""
    if word == name:
        return True
    if len(name) < 4 or abs(len(word) - len(name)) > 2 or word in COMMON:
        return False
    return OSA.distance(word, name) <= (1 if len(name) < 8 else 2)
