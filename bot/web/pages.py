"""The public pages that phone companies ask for before they approve a number: what it is, how often, what it costs, how to
stop, and what is kept. Filled from program.yaml."""

from __future__ import annotations

from flask import Blueprint, render_template, request
from werkzeug.exceptions import NotFound

from ..app import App

Answer = NotFound | tuple[str, int]


def blueprint(app: App) -> Blueprint:
    routes = Blueprint("pages", __name__)
    loaded = app.loaded
    facts = {
        "program": loaded.program,
        "helpline": loaded.numbers[loaded.program.helpline],
        "hours": app.settings.session_hours,
        "ticket_days": app.settings.ticket_days,
        "unreviewed": len(loaded.unreviewed()),
        "sources": sorted(loaded.sources.values(), key=lambda s: (s.publisher, s.title)),
        "development": not app.live,
    }

    @routes.get("/")
    def home() -> str:
        return render_template("home.html", **facts)

    @routes.get("/terms")
    def terms() -> str:
        return render_template("terms.html", **facts)

    @routes.get("/privacy")
    def privacy() -> str:
        return render_template("privacy.html", **facts)

    @routes.get("/about")
    def about() -> str:
        return render_template("about.html", **facts)

    @routes.app_errorhandler(404)
    def missing(error: NotFound) -> Answer:
        """No page: where a person can be reached all the same. A provider's request gets no page."""
        return error if request.path.startswith("/twilio/") else (render_template("missing.html", **facts), 404)

    return routes
