"""Is the process alive; can it do its work."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify

from ..app import App
from ..store import StoreDown


def blueprint(app: App) -> Blueprint:
    routes = Blueprint("health", __name__)

    @routes.get("/health/live")
    def live() -> Response:
        return jsonify(alive=True)

    @routes.get("/health/ready")
    def ready() -> tuple[Response, int]:
        """200 when texts are remembered, 503 when they are only answered."""
        try:
            app.store.ping()
            store = "ok"
        except StoreDown as error:
            store = f"down ({error})"
        answer = jsonify(
            ready=store == "ok",
            store=store,
            nodes=len(app.content.nodes),
            unreviewed=len(app.loaded.unreviewed()),
            directory=_directory(app) if store == "ok" else "unknown",
        )
        return answer, 200 if store == "ok" else 503

    return routes


def _directory(app: App) -> str:
    """What people are shown of the loaded directory, with a warning where it is old."""
    try:
        status = app.places.directory.status() if app.places.directory else None
    except StoreDown:
        return "unknown"
    if status is None:
        return "none"
    warning = status.age_warning(app.clock(), app.settings.show_old_directory)
    return f"{status.count} places of {status.as_of}" + (f". {warning}" if warning else "")
