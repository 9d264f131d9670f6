"""What each meaning does: (words, session, meaning, time) -> Turn, one function a meaning. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from . import find, optout
from .events import Event
from .flow import HUMAN, MAIN
from .meaning import Meaning
from .messages import Answer
from .session import Session
from .turn import FIRST, Content, Turn

Act = Callable[[Content, Session, Meaning, float], Turn]


def said(session: Session, meaning: Meaning, *parts: str, event: Event | None = None) -> Turn:
    """Say `parts` without moving."""
    return Turn(replace(session, misses=0), Answer(session.lang or "en", parts), meaning, events=(event,) if event else ())


def moved(session: Session, meaning: Meaning, node: str, *before: str, part: str = "") -> Turn:
    """Go to `node` and say it (or only `part` of it), after `before`."""
    there = session.moved(node)
    return Turn(there, Answer(there.lang or "en", (*before, part or node)), meaning, events=(Event("answered", node),))


def left(session: Session) -> Session:
    """What stays after an opt-out: the last message ids, so that a retry is not a second turn."""
    return Session(lang=session.lang, seen=session.seen, recent=session.recent, pace=session.pace, told=session.told)


def _stop(content: Content, session: Session, meaning: Meaning, now: float) -> Turn:
    bare = not meaning.lone and not optout.speaks_of_texts(meaning.why)
    told = "say.stop_more" if bare or meaning.word in optout.MAY_MEAN_MORE else "say.stop"
    events = (Event("opted_out"),)
    if meaning.alarm:  # the one confirmation is the emergency answer
        turn = _emergency(content, session, replace(meaning, means=meaning.alarm), now)
        return replace(turn, meaning=meaning, opted_out=True, events=(*events, *turn.events))
    return Turn(left(session), Answer(session.lang or "en", (told,)), meaning, opted_out=True, events=events)


def _start(content: Content, session: Session, meaning: Meaning, now: float) -> Turn:
    turn = moved(session, meaning, MAIN, "say.start#text")
    return replace(turn, opted_out=False, events=(Event("opted_in"),), session=replace(turn.session or session, greeted=True))


def _help(content: Content, session: Session, meaning: Meaning, now: float) -> Turn:
    greeted = replace(session, greeted=True)
    if session.emergency_alive(now):
        _, again = _asked_again(content, session)
        return said(greeted, meaning, "say.help#text", again)
    return moved(greeted, meaning, MAIN, "say.help#text", part=f"{MAIN}#choices")


def _emergency(content: Content, session: Session, meaning: Meaning, now: float) -> Turn:
    node = meaning.node or FIRST[meaning.means]
    there = replace(session.moved(node), emergency=meaning.means, emergency_at=int(now))
    event = Event("emergency_recognised", meaning.means)
    parts = (node, "say.also_suicide#text") if meaning.also == "suicide" else (node,)
    return Turn(there, Answer(session.lang or "en", parts), meaning, events=(event,))


def _human(content: Content, session: Session, meaning: Meaning, now: float) -> Turn:
    turn = moved(session, meaning, HUMAN)
    return replace(turn, events=(Event("human_offered"),))


def _menu(content: Content, session: Session, meaning: Meaning, now: float) -> Turn:
    return moved(replace(session, emergency="", history=()), meaning, MAIN)


def _back(content: Content, session: Session, meaning: Meaning, now: float) -> Turn:
    known = [node for node in session.history if content.menus.holds(node)]
    if not known:
        return moved(session, meaning, MAIN) if session.node != MAIN else said(session, meaning, "say.no_back#text", MAIN)
    back = replace(session, node=known[-1], history=tuple(known[:-1]), misses=0)
    return Turn(back, Answer(back.lang or "en", (known[-1],)), meaning)


def _more(content: Content, session: Session, meaning: Meaning, now: float) -> Turn:
    if session.node == find.PLACES and session.search:
        session = replace(session, search=session.search.further())
    node = content.menus.more(session.node or MAIN)
    if node:
        return moved(session, meaning, node)
    at, again = _asked_again(content, session)
    return said(at, meaning, "say.nothing_more#text", again)


def _lang(content: Content, session: Session, meaning: Meaning, now: float) -> Turn:
    if meaning.word not in ("en", "es"):
        return said(session, meaning, "language.start")
    return moved(session, meaning, session.node or MAIN)


def _forget(content: Content, session: Session, meaning: Meaning, now: float) -> Turn:
    nothing_kept = not session.node and not session.greeted and not session.recent
    asked = session.node == "say.forget"
    if meaning.word == "erase" and (asked or nothing_kept):
        return Turn(None, Answer(session.lang or "en", ("say.erased",)), meaning, events=(Event("erased"),))
    return moved(session, meaning, "say.forget")


def _zip(content: Content, session: Session, meaning: Meaning, now: float) -> Turn:
    """Ask which kind of place, unless that is known. What is found near it is looked up later (bot.finding)."""
    search = (session.search or find.Search()).at(meaning.word, meaning.service)
    session = replace(session, search=search)
    if meaning.node != find.WHICH or not search.service:
        return moved(session, meaning, meaning.node)
    return moved(session.moved(find.WHICH), meaning, find.PLACES)  # so that BACK leads to the question


def _choice(content: Content, session: Session, meaning: Meaning, now: float) -> Turn:
    node = content.menus.choose(session.node or MAIN, meaning.choice or 0) or MAIN
    if node == HUMAN:
        return _human(content, session, meaning, now)
    flow = node.partition(".")[0]
    if session.node == find.WHICH and node == find.PLACES:
        session = replace(session, search=(session.search or find.Search()).chosen(meaning.choice or 0))
    if flow in FIRST:  # a step of an emergency keeps it alive; a choice of a flow may lead into one
        session = replace(session, emergency=flow, emergency_at=int(now))
    return moved(session, meaning, node)


def _topic(content: Content, session: Session, meaning: Meaning, now: float) -> Turn:
    if meaning.node == find.START:
        session = replace(session, search=find.Search(service=meaning.service or (session.search or find.Search()).service))
        if session.node in find.ASKING:
            return moved(session, meaning, find.TOWN)
    return moved(session, meaning, meaning.node)


def _smalltalk(content: Content, session: Session, meaning: Meaning, now: float) -> Turn:
    if meaning.node:  # a feeling: one human line, then the menu
        return moved(session, meaning, MAIN, f"{meaning.node}#text")
    if not session.node:
        return _banner(session, meaning)
    at, again = _asked_again(content, session)
    return said(at, meaning, f"say.{meaning.word}#text", again)


def media(content: Content, session: Session, meaning: Meaning, now: float) -> Turn:
    return said(replace(session, node=session.node or MAIN), meaning, "say.media")


def _unclear(content: Content, session: Session, meaning: Meaning, now: float) -> Turn:
    """Kind the first time, a person offered from the second; then menu and person in turn: never the same words twice."""
    if not session.node:
        return _banner(replace(session, misses=1), meaning)
    if session.node in find.ASKING and session.node != find.TOWN:
        return moved(session, meaning, find.TOWN)
    misses = session.misses + 1
    at, again = _asked_again(content, session)
    if misses == 1:
        parts = ("say.unclear#text", again)
    elif misses % 2 == 0:
        parts = ("say.unclear_again#text", again)
        at, parts = (at, parts) if misses == 2 else (at.moved(MAIN), ("say.unclear_again#text", f"{MAIN}#choices"))
    else:
        parts = ("say.unclear_person#text", HUMAN)
    return Turn(replace(at, misses=misses), Answer(at.lang or "en", parts), meaning)


def _asked_again(content: Content, session: Session) -> tuple[Session, str]:
    """What waits for an answer, said again: the choices; all of a node that holds its way to a person in its words; after a
    text that asked nothing, the main menu, and the session there."""
    node = content.nodes[session.node or MAIN]
    if not node.choices:
        return session.moved(MAIN), f"{MAIN}#choices"
    return session, f"{node.id}#choices" if node.way_on else node.id


def _banner(session: Session, meaning: Meaning) -> Turn:
    """Who we are and the menu: the first answer to a text that asks for nothing we know."""
    greeted = replace(session.moved(MAIN), greeted=True, misses=session.misses)
    return Turn(greeted, Answer(session.lang or "en", ("say.banner#text", f"{MAIN}#choices")), meaning)


ACTS: Mapping[str, Act] = {
    "optout": _stop, "optin": _start, "help": _help, "overdose": _emergency, "suicide": _emergency, "human": _human,
    "menu": _menu, "back": _back, "more": _more, "language": _lang, "forget": _forget, "zip": _zip, "choice": _choice,
    "topic": _topic, "smalltalk": _smalltalk, "yes": _smalltalk, "no": _smalltalk, "unclear": _unclear,
}  # fmt: skip
