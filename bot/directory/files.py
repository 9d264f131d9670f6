"""Rows of a CSV, TSV or XLSX file, one after the other, never the whole file in memory (an XLSX's table of strings apart)."""

from __future__ import annotations

import codecs
import csv
import io
import zipfile
import zlib
from collections.abc import Callable, Iterator
from datetime import date, datetime
from itertools import islice
from pathlib import Path
from xml.etree.ElementTree import ParseError

from ..problem import Problem

FORMATS = ("csv", "tsv", "xlsx")
Row = tuple[int, list[str]]  # the line it begins on, from 1, and its cells
CHUNK = 1 << 16
DELIMITERS = ",\t;|"
FIRST_LINES = 10  # the header is among them
LONGEST_FIELD = 1 << 17  # characters; more is a quote that was never closed
Progress = Callable[[int], None]


class Unreadable(Problem):
    """A file that is not what it is said to be."""


def rows(path: Path, kind: str, progress: Progress) -> Iterator[Row]:
    """The rows of `path`. `kind`: one of FORMATS, or "" to tell by the file. `progress` is told how far we are, in `size`'s unit.

    Raises Unreadable.
    """
    kind = kind or _kind(path)
    return _sheet(path, progress) if kind == "xlsx" else _lines(path, kind, progress)


def size(path: Path) -> int:
    return path.stat().st_size


def _kind(path: Path) -> str:
    with path.open("rb") as file:
        start = file.read(8)
    if start.startswith(b"PK"):
        return "xlsx"
    if start.startswith(b"\xd0\xcf\x11\xe0"):
        raise Unreadable(f"{path.name} is an old Excel file (.xls). Save it as .xlsx or .csv.")
    return "tsv" if path.suffix.lower() in (".tsv", ".tab") else "csv"


def _lines(path: Path, kind: str, progress: Progress) -> Iterator[Row]:
    encoding = _encoding(path)
    csv.field_size_limit(LONGEST_FIELD)
    with path.open("rb") as raw, io.TextIOWrapper(raw, encoding, errors="replace", newline="") as text:
        start = "".join(islice(text, FIRST_LINES))
        text.seek(0)
        reader = csv.reader(_told(text, progress), delimiter=_delimiter(start, kind))
        try:
            begins = 1
            for cells in reader:
                yield begins, cells
                begins = reader.line_num + 1
        except csv.Error as error:
            raise Unreadable(f"{path.name}, line {reader.line_num}: {error}.") from None


def _told(text: io.TextIOWrapper, progress: Progress) -> Iterator[str]:
    at = 0
    for line in text:
        at += len(line)
        progress(at)
        yield line.replace("\0", "")


def _encoding(path: Path) -> str:
    """UTF-8 if all of it is, else what Windows writes."""
    with path.open("rb") as file:
        start = file.read(4)
        if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            return "utf-16"
        file.seek(0)
        decoder = codecs.getincrementaldecoder("utf-8")()
        try:
            while chunk := file.read(CHUNK):
                decoder.decode(chunk)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return "cp1252"
    return "utf-8-sig"


def _delimiter(start: str, kind: str) -> str:
    """The sign that stands most often in one of the first lines, which may be a title; a tab in a TSV file."""
    if kind == "tsv" and "\t" in start:
        return "\t"
    return max(DELIMITERS, key=lambda sign: max((line.count(sign) for line in start.splitlines()), default=0))


def _sheet(path: Path, progress: Progress) -> Iterator[Row]:
    try:
        yield from _cells(path, progress)
    except (zipfile.BadZipFile, zlib.error, ParseError, LookupError, ValueError, OSError) as error:
        raise Unreadable(f"{path.name} is not an Excel file that can be read ({type(error).__name__}).") from None


def _cells(path: Path, progress: Progress) -> Iterator[Row]:
    import openpyxl  # a third of a second that only this needs

    with path.open("rb") as file:  # not its name, which may end otherwise
        book = openpyxl.load_workbook(file, read_only=True, data_only=True)
        sheet = book.worksheets[0]
        whole, last = size(path), sheet.max_row or 1
        for number, cells in enumerate(sheet.iter_rows(values_only=True), start=1):
            progress(min(whole, whole * number // last))
            yield number, [_cell(cell) for cell in cells]


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, (datetime, date)):
        return value.isoformat()
    return str(value)
