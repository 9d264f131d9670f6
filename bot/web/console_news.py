"""What every page of the console asks for again and again, and the sign that somebody uses it."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify, request, url_for

from .. import tickets
from .console_banners import backup, calling, standing
from .console_queue import parts
from .console_room import Room, whole
from .console_session import me


def add(routes: Blueprint, room: Room) -> None:
    @routes.get("/updates")
    def updates() -> Response:
        """What changed since `cursor`: parts of the page, drawn here, so that script and plain page cannot differ."""
        found = tickets.changes(room.app, me(), whole(request.args.get("cursor", "")))
        duty = tickets.duty_of(room.app, me())
        told: dict[str, object] = {
            "cursor": found.cursor,
            "changed": found.changed,
            "on_duty": duty is not None,
            "banners": standing(room, found.health, duty),
        }
        if found.changed:
            told |= _changed(room, found)
        if found.changed and request.args.get("page") == "queue":
            told["parts"] = parts(room)
        return jsonify(told)

    @routes.post("/here")
    def here() -> Response:
        """Somebody uses the page: a key, a click, the wheel."""
        return jsonify(on_duty=tickets.heartbeat(room.app, me()) is not None)

    @routes.get("/next")
    def next_unread() -> Response:
        """Where the next of my conversations with something new is."""
        new = [row for row in tickets.held(room.app, me()) if row.unread]
        return jsonify(link=url_for("console.conversation", ticket=new[0].id) if new else "")


def _changed(room: Room, found: tickets.Changes) -> dict[str, object]:
    return {
        "waiting": found.waiting,
        "unread": sum(row.unread for row in found.mine),
        "withdrawn": found.withdrawn,
        "backup": backup(found.backup),
        "calling": calling(room, found.calling),
    }
