"""What only a supervisor sees: records that stayed when the person withdrew, because a life may be in danger."""

from __future__ import annotations

from datetime import tzinfo

from flask import Blueprint, render_template

from .. import tickets
from ..app import App
from .console_session import me
from .console_view import ago, card, clock_time


def add(routes: Blueprint, app: App, zone: tzinfo) -> None:
    @routes.get("/locked")
    def locked() -> str:
        cards = [card(app, row) for row in tickets.locked(app, me())]
        return render_template(
            "console_locked.html", rows=cards, now=app.clock(), ago=ago, at=lambda epoch: clock_time(epoch, zone)
        )
