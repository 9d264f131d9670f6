"""Who has a conversation: taking it, handing it over, putting it back, closing it. Plain posts; the script only adds."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, flash, redirect, request, url_for
from werkzeug.wrappers import Response

from .. import tickets
from .console_room import Room
from .console_session import me


def add(routes: Blueprint, room: Room) -> None:
    app = room.app

    @routes.post("/c/<ticket>/claim")
    def claim(ticket: str) -> Response:
        try:
            tickets.claim(app, me(), ticket)
        except tickets.Refused as refused:
            by = refused.by if isinstance(refused, tickets.Taken) else ""
            flash(f"Taken by {by}, a moment before you." if by else str(refused), "problem")
            return redirect(url_for("console.queue"), 303)
        return redirect(url_for("console.conversation", ticket=ticket, _anchor="text"), 303)

    @routes.post("/c/<ticket>/transfer")
    def transfer(ticket: str) -> Response:
        to = request.form.get("to", "")
        names = {duty.staff: duty.name for duty in tickets.on_duty(app)}
        return ended(lambda: tickets.transfer(app, me(), ticket, to), f"Handed over to {names.get(to, 'somebody else')}.")

    @routes.post("/c/<ticket>/hand-back")
    def hand_back(ticket: str) -> Response:
        return ended(lambda: tickets.hand_back(app, me(), ticket), "Back in the queue, at its old place.")

    @routes.post("/c/<ticket>/close")
    def close(ticket: str) -> Response:
        return ended(lambda: tickets.close(app, me(), ticket, request.form.get("outcome", "")), "Closed. The person was told.")


def ended(act: Callable[[], object], words: str, page: str = "console.queue") -> Response:
    """Do what takes the conversation from this page, and go where it leads; what is refused is told there."""
    try:
        act()
        flash(words)
    except tickets.Refused as refused:
        flash(str(refused), "problem")
    back = request.form.get("back", "")
    return redirect(url_for("console.hand_over" if back == "hand_over" else page), 303)
