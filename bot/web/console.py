"""The counselor's console under /console: puts its pages together. Without Redis (terminal, tests of the chat) there is none."""

from __future__ import annotations

from typing import cast
from zoneinfo import ZoneInfo

import redis
from flask import Blueprint, Flask, Response, render_template
from werkzeug.exceptions import NotFound

from ..app import App
from ..problem import Problem
from ..staff import Account, Staff
from ..store.breaker import GuardedStore
from . import (
    console_conversation,
    console_duty,
    console_holding,
    console_news,
    console_queue,
    console_records,
    console_reply,
    console_signin,
)
from .console_guesses import guesses
from .console_room import Room
from .console_session import current_account, keep_gate, problem
from .console_time import Times
from .console_view import refusal

TOPICS = (
    console_queue, console_news, console_duty, console_conversation, console_reply, console_holding, console_records,
)  # fmt: skip


def add(web: Flask, app: App) -> None:
    if app.store.client is None:
        return
    guarded = app.store.guarded if isinstance(app.store, GuardedStore) else lambda call: call()
    staff = Staff(cast(redis.Redis, app.store.client), app.clock, app.live, guarded)
    routes = Blueprint("console", __name__, url_prefix="/console")
    keep_gate(web, routes, app, staff)
    console_signin.add(routes, app, staff, guesses(web, app, staff))
    room = Room(app, Times(ZoneInfo(app.loaded.program.handoff.zone), app.clock))
    for topic in TOPICS:
        topic.add(routes, room)

    @routes.errorhandler(Problem)
    def not_now(error: Problem) -> tuple[Response, int]:
        """What no page has an answer of its own for: refused, or too much at one moment."""
        return problem(str(error), refusal(error))

    @routes.context_processor
    def facts() -> dict[str, object]:
        account: Account | None = current_account()
        return {"program": app.loaded.program, "development": not app.live, "account": account, "times": room.times}

    @web.errorhandler(404)
    def missing(error: NotFound) -> tuple[str, int]:
        return render_template("console_problem.html", words="There is no page here.", **facts()), 404

    web.register_blueprint(routes)
