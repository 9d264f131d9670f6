"""`helpline optouts`: nobody is lost on the way from one server to another, and nobody is found with another secret."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from bot.cli import main
from bot.contacts import contact_id, fingerprint
from bot.store.connect import connect
from bot.store.redis import RedisStore
from bot.store.spool import Spool
from tests.phone import SECRET, START, Clock
from tests.servers import ClusterNodes, Node

PEOPLE = [contact_id(SECRET.encode(), "sms", f"+1500555{i:04d}") for i in range(2500)]


@pytest.fixture(scope="module")
def node(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Node]:
    node = Node(tmp_path_factory.mktemp("node")).start()
    yield node
    node.stop()


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ClusterNodes]:
    servers = ClusterNodes(tmp_path_factory.mktemp("cluster"))
    yield servers
    servers.stop()


@pytest.fixture(autouse=True)
def empty(node: Node) -> None:
    node.client.flushall()


def optouts(command: str, file: Path, url: str, secret: str = SECRET) -> Result:
    env = {"REDIS_URL": url, "HELPLINE_SECRET": secret, "SPOOL": f"{file}.spool", "QUEUE_REDIS_URL": "redis://127.0.0.1:1"}
    return CliRunner().invoke(main, ["optouts", command, str(file)], env=env)


def decided(store: RedisStore, person: str) -> bool:
    return store.load(person).opted_out


def test_they_move_from_one_server_to_a_cluster_and_back(node: Node, cluster: ClusterNodes, tmp_path: Path) -> None:
    here, there = RedisStore(connect(node.url)), RedisStore(connect(cluster.url))
    for person in PEOPLE:
        here.settle(person, True, START)
    here.commit(PEOPLE[0], None, b"a conversation", None, 60)
    assert "2500 decisions written" in optouts("export", tmp_path / "one", node.url).output
    assert "2500 decisions read" in optouts("import", tmp_path / "one", cluster.url).output
    assert all(decided(there, person) for person in PEOPLE)
    assert "2500 decisions written" in optouts("export", tmp_path / "two", cluster.url).output
    assert sorted((tmp_path / "one").read_text().splitlines()) == sorted((tmp_path / "two").read_text().splitlines())


def test_the_later_decision_stands(node: Node, tmp_path: Path) -> None:
    store = RedisStore(connect(node.url))
    ann, bob, eve = PEOPLE[:3]
    store.settle(ann, True, START)
    store.settle(bob, False, START)
    store.settle(eve, True, START)
    assert optouts("export", tmp_path / "file", node.url).exit_code == 0
    store.settle(ann, False, START + 1)
    store.settle(bob, True, START - 1)
    node.client.delete(f"hl:{{{eve}}}:o")
    assert optouts("import", tmp_path / "file", node.url).exit_code == 0
    assert [decided(store, person) for person in (ann, bob, eve)] == [False, False, True]


def test_the_file_holds_contact_ids_and_times_only_and_is_private(node: Node, tmp_path: Path) -> None:
    RedisStore(connect(node.url)).settle(PEOPLE[0], True, START)
    optouts("export", tmp_path / "file", node.url)
    head, line = map(json.loads, (tmp_path / "file").read_text().splitlines())
    assert head == {"helpline_optouts": 1, "secret": fingerprint(SECRET.encode())}
    assert line == {"contact": PEOPLE[0], "opted_out": True, "at": START}
    assert (tmp_path / "file").stat().st_mode & 0o077 == 0
    assert not (tmp_path / "file.part").exists()


def test_what_waits_in_the_spool_is_exported_too(node: Node, tmp_path: Path, clock: Clock) -> None:
    Spool(tmp_path / "file.spool").keep(PEOPLE[0], True, clock())
    assert "1 decisions written" in optouts("export", tmp_path / "file", node.url).output
    assert PEOPLE[0] in (tmp_path / "file").read_text()


def test_a_file_of_another_secret_is_refused(node: Node, tmp_path: Path) -> None:
    other = "another secret of some forty characters."
    (tmp_path / "file").write_text(json.dumps({"helpline_optouts": 1, "secret": fingerprint(other.encode())}) + "\n")
    said = optouts("import", tmp_path / "file", node.url)
    assert said.exit_code == 1
    assert "another HELPLINE_SECRET" in said.output


def test_a_store_of_another_secret_is_refused(node: Node, tmp_path: Path) -> None:
    RedisStore(connect(node.url)).claim("another")
    for command in ("export", "import"):
        (tmp_path / "file").touch()
        said = optouts(command, tmp_path / "file", node.url)
        assert said.exit_code == 1
        assert "another HELPLINE_SECRET" in said.output


@pytest.mark.parametrize(
    "line",
    ["", "{", '{"contact": "+15005550006", "opted_out": true, "at": 1}', "[]", "null"]
    + [json.dumps({"contact": PEOPLE[0], "opted_out": True, "at": at}) for at in (-1, 9e12, float("nan"), "1")],
)
def test_of_a_broken_file_nothing_is_taken_over(node: Node, tmp_path: Path, line: str) -> None:
    head = json.dumps({"helpline_optouts": 1, "secret": fingerprint(SECRET.encode())})
    whole = json.dumps({"contact": PEOPLE[1], "opted_out": True, "at": START})
    (tmp_path / "file").write_text(f"{head}\n{whole}\n{line}\n")
    said = optouts("import", tmp_path / "file", node.url)
    assert "file:3: no opt-out can be read here" in said.output
    assert not decided(RedisStore(connect(node.url)), PEOPLE[1])


def test_without_a_store_it_says_so(tmp_path: Path) -> None:
    said = optouts("export", tmp_path / "file", f"unix://{tmp_path}/nobody.sock")
    assert said.exit_code == 1
    assert "did not answer" in said.output
    assert not (tmp_path / "file").exists()


def test_without_the_secret_it_says_so(node: Node, tmp_path: Path) -> None:
    said = optouts("export", tmp_path / "file", node.url, secret="")
    assert said.exit_code == 1
    assert "Set HELPLINE_SECRET" in said.output
