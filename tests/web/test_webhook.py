"""Raw Twilio forms through the front door."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
import redis
from pydantic import SecretStr
from twilio.request_validator import RequestValidator
from werkzeug.datastructures import MultiDict

from bot.app import App
from bot.content import Loaded
from bot.embedded import Server
from bot.store.connect import connect
from bot.store.memory import MemoryStore
from bot.store.redis import RedisStore
from bot.web import create_app
from tests.phone import NUMBER, TOKEN, Clock, Phone, make_app, messages, sign

SMS = [("MessageSid", "SM1"), ("From", NUMBER), ("To", "+15005550001"), ("NumMedia", "0")]
LONG = "rehab and " * 200

# label, form, what the answer holds
FORMS: list[tuple[str, list[tuple[str, str]], str]] = [
    ("an SMS", [*SMS, ("Body", "detox")], "Where are you now?"),
    ("a messaging service", [*SMS, ("Body", "detox"), ("MessagingServiceSid", "MG" + "0" * 32)], "Where are you now?"),
    (
        "WhatsApp",
        [("MessageSid", "SM1"), ("From", f"whatsapp:{NUMBER}"), ("WaId", NUMBER[1:]), ("ProfileName", "A"), ("Body", "detox")],
        "Where",
    ),
    ("an unknown parameter", [*SMS, ("Body", "detox"), ("Brand-New", "x y")], "Where are you now?"),
    ("a repeated parameter", [*SMS, ("Body", "detox"), ("Twice", "a"), ("Twice", "b")], "Where are you now?"),
    ("no Body at all", SMS, "This is Opioid Text Line"),
    ("an empty Body", [*SMS, ("Body", "")], "This is Opioid Text Line"),
    ("only spaces", [*SMS, ("Body", "   \n ")], "This is Opioid Text Line"),
    (
        "a picture without words",
        [*SMS[:3], ("NumMedia", "1"), ("MediaUrl0", "https://api.twilio.com/x"), ("MediaContentType0", "image/png")],
        "can't open",
    ),
    ("a picture with words", [*SMS[:3], ("NumMedia", "2"), ("Body", "detox")], "Where are you now?"),
    ("a count that is no number", [*SMS[:3], ("NumMedia", "many"), ("Body", "detox")], "Where are you now?"),
    ("1,600 characters", [*SMS, ("Body", LONG[:1600])], "HUMAN"),
    ("emoji", [*SMS, ("Body", "\U0001f62d\U0001f62d\U0001f64f\U0001f3fd")], "Opioid Text Line"),
    ("Chinese", [*SMS, ("Body", "我需要帮助")], "Opioid Text Line"),
    ("Arabic", [*SMS, ("Body", "أحتاج إلى مساعدة")], "Opioid Text Line"),
    ("a null character", [*SMS, ("Body", "detox\x00")], "Where are you now?"),
    ("a curly apostrophe", [*SMS, ("Body", "he isn’t breathing")], "CALL 911 NOW"),
    ("a message id under its old name", [("SmsSid", "SM1"), ("From", NUMBER), ("Body", "detox")], "Where are you now?"),
    ("no message id", [("From", NUMBER), ("Body", "detox")], "Where are you now?"),
    ("an anonymous sender", [("From", "anonymous"), ("Body", "detox")], "Where are you now?"),
    ("a short code sender", [("From", "12345"), ("Body", "detox")], "Where are you now?"),
]


@pytest.mark.parametrize(("label", "form", "holds"), FORMS, ids=[f[0] for f in FORMS])
def test_a_real_form_is_answered(phone: Phone, label: str, form: list[tuple[str, str]], holds: str) -> None:
    response = phone.post(form)
    assert (response.status_code, response.mimetype) == (200, "text/xml"), label
    answered = messages(response.text)
    assert answered
    assert holds in "\n".join(answered)
    assert all(len(message) <= 1600 for message in answered)


@pytest.mark.parametrize("signature", ["", "wrong", "RSOYDt4T1cUTdK1PDd93/VVr8B8=", "é"])
def test_a_wrong_signature_is_refused_and_nothing_is_stored(
    phone: Phone, raw: redis.Redis, signature: str, logs: Callable[[], str]
) -> None:
    response = phone.post([*SMS, ("Body", "my secret words")], signature=signature)
    assert response.status_code == 403
    assert list(raw.scan_iter()) == []
    assert "secret words" not in logs()


def test_a_changed_text_breaks_the_signature(phone: Phone) -> None:
    signature = sign([*SMS, ("Body", "detox")])
    assert phone.post([*SMS, ("Body", "stop")], signature=signature).status_code == 403


def test_a_run_of_refusals_is_logged_once_with_the_address(phone: Phone, logs: Callable[[], str]) -> None:
    for _ in range(12):
        phone.post([*SMS, ("Body", "hidden words")], signature="wrong")
    lines = [json.loads(line) for line in logs().splitlines()]
    refused = [line for line in lines if line["event"] == "signatures_refused"]
    assert [line["url"] for line in refused] == ["https://helpline.example.org/twilio/sms"]
    assert "PUBLIC_URL" in refused[0]["hint"]


def test_both_tokens_count_while_one_is_rotated(loaded: Loaded, clock: Clock) -> None:
    app = make_app(loaded, MemoryStore(clock), clock, twilio_auth_token=[SecretStr("new"), SecretStr(TOKEN)])
    assert Phone(app).text("detox")


def test_the_address_of_the_proxy_counts_when_it_is_trusted(loaded: Loaded, clock: Clock) -> None:
    form = [*SMS, ("Body", "detox")]
    headers = {
        "X-Twilio-Signature": sign(form, "https://line.example.net/twilio/sms"),
        "X-Forwarded-Proto": "https",
        "X-Forwarded-Host": "line.example.net",
    }
    trusting = make_app(loaded, MemoryStore(clock), clock, public_url="", trust_proxy=True)
    wary = make_app(loaded, MemoryStore(clock), clock, public_url="")
    assert create_app(trusting).test_client().post("/twilio/sms", data=MultiDict(form), headers=headers).status_code == 200
    assert create_app(wary).test_client().post("/twilio/sms", data=MultiDict(form), headers=headers).status_code == 403


def test_without_a_public_url_the_request_s_own_address_counts(loaded: Loaded, clock: Clock) -> None:
    app = make_app(loaded, MemoryStore(clock), clock, public_url="")
    form = [*SMS, ("Body", "detox")]
    headers = {"X-Twilio-Signature": sign(form, "http://localhost/twilio/sms?a=1")}
    assert create_app(app).test_client().post("/twilio/sms?a=1", data=MultiDict(form), headers=headers).status_code == 200


def test_what_is_no_message_gets_the_right_status(phone: Phone) -> None:
    assert phone.post([("Body", "no sender")]).status_code == 400
    assert phone.client.get("/twilio/sms").status_code == 405
    assert phone.client.post("/twilio/nothing").status_code == 404
    big = [*SMS, ("Body", "x" * 70_000)]
    assert phone.post(big).status_code == 413


VECTORS = json.loads((Path(__file__).parent / "request_validator_vectors.json").read_text())


@pytest.mark.parametrize("vector", VECTORS, ids=[v["name"] for v in VECTORS])
def test_published_signature_vectors(vector: dict[str, object]) -> None:
    params = vector["raw_body"] if "raw_body" in vector else MultiDict([tuple(pair) for pair in vector["params"]])  # type: ignore[attr-defined]
    assert RequestValidator(vector["auth_token"]).validate(vector["url"], params, vector["signature"]) == vector["valid"]


def test_two_people_have_two_conversations(phones: Callable[[str], Phone]) -> None:
    ann, bob = phones("+15005550006"), phones("+15005550007")
    ann.says("detox")
    assert "Signs" in bob.says("hi")
    assert "hospital" in ann.says("2").lower() or "plan" in ann.says("back").lower()


def test_health_says_what_works(app: App, phone: Phone) -> None:
    assert phone.client.get("/health/live").status_code == 200
    ready = phone.client.get("/health/ready")
    assert ready.status_code == 200
    assert ready.json is not None
    assert ready.json["store"] == "ok"


def test_a_store_that_may_evict_is_not_ready(phone: Phone, raw: redis.Redis) -> None:
    raw.config_set("maxmemory-policy", "allkeys-lru")
    try:
        ready = phone.client.get("/health/ready")
    finally:
        raw.config_set("maxmemory-policy", "noeviction")
    assert ready.status_code == 503
    assert "noeviction" in str(ready.json)


def test_a_store_without_an_append_only_file_is_warned_about(loaded: Loaded, clock: Clock, tmp_path: Path) -> None:
    """On a server of its own: a large file that is given up is written through to disk first, which takes a while."""
    server = Server(tmp_path)
    server.start()
    client = connect(server.url)
    client.config_set("appendonly", "no")
    ready = Phone(make_app(loaded, RedisStore(client, clock), clock)).client.get("/health/ready")
    server.stop()
    assert ready.status_code == 200
    assert "append-only" in str(ready.json)


def test_a_store_that_is_gone_is_not_ready(loaded: Loaded, clock: Clock, tmp_path: Path) -> None:
    gone = make_app(loaded, RedisStore(connect(f"unix://{tmp_path}/gone.sock"), clock), clock)
    ready = Phone(gone).client.get("/health/ready")
    assert (ready.status_code, ready.json and ready.json["store"]) == (503, "down")
