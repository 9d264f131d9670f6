"""One suite for every store: memory, the server that we embed, 6.2 (the oldest supported), Sentinel, and a Cluster."""

from __future__ import annotations

import threading
import time
from pathlib import Path

import msgpack
import pytest

from bot.core.messages import Answer
from bot.core.session import Pace, Session
from bot.embedded import Server
from bot.store import Store, StoreDown, WrongSecret, optout
from bot.store.blob import pack, unpack
from bot.store.connect import DEADLINE, connect, primaries
from bot.store.contract import NotReplicated
from bot.store.memory import MemoryStore
from bot.store.redis import RedisStore
from tests.phone import Clock
from tests.servers import ClusterNodes, Node, Watched

LIFE = 3600


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


def test_a_server_that_lost_its_scripts_is_given_them_again(any_store: Store, request: pytest.FixtureRequest) -> None:
    assert any_store.commit("ann", None, b"one", None, LIFE)
    if isinstance(any_store, RedisStore):
        url = request.getfixturevalue(request.node.callspec.params["any_store"]).url
        for one in primaries(connect(url)):
            one.script_flush()
    assert any_store.commit("ann", b"one", b"two", None, LIFE)


def test_an_opt_out_waits_for_as_many_replicas_as_asked(watched: Watched) -> None:
    client = connect(watched.url)
    client.flushall()
    assert RedisStore(client, replicas=1).commit("ann", None, b"one", True, LIFE)
    with pytest.raises(NotReplicated, match="1 of 2"):
        RedisStore(client, replicas=2).commit("bob", None, b"one", True, LIFE)
    assert RedisStore(client).load("bob").opted_out  # written all the same
    assert RedisStore(client, replicas=2).commit("bob", b"one", b"two", None, LIFE)  # only opt-outs wait


def test_a_cluster_keeps_a_contact_on_one_node_and_contacts_on_many(cluster: ClusterNodes) -> None:
    client = connect(cluster.url)
    for one in primaries(client):
        one.flushall()
    for i in range(30):
        assert RedisStore(client).commit(f"contact{i}", None, b"one", True, LIFE)
    kept = [{key.split(b":")[1] for key in one.scan_iter("hl:*")} for one in primaries(client)]
    assert all(kept)
    assert sum(len(contacts) for contacts in kept) == len(set().union(*kept)) == 30


@pytest.mark.parametrize("form", ["server", "sentinels", "sentinel", "cluster"])
def test_frozen_servers_cost_one_deadline_however_many_are_asked(tmp_path: Path, form: str) -> None:
    one = Node(tmp_path).start()
    other = Node(tmp_path).start()
    hosts = ",".join(f"127.0.0.1:{port}" for port in [one.port, other.port] * 3)
    url = {"server": one.url, "sentinels": f"redis+sentinel://{hosts}/line", "cluster": f"redis+cluster://{hosts}"}
    url["sentinel"] = f"redis+sentinel://127.0.0.1:{one.port}/line"
    one.freeze()
    other.freeze()
    try:
        store = RedisStore(connect(url[form]))
        for _ in range(2):
            began = time.monotonic()
            with pytest.raises(StoreDown):
                store.load("ann")
            assert time.monotonic() - began < 2 * DEADLINE  # redis-py by itself: 9 s for one server, 30 s for three sentinels
    finally:
        one.stop()
        other.stop()


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
    any_store.note({"refused": LIFE, "admitted": LIFE})
    assert any_store.noted("refused")
    any_store.note({"refused": 0})
    assert not any_store.noted("refused")
    assert any_store.noted("admitted")


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
