"""flows/emergency.yaml and bot/models/emergency.msgpack -> what recognises an emergency, or readable problems."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import msgpack

from ..core.alarm_rules import ANY, AT_LEAST, END, START, Cancel, Meant, Phrase, Raise, Rules
from ..core.linear import CLASSES, Linear, unpack
from ..core.network import Network
from ..core.pieces import MARKS, Pieces
from ..core.spelling import Spelling
from ..core.words import tokens
from .encoder import Encoder
from .lines import Lined, Path_
from .models import Keywords, Line, Strict
from .problems import Problem

MODEL = Path(__file__).parent.parent / "models" / "emergency.msgpack"
NETWORK = MODEL.with_name("network.msgpack")
FORMAT = 2  # of the model's file; training/train.py writes it
NETWORK_FORMAT = 2  # training/network.py writes it
LANGUAGES = ("en", "es")
Kind = Literal["overdose", "suicide"]


class Listed(Strict):
    """Words with spaces between them."""

    en: str = ""
    es: str = ""


class RaiseRule(Keywords):
    because: Line
    kind: Kind
    strength: Literal["full", "line"]
    tier: Literal["", "explicit", "passive", "third_person"] = ""


class CancelRule(Keywords):
    because: Line
    leaves: Literal["line", "nothing"]
    kinds: tuple[Kind, ...] = ("overdose", "suicide")


class Written(Strict):
    """emergency.yaml. docs/writing.md says what each field is for."""

    groups: dict[str, Listed]
    alone: dict[Kind, Keywords]
    raises: list[RaiseRule]
    cancels: list[CancelRule]


def rules(written: Written, lined: Lined, problems: list[Problem]) -> Rules:
    """The rules ready to be used; what makes no sense in them is added to `problems`."""
    groups = {name: frozenset(_one_by_one(listed)) for name, listed in written.groups.items()}
    for name in groups:
        if not name.isupper():
            problems.append(lined.problem(("groups", name), f"'{name}' is a group", "Write groups in CAPITALS"))
    phrases = []
    for path, phrase, means in _all(written):
        items = _items(phrase, groups)
        wrong = _wrong(items, groups)
        if wrong:
            problems.append(lined.problem(path, f"'{phrase}' {wrong[0]}", wrong[1]))
        phrases.append(Phrase(items, means))
    return Rules(phrases, groups, _alone(written))


def model(problems: list[Problem], path: Path = MODEL) -> Linear | None:
    """The learned model; None, and a problem, where its file cannot be used."""
    try:
        read = msgpack.unpackb(path.read_bytes())
        if read["format"] != FORMAT or tuple(read["classes"]) != CLASSES:
            raise ValueError("made by another version")
        spelling = Spelling(read["known"].split("\n"), read["targets"])
        return Linear(tuple(read["bias"]), unpack(**read["words"]), unpack(**read["chars"]), spelling)
    except (OSError, ValueError, KeyError, TypeError, msgpack.UnpackException) as error:
        problems.append(_unusable(path, error))
        return None


def network(problems: list[Problem], path: Path = NETWORK) -> Network | None:
    """The second learned reader; None, and a problem, where its file cannot be used."""
    try:
        read = msgpack.unpackb(path.read_bytes())
        if read["format"] != NETWORK_FORMAT or tuple(read["classes"]) != CLASSES:
            raise ValueError("made by another version")
        numbers = {piece: number for number, piece in enumerate(read["pieces"].split("\n"))}
        if missing := [mark for mark in MARKS if mark not in numbers]:
            raise ValueError(f"the piece {missing[0]} is missing")
        if not isinstance(read["encoder"], bytes):
            raise ValueError("the encoder is no bytes")  # onnxruntime takes text for the path of a file
        return Network(Pieces(numbers), Encoder(read["encoder"]))
    except (OSError, ValueError, KeyError, TypeError, msgpack.UnpackException) as error:
        problems.append(_unusable(path, error))
        return None


def _unusable(path: Path, error: Exception) -> Problem:
    return Problem(path.name, 0, f"cannot be used ({error})", "Make it anew: training/README.md says how")


def _all(written: Written) -> Iterator[tuple[Path_, str, Meant]]:
    """Every phrase with where it stands and what it means."""
    for number, rule in enumerate(written.raises):
        raised = Raise(rule.kind, rule.strength, rule.tier, rule.because)
        yield from ((("raises", number, lang, i), p, raised) for lang in LANGUAGES for i, p in enumerate(getattr(rule, lang)))
    for number, careful in enumerate(written.cancels):
        cancel = Cancel(frozenset(careful.kinds), careful.leaves, careful.because)
        yield from ((("cancels", number, lang, i), p, cancel) for lang in LANGUAGES for i, p in enumerate(getattr(careful, lang)))


def _items(phrase: str, groups: dict[str, frozenset[str]]) -> tuple[str, ...]:
    """A phrase in parts that can be compared with the words of a text."""
    items: list[str] = []
    for word in phrase.split():
        if word in groups or word in (START, END, ANY) or AT_LEAST.fullmatch(word):
            items.append(word)
        elif word.endswith(ANY):
            items.extend(f"{told}{ANY}" for told in tokens(word[:-1])[:1])
        else:
            items.extend(tokens(word) if not _capitals(word) else [word])
    return tuple(items)


def _wrong(items: tuple[str, ...], groups: dict[str, frozenset[str]]) -> tuple[str, str] | None:
    unknown = [item for item in items if _capitals(item) and item not in groups]
    if unknown:
        return f"names the group {unknown[0]}, which is not there", "Add it to groups, or write the word small"
    if all(item in (START, END, ANY) for item in items):
        return "holds no words", "Write what people say"
    if items[0] == ANY or items[-1] == ANY:
        return "begins or ends with *", "Leave it out: a phrase is found anywhere"
    return None


def _capitals(word: str) -> bool:
    return word.isupper() and len(word) > 1


def _one_by_one(listed: Listed) -> Iterator[str]:
    return (token for word in f"{listed.en} {listed.es}".split() for token in tokens(word)[:1])


def _alone(written: Written) -> dict[str, str]:
    said = [(kind, phrase) for kind, phrases in written.alone.items() for phrase in (*phrases.en, *phrases.es)]
    return {" ".join(tokens(phrase)): kind for kind, phrase in said}
