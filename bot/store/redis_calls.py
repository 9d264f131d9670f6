"""How hand-offs talk to Redis or Valkey: scripts by name, a deadline on each call, every failure as StoreDown."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import redis

from .connect import DEADLINE
from .contract import StoreDown
from .deadline import within
from .lane import Script
from .scripts import script

Result = TypeVar("Result")
# What each needs before it.
_NEEDS = {
    "change": ("ticket",), "state": ("live_with",), "deliver": ("live_with",), "see_page": ("live_with",),
    "close_page": ("live_with",), "show": ("list",), "announce": ("list",), "release": (), "done": (), "due": (), "settle": (),
    "poll": (), "hold": (), "pace": (), "push": (),
}  # fmt: skip


class RedisCalls:
    """`client`'s deadlines hold (bot.store.connect)."""

    def __init__(self, client: redis.Redis, clock: Callable[[], float]) -> None:
        self._client = client
        self._clock = clock
        self._scripts = {name: Script(client, script(*needs, name)) for name, needs in _NEEDS.items()}

    def _run(self, name: str, names: list[str], args: list[Any]) -> Any:
        return self._ask(lambda: self._scripts[name](keys=names, args=args))

    def _ask(self, call: Callable[[], Result]) -> Any:
        with within(DEADLINE):
            return self._patiently(call)

    def _patiently(self, call: Callable[[], Result]) -> Any:
        """`call` without a deadline but the client's own: for what is meant to wait, or to look through everything."""
        try:
            return call()
        except redis.RedisError as error:
            raise StoreDown(type(error).__name__) from error
