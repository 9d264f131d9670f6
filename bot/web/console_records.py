"""What is kept of a conversation: flags, the number behind it, erasing it; and the list of locked records."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from .. import tickets
from .console_conversation import LONGEST_REASON, page
from .console_holding import ended
from .console_room import Room
from .console_session import me
from .console_time import ago
from .console_view import card


def add(routes: Blueprint, room: Room) -> None:
    app = room.app

    @routes.get("/locked")
    def locked() -> str:
        """Records that stayed when the person withdrew, because a life may be in danger. Supervisors only."""
        cards = [card(app, row, me().id, room.times) for row in tickets.locked(app, me())]
        return render_template("console_locked.html", rows=cards, now=app.clock(), ago=ago)

    @routes.post("/c/<ticket>/flag")
    def flag(ticket: str) -> Response:
        name, on = request.form.get("name", ""), request.form.get("on") == "yes"
        try:
            tickets.flag(app, me(), ticket, name, on)
        except tickets.Refused as refused:
            flash(str(refused), "problem")
        return _to_conversation(ticket)

    @routes.post("/c/<ticket>/reveal")
    def reveal(ticket: str) -> Response | str:
        """The number stands on this one page only: looking again is asked, and logged, again."""
        try:
            number = tickets.reveal(app, me(), ticket, request.form.get("reason", "").strip()[:LONGEST_REASON])
            return page(room, ticket, number=number or "There is no number: this is a web chat.")
        except tickets.Refused as refused:
            flash(str(refused), "problem")
            return _to_conversation(ticket)

    @routes.post("/c/<ticket>/erase")
    def erase(ticket: str) -> Response:
        if request.form.get("sure") != "yes":
            flash("Tick the box first: an erased record does not come back.", "problem")
            return _to_conversation(ticket)
        return ended(lambda: tickets.erase(app, me(), ticket), "The record is erased.", "console.locked")


def _to_conversation(ticket: str) -> Response:
    return redirect(url_for("console.conversation", ticket=ticket), 303)
