"""Runs of wrong signatures: they find a wrong token or address, and no stranger can take the line out of service with them."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
import redis
from pydantic import SecretStr

from bot.app import App
from bot.content import Loaded
from bot.store import Store
from bot.web.gate import IN_A_ROW, LATELY, TOLD_FOR
from tests.phone import Clock, Phone, make_app

ACCOUNT = "AC" + "1f" * 16
FORM = (("From", "+15005550006"), ("To", "+15005550001"), ("Body", "hi"))


def of(account: str) -> tuple[tuple[str, str], ...]:
    return (*FORM, ("AccountSid", account))


@pytest.fixture
def ours(loaded: Loaded, store: Store, clock: Clock) -> App:
    """A program whose account is known."""
    return make_app(loaded, store, clock, twilio_account_sid=ACCOUNT)


def refused(phone: Phone, account: str = ACCOUNT, times: int = IN_A_ROW) -> None:
    for _ in range(times):
        assert phone.post(of(account), signature="wrong").status_code == 403


def health(app: App) -> tuple[int, str]:
    """What another process of the same settings says."""
    told = Phone(app).client.get("/health/ready")
    return told.status_code, told.text


def expire(raw: redis.Redis) -> None:
    """As time does with notes; Redis goes by a clock of its own."""
    for key in raw.scan_iter("hl:note:*"):
        raw.delete(key)


def text(phone: Phone) -> None:
    phone.text("hi", AccountSid=ACCOUNT)


def test_a_stranger_s_posts_warn_and_leave_the_line_in_service(ours: App, logs: Callable[[], str]) -> None:
    refused(Phone(ours), "AC" + "0" * 32, times=50)
    refused(Phone(ours), "\u00e9")
    status, told = health(ours)
    assert status == 200
    assert "Wrong signatures came in a row" in told
    assert "signatures_refused" in logs()


@pytest.mark.parametrize("account", ["", "AC" + "0" * 32])
def test_where_our_account_is_not_known_a_run_only_warns(loaded: Loaded, store: Store, clock: Clock, account: str) -> None:
    app = make_app(loaded, store, clock, twilio_account_sid=account)
    refused(Phone(app), account)
    assert health(app)[0] == 200


def test_texts_of_our_account_that_are_refused_are_a_problem_in_every_process_until_one_is_let_in(ours: App) -> None:
    one = Phone(ours)
    refused(one, times=IN_A_ROW - 1)
    assert health(ours)[0] == 200
    refused(one, times=1)
    status, told = health(ours)
    assert (status, "PUBLIC_URL or TWILIO_AUTH_TOKEN is wrong" in told) == (503, True)
    text(one)
    status, told = health(ours)
    assert (status, "signatures" in told) == (200, False)


def test_who_knows_our_account_cannot_stop_a_line_that_is_texted(ours: App, clock: Clock) -> None:
    text(Phone(ours))  # lets another process in
    clock.pass_(LATELY - 1)
    refused(Phone(ours), times=50)
    status, told = health(ours)
    assert (status, "Wrong signatures" in told) == (200, True)


def test_what_was_right_a_month_ago_is_no_longer_believed(ours: App, clock: Clock, raw: redis.Redis) -> None:
    one = Phone(ours)
    text(one)
    clock.pass_(LATELY + 1)
    expire(raw)
    refused(one)
    assert health(ours)[0] == 503


def test_a_server_with_a_wrong_token_is_found_beside_those_with_the_right_one(ours: App, loaded: Loaded) -> None:
    wrong = make_app(loaded, ours.store, Clock(), twilio_account_sid=ACCOUNT, twilio_auth_token=[SecretStr("another")])
    text(Phone(ours))
    refused(Phone(wrong))
    assert (health(wrong)[0], health(ours)[0]) == (503, 200)


def test_a_run_that_goes_on_is_told_of_as_long(ours: App, clock: Clock, raw: redis.Redis) -> None:
    one = Phone(ours)
    refused(one)
    for _ in range(3):
        clock.pass_(TOLD_FOR / 2)
        expire(raw)
        refused(one, times=1)
        assert health(ours)[0] == 503


def test_the_log_says_that_they_name_our_account_and_holds_neither_it_nor_a_text(ours: App, logs: Callable[[], str]) -> None:
    refused(Phone(ours), times=20)
    lines = [json.loads(line) for line in logs().splitlines() if "signatures_refused" in line]
    assert [line["detail"] for line in lines] == ["They name our account."]
    assert ACCOUNT not in str(lines)


def test_the_log_holds_nothing_of_what_a_stranger_puts_into_the_address(ours: App, logs: Callable[[], str]) -> None:
    phone = Phone(ours)
    for _ in range(IN_A_ROW):
        assert phone.client.post("/twilio/sms?From=%2B15005550006&Body=i+use+heroin").status_code == 403
    said = logs()
    assert "signatures_refused" in said
    assert "heroin" not in said
    assert "5005550006" not in said
