"""The Lua scripts by name, as they are sent to the server."""

from __future__ import annotations

from functools import cache
from pathlib import Path

_FOLDER = Path(__file__).parent / "lua"


@cache
def script(*names: str) -> str:
    """The files `names` of bot/store/lua, one after the other: what the last one uses stands before it. Raises OSError."""
    return "\n".join((_FOLDER / f"{name}.lua").read_text(encoding="utf-8") for name in names)
