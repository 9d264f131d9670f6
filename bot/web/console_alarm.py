"""An emergency as the console tells it: what was heard and when, what the person has from us, who answers next, what to do."""

from __future__ import annotations

from dataclasses import dataclass

from .. import tickets
from ..core.ticket import OPEN, WAITING
from .console_time import Times

NAMES = {"overdose": "OVERDOSE", "suicide": "SUICIDE"}
GAVE = {"overdose": "with 911 and the first steps (Narcan, breaths)", "suicide": "with 988 and 911"}
RESCUE = (
    "We cannot send help. Where nobody there can call 911: Show the number, call 911 yourself, then set the flag "
    '"911 was called".'
)
ON_THE_WEB = (  # what stands there instead of RESCUE for a web chat
    "We cannot send help, and a web chat has no number. Where nobody there can call 911: ask for the exact address, call 911 "
    'yourself, then set the flag "911 was called".'
)
HAVE = {"overdose": "911 and the first steps", "suicide": "988 and 911"}
TO_DO = {
    "overdose": (
        "Write now. Ask whether 911 is called and whether they breathe.",
        'Send one step at a time: "Steps: overdose", at the reply field.',
    ),
    "suicide": (
        "Write now. Ask straight out, and whether they are safe.",
        'What the line itself would say next: "Steps: suicide", at the reply field.',
    ),
}


@dataclass(frozen=True, slots=True)
class Alarm:
    """One emergency of a conversation. short: one line for a list. brief: who answers next, for beside the reply field.
    to_do: for whoever may write; () when it is over."""

    kind: str
    name: str
    short: str
    brief: str
    told: str
    next: str
    to_do: tuple[str, ...]
    given: tuple[str, ...]


def alarms(row: tickets.Row, me: str, times: Times) -> tuple[Alarm, ...]:
    """The emergencies that were heard in `row`, the latest first. `me`: the staff id of who looks."""
    return tuple(_alarm(row, kind, at, me, times) for kind, at in sorted(row.alarms, key=lambda alarm: -alarm[1]))


def banners(rows: tuple[tickets.Row, ...], me: str, times: Times) -> list[dict[str, str]]:
    """What stands at the top of every page while nobody has written to an emergency. Links are added by the page."""
    return [_banner(row, me, times) for row in rows]


def _banner(row: tickets.Row, me: str, times: Times) -> dict[str, str]:
    kind, at = max(row.alarms, key=lambda alarm: alarm[1])
    mine = row.staff == me and row.state == "connected"
    where = "in your conversation. You have not written since." if mine else "in the queue. Nobody has them yet."
    return {
        "kind": "red",
        "words": f"{NAMES[kind]} at {times.zoned(at)}, {where}",
        "ticket": row.id,
        "label": "Open" if mine else "Read",
    }


def _alarm(row: tickets.Row, kind: str, at: float, me: str, times: Times) -> Alarm:
    name, when = NAMES[kind], times.zoned(at)
    if not row.lately(at):
        return Alarm(
            kind, name, "In an earlier conversation.", "", f"That was in an earlier conversation, at {when}.", "", (), ()
        )
    short = f"{when}. They have {HAVE[kind]} from us. Read this one first."
    given = tickets.given(row, kind)
    told = _told(row, kind, at, times)
    if row.state not in OPEN:
        return Alarm(kind, name, short, "", told, "", (), given)
    brief = f"{when}. {'Until you write, we answer their steps.' if at > row.replied_at else 'Their answers come to you alone.'}"
    take = ("Take this conversation.",) if row.state == WAITING else ()
    to_do = (*take, *TO_DO[kind], ON_THE_WEB if row.channel == "web" else RESCUE) if row.staff in ("", me) else ()
    return Alarm(kind, name, short, brief, told, _next(row, at, me), to_do, given)


def _told(row: tickets.Row, kind: str, at: float, times: Times) -> str:
    if kind == "suicide" and row.card_due:
        again = times.zoned(row.card_due)
        return f"Heard again at {times.zoned(at)}. They have 988 from us; we give it again at {again} unless you write first."
    return f"We answered at {times.zoned(at)} {GAVE[kind]}."


def _next(row: tickets.Row, at: float, me: str) -> str:
    """Who answers what the person writes next; the rule is core.handoff's."""
    ours = at > row.replied_at
    if row.state == "waiting":
        if ours:
            return "Nobody has this conversation yet. Until a counselor writes, we answer their next steps by ourselves."
        return "Nobody has this conversation now. A counselor wrote to them since, so we no longer answer their steps: take it."
    if row.staff != me:
        return f"{row.staff_name} has this conversation."
    if ours:
        after = "From your first message on their answers come to you, and only you answer."
        return f"Until you write, we answer their next steps by ourselves. {after}"
    return "Their next answers come to you, and only you answer."
