"""The counselor's console under /console: puts its pages together. Without Redis (terminal, tests of the chat) there is none."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from zoneinfo import ZoneInfo

from flask import Blueprint, Flask, Response

from ..app import App
from ..problem import Problem
from ..staff import Account, Staff
from . import console_conversation, console_queue, console_signin, console_supervisor
from .console_session import current_account, keep_gate, limiter, problem
from .console_view import refusal


def add(web: Flask, app: App) -> None:
    client, guarded = _access(app.store)
    if client is None:
        return
    staff = Staff(client, app.clock, app.live, guarded)
    routes = Blueprint("console", __name__, url_prefix="/console")
    keep_gate(web, routes, app, staff)
    console_signin.add(routes, app, staff, limiter(web, app, staff))
    zone = ZoneInfo(app.loaded.program.handoff.zone)
    for room in (console_queue, console_conversation, console_supervisor):
        room.add(routes, app, zone)

    @routes.errorhandler(Problem)
    def not_now(error: Problem) -> tuple[Response, int]:
        """What no page has an answer of its own for: refused, or too much at one moment."""
        return problem(str(error), refusal(error))

    @routes.context_processor
    def facts() -> dict[str, object]:
        account: Account | None = current_account()
        return {"program": app.loaded.program, "development": not app.live, "account": account}

    web.register_blueprint(routes)


def _access(store: object) -> tuple[Any, Callable[[Callable[[], Any]], Any]]:
    """The store's Redis client (None for memory), and its breaker, so that a page that polls a dead store costs nobody's time."""
    bare = getattr(store, "_store", store)
    client = getattr(store, "client", None) or getattr(bare, "client", None) or getattr(bare, "_client", None)
    guarded = getattr(store, "guarded", None) or getattr(store, "_guarded", None) or (lambda call: call())
    return client, guarded
