"""The one door in: what happens to one text, top to bottom. Whatever breaks, the person gets an answer."""

from __future__ import annotations

import random
import time
from contextlib import suppress
from dataclasses import dataclass, replace

from .app import App
from .contacts import message_digest
from .core.engine import answer
from .core.messages import Answer, Message
from .core.render import render
from .core.session import Session
from .core.sms import size
from .core.ticket import NO_DESK, Desk, Ticket
from .core.turn import FIRST, Situation, Turn
from .desk import WRITTEN_BY, Written, follow, ticket_in, write
from .duty import desk_now, enabled
from .finding import Finding
from .log import log
from .store import Record, StoreDown
from .store.blob import pack, unpack
from .store.deadline import spent, within
from .store.desk import Change
from .store.spool import SpoolBroken

BUDGET = 1.2  # seconds for all store calls of one text, however many; Twilio waits 15, a person less
TRIES = 12  # more than that many texts of one person at one moment is not a person
GIVEN_BACK = 10  # opt-outs that one text takes from the spool to the store on its way
AFTER_STOP = 7 * 86400  # long enough for the once-a-day notice and any retry; the opt-out itself never expires

# The last resort, when even the content cannot be used. The only texts that stand in code.
LAST_RESORT = {
    "overdose": "CALL 911 NOW. Say: won't wake up, not breathing, and the exact place. This line can't send help. Narcan? 1 "
    "spray in the nose now. Not breathing: tilt head back, pinch nose, 2 breaths in the mouth, then 1 every 5 seconds. Stay.",
    "suicide": "Call or text 988 now, free, 24 hours. In danger now: call 911. This line is automatic and can't send help.",
    "": "Emergency: call 911. A crisis: call or text 988. To find treatment: 1-800-662-4357. "
    "This text line has trouble right now.",
}


@dataclass(frozen=True, slots=True)
class Outcome:
    """The messages to send back (maybe none), and for a development run what the text was taken to mean."""

    messages: list[str]
    means: str = ""
    node: str = ""
    handed_over: bool | None = False  # a counselor may write back: a chat page should look for it. None: the store did not say


def receive(app: App, message: Message) -> Outcome:
    """Answer `message`. Never raises. The order is the contract:

    1. an emergency is looked for before anything can fail;
    2. what is kept of the contact is read, within one time budget; without it the turn is stateless;
    3. a message that was answered before gets the same answer again, and nothing else happens;
    4. the engine decides, and what it wants looked up (places near a ZIP code) is looked up;
    5. the turn is committed if nobody was faster, else read and decide again;
    6. an opt-out that could not be committed goes to the spool, on disk before the answer;
    7. the decided answer goes out, committed or not.
    """
    alarm = ""
    try:
        found = app.content.reader.alarm(message.text)
        alarm = found.kind if found else ""
        with within(BUDGET):
            return _take_turn(app, message)
    except Exception as error:  # a bug must not cost a person their answer
        log.error("turn_failed", error=type(error).__name__, kind=alarm)
        return Outcome([_safety_text(app, alarm)], alarm, handed_over=_unknown(app))


def _take_turn(app: App, message: Message) -> Outcome:
    digest = message_digest(app.secret, message.contact, message.id) if message.id else b""
    turn: Turn | None = None
    finding = Finding(app)
    for attempt in range(TRIES):
        now = app.clock()
        try:
            record = _loaded(app, message.contact)
            session, lost = _session(app, record, now)
            ticket = ticket_in(app, record.ticket) if record.ticket else None
            known = session.recall(digest) if session and digest else None
            if known is not None:  # its first answer may be lost, and with it that a counselor may write back
                return Outcome(finding.messages(known), "repeated", handed_over=ticket is not None and ticket.under_way)
            situation = _situation(app, message, record.opted_out, session, lost, ticket)
            turn = answer(app.content, situation, message, now)
            if turn.asks_desk:
                turn = answer(app.content, replace(situation, desk=desk_now(app)), message, now)
            turn = finding.complete(turn, now)
            if _commit(app, message.contact, record, ticket, turn, digest, now):
                _give_back(app)
                after = turn.step.ticket if turn.step else ticket
                return _outcome(app, finding, turn, message.channel, after is not None and after.under_way)
        except StoreDown as error:
            log.warning("store_down", problem=str(error), means=turn.meaning.means if turn else "")
            break
        if spent():
            break
        time.sleep(random.uniform(0, 0.004 * 2 ** min(attempt, 5)))  # another text of the same person was faster
    if turn is None or turn.step:  # a hand-off that could not be written must not be promised
        turn = answer(app.content, _stateless(app, message), message, app.clock())
    _keep(app, message.contact, turn)
    return _outcome(app, finding, turn, message.channel, _unknown(app))


def _commit(app: App, contact: str, record: Record, ticket: Ticket | None, turn: Turn, digest: bytes, now: float) -> bool:
    """Session, opt-out and what happens to a hand-off, all or nothing. False: somebody was faster."""
    written = write(app, record.ticket, turn.step, now) if turn.step else None
    if written:
        app.store.desk.mark(contact, now + WRITTEN_BY)
    life = _life(app, turn, record.opted_out)
    change = _change(ticket, written)
    if not app.store.commit(contact, record.blob, _blob(turn, digest), turn.opted_out, life, change):
        return False
    if written and turn.step:
        follow(app, ticket, written, turn.step)
    return True


