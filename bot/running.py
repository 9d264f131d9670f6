"""`helpline run`: a store, the web server and whatever else a helpline needs, on one machine, looked after."""

from __future__ import annotations

import json
import os
import subprocess
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from typing import Any

import click

from . import local
from .embedded import Server
from .log import configure
from .processes import Child, Supervisor, check_port, python, started
from .reach import gaps
from .settings import Settings

HOST = "127.0.0.1"  # made-up secrets are for this machine only
WORKER_AFTER = 2.0  # seconds: the first text is answered without it, and should not wait for it
READY_WITHIN = 30.0  # seconds; on a cold disk Python alone takes a few
WELL_WITHIN = 3.0  # seconds from the first answer that something is not well
State = dict[str, Any]  # what /health/ready says


def run() -> None:
    """Run until Ctrl-C or SIGTERM. Raises Problem (port, settings, words, no server)."""
    configure()
    settings, made_up = local.settings()
    with local.alone():
        check_port(HOST, settings.port)
        click.echo("Starting ...")
        server = None if settings.redis_url else Server(local.VAR / "store")
        with local.listening(f"http://{HOST}:{settings.port}"):
            try:
                _run(settings, server, lambda state: welcome(settings, made_up, state, _account(server)))
            finally:
                if server is not None:
                    server.stop()
    click.echo("Stopped.")


def _run(settings: Settings, server: Server | None, greeting: Callable[[State], str]) -> None:
    url = settings.redis_url
    children = []
    if server is not None:
        url = server.url
        server.start()
        children.append(Child("store", lambda: _restarted(server), server.process))
    web = _environment(settings, url)
    children.append(Child("web", lambda: python("serve", "--host", HOST, "--parent", str(os.getpid()), env=web)))
    worker = Child("worker", lambda: python("worker", "--parent", str(os.getpid()), env=web))
    worker.due = time.monotonic() + WORKER_AFTER
    children.append(worker)
    threading.Thread(target=_greet, args=(settings.port, greeting), daemon=True).start()
    started()
    Supervisor(children).run()


def _greet(port: int, greeting: Callable[[State], str]) -> None:
    """Say where to go once somebody is there: when all is well, else after a while what is not. The server knows the words."""
    until = time.monotonic() + READY_WITHIN
    state: State = {}
    while time.monotonic() < until:
        try:
            with urllib.request.urlopen(f"http://{HOST}:{port}/health/ready", timeout=1) as answer:
                state = json.load(answer)
                break
        except urllib.error.HTTPError as refused:
            state = json.load(refused)
            until = min(until, time.monotonic() + WELL_WITHIN)
        except OSError:
            pass
        time.sleep(0.05)
    if state:
        click.echo(greeting(state))


def _account(server: Server | None) -> str:
    """The password of the console's account `dev`, made up in a store of our own; "" where the store is somebody's."""
    from .staff import Staff  # argon2 and Redis are nothing that a start should wait for
    from .staffing import developer
    from .store import StoreDown
    from .store.connect import connect

    if server is None:
        return ""
    try:
        return developer(Staff(connect(server.url), live=False))
    except StoreDown:
        return ""


def _restarted(server: Server) -> subprocess.Popen[bytes]:
    server.shut_down_orphan()
    return server.spawn()


def _environment(settings: Settings, url: str) -> dict[str, str]:
    """What the web server reads: the settings completed, under the names that an operator would set."""
    return {
        "PORT": str(settings.port),
        "REDIS_URL": url,
        "HELPLINE_SECRET": settings.helpline_secret.get_secret_value(),
        "HELPLINE_KEYS": ",".join(k.get_secret_value() for k in settings.helpline_keys),
        "TWILIO_ACCOUNT_SID": settings.twilio_account_sid,
        "TWILIO_AUTH_TOKEN": ",".join(t.get_secret_value() for t in settings.twilio_auth_token),
        "FLOWS": str(settings.flows),
    }


def welcome(settings: Settings, made_up: list[str], state: State, password: str = "") -> str:
    """Where to go, what is on and off, how to stop. `state`: what /health/ready says. `password`: of the console's account
    `dev`, "" where there is none."""
    url = f"http://{HOST}:{settings.port}/twilio/sms"
    kept = ", ".join(name for name in made_up if name != "TWILIO_ACCOUNT_SID")
    lines = [
        "The helpline answers. DEVELOPMENT: on this machine only.",
        "",
        f"  Chat       http://{HOST}:{settings.port}/chat     the quickest way to try it",
        f"  Pages      http://{HOST}:{settings.port}/         what phone companies want to see",
        f"  Console    http://{HOST}:{settings.port}/console  for who answers: {_sign_in(password)}",
        f"  Webhook    {url}",
        f"  Health     http://{HOST}:{settings.port}/health/ready",
        "  Terminal   .venv/bin/helpline chat",
        "",
        "A text as Twilio would send it, signed (send it again and you get the same answer: the message id is the same):",
        "",
        example(settings, url),
        "",
        *_switches(settings, made_up, state),
        "",
        f"Made up and kept in {local.VAR}/: {kept or 'nothing'}.",
        f"Store: {'REDIS_URL' if settings.redis_url else f'a server of our own, data in {local.VAR}/store'}.",
        f"Words: {state.get('unreviewed')} clinical texts that no clinician has reviewed yet.",
        *(f"NOT READY: {problem}" for problem in state.get("problems", ())),
        *(f"Hand-off: {gap}" for gap in gaps(settings) if gap in state.get("warnings", ())),
        "Ctrl-C stops everything.",
    ]
    return "\n".join(lines)


def _switches(settings: Settings, made_up: list[str], state: State) -> list[str]:
    """What is on or off, and how that is changed."""
    handoff, places, sending = (
        f"OFF: HUMAN gives numbers. On: `on: true` under `handoff` in {settings.flows}/program.yaml, and start again.",
        "OFF: a ZIP code gets the helpline. On: .venv/bin/helpline directory import FILE --as-of DATE",
        "OFF: what leaves unasked reaches the web chat, no phone. On: TWILIO_ACCOUNT_SID, TWILIO_AUTH_TOKEN.",
    )
    if state.get("handoff") == "on":
        handoff = (
            "ON. Alone: open the console in one window, sign in, go on duty. In another open the chat:\n"
            "             HUMAN, then 3, then 1. Take it and write to yourself."
        )
    if state.get("directory", "none") != "none" or settings.locator_url:
        places = f"ON: {state.get('directory')} loaded{', LOCATOR_URL is asked first' if settings.locator_url else ''}."
    if "TWILIO_ACCOUNT_SID" not in made_up:
        sending = "ON: what leaves unasked is sent by your Twilio account."
    return [f"  Hand-off   {handoff}", f"  Places     {places}", f"  Sending    {sending}"]


def _sign_in(password: str) -> str:
    if not password:
        return "make an account: .venv/bin/helpline staff add NAME --role supervisor"
    return f"sign in as dev, password {password} ({local.VAR}/console_password)"


def example(settings: Settings, url: str) -> str:
    """A ready-made signed request for curl."""
    from twilio.request_validator import RequestValidator

    form = {"MessageSid": "SM" + "0" * 31 + "1", "From": "+15005550006", "To": "+15005550001", "Body": "dope sick"}
    token = settings.twilio_auth_token[0].get_secret_value()
    signed = f"{settings.public_url}/twilio/sms" if settings.public_url else url
    signature = RequestValidator(token).compute_signature(signed, form)
    data = " ".join(f"--data-urlencode '{name}={value}'" for name, value in form.items())
    return f"  curl -s {url} -H 'X-Twilio-Signature: {signature}' {data}"
