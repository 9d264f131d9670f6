"""The store in Redis or Valkey: two round trips a message, a deadline on each, no retries behind our back."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, cast

import redis

from . import keys
from .connect import DEADLINE, keeper
from .contract import NotReplicated, Record, StoreDown, WrongSecret
from .deadline import within

_COMMIT = (Path(__file__).parent / "commit.lua").read_text(encoding="utf-8")
WAIT_MS = 200  # for replicas to have an opt-out; beside the primary they need about one


class RedisStore:
    """`replicas`: how many of them must have an opt-out before it counts as kept (WAIT)."""

    def __init__(self, client: redis.Redis, clock: Callable[[], float] = time.time, replicas: int = 0) -> None:
        self._client = client
        self._replicas = replicas
        self._clock = clock
        self._commit = client.register_script(_COMMIT)

    def load(self, contact: str) -> Record:
        blob, opted_out = self._ask(lambda: self._client.mget(keys.session(contact), keys.optout(contact)))
        return Record(blob, opted_out is not None)

    def commit(self, contact: str, before: bytes | None, after: bytes | None, opted_out: bool | None, life: int) -> bool:
        args: list[Any] = [
            0 if before is None else 1, before or b"", after or b"", life,
            "" if opted_out is None else int(opted_out), int(self._clock()),
        ]  # fmt: skip
        done = self._ask(lambda: self._commit(keys=[keys.session(contact), keys.optout(contact)], args=args))
        if done and opted_out is not None and self._replicas:
            self._ask(lambda: self._wait_for_replicas(keys.optout(contact)))
        return bool(done)

    def claim(self, fingerprint: str) -> None:
        self._ask(lambda: self._client.set(keys.FINGERPRINT, fingerprint, nx=True))
        bound = self._ask(lambda: self._client.get(keys.FINGERPRINT))
        if cast(bytes, bound).decode() != fingerprint:
            raise WrongSecret

    def ping(self) -> None:
        self._ask(self._client.ping)

    def _wait_for_replicas(self, key: str) -> None:
        """Raises NotReplicated when too few replicas have in time what was written."""
        pipe = keeper(self._client, key).pipeline(transaction=False)
        pipe.exists(key)  # WAIT counts from the last command of its own connection, which may not be the one that wrote
        pipe.wait(self._replicas, WAIT_MS)
        have = pipe.execute()[1]
        if have < self._replicas:
            raise NotReplicated(f"{have} of {self._replicas} replicas")

    def _ask(self, call: Callable[[], Any]) -> Any:
        """`call`, with every way in which a store can fail told as one."""
        try:
            with within(DEADLINE):
                return call()
        except (redis.RedisError, redis.exceptions.RedisClusterException) as error:
            raise StoreDown(type(error).__name__) from error
