"""What a text means, in one fixed order. `bot.core.engine` acts on it, `helpline explain` prints it: the same code.

The order (docs/architecture.md, "One inbound text") is what keeps the promises: no flow can swallow an emergency, STOP,
HELP or HUMAN, and "i want to quit" is never an opt-out.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from . import autoreply, child, choices, commands, find, language, optout, smalltalk, zipcode
from .emergency import FULL, PASSIVE, THIRD_PERSON, Alarm
from .flow import HUMAN, MAIN, Node
from .lexicon import Found, Lexicon
from .words import tokens

Recognise = Callable[[str], Alarm | None]
MEANS = """optout optin help overdose suicide human menu back more language forget zip choice topic smalltalk
    yes no unclear""".split()
GENTLE = "suicide.gentle"  # what passive despair is met with


@dataclass(frozen=True, slots=True)
class Meaning:
    """One text, understood.

    means: one of MEANS. node: the node id that answers it, for topics, choices and small talk ("" otherwise).
    choice: the digit picked, or None. word: the carrier word, command, kind of small talk or ZIP code. lang: "en", "es" or "".
    alarm: the emergency that is answered, alone or with something else (an opt-out), else "". alarm_line: an emergency that
    may be meant: 911 or 988 go before the answer. strength: of either, "full" or "line". guess: no keyword said so, only hints.
    """

    means: str
    why: str
    lang: str = ""
    node: str = ""
    choice: int | None = None
    word: str = ""
    lone: bool = False  # the text was this one word and nothing else
    alarm: str = ""
    guess: bool = False
    also: str = ""  # the other kind, when a text speaks of both: an overdose that may be meant
    alarm_line: str = ""
    strength: str = ""
    service: str = ""  # the kind of place that is looked for, of places.SERVICES

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


def read(text: str, asked: Asked, lexicon: Lexicon, nodes: Mapping[str, Node], recognise: Recognise) -> Meaning:
    """What `text` means as an answer to `asked`. Pure; never raises on any text."""
    words = tokens(text)
    lang = "" if smalltalk.reaction(text) else language.detect(words, text)  # a quote is our language, not theirs
    first = _carrier_word(words, asked) or _quoted(text)
    if first:
        spanish = first.lone and first.word in optout.SPANISH_WORDS
        return replace(first, lang="es" if spanish else lang)
    alarm = recognise(text)
    meaning = _alarm(text, asked, alarm) or _read(text, words, asked, lexicon, nodes, alarm)
    if alarm and alarm.tier == PASSIVE and meaning.node == GENTLE:
        asks = _read(text, words, asked, lexicon, nodes, alarm)
        if asks.means == "topic" and not asks.guess:  # "im pregnant and want to quit": its safe answer, 988 before it
            meaning = asks
    if alarm and not meaning.alarm and not meaning.choice and alarm.kind != asked.emergency:
        meaning = replace(meaning, alarm_line=alarm.kind, strength=alarm.strength)
    return _point_out(replace(meaning, lang=lang), asked, words)


def _read(
    text: str, words: tuple[str, ...], asked: Asked, lexicon: Lexicon, nodes: Mapping[str, Node], alarm: Alarm | None
) -> Meaning:
    return (
        _request_to_stop(text)
        or _command(words)
        or _choice_or_zip(text, asked, alarm)
        or _topic(text, words, lexicon)
        or _menu_word(text, words, asked, nodes)
        or Meaning("unclear", "nothing in it is known")
    )


def _carrier_word(words: tuple[str, ...], asked: Asked) -> Meaning | None:
    stop = optout.lone(words, optout.STOP_WORDS)
    if stop:
        return Meaning("optout", f"carrier word {stop}", word=stop, lone=True)
    start = optout.lone(words, optout.START_WORDS)
    back = asked.opted_out and not asked.emergency and words in (("yes",), ("si",))  # in an emergency it answers the step
    if start or back:
        return Meaning("optin", f"carrier word {words[0]}", word=words[0], lone=True)
    if optout.lone(words, optout.HELP_WORDS):
        return Meaning("help", f"carrier word {words[0]}", word=words[0], lone=True)
    return None


def _quoted(text: str) -> Meaning | None:
    return Meaning("smalltalk", "a phone's reaction that quotes us", word="reaction") if smalltalk.reaction(text) else None


def _alarm(text: str, asked: Asked, alarm: Alarm | None) -> Meaning | None:
    """What an emergency makes of `text`; None where it only adds a line to what the text means otherwise."""
    if alarm is None:
        return None
    if alarm.kind == asked.emergency and asked.node is not None and asked.node.flow == alarm.kind:
        picked = choices.choose(asked.node, text)  # "no hes not breathing" answers the step, it does not start over
        if picked:
            return _picked(asked.node, picked)
    if alarm.strength != FULL and alarm.tier != PASSIVE:
        return None
    told = Meaning(
        alarm.kind, alarm.why, node=_first_step(alarm, text), alarm=alarm.kind, also=alarm.also, strength=alarm.strength
    )
    request = optout.asked_to_stop(text)
    if request:
        return replace(told, means="optout", why=f"asked to stop: {request}; and {alarm.why}", word="sentence")
    return told


def _first_step(alarm: Alarm, text: str) -> str:
    """The node that answers an emergency, where it is not the usual first one of its kind."""
    if alarm.kind == "overdose":
        return "overdose.child" if child.swallowed(text) else ""
    return {PASSIVE: GENTLE, THIRD_PERSON: "suicide.other"}.get(alarm.tier, "")


def _request_to_stop(text: str) -> Meaning | None:
    request = optout.asked_to_stop(text)
    return Meaning("optout", f"asked to stop: {request}", word="sentence") if request else None


def _command(words: tuple[str, ...]) -> Meaning | None:
    word = commands.command(words)
    if not word:
        return None
    means = {"es": "language", "en": "language", "erase": "forget"}.get(word, word)
    return Meaning(means, f"command {word}", word=word, node=HUMAN if means == "human" else "", lone=True)


def _choice(text: str, asked: Asked) -> Meaning | None:
    if asked.node is None:
        return None
    picked = choices.choose(asked.node, text)
    if picked is None or (asked.fresh and not picked.by_number):
        return None
    if asked.emergency == asked.node.flow == "overdose" and smalltalk.all_is_well(
        text
    ):  # "hes fine at work" is not "I'm not with them: at work"
        return None
    return _picked(asked.node, picked)


def _picked(node: Node, picked: choices.Picked) -> Meaning:
    return Meaning(
        "choice", f"choice {picked.digit} by {picked.why}", node=node.choices[picked.digit - 1].goto, choice=picked.digit
    )


def _choice_or_zip(text: str, asked: Asked, alarm: Alarm | None) -> Meaning | None:
    """A choice of the waiting question, else a ZIP code; with both ("find help 02139") the ZIP code says more than words do."""
    choice = _choice(text, asked)
    if choice and choice.why.startswith("choice") and " by number" in choice.why:
        return choice
    return _zip_code(text, asked, alarm) or choice


def _zip_code(text: str, asked: Asked, alarm: Alarm | None) -> Meaning | None:
    """A ZIP code; never in an emergency, where five digits are a place to send help to, or anything."""
    if asked.emergency or (alarm and (alarm.strength == FULL or not zipcode.seeks(text))):
        return None
    said = zipcode.read(text, waiting=asked.node is not None and asked.node.id in find.ASKING)
    if said is None:
        return None
    node = {zipcode.SHORT: find.CHECK, zipcode.CANADA: find.CANADA}.get(said.kind, find.WHICH)
    return Meaning("zip", f"zip code: {said.kind}", node=node, word=said.code, service=zipcode.service(text))


def _topic(text: str, words: tuple[str, ...], lexicon: Lexicon) -> Meaning | None:
    """The topic that a keyword names; then small talk; then the topic that hints and single words point to."""
    found = lexicon.find(words)
    small_talk = None if found and found.sure else _small_talk(text, words)
    meant = small_talk or (_found(found) if found else None)
    return replace(meant, service=zipcode.service(text)) if meant and meant.topic == find.FLOW else meant


def _found(found: Found) -> Meaning:
    flow = found.node.partition(".")[0]
    if flow == "human":
        return Meaning("human", f"words: {found.words}", node=found.node)
    if flow == "language":
        return Meaning("language", f"words: {found.words}", word=found.node.partition(".")[2])
    if flow == "say":
        return Meaning("smalltalk", f"words: {found.words}", node=found.node, word=found.node.partition(".")[2])
    return Meaning("topic", f"{'words' if found.sure else 'guess'}: {found.words}", node=found.node, guess=not found.sure)


def _small_talk(text: str, words: tuple[str, ...]) -> Meaning | None:
    if autoreply.is_auto_reply(text):
        return Meaning("smalltalk", "a phone's automatic reply", word="auto")
    said = choices.yes_or_no(words)
    if said:
        return Meaning(said, said, word=said)
    kind = smalltalk.kind(words)
    if kind:
        return Meaning("smalltalk", kind, word=kind)
    if not words and any(c.isalpha() for c in text):
        return Meaning("language", "written in letters that we do not read", word="other")
    if text.strip() and not words:
        return Meaning("smalltalk", "only signs or emoji", word="ok")
    return None


def _menu_word(text: str, words: tuple[str, ...], asked: Asked, nodes: Mapping[str, Node]) -> Meaning | None:
    """A word of the main menu, from anywhere ("find", "meds"), when it means nothing else."""
    main = nodes.get(MAIN)
    if main is None or len(words) > 3:
        return None
    picked = choices.choose(main, text)
    if picked is None or picked.digit == 0 or picked.by_number:
        return None
    meaning = _picked(main, picked)
    return meaning if asked.fresh else replace(meaning, means="human" if meaning.node == HUMAN else "topic", choice=None)


def _point_out(meaning: Meaning, asked: Asked, words: tuple[str, ...]) -> Meaning:
    """A topic in a short text that the main menu offers is that choice too: "platicar con alguien" is 6.

    Not where a digit counts something ("day 4 no dope") or a topic is turned down ("not the family one").
    """
    if (
        asked.node is None
        or asked.node.id != MAIN
        or asked.fresh
        or meaning.guess
        or meaning.choice
        or meaning.means not in ("topic", "human", "zip")
    ):
        return meaning
    if len(words) > choices.SHORT or set(words) & choices.NEGATIONS or any(c.isdigit() for w in words for c in w):
        return meaning
    offered = [i for i, c in enumerate(asked.node.choices, start=1) if c.goto.partition(".")[0] == meaning.topic]
    return replace(meaning, choice=offered[0]) if len(offered) == 1 else meaning
