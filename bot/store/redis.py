"""The store in Redis or Valkey: two round trips a message, a deadline on each, no retries behind our back."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, cast

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from . import keys, optout
from .contract import Health, Record, StoreDown, StoreRefused, WrongSecret
from .desk import Change
from .redis_desk import TICKET_LUA, RedisDesk, packed

DEADLINE = 0.4  # seconds to wait for one answer; a person waits at most two of these and two of the next
CONNECT_WITHIN = 0.3
_HERE = Path(__file__).parent
_COMMIT = TICKET_LUA + (_HERE / "commit.lua").read_text(encoding="utf-8")
_SETTLE = (_HERE / "settle.lua").read_text(encoding="utf-8")


def connect(url: str) -> redis.Redis:
    """A client that answers or fails within its deadlines: redis-py would retry ten times by default."""
    return redis.Redis.from_url(
        url, socket_timeout=DEADLINE, socket_connect_timeout=CONNECT_WITHIN, retry=Retry(NoBackoff(), 0), health_check_interval=0
    )


class RedisStore:
    def __init__(self, client: redis.Redis, clock: Callable[[], float] = time.time) -> None:
        self._client = client
        self._clock = clock
        self._commit = client.register_script(_COMMIT)
        self._settle = client.register_script(_SETTLE)
        self.desk = RedisDesk(client, clock)

    def load(self, contact: str) -> Record:
        names = (keys.session(contact), keys.optout(contact), keys.of(contact, keys.TICKET))
        blob, decided, ticket = self._ask(lambda: self._client.mget(*names))
        return Record(blob, optout.holds(decided), ticket)

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
            "" if opted_out is None else optout.pack(opted_out, self._clock()), optout.LIFTED_FOR,
            packed(change) if change else "",
        ]  # fmt: skip
        names = [keys.session(contact), keys.optout(contact), *keys.ticket_keys(contact, change.serial if change else "")]
        done = self._ask(lambda: self._commit(keys=names, args=args))
        return bool(done)

    def settle(self, contact: str, opted_out: bool, at: float) -> None:
        args: list[Any] = [optout.pack(opted_out, at), optout.LIFTED_FOR]
        self._ask(lambda: self._settle(keys=[keys.optout(contact)], args=args))

    def add(self, name: str, amount: int, life: int) -> int:
        def added() -> int:
            pipe = self._client.pipeline(transaction=False)
            pipe.set(keys.counter(name), 0, ex=life, nx=True)
            pipe.incrby(keys.counter(name), amount)
            return int(pipe.execute()[1])

        return cast(int, self._ask(added))

    def note(self, name: str, life: int) -> None:
        if life > 0:
            self._ask(lambda: self._client.set(keys.note(name), 1, ex=life))
        else:
            self._ask(lambda: self._client.delete(keys.note(name)))

    def noted(self, name: str) -> bool:
        return bool(self._ask(lambda: self._client.exists(keys.note(name))))

    def claim(self, fingerprint: str) -> None:
        self._ask(lambda: self._client.set(keys.FINGERPRINT, fingerprint, nx=True))
        bound = self._ask(lambda: self._client.get(keys.FINGERPRINT))
        if cast(bytes, bound).decode() != fingerprint:
            raise WrongSecret

    def ping(self) -> None:
        self._ask(self._client.ping)

    def health(self) -> Health:
        memory = self._ask(lambda: self._client.info("memory"))
        disk = self._ask(lambda: self._client.info("persistence"))
        policy, appends = memory.get("maxmemory_policy"), disk.get("aof_enabled")
        return Health(None if policy is None else policy != "noeviction", None if appends is None else bool(appends))

    def _ask(self, call: Callable[[], Any]) -> Any:
        """`call`, with every way in which a store can fail told as one of two."""
        try:
            return call()
        except (redis.ConnectionError, redis.TimeoutError) as error:
            raise StoreDown(type(error).__name__) from error
        except redis.RedisError as error:
            raise StoreRefused(type(error).__name__) from error
