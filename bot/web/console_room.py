"""What every route of the console is given: the app, and its times in words."""

from __future__ import annotations

from dataclasses import dataclass

from ..app import App
from .console_time import Times


@dataclass(frozen=True, slots=True)
class Room:
    app: App
    times: Times


def whole(value: str) -> int:
    """A number that a page sent, 0 for anything else."""
    return int(value) if value.isascii() and value.isdigit() and len(value) < 20 else 0
