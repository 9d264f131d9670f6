"""Signing in and out, and setting a password with a one-time link."""

from __future__ import annotations

from contextlib import suppress

from flask import Blueprint, make_response, redirect, render_template, request, session, url_for
from flask_login import current_user, login_user, logout_user  # type: ignore[import-untyped]
from werkzeug.wrappers import Response

from .. import tickets
from ..app import App
from ..log import log
from ..problem import Problem
from ..staff import LockedOut, Refused, Staff
from ..store import StoreDown
from .console_guesses import GUESSES, Guesses
from .console_known import known
from .console_session import SignedIn, me, my_token


def add(routes: Blueprint, app: App, staff: Staff, guesses: Guesses) -> None:
    browsers = known(app)

    @routes.route("/sign-in", methods=["GET", "POST"])
    @guesses.limits.limit(GUESSES, methods=["POST"])
    def sign_in() -> Response:
        if request.method == "GET":
            return redirect(url_for("console.queue"), 303) if current_user.is_authenticated else _form()
        name = request.form.get("name", "").strip()
        try:
            token = staff.sign_in(name, request.form.get("password", ""), browsers.marks())
        except LockedOut as locked:
            log.warning("sign_in_locked", seconds=locked.seconds)
            minutes = -(-locked.seconds // 60)
            return _form(f"Too many wrong tries for this name. Try again in {minutes} minutes, or ask for a reset.", name, 429)
        except Refused:
            return _form("Name and password do not fit.", name, 403)
        account = staff.session(token, used=True)
        if account is None:  # removed at this moment
            return _form("Name and password do not fit.", name, 403)
        log.info("signed_in", staff=account.id)
        session.clear()  # nothing of before, so that nobody can have chosen it
        login_user(SignedIn(account, token))
        answer = redirect(url_for("console.queue"), 303)
        browsers.remember(answer, account)
        return answer

    @routes.post("/sign-out")
    def sign_out() -> Response:
        holding = _off_duty(app)
        staff.sign_out(my_token())
        return _out(holding)

    @routes.post("/sign-out-everywhere")
    def sign_out_everywhere() -> Response:
        holding = _off_duty(app)
        staff.sign_out_everywhere(me().name)
        return _out(holding)

    @routes.route("/password/<token>", methods=["GET", "POST"])
    @guesses.limits.limit(GUESSES)
    def password(token: str) -> Response:
        account = staff.linked(token)
        if account is None:
            words = "This link has been used, or is too old. Ask whoever gave it to you for a new one."
            return make_response(render_template("console_problem.html", words=words), 404)
        if request.method == "GET":
            return _new_password(account.name)
        given = request.form.get("password", "")
        if given != request.form.get("again", ""):
            return _new_password(account.name, "The two do not match.", 400)
        try:
            account = staff.use_link(token, given)
        except Problem as problem:
            return _new_password(account.name, str(problem), 400)
        guesses.forget()  # what was tried before the reset must not keep them out of their first sign-in
        answer = _form(name=account.name, done="Your password is set. Sign in with it.")
        browsers.remember(answer, account)
        return answer


def _off_duty(app: App) -> int:
    """Who leaves is off duty. How many conversations they still hold: then they are paused, so that nobody new is told that
    somebody is here, and duty ends by itself, as for anybody away."""
    try:
        tickets.go_off_duty(app, me())
    except tickets.StillHolding as still:
        with suppress(tickets.Refused, StoreDown):
            tickets.pause(app, me(), True)
        return len(still.tickets)
    except (tickets.Refused, StoreDown):
        return 0
    return 0


def _out(holding: int) -> Response:
    logout_user()
    session.clear()
    left = f" You still hold {holding} of the conversations: sign in again and hand them over." if holding else ""
    return _form(done=f"You are signed out.{left}", forget=True)


def _form(problem: str = "", name: str = "", status: int = 200, done: str = "", forget: bool = False) -> Response:
    """`forget`: the browser drops what pages of ours kept in the tab (drafts)."""
    page = render_template("console_sign_in.html", problem=problem, name=name, done=done, forget=forget)
    return make_response(page, status)


def _new_password(name: str, problem: str = "", status: int = 200) -> Response:
    return make_response(render_template("console_password.html", name=name, problem=problem), status)
