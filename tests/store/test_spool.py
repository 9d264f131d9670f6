"""An opt-out that the store cannot take is on disk before the answer, is honoured, and reaches the store when it is back."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from bot.store.memory import MemoryStore
from bot.store.spool import Decision, Spool, SpoolBroken
from tests.phone import Clock


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "var" / "optouts.db"


def test_it_is_not_made_before_it_is_needed(path: Path) -> None:
    assert Spool(path).held("ann") is None
    assert not path.exists()


def test_another_process_sees_what_one_has_kept(path: Path) -> None:
    reader = Spool(path)
    assert reader.held("ann") is None
    script = f"from pathlib import Path; from bot.store.spool import Spool; Spool(Path({str(path)!r})).keep('ann', True, 5.0)"
    subprocess.run([sys.executable, "-c", script], check=True, timeout=30)
    assert reader.held("ann") == Decision(True, 5.0)


def test_two_writes_at_one_tick_of_the_file_systems_clock_are_both_seen(path: Path) -> None:
    writer, reader = Spool(path), Spool(path)
    tick = time.time_ns() + 10**10  # however slow this machine is, the file was written just now
    writer.keep("ann", True, 5.0)
    os.utime(path, ns=(tick, tick))
    assert reader.held("ann")
    writer.keep("bob", True, 5.0)
    os.utime(path, ns=(tick, tick))
    assert reader.held("bob") == Decision(True, 5.0)


def test_the_later_decision_stands(path: Path) -> None:
    spool = Spool(path)
    spool.keep("ann", True, 5.0)
    spool.keep("ann", False, 9.0)
    spool.keep("ann", True, 7.0)
    assert Spool(path).held("ann") == Decision(False, 9.0)


def test_the_store_gets_all_and_the_spool_is_empty_then(path: Path, clock: Clock) -> None:
    spool, store = Spool(path), MemoryStore(clock)
    spool.keep("ann", True, 5.0)
    spool.keep("bob", True, 5.0)
    store.settle("bob", False, 6.0)  # came back on another machine, later
    spool.settle(store)
    assert (store.load("ann").opted_out, store.load("bob").opted_out) == (True, False)
    assert (spool.waiting(), Spool(path).waiting()) == (0, 0)


def test_threads_that_keep_at_once_lose_none(path: Path) -> None:
    spool = Spool(path)
    threads = [threading.Thread(target=spool.keep, args=(f"contact{i}", True, float(i))) for i in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Spool(path).waiting() == 16


def test_a_folder_that_cannot_be_written_says_so(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(SpoolBroken):
        Spool(tmp_path / "file" / "optouts.db").keep("ann", True, 5.0)


def test_a_file_that_is_no_spool_is_told_and_read_as_empty(path: Path) -> None:
    path.parent.mkdir()
    path.write_bytes(b"garbage" * 1000)
    assert Spool(path).held("ann") is None
    with pytest.raises(SpoolBroken):
        Spool(path).keep("ann", True, 5.0)


def test_it_holds_ids_and_times_only(path: Path) -> None:
    Spool(path).keep("ann", True, 5.0)
    with sqlite3.connect(path) as file:
        assert file.execute("SELECT * FROM decided").fetchall() == [("ann", 1, 5.0)]
    assert path.parent.stat().st_mode & 0o077 == 0
