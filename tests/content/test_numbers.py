"""Who has called a number is written down, and decides whether people see it."""

from __future__ import annotations

import re
import shutil
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner

from bot.cli import main
from bot.content import load
from bot.core.messages import Answer
from bot.core.render import render
from bot.serving import unfit
from bot.settings import Settings
from tests.conftest import FLOWS

FIND = Answer("en", ("find.start",))


@pytest.fixture
def flows(tmp_path: Path) -> Path:
    return Path(shutil.copytree(FLOWS, tmp_path / "flows"))


def run(*args: str) -> str:
    result = CliRunner().invoke(main, list(args))
    return result.output if result.exit_code == 0 else f"failed: {result.output}"


def test_a_number_is_shown_once_somebody_has_called_it(flows: Path) -> None:
    assert "435748" not in render(load(flows, live=True).content, FIND)[0]
    before = (flows / "numbers.yaml").read_text()
    assert "called today by Ann" in run("numbers", "verify", "help4u", "--by", "Ann", "--flows", str(flows))
    assert "435748" in render(load(flows, live=True).content, FIND)[0]
    assert "(not called yet)" not in render(load(flows).content, FIND)[0]
    after = (flows / "numbers.yaml").read_text()
    assert [line for line in after.split("\n") if line not in before.split("\n")] == [
        f"  called_on: {date.today()}",
        '  called_by: "Ann"',
    ]
    assert [line for line in before.split("\n") if line not in after.split("\n")] == []


def test_calling_again_replaces_the_note(flows: Path) -> None:
    run("numbers", "verify", "help4u", "--by", "Ann", "--flows", str(flows))
    run("numbers", "verify", "help4u", "--by", 'Bob "B" Example', "--flows", str(flows))
    number = load(flows).numbers["help4u"]
    assert number.called_by == "Bob 'B' Example"
    assert len(re.findall(r"^  called_by", (flows / "numbers.yaml").read_text(), re.MULTILINE)) == 1


def test_a_number_that_does_not_exist_is_told(flows: Path) -> None:
    said = run("numbers", "verify", "nobody", "--by", "Ann", "--flows", str(flows))
    assert said.startswith("failed")
    assert "There is no number 'nobody'" in said


def test_the_list_says_what_production_shows() -> None:
    lines = run("numbers", "list").splitlines()
    assert any(line.startswith("samhsa ") and "shown" in line for line in lines)
    assert any(line.startswith("help4u ") and "hidden in production" in line for line in lines)


def told(flows: Path, public: bool = True, **settings: str) -> str:
    """Why these words may not be served."""
    return "\n".join(unfit(load(flows, live=True), Settings.model_validate(settings), public))


def test_serve_refuses_a_helpline_that_nobody_has_called(flows: Path) -> None:
    program = flows / "program.yaml"
    program.write_text(program.read_text().replace("helpline: samhsa", "helpline: family_line"))
    numbers = flows / "numbers.yaml"
    numbers.write_text(
        numbers.read_text().replace("family_line:\n", "family_line:\n  about: for parents and caregivers, not day and night.\n")
    )
    assert "Nobody has called the helpline" in told(flows, public=False)


def test_going_live_needs_a_review_or_a_name(flows: Path) -> None:
    refused = told(flows)
    for what in ("unreviewed", "no operator", "somebody else's number"):
        assert what in refused
    program = flows / "program.yaml"
    changed = (
        program.read_text().replace("Your organization", "Example County Health").replace("number: your number", "number: 555-01")
    )
    changed = changed.replace("contact: 1-800-662-4357", "contact: help@example.org")
    program.write_text(changed + "accept_unreviewed: Dr. Example\n")
    assert not told(flows)
    program.write_text(program.read_text().replace("  on: false", "  on: true"))
    assert "Hand-off is on, and TWILIO_ACCOUNT_SID is not set" in told(flows)
    assert "Hand-off is on, and PUBLIC_URL is not set" in told(flows)
    assert not told(flows, twilio_account_sid="AC" + "1f" * 16, public_url="https://helpline.example.org")
