"""Going on duty and off it, pausing, asking for backup; what becomes of open conversations at the end of a shift."""

from __future__ import annotations

import re
from collections.abc import Callable

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from .. import tickets
from .console_room import Room, whole
from .console_session import me
from .console_time import ago
from .console_view import OUTCOMES, card


def add(routes: Blueprint, room: Room) -> None:
    app = room.app

    @routes.post("/duty")
    def duty() -> Response:
        until, phone = whole(request.form.get("until", "")), _dialled(request.form.get("phone", ""))
        return _done(lambda: tickets.go_on_duty(app, me(), float(until), phone))

    @routes.post("/pause")
    def pause() -> Response:
        return _done(lambda: tickets.pause(app, me(), request.form.get("on") == "yes"))

    @routes.post("/backup")
    def backup() -> Response:
        return _done(lambda: _ask_for_backup(room, request.form.get("on") == "yes"))

    @routes.post("/off-duty")
    def off_duty() -> Response | str:
        try:
            tickets.go_off_duty(app, me())
        except tickets.StillHolding as still:
            return _hand_over(room, str(still))
        flash("You are off duty. Thank you.")
        return _to_queue()

    @routes.get("/hand-over")
    def hand_over() -> Response | str:
        return _hand_over(room, "")


def _ask_for_backup(room: Room, asked: bool) -> None:
    if told := tickets.ask_for_backup(room.app, me(), asked):
        flash(f"Backup: {told}.")


def _hand_over(room: Room, words: str) -> str:
    mine = [card(room.app, row, me().id, room.times) for row in tickets.held(room.app, me())]
    others = [duty for duty in tickets.on_duty(room.app) if duty.staff != me().id]
    facts = {"outcomes": OUTCOMES, "now": room.app.clock(), "ago": ago, "back": "hand_over"}
    return render_template("console_hand_over.html", mine=mine, others=others, words=words, **facts)


def _done(act: Callable[[], object]) -> Response:
    """Do it, and back to the queue; what is refused is told there."""
    try:
        act()
    except tickets.Refused as refused:
        flash(str(refused), "problem")
    return _to_queue()


def _to_queue() -> Response:
    return redirect(url_for("console.queue"), 303)


def _dialled(written: str) -> str:
    """A phone as staff write it, (555) 123-4567, the way it is dialled: +15551234567. Anything else stays, to be refused."""
    digits = re.sub(r"[\s().-]", "", written)
    if re.fullmatch(r"1?[2-9]\d{9}", digits):
        return "+1" + digits[-10:]
    return digits
