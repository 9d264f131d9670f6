"""The Flask application."""

from __future__ import annotations

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from ..app import App
from . import chat, headers, health, pages, twilio
from .apart import Apart

LARGEST_BODY = 64 * 1024  # a Twilio form is a few kilobytes, 10 pictures included (they come as addresses)


def create_app(app: App) -> Flask:
    web = _flask()
    web.register_blueprint(twilio.blueprint(app))
    for room in (health, pages, *([chat] if app.loaded.program.web_chat else [])):
        web.register_blueprint(room.blueprint(app))
    headers.secure(web)
    if app.store.client is not None:  # memory (terminal, tests of the chat) has no accounts
        web.wsgi_app = Apart(web.wsgi_app, "/console", lambda: create_console(app))  # type: ignore[method-assign]
    if app.settings.trust_proxy:
        web.wsgi_app = ProxyFix(web.wsgi_app, x_for=1, x_proto=1, x_host=1)  # type: ignore[method-assign]
    return web


def create_console(app: App) -> Flask:
    from . import console  # its sign-in libraries take a sixth of the whole start

    web = _flask()
    console.add(web, app)
    headers.secure(web)
    return web


def _flask() -> Flask:
    web = Flask(__package__)
    web.config["MAX_CONTENT_LENGTH"] = LARGEST_BODY
    return web
