"""The helpline in a terminal: the same engine with a store in memory, nothing sent, nothing kept."""

from __future__ import annotations

import secrets
import time
from datetime import UTC, datetime
from pathlib import Path

import click
from pydantic import SecretStr

from .app import NO_PLACES, App
from .content import load
from .core.messages import Message
from .core.sms import size
from .directory import Sources
from .directory.importing import Options, Report
from .directory.importing import load as read
from .directory.memory import MemoryDirectory
from .inbound import receive
from .log import configure
from .settings import Settings
from .store.memory import MemoryStore

BYE = "Nothing of this was kept."


def chat(flows: Path, why: bool, places: Path | None = None) -> None:
    """Answer what is typed until end of input. `places`: a file to look ZIP codes up in."""
    configure(quiet=True)
    settings = Settings(helpline_secret=SecretStr(secrets.token_hex(32)), flows=flows)
    app = App(settings, load(flows), MemoryStore(time.time), places=_places(places))
    click.echo("Type as you would text, for example: hi. Ctrl-D ends.\n")
    while True:
        try:
            text = input("> ")
        except (EOFError, KeyboardInterrupt):
            click.echo(f"\n{BYE}")
            return
        outcome = receive(app, Message(contact="terminal", text=text, id=secrets.token_hex(8), channel="web"))
        for message in outcome.messages:
            click.echo("\n".join(f"  {line}" for line in message.split("\n")))
        if not outcome.messages:
            click.echo("  (no answer: texts to this line are stopped)")
        if why:
            cost = ", ".join(f"{size(m).segments} segments {size(m).encoding}" for m in outcome.messages)
            click.secho(f"  [{outcome.means} -> {outcome.node or '-'}; {cost or 'nothing sent'}]", dim=True)
        click.echo()


def _places(path: Path | None) -> Sources:
    """The places of `path`, as of today, in this process. Raises Problem."""
    if path is None:
        return NO_PLACES
    directory, report = MemoryDirectory(), Report(bad=lambda line, why: None)
    read(directory, path, datetime.now(UTC).date(), Options(), report, lambda at: None, time.time())
    return Sources((directory,), directory)
