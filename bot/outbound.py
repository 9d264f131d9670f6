"""The one door out: deliver() is the only way in which a message leaves that no text has asked for.

An opt-out is asked for at the last moment. Order within a contact comes from its outbox, drained by one worker at a time.
Each attempt is recorded before it is made and its result after it: what was under way when a worker died is looked for at
Twilio before it is sent again.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from .app import App
from .channels.errors import GAVE_UP, KEY_GONE, UNSUBSCRIBED, WINDOW_CLOSED, Failed, Sent
from .contacts import contact_id
from .core.messages import Answer
from .core.render import render
from .core.sms import size
from .core.ticket import Note, Step, Ticket
from .desk import DAY, WHATSAPP_WINDOW, Item, item_in, ticket_in, update
from .log import log
from .store import StoreDown
from .store.desk import State
from .store.spool import SpoolBroken

LEASE = 32.0  # seconds that a contact is ours; longer than WORK, one pause, one look at Twilio and one request together
WORK = 8.0  # seconds after which no further message is begun under the same lease
SETTLE = 10.0  # seconds until a message that may have been sent shows up at Twilio
YIELDS = 15.0  # seconds that a nudge lets replies go before it at their sender; then it takes its turn, so that it arrives at all
MOST_PAUSE = 3.0  # seconds to wait for the sender's pace in place; longer, and the contact comes again
BACKOFF = (2.0, 5.0, 15.0, 30.0, 60.0)  # seconds between tries; the last one repeats
GIVE_UP = 1800.0  # seconds after which a reply is too late to be sent and the counselor is told
ALONE = DAY  # seconds that the state of a message lives that belongs to no ticket: a nudge
SEEN = {  # Twilio's message statuses in our words
    "accepted": "sent", "scheduled": "sent", "queued": "sent", "sending": "sent", "sent": "sent", "delivered": "delivered",
    "read": "read", "undelivered": "failed", "failed": "failed", "canceled": "failed",
}  # fmt: skip
TELLING = frozenset({30003, 30004, 30005, 30006, 30007, 30008, 30034})  # what an operator should hear of (FACTS: carriers)


class Post(Protocol):
    """A provider: bot.channels.twilio.Twilio."""

    def send(self, to: str, sender: str, text: str, callback: str) -> Sent | Failed: ...
    def find(self, to: str, sender: str, text: str, since: float) -> list[str] | None: ...


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of the first message of an outbox. done: it is out of it. again: seconds until it is worth another look."""

    done: bool
    again: float = 0.0


def drain(app: App, post: Post, contact: str, pause: Callable[[float], None] = time.sleep) -> float | None:
    """Send what waits for `contact`, in order. Seconds until there is something to do again, None for nothing.

    Raises StoreDown: nothing is lost then, the contact stays due.
    """
    desk = app.store.desk
    if not desk.outbox(contact):
        return None
    token = secrets.token_hex(8)
    if not desk.lease(contact, token, LEASE):
        return 1.0
    try:
        until = time.monotonic() + WORK
        while time.monotonic() < until:
            waiting = desk.outbox(contact)
            if not waiting:
                return None
            outcome = deliver(app, post, contact, *waiting[0], pause=pause)
            if not outcome.done:
                return outcome.again
        return 0.0
    finally:
        desk.release(contact, token)


def deliver(app: App, post: Post, contact: str, name: str, sealed: bytes, pause: Callable[[float], None] = time.sleep) -> Outcome:
    """Send the message `name` of `contact`, under its lease. The order is the contract:

    1. one that was sent, failed or dropped is only taken out; one that may have been sent is looked for at Twilio;
    2. the sender's pace is kept, and replies go before nudges;
    3. an opt-out, WhatsApp's window and the outbox are asked at the last moment;
    4. the attempt is recorded, made, and its result recorded.
    """
    desk = app.store.desk
    now = app.clock()
    item = item_in(app, sealed)
    state = desk.states(contact).get(name)
    if item is None or (state and state.state not in ("sending", "retrying")):
        return _ended(app, contact, name, None if item else State("failed", KEY_GONE, now))
    if item.channel == "web":
        desk.deliver(contact, name, sealed)
        return _ended(app, contact, name, State("sent", 0, now))
    if (item.until and now > item.until) or now > item.at + GIVE_UP:
        return _ended(app, contact, name, State("failed", GAVE_UP, now))
    if state is not None:
        known = _under_way(app, post, contact, name, item, state)
        if known is not None:
            return known
    most = 0.0 if item.until and now - item.at < YIELDS else MOST_PAUSE  # only a nudge has an `until`
    wait = desk.pace(_hashed(app, item.sender), now, 1 / app.settings.sends_per_second, most)
    if wait > most:
        return Outcome(False, wait)
    if wait > 0:
        pause(wait)
    refused = _refused(app, contact, item)
    if refused:
        return _ended(app, contact, name, State("dropped" if refused == UNSUBSCRIBED else "failed", refused, app.clock()))
    if name not in dict(desk.outbox(contact)):  # dropped while we waited
        return Outcome(True)
    return _send(app, post, contact, name, item, tries=(state.tries if state else 0) + 1)


