"""Decides the answer to one text: answer(words, situation, text, now) -> Turn. Pure: no store, no network, no clock."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from . import find, guards, handoff, optout
from .events import Event
from .flow import HUMAN, MAIN
from .meaning import Asked, Meaning
from .messages import NOTHING, Answer, Message
from .place import names_place
from .session import DAY, MINUTE, Session
from .ticket import Desk
from .turn import FIRST, Content, Situation, Turn


def understand(content: Content, situation: Situation, text: str, now: float) -> Meaning:
    """What `text` means here. What `helpline explain` prints and what `answer` acts on."""
    situation = handoff.settled(situation, now)
    session = situation.session
    node = content.nodes.get(session.node) if session else None
    alive = session.emergency_alive(now) if session else ""
    gone = bool(session and session.node) and node is None
    over = bool(node and node.flow in FIRST and not alive)  # hours later a "1" no longer answers an emergency's step
    if gone or over or situation.lost:
        return content.reader.read(text, Asked(None, opted_out=situation.opted_out))
    fresh = node is None
    asked = Asked(node or content.nodes[MAIN], alive, situation.opted_out, fresh)
    if situation.stateless:
        asked = Asked(None, opted_out=situation.opted_out)
    return content.reader.read(text, asked)


def answer(content: Content, situation: Situation, message: Message, now: float) -> Turn:
    """The turn that `message` leads to. Pure; `now` in epoch seconds."""
    situation = handoff.settled(situation, now)
    meaning = understand(content, situation, message.text, now)
    before = _searching(_near(content, situation.session or Session()), now)
    session = guards.counted(before, _language(before, meaning), now)
    if _carrier_has_answered(message, meaning, situation):
        return handoff.withdrawn(situation.ticket, _silently(session, meaning, message), now)
    if situation.opted_out and not _reaches_opted_out(meaning, session, now):
        return _after_stop(session, meaning, now, situation)
    ticket = situation.ticket
    with_counselor = ticket is not None and ticket.under_way and not situation.opted_out
    held = guards.held_back(session, meaning, situation.held, now, with_counselor)
    if held is not None and not with_counselor:
        return _held_back(*held, meaning)

    def ordinary() -> Turn:
        return _ordinary(content, situation, session, message, meaning, now)

    if ticket is not None and with_counselor:
        turn = handoff.during(ticket, session, message, meaning, now, ordinary)
        turn = handoff.quietly(ticket, turn, held[0]) if held else turn
        turn = replace(turn, answer=_in_language(content, turn.answer))
    else:
        turn = ordinary()
    return handoff.withdrawn(ticket, turn, now)


def _ordinary(content: Content, situation: Situation, session: Session, message: Message, meaning: Meaning, now: float) -> Turn:
    """The turn of a text that no counselor reads."""
    stays = _stays(content, session, meaning, message.text, now)
    if stays is not None:
        return _finish(content, situation, stays)
    act = _media if message.media and not meaning.alarm and not message.text.strip() else ACTS[meaning.means]
    turn = handoff.offered(situation, message, act(content, session, meaning, now), now)
    return _finish(content, situation, turn)


def _near(content: Content, session: Session) -> Session:
    """`session`, moved to the nearest menu when it stands at a node that this deploy does not have."""
    if not session.node or session.node in content.nodes:
        return session
    start = f"{session.node.partition('.')[0]}.start"
    return replace(session, node=start if start in content.nodes else MAIN)


def _searching(session: Session, now: float) -> Session:
    """`session`; a search that was left an hour ago is over."""
    over = session.search is not None and now - session.seen >= find.OPEN_FOR
    return replace(session, search=session.search.closed()) if over and session.search else session


def _language(session: Session, meaning: Meaning) -> str:
    """The language to answer in: the one asked for, the one this text shows, else the one that the talk has."""
    if meaning.means == "language" and meaning.word in ("en", "es"):
        return meaning.word
    return meaning.lang or session.lang


# --- inside and after an emergency ---------------------------------------------------------------------------------

# What would be taken for something else at any other moment is an answer to the emergency here: "what now", "ok", a topic.
STAYS = frozenset("smalltalk yes no unclear zip topic language".split())
TOPICS_AFTER = 30 * MINUTE  # then a question about something else is one


def _stays(content: Content, session: Session, meaning: Meaning, text: str, now: float) -> Turn | None:
    """The turn of a text that stays inside an emergency, or the gentle first one after it; None when it is neither."""
    if not session.emergency or meaning.means not in STAYS:
        return None
    if not session.emergency_alive(now):
        return _after_emergency(session, meaning)
    asks_else = meaning.means in ("topic", "zip", "language")
    if asks_else and (session.emergency == "suicide" or now - session.emergency_at > TOPICS_AFTER):
        return None
    if session.emergency == "overdose" and names_place(text):
        return _moved(session, meaning, "overdose.place")
    node = session.node if session.node.partition(".")[0] in FIRST else FIRST[session.emergency]
    return _said(session, meaning, node)


def _after_emergency(session: Session, meaning: Meaning) -> Turn | None:
    """Some hours later: ask how they are before any menu. A question is answered as always."""
    over = replace(session, emergency="", node=MAIN, history=())
    return None if meaning.means in ("zip", "topic", "language") else _said(over, meaning, "say.after_emergency")


# --- who may be answered -------------------------------------------------------------------------------------------


def _carrier_has_answered(message: Message, meaning: Meaning, situation: Situation) -> bool:
    """Whether the carrier has answered this word itself, so that a second answer from us would be wrong (FACTS E4)."""
    if meaning.alarm:
        return False
    if message.carrier_did:
        return True
    # Twilio takes the exact single word only, and on WhatsApp none: "Stop!" and "opt out" are ours to answer.
    return situation.carrier_words != "ours" and message.channel == "sms" and message.text.strip().lower() in optout.TWILIO_WORDS


def _silently(session: Session, meaning: Meaning, message: Message) -> Turn:
    """Record what the carrier did, say nothing."""
    did = message.carrier_did or {"optout": "STOP", "optin": "START"}.get(meaning.means, "HELP")
    if did == "STOP":
        return Turn(_left(session), NOTHING, meaning, opted_out=True, events=(Event("opted_out", "carrier"),))
    if did == "START":
        return Turn(session, NOTHING, meaning, opted_out=False, events=(Event("opted_in", "carrier"),))
    return Turn(session, NOTHING, meaning)


def _held_back(session: Session, part: str, meaning: Meaning) -> Turn:
    """Say `part` and stay where we are, or say nothing."""
    answer = Answer(session.lang or "en", (part,)) if part else NOTHING
    return Turn(session, answer, meaning, events=(Event("held_back", part),))


def _reaches_opted_out(meaning: Meaning, session: Session, now: float) -> bool:
    """START, HELP, a lone HUMAN, an emergency and every answer inside one until it ends."""
    lone_human = meaning.means == "human" and meaning.lone
    alarmed = bool(meaning.alarm or meaning.alarm_line)
    return alarmed or meaning.means in ("optin", "help") or lone_human or bool(session.emergency_alive(now))


def _after_stop(session: Session, meaning: Meaning, now: float, situation: Situation) -> Turn:
    if not situation.notice_after_stop or now - session.noticed_at < DAY:
        return Turn(session, NOTHING, meaning)
    return Turn(replace(session, noticed_at=int(now)), Answer(session.lang or "en", ("say.opted_out",)), meaning)


def _left(session: Session) -> Session:
    """What stays after an opt-out: the last message ids, so that a retry is not a second turn."""
    return Session(lang=session.lang, seen=session.seen, recent=session.recent, pace=session.pace, told=session.told)


# --- what each meaning does ----------------------------------------------------------------------------------------

Act = Callable[[Content, Session, Meaning, float], Turn]


def _said(session: Session, meaning: Meaning, *parts: str, event: Event | None = None) -> Turn:
    """Say `parts` without moving."""
    return Turn(replace(session, misses=0), Answer(session.lang or "en", parts), meaning, events=(event,) if event else ())


def _moved(session: Session, meaning: Meaning, node: str, *before: str, part: str = "") -> Turn:
    """Go to `node` and say it (or only `part` of it), after `before`."""
    moved = session.moved(node)
    return Turn(moved, Answer(moved.lang or "en", (*before, part or node)), meaning, events=(Event("answered", node),))


def _stop(content: Content, session: Session, meaning: Meaning, now: float) -> Turn:
    bare = not meaning.lone and not optout.speaks_of_texts(meaning.why)
    told = "say.stop_more" if bare or meaning.word in optout.MAY_MEAN_MORE else "say.stop"
    left = _left(session)
    events = (Event("opted_out"),)
    if meaning.alarm:  # the one confirmation is the emergency answer
        turn = _emergency(content, session, replace(meaning, means=meaning.alarm), now)
        return replace(turn, meaning=meaning, opted_out=True, events=(*events, *turn.events))
    return Turn(left, Answer(session.lang or "en", (told,)), meaning, opted_out=True, events=events)


def _start(content: Content, session: Session, meaning: Meaning, now: float) -> Turn:
    turn = _moved(session, meaning, MAIN, "say.start#text")
    return replace(turn, opted_out=False, events=(Event("opted_in"),), session=replace(turn.session or session, greeted=True))


def _help(content: Content, session: Session, meaning: Meaning, now: float) -> Turn:
    greeted = replace(session, greeted=True)
    if session.emergency_alive(now):
        _, again = _asked_again(content, session)
        return _said(greeted, meaning, "say.help#text", again)
    return _moved(greeted, meaning, MAIN, "say.help#text", part=f"{MAIN}#choices")


def _emergency(content: Content, session: Session, meaning: Meaning, now: float) -> Turn:
    node = meaning.node or FIRST[meaning.means]
    moved = replace(session.moved(node), emergency=meaning.means, emergency_at=int(now))
    event = Event("emergency_recognised", meaning.means)
    parts = (node, "say.also_suicide#text") if meaning.also == "suicide" else (node,)
    return Turn(moved, Answer(session.lang or "en", parts), meaning, events=(event,))


def _human(content: Content, session: Session, meaning: Meaning, now: float) -> Turn:
    turn = _moved(session, meaning, HUMAN)
    return replace(turn, events=(Event("human_offered"),))


def _menu(content: Content, session: Session, meaning: Meaning, now: float) -> Turn:
    return _moved(replace(session, emergency="", history=()), meaning, MAIN)


def _back(content: Content, session: Session, meaning: Meaning, now: float) -> Turn:
    known = [node for node in session.history if content.menus.holds(node)]
    if not known:
        return _moved(session, meaning, MAIN) if session.node != MAIN else _said(session, meaning, "say.no_back#text", MAIN)
    back = replace(session, node=known[-1], history=tuple(known[:-1]), misses=0)
    return Turn(back, Answer(back.lang or "en", (known[-1],)), meaning)


def _more(content: Content, session: Session, meaning: Meaning, now: float) -> Turn:
    if session.node == find.PLACES and session.search:
        session = replace(session, search=session.search.further())
    node = content.menus.more(session.node or MAIN)
    if node:
        return _moved(session, meaning, node)
    at, again = _asked_again(content, session)
    return _said(at, meaning, "say.nothing_more#text", again)


def _lang(content: Content, session: Session, meaning: Meaning, now: float) -> Turn:
    if meaning.word not in ("en", "es"):
        return _said(session, meaning, "language.start")
    return _moved(session, meaning, session.node or MAIN)


def _forget(content: Content, session: Session, meaning: Meaning, now: float) -> Turn:
    nothing_kept = not session.node and not session.greeted and not session.recent
    asked = session.node == "say.forget"
    if meaning.word == "erase" and (asked or nothing_kept):
        return Turn(None, Answer(session.lang or "en", ("say.erased",)), meaning, events=(Event("erased"),))
    return _moved(session, meaning, "say.forget")


def _zip(content: Content, session: Session, meaning: Meaning, now: float) -> Turn:
    """Ask which kind of place, unless that is known. What is found near it is looked up later (bot.finding)."""
    search = (session.search or find.Search()).at(meaning.word, meaning.service)
    session = replace(session, search=search)
    if meaning.node != find.WHICH or not search.service:
        return _moved(session, meaning, meaning.node)
    return _moved(session.moved(find.WHICH), meaning, find.PLACES)  # so that BACK leads to the question


def _choice(content: Content, session: Session, meaning: Meaning, now: float) -> Turn:
    node = content.menus.choose(session.node or MAIN, meaning.choice or 0) or MAIN
    if node == HUMAN:
        return _human(content, session, meaning, now)
    flow = node.partition(".")[0]
    if session.node == find.WHICH and node == find.PLACES:
        session = replace(session, search=(session.search or find.Search()).chosen(meaning.choice or 0))
    if flow in FIRST:  # a step of an emergency keeps it alive; a choice of a flow may lead into one
        session = replace(session, emergency=flow, emergency_at=int(now))
    return _moved(session, meaning, node)


def _topic(content: Content, session: Session, meaning: Meaning, now: float) -> Turn:
    if meaning.node == find.START:
        session = replace(session, search=find.Search(service=meaning.service or (session.search or find.Search()).service))
        if session.node in find.ASKING:
            return _moved(session, meaning, find.TOWN)
    return _moved(session, meaning, meaning.node)


def _smalltalk(content: Content, session: Session, meaning: Meaning, now: float) -> Turn:
    if meaning.node:  # a feeling: one human line, then the menu
        return _moved(session, meaning, MAIN, f"{meaning.node}#text")
    if not session.node:
        return _banner(session, meaning)
    at, again = _asked_again(content, session)
    return _said(at, meaning, f"say.{meaning.word}#text", again)


def _media(content: Content, session: Session, meaning: Meaning, now: float) -> Turn:
    return _said(replace(session, node=session.node or MAIN), meaning, "say.media")


def _unclear(content: Content, session: Session, meaning: Meaning, now: float) -> Turn:
    """Kind the first time, a person offered from the second; then menu and person in turn: never the same words twice."""
    if not session.node:
        return _banner(replace(session, misses=1), meaning)
    if session.node in find.ASKING and session.node != find.TOWN:
        return _moved(session, meaning, find.TOWN)
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


# --- what every answer gets ----------------------------------------------------------------------------------------


def _finish(content: Content, situation: Situation, turn: Turn) -> Turn:
    turn = _on_channel(_introduced(_said_kindly(_searched(turn), situation)), situation.channel)
    answer = _stateless(content, turn, situation.desk) if situation.stateless else _in_language(content, turn.answer)
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
    if handoff.CONSENT in parts:  # what closing the page does is part of what is agreed to
        parts = ("handoff.consent_web#text", *parts)
    return replace(turn, answer=replace(turn.answer, parts=parts))


def _with_line(answer: Answer, meaning: Meaning) -> Answer:
    """911 or 988 in the first line, where an emergency may be meant."""
    return replace(answer, parts=(f"say.line_{meaning.alarm_line}#text", *answer.parts)) if meaning.alarm_line else answer


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
    missed = ("handoff.not_passed#text",) if desk is not None and desk.on else ()
    if turn.meaning.alarm or turn.meaning.means in ("optout", "optin", "help", "human"):
        node = turn.answer.parts[0]
        return replace(turn.answer, parts=(f"{node}#text" if turn.meaning.alarm else node, *missed))
    brief = f"{turn.meaning.topic}.brief"
    return replace(turn.answer, parts=("say.stateless", *missed, *((f"{brief}#text",) if brief in content.nodes else ())))


def _in_language(content: Content, answer: Answer) -> Answer:
    """`answer`, or where its language does not hold all of it, the one reviewed card in that language."""
    if answer.lang == "en":
        return answer
    spoken = content.words.spoken.get(answer.lang, {})
    if all(part.partition("#")[0] in spoken for part in answer.parts):
        return answer
    return replace(answer, parts=("say.spanish",))
