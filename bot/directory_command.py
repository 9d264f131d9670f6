"""`helpline directory`: load, look at, try and drop the list of places that people are sent to."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TextIO

import click

from . import local
from .app import App, sources
from .content import load
from .core.find import SHOWN
from .core.messages import Message
from .core.places import SERVICES
from .directory import Directory, Status, Wanted
from .directory.files import size
from .directory.importing import NOTES, Options, Report
from .directory.importing import load as load_file
from .directory.redis import RedisDirectory
from .inbound import receive
from .log import configure
from .problem import Problem
from .settings import Settings
from .store import StoreDown
from .store.connect import connect
from .store.memory import MemoryStore
from .zips import look_up

SHOWN_BAD = 50  # rows left out that are named; --problems writes all of them
WAIT = 5.0  # seconds that an operator waits for an answer; a person waits less
NOTHING = (
    "No directory is loaded. People get the helpline and findtreatment.gov. Load one: helpline directory import FILE --as-of DATE"
)


def import_file(path: Path, as_of: date, options: Options, problems: Path | None) -> None:
    """Load `path`, with a bar while it is read, and say what became of it."""
    with _opened() as (chosen, directory):
        told: list[tuple[int, str]] = []
        bar = click.progressbar(length=max(1, size(path)), label=path.name, file=sys.stderr)
        with problems.open("w", encoding="utf-8") if problems else nullcontext() as write, bar:
            report = Report(bad=lambda line, reason: _note(told, write, line, reason))
            status = load_file(directory, path, as_of, options, report, lambda at: bar.update(at - bar.pos), time.time())
            bar.update(size(path) - bar.pos)
        _tell_report(report, told, problems)
        for line in _told(status):
            click.echo(line)
        _warn(status, chosen)


def status() -> None:
    with _opened() as (chosen, directory):
        found = directory.status()
        if found is None:
            click.echo(NOTHING)
        else:
            for line in _told(found):
                click.echo(line)
            _warn(found, chosen)
        click.echo(f"Live locator (LOCATOR_URL): {'on, asked first' if chosen.locator_url else 'off'}.")


def find(code: str, service: str, offset: int, as_json: bool) -> None:
    """Print what a person would get: as JSON the places, else the very messages."""
    with _opened() as (chosen, directory):
        found = directory.status()
        if found is not None:
            _warn(found, chosen)
        elif not chosen.locator_url:
            click.echo(NOTHING, err=True)
        if as_json:
            click.echo(json.dumps(_nearest(chosen, code, service, offset), ensure_ascii=False))
        else:
            click.echo("\n".join(_conversation(chosen, code, service, offset)))


def drop() -> None:
    with _opened() as (_, directory):
        found = directory.status()
        directory.drop()
        click.echo(f"Dropped: {found.count} places of {found.as_of}." if found else NOTHING)


def _nearest(chosen: Settings, code: str, service: str, offset: int) -> list[dict[str, object]]:
    known = look_up(code[:5])
    if known.kind and known.kind != "po_box":
        click.echo(f"{code}: {known.kind} ZIP code. A person is asked for another one.", err=True)
        return []
    shown_anyway = chosen.model_copy(update={"show_old_directory": True})  # the operator sees what people may not
    places = sources(shown_anyway, connect(chosen.redis_url), b"operator")
    wanted = Wanted(known.code, known.lat, known.lon, service, offset, SHOWN)
    listing = places.nearest(wanted, time.time(), time.monotonic() + WAIT)
    return [
        {"name": n.place.name, "phone": n.place.phone, "miles": round(n.miles, 1), "town": n.place.town, "as_of": n.place.as_of}
        for n in (listing.nears if listing else ())
    ]


def _conversation(chosen: Settings, code: str, service: str, offset: int) -> Iterator[str]:
    """The messages that a person gets who texts the ZIP code and then the digit."""
    configure(quiet=True)
    app = App(chosen, load(chosen.flows), MemoryStore(time.time), places=sources(chosen, connect(chosen.redis_url), b"operator"))
    receive(app, Message("operator", "menu", id="0"))  # the line that says who we are is sent once
    texts = [code, str(SERVICES.index(service) + 1), *["more"] * (offset // SHOWN)]
    outcomes = []
    for number, text in enumerate(texts, start=1):
        outcomes.append(receive(app, Message("operator", text, id=str(number))))
        if outcomes[-1].node != "find.which" and number == 1:
            break
    yield from outcomes[-1].messages


def _told(status: Status) -> Iterator[str]:
    yield f"Loaded: {status.count} places of {status.as_of}, from {status.file}."
    yield f"Imported: {datetime.fromtimestamp(status.imported_at, UTC):%Y-%m-%d %H:%M} UTC (import {status.generation})."
    yield "By kind: " + ", ".join(f"{service} {status.counts.get(service, 0)}" for service in SERVICES) + "."


def _warn(status: Status, chosen: Settings) -> None:
    warning = status.age_warning(time.time(), chosen.show_old_directory)
    if warning:
        click.secho(f"WARNING: {warning}", fg="yellow", err=True)


def _tell_report(report: Report, told: Sequence[tuple[int, str]], problems: Path | None) -> None:
    if report.taken_for:
        click.echo(f"Taken for {report.taken_for}.")
    for line, reason in told:
        click.echo(f"line {line}: left out: {reason}", err=True)
    if report.left_out > len(told):
        where = f"{problems} names all" if problems else "--problems FILE writes all of them"
        click.echo(f"... and {report.left_out - len(told)} more; {where}.", err=True)
    click.echo(f"Read {report.read} rows, left out {report.left_out}.")
    for note, what in NOTES.items():
        if report.notes[note]:
            click.echo(f"  {report.notes[note]} {what}")
    if not report.tells_services:
        click.echo("  No column tells services: every kind but 'any' finds nothing. --offers KIND says what all of them offer.")


def _note(told: list[tuple[int, str]], write: TextIO | None, line: int, reason: str) -> None:
    if len(told) < SHOWN_BAD:
        told.append((line, reason))
    if write is not None:
        write.write(f"line {line}: {reason}\n")


@contextmanager
def _opened() -> Iterator[tuple[Settings, Directory]]:
    """The settings, and the directory in the store that bot.local finds."""
    chosen = local.found().settings
    try:
        yield chosen, RedisDirectory(connect(chosen.redis_url, WAIT), chosen.show_old_directory)
    except StoreDown as error:
        raise Problem(f"The store does not answer ({error}). REDIS_URL names it; nothing was changed.") from None


def options(kind: str, columns: Sequence[str], offers: Sequence[str]) -> Options:
    """Options as typed. Raises Problem."""
    said: Mapping[str, str] = dict(_pair(column) for column in columns)
    return Options(kind, said, offers)


def _pair(column: str) -> tuple[str, str]:
    from .directory.columns import NAMES

    field, sign, name = column.partition("=")
    if not sign or field not in NAMES:
        raise Problem(f"--column {column}: write FIELD=COLUMN, where FIELD is one of {', '.join(NAMES)}.")
    return field, name
