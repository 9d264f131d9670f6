"""Who has called a number, written back into numbers.yaml without touching anything else in it."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

from ..problem import Problem

_CALLED = re.compile(r"^\s+called_(?:on|by):")


def verify(folder: Path, name: str, by: str, on: date) -> None:
    """Note that `by` has called the number `name` on the day `on`. Raises Problem when there is no such number."""
    path = folder / "numbers.yaml"
    lines = path.read_text(encoding="utf-8").split("\n")
    start = next((i for i, line in enumerate(lines) if re.match(rf"{re.escape(name)}\s*:", line)), None)
    if start is None:
        raise Problem(f"There is no number '{name}' in {path}. `helpline numbers list` names them.")
    end = next((i for i in range(start + 1, len(lines)) if not lines[i].startswith((" ", "\t"))), len(lines))
    block = [line for line in lines[start:end] if not _CALLED.match(line)]
    quoted = by.replace("\\", "").replace('"', "'")
    block += [f"  called_on: {on.isoformat()}", f'  called_by: "{quoted}"']
    path.write_text("\n".join(lines[:start] + block + lines[end:]), encoding="utf-8")
