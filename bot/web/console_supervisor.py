"""What only a supervisor sees: records that stayed when the person withdrew, because a life may be in danger."""

from __future__ import annotations

from flask import Blueprint, render_template

from .. import tickets
from ..app import App
from .console_session import me
from .console_time import Times, ago
from .console_view import card


def add(routes: Blueprint, app: App, times: Times) -> None:
    @routes.get("/locked")
    def locked() -> str:
        cards = [card(app, row, me().id, times) for row in tickets.locked(app, me())]
        return render_template("console_locked.html", rows=cards, now=app.clock(), ago=ago)