def _send(app: App, post: Post, contact: str, name: str, item: Item, tries: int) -> Outcome:
    began = app.clock()
    _note(app, contact, name, State("sending", 0, began, tries=tries))
    result = post.send(item.address, item.sender, item.text, callback(app, name, began))
    now = app.clock()
    if isinstance(result, Sent):
        log.info("message_sent", count=tries)
        app.ceiling.spend(size(item.text).segments)  # counted, never held back: somebody waits for it
        return _ended(app, contact, name, State("sent", 0, now, result.sid, tries))
    if result.unsure:
        log.warning("message_unsure", detail=str(result.code), count=tries)
        return Outcome(False, SETTLE)
    if result.retry:
        log.warning("message_retried", detail=str(result.code), count=tries)
        _note(app, contact, name, State("retrying", result.code, now, tries=tries))
        return Outcome(False, _backoff(tries))
    log.warning("message_refused", detail=str(result.code))
    if result.code == UNSUBSCRIBED:
        record_opt_out(app, contact, began)
    return _ended(app, contact, name, State("failed", result.code, now, tries=tries))


def _under_way(app: App, post: Post, contact: str, name: str, item: Item, state: State) -> Outcome | None:
    """What is known of an attempt that was begun; None when it may be made again."""
    now = app.clock()
    wait = (SETTLE if state.state == "sending" else _backoff(state.tries)) - (now - state.at)
    if state.sid:
        return _ended(app, contact, name, State("sent", 0, now, state.sid, state.tries))
    if wait > 0:
        return Outcome(False, wait)
    if state.state == "retrying":
        return None
    found = post.find(item.address, item.sender, item.text, state.at - 2)  # their clock and ours
    if found is None:
        return Outcome(False, SETTLE)
    known = {other.sid for other in app.store.desk.states(contact).values()}
    fresh = [sid for sid in found if sid not in known]
    if fresh:
        log.info("message_found", count=state.tries)
        return _ended(app, contact, name, State("sent", 0, now, fresh[0], state.tries))
    return None


def _backoff(tries: int) -> float:
    return BACKOFF[min(tries, len(BACKOFF)) - 1]


def _refused(app: App, contact: str, item: Item) -> int:
    """Why it may not leave now, as a code; 0 when it may."""
    record = app.store.load(contact)
    held = app.spool.held(contact)
    if held.opted_out if held else record.opted_out:
        return UNSUBSCRIBED
    if item.channel == "whatsapp":
        ticket = ticket_in(app, record.ticket)
        if ticket is None or app.clock() > ticket.heard_at + WHATSAPP_WINDOW:
            return WINDOW_CLOSED
    return 0


def _ended(app: App, contact: str, name: str, state: State | None) -> Outcome:
    if state is not None:
        _note(app, contact, name, state)
    app.store.desk.done(contact, name)
    return Outcome(True)


def _note(app: App, contact: str, name: str, state: State) -> bool:
    recorded = app.store.desk.state(contact, name, state, ALONE)
    app.store.desk.touch()
    return recorded


def _hashed(app: App, sender: str) -> str:
    """A name for one of our own numbers that does not show it."""
    return contact_id(app.secret, "sender", sender)


