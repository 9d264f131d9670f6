"""Who is signed in to the console, and what may be asked without being: the gate before every page of it."""

from __future__ import annotations

from typing import cast

from flask import Blueprint, Flask, Response, jsonify, make_response, redirect, render_template, request, session, url_for
from flask_limiter import RateLimitExceeded
from flask_login import LoginManager, UserMixin, current_user  # type: ignore[import-untyped]
from flask_wtf.csrf import CSRFError, CSRFProtect  # type: ignore[import-untyped]
from werkzeug.wrappers import Response as AnyResponse

from ..app import App
from ..staff import Account, Staff
from ..store import StoreDown
from .console_guesses import COUNTED

COOKIE = "helpline_console"
WITHOUT_SIGN_IN = COUNTED  # and counted instead
BY_ITSELF = frozenset({"console.updates", "console.entries"})  # what a page asks for unasked: it puts off no end of a session


class SignedIn(UserMixin):  # type: ignore[misc]
    """An account with the token of this session, as Flask-Login wants to see it."""

    def __init__(self, account: Account, token: str) -> None:
        self.account, self.token = account, token

    def get_id(self) -> str:
        return self.token


def me() -> Account:
    """Who asks. Only behind the gate."""
    return cast(SignedIn, current_user).account


def current_account() -> Account | None:
    """Who is signed in, for what every page shows; nobody while the store is down, when such a page says just that."""
    try:
        return me() if current_user.is_authenticated else None
    except StoreDown:
        return None


def my_token() -> str:
    return cast(SignedIn, current_user).token


def wants_json() -> bool:
    """Whether our script asks, which reads JSON, and not a browser that shows a page."""
    return request.headers.get("X-Requested-With") == "console"


def keep_gate(web: Flask, routes: Blueprint, app: App, staff: Staff) -> None:
    """Put the gate before every route of `routes`: signed in, and on a post a CSRF token."""
    web.secret_key = app.derived("cookies")
    web.config.update(
        SESSION_COOKIE_NAME=COOKIE,
        SESSION_COOKIE_PATH="/console",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Strict",
        SESSION_COOKIE_SECURE=app.live,
        WTF_CSRF_CHECK_DEFAULT=False,  # the webhook and the chat have their own ways to know who asks
        WTF_CSRF_TIME_LIMIT=None,  # as long as the session
        WTF_CSRF_SSL_STRICT=False,  # it wants a Referer, and our pages send none
    )
    csrf = CSRFProtect(web)
    logins = LoginManager(web, add_context_processor=False)
    logins.session_protection = None  # it would mix in the address, which changes on the road

    @logins.user_loader  # type: ignore[untyped-decorator]
    def load(token: str) -> SignedIn | None:
        account = staff.session(token, used=request.endpoint not in BY_ITSELF)
        return SignedIn(account, token) if account else None

    @routes.before_request
    def gate() -> AnyResponse | None:
        if request.endpoint not in WITHOUT_SIGN_IN and not current_user.is_authenticated:
            return _signed_out()
        csrf.protect()
        return None

    @routes.errorhandler(CSRFError)
    def no_token(error: CSRFError) -> tuple[Response, int]:
        return problem("This page was too old, or the request did not come from it. Reload the page and do it again.", 400)

    @routes.errorhandler(RateLimitExceeded)
    def too_fast(error: RateLimitExceeded) -> tuple[Response, int]:
        return problem("Too many tries from this address. Wait a minute, then try again.", 429)

    @routes.errorhandler(StoreDown)
    def store_down(error: StoreDown) -> tuple[Response, int]:
        return problem("The store does not answer. People who text are still answered, automatically. Try again soon.", 503)


def problem(words: str, status: int) -> tuple[Response, int]:
    """`words` as a page, or as JSON for the script."""
    if wants_json():
        return jsonify(problem=words), status
    return make_response(render_template("console_problem.html", words=words)), status


def _signed_out() -> AnyResponse:
    session.clear()
    if wants_json():
        return make_response(jsonify(problem="You are signed out. Sign in again.", signed_out=True), 401)
    return redirect(url_for("console.sign_in"), 303)
