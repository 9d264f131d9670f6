"""The web chat: the same engine in a page. No cookie, no account; a new tab is a new conversation.

The page carries a signed token of its own that names the conversation, and every request carries it back. Nothing that a
browser sends by itself is believed, so there is nothing to forge from another site. Only while a hand-off is open does the tab
keep its token, so that a page loaded again goes on with it (bot.leaving: for how long).
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from ipaddress import ip_address

from flask import Blueprint, Response, jsonify, render_template, request
from itsdangerous import BadData, URLSafeTimedSerializer

from ..app import App
from ..contacts import contact_id
from ..core.flow import MAIN
from ..core.messages import Answer, Message
from ..core.render import render
from ..core.sms import size
from ..inbound import Outcome, receive
from ..leaving import close_page, forget, see_writing
from ..outbound import fetch
from ..store import StoreDown
from .household import household

GREETING = Answer("en", ("say.chat#text", f"{MAIN}#choices"))  # a digit as the first text answers the main menu
TOKEN_LIFE = 12 * 3600  # seconds; the page clears itself after 15 idle minutes anyway
HOUR = 3600
MANY_BEHIND_ONE = 20  # times as many where a proxy stands before us and TRUST_PROXY does not let us see behind it
LONGEST_TEXT = 1600  # as a text message
LONGEST_ID = 64  # a UUID has 36


def blueprint(app: App) -> Blueprint:
    routes = Blueprint("chat", __name__)
    tokens = URLSafeTimedSerializer(app.derived("web chat"), salt="conversation")

    def contact() -> str | None:
        """Who the request's token speaks for; None when it is not ours or too old."""
        try:
            name = tokens.loads(str(_field("token")), max_age=TOKEN_LIFE)
        except BadData:
            return None
        return contact_id(app.secret, "web", str(name))

    @routes.get("/chat")
    def page() -> str | tuple[str, int]:
        """Beyond the limit no new chat begins, but one that is open in this tab goes on when its page is loaded again."""
        full = _too_many(app)
        shown = render_template(
            "chat.html",
            token="" if full else tokens.dumps(secrets.token_urlsafe(16)),
            greeting="" if full else "\n".join(render(app.content, GREETING)),
            full=full,
            program=app.loaded.program,
            helpline=app.loaded.numbers[app.loaded.program.helpline],
            development=not app.live,
        )
        return (shown, 429) if full else shown

    @routes.post("/chat/messages")
    def messages() -> tuple[Response, int]:
        who, text, message_id = contact(), _field("text"), _field("id")
        if who is None:
            return jsonify(problem="This chat has ended. Open it again."), 401
        if not isinstance(text, str) or not isinstance(message_id, str) or not 0 < len(message_id) <= LONGEST_ID:
            return jsonify(problem="Send a text and an id."), 400
        began = app.clock()
        outcome = receive(app, Message(contact=who, text=text[:LONGEST_TEXT], id=message_id, channel="web"))
        if outcome.handed_over:
            see_writing(app, who, began)
        return jsonify(_told(outcome, why=not app.live)), 200

    @routes.post("/chat/inbox")
    def inbox() -> tuple[Response, int]:
        """What a counselor or the line has written unasked since the message `since` (its id, "" for none). `again`: the page was
        loaded again, and wants to know how it stands."""
        who, since, again = contact(), _field("since"), _field("again") is True
        if who is None:
            return jsonify(problem="This chat has ended. Open it again.", still=_ended(app) if again else ""), 401
        try:
            found = fetch(app, who, since if isinstance(since, str) else "", again)
        except StoreDown:
            return jsonify(problem="Nothing can be read right now."), 503
        messages = [{"id": name, "text": text} for name, text in found.messages]
        still = _ended(app) if again and not found.open and not messages else found.still
        return jsonify(messages=messages, handedOver=found.open, still=still), 200

    @routes.post("/chat/leave")
    def leave() -> tuple[str, int]:
        """Quick exit erases at once. `page`: the page is going, and may be one that is loaded anew."""
        who = contact()
        if who is not None:
            (close_page if _field("page") is True else forget)(app, who)
        return "", 204

    return routes


def _too_many(app: App) -> bool:
    """Whether this internet address has begun as many chats as it may in an hour. Without the store nobody is turned away."""
    address = household(request.remote_addr or "")
    hour = int(app.clock() // HOUR)
    name = hmac.new(app.derived("chat addresses"), f"{hour} {address}".encode(), hashlib.sha256).hexdigest()[:24]
    allowed = app.settings.chats_per_hour * (1 if app.settings.trust_proxy or _is_public(address) else MANY_BEHIND_ONE)
    try:
        return app.store.add(f"chats:{name}", 1, HOUR) > allowed
    except StoreDown:
        return False


def _is_public(address: str) -> bool:
    """Whether `address` is one of the open internet. Others are a proxy's, behind which everybody looks the same."""
    try:
        return ip_address(address).is_global
    except ValueError:
        return False


def _field(name: str) -> object:
    """A field of the JSON body; sendBeacon sends it as plain text."""
    body = request.get_json(force=True, silent=True)
    return body.get(name) if isinstance(body, dict) else None


def _ended(app: App) -> str:
    """To a page that went on with a talk which is over for it. Nothing of the talk, not even its language: the browser's own."""
    lang = request.accept_languages.best_match(("en", "es"), default="en")
    return "\n".join(render(app.content, Answer(lang, ("handoff.ended",))))


def _told(outcome: Outcome, why: bool) -> dict[str, object]:
    told: dict[str, object] = {"messages": outcome.messages, "handedOver": outcome.handed_over}
    if why:
        told["why"] = {"means": outcome.means, "node": outcome.node, "segments": [size(m).segments for m in outcome.messages]}
    return told
