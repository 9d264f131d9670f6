"""The store in Redis or Valkey: two round trips a message, a deadline on each, no retries behind our back."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar, cast

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from . import keys
from .contract import Record, StoreDown, WrongSecret
from .desk import Change
from .redis_desk import TICKET_LUA, RedisDesk, packed

DEADLINE = 0.5  # seconds for one call; Twilio waits 15, a person less
_COMMIT = TICKET_LUA + (Path(__file__).parent / "commit.lua").read_text(encoding="utf-8")
Result = TypeVar("Result")


def connect(url: str) -> redis.Redis:
    """A client that answers or fails within DEADLINE: redis-py would retry ten times by default."""
    return redis.Redis.from_url(
        url, socket_timeout=DEADLINE, socket_connect_timeout=DEADLINE, retry=Retry(NoBackoff(), 0), health_check_interval=0
    )


class RedisStore:
    def __init__(self, client: redis.Redis, clock: Callable[[], float] = time.time) -> None:
        self._client = client
        self._clock = clock
        self._commit = client.register_script(_COMMIT)
        self.desk = RedisDesk(client, clock)

    def load(self, contact: str) -> Record:
        names = (keys.session(contact), keys.optout(contact), keys.of(contact, keys.TICKET))
        blob, opted_out, ticket = self._ask(lambda: self._client.mget(*names))
        return Record(blob, opted_out is not None, ticket)

    def commit(
        self,
        contact: str,
        before: bytes | None,
        after: bytes | None,
        opted_out: bool | None,
        life: int,
        change: Change | None = None,
    ) -> bool:
        args: list[Any] = [
            0 if before is None else 1, before or b"", after or b"", life,
            "" if opted_out is None else int(opted_out), int(self._clock()),
            packed(change) if change else "",
        ]  # fmt: skip
        names = [keys.session(contact), keys.optout(contact), *keys.ticket_keys(contact, change.serial if change else "")]
        done = self._ask(lambda: self._commit(keys=names, args=args))
        return bool(done)

    def claim(self, fingerprint: str) -> None:
        self._ask(lambda: self._client.set(keys.FINGERPRINT, fingerprint, nx=True))
        bound = self._ask(lambda: self._client.get(keys.FINGERPRINT))
        if cast(bytes, bound).decode() != fingerprint:
            raise WrongSecret

    def ping(self) -> None:
        self._ask(self._client.ping)

    def _ask(self, call: Callable[[], Any]) -> Any:
        """`call`, with every way in which a store can fail told as one."""
        try:
            return call()
        except redis.RedisError as error:
            raise StoreDown(type(error).__name__) from error
