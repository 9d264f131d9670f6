"""What `helpline run` says once it answers: where to go, what is off and how it is switched on."""

from __future__ import annotations

import pytest

from bot.running import State, welcome
from bot.settings import Settings
from tests.phone import TOKEN

MADE_UP = ["HELPLINE_KEYS", "HELPLINE_SECRET", "TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKEN"]
OFF: State = {"handoff": "off", "directory": "none", "unreviewed": 3, "problems": []}
ON: State = {"handoff": "on", "directory": "14 places of 2026-11-01", "unreviewed": 3, "problems": []}


def told(state: State, made_up: list[str], **settings: str) -> str:
    return welcome(Settings.model_validate({"twilio_auth_token": TOKEN, **settings}), made_up, state)


@pytest.mark.parametrize(
    ("name", "mend"),
    [("Hand-off", "`on: true` under `handoff` in"), ("Places", "directory import"), ("Sending", "TWILIO_ACCOUNT_SID")],
)
def test_what_is_off_says_how_it_is_switched_on(name: str, mend: str) -> None:
    line = next(line for line in told(OFF, MADE_UP).splitlines() if line.startswith(f"  {name} "))
    assert "OFF: " in line
    assert mend in line.partition(" On: ")[2]


def test_what_is_on_says_so() -> None:
    said = told(ON, ["HELPLINE_SECRET"], locator_url="https://example.org")
    assert "OFF" not in said
    assert "ON: 14 places of 2026-11-01 loaded, LOCATOR_URL is asked first." in said
    assert "go on duty" in said


def test_what_is_not_well_is_said_too() -> None:
    assert "NOT READY: The store may drop" in told(OFF | {"problems": ["The store may drop opt-outs."]}, MADE_UP)
