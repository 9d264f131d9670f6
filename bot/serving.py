"""The web server: granian with a few blocking threads a worker (docs/scaling.md says why)."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
import time
from collections.abc import Callable

from flask import Flask
from granian import Granian
from granian.constants import Interfaces

from . import settings
from .app import App, build
from .content import BrokenContent, Loaded, load
from .log import configure, log
from .problem import Problem
from .processes import check_port, started
from .settings import BadSettings, Settings
from .warming import warm
from .web import create_app
from .web.wsgi import LIVE, LOOK_EVERY, end_with_parent

THREADS = 2  # a worker: while one text waits for the store the other is read (docs/scaling.md)
FINISH_WITHIN = 3  # seconds for requests in flight when told to stop; none takes more than two


def serve(host: str, parent: int, public: bool = False) -> None:
    """Serve until SIGTERM or SIGINT. `parent`: the `helpline run` that started this, 0 in production.

    `public` (serve --live): refuse what the public must not meet. Raises BadSettings, BrokenContent, PortTaken, WrongSecret
    or Problem before anything is started.
    """
    configure()
    wanted = settings.read() if parent else _complete(public)
    live = not parent
    check_port(host, wanted.port)
    app = build(wanted, live=live)  # whatever is wrong is told here once, not by every worker
    if live and (missing := unfit(app.loaded, wanted, public)):
        raise Problem("\n".join(missing))
    hint = "Clinical texts that no clinician has reviewed are being sent." if app.loaded.unreviewed() else ""
    log.info("serving", port=wanted.port, nodes=len(app.content.nodes), unreviewed=len(app.loaded.unreviewed()), hint=hint)
    if parent:
        _end_without(parent)
    os.environ[LIVE] = "1" if live else "0"
    started()
    Granian(
        "bot.web.wsgi:create",
        factory=True,
        address=host,
        port=wanted.port,
        interface=Interfaces.WSGI,
        workers=wanted.web_workers,
        blocking_threads=THREADS,
        respawn_failed_workers=True,
        respawn_interval=0.1,
        workers_kill_timeout=FINISH_WITHIN,
        websockets=False,
        log_enabled=False,
    ).serve(target_loader=_forked(app), wrap_loader=False)


def _forked(app: App) -> Callable[[], Flask] | None:
    """What a worker calls that is a fork of this process: everything is there, so it serves at once, in shared memory.

    None where workers are not forked (macOS, Python 3.14): they import bot.web.wsgi and build their own.
    """
    if multiprocessing.get_start_method() != "fork":
        return None
    web = create_app(app)

    def ready() -> Flask:
        end_with_parent()
        warm(app)
        return web

    return ready


def _complete(public: bool) -> Settings:
    """The settings, with all that a server in the open needs. Raises BadSettings naming at once whatever is missing."""
    for line in settings.ignored():
        log.warning("setting_ignored", hint=line)
    wanted, problems = settings.look(public)
    if not problems:
        return wanted
    try:
        more = unfit(load(wanted.flows, live=True), wanted, public)
    except BrokenContent as error:
        more = [f"{error} `helpline check` names them."]
    raise BadSettings(problems, more)


def unfit(loaded: Loaded, wanted: Settings, public: bool) -> list[str]:
    """What must be done before these words meet people, as lines under a heading; [] for nothing."""
    program, helpline = loaded.program, loaded.numbers[loaded.program.helpline]
    missing = []
    if not helpline.always and helpline.called_on is None:
        missing.append(f"Nobody has called the helpline. Call it, then: helpline numbers verify {program.helpline} --by WHO")
    if public and (unreviewed := len(loaded.unreviewed())) and not program.accept_unreviewed:
        missing.append(
            f"{unreviewed} clinical texts are unreviewed. Have them reviewed, or name who answers for it: accept_unreviewed"
        )
    if public and {"your organization", "your number"} & {program.operator.lower(), program.number.lower()}:
        missing.append("program.yaml still names no operator and no number.")
    if public and program.contact in {number.show for number in loaded.numbers.values()}:
        missing.append("`contact` in program.yaml is somebody else's number. HELP must name who answers for this line.")
    if public and program.handoff.on and not wanted.twilio_account_sid:
        missing.append("Hand-off is on, and TWILIO_ACCOUNT_SID is not set: what a counselor writes could not be sent.")
    if public and program.handoff.on and not wanted.public_url:
        missing.append("Hand-off is on, and PUBLIC_URL is not set: Twilio could not tell what became of a counselor's texts.")
    return ["Not fit to serve:", *missing, "docs/before-you-launch.md lists the rest."] if missing else []


def _end_without(parent: int) -> None:
    """End with the `helpline run` that started this server: an orphan would go on holding the port."""

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(LOOK_EVERY)
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=watch, daemon=True, name="parent-watch").start()
