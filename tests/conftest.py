"""Real parts: a server that the project embeds, the app's own front door, signed forms."""

from __future__ import annotations

import gc
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import redis

from bot.app import App
from bot.content import Loaded, load
from bot.embedded import Server
from bot.log import configure
from bot.store import Store
from bot.store.connect import connect
from bot.store.memory import MemoryStore
from bot.store.redis import RedisStore
from bot.zips import look_up
from tests.phone import Clock, Phone, make_app

# Looking through what is no garbage took a third of the time, and a look of half a second at once costs a text its store.
gc.set_threshold(20_000, 5, 50)

FLOWS = Path(__file__).parent.parent / "flows"
SLOWEST = ("browser", "run", "handoff")  # folders of tests that wait for pages and processes


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--update", action="store_true", help="rewrite the transcripts with what is answered now; the diff is the review"
    )


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The files that take longest first: begun last, one of them would be waited for alone."""
    items.sort(key=lambda item: SLOWEST.index(item.path.parent.name) if item.path.parent.name in SLOWEST else len(SLOWEST))


def pytest_collection_finish() -> None:
    """The tests themselves are no garbage."""
    gc.freeze()


@pytest.fixture(autouse=True)
def logs(capsys: pytest.CaptureFixture[str]) -> Callable[[], str]:
    """All that was logged since the last look, as written."""
    configure()
    return lambda: capsys.readouterr().err


@pytest.fixture(scope="session", autouse=True)
def warm_zips() -> None:
    """As a web process does at its start: the first look-up reads the data, which takes long on a busy machine."""
    look_up("02139")


@pytest.fixture(scope="session")
def loaded() -> Loaded:
    """The words as production sends them."""
    found = load(FLOWS, live=True)
    found.content.recogniser.prepare()
    gc.freeze()  # as a process does that serves them (bot.processes)
    return found


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    """The server that `helpline run` embeds."""
    with tempfile.TemporaryDirectory(prefix="hl") as folder:
        server = Server(Path(folder))
        server.start()
        client = connect(server.url)
        client.config_set("appendfsync", "no")  # a busy disk would hold it for longer than a text waits for a store
        client.close()
        yield server
        server.stop()


@pytest.fixture
def raw(server: Server) -> Iterator[redis.Redis]:
    """A client that sees what the store keeps; empty at the start of each test."""
    client = connect(server.url)
    client.flushall()
    yield client
    client.close()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def store(raw: redis.Redis, clock: Clock) -> Store:
    return RedisStore(raw, clock)


@pytest.fixture
def app(loaded: Loaded, store: Store, clock: Clock) -> App:
    return make_app(loaded, store, clock)


@pytest.fixture
def memory_app(loaded: Loaded, clock: Clock) -> App:
    return make_app(loaded, MemoryStore(clock), clock)


@pytest.fixture
def phone(app: App) -> Phone:
    return Phone(app)


@pytest.fixture
def phones(app: App) -> Callable[[str], Phone]:
    return lambda number: Phone(app, number)


@pytest.fixture(scope="session")
def handing_over(loaded: Loaded) -> Loaded:
    """The words as production sends them, of a program that hands over."""
    handoff = loaded.program.handoff.model_copy(update={"on": True})
    return replace(loaded, program=loaded.program.model_copy(update={"handoff": handoff}))


@pytest.fixture
def desk_app(handing_over: Loaded, store: Store, clock: Clock) -> App:
    """A program that hands over, on a real store."""
    return make_app(handing_over, store, clock)
