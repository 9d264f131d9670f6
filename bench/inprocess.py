"""Without HTTP: inbound.receive on the Redis store beside a loop that does one bare GET and one bare SET."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from contextlib import redirect_stderr
from pathlib import Path

import redis
from pydantic import SecretStr

from bot.app import App
from bot.content import Loaded
from bot.core.messages import Message
from bot.inbound import receive
from bot.log import configure
from bot.settings import Settings
from bot.store import Store
from bot.store.breaker import GuardedStore
from bot.store.connect import connect
from bot.store.memory import MemoryStore
from bot.store.redis import RedisStore

from . import scenario
from .bench import Bench
from .figures import Figure, figure, ratios

PART = "in process"
FINER = 5  # times as many pairs of runs, each so much shorter: without a server nothing has to get going


def run(bench: Bench) -> list[Figure]:
    configure()
    ours: list[float] = []
    bare: list[float] = []
    pure: list[float] = []
    with bench.processes.store() as store, Path(os.devnull).open("w") as nowhere, redirect_stderr(nowhere):
        app = make_app(bench.loaded, GuardedStore(RedisStore(connect(store.url)), lambda: None))
        alone = make_app(bench.loaded, MemoryStore(time.time))
        client = redis.Redis.from_url(store.url)

        def get_and_set(contact: int, turn: int, text: str) -> None:
            client.get(f"bare:{contact}")
            client.set(f"bare:{contact}", text)

        short = max(1, bench.sizes.conversations // FINER)
        for pair in range(-FINER, bench.sizes.pairs * FINER):  # the first few are the warm-up
            first = (pair + FINER + 1) * 100_000
            measured = [messages_a_second(work, first, short) for work in (talk(app), get_and_set, talk(alone))]
            if pair >= 0:
                for kept, rate in zip((ours, bare, pure), measured, strict=True):
                    kept.append(rate)
    return [
        figure(PART, "ratio to a loop of one GET and one SET", ratios(ours, bare), wanted="0.6 or more"),
        figure(PART, "messages a second, one process", ours, "/s"),
        figure(PART, "GET and SET loops a second", bare, "/s"),
        figure(PART, "time of a message without any store", [1e6 / rate for rate in pure], "us"),
    ]


Work = Callable[[int, int, str], None]


def messages_a_second(work: Work, first: int, conversations: int) -> float:
    began = time.perf_counter()
    for contact in range(first, first + conversations):
        for turn, text in enumerate(scenario.texts(contact)):
            work(contact, turn, text)
    return conversations * scenario.TURNS / (time.perf_counter() - began)


def talk(app: App) -> Work:
    def work(contact: int, turn: int, text: str) -> None:
        receive(app, Message(f"contact{contact:019}", text, f"SM{contact:024x}{turn:08x}"))

    return work


def make_app(loaded: Loaded, store: Store) -> App:
    settings = Settings(helpline_secret=SecretStr(scenario.SECRET), twilio_auth_token=[SecretStr(scenario.TOKEN)])
    return App(settings, loaded, store, live=True)
