"""What a text means, in one fixed order. `bot.core.engine` acts on it, `helpline explain` prints it: the same code.

The order (docs/architecture.md, "One inbound text") is what keeps the promises: no flow can swallow an emergency, STOP,
HELP or HUMAN, and "i want to quit" is never an opt-out.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from . import choices, commands, language, optout, smalltalk
from .emergency import FULL, PASSIVE, Alarm, Recogniser
from .flow import HUMAN, MAIN, Node
from .lexicon import Lexicon
from .words import tokens

MEANS = (
    "optout optin help overdose suicide human menu back more language forget zip choice topic smalltalk yes no unclear"
).split()
GENTLE = "suicide.gentle"  # what passive despair is met with
_ZIP = re.compile(r"(?<![\d.$-])(\d{5})(?:-\d{4})?(?![\d%])")


@dataclass(frozen=True, slots=True)
class Meaning:
    """One text, understood.

    means: one of MEANS. node: the node id that answers it, for topics, choices and small talk ("" otherwise).
    choice: the digit picked, or None. word: the carrier word, command or kind of small talk. lang: "en", "es" or "".
    alarm: the emergency that is answered, alone or with something else (an opt-out), else "". alarm_line: an emergency that
    may be meant: 911 or 988 go before the answer. strength: of either, "full" or "line".
    """

    means: str
    why: str
    lang: str = ""
    node: str = ""
    choice: int | None = None
    word: str = ""
    alarm: str = ""
    alarm_line: str = ""
    strength: str = ""

    @property
    def topic(self) -> str:
        return self.node.partition(".")[0]


@dataclass(frozen=True, slots=True)
class Asked:
    """What a text may be an answer to: the node whose question waits, and whether an emergency is under way."""

    node: Node | None
    emergency: str = ""
    opted_out: bool = False
    fresh: bool = False  # nothing was asked yet: only a bare number is taken as an answer to the main menu


def read(text: str, asked: Asked, lexicon: Lexicon, nodes: Mapping[str, Node], recogniser: Recogniser) -> Meaning:
    """What `text` means as an answer to `asked`. Pure; never raises on any text."""
    words = tokens(text)
    lang = language.detect(words, text)
    first = _carrier_word(words, asked) or _quoted(text)
    if first:
        return replace(first, lang=lang)
    alarm = recogniser.recognise(text)
    meaning = _alarm(text, asked, alarm) or _read(text, words, asked, lexicon)
    if alarm and not meaning.alarm and not meaning.choice and alarm.kind != asked.emergency:
        meaning = replace(meaning, alarm_line=alarm.kind, strength=alarm.strength)
    return _point_out(replace(meaning, lang=lang), asked)


def _read(text: str, words: tuple[str, ...], asked: Asked, lexicon: Lexicon) -> Meaning:
    return (
        _request_to_stop(text)
        or _command(words)
        or _choice(text, words, asked)
        or _zip_code(text, words)
        or _topic(words, lexicon)
        or _small_talk(text, words)
        or _other_choice(text, asked)
        or Meaning("unclear", "nothing in it is known")
    )


def _carrier_word(words: tuple[str, ...], asked: Asked) -> Meaning | None:
    stop = optout.lone(words, optout.STOP_WORDS)
    if stop:
        return Meaning("optout", f"carrier word {stop}", word=stop)
    start = optout.lone(words, optout.START_WORDS)
    if start or (asked.opted_out and words in (("yes",), ("si",))):
        return Meaning("optin", f"carrier word {words[0]}", word=words[0])
    if optout.lone(words, optout.HELP_WORDS):
        return Meaning("help", f"carrier word {words[0]}", word=words[0])
    return None


def _quoted(text: str) -> Meaning | None:
    return Meaning("smalltalk", "a phone's reaction that quotes us", word="reaction") if smalltalk.reaction(text) else None


def _alarm(text: str, asked: Asked, alarm: Alarm | None) -> Meaning | None:
    """What an emergency makes of `text`; None where it only adds a line to what the text means otherwise."""
    if alarm is None:
        return None
    if alarm.kind == asked.emergency and asked.node is not None:
        picked = choices.choose(asked.node, text)  # "no hes not breathing" answers the step, it does not start over
        if picked:
            return _picked(asked.node, picked)
    gentle = alarm.tier == PASSIVE
    if alarm.strength != FULL and not gentle:
        return None
    told = Meaning(alarm.kind, alarm.why, node=GENTLE if gentle else "", alarm=alarm.kind, strength=alarm.strength)
    request = optout.asked_to_stop(text)
    if request:
        return replace(told, means="optout", why=f"asked to stop: {request}; and {alarm.why}", word="sentence")
    return told


def _request_to_stop(text: str) -> Meaning | None:
    request = optout.asked_to_stop(text)
    return Meaning("optout", f"asked to stop: {request}", word="sentence") if request else None


def _command(words: tuple[str, ...]) -> Meaning | None:
    word = commands.command(words)
    if not word:
        return None
    means = {"es": "language", "en": "language", "erase": "forget"}.get(word, word)
    return Meaning(means, f"command {word}", word=word, node=HUMAN if means == "human" else "")


def _choice(text: str, words: tuple[str, ...], asked: Asked) -> Meaning | None:
    if asked.node is None:
        return None
    picked = choices.choose(asked.node, text)
    if picked is None or (asked.fresh and not picked.why.startswith("number")):
        return None
    return _picked(asked.node, picked)


def _picked(node: Node, picked: choices.Picked) -> Meaning:
    return Meaning("choice", f"choice {picked.digit} by {picked.why}", node=node.choices[picked.digit - 1].goto, choice=picked.digit)


def _zip_code(text: str, words: tuple[str, ...]) -> Meaning | None:
    found = _ZIP.search(text)
    return Meaning("zip", "five digits", node="find.zip", word=found.group(1)) if found and len(words) <= 20 else None


def _topic(words: tuple[str, ...], lexicon: Lexicon) -> Meaning | None:
    found = lexicon.find(words)
    if found is None:
        return None
    flow = found.node.partition(".")[0]
    if flow == "human":
        return Meaning("human", f"words: {found.words}", node=found.node)
    if flow == "language":
        return Meaning("language", f"words: {found.words}", word=found.node.partition(".")[2])
    if flow == "say":
        return Meaning("smalltalk", f"words: {found.words}", node=found.node, word=found.node.partition(".")[2])
    return Meaning("topic", f"words: {found.words}", node=found.node)


def _small_talk(text: str, words: tuple[str, ...]) -> Meaning | None:
    said = choices.yes_or_no(words)
    if said:
        return Meaning(said, said, word=said)
    kind = smalltalk.kind(words)
    if kind:
        return Meaning("smalltalk", kind, word=kind)
    if text.strip() and not words:
        return Meaning("smalltalk", "only signs or emoji", word="ok")
    return None


def _other_choice(text: str, asked: Asked) -> Meaning | None:
    """Words that answer the main menu though nothing was asked yet, when they mean nothing else."""
    picked = choices.choose(asked.node, text) if asked.fresh and asked.node is not None else None
    return _picked(asked.node, picked) if picked and asked.node is not None else None


def _point_out(meaning: Meaning, asked: Asked) -> Meaning:
    """A topic that the waiting node offers as a choice is that choice too: "hablar con una persona" is 6 on the menu."""
    if asked.node is None or asked.fresh or meaning.choice or not meaning.node or meaning.means not in ("topic", "human", "zip"):
        return meaning
    offered = [i for i, c in enumerate(asked.node.choices, start=1) if c.goto.partition(".")[0] == meaning.topic]
    return replace(meaning, choice=offered[0]) if len(offered) == 1 and asked.node.id == MAIN else meaning
