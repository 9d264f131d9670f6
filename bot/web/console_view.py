"""Tickets in the words of the console: what flags, states and channels are called, and what of a row a page shows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, tzinfo

from .. import tickets
from ..app import App
from ..problem import Problem

FLAGS = {
    "overdose": "Overdose",
    "suicide": "Suicide",
    "rescue": "911 was called",
    "abuse": "Abuse report",
    "legal": "Legal hold",
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

    @property
    def look(self) -> str:
        """Equal for two cards that look the same, but for the time that passes."""
        return "|".join((self.state, self.language, self.topics, *self.flags, self.holder, str(self.unread)))


def card(app: App, row: tickets.Row) -> Card:
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
    )


def topics(app: App, path: tuple[str, ...]) -> str:
    """The topics that a person went through, by the names that the menus give them."""
    flows = app.content.words.flows
    names = [flows[flow].title for node in path if (flow := node.partition(".")[0]) in flows and flow not in ("main", "say")]
    return " > ".join(dict.fromkeys(names))


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


def clock_time(at: float, zone: tzinfo) -> str:
    """A time of day as the people of this program read it: 6:05 PM."""
    return datetime.fromtimestamp(at, zone).strftime("%I:%M %p").lstrip("0")


def ago(seconds: float) -> str:
    """How long something has lasted, in the coarsest words that help: "just now", "4 min", "1 h 10 min"."""
    minutes = int(seconds // 60)
    if minutes < 1:
        return "under a minute"
    return f"{minutes} min" if minutes < 60 else f"{minutes // 60} h {minutes % 60} min"
