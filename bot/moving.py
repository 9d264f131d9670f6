"""`helpline optouts`: opt-outs from the store to a file, and back."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import redis

from .contacts import fingerprint
from .problem import Problem
from .settings import SHORTEST_SECRET, Settings
from .store import StoreDown, optouts
from .store.connect import connect
from .store.redis import RedisStore
from .store.spool import Spool, SpoolBroken

STEP = 10.0  # seconds for one answer; nobody waits here who texts


def export(settings: Settings, path: Path) -> int:
    """Write every decision to `path`, also those that still wait in this machine's spool. How many."""
    with _opened(settings) as (client, mark):
        try:
            Spool(settings.spool).settle(RedisStore(client))
        except SpoolBroken as error:
            raise Problem(f"{settings.spool} cannot be read ({error}): opt-outs that wait there would be missing.") from None
        return optouts.export(client, mark, path)


def take_over(settings: Settings, path: Path) -> int:
    """Merge `path` into the store. How many decisions it holds."""
    with _opened(settings) as (client, mark):
        return optouts.take_over(RedisStore(client), mark, path, time.time())


@contextmanager
def _opened(settings: Settings) -> Iterator[tuple[redis.Redis, str]]:
    """The store, which is of this secret, and the secret's fingerprint."""
    secret = settings.helpline_secret.get_secret_value()
    if len(secret) < SHORTEST_SECRET:
        raise Problem("Set HELPLINE_SECRET, as for `helpline serve`: contact ids are of use with their secret only.")
    mark = fingerprint(secret.encode())
    client = connect(settings.redis_url, STEP)
    try:
        RedisStore(client).claim(mark)
        yield client, mark
    except (StoreDown, redis.RedisError, redis.exceptions.RedisClusterException) as error:
        raise Problem(
            f"The store did not answer ({type(error).__name__}). It may be done again: nothing is counted twice."
        ) from None
    finally:
        client.close()
