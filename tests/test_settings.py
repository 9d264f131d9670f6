"""What an operator hears of settings: all that is missing at once, and names that were probably meant as one."""

from __future__ import annotations

import pytest

from bot.settings import BadSettings, Settings, ignored, required
from bot.slips import slips
from tests.phone import KEY, PUBLIC_URL, SECRET

KNOWN = {name.upper() for name in Settings.model_fields}
COMPLETE = {"REDIS_URL": "redis://127.0.0.1:6379", "HELPLINE_SECRET": SECRET, "HELPLINE_KEYS": KEY, "TWILIO_AUTH_TOKEN": "t"}

MISSPELT = {
    "PUBLC_URL": "PUBLIC_URL",
    "PUBLIC_URI": "PUBLIC_URL",
    "public_ulr": "PUBLIC_URL",
    "TWILIO_AUTH_TOKE": "TWILIO_AUTH_TOKEN",
    "TWILIO_ACCOUNT_ID": "TWILIO_ACCOUNT_SID",
    "REDIS_URI": "REDIS_URL",
    "HELPINE_SECRETS": "HELPLINE_SECRET",
    "HELPLINE_KEY": "HELPLINE_KEYS",
    "HELPLINE_PORT": "PORT",
    "BACKUP_PHONE": "BACKUP_PHONES",
    "WEB_WORKER": "WEB_WORKERS",
    "TICKETS_DAY": "TICKET_DAYS",
}
OF_OTHERS = """PATH PORTS PORT_HTTP POST HOME HOST FLOW FLOWS_HOME SPOOLER SHELL LOGNAME USER LANG TERM PWD TMPDIR REDIS_HOST REDIS_PORT
REDIS_PASSWORD REDIS_TLS_URL DATABASE_URL PUBLIC_KEY PUBLIC_DIR WEB_CONCURRENCY WORKERS SECRET_KEY API_URL PYTHONPATH VIRTUAL_ENV
DYNO SMS_PROVIDER SMTP_SENDER SESSION_MANAGER SSH_AUTH_SOCK QUEUE_URL TRUST_PROXIES_LIST XDG_SESSION_ID""".split()


@pytest.mark.parametrize(("name", "meant"), MISSPELT.items())
def test_a_misspelt_setting_is_named_with_the_right_one(name: str, meant: str) -> None:
    assert list(slips([name], KNOWN)) == [f"{name} is no setting, and ignored. Did you mean {meant}?"]


def test_names_of_others_are_left_alone() -> None:
    assert not list(slips(OF_OTHERS, KNOWN))
    assert not list(slips([*KNOWN, *(name.lower() for name in KNOWN)], KNOWN))


def test_a_name_that_begins_like_ours_is_told() -> None:
    assert list(slips(["TWILIO_PHONE_NUMBER"], KNOWN)) == [
        "TWILIO_PHONE_NUMBER is no setting, and ignored. docs/settings.md lists them."
    ]


def test_what_kubernetes_sets_for_a_service_of_our_name_is_not_ours() -> None:
    its = ("SERVICE_HOST", "SERVICE_PORT", "SERVICE_PORT_HTTP", "PORT", "PORT_8000_TCP", "PORT_8000_TCP_ADDR")
    assert not list(slips([f"HELPLINE_{name}" for name in its], KNOWN))


def test_what_our_processes_tell_each_other_is_no_slip(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HELPLINE_LIVE", "1")
    monkeypatch.setenv("TWILIO_AUTH_TOKE", "a secret")
    assert [line for line in ignored() if "HELPLINE_LIVE" in line or "secret" in line] == []
    assert any("TWILIO_AUTH_TOKE " in line for line in ignored())


@pytest.fixture
def nothing_set(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    for name in KNOWN:
        monkeypatch.delenv(name, raising=False)
    return monkeypatch


def problems(public: bool) -> list[str]:
    with pytest.raises(BadSettings) as refused:
        required(public)
    return refused.value.problems


def test_what_is_missing_and_what_is_wrong_come_at_once_each_with_what_it_is_for(nothing_set: pytest.MonkeyPatch) -> None:
    nothing_set.setenv("PORT", "eighty")
    nothing_set.setenv("HELPLINE_SECRET", "short")
    told = problems(public=True)
    names = [line.replace(":", " ").split()[0] for line in told]
    assert sorted(names) == sorted([*COMPLETE, "PORT", "PUBLIC_URL"])
    assert all(len(line) > 60 for line in told)
    assert not any("eighty" in line or "short " in line for line in told)


def test_a_wrong_setting_is_not_called_missing_too(nothing_set: pytest.MonkeyPatch) -> None:
    nothing_set.setenv("REDIS_URL", "redis+cluster://127.0.0.1:1")
    assert [line.partition(":")[0] for line in problems(public=False) if "REDIS" in line] == ["QUEUE_REDIS_URL"]


def test_in_the_open_a_public_address_is_needed_or_a_proxy_that_is_trusted(nothing_set: pytest.MonkeyPatch) -> None:
    for name, value in COMPLETE.items():
        nothing_set.setenv(name, value)
    assert required(public=False)
    assert [line[: line.index(" ")] for line in problems(public=True)] == ["PUBLIC_URL"]
    nothing_set.setenv("PUBLIC_URL", PUBLIC_URL)
    assert required(public=True)
    nothing_set.delenv("PUBLIC_URL")
    nothing_set.setenv("TRUST_PROXY", "true")
    assert required(public=True)
