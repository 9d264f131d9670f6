"""What was measured, as lines of a table for people and as data for programs."""

from __future__ import annotations

import os
import platform
import subprocess
from collections.abc import Sequence
from dataclasses import asdict
from importlib.metadata import version
from pathlib import Path

from bot import __version__
from bot.embedded import binary

from .figures import Figure

PARTS_OF_US = "flask granian redis hiredis transitions twilio werkzeug".split()


def machine() -> dict[str, object]:
    """Where it was measured. `load`: of the last minute, before the benchmark adds its own."""
    return {
        "cores": os.cpu_count(),
        "processor": _processor(),
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
        "helpline": __version__,
        "store": _store(),
        **{name: version(name) for name in PARTS_OF_US},
        "load": round(os.getloadavg()[0], 2),
    }


def _processor() -> str:
    path = Path("/proc/cpuinfo")
    lines = path.read_text().splitlines() if path.exists() else []
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), platform.processor())


def _store() -> str:
    said = subprocess.run([binary(), "--version"], capture_output=True, text=True, check=False).stdout.split()
    return " ".join([said[0], *(word for word in said if word.startswith("v="))]) if said else "unknown"


def table(figures: Sequence[Figure]) -> list[str]:
    """Markdown, so that docs/scaling.md can hold it as it is."""
    rows = ["| part | figure | median | middle half | from .. to | runs | wanted |", "|---|---|---:|---:|---:|---:|---|"]
    return rows + [row(figure) for figure in figures]


def row(one: Figure) -> str:
    unit = f" {one.unit}" if one.unit else ""
    middle, whole = between(one.lower, one.upper), between(one.low, one.high)
    return f"| {one.part} | {one.name} | {shown(one.value)}{unit} | {middle} | {whole} | {one.samples} | {one.wanted} |"


def between(one: float | None, other: float | None) -> str:
    return f"{shown(one)} .. {shown(other)}" if one is not None and other is not None else ""


def shown(value: float) -> str:
    """Three digits that count, and no more."""
    if value == int(value) and abs(value) < 1000:
        return str(int(value))
    if abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}" if abs(value) >= 10 else f"{value:.2f}"


def data(figures: Sequence[Figure], about: dict[str, object]) -> dict[str, object]:
    return {"machine": about, "figures": [asdict(figure) for figure in figures]}


BEGIN, END = "<!-- make bench: begin -->", "<!-- make bench: end -->"


def written(path: Path, lines: Sequence[str]) -> None:
    """Put `lines` between the marks in the file `path`. Raises ValueError where it holds none."""
    text = path.read_text(encoding="utf-8")
    before, begin, rest = text.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise ValueError(f"{path} holds no {BEGIN} and {END}")
    path.write_text(before + "\n".join([begin, *lines, end]) + after, encoding="utf-8")
