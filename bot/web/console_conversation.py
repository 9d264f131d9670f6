"""One conversation, read: its page, and what came since."""

from __future__ import annotations

import uuid

from flask import Blueprint, Response, jsonify, render_template, request

from .. import tickets
from ..core.sms import size
from ..core.ticket import OPEN
from .console_room import Room, whole
from .console_session import me
from .console_time import ago
from .console_view import ENDED, FLAGS, LANGUAGES, OUTCOMES, card, delivery, noted, page_of

LONGEST_REASON = 200


def add(routes: Blueprint, room: Room) -> None:
    @routes.get("/c/<ticket>")
    def conversation(ticket: str) -> str:
        tickets.heartbeat(room.app, me())
        return page(room, ticket)

    @routes.get("/c/<ticket>/entries")
    def entries(ticket: str) -> Response:
        """What came after `since`, drawn here, and how every message of ours fares now."""
        found = tickets.conversation(room.app, me(), ticket, whole(request.args.get("since", "")))
        facts = _facts(room, found)
        return jsonify(
            state=found.row.state,
            holder=found.row.staff_name,
            mine=found.row.staff == me().id,
            seq=found.row.seq,
            html=[{"seq": entry.seq, "who": entry.who, "html": drawn(entry)} for entry in found.entries],
            deliveries={seq: delivery(told) for seq, told in found.deliveries.items()},
            window=found.window,
            **{part: render_template(f"console_part_{part}.html", **facts) for part in ("facts", "alarms", "brief", "steps")},
        )


def page(room: Room, ticket: str, draft: str = "", token: str = "", number: str = "") -> str:
    """The page of `ticket`, with what was written but not sent, or the number that was asked for."""
    found = tickets.conversation(room.app, me(), ticket)
    return render_template(
        "console_conversation.html",
        **_facts(room, found),
        **_around(room, found),
        entries=[(entry, drawn(entry, found.deliveries.get(entry.seq))) for entry in found.entries],
        draft=draft,
        size=size(draft),
        token=token or str(uuid.uuid4()),
        number=number,
        longest=tickets.LONGEST_REPLY,
        longest_reason=LONGEST_REASON,
    )


def drawn(entry: tickets.Entry, told: tickets.Delivery | None = None) -> str:
    return render_template(
        "console_part_entry.html",
        entry=entry,
        words=noted(entry.text) if entry.who == "system" else entry.text,
        delivery=delivery(told or entry.delivery),
        mine=entry.who == "counselor",
    )


def _facts(room: Room, found: tickets.Conversation) -> dict[str, object]:
    """What may change while the page is open."""
    return {
        "card": card(room.app, found.row, me().id, room.times),
        "window": found.window,
        "page": page_of(found, room.app.clock()),
        "now": room.app.clock(),
        "ago": ago,
        "me": me(),
        "steps": tickets.steps(room.app, found.row),
    }


def _around(room: Room, found: tickets.Conversation) -> dict[str, object]:
    """What can be done with it, and by whom."""
    row = found.row
    return {
        "seq": row.seq,
        "mine": row.staff == me().id,
        "open": row.state in OPEN,
        "duty": tickets.duty_of(room.app, me()),
        "others": [one for one in tickets.on_duty(room.app) if one.staff != row.staff],
        "canned": tickets.canned(room.app, row.language),
        "canned_language": LANGUAGES.get(row.language, "English"),
        "outcomes": OUTCOMES,
        "all_flags": [(flag, FLAGS[flag], flag in row.flags) for flag in tickets.FLAGS],
        "ended": ENDED.get(found.outcome, found.outcome),
    }
