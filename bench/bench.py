"""What every part of the benchmark is given, and one measured run of a server."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import redis

from bot.contacts import contact_id
from bot.content import Loaded
from bot.embedded import Server as Store
from bot.store import keys
from bot.store.blob import unpack

from . import scenario
from .figures import percentile
from .floor import ANSWER
from .load import Outcome, Plan
from .processes import Generator, Processes, Server

CONNECTIONS = 16  # enough that every worker always has a text waiting


@dataclass(frozen=True, slots=True)
class Sizes:
    """How much is measured. pairs: of runs, interleaved. conversations: of four texts, in one run. stored: by Growth."""

    pairs: int = 21  # many short ones: what else the machine does then falls on both sides alike
    conversations: int = 120
    seconds_at_rate: int = 10
    stored: int = 1_000_000
    growth_pairs: int = 15
    starts: int = 5
    copies: int = 9  # of every flow, beside the flow itself


FULL = Sizes()
QUICK = Sizes(pairs=9, conversations=60, seconds_at_rate=5, stored=100_000, growth_pairs=5, starts=2)


@dataclass(frozen=True, slots=True)
class Sample:
    """One run against one server. Times in milliseconds, rates a second, processor times in microseconds a message."""

    outcome: Outcome
    rate: float
    p50: float
    p99: float
    cpu: float
    store_cpu: float
    generator_cpu: float
    round_trips: float


@dataclass(frozen=True, slots=True)
class Bench:
    processes: Processes
    generator: Generator
    loaded: Loaded
    sizes: Sizes
    _contacts: Iterator[int] = field(default_factory=lambda: itertools.count(1, 100_000))

    def plan(self, server: Server, conversations: int, rate: float = 0.0, ours: bool = True) -> Plan:
        """New contacts who each have a conversation with `server`."""
        words = scenario.expected(self.loaded) if ours else [[ANSWER] * scenario.TURNS]
        return Plan(server.port, CONNECTIONS, next(self._contacts), conversations, words, rate)

    def warm_up(self, server: Server, ours: bool = True) -> None:
        self.generator.run(self.plan(server, self.sizes.conversations, ours=ours))

    def measured(self, server: Server, store: Store, plan: Plan) -> Sample:
        """Carry out `plan`, and what it cost the server and the store."""
        with client(store) as raw:
            before, cpu = stats(raw), server.cpu()
            outcome = self.generator.run(plan)
            cpu, after = server.cpu() - cpu, stats(raw)
        count = plan.conversations * scenario.TURNS
        return Sample(
            outcome,
            rate=outcome.answered / outcome.seconds,
            p50=percentile(outcome.latencies, 0.5),
            p99=percentile(outcome.latencies, 0.99),
            cpu=cpu / count * 1e6,
            store_cpu=(after.cpu - before.cpu) / count * 1e6,
            generator_cpu=outcome.cost / count * 1e6,
            round_trips=(after.reads - before.reads - 1) / count,  # one read of them was our own question
        )

    def not_counted_once(self, store: Store, plan: Plan) -> int:
        """How many conversations of `plan` the store does not hold with exactly its four messages, each once."""
        contacts = [contact_id(scenario.SECRET.encode(), "sms", scenario.number(n)) for n in _numbers(plan)]
        with client(store) as raw:
            pipe = raw.pipeline(transaction=False)
            for contact in contacts:
                pipe.get(keys.session(contact))
            sessions = map(unpack, pipe.execute())
            return sum(s is None or len({d for d, _ in s.recent}) != scenario.TURNS for s in sessions)


def _numbers(plan: Plan) -> range:
    return range(plan.first, plan.first + plan.conversations)


@dataclass(frozen=True, slots=True)
class Stats:
    """Of a store: requests read from its clients (a script or pipeline is one), processor seconds, bytes used."""

    reads: int
    cpu: float
    used: int


def stats(raw: redis.Redis) -> Stats:
    info = raw.info("everything")
    assert isinstance(info, dict)
    return Stats(
        int(info["total_reads_processed"]), float(info["used_cpu_user"]) + float(info["used_cpu_sys"]), int(info["used_memory"])
    )


@contextmanager
def client(store: Store) -> Iterator[redis.Redis]:
    """A client of our own, connected before anything is counted."""
    raw = redis.Redis.from_url(store.url)
    raw.ping()
    try:
        yield raw
    finally:
        raw.close()
