"""What a text means for a hand-off: offering one, waiting, being with a counselor, leaving.

While a hand-off is open only a few things are ours: STOP, HELP, START, a lone HUMAN, the exact word MENU, FORGET, emergencies and
the way back to the offer. Everything else goes to the counselor, and those they should know of go there too.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from . import optout
from .events import Event
from .flow import HUMAN, MAIN
from .meaning import Meaning
from .messages import NOTHING, Answer, Message
from .session import MINUTE, Session
from .ticket import ASKED_FOR, CARD_AFTER, CONNECTED, LOCKING, MAYBE, WAITING, Desk, Note, Step, Ticket
from .turn import FIRST, Situation, Turn
from .words import tokens

OFFER, WAIT, LEAVE, STAY, LEFT, CLOSED, NOBODY = (
    f"handoff.{name}" for name in "start waiting leave stay left closed nobody".split()
)
CONSENT = "handoff.consent"
LIVE = frozenset({WAIT, LEAVE, STAY})  # nodes that mean something only while the ticket is open
# Seconds until staff are nudged again for the same kind of emergency. Nudges leave from the number that replies leave from, at
# its pace (one a second), so a person who writes it in twenty texts must not hold up what counselors write to others; and who was
# told a minute ago has read it or is not there, which the ladder sees to.
NUDGE_AGAIN = 60.0
OVERDOSE_STAYS = 30 * MINUTE  # how long an overdose that no counselor has answered goes on being ours too
WAITS = ((5 * MINUTE, "wait_few"), (15 * MINUTE, "wait_some"), (30 * MINUTE, "wait_long"))  # what is told of a measured wait
Ordinary = Callable[[], Turn]


def settled(situation: Situation, now: float) -> Situation:
    """`situation` with its session where the ticket says that it is: a ticket is closed without the session knowing."""
    session, ticket = situation.session, situation.ticket
    if ticket is not None and ticket.under_way:
        if session is None:
            return replace(situation, session=Session(node=WAIT, lang=ticket.lang, greeted=True))
        return situation
    asked = ticket is not None and ticket.asked and now - ticket.closed_at < ASKED_FOR
    if session is None and ticket is not None and asked:
        return replace(situation, session=Session(node=CLOSED, lang=ticket.lang, greeted=True))
    if session is not None and session.node in LIVE:
        return replace(situation, session=replace(session, node=CLOSED if asked else MAIN, history=()))
    return situation


# --- offering and opening ------------------------------------------------------------------------------------------


def offered(situation: Situation, message: Message, turn: Turn, now: float) -> Turn:
    """`turn`, where it says HUMAN or has just consented: what is open now. Unknown yet: the turn asks for the desk."""
    session = turn.session
    if session is None or situation.stateless or situation.opted_out or turn.opted_out:
        return turn
    human = session.node == HUMAN and HUMAN in turn.answer.parts
    consented = session.node == WAIT and turn.meaning.means == "choice"
    if not human and not consented:
        return turn
    if situation.ticket is not None and situation.ticket.under_way:  # they have a counselor, or wait for one
        parts = tuple(_numbers(situation.ticket) if part == HUMAN else part for part in turn.answer.parts)
        return replace(turn, session=replace(session, node=WAIT), answer=replace(turn.answer, parts=parts))
    if situation.desk is None:
        return replace(turn, asks_desk=True)
    if consented:
        return _opened(situation, situation.desk, message, turn, session, now)
    return _open_now(turn, session, situation.desk)


def _open_now(turn: Turn, session: Session, desk: Desk) -> Turn:
    if not desk.on:
        return turn
    if desk.here:
        parts = tuple(OFFER if part == HUMAN else part for part in turn.answer.parts)
        return replace(turn, session=replace(session, node=OFFER), answer=replace(turn.answer, parts=parts))
    told = "handoff.away_now#text" if desk.in_hours else "handoff.away#text"
    return replace(turn, answer=replace(turn.answer, parts=(*turn.answer.parts, told)))


def _opened(situation: Situation, desk: Desk, message: Message, turn: Turn, session: Session, now: float) -> Turn:
    if not desk.on or not desk.here:
        return replace(turn, session=replace(session, node=MAIN), answer=replace(turn.answer, parts=(NOBODY,)))
    before = situation.ticket
    kept = tuple(f for f in before.flags if f in LOCKING) if before else ()
    alive = session.emergency_alive(now)
    ticket = Ticket(
        id=f"{message.contact}-{int(now):x}",
        contact=message.contact,
        channel=message.channel,
        lang=session.lang or "en",
        opened=now,
        since=now,
        rev=before.rev + 1 if before else 1,
        seq=before.seq if before else 0,
        path=tuple(node for node in session.history if node.partition(".")[0] not in ("handoff", "human", "main")),
        flags=kept,
        alarms=tuple(alarm for alarm in before.alarms if alarm[0] in kept) if before else (),
        climbs_from=now,
        heard_at=now,
        address=message.address,
        sender=message.sender,
    )
    if alive:
        ticket = ticket.alarmed(alive, session.emergency_at)
    told = tuple(f"handoff.{name}#text" for limit, name in WAITS if desk.wait is not None and desk.wait < limit)[:1]
    answer = replace(turn.answer, parts=(*told, WAIT))
    step = Step(ticket, (Note("system", "opened"),), nudge="staff" if ticket.locks else "")
    return replace(turn, answer=answer, step=step, events=(*turn.events, Event("handoff_opened", ticket.channel)))


# --- while it is open ----------------------------------------------------------------------------------------------


def during(ticket: Ticket, session: Session, message: Message, meaning: Meaning, now: float, ordinary: Ordinary) -> Turn:
    """The turn of a text while `ticket` is open. `ordinary`: what it would be without one."""
    said = _said(message)
    heard = ticket.heard(now, session.lang)
    if _stops(meaning):
        return _stopped(heard, said, meaning, ordinary(), now)
    if meaning.alarm:
        return _alarmed(ticket, heard, said, session, meaning, ordinary, now)
    if meaning.means in ("help", "optin") and meaning.lone:
        part = "say.help#text" if meaning.means == "help" else "say.start#text"
        turn = _told(session, meaning, Step(heard, (said, Note("line", parts=(part,)))), part)
        # kept with its time: a report of an older opt-out may still come
        return replace(turn, opted_out=False) if meaning.means == "optin" else turn
    if meaning.means == "forget":
        return ordinary()
    if tokens(message.text) == ("menu",):
        return _menu(ticket, session, meaning, ordinary, now)
    if session.node == LEAVE and meaning.means == "choice" and meaning.node in (STAY, LEFT):
        return (
            _left(ticket, session, meaning, now)
            if meaning.node == LEFT
            else _told(replace(session, node=WAIT), meaning, None, STAY)
        )
    if meaning.means == "human" and meaning.lone:
        part = _numbers(ticket)
        return _told(session, meaning, Step(heard, (said, Note("line", parts=(part,)))), part)
    if _still_ours(ticket, session, meaning, now):
        turn = ordinary()
        return replace(turn, step=Step(heard, (said, Note("line", parts=turn.answer.parts))))
    return _passed(heard, said, session, meaning)


def _numbers(ticket: Ticket) -> str:
    """The numbers again. That a counselor sees it is said only where one has it."""
    return "handoff.numbers" if ticket.state == CONNECTED else "handoff.numbers_waiting"


def _said(message: Message) -> Note:
    pictures = f"[{message.media} picture or voice note: not fetched]" if message.media else ""
    return Note("person", "\n".join(part for part in (message.text, pictures) if part))


def _stops(meaning: Meaning) -> bool:
    """A carrier word, or a sentence that speaks of these texts. "please stop" may be said to the counselor, who reads it."""
    if meaning.means != "optout":
        return False
    return meaning.lone or bool(meaning.alarm) or optout.speaks_of_texts(meaning.why)


def _stopped(heard: Ticket, said: Note, meaning: Meaning, turn: Turn, now: float) -> Turn:
    flagged = heard.alarmed(meaning.alarm, now) if meaning.alarm else heard
    step = Step(flagged.ended("close", "stopped", now), (said, Note("system", "stopped all texts")), drop=True)
    return replace(turn, step=step, events=(*turn.events, Event("handoff_stopped")))


def _alarmed(
    ticket: Ticket, heard: Ticket, said: Note, session: Session, meaning: Meaning, ordinary: Ordinary, now: float
) -> Turn:
    """An emergency: flagged at once. Ours to answer; the 988 card again only when no counselor replies within a minute."""
    connected = ticket.state == CONNECTED
    flagged = heard.alarmed(meaning.alarm, now)
    if meaning.also:
        flagged = flagged.alarmed(meaning.also, now)
    kinds = tuple(kind for kind in (meaning.alarm, meaning.also) if kind)
    whom = "holder" if connected else "staff"
    if meaning.alarm == "suicide":
        if connected and ticket.card:
            due = replace(flagged, card_due=now + CARD_AFTER)
            return _told(session, meaning, _nudging(Step(due, (said,)), due, kinds, whom, now))
        flagged = replace(flagged, card=True)
    turn = ordinary()
    step = Step(flagged, (said, Note("line", parts=turn.answer.parts)))
    return replace(turn, step=_nudging(step, flagged, kinds, whom, now))


def _nudging(step: Step, ticket: Ticket, kinds: tuple[str, ...], whom: str, now: float) -> Step:
    """`step` to `ticket` with a nudge to `whom` for the `kinds` heard, unless they were told of all of these a moment ago."""
    last = {(kind, told): at for kind, told, at in ticket.nudged_for}
    heard = [(kind, whom) for kind in kinds]
    if all(key in last and 0 <= now - last[key] < NUDGE_AGAIN for key in heard):
        return step
    first = any(key not in last for key in heard)  # what came of it is noted once: notes must not crowd out the person's texts
    last |= dict.fromkeys(heard, now)
    nudged_for = tuple((kind, told, at) for (kind, told), at in last.items())
    return replace(step, ticket=replace(ticket, nudged_for=nudged_for), nudge=whom, nudge_noted=first)


def _still_ours(ticket: Ticket, session: Session, meaning: Meaning, now: float) -> bool:
    """A step of an emergency that no counselor has answered since it began."""
    alive = session.emergency_alive(now)
    if not alive:
        return False
    began = dict(ticket.alarms).get(alive, session.emergency_at)  # the session counts whole seconds: a reply just before would do
    if ticket.replied_at >= began:
        return False
    step = meaning.means == "choice" and session.node.partition(".")[0] in FIRST
    return step or (alive == "overdose" and now - session.emergency_at <= OVERDOSE_STAYS)


def _menu(ticket: Ticket, session: Session, meaning: Meaning, ordinary: Ordinary, now: float) -> Turn:
    """Leaves the line; with a counselor it asks once."""
    if ticket.state == WAITING:
        turn = ordinary()
        step = Step(ticket.ended("close", "left", now), (Note("system", "left the line"),), drop=True)
        parts = ("handoff.left_line#text", *turn.answer.parts)
        return replace(turn, answer=replace(turn.answer, parts=parts), step=step, events=(*turn.events, Event("handoff_left")))
    if session.node == LEAVE:
        return _left(ticket, session, meaning, now)
    return _told(replace(session, node=LEAVE), meaning, None, LEAVE)


def _left(ticket: Ticket, session: Session, meaning: Meaning, now: float) -> Turn:
    step = Step(ticket.ended("close", "left", now), (Note("system", "left the talk"),), drop=True)
    if ticket.locks:
        turn = _told(replace(session, node=MAIN), meaning, step, "handoff.left_line#text", HUMAN)
    else:
        turn = _told(replace(session, node=LEFT), meaning, step, LEFT)
    return replace(turn, events=(Event("handoff_left"),))


def _passed(heard: Ticket, said: Note, session: Session, meaning: Meaning) -> Turn:
    maybe = f"{MAYBE}{meaning.alarm_line}" if meaning.alarm_line else ""
    new = bool(maybe) and maybe not in heard.flags and meaning.alarm_line not in heard.flags
    flagged = heard.flagged(maybe) if new else heard
    line = (f"say.line_{meaning.alarm_line}#text",) if meaning.alarm_line else ()
    if heard.state == WAITING:
        parts: tuple[str, ...] = (*line, "handoff.passed")
    else:  # a counselor reads it, so only an overdose that was not spoken of yet gets its line from us
        parts = line if new and meaning.alarm_line == "overdose" else ()
    notes = (said, Note("line", parts=line)) if parts and line else (said,)
    back = replace(session, node=WAIT) if session.node in (LEAVE, STAY) else session
    return _told(back, meaning, Step(flagged, notes), *parts)


def quietly(ticket: Ticket, turn: Turn, told: Session) -> Turn:
    """`turn` in a flood: the text is passed on as any other, only our answer to it is held back. `told`: the session after who is
    in line was told so, once. What passes nothing on (MENU, and leaving) is answered."""
    session, after = turn.session, turn.step.ticket if turn.step else None
    if session is None or after is None or not after.under_way:
        return turn
    event = Event("held_back", "handoff.flood")
    if ticket.state != WAITING or told.told == session.told:
        return replace(turn, answer=NOTHING, events=(*turn.events, event))
    session = replace(session, told=told.told)
    return replace(turn, session=session, answer=Answer(session.lang or "en", ("handoff.flood",)), events=(*turn.events, event))


def _told(session: Session, meaning: Meaning, step: Step | None, *parts: str) -> Turn:
    answer = Answer(session.lang or "en", parts) if parts else NOTHING
    return Turn(replace(session, misses=0, greeted=True), answer, meaning, step=step)


# --- after STOP by the carrier, and FORGET, open or not --------------------------------------------------------------


_LOCKED = {"say.erased": "handoff.locked", "say.erased_web": "handoff.locked_web"}


def withdrawn(ticket: Ticket | None, turn: Turn, now: float) -> Turn:
    """`turn`, where it erases or the carrier has stopped us: what that means for a ticket that is kept."""
    if ticket is None or turn.step is not None:
        return turn
    if turn.session is None:
        erased = tuple(_LOCKED.get(part, part) for part in turn.answer.parts)
        answer = replace(turn.answer, parts=erased) if ticket.locks else turn.answer
        return replace(turn, answer=answer, step=erasure(ticket, now), events=(*turn.events, Event("handoff_withdrawn")))
    if turn.opted_out and ticket.under_way:
        step = Step(ticket.ended("close", "stopped", now), (Note("system", "stopped all texts"),), drop=True)
        return replace(turn, step=step, events=(*turn.events, Event("handoff_stopped")))
    if turn.session.node == "say.forget" and "say.forget" in turn.answer.parts:
        parts = tuple("handoff.forget" if part == "say.forget" else part for part in turn.answer.parts)
        return replace(turn, answer=replace(turn.answer, parts=parts))
    return turn


def erasure(ticket: Ticket, now: float) -> Step:
    """What FORGET does to a ticket: gone, or closed and locked under a supervisor where a life or the law is at stake."""
    if not ticket.locks:
        return Step(None, drop=True)
    ended = ticket.ended("close", "withdrawn", now) if ticket.under_way else replace(ticket, outcome="withdrawn")
    return Step(ended, (Note("system", "withdrawn by the person"),), drop=True, lock=True)
