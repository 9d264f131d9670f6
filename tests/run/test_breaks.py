"""The store broken for real, texts by the front door: everybody is answered in time, and remembered again when it is back."""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from bot.app import App, build
from bot.settings import Settings
from bot.store.connect import connect, primaries
from tests.conftest import FLOWS
from tests.phone import PUBLIC_URL, SECRET, TOKEN, Phone
from tests.servers import Node, Proxy, eventually, free_port

ANSWER_WITHIN = 2.0  # seconds, the promise; four times what the worst takes on a quiet machine
HEAL_WITHIN = 5.0
ANSWERS = (
    ("my son isnt breathing", "CALL 911 NOW"),
    ("i want to die", "988"),
    ("STOP", "You are unsubscribed"),
    ("HELP", "Contact:"),
    ("HUMAN", "1-800-662-4357"),
    ("dope sick", "911"),
)

_numbers = itertools.count(1_000_000)


def an_app(url: str, tmp_path: Path, **more: Any) -> App:
    """The app as production builds it, on an empty store."""
    for one in primaries(connect(url)):
        one.flushall()
    given: dict[str, Any] = {
        "redis_url": url,
        "queue_redis_url": "redis://127.0.0.1:1/0",
        "helpline_secret": SecretStr(SECRET),
        "twilio_auth_token": [SecretStr(TOKEN)],
        "public_url": PUBLIC_URL,
        "flows": FLOWS,
        "spool": tmp_path / "optouts.db",
    }
    return build(Settings(**(given | more)), live=True)


def somebody(app: App) -> Phone:
    return Phone(app, f"+1500{next(_numbers)}")


def timed(phone: Phone, body: str) -> str:
    began = time.monotonic()
    said = phone.says(body)
    assert time.monotonic() - began < ANSWER_WITHIN, body
    return said


def all_are_answered(app: App, stateless: bool) -> None:
    """Each by somebody of their own. `stateless`: nothing can be read either, so no digit may be offered."""
    for body, holds in ANSWERS:
        said = timed(somebody(app), body)
        assert holds in said, body
        assert not (stateless and "\n1 " in said), body


def remembers(app: App) -> bool:
    """Whether a conversation begun now goes on."""
    phone = somebody(app)
    phone.says("detox")
    return "plan" in phone.says("2")


def survives(app: App, broken: AbstractContextManager[None], stateless: bool = True) -> None:
    phone, gone = somebody(app), somebody(app)
    phone.says("detox")
    gone.says("STOP")
    with broken:
        all_are_answered(app, stateless)
        assert "1-800-662-4357" in timed(phone, "asdf") or not stateless
    assert eventually(lambda: remembers(app), HEAL_WITHIN)
    assert "plan" in phone.says("2")  # where they were before
    assert "\n1 " not in gone.says("detox")  # still opted out


@pytest.fixture(scope="module")
def node(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Node]:
    node = Node(tmp_path_factory.mktemp("node"), "--appendonly", "yes", "--appendfsync", "always").start()
    yield node
    node.stop()


@pytest.fixture
def proxy(node: Node) -> Iterator[Proxy]:
    proxy = Proxy(node.port)
    yield proxy
    proxy.stop()


@contextmanager
def dead(node: Node) -> Iterator[None]:
    node.kill()
    yield
    node.start()


@contextmanager
def frozen(node: Node) -> Iterator[None]:
    node.freeze()
    yield
    node.thaw()


@contextmanager
def full(node: Node) -> Iterator[None]:
    node.client.config_set("maxmemory", "1")
    try:
        yield
    finally:
        node.client.config_set("maxmemory", "0")


@contextmanager
def read_only(node: Node) -> Iterator[None]:
    """As after a failover that we were not told of."""
    node.client.replicaof("127.0.0.1", str(free_port()))
    try:
        yield
    finally:
        node.client.replicaof("NO", "ONE")


@contextmanager
def through(proxy: Proxy, mode: str) -> Iterator[None]:
    proxy.mode, proxy.delay = mode, 1.0
    try:
        yield
    finally:
        proxy.mode = "pass"


@pytest.mark.parametrize("broken", [dead, frozen])
def test_a_server_that_is_gone(node: Node, tmp_path: Path, broken: Callable[[Node], AbstractContextManager[None]]) -> None:
    survives(an_app(node.url, tmp_path), broken(node))


@pytest.mark.parametrize("broken", [full, read_only])
def test_a_server_that_takes_no_writes(
    node: Node, tmp_path: Path, broken: Callable[[Node], AbstractContextManager[None]]
) -> None:
    survives(an_app(node.url, tmp_path), broken(node), stateless=False)


@pytest.mark.parametrize("mode", ["hole", "slow", "cut"])
def test_a_network_that_swallows_delays_or_hangs_up(proxy: Proxy, tmp_path: Path, mode: str) -> None:
    survives(an_app(proxy.url, tmp_path), through(proxy, mode))


def test_a_store_that_is_away_when_we_start(node: Node, tmp_path: Path) -> None:
    app = an_app(node.url, tmp_path)
    assert remembers(app)
    with dead(node):
        late = build(app.settings, live=True)
        all_are_answered(late, stateless=True)
    assert eventually(lambda: remembers(late), HEAL_WITHIN)


def test_a_cluster_that_is_away_when_we_start(tmp_path: Path) -> None:
    ports = [free_port(), free_port()]
    settings = Settings.model_construct(
        redis_url="redis+cluster://" + ",".join(f"127.0.0.1:{port}" for port in ports),
        helpline_secret=SecretStr(SECRET),
        twilio_auth_token=[SecretStr(TOKEN)],
        public_url=PUBLIC_URL,
        flows=FLOWS,
        spool=tmp_path / "optouts.db",
    )
    all_are_answered(build(settings, live=True), stateless=True)
