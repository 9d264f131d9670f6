"""Recognises an overdose or thoughts of suicide, in English and Spanish. Pure: needs neither store nor network nor clock.

Two readers, one decision. The rules (flows/emergency.yaml) know what is unmistakable; the model (bot/models) knows other
words for it. The safer of the two answers wins, within limits that are numbers below, each with its reason. What they
give on labelled texts stands in docs/safety.md.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from . import language
from .alarm_rules import Found, Raise, Rules
from .commands import COMMANDS
from .linear import CLASSES, Linear, Scores
from .network import Network
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
# A missed overdose can be a death and a false one is a message too many, so one chance in four gives a line. For the full
# answer it must be fairly sure: at most 8 (Spanish 10) in 100 look-alikes may get it (docs/safety.md). In Spanish the model was
# taught by fewer ordinary texts and is surer than it should be.
USUAL = Limits(full=0.82, line=0.25)
SPANISH = Limits(full=0.76, line=0.33)
SHORT = Limits(full=0.99, line=0.50)  # few words say little: "he says no", "sober living"
SHORT_MOOD = Limits(full=0.99, line=0.95)  # and of a mood less: "erase", "rock bottom"
STORY = Limits(full=0.90, line=0.30)  # in a long text some sentence always sounds a little like an emergency
CANCELLED = Limits(full=0.99, line=0.50)  # beside a rule that says over, asked for later, denied, a figure of speech
# Somebody else's: "my son says" begins much else, so if unsure the family gets its answer with 988 in the first line.
SOMEBODY_ELSE = 0.97  # full
# And how likely rather than small talk? Set on 4,827 real private texts (docs/safety.md). A long one holds more by chance.
OVER_SMALL_TALK = 0.52
OVER_SMALL_TALK_BOTH = {OVERDOSE: 0.32, SUICIDE: 0.50}
OVER_SMALL_TALK_STORY = 0.60
SHORT_TEXT, LONG_STORY, LONGEST_HEARD = 3, 24, 50  # words; of longer ones than the last the first reader alone costs enough
MOST_LETTERS = 400  # of a text that the second reader hears: people's 50 words have fewer
# The second reader knows English only, wants a few words, and long texts would cost it too much time. It is asked where it may
# change the answer: the first gives an alarm at least this much against small talk and against questions (one private text in
# 14). It counts as much as the first.
ASKED = 0.01
SECOND = 0.50
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
    network: Network

    def recognise(self, text: str) -> Alarm | None:
        """The emergency that `text` speaks of, or None. Both at once is an overdose: its answer cannot wait."""
        words = tokens(text)[:MOST_WORDS]
        told = " ".join(words)
        if told in self.rules.alone:
            return self._alone(told)
        if not words or told in QUICK or (len(words) == 1 and told.isdigit()):
            return None
        mended = self.model.spelling.mend(words)
        return self._weigh(text, mended) if len(words) > 1 else self._alone(mended[0])

    @property
    def settled(self) -> bool:
        """Whether a text would be read later as it is now."""
        return self.network.hear.settled

    @property
    def problem(self) -> str:
        """Why the second reader cannot read; "" as long as it may."""
        return self.network.hear.problem

    def prepare(self) -> None:
        """Return when both readers can read, so that no text waits for that."""
        self.network.hear.prepare()

    def _alone(self, told: str) -> Alarm | None:
        """What the rules say of a lone word. It tells a model too little: "erase", "sober", "hope"."""
        kind = self.rules.alone.get(told)
        return Alarm(kind, FULL, EXPLICIT if kind == SUICIDE else "", told) if kind else _by_rules(self.rules.find((told,)))

    def _weigh(self, text: str, words: tuple[str, ...]) -> Alarm | None:
        found = self.rules.find(words)
        told = _by_rules(found)
        spanish = language.detect(words, "") == "es"
        first = self.model.read(words)
        second = self.network.read(text) if _for_both(words, spanish) and _undecided(told, first) else ()
        scores = first.mixed(second, SECOND) if second else first
        alarm = _safer(told, self._by_model(words, found, scores, spanish, bool(second)))
        if alarm is None or alarm.kind == SUICIDE:
            return alarm
        meant = max(first.suicide, scores.suicide) >= BOTH or any(raised.kind == SUICIDE for raised, _ in found.raises)
        return replace(alarm, also=SUICIDE if meant else "")

    def _by_model(self, words: tuple[str, ...], found: Found, scores: Scores, spanish: bool, both: bool) -> Alarm | None:
        """What the learned readers say; `both`: whether the second was heard."""
        kind = OVERDOSE if scores.overdose >= scores.suicide else SUICIDE
        if len(words) <= SHORT_TEXT and _tier(scores) == PASSIVE and kind == SUICIDE and found.nothing_left(kind):
            return None  # the name of a place: "hope house"
        limits = _limits(words, kind, found.careful(kind), spanish)
        likely = scores.over_questions
        if likely < limits.line or scores.over_small_talk < _over_small_talk(words, kind, both):
            return None
        tier = _tier(scores) if kind == SUICIDE else ""
        sure = max(limits.full, SOMEBODY_ELSE) if tier == THIRD_PERSON else limits.full
        strength = FULL if likely >= sure and tier != PASSIVE else LINE
        weighed = self.model.weighed(words, CLASSES.index(tier or OVERDOSE))
        return Alarm(kind, strength, tier, f"model {likely:.2f}: {', '.join(weighed)}")


def _undecided(told: Alarm | None, first: Scores) -> bool:
    """Whether the second reader may change the answer: the first leaves room for an alarm, or for suicide beside an overdose
    that the rules know."""
    if told is not None and told.strength == FULL:
        return told.kind == OVERDOSE and first.suicide >= ASKED
    return min(first.over_small_talk, first.over_questions) >= ASKED


def _for_both(words: tuple[str, ...], spanish: bool) -> bool:
    """Whether the second reader may be asked."""
    return SHORT_TEXT < len(words) <= LONGEST_HEARD and not spanish and sum(map(len, words)) <= MOST_LETTERS


def _limits(words: tuple[str, ...], kind: str, careful: bool, spanish: bool) -> Limits:
    if careful:
        return CANCELLED
    if len(words) > LONG_STORY:
        return STORY
    if len(words) <= SHORT_TEXT:
        return SHORT_MOOD if kind == SUICIDE else SHORT
    return SPANISH if spanish else USUAL


def _over_small_talk(words: tuple[str, ...], kind: str, both: bool) -> float:
    if len(words) > LONG_STORY:
        return OVER_SMALL_TALK_STORY
    return OVER_SMALL_TALK_BOTH[kind] if both else OVER_SMALL_TALK


def _by_rules(found: Found) -> Alarm | None:
    """What the phrases say by themselves, made more careful by those that cancel."""
    best: Alarm | None = None
    for raised, words in found.raises:
        if not _worth_nothing(raised, found):
            strength = LINE if found.careful(raised.kind) else raised.strength
            best = _safer(best, Alarm(raised.kind, strength, raised.tier, f"rule: {words}"))
    return best


def _worth_nothing(raised: Raise, found: Found) -> bool:
    """A figure of speech, or what may be an overdose ("my friend overdosed") beside what says that it was ("last year")."""
    unsure = raised.kind == OVERDOSE and raised.strength == LINE
    return found.nothing_left(raised.kind) or (unsure and found.careful(raised.kind))


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
