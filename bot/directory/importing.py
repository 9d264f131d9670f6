"""From a file to the loaded directory: every row read once, what cannot be used counted by reason, nothing half done."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path

from ..core.places import Place
from .columns import Columns, looks_like_header, recognise
from .contract import Directory, DirectoryBroken, Status
from .files import DELIMITERS, Progress, Row, Unreadable, rows
from .rows import BadRow, place_of

HEADER_WITHIN = 10  # rows; some exports begin with a title
MOST_PLACES = 500_000  # the whole country has some 15,000; more is another kind of file
WORST = 0.5  # share of rows that cannot be used above which the file is taken for another kind

NOTES = {
    "zero": "lost leading zeros of their ZIP code, which were restored",
    "placed": "have no coordinates and were placed in the middle of their ZIP code",
    "no phone": "have no phone number: people are shown the street instead",
    "twice": "stand in the file twice",
}


@dataclass(slots=True)
class Report:
    """What became of the rows. `bad` is called with the line and the reason of each that was left out."""

    bad: Callable[[int, str], None]
    left_out: int = 0
    read: int = 0
    notes: Counter[str] = field(default_factory=Counter)
    taken_for: str = ""
    tells_services: bool = True


@dataclass(frozen=True, slots=True)
class Options:
    """How to read the file. `columns`: field -> column name. `everywhere`: services that all its places offer."""

    kind: str = ""
    columns: Mapping[str, str] = field(default_factory=dict)
    everywhere: Sequence[str] = ()


def load(
    directory: Directory, path: Path, as_of: date, options: Options, report: Report, progress: Progress, now: float
) -> Status:
    """Load `path` into `directory` instead of what is there. Raises Problem; then nothing has changed."""
    if as_of > datetime.fromtimestamp(now, UTC).date():
        raise DirectoryBroken(f"--as-of {as_of} lies in the future. Give the day on which the data were made.")
    status = directory.replace(places(path, options, report, progress), as_of.isoformat(), path.name, now)
    report.notes["twice"] = report.read - report.left_out - status.count
    return status


def places(path: Path, options: Options, report: Report, progress: Progress) -> Iterator[Place]:
    """The places of `path`, one after the other. Raises Problem, at its end also when too few rows could be used."""
    remaining = rows(path, options.kind, progress)
    columns = _header(path, remaining, options)
    report.taken_for, report.tells_services = columns.taken_for, columns.tells_services
    for line, cells in remaining:
        if not any(cell.strip() for cell in cells):
            continue
        report.read += 1
        if report.read > MOST_PLACES:
            raise DirectoryBroken(f"The file has more than {MOST_PLACES:,} rows. Nothing was changed.")
        try:
            if _swallowed(cells):
                raise BadRow("a quotation mark in it is not closed, so that the rows behind it were taken for part of it")
            place, notes = place_of(cells, columns)
        except BadRow as reason:
            report.left_out += 1
            report.bad(line, str(reason))
            continue
        report.notes.update(notes)
        yield place
    if not report.read:
        raise DirectoryBroken(f"{path.name} names columns and no place. Nothing was changed.")
    if report.left_out > WORST * report.read:
        raise DirectoryBroken(
            f"{report.left_out} of {report.read} rows cannot be used: is it the right file? Nothing was changed."
        )


def _swallowed(cells: Sequence[str]) -> bool:
    """Whether one of `cells` holds a whole further row."""
    inside = (line for cell in cells if "\n" in cell for line in cell.split("\n")[1:])
    return any(line.count(sign) >= len(cells) - 1 > 0 for line in inside for sign in DELIMITERS)


def _header(path: Path, remaining: Iterator[Row], options: Options) -> Columns:
    """The columns, from the first row that names some; with --column from the first row that holds those names."""
    first: list[str] | None = None
    wanted = {name.strip().lower() for name in options.columns.values()}
    for seen, (_, cells) in enumerate(remaining, start=1):
        first = first or (cells if any(cells) else None)
        named = {cell.strip().lower() for cell in cells}
        if looks_like_header(cells) or (wanted and wanted <= named):
            return recognise(cells, options.columns, options.everywhere)
        if seen == HEADER_WITHIN:
            break
    if first is None:
        raise Unreadable(f"{path.name} holds no rows.")
    return recognise(first, options.columns, options.everywhere)  # names what was found and what is missing
