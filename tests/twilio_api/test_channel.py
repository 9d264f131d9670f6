"""Every call of Twilio's REST API, against the stand-in that holds it to Twilio's own description."""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator
from pydantic import SecretStr
from urllib3 import PoolManager
from urllib3.exceptions import MaxRetryError

from bot.channels.errors import NO_ACCOUNT, Failed, Sent
from bot.channels.twilio import Twilio
from bot.log import configure
from bot.settings import Settings
from tests.twilio_api.stand_in import ACCOUNT, SCHEMA, StandIn, stand_in

TOKEN = "a token"
TO, US = "+15005550006", "+15005550001"
CALLBACK = "https://helpline.example.org/twilio/status?m=abc"
DESCRIPTION = Path(__file__).parents[3] / "shared" / "contracts" / "twilio_api_v2010.json"


@pytest.fixture
def api() -> Iterator[StandIn]:
    with stand_in(TOKEN) as api:
        yield api
        assert api.wrong == []


def twilio(url: str, token: str = TOKEN) -> Twilio:
    return Twilio(Settings(twilio_account_sid=ACCOUNT, twilio_auth_token=[SecretStr(token)], twilio_api_url=url))


def test_a_lost_connection_that_is_retried_logs_no_number() -> None:
    heard: list[str] = []
    handler = logging.Handler()
    handler.emit = lambda record: heard.append(record.getMessage())  # type: ignore[method-assign]
    logging.getLogger("urllib3").addHandler(handler)
    try:
        configure()
        with PoolManager() as pool, suppress(MaxRetryError):
            pool.request("GET", f"http://127.0.0.1:1/Messages.json?To={TO}", retries=1)
    finally:
        logging.getLogger("urllib3").removeHandler(handler)
    assert heard == []


def test_a_message_is_handed_over_as_twilio_describes_it(api: StandIn) -> None:
    result = twilio(api.url).send(TO, US, "Hi, ¿how are you? {}", CALLBACK)
    assert result == Sent(api.messages[0]["sid"])
    assert Draft202012Validator(SCHEMA["sid"]).is_valid(api.messages[0]["sid"])
    assert [api.messages[0][name] for name in ("to", "from", "body", "callback")] == [TO, US, "Hi, ¿how are you? {}", CALLBACK]


@pytest.mark.parametrize("sender", ["12345", "whatsapp:+15005550001"])
def test_short_codes_and_whatsapp_send_too(api: StandIn, sender: str) -> None:
    to = "whatsapp:" + TO if sender.startswith("whatsapp") else TO
    assert isinstance(twilio(api.url).send(to, sender, "Hi", CALLBACK), Sent)


def test_a_messaging_service_is_named_as_such(api: StandIn) -> None:
    twilio(api.url).send(TO, "MG" + "b" * 32, "Hi", "")
    assert (api.messages[0]["from"], api.messages[0]["messaging_service_sid"]) == (None, "MG" + "b" * 32)


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ((400, 21610), Failed(21610)),
        ((400, 21211), Failed(21211)),
        ((400, 63016), Failed(63016)),
        ((429, 20429), Failed(20429, retry=True)),
        ((400, 21611), Failed(21611, retry=True)),
        ((400, 63018), Failed(63018, retry=True)),
        ((503, 20503), Failed(20503, retry=True, unsure=True)),
        ("cut", Failed(retry=True, unsure=True)),
    ],
)
def test_codes_say_whether_it_is_worth_another_try(api: StandIn, answer: tuple[int, int] | str, expected: Failed) -> None:
    api.answers.append(answer)
    assert twilio(api.url).send(TO, US, "Hi", CALLBACK) == expected


def test_a_wrong_token_is_tried_again_later(api: StandIn) -> None:
    assert twilio(api.url, "old token").send(TO, US, "Hi", CALLBACK) == Failed(20003, retry=True)


def test_nobody_there_is_no_verdict() -> None:
    result = twilio("http://127.0.0.1:9").send(TO, US, "Hi", CALLBACK)
    assert isinstance(result, Failed)
    assert result.retry


def test_without_an_account_nothing_leaves() -> None:
    assert Twilio(Settings()).send(TO, US, "Hi", CALLBACK) == Failed(NO_ACCOUNT)
    assert Twilio(Settings()).find(TO, US, "Hi", 0) == []


def test_what_was_sent_is_found_again(api: StandIn) -> None:
    client, began = twilio(api.url), time.time() - 1
    api.answers.append("cut")
    client.send(TO, US, "Hi", CALLBACK)
    client.send(TO, US, "Something else", CALLBACK)
    client.send("+15005550007", US, "Hi", CALLBACK)
    assert client.find(TO, US, "Hi", began) == [api.messages[0]["sid"]]
    assert client.find(TO, US, "Hi", began + 3600) == []
    assert twilio("http://127.0.0.1:9").find(TO, US, "Hi", began) is None


def test_what_twilio_trimmed_is_found_again(api: StandIn) -> None:
    client, began = twilio(api.url), time.time() - 1
    client.send(TO, US, "Call now.\n988 or 911", CALLBACK)
    assert client.find(TO, US, " Call now. \r\n988 or  911\n", began) == [api.messages[0]["sid"]]
    assert client.find(TO, US, "Call now. 988 or 91 1", began) == []


def test_the_schema_is_what_twilio_describes() -> None:
    if not DESCRIPTION.exists():
        pytest.skip("Twilio's own description is not beside the project")
    described = json.loads(DESCRIPTION.read_text())["paths"]["/2010-04-01/Accounts/{AccountSid}/Messages.json"]
    form = described["post"]["requestBody"]["content"]["application/x-www-form-urlencoded"]["schema"]
    assert SCHEMA["create"]["required"] == form["required"]
    assert set(SCHEMA["create"]["properties"]) == set(form["properties"])
    for name, kept in SCHEMA["create"]["properties"].items():
        theirs = form["properties"][name]
        assert all(
            kept.get(key) == theirs[key] for key in ("type", "pattern", "minLength", "maxLength", "format") if key in theirs
        )
    assert set(SCHEMA["list"]["properties"]) == {p["name"] for p in described["get"]["parameters"] if p["in"] == "query"}
