"""The options of `helpline directory`; what it does stands in bot/directory_command.py."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click

from .core.places import SERVICES

ALSO_CALLED = {
    "suboxone": "buprenorphine", "bupe": "buprenorphine", "residential": "livein", "inpatient": "livein", "rehab": "livein",
    "free": "lowcost", "freeorlowcost": "lowcost", "otp": "methadone", "detoxification": "detox", "all": "any",
}  # fmt: skip


class Kind(click.ParamType[str]):
    """One of SERVICES, also by its digit or another name ("live-in", "suboxone", "6")."""

    name = "kind"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        plain = "".join(c for c in value.lower() if c.isalnum())
        found = ALSO_CALLED.get(plain, plain)
        if found.isdigit() and 1 <= int(found) <= len(SERVICES):
            return SERVICES[int(found) - 1]
        if found not in SERVICES:
            self.fail(f"'{value}' is none of: {', '.join(SERVICES)}.", param, ctx)
        return found


@click.group()
def directory() -> None:
    """The list of places that people are sent to when they text a ZIP code.

    Needs the store: REDIS_URL, or a `helpline run` in this folder.
    """


@directory.command("import")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option(
    "--as-of", required=True, type=click.DateTime(["%Y-%m-%d"]), help="The day of the data, YYYY-MM-DD. People are told."
)
@click.option("--format", "kind", type=click.Choice(["csv", "tsv", "xlsx"]), default=None, help="Default: told by the file.")
@click.option(
    "--column", "columns", multiple=True, metavar="FIELD=COLUMN", help="Which column is what, where that cannot be told."
)
@click.option("--offers", multiple=True, type=Kind(), help="A kind of help that every place in FILE offers.")
@click.option("--problems", type=click.Path(path_type=Path, dir_okay=False), default=None, help="Write every row left out there.")
def import_(
    file: Path, as_of: datetime, kind: str | None, columns: tuple[str, ...], offers: tuple[str, ...], problems: Path | None
) -> None:
    """Load FILE (CSV, TSV or XLSX) instead of what is loaded.

    People see the old list until the new one is complete. When anything fails, nothing has changed.
    """
    from .cli import told
    from .directory_command import import_file, options

    with told():
        import_file(file, as_of.date(), options(kind or "", columns, [o for o in offers if o != SERVICES[0]]), problems)


@directory.command()
def status() -> None:
    """What is loaded, how old it is, and how many places offer what."""
    from .cli import told
    from .directory_command import status as show

    with told():
        show()


@directory.command()
@click.argument("zip_code", metavar="ZIP")
@click.option("--service", type=Kind(), default=SERVICES[0], help=f"One of: {', '.join(SERVICES)}.")
@click.option("--offset", type=click.IntRange(0, 27), default=0, help="How many nearer ones to pass over, as MORE does.")
@click.option("--json", "as_json", is_flag=True, help="As a list of {name, phone, miles, town, as_of}.")
def find(zip_code: str, service: str, offset: int, as_json: bool) -> None:
    """What a person near ZIP would get."""
    from .cli import told
    from .directory_command import find as show

    with told():
        show(zip_code, service, offset, as_json)


@directory.command()
def drop() -> None:
    """Unload the list. People then get the helpline and findtreatment.gov."""
    from .cli import told
    from .directory_command import drop as unload

    with told():
        unload()
