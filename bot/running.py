"""`helpline run`: a store, the web server and whatever else a helpline needs, on one machine, looked after."""

from __future__ import annotations

import os
import subprocess

import click

from . import local
from .content import load
from .embedded import Server
from .log import configure
from .processes import Child, Supervisor, check_port, python
from .settings import Settings

HOST = "127.0.0.1"  # made-up secrets are for this machine only


def run() -> None:
    """Run until Ctrl-C or SIGTERM. Raises Problem (port, settings, words, no server) before anything is started."""
    configure()
    settings, made_up = local.settings()
    check_port(HOST, settings.port)
    loaded = load(settings.flows)
    children = []
    url = settings.redis_url
    if not url:
        server = Server(local.VAR / "store")
        url = server.url
        server.start()
        children.append(Child("store", lambda: _restarted(server), server.process))
    children.append(
        Child("web", lambda: python("serve", "--host", HOST, "--parent", str(os.getpid()), env=_environment(settings, url)))
    )
    click.echo(welcome(settings, made_up, bool(settings.redis_url), len(loaded.unreviewed())))
    Supervisor(children).run()
    click.echo("Stopped.")


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


def welcome(settings: Settings, made_up: list[str], own_store: bool, unreviewed: int) -> str:
    """Where to go, what to try, how to stop."""
    url = f"http://{HOST}:{settings.port}/twilio/sms"
    lines = [
        "The helpline answers. DEVELOPMENT: on this machine only.",
        "",
        f"  Webhook    {url}",
        f"  Health     http://{HOST}:{settings.port}/health/ready",
        "  Talk       helpline chat    (or .venv/bin/helpline chat)",
        "",
        "A text as Twilio would send it, signed (send it again and you get the same answer: the message id is the same):",
        "",
        example(settings, url),
        "",
        f"Made up and kept in {local.VAR}/: {', '.join(made_up) or 'nothing'}.",
        f"Store: {'REDIS_URL' if own_store else f'a server of our own, data in {local.VAR}/store'}.",
        f"Words: {unreviewed} clinical texts that no clinician has reviewed yet.",
        "Ctrl-C stops everything.",
    ]
    return "\n".join(lines)


def example(settings: Settings, url: str) -> str:
    """A ready-made signed request for curl."""
    from twilio.request_validator import RequestValidator

    form = {"MessageSid": "SM" + "0" * 31 + "1", "From": "+15005550006", "To": "+15005550001", "Body": "dope sick"}
    token = settings.twilio_auth_token[0].get_secret_value()
    signed = f"{settings.public_url}/twilio/sms" if settings.public_url else url
    signature = RequestValidator(token).compute_signature(signed, form)
    data = " ".join(f"--data-urlencode '{name}={value}'" for name, value in form.items())
    return f"  curl -s {url} -H 'X-Twilio-Signature: {signature}' {data}"
