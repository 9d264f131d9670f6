"""Tickets in the words of the console: what flags, states and channels are called, and what of a row a page shows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from .. import tickets
from ..app import App
from ..problem import Problem
from .console_alarm import Alarm, alarms
from .console_time import Times, ago

FLAGS = {
    "overdose": "Overdose",
    "suicide": "Suicide",
    "rescue": "911 was called",
    "abuse": "Abuse report",
    "legal": "Legal hold",
    "maybe_overdose": "May be an overdose: ask",
    "maybe_suicide": "May be suicide: ask",
}
LANGUAGES = {"en": "English", "es": "Spanish"}
CHANNELS = {"sms": "Text message", "whatsapp": "WhatsApp", "web": "Web chat"}
OUTCOMES = {
    "helped": "We talked, and it helped",
    "referred": "Referred to treatment or another service",
    "emergency": "Emergency: 911 or 988 took over",
    "no_reply": "The person stopped answering",
    "wrong_number": "Wrong number or not serious",
    "other": "Something else",
}
ENDED = OUTCOMES | {
    "left": "the person left",
    "stopped": "the person texted STOP",
    "withdrawn": "the person withdrew it (FORGET)",
    "unanswered": "nobody could answer in time",
}
DELIVERY = {
    "queued": "Waiting to be sent",
    "sending": "Being sent",
    "sent": "Sent, not confirmed yet",
    "delivered": "Delivered",
    "read": "Read",
    "failed": "NOT delivered",
    "dropped": "NOT sent",
}
NOTES = {  # what is noted in a conversation, where its own words are short
    "opened": "asked for a counselor, and agreed that we keep their texts",
    "claimed": "took the conversation",
    "handed back": "put it back into the queue",
    "stopped all texts": "texted STOP: the conversation is closed, and nothing more can be sent",
    "left the line": "left the queue",
    "left the talk": "left the conversation",
}
BY_PERSON = frozenset({"opened", "stopped all texts", "left the line", "left the talk"})
UNSEEN = 90  # seconds; a browser lets a page in the background look once a minute
BAD = frozenset({"failed", "dropped"})


@dataclass(frozen=True, slots=True)
class Card:
    """A row as a page shows it."""

    id: str
    state: str
    language: str
    channel: str
    topics: str
    flags: tuple[str, ...]
    since: float
    heard_at: float
    holder: str
    unread: int
    locked: bool
    alarms: tuple[Alarm, ...] = ()

    @property
    def has_number(self) -> bool:
        return self.channel != CHANNELS["web"]

    @property
    def other_flags(self) -> tuple[str, ...]:
        """Those that no alarm tells of."""
        return tuple(flag for flag in self.flags if flag.upper() not in {alarm.name for alarm in self.alarms})

    @property
    def look(self) -> str:
        """Equal for two cards that look the same, but for the time that passes."""
        return "|".join(
            (
                self.state,
                self.language,
                self.topics,
                *self.flags,
                *(alarm.short for alarm in self.alarms),
                self.holder,
                str(self.unread),
            )
        )


def card(app: App, row: tickets.Row, me: str, times: Times) -> Card:
    """`row` for the staff id `me`."""
    return Card(
        id=row.id,
        state=row.state,
        language=LANGUAGES.get(row.language, "Language unknown"),
        channel=CHANNELS.get(row.channel, row.channel),
        topics=topics(app, row.path),
        flags=tuple(FLAGS.get(flag, flag) for flag in row.flags),
        since=row.since,
        heard_at=row.heard_at,
        holder=row.staff_name,
        unread=row.unread,
        locked=row.locked,
        alarms=alarms(row, me, times),
    )


def topics(app: App, path: tuple[str, ...]) -> str:
    """The topics that a person went through, by the names that the menus give them."""
    flows = app.content.words.flows
    names = [flows[flow].title for node in path if (flow := node.partition(".")[0]) in flows and flow not in ("main", "say")]
    return " > ".join(dict.fromkeys(names))


def noted(text: str) -> str:
    """A fact that stands in the conversation, in words for whoever reads it there."""
    what, _, which = text.partition(": ")
    if what == "closed":
        return f"closed it: {OUTCOMES.get(which, which)}"
    if what in ("flagged", "flag removed"):
        return f"{'set the flag' if what == 'flagged' else 'took away the flag'}: {FLAGS.get(which, which)}"
    words = NOTES.get(text, text.replace("transferred to", "handed it over to"))
    return f"The person {words}." if text in BY_PERSON else words


def delivery(told: tickets.Delivery | None) -> Mapping[str, object] | None:
    """How a message fares, in words, and whether it needs a look."""
    if told is None:
        return None
    words = DELIVERY.get(told.state, told.state)
    return {"words": f"{words}: {told.why}" if told.why else words, "bad": told.state in BAD, "state": told.state}


def page_of(found: tickets.Conversation, now: float) -> str:
    """Whether the person's chat page is there, in words; "" on other channels and once it is over."""
    if found.row.channel != "web" or found.row.state not in ("waiting", "connected"):
        return ""
    if found.page_closed:
        return f"Their page was closed {ago(now - found.page_closed)} ago."
    if now - found.page_seen >= UNSEEN:
        return f"Their page was last seen {ago(now - found.page_seen)} ago." if found.page_seen else ""
    return "Their page is open."


def refusal(error: Problem) -> int:
    """The HTTP status of what may not be done: gone, not for this role, not now. Others may be tried again."""
    statuses = {tickets.Gone: 410, tickets.WrongRole: 403}
    return statuses.get(type(error), 409) if isinstance(error, tickets.Refused) else 503
