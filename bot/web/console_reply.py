"""Writing to the person: a reply, or a ready text put into the draft where no script runs."""

from __future__ import annotations

from flask import Blueprint, Response, flash, jsonify, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from .. import tickets
from .console_conversation import drawn, page
from .console_room import Room
from .console_session import me, problem, wants_json

Answer = str | AnyResponse | tuple[Response, int]


def add(routes: Blueprint, room: Room) -> None:
    @routes.post("/c/<ticket>/reply")
    def reply(ticket: str) -> Answer:
        text, token = request.form.get("text", ""), request.form.get("token", "")
        if name := request.form.get("canned", ""):  # without script: put a ready text into the draft
            return page(room, ticket, draft=_with_ready(room, ticket, name, text), token=token)
        try:
            entry = tickets.reply(room.app, me(), ticket, text, token)
        except tickets.Refused as refused:
            return _not_sent(room, ticket, str(refused), text, token)
        if wants_json():
            return jsonify(seq=entry.seq, html=drawn(entry))
        return redirect(url_for("console.conversation", ticket=ticket, _anchor="text"), 303)


def _not_sent(room: Room, ticket: str, why: str, text: str, token: str) -> Answer:
    if wants_json():
        return problem(why, 409)
    flash(why, "problem")
    return page(room, ticket, draft=text, token=token)


def _with_ready(room: Room, ticket: str, name: str, text: str) -> str:
    row = tickets.conversation(room.app, me(), ticket).row
    ready = (*tickets.canned(room.app, row.language), *tickets.steps(room.app, row))
    words = next((one.text for one in ready if one.id == name), "")
    return f"{text.rstrip()} {words}".strip()
