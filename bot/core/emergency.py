"""Recognises an overdose or thoughts of suicide, in English and Spanish. Pure: needs neither store nor network nor clock.

Two readers, one decision. The rules (flows/emergency.yaml) know what is unmistakable; the model (bot/models) knows other
words for it. The safer of the two answers wins, within limits that are numbers below, each with its reason. What they
give on labelled texts stands in docs/safety.md.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from . import language
from .alarm_rules import Found, Rules
from .commands import COMMANDS
from .linear import CLASSES, Linear, Scores
from .optout import HELP_WORDS, START_WORDS, STOP_WORDS
from .words import tokens

OVERDOSE, SUICIDE = "overdose", "suicide"
FULL, LINE = "full", "line"
EXPLICIT, PASSIVE, THIRD_PERSON = "explicit", "passive", "third_person"

# Said alone, nothing slow is asked about them.
QUICK = (
    frozenset(COMMANDS)
    | STOP_WORDS
    | START_WORDS
    | HELP_WORDS
    | {"yes", "no", "si", "ok", "thanks", "gracias", "hi", "hello", "hola"}
)


@dataclass(frozen=True, slots=True)
class Limits:
    """From which share on the model is believed: `full` for the emergency answer, `line` for 911 or 988 in the first line."""

    full: float
    line: float


# The model is asked two things. How likely is an emergency rather than another helpline text, a question, grief, the past?
# A missed overdose can be a death and a false one is a message too many, so one chance in four gives a line. For the full answer
# it must be fairly sure: at most 8 (Spanish 10) in 100 look-alikes may get it (docs/safety.md). In Spanish the model was
# taught by fewer ordinary texts and is surer than it should be.
USUAL = Limits(full=0.85, line=0.25)
SPANISH = Limits(full=0.83, line=0.30)
SHORT = Limits(full=0.99, line=0.50)  # few words say little: "he says no", "sober living"
STORY = Limits(full=0.90, line=0.50)  # in a long text some sentence always sounds a little like an emergency
CANCELLED = Limits(full=0.99, line=0.50)  # beside a rule that says over, asked for later, denied, a figure of speech
# And how likely rather than small talk? Set on 4,827 real private texts (docs/safety.md). A long one holds more by chance.
OVER_SMALL_TALK = 0.45
OVER_SMALL_TALK_STORY = 0.69
SHORT_TEXT, LONG_STORY = 3, 24  # words
MOST_WORDS = 250  # as many as 1,600 characters of people's talk hold; made-up ones could hold 800 and cost time
BOTH = 0.20  # an overdose with this much of suicide in it may be meant: 988 is named too


@dataclass(frozen=True, slots=True)
class Alarm:
    """An emergency in a text.

    kind: "overdose" or "suicide". strength: "full" gets the emergency answer, "line" is unsure: 911 or 988 in one line
    before the topic's answer. tier: "explicit", "passive" (the gentle answer, always "line") or "third_person", "" for an
    overdose. why: the words that weighed. also: "suicide" when an overdose may be meant.
    """

    kind: str
    strength: str
    tier: str
    why: str
    also: str = ""


@dataclass(frozen=True, slots=True)
class Recogniser:
    rules: Rules
    model: Linear

    def recognise(self, text: str) -> Alarm | None:
        """The emergency that `text` speaks of, or None. Both at once is an overdose: its answer cannot wait."""
        words = tokens(text)[:MOST_WORDS]
        told = " ".join(words)
        if told in self.rules.alone:
            kind = self.rules.alone[told]
            return Alarm(kind, FULL, EXPLICIT if kind == SUICIDE else "", told)
        if not words or told in QUICK or (len(words) == 1 and told.isdigit()):
            return None
        return self._weigh(self.model.spelling.mend(words))

    def _weigh(self, words: tuple[str, ...]) -> Alarm | None:
        found = self.rules.find(words)
        scores = self.model.read(words)
        alarm = _safer(_by_rules(found), self._by_model(words, found, scores))
        if alarm is None or alarm.kind == SUICIDE:
            return alarm
        meant = scores.suicide >= BOTH or any(raised.kind == SUICIDE for raised, _ in found.raises)
        return replace(alarm, also=SUICIDE if meant else "")

    def _by_model(self, words: tuple[str, ...], found: Found, scores: Scores) -> Alarm | None:
        kind = OVERDOSE if scores.overdose >= scores.suicide else SUICIDE
        limits = _limits(words, found.careful(kind))
        likely = scores.over_questions
        if likely < limits.line or scores.over_small_talk < _over_small_talk(words):
            return None
        tier = _tier(scores) if kind == SUICIDE else ""
        strength = FULL if likely >= limits.full and tier != PASSIVE else LINE
        weighed = self.model.weighed(words, CLASSES.index(tier or OVERDOSE))
        return Alarm(kind, strength, tier, f"model {likely:.2f}: {', '.join(weighed)}")


def _limits(words: tuple[str, ...], careful: bool) -> Limits:
    if careful:
        return CANCELLED
    if len(words) > LONG_STORY:
        return STORY
    if len(words) <= SHORT_TEXT:
        return SHORT
    return SPANISH if language.detect(words, "") == "es" else USUAL


def _over_small_talk(words: tuple[str, ...]) -> float:
    return OVER_SMALL_TALK_STORY if len(words) > LONG_STORY else OVER_SMALL_TALK


def _by_rules(found: Found) -> Alarm | None:
    """What the phrases say by themselves, made more careful by those that cancel."""
    best: Alarm | None = None
    for raised, words in found.raises:
        if not found.nothing_left(raised.kind):
            strength = LINE if found.careful(raised.kind) else raised.strength
            best = _safer(best, Alarm(raised.kind, strength, raised.tier, f"rule: {words}"))
    return best


def _safer(one: Alarm | None, other: Alarm | None) -> Alarm | None:
    """The alarm that asks for more; between equals the first."""
    if one is None or other is None:
        return one or other
    return max(one, other, key=_weight)


def _weight(alarm: Alarm) -> tuple[bool, bool, bool]:
    return (alarm.strength == FULL, alarm.kind == OVERDOSE, alarm.tier != PASSIVE)


def _tier(scores: Scores) -> str:
    """Passive only where it outweighs the others: calling a plan a mood is the worse mistake."""
    if scores.passive > scores.explicit + scores.third_person:
        return PASSIVE
    return EXPLICIT if scores.explicit >= scores.third_person else THIRD_PERSON
