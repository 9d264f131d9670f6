"""The store broken for real, texts by the front door: everybody is answered in time, and remembered again when it is back."""

from __future__ import annotations

import itertools
import os
import ssl
import subprocess
import sys
import time
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

import pytest
import redis
import trustme
from pydantic import SecretStr

from bot.app import App, build
from bot.settings import Settings
from bot.store.connect import connect, primaries
from tests.conftest import FLOWS
from tests.phone import KEY, PUBLIC_URL, SECRET, TOKEN, Phone, messages, sign
from tests.servers import WITHIN, ClusterNodes, Node, Proxy, Watched, eventually, free_port

ANSWER_WITHIN = 2.0  # seconds, the promise; four times what the worst takes on a quiet machine
HEAL_WITHIN = 3.0  # seconds, the promise; five times what it takes on a quiet machine
AGREE_WITHIN = 10.0  # seconds for servers that must first agree among themselves
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


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture(scope="module")
def certified(authority: trustme.CA) -> ssl.SSLContext:
    """What a server that is known as 127.0.0.1 shows."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    return context


def test_tls_as_heroku_has_it_and_with_an_own_authority(
    node: Node, authority: trustme.CA, certified: ssl.SSLContext, tmp_path: Path
) -> None:
    authority.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    proxy = Proxy(node.port, certified)
    try:
        lax = an_app(f"{proxy.url}?ssl_cert_reqs=none", tmp_path)
        assert eventually(lambda: remembers(lax))  # a busy machine may take its first half second for the handshake
        app = an_app(f"{proxy.url}?ssl_ca_certs={tmp_path}/ca.pem", tmp_path)
        survives(app, through(proxy, "cut"))
        with pytest.raises(redis.ConnectionError, match="CERTIFICATE_VERIFY_FAILED"):
            connect(proxy.url).ping()
    finally:
        proxy.stop()


def test_sentinels_fail_over_and_back_and_nothing_is_lost(tmp_path: Path) -> None:
    watched = Watched(tmp_path)
    try:
        app = an_app(watched.url, tmp_path, store_replicas=1)
        survives(app, failed_over(watched, watched.master.freeze))
        watched.master.thaw()  # it still takes itself for the master until a sentinel tells it
        assert eventually(lambda: follows(watched.master))
        survives(app, failed_over(watched, watched.replica.kill))
        goes_on_in_real_processes(watched.url, tmp_path)
    finally:
        watched.stop()


@contextmanager
def serving(url: str, spool: Path) -> Iterator[Callable[[str, str], str]]:
    """A real `helpline serve` with forked workers on the store at `url`; gives what texts it: number, body -> answer."""
    port = free_port()
    env = {"PORT": str(port), "REDIS_URL": url, "QUEUE_REDIS_URL": "redis://127.0.0.1:1/0", "HELPLINE_SECRET": SECRET}
    env |= {
        "HELPLINE_KEYS": KEY,
        "TWILIO_AUTH_TOKEN": TOKEN,
        "PUBLIC_URL": PUBLIC_URL,
        "SPOOL": str(spool),
        "WEB_WORKERS": "2",
    }
    command = [sys.executable, "-m", "bot", "serve", "--host", "127.0.0.1"]
    server = subprocess.Popen(command, env={**os.environ, **env}, cwd=FLOWS.parent, stderr=subprocess.DEVNULL)

    def text(number: str, body: str) -> str:
        form = {"MessageSid": f"SM{next(_numbers)}", "From": number, "To": "+15005550001", "Body": body}
        signed = {"X-Twilio-Signature": sign(form.items())}
        request = urllib.request.Request(f"http://127.0.0.1:{port}/twilio/sms", urllib.parse.urlencode(form).encode(), signed)
        with urllib.request.urlopen(request, timeout=5) as response:
            return "\n".join(messages(response.read().decode()))

    try:
        assert eventually(lambda: text("+15005550000", "hi"))
        yield text
    finally:
        server.terminate()
        server.wait(WITHIN)


def goes_on_in_real_processes(url: str, tmp_path: Path) -> None:
    with serving(url, tmp_path / "spool.db") as text:
        numbers = [f"+1500{next(_numbers)}" for _ in range(12)]
        assert all("Where are you now?" in text(number, "detox") for number in numbers)
        assert all("plan" in text(number, "2") for number in numbers)


@contextmanager
def failed_over(watched: Watched, loss: Callable[[], None]) -> Iterator[None]:
    """The master is lost, texts come meanwhile, and another one has taken over in the end."""
    before = watched.sentinels[0].client.sentinel_get_master_addr_by_name("line")
    loss()
    yield
    assert eventually(lambda: watched.sentinels[0].client.sentinel_get_master_addr_by_name("line") != before)


def follows(node: Node) -> bool:
    return bool(node.client.info("replication").get("master_link_status") == "up")


def test_a_cluster_loses_a_primary_and_its_replica_takes_over(tmp_path: Path) -> None:
    cluster = ClusterNodes(tmp_path, replicated=True)
    try:
        app = an_app(cluster.url, tmp_path, store_replicas=1)
        phones = [somebody(app) for _ in range(9)]  # so many that each primary keeps some
        for phone in phones:
            phone.says("detox")
        cluster.nodes[0].kill()
        for phone in phones:
            assert timed(phone, "asdf")
        assert "CALL 911 NOW" in timed(somebody(app), "he isnt breathing")
        assert eventually(lambda: all(remembers(app) for _ in range(9)), AGREE_WITHIN)
        assert all("plan" in phone.says("2") for phone in phones)
        goes_on_in_real_processes(cluster.url, tmp_path)
    finally:
        cluster.stop()


def test_a_cluster_over_tls_one_node_frozen_then_all_away_when_we_start(certified: ssl.SSLContext, tmp_path: Path) -> None:
    cluster = ClusterNodes(tmp_path, tls=certified)
    try:
        app = an_app(f"{cluster.tls_url}?ssl_cert_reqs=none", tmp_path)
        assert all(remembers(app) for _ in range(9))
        with frozen(cluster.nodes[0]):
            for _ in range(2):
                all_are_answered(app, stateless=False)
        assert eventually(lambda: all(remembers(app) for _ in range(9)), AGREE_WITHIN)
        for one in cluster.nodes:
            one.kill()
        late = build(app.settings, live=True)
        all_are_answered(late, stateless=True)
        for one in cluster.nodes:
            one.start()
        assert eventually(lambda: all(remembers(late) for _ in range(9)))
    finally:
        cluster.stop()
