"""How commands find the store and the address of the `helpline run` in their folder: one way for all of them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import chdir
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from bot import local
from bot.cli import main
from bot.embedded import Server
from bot.problem import Problem
from tests.conftest import FLOWS
from tests.directory.made_up import CSV
from tests.phone import PUBLIC_URL, SECRET

AT = "http://127.0.0.1:8765"
COMMANDS = (
    ("staff", "list"),
    ("staff", "add", "Ana", "--role", "counselor"),
    ("optouts", "export", "list.jsonl"),
    ("directory", "import", str(CSV), "--as-of", "2026-11-01"),
    ("directory", "status"),
)


def helpline(folder: Path, *args: str, **environment: str) -> Result:
    """`helpline ARGS` in `folder`, with nothing set but `environment`."""
    nothing = dict.fromkeys(("REDIS_URL", "HELPLINE_SECRET", "HELPLINE_KEYS", "TWILIO_AUTH_TOKEN", "PUBLIC_URL", "PORT"))
    with chdir(folder):
        return CliRunner(env={**nothing, "FLOWS": str(FLOWS), **environment}).invoke(main, args)


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    """A folder in which the store of a `helpline run` answers."""
    server = Server(tmp_path / "var" / "store")
    server.start()
    yield tmp_path
    server.stop()


@pytest.mark.parametrize("command", COMMANDS, ids=[" ".join(c[:2]) for c in COMMANDS])
def test_every_command_uses_the_store_that_runs_here(folder: Path, command: tuple[str, ...]) -> None:
    done = helpline(folder, *command)
    assert done.exit_code == 0, done.output
    assert Server(folder / "var" / "store").answers()


@pytest.mark.parametrize("command", COMMANDS, ids=[" ".join(c[:2]) for c in COMMANDS])
@pytest.mark.parametrize("left_behind", [False, True])
def test_every_command_says_the_same_where_there_is_no_store(tmp_path: Path, command: tuple[str, ...], left_behind: bool) -> None:
    if left_behind:
        (tmp_path / "var" / "store").mkdir(parents=True)
    done = helpline(tmp_path, *command)
    assert done.exit_code == 1
    assert "REDIS_URL is not set, and no `helpline run`" in done.output
    assert left_behind or not (tmp_path / "var").exists()


def test_opt_outs_that_the_run_kept_are_exported_with_its_secret(folder: Path) -> None:
    with chdir(folder):
        secret = local.settings()[0].helpline_secret.get_secret_value()
    assert secret
    assert "0 decisions written" in helpline(folder, "optouts", "export", "one").output
    assert "another HELPLINE_SECRET" in helpline(folder, "optouts", "export", "two", HELPLINE_SECRET=SECRET).output


def test_a_link_holds_the_address_at_which_the_run_listens(folder: Path) -> None:
    var = folder / "var"
    with local.alone(var), local.listening(AT, var):
        assert f"  {AT}/console/password/" in helpline(folder, "staff", "add", "Ana", "--role", "counselor").output
        said = helpline(folder, "staff", "add", "Ben", "--role", "counselor", PUBLIC_URL=PUBLIC_URL).output
        assert f"  {PUBLIC_URL}/console/password/" in said
    assert local.address(var) == ""


def test_a_link_guesses_no_address(folder: Path) -> None:
    (folder / "var" / "address").write_text(f"{AT}\n")  # left behind by a run that was killed
    said = helpline(folder, "staff", "add", "Ana", "--role", "counselor").output
    assert "\n  /console/password/" in said
    assert "Put the address of your helpline before it" in said
    assert "127.0.0.1" not in said


def test_a_second_run_in_the_folder_is_told_where_the_first_one_listens(tmp_path: Path) -> None:
    with local.alone(tmp_path), local.listening(AT, tmp_path), pytest.raises(Problem, match=AT), local.alone(tmp_path):
        pass
