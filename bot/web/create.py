"""The Flask application."""

from __future__ import annotations

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from ..app import App
from . import chat, console, headers, health, pages, twilio

LARGEST_BODY = 64 * 1024  # a Twilio form is a few kilobytes, 10 pictures included (they come as addresses)


def create_app(app: App) -> Flask:
    web = Flask(__name__)
    web.config["MAX_CONTENT_LENGTH"] = LARGEST_BODY
    if app.settings.trust_proxy:
        web.wsgi_app = ProxyFix(web.wsgi_app, x_for=1, x_proto=1, x_host=1)  # type: ignore[method-assign]
    web.register_blueprint(twilio.blueprint(app))
    for room in (health, pages, *([chat] if app.loaded.program.web_chat else [])):
        web.register_blueprint(room.blueprint(app))
    console.add(web, app)
    headers.secure(web)
    return web
