"""Every form of REDIS_URL, and what is said of one that cannot be right."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from bot.redis_url import Place, parse
from bot.settings import BadSettings, read
from bot.store.connect import connect
from bot.store.contract import StoreDown
from bot.store.redis import RedisStore

TWO = (("one", 1), ("two", 26379))


@pytest.mark.parametrize(
    ("url", "place"),
    [
        ("redis://localhost", Place("server", (("localhost", 6379),))),
        ("redis://h:1/2", Place("server", (("h", 1),), db=2)),
        ("redis://h:1?db=2", Place("server", (("h", 1),), db=2)),
        ("redis://:p%40ss%2F@h:1/0", Place("server", (("h", 1),), password="p@ss/")),
        ("redis://ann:secret@h", Place("server", (("h", 6379),), username="ann", password="secret")),
        ("redis://[::1]:7/1", Place("server", (("::1", 7),), db=1)),
        ("rediss://h:1/0", Place("server", (("h", 1),), tls={})),
        ("rediss://h:1?ssl_cert_reqs=None", Place("server", (("h", 1),), tls={"ssl_cert_reqs": "none"})),
        ("rediss://h:1?ssl_check_hostname=no", Place("server", (("h", 1),), tls={"ssl_check_hostname": False})),
        ("unix:///run/redis.sock?db=3", Place("socket", path="/run/redis.sock", db=3)),
        ("unix://ann:pw@/run/r.sock", Place("socket", path="/run/r.sock", username="ann", password="pw")),
        ("redis+sentinel://one:1,two/line", Place("sentinel", TWO, master="line")),
        (
            "redis+sentinel://u:p@one:1,two:26379/line/4?sentinel_password=s",
            Place("sentinel", TWO, db=4, username="u", password="p", master="line", sentinel_password="s"),
        ),
        (
            "rediss+sentinel://one:1,two/line?ssl_cert_reqs=none",
            Place("sentinel", TWO, master="line", tls={"ssl_cert_reqs": "none"}),
        ),
        ("redis+cluster://:p@one:1,two:26379", Place("cluster", TWO, password="p")),
        ("rediss+cluster://one:1,two:26379/0", Place("cluster", TWO, tls={})),
    ],
)
def test_every_form_is_read(url: str, place: Place) -> None:
    assert parse(url) == place
    connect(url)  # connects to nobody yet


@pytest.mark.parametrize(
    ("url", "mend"),
    [
        ("http://hidden@h", "must begin with redis://"),
        ("localhost:6379", "must begin with redis://"),
        ("redis://", "names no host"),
        ("redis://one:1,two:2/0", "redis\\+sentinel://host,host/MASTER/0"),
        ("redis://h:hidden/0", "port that is no number"),
        ("redis://h:99999", "port that is no number"),
        ("redis://h/hidden", "a database that is no number"),
        ("redis://h/1/2", "more behind the hosts"),
        ("redis://:hidden?@h/0", "an option that is not known"),
        ("redis://h?socket_timeout=60", "an option that is not known"),
        ("redis://h?ssl_cert_reqs=none", "begin it with rediss"),
        ("rediss://h?ssl_cert_reqs=hidden", "neither none nor required"),
        ("rediss://h?ssl_ca_certs=/hidden.pem", "no file on this machine"),
        ("unix://run/redis.sock", "three slashes"),
        ("unix://", "names no socket"),
        ("redis+sentinel://one,two", "names no master"),
        ("redis+sentinel://one,two/0", "names no master"),
        ("redis+sentinel://one,,two/line", "an empty place in its list"),
        ("redis+cluster://one/1", "a Cluster has only one"),
        ("redis+cluster://one?db=1", "an option that is not known"),
    ],
)
def test_a_wrong_one_is_told_with_its_mend_and_without_its_secrets(url: str, mend: str) -> None:
    with pytest.raises(ValueError, match=mend) as told:
        parse(url)
    assert "hidden" not in str(told.value)


def test_an_own_authority_is_named_by_its_file(tmp_path: Path) -> None:
    (tmp_path / "ca.pem").write_text("")
    assert parse(f"rediss://h?ssl_ca_certs={tmp_path}/ca.pem").tls == {"ssl_ca_certs": f"{tmp_path}/ca.pem"}


def test_the_settings_tell_a_wrong_form(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REDIS_URL", "redis+sentinel://one,two")
    with pytest.raises(BadSettings, match="REDIS_URL: names no master"):
        read()


def test_background_work_needs_another_server_than_a_cluster(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REDIS_URL", "redis+cluster://one,two")
    with pytest.raises(BadSettings, match="QUEUE_REDIS_URL: must name one server or Sentinel"):
        read()
    monkeypatch.setenv("QUEUE_REDIS_URL", "redis+cluster://three")
    with pytest.raises(BadSettings, match="QUEUE_REDIS_URL"):
        read()
    monkeypatch.setenv("QUEUE_REDIS_URL", "redis+sentinel://one,two/line")
    assert read().queue_url == "redis+sentinel://one,two/line"


def test_background_work_waits_in_the_store_unless_told_otherwise(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("QUEUE_REDIS_URL", raising=False)
    monkeypatch.setenv("REDIS_URL", "redis://h/1")
    assert read().queue_url == "redis://h/1"


@pytest.fixture
def dripping() -> Iterator[str]:
    """A server that answers byte by byte, each within any limit for a single step."""
    listening = socket.create_server(("127.0.0.1", 0))
    over = threading.Event()

    def serve() -> None:
        taken, _ = listening.accept()
        with taken, suppress(OSError):
            while not over.wait(0.05):
                taken.send(b"+")

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    yield f"redis://127.0.0.1:{listening.getsockname()[1]}"
    over.set()
    listening.close()


def test_an_answer_that_comes_byte_by_byte_is_not_waited_for(dripping: str) -> None:
    with pytest.raises(StoreDown):
        RedisStore(connect(dripping)).load("ann")


def test_a_name_server_that_hangs_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    over = threading.Event()
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_: over.wait(60) and [])
    with pytest.raises(StoreDown):
        RedisStore(connect("redis://store.example:6379")).load("ann")
    assert not over.is_set()  # it hangs still
    over.set()
