"""Where Flask-Limiter counts: in our own store, by our own client, whatever REDIS_URL names. Raises StoreDown like all of it."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from limits.storage import Storage

from ..store import StoreDown, keys


class Counts(Storage):
    """Counts with an end, under hashed names. `ask` makes a call with the store's client."""

    STORAGE_SCHEME = ["helpline"]  # noqa: RUF012 - as the registry of the library wants it

    def __init__(
        self, uri: str | None = None, wrap_exceptions: bool = False, *, ask: Callable[[Callable[[Any], Any]], Any]
    ) -> None:
        super().__init__(uri, wrap_exceptions)
        self._ask = ask

    @property
    def base_exceptions(self) -> type[Exception]:
        return StoreDown

    def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        name = keys.staff_limit(key)
        count = int(self._ask(lambda client: client.incrby(name, amount)))
        if count == amount or int(self._ask(lambda client: client.ttl(name))) < 0:  # left without an end by a process that died
            self._ask(lambda client: client.expire(name, expiry))
        return count

    def get(self, key: str) -> int:
        return int(self._ask(lambda client: client.get(keys.staff_limit(key))) or 0)

    def get_expiry(self, key: str) -> float:
        return time.time() + max(0, int(self._ask(lambda client: client.ttl(keys.staff_limit(key)))))

    def check(self) -> bool:
        try:
            return bool(self._ask(lambda client: client.ping()))
        except StoreDown:
            return False

    def reset(self) -> int | None:
        """Nothing: no key is looked for by a pattern."""
        return None

    def clear(self, key: str) -> None:
        self._ask(lambda client: client.delete(keys.staff_limit(key)))
