"""The store in Redis or Valkey: two round trips a message, a deadline on each, no retries behind our back."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import Any, cast

import redis

from . import keys, optout
from .connect import DEADLINE, keeper, primaries
from .contract import Health, NotReplicated, Record, StoreDown, StoreRefused, WrongSecret
from .deadline import left, within
from .desk import Change
from .lane import Caller, Lane, Script
from .redis_desk import RedisDesk, packed
from .scripts import script

WAIT_FOR = 0.2  # seconds for replicas to have an opt-out; beside the primary they need about a millisecond


class RedisStore:
    """`replicas`: how many of them must have an opt-out before it counts as kept (WAIT)."""

    def __init__(self, client: redis.Redis, clock: Callable[[], float] = time.time, replicas: int = 0) -> None:
        self.client = client
        self._replicas = replicas
        self._clock = clock
        self._caller: Caller = Lane(client.connection_pool) if isinstance(client, redis.Redis) else client
        self._commit = Script(self._caller, script("ticket", "commit"))
        self._settle = Script(self._caller, script("settle_optout"))
        self.desk = RedisDesk(client, clock)

    def load(self, contact: str) -> Record:
        names = (keys.session(contact), keys.optout(contact), keys.of(contact, keys.TICKET))
        blob, decided, ticket = self._ask(lambda: self._caller.execute_command("MGET", *names))
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
        names = [keys.session(contact), keys.optout(contact), *(keys.ticket_keys(contact, change.serial) if change else ())]

        def committed() -> bool:
            done = bool(self._commit(keys=names, args=args))
            if done and opted_out is not None and self._replicas:
                self._wait_for_replicas(keys.optout(contact))
            return done

        return bool(self._ask(committed))

    def settle(self, contact: str, opted_out: bool, at: float) -> None:
        args: list[Any] = [optout.pack(opted_out, at), optout.LIFTED_FOR]
        self._ask(lambda: self._settle(keys=[keys.optout(contact)], args=args))

    def add(self, name: str, amount: int, life: int) -> int:
        def added() -> int:
            pipe = self.client.pipeline(transaction=False)
            pipe.set(keys.counter(name), 0, ex=life, nx=True)
            pipe.incrby(keys.counter(name), amount)
            return int(pipe.execute()[1])

        return cast(int, self._ask(added))

    def note(self, lives: Mapping[str, int]) -> None:
        def noted() -> None:
            pipe = self.client.pipeline(transaction=False)
            for name, life in lives.items():
                if life > 0:
                    pipe.set(keys.note(name), 1, ex=life)
                else:
                    pipe.delete(keys.note(name))
            pipe.execute()

        self._ask(noted)

    def noted(self, name: str) -> bool:
        return bool(self._ask(lambda: self.client.exists(keys.note(name))))

    def claim(self, fingerprint: str) -> None:
        self._ask(lambda: self.client.set(keys.FINGERPRINT, fingerprint, nx=True))
        bound = self._ask(lambda: self.client.get(keys.FINGERPRINT))
        if cast(bytes, bound).decode() != fingerprint:
            raise WrongSecret

    def ping(self) -> None:
        self._ask(self.client.ping)

    def health(self) -> Health:
        try:
            each = self._ask(lambda: [one.info("memory") | one.info("persistence") for one in primaries(self.client)])
        except StoreRefused:  # an account that may not ask
            return Health()
        policies, appends = {one.get("maxmemory_policy") for one in each}, {one.get("aof_enabled") for one in each}
        return Health(None if None in policies else policies != {"noeviction"}, None if None in appends else appends == {1})

    def _wait_for_replicas(self, key: str) -> None:
        """Raises NotReplicated when too few replicas have in time what was written."""
        pipe = keeper(self.client, key).pipeline(transaction=False)
        pipe.exists(key)  # WAIT counts from the last command of its own connection, which may not be the one that wrote
        pipe.wait(self._replicas, max(1, int(1000 * 0.8 * (left(WAIT_FOR) or 0))))  # 0 would be for ever
        have = pipe.execute()[1]
        if have < self._replicas:
            raise NotReplicated(f"written, but only {have} of {self._replicas} replicas have it")

    def _ask(self, call: Callable[[], Any]) -> Any:
        """`call`, with every way in which a store can fail told as one of two."""
        try:
            with within(DEADLINE):
                return call()
        except (redis.ConnectionError, redis.TimeoutError, redis.exceptions.RedisClusterException) as error:
            raise StoreDown(type(error).__name__) from error
        except redis.RedisError as error:
            raise StoreRefused(type(error).__name__) from error