def _change(ticket: Ticket | None, written: Written | None) -> Change | None:
    """What the store does to the hand-off. Only a text opens one, so here it is known that one is new."""
    if written is None or written.ticket is None:
        return written.change if written else None
    return replace(written.change, fresh=ticket is None or ticket.id != written.ticket.id)


def _unknown(app: App) -> bool | None:
    """Whether a counselor may write back, where the store did not say: a page that waits for one must not take that for a no."""
    return None if enabled(app) else False


def _loaded(app: App, contact: str) -> Record:
    """What the store keeps of `contact`, after it was given what the spool holds of them."""
    held = app.spool.held(contact)
    if held is not None:
        app.store.settle(contact, held.opted_out, held.at)
    return app.store.load(contact)


def _keep(app: App, contact: str, turn: Turn) -> None:
    """Where the turn could not be committed: an opt-out, or a way back in, is kept by itself, in the store or the spool."""
    if turn.opted_out is None:
        if turn.session is None:
            log.error(
                "not_recorded", means=turn.meaning.means, hint="An erasure was answered but not stored. It expires by itself."
            )
        return
    try:
        app.store.settle(contact, turn.opted_out, app.clock())  # it may only have been too many texts at one moment
        return
    except StoreDown:
        pass
    try:
        app.spool.keep(contact, turn.opted_out, app.clock())
    except SpoolBroken as error:
        hint = "An opt-out or opt-in was answered but could not be kept. Is SPOOL on a disk that can be written?"
        log.error("not_recorded", means=turn.meaning.means, problem=str(error), hint=hint)


def _give_back(app: App) -> None:
    """The store takes writes: give it some of what the spool still holds (it may have been full, which nobody announces)."""
    if not app.spool.empty:
        with suppress(StoreDown, SpoolBroken):
            app.spool.settle(app.store, most=GIVEN_BACK)


def _session(app: App, record: Record, now: float) -> tuple[Session | None, bool]:
    """The session, unless its time is over (the store drops it about then, but the clock that counts is ours); and whether
    there is one that cannot be read."""
    if record.blob is None:
        return None, False
    session = unpack(record.blob)
    if session is None or now - session.seen < _kept_for(app, record.opted_out):
        return session, session is None
    return None, False


def _kept_for(app: App, opted_out: bool) -> int:
    """How long a conversation is kept after its last text, in seconds."""
    return AFTER_STOP if opted_out else app.settings.session_hours * 3600


def _situation(
    app: App, message: Message, opted_out: bool, session: Session | None, lost: bool, ticket: Ticket | None
) -> Situation:
    return Situation(
        session=session,
        opted_out=opted_out,
        channel=message.channel,
        carrier_words=app.settings.twilio_keywords,
        notice_after_stop=app.settings.after_stop == "notice",
        held=_held(app, message),
        lost=lost,
        ticket=ticket,
        desk=None if enabled(app) else NO_DESK,
    )


def _stateless(app: App, message: Message) -> Situation:
    """What is known without the store: an opt-out that the spool holds. Then no notice: its goodbye has just said it."""
    held = app.spool.held(message.contact)
    return Situation(
        opted_out=held.opted_out if held else False,
        stateless=True,
        channel=message.channel,
        carrier_words=app.settings.twilio_keywords,
        notice_after_stop=False,
        held=_held(app, message),
        desk=Desk(on=app.loaded.program.handoff.on),
    )


def _held(app: App, message: Message) -> str:
    """Why this program holds answers back that need not be, or ""."""
    if message.channel == "web":
        return ""
    if message.abroad and not app.settings.answer_abroad:
        return "abroad"
    return "ceiling" if app.ceiling.reached() else ""


def _blob(turn: Turn, digest: bytes) -> bytes | None:
    if turn.session is None:
        return None
    return pack(turn.session.remember(digest, turn.answer) if digest else turn.session)


def _life(app: App, turn: Turn, opted_out: bool) -> int:
    out = opted_out if turn.opted_out is None else turn.opted_out
    return _kept_for(app, out)


def _outcome(app: App, finding: Finding, turn: Turn, channel: str, handed_over: bool | None = False) -> Outcome:
    for event in turn.events:
        if event.name != "answered":  # a line a text would cost more than the text
            log.info(event.name, detail=event.detail, means=turn.meaning.means)
    messages = finding.messages(turn.answer)
    if app.settings.daily_segments and channel != "web":
        app.ceiling.spend(sum(size(message).segments for message in messages))
    return Outcome(messages, turn.meaning.means, turn.session.node if turn.session else "", handed_over)


def _safety_text(app: App, alarm: str) -> str:
    """The emergency's own first message, else the numbers; from the content if that still works."""
    try:
        part = f"{FIRST[alarm]}#text" if alarm else "say.stateless"
        return render(app.content, Answer("en", (part,)))[0]
    except Exception:  # the content itself is what is broken
        return LAST_RESORT[alarm]
