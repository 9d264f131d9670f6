"""A store that holds very many idle conversations, beside one that holds a thousand."""

from __future__ import annotations

import base64
import hashlib
import socket
import time
from collections.abc import Iterable, Iterator

from bot.contacts import contact_id
from bot.embedded import Server as Store
from bot.store import keys

from . import scenario
from .bench import Bench, client, stats
from .figures import Figure, figure, ratios
from .processes import Server

PART = "growth"
FEW = 1_000
PIPELINED = 5_000  # commands in one send
DAY = 86_400


def run(bench: Bench) -> list[Figure]:
    many = bench.sizes.stored
    start = bench.processes
    with (
        start.store("few") as small,
        start.store("many") as large,
        start.helpline(small, "helpline-few") as at_few,
        start.helpline(large, "helpline-many") as at_many,
    ):
        blob = four_texts(bench, at_few, small)
        filled(small, blob, FEW)
        used, took = filled(large, blob, many)
        bench.warm_up(at_few)
        bench.warm_up(at_many)
        _quiet(large)
        few, lots = _runs(bench, (at_few, small), (at_many, large))
    return [
        figure(PART, f"throughput with {many:,} conversations stored, against {FEW:,}", ratios(lots, few), wanted="1.0"),
        figure(PART, f"noise: {FEW:,} stored, against its own next run", ratios(few[1:], few[:-1]) or [1.0]),
        figure(PART, f"bytes of an idle conversation, key and all, among {many:,}", [used / many], "B", wanted="400 or less"),
        figure(PART, f"writing {many:,} conversations by pipeline", [took], "s"),
    ]


def _runs(bench: Bench, one: tuple[Server, Store], other: tuple[Server, Store]) -> tuple[list[float], list[float]]:
    rates: dict[str, list[float]] = {one[0].name: [], other[0].name: []}
    for pair in range(bench.sizes.growth_pairs):
        for server, store in (one, other) if pair % 2 == 0 else (other, one):
            rates[server.name].append(bench.measured(server, store, bench.plan(server, bench.sizes.conversations)).rate)
    return rates[one[0].name], rates[other[0].name]


def four_texts(bench: Bench, server: Server, store: Store) -> bytes:
    """The stored bytes of a conversation of four texts."""
    plan = bench.plan(server, 1)
    bench.generator.run(plan)
    with client(store) as raw:
        blob = raw.get(keys.session(contact_id(scenario.SECRET.encode(), "sms", scenario.number(plan.first))))
    assert isinstance(blob, bytes)
    return blob


def filled(store: Store, blob: bytes, count: int) -> tuple[int, float]:
    """Store `count` conversations of contacts that do not exist; the bytes that they take, and the seconds."""
    with client(store) as raw:
        before, began = stats(raw).used, time.perf_counter()
        _send(store.socket, (_set(keys.session(_contact(n)), blob) for n in range(count)))
        took = time.perf_counter() - began
        return stats(raw).used - before, took


def _contact(number: int) -> str:
    return base64.b32encode(hashlib.blake2b(number.to_bytes(8, "big"), digest_size=16).digest()).decode().rstrip("=").lower()


def _set(key: str, value: bytes) -> bytes:
    """SET key value EX DAY, as the store reads it: redis-py would take ten times as long for each."""
    return b"*5\r\n$3\r\nSET\r\n$%d\r\n%b\r\n$%d\r\n%b\r\n$2\r\nEX\r\n$5\r\n%d\r\n" % (
        len(key),
        key.encode(),
        len(value),
        value,
        DAY,
    )


def _send(path: str, commands: Iterable[bytes]) -> None:
    with socket.socket(socket.AF_UNIX) as line:
        line.connect(path)
        for block in _blocks(commands):
            line.sendall(b"".join(block))
            owed = len(block) * len(b"+OK\r\n")
            while owed > 0:
                owed -= len(line.recv(65536))


def _blocks(commands: Iterable[bytes]) -> Iterator[list[bytes]]:
    block: list[bytes] = []
    for command in commands:
        block.append(command)
        if len(block) == PIPELINED:
            yield block
            block = []
    if block:
        yield block


def _quiet(store: Store, within: float = 60.0) -> None:
    """Wait until the store has rewritten its log, which writing so much has set off."""
    until = time.monotonic() + within
    with client(store) as raw:
        while time.monotonic() < until:
            info = raw.info("persistence")
            assert isinstance(info, dict)
            if not info["aof_rewrite_in_progress"] and not info.get("aof_rewrite_scheduled"):
                return
            time.sleep(0.1)