def callback(app: App, name: str = "", at: float = 0.0) -> str:
    """Where Twilio says how a message fares: absolute where PUBLIC_URL is known. at: when it was given to Twilio; a report may
    come hours later, and what it says of an opt-out is no newer than the message."""
    return f"{app.settings.public_url}/twilio/status?at={at or app.clock():.3f}" + (f"&m={name}" if name else "")


# --- the web chat fetches ----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Fetched:
    """What waits for a chat page, as (name, text); whether more may come; to a page that was loaded again, how an open hand-off
    stands."""

    messages: Sequence[tuple[str, str]] = ()
    open: bool = False
    still: str = ""


def fetch(app: App, contact: str, since: str, again: bool = False) -> Fetched:
    """What waits for a chat page behind the message `since` ("" for all). `again`: it was loaded again.

    Asking shows that the page is there; asking with a name, that the message arrived. A page that was closed too long, or loaded
    again after it was not seen for too long, gets nothing: somebody else may have opened it. Raises StoreDown.
    """
    desk, now = app.store.desk, app.clock()
    look = desk.see_page(contact, now, "again" if again else "looks")
    if look == "late" and again:
        desk.mark(contact, now)  # unseen for long, it counts as closed now, and the worker ends what is to be ended
        desk.touch()
    if look in ("none", "late"):
        return Fetched()
    if look == "back":
        desk.touch()
    ticket = ticket_in(app, desk.ticket(contact))
    under_way = ticket is not None and ticket.under_way
    coming = under_way or bool(desk.outbox(contact))  # before the inbox is read, into which it goes: last words are not missed
    waiting = list(dict(desk.inbox(contact)).items())  # one that a dying worker delivered is delivered again
    names = [name for name, _ in waiting]
    if since in names:
        if desk.states(contact).get(since, State("dropped")).state == "sent":
            _note(app, contact, since, State("delivered", 0, app.clock()))
        waiting = waiting[names.index(since) + 1 :]
    texts = [(name, item.text) for name, sealed in waiting if (item := item_in(app, sealed)) is not None]
    return Fetched(texts, coming, _still(app, ticket) if again and ticket is not None and under_way else "")


def _still(app: App, ticket: Ticket) -> str:
    return "\n".join(render(app.content, Answer(ticket.lang or "en", (f"handoff.still_{ticket.state}",))))


# --- what Twilio says afterwards -------------------------------------------------------------------------------------


def note_status(app: App, contact: str, name: str, status: str, code: int, sid: str, at: float) -> None:
    """What Twilio reports of a message given to it at `at`: one of ours that left unasked (`name`), or an answer (""). Best
    effort."""
    state = SEEN.get(status)
    if state is None:
        return
    try:
        if code == UNSUBSCRIBED:
            record_opt_out(app, contact, at)
        if name in app.store.desk.states(contact):  # not of a conversation that was erased meanwhile
            _note(app, contact, name, State(state, code, app.clock(), sid if sid.isalnum() else ""))
    except StoreDown as error:
        log.warning("store_down", problem=str(error))
        if code == UNSUBSCRIBED:
            _spooled(app, contact, at)
    if code in TELLING:
        log.warning(
            "message_undelivered", detail=str(code), hint="30003: many plans block short codes. 30007: a carrier filters."
        )


def _spooled(app: App, contact: str, at: float) -> None:
    """The store could not take an opt-out that Twilio reported: kept on disk until it can, where sending asks too."""
    try:
        app.spool.keep(contact, True, at)
    except SpoolBroken as error:
        hint = "An opt-out that Twilio reported could not be kept. Is SPOOL on a disk that can be written?"
        log.error("not_recorded", means="optout", problem=str(error), hint=hint)


def record_opt_out(app: App, contact: str, at: float) -> None:
    """Twilio says that they had unsubscribed at `at`: it holds here too, unless they came back since; an open hand-off ends."""
    app.store.settle(contact, True, at)
    held = app.spool.held(contact)
    if not (held.opted_out if held and held.at > at else app.store.load(contact).opted_out):
        log.info("opted_out_before", detail="carrier")
        return
    log.info("opted_out", detail="carrier")

    def stopped(ticket: Ticket | None) -> Step | None:
        if ticket is None or not ticket.under_way:
            return None
        return Step(ticket.ended("close", "stopped", app.clock()), (Note("system", "stopped all texts"),), drop=True)

    update(app, contact, stopped)
