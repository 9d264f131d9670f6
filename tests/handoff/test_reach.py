"""Whom nudges reach: what is missing is said where the line is checked, started, watched and worked."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest
import redis
from click.testing import CliRunner

from bot.app import App
from bot.cli import main
from bot.content import Loaded
from bot.reach import NO_BACKUP, NO_PHONE, NO_SENDER
from bot.running import welcome
from bot.store import Store
from bot.web import create_app
from tests.counselors import ANA, BEN, on_duty
from tests.phone import Clock, make_app
from tests.web.console import Desk, hire

SET: dict[str, Any] = {"sms_sender": "+15005550100", "backup_phones": ["+15005550911"], "twilio_account_sid": "AC" + "1" * 32}
NAMES = ("SMS_SENDER", "BACKUP_PHONES", "TWILIO_ACCOUNT_SID")


def warnings(app: App) -> list[str]:
    told = create_app(app).test_client().get("/health/ready").json
    assert told
    return [warning for warning in told["warnings"] if warning.startswith(NAMES)]


def test_the_health_names_what_is_missing_and_only_while_the_hand_off_is_on(
    app: App, desk_app: App, handing_over: Loaded, store: Store, clock: Clock
) -> None:
    assert [warning.split()[0] for warning in warnings(desk_app)] == ["TWILIO_ACCOUNT_SID", "SMS_SENDER", "BACKUP_PHONES"]
    assert warnings(app) == []
    assert warnings(make_app(handing_over, store, clock, **SET)) == []


def test_the_start_says_it(desk_app: App) -> None:
    told = welcome(desk_app.settings, [], {"unreviewed": 0, "warnings": warnings(desk_app)})
    assert f"Hand-off: {NO_SENDER}" in told
    assert "Hand-off:" not in welcome(desk_app.settings, [], {"unreviewed": 0, "warnings": []})


@pytest.mark.parametrize("on", [True, False])
def test_helpline_check_says_it(tmp_path: Path, on: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("BACKUP_PHONES", raising=False)
    flows = tmp_path / "flows"
    shutil.copytree(Path("flows"), flows)
    program = flows / "program.yaml"
    program.write_text(program.read_text().replace("on: false", f"on: {str(on).lower()}"))
    result = CliRunner().invoke(main, ["check", "--flows", str(flows)])
    assert result.exit_code == 0
    assert (NO_BACKUP in result.output) == on


def test_the_console_says_it_and_that_nobody_on_duty_has_a_phone(desk_app: App, raw: redis.Redis) -> None:
    hire(desk_app, raw, "Sue", "supervisor")
    desk = Desk(desk_app)
    desk.sign_in("Sue")
    on_duty(desk_app, ANA)
    assert NO_PHONE in desk.get("/").text
    on_duty(desk_app, BEN, phone="+15005550901")
    page = desk.get("/").text
    assert NO_PHONE not in page
    assert NO_BACKUP.replace("+", "&#43;") in page or NO_BACKUP in page


def test_who_asks_for_backup_is_told_who_is_texted(desk_app: App, raw: redis.Redis) -> None:
    hire(desk_app, raw, "Ana")
    desk = Desk(desk_app)
    desk.sign_in("Ana")
    desk.get("/")
    desk.post("/duty", until=str(int(desk_app.clock()) + 3600))
    desk.post("/backup", on="yes")
    told = "Backup: nobody could be texted: no phone set for anyone on duty, and BACKUP_PHONES is empty."
    assert told in desk.get("/").text
