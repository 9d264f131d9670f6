"""Counts what a server reads from its clients: the round trips of a piece of work."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import redis


@contextmanager
def no_strangers() -> Iterator[None]:
    """Nothing is cleared away meanwhile: a client of an earlier test that is closed is a read too."""
    gc.collect()
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def trips(raw: redis.Redis, work: Callable[[], object]) -> int:
    """Round trips of `work` to the server of `raw`, which asks before and after."""
    with no_strangers():
        before = int(raw.info("stats")["total_reads_processed"])
        work()
        return int(raw.info("stats")["total_reads_processed"]) - before - 1  # one is our own question
