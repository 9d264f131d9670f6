"""Conversations as scripts, in tests/transcripts/*.txt, by the front door, stored in and read from a real server between turns.

    > what the contact sends            >(NumMedia=1) with form fields
    < what comes back, further lines of one message indented; "< (nothing)" for no answer
    @ 25h       time passes (s, m, h, d)
    ! twilio_keywords=twilio            a setting, before the first text
    ! places=2026-11-01                 the made-up places of tests/directory/places.csv are loaded, as of that day
    # why
`pytest --update` rewrites the answers; the diff is the review.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import redis

from bot.app import NO_PLACES, App
from bot.content import Loaded
from bot.directory import Sources
from bot.store import Store
from tests.directory.made_up import made_up_places
from tests.phone import Clock, Phone, make_app

FOLDER = Path(__file__).parent / "transcripts"
SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400}
SENT = re.compile(r"^>(?:\((?P<fields>[^)]*)\))? ?(?P<body>.*)$")


def play(script: str, app: App, clock: Clock) -> str:
    """The script with the answers that are given now."""
    phone = Phone(app)
    played: list[str] = []
    for line in script.splitlines():
        if line.startswith("<") or line.startswith("  "):
            continue
        played.append(line)
        if line.startswith("@"):
            amount, unit = line[1:].strip()[:-1], line.strip()[-1]
            clock.pass_(float(amount) * SECONDS[unit])
        elif sent := SENT.match(line):
            fields = dict(pair.split("=", 1) for pair in (sent["fields"] or "").split(",") if pair)
            answers = phone.text(sent["body"].replace("\\n", "\n"), **fields)
            played += ["< " + answer.replace("\n", "\n  ") for answer in answers] or ["< (nothing)"]
    return "\n".join(played) + "\n"


def settings_of(script: str) -> dict[str, str]:
    return dict(line[1:].strip().split("=", 1) for line in script.splitlines() if line.startswith("!"))


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.txt")), ids=lambda path: path.stem)
def test_the_conversation_goes_as_written(
    path: Path, loaded: Loaded, store: Store, clock: Clock, raw: redis.Redis, request: pytest.FixtureRequest
) -> None:
    script = path.read_text(encoding="utf-8")
    settings = settings_of(script)
    as_of = settings.pop("places", "")
    places = Sources((made_up_places(raw, as_of, clock.now),)) if as_of else NO_PLACES
    played = play(script, make_app(loaded, store, clock, places, **settings), clock)
    if request.config.getoption("--update"):
        path.write_text(played, encoding="utf-8")
    assert played == path.read_text(encoding="utf-8")


def test_there_is_a_transcript_for_every_core_flow_and_command() -> None:
    assert {p.stem for p in FOLDER.glob("*.txt")} >= {
        "signs",
        "detox",
        "medication",
        "family",
        "find",
        "human",
        "stop",
        "forget",
        "commands",
    }
