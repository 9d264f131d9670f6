"""The `helpline` command: parses, calls, prints. Each command imports what it needs, so that `--help` and `check` are quick."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import click

from . import __version__, settings
from .cli_directory import directory
from .problem import CANNOT_START, Problem

if TYPE_CHECKING:
    from .content import Loaded

FLOWS = click.option(
    "--flows", type=click.Path(path_type=Path), default=None, help="The folder with the words. Default: FLOWS, else flows/."
)


FILE = click.Path(path_type=Path, exists=True, dir_okay=False)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="helpline")
def main() -> None:
    """A helpline that answers texts about heroin and other opioids.

    Try it: helpline chat. Run it on this machine: helpline run.
    """


main.add_command(directory)


@main.command()
def run() -> None:
    """Run the whole helpline on this machine, for trying and developing.

    Starts a store of its own (data in var/), and the web server on 127.0.0.1, on PORT (default 8000). What the
    environment does not give is made up and kept in var/. Ctrl-C stops everything; the next start goes on where this
    one ended.
    """
    from .running import run as run_all

    with told():
        _warn_ignored()
        run_all()


@main.command()
@click.option("--host", default="0.0.0.0", show_default=True, help="Address to listen on.")  # noqa: S104
@click.option("--live", is_flag=True, help="For the public: refuses while texts are unreviewed and nobody took responsibility.")
@click.option("--parent", type=int, default=0, hidden=True)
def serve(host: str, live: bool, parent: int) -> None:
    """Run the web server alone, in production. Needs REDIS_URL and the secrets.

    docs/settings.md lists the settings. Says everything that is missing at once, and starts only when nothing is.
    """
    from .serving import serve as serve_web

    with told(CannotStart if parent else click.ClickException):
        serve_web(host, parent, live)


@main.command()
@click.option("--parent", type=int, default=0, hidden=True)
def worker(parent: int) -> None:
    """Send what leaves unasked (a counselor's replies), and let time pass for hand-offs. Needs REDIS_URL and the secrets.

    Run one beside `helpline serve`. While none runs, replies wait and the console says so.
    """
    from .worker import work

    with told(CannotStart if parent else click.ClickException):
        work(parent)


@main.command()
@FLOWS
@click.option("--why", is_flag=True, help="Show after each answer what your text was taken to mean, and what it costs.")
@click.option("--directory", "places", type=FILE, default=None, help="A list of places to look ZIP codes up in (CSV, TSV, XLSX).")
def chat(flows: Path | None, why: bool, places: Path | None) -> None:
    """Talk with the helpline in this terminal. Nothing is sent or kept; no server is needed.

    Type as you would text. Ctrl-D or Ctrl-C ends it.
    """
    from .terminal import chat as talk

    with told():
        talk(_flows(flows), why, places)


@main.command()
@click.argument("text", required=False)
@click.option("--jsonl", is_flag=True, help='Read lines {"text": ..., "lang"?: ...}, write one line of JSON for each.')
@click.option("--at", default="", help="The node whose question is answered, like main or detox.start. Default: a first text.")
@FLOWS
def explain(text: str | None, jsonl: bool, at: str, flows: Path | None) -> None:
    """Say what TEXT would be taken for, and why. Runs the code that answers real texts."""
    from .explain import explain as one
    from .explain import explain_lines

    with told():
        content = _loaded(flows).content
        node = f"{at}.start" if at and "." not in at else at
        if node and node not in content.nodes:
            raise Problem(f"There is no node '{at}'.")
        content.recogniser.prepare()
        if jsonl:
            for line in explain_lines(content, sys.stdin, node):
                click.echo(line)
            return
        if text is None:
            raise click.UsageError('Give a text, like: helpline explain "how do i quit", or --jsonl.')
        for name, value in one(content, text, at=node).items():
            click.echo(f"{name:8} {'-' if value is None else value}")


@main.command()
@FLOWS
@click.option("--hashes", is_flag=True, help="Print the hash of every clinical text, for `reviewed`.")
@click.option("--texts", is_flag=True, help="Print every text as it is sent, with its segments.")
def check(flows: Path | None, hashes: bool, texts: bool) -> None:
    """Check the words in flows/: every problem with file, line and mend. Warns of misspelt settings too."""
    from .checking import report
    from .reach import gaps

    with told():
        _warn_ignored()
        loaded = _loaded(flows)
        for line in report(loaded, hashes=hashes, texts=texts):
            click.echo(line)
        recogniser = loaded.content.recogniser
        recogniser.prepare()
        if recogniser.problem:
            click.echo(f"note: the second reader of emergencies cannot run here ({recogniser.problem}). Rules and the first do.")
        for gap in gaps(settings.read()) if loaded.program.handoff.on else []:
            click.echo(f"note: the hand-off is on. {gap}")


@main.command("twilio-texts")
@FLOWS
def twilio_texts(flows: Path | None) -> None:
    """Print the STOP, START and HELP texts, to paste into Twilio where it answers these words itself."""
    from .checking import carrier_texts

    with told():
        for line in carrier_texts(_loaded(flows)):
            click.echo(line)


@main.command()
@FLOWS
def fallback(flows: Path | None) -> None:
    """Print the answer for when this server cannot be reached, as TwiML in English and Spanish.

    Host it elsewhere (a TwiML Bin, a static page) and give its address to Twilio as the fallback URL of the number:
    docs/operations.md says how.
    """
    from .checking import fallback_twiml

    with told():
        click.echo(fallback_twiml(_loaded(flows, live=True)))


@main.group()
def numbers() -> None:
    """The phone numbers that texts may show, and who has called them."""


@numbers.command("list")
@FLOWS
def list_numbers(flows: Path | None) -> None:
    """Every number: whether production shows it, who called it and when, and what it is."""
    from .checking import number_lines

    with told():
        for line in number_lines(_loaded(flows)):
            click.echo(line)


@numbers.command()
@click.argument("name")
@click.option("--by", required=True, help="Who called it, and heard what numbers.yaml says.")
@FLOWS
def verify(name: str, by: str, flows: Path | None) -> None:
    """Note that the number NAME was called today. From then on production shows it."""
    from datetime import date

    from .content.numbers import verify as note

    with told():
        _loaded(flows)
        note(_flows(flows), name, by, date.today())
        _loaded(flows)
        click.echo(f"{name}: called today by {by}. Read the change in numbers.yaml, and commit it.")


@main.group()
def staff() -> None:
    """Who may sign in to the console at /console, where people who asked for a person are answered.

    Needs the store: REDIS_URL, or a `helpline run` in this folder.
    """


@staff.command("add")
@click.argument("name")
@click.option("--role", type=click.Choice(["counselor", "supervisor"]), required=True, help="Supervisors read locked records.")
@click.option("--password", "ask", is_flag=True, help="Ask for the password here, instead of printing a link that sets it.")
def add_staff(name: str, role: Literal["counselor", "supervisor"], ask: bool) -> None:
    """Make an account for NAME, and print a one-time link with which they set their password."""
    from .staffing import add

    with told():
        password = click.prompt("Password", hide_input=True, confirmation_prompt=True) if ask else None
        click.echo("\n".join(add(name, role, password)))


@staff.command("list")
def list_staff() -> None:
    """Every account, its role, and whether it can sign in."""
    from .staffing import listed

    with told():
        click.echo("\n".join(listed()))


@staff.command("reset")
@click.argument("name")
def reset_staff(name: str) -> None:
    """End every session and the password of NAME, and print a link for a new one. Also lifts a lock."""
    from .staffing import reset

    with told():
        click.echo("\n".join(reset(name)))


@staff.command("remove")
@click.argument("name")
def remove_staff(name: str) -> None:
    """Remove the account of NAME. Whoever is signed in with it is out at the next click."""
    from .staffing import remove

    with told():
        click.echo("\n".join(remove(name)))


@main.group()
def optouts() -> None:
    """Who has opted out: a copy to keep, or to move to another server.

    Needs the store and its secret: REDIS_URL and HELPLINE_SECRET, or a `helpline run` in this folder.
    """


@optouts.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
def export(file: Path) -> None:
    """Write every opt-out to FILE: a contact id (a keyed hash) and a time a line, for the same HELPLINE_SECRET only."""
    from .local import found
    from .moving import export as write

    with told():
        click.echo(f"{write(found().settings, file)} decisions written to {file}.")


@optouts.command("import")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False, exists=True))
def import_(file: Path) -> None:
    """Merge FILE into the store. Of two decisions of one person the later one stands, so doing it twice does no harm."""
    from .local import found
    from .moving import take_over

    with told():
        click.echo(f"{take_over(found().settings, file)} decisions read from {file}; where the store had a later one, it stands.")


@main.command()
def key() -> None:
    """Print a new random key, for HELPLINE_KEYS or HELPLINE_SECRET."""
    from .local import new_key

    click.echo(new_key())


def _warn_ignored() -> None:
    """A misspelt setting would be ignored without a word. `serve` and `worker` say it in their logs."""
    for line in settings.ignored():
        click.secho(f"Warning: {line}", fg="yellow", err=True)


def _flows(given: Path | None) -> Path:
    return given or settings.read().flows


def _loaded(given: Path | None, live: bool = False) -> Loaded:
    from .content import load

    return load(_flows(given), live=live)


class CannotStart(click.ClickException):
    """How a part of `helpline run` tells it that starting it again is of no use."""

    exit_code = CANNOT_START


@contextmanager
def told(ended: type[click.ClickException] = click.ClickException) -> Iterator[None]:
    """What an operator or editor can mend is told in lines, with an exit status that is not 0, instead of a traceback."""
    try:
        yield
    except Problem as problem:
        for line in problem.details:
            click.echo(line, err=True)
        raise ended(str(problem)) from None
