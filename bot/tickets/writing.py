"""Writing to the person: once for each draft, whatever the browser repeats."""

from __future__ import annotations

from dataclasses import replace

from ..app import App
from ..channels.errors import WHY, WINDOW_CLOSED
from ..core.sms import size
from ..core.ticket import TOKENS, Note, Step, Ticket
from ..desk import contact_of, reachable
from ..log import log
from .reading import delivery_of, lines_of, window
from .refused import NotSendable, NotYours, Who
from .rights import change, mine
from .shifts import on_shift
from .views import Delivery, Entry

LONGEST_REPLY = 1600  # characters; Twilio refuses more
MOST_UNSENT = 100  # texts to one person that may wait at once; the outbox has room for what the line itself has to say


def reply(app: App, who: Who, ticket: str, text: str, token: str) -> Entry:
    """Write to the person. The same `token` (a UUID made once for one draft) again sends nothing and returns the same entry.

    Raises NotYours, NotOnDuty, Over, Gone, NotSendable.
    """
    words = text.strip()
    if not words:
        raise NotSendable("There is nothing to send.")
    if len(words) > LONGEST_REPLY:
        raise NotSendable(f"{len(words)} characters are too many: {LONGEST_REPLY} at most.")
    if not token or len(token) > 64:
        raise NotSendable("The draft has no token.")
    sent_as = 0

    def send(current: Ticket) -> Step | None:
        nonlocal sent_as
        sent_as = dict(current.tokens).get(token, 0)
        if sent_as:
            return None
        on_shift(app, who)
        mine(who, current)
        if window(app, current) == 0:
            raise NotSendable(WHY[WINDOW_CLOSED])
        if not reachable(app, current):
            raise NotSendable("Their page was closed: nothing gets to them any more.")
        if len(app.store.desk.outbox(contact_of(ticket))) >= MOST_UNSENT:
            raise NotSendable(f"{MOST_UNSENT} texts to this person still wait to be sent. Try again when they have left.")
        now = app.clock()
        tokens = (*current.tokens, (token, current.seq + 1))[-TOKENS:]
        sent_as = current.seq + 1
        answered = replace(current.answered(now), tokens=tokens)
        return Step(answered, (Note("counselor", words, name=who.name, send=True),))

    written = change(app, ticket, send, closed_too=True)
    if written is not None:
        line = written.lines[0]
        log.info("reply_queued", count=size(words).segments)
        return Entry(line.seq, line.who, line.text, line.at, line.name, Delivery("queued"))
    return _sent(app, who, ticket, sent_as, words)


def _sent(app: App, who: Who, ticket: str, seq: int, words: str) -> Entry:
    """The reply `seq` as sent, whoever has the conversation by now. Of a log trimmed since, only the writer's words are left.

    Raises NotYours to anybody but its writer.
    """
    contact = contact_of(ticket)
    line = next((line for line in lines_of(app, contact) if line.seq == seq), None)
    if line is None:
        return Entry(seq, "counselor", words, app.clock(), who.name)
    if line.name != who.name:
        raise NotYours("This conversation is not yours.")
    state = app.store.desk.states(contact).get(line.item)
    return Entry(seq, line.who, line.text, line.at, line.name, delivery_of(state))
