"""Is the process alive; can it do its work."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify

from .. import tickets
from ..app import App
from ..duty import enabled
from ..reach import gaps
from ..store import StoreDown
from .gate import refusals

EVICTS = "The store may drop conversations and opt-outs when memory is short. Set maxmemory-policy noeviction."
SAYS_NOT = "The store does not say its maxmemory-policy. It must be noeviction."
FORGETS = "The store writes no append-only file: a crash loses what came since its last snapshot. Set appendonly yes."
REFUSED = "Texts of our Twilio account are refused, and none is let in: PUBLIC_URL or TWILIO_AUTH_TOKEN is wrong."
STRANGE = "Wrong signatures came in a row. If they are Twilio's, PUBLIC_URL or TWILIO_AUTH_TOKEN is wrong."
NO_WORKER = "The worker gives no sign of life: what counselors write waits and is not sent. Start `helpline worker`."
STOPPED = "Phones for nudges have opted out, so no nudge gets to them: {count}. Text START from each. The console says whose."
ONE_READER = "Emergencies are known by the rules and one reader: the second cannot run ({why}). docs/operations.md says more."
WAITING = "Opt-outs wait in the spool for the store to take them."


def blueprint(app: App) -> Blueprint:
    routes = Blueprint("health", __name__)

    @routes.get("/health/live")
    def live() -> Response:
        return jsonify(alive=True)

    @routes.get("/health/ready")
    def ready() -> tuple[Response, int]:
        """200 when texts are remembered and nothing threatens that, else 503 with what is wrong, in `problems`."""
        problems, warnings = state(app)
        answer = jsonify(
            ready=not problems,
            store="down" if any(p.startswith("The store is down") for p in problems) else "ok",
            problems=problems,
            warnings=warnings,
            nodes=len(app.content.nodes),
            unreviewed=len(app.loaded.unreviewed()),
            optouts_waiting=app.spool.waiting(),
            directory=_directory(app),
            worker=_worker(app),
            handoff="on" if enabled(app) else "off",
        )
        return answer, 503 if problems else 200

    return routes


def state(app: App) -> tuple[list[str], list[str]]:
    """What is wrong and what may become so, each with the mend. No number, no address, no secret."""
    try:
        return _of_the_store(app)
    except StoreDown as error:
        return [f"The store is down ({error}): texts are answered without memory. Is REDIS_URL right, and the server up?"], []


def _of_the_store(app: App) -> tuple[list[str], list[str]]:
    app.store.ping()
    problems, warnings = [], []
    health = app.store.health()
    if health.evicts:
        problems.append(EVICTS)
    if health.evicts is None:
        warnings.append(SAYS_NOT)
    if not health.appends:
        warnings.append(FORGETS)
    wrong, strange = refusals(app)
    if wrong:
        problems.append(REFUSED)
    elif strange:
        warnings.append(STRANGE)  # anybody can post without a signature: no reason to take the line out of service
    if app.spool.waiting():
        warnings.append(WAITING)
    if why := app.content.recogniser.problem:
        warnings.append(ONE_READER.format(why=why))  # rules and the first reader answer emergencies all the same
    if enabled(app):
        warnings += gaps(app.settings)
    if enabled(app) and not tickets.health(app).alive:
        warnings.append(NO_WORKER)  # texts are answered all the same: no reason to take the line out of service
    if enabled(app) and (count := tickets.stopped_phones(app)):
        warnings.append(STOPPED.format(count=count))
    loaded = app.places.directory.status() if app.places.directory else None
    if loaded is not None and (old := loaded.age_warning(app.clock(), app.settings.show_old_directory)):
        warnings.append(old)
    return problems, warnings


def _worker(app: App) -> str:
    """The worker's last sign of life. Without hand-off none is needed."""
    if not enabled(app):
        return "not needed"
    try:
        health = tickets.health(app)
    except StoreDown:
        return "unknown"
    return "ok" if health.alive else "no sign of life"


def _directory(app: App) -> str:
    """What is loaded of places to get help."""
    try:
        status = app.places.directory.status() if app.places.directory else None
    except StoreDown:
        return "unknown"
    return f"{status.count} places of {status.as_of}" if status else "none"
