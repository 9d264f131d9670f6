"""What every answer gets before it goes out: its language, its channel, who we are, a line of 911 or 988."""

from __future__ import annotations

from dataclasses import replace

from . import find
from .handoff import CONSENT
from .meaning import Meaning
from .messages import Answer
from .ticket import Desk
from .turn import FIRST, Content, Situation, Turn


def finish(content: Content, situation: Situation, turn: Turn) -> Turn:
    turn = _on_channel(_introduced(_said_kindly(_searched(turn), situation)), situation.channel)
    answer = _stateless(content, turn, situation.desk) if situation.stateless else in_language(content, turn.answer)
    answer = _with_line(answer, turn.meaning)
    return turn if answer is turn.answer else replace(turn, answer=answer)


def _searched(turn: Turn) -> Turn:
    """Whoever leaves the search takes the ZIP code with them."""
    session = turn.session
    if session is None or session.search is None or session.node.partition(".")[0] == find.FLOW:
        return turn
    return replace(turn, session=replace(session, search=session.search.closed()))


# On the web there is no phone company, no fee and no number.
ON_THE_WEB = {"say.intro#text": "say.intro_web#text", "say.banner#text": "say.chat#text", "say.erased": "say.erased_web"}


def _on_channel(turn: Turn, channel: str) -> Turn:
    if channel != "web":
        return turn
    parts = tuple(ON_THE_WEB.get(part, part) for part in turn.answer.parts)
    if CONSENT in parts:  # what closing the page does is part of what is agreed to
        parts = ("handoff.consent_web#text", *parts)
    return replace(turn, answer=replace(turn.answer, parts=parts))


def _with_line(answer: Answer, meaning: Meaning) -> Answer:
    """911 or 988 in the first line, where an emergency may be meant."""
    if not meaning.alarm_line:
        return answer
    both = ("say.also_suicide#text",) if meaning.alarm_line == "overdose" and meaning.also == "suicide" else ()
    return replace(answer, parts=(f"say.line_{meaning.alarm_line}#text", *answer.parts, *both))


def _said_kindly(turn: Turn, situation: Situation) -> Turn:
    """Where the conversation was lost, say so before anything but what cannot wait."""
    if not situation.lost or turn.meaning.alarm or turn.opted_out is not None or turn.session is None:
        return turn
    return replace(turn, answer=replace(turn.answer, parts=("say.lost#text", *turn.answer.parts)))


def _introduced(turn: Turn) -> Turn:
    """The first answer says who we are, in one line after the help. Emergencies, STOP and FORGET carry no such line."""
    session = turn.session
    if session is None or session.greeted or turn.opted_out or turn.meaning.means == "forget":
        return turn
    if turn.meaning.alarm or session.node.partition(".")[0] in FIRST:
        return turn
    parts = (*turn.answer.parts, "say.intro#text")
    return replace(turn, session=replace(session, greeted=True), answer=replace(turn.answer, parts=parts))


def _stateless(content: Content, turn: Turn, desk: Desk | None) -> Answer:
    """An answer that needs no memory: no digits, the numbers to call, words that work from anywhere."""
    missed: tuple[str, ...] = ("handoff.not_passed#text",) if desk is not None and desk.on else ()
    if turn.meaning.alarm or turn.meaning.means in ("optout", "optin", "help", "human"):
        node = turn.answer.parts[0]
        onward = ("say.stateless",) if turn.meaning.means == "optin" else ()  # it shows a menu at other times
        return replace(turn.answer, parts=(f"{node}#text" if turn.meaning.alarm else node, *onward, *missed))
    missed += ("handoff.send_again#text",) if missed and not turn.meaning.alarm_line else ()  # else it cannot wait
    brief = f"{turn.meaning.topic}.brief"
    return replace(turn.answer, parts=("say.stateless", *missed, *((f"{brief}#text",) if brief in content.nodes else ())))


def in_language(content: Content, answer: Answer) -> Answer:
    """`answer`, or where its language does not hold all of it, the one reviewed card in that language."""
    if answer.lang == "en":
        return answer
    spoken = content.words.spoken.get(answer.lang, {})
    if all(part.partition("#")[0] in spoken for part in answer.parts):
        return answer
    return replace(answer, parts=("say.spanish",))
