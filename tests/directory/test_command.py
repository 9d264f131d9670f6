"""`helpline directory`, as an operator types it, on the store that REDIS_URL names."""

from __future__ import annotations

import json
from contextlib import chdir
from pathlib import Path

import pytest
import redis
from click.testing import CliRunner, Result

from bot.cli import main
from bot.embedded import Server
from tests.directory.made_up import CSV

PROJECT = Path(__file__).parent.parent.parent


def helpline(*args: str, url: str = "", folder: Path = PROJECT, **environment: str) -> Result:
    """`helpline ARGS` in `folder`."""
    settings = {"REDIS_URL": url, "FLOWS": str(PROJECT / "flows"), **environment}
    with chdir(folder):
        return CliRunner(env=settings).invoke(main, args)


@pytest.fixture
def url(server: Server, raw: redis.Redis) -> str:
    return server.url


def test_the_way_of_an_operator(url: str, tmp_path: Path) -> None:
    bad = tmp_path / "list.csv"
    bad.write_text(CSV.read_text() + ",,nobody,,,,,,,\n")
    loaded = helpline("directory", "import", str(bad), "--as-of", "2026-11-01", "--problems", str(tmp_path / "bad.txt"), url=url)
    assert loaded.exit_code == 0, loaded.stderr
    assert "line 15: left out: it has no name" in loaded.stderr
    assert "Read 14 rows, left out 1." in loaded.stdout
    assert "Loaded: 13 places of 2026-11-01" in loaded.stdout
    assert (tmp_path / "bad.txt").read_text() == "line 15: it has no name\n"

    found = helpline("directory", "find", "02139", "--service", "methadone", "--json", url=url)
    assert json.loads(found.stdout) == [
        {"name": "River Street Clinic", "phone": "617-555-0101", "miles": 0.3, "town": "Cambridge", "as_of": "2026-11-01"},
        {"name": "Harbor Methadone Services LLC", "phone": "617-555-0105", "miles": 2.7, "town": "Boston", "as_of": "2026-11-01"},
        {"name": "Worcester Medicine Group", "phone": "508-555-0107", "miles": 36.4, "town": "Worcester", "as_of": "2026-11-01"},
    ]
    assert "WARNING" not in found.stderr
    assert "methadone 4" in helpline("directory", "status", url=url).stdout
    assert "Dropped: 13 places" in helpline("directory", "drop", url=url).stdout
    assert "No directory is loaded" in helpline("directory", "status", url=url).stdout


def test_find_prints_the_message_that_a_person_gets(url: str) -> None:
    helpline("directory", "import", str(CSV), "--as-of", "2026-11-01", url=url)
    told = helpline("directory", "find", "02139", "--service", "live-in", url=url)
    assert told.stdout.startswith("Charles Bank House Inc, 617-555-0102, 1.2 mi, Cambridge\nQuiet Hills")
    assert "Call first. Never pay for a referral. List of 11/1/2026." in told.stdout
    further = helpline("directory", "find", "02139", "--offset", "3", url=url)
    assert further.stdout.startswith("Alewife Recovery Program")
    assert "I don't know that ZIP code" in helpline("directory", "find", "00000", url=url).stdout


def test_old_data_warn_wherever_they_show(url: str) -> None:
    loaded = helpline("directory", "import", str(CSV), "--as-of", "2015-01-01", url=url)
    assert "more than two years old: people are not shown it" in loaded.stderr
    assert "people are not shown it" in helpline("directory", "status", url=url).stderr
    found = helpline("directory", "find", "02139", "--json", url=url)
    assert len(json.loads(found.stdout)) == 3
    assert "people are not shown it" in found.stderr
    assert "1-800-662-4357" in helpline("directory", "find", "02139", url=url).stdout
    assert "River Street" in helpline("directory", "find", "02139", url=url, SHOW_OLD_DIRECTORY="true").stdout


def test_what_cannot_be_done_is_said_in_a_line(url: str, tmp_path: Path) -> None:
    (tmp_path / "list.csv").write_text("a,b\n1,2\n")
    told = helpline("directory", "import", str(tmp_path / "list.csv"), "--as-of", "2026-11-01", url=url)
    assert told.exit_code == 1
    assert "The file's columns: a, b" in told.stderr
    assert "Traceback" not in told.stderr
    assert "FIELD=COLUMN" in helpline("directory", "import", str(CSV), "--as-of", "2026-11-01", "--column", "x", url=url).stderr
    assert "none of: any, methadone" in helpline("directory", "find", "02139", "--service", "yoga", url=url).stderr
    assert json.loads(helpline("directory", "find", "09012", "--json", url=url).stdout) == []
    gone = helpline("directory", "status", url=f"unix://{tmp_path}/gone.sock")
    assert gone.exit_code == 1
    assert "The store does not answer" in gone.stderr
