"""A server process that has started is soon ready for everything, and no start waits for that."""

from __future__ import annotations

from bot.content import load
from bot.store.memory import MemoryStore
from bot.warming import warm
from tests.conftest import FLOWS
from tests.phone import Clock, make_app
from tests.servers import eventually


def test_the_second_readers_network_is_opened_in_the_background(clock: Clock) -> None:
    loaded = load(FLOWS, live=True)
    network = loaded.content.recogniser.network.hear
    assert network._session is None  # type: ignore[attr-defined]  # not by the load
    warm(make_app(loaded, MemoryStore(clock), clock))
    assert eventually(lambda: network._session is not None)  # type: ignore[attr-defined]
