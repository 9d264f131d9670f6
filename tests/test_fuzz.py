"""Whatever comes in: an answer that Twilio accepts, and a way to a person within two texts. Nothing of anybody is left lying."""

from __future__ import annotations

import base64
import hashlib
import re
import zlib
from collections.abc import Callable, Iterator
from urllib.parse import parse_qsl, quote_from_bytes

import pytest
import redis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.app import App
from bot.content import Loaded
from bot.core.sms import LONGEST
from bot.store.memory import MemoryStore
from tests.phone import Clock, Phone, make_app, messages, sign

A_WAY = re.compile(r"HUMAN|PERSONA|\b911\b|\b988\b|1-800-662-4357|talk to a person|person", re.IGNORECASE)
FIELDS = ["MessageSid", "From", "To", "Body", "NumMedia", "OptOutType", "FromCountry", "ProfileName", "Extra"]
# What people and machines write, beside any text at all: words that move, so that sequences get somewhere.
WORDS = st.sampled_from(
    """menu|1|2|3|4|5|6|0|9|more|back|stop|start|help|human|espanol|english|forget|erase|detox|dope sick|02139|find help|yes|no|ok
    |my son isnt breathing|i want to die|shes awake|no hes not breathing|quiero morir|what is suboxone|no se que hacer|thanks
    |I'm driving right now|Liked “CALL 911 NOW”|quit|cancel|STOP texting me|asdf|?|👍|ayuda|hola|0 0 0|1 2|٣|1️⃣""".replace(
        "\n", ""
    ).split("|")
)
TEXTS = st.one_of(WORDS.map(str.strip), st.text(max_size=1700), st.text(alphabet="0123456789 -.", max_size=12))
GAPS = st.sampled_from([3, 40, 600, 7 * 3600, 2 * 86400])  # seconds; never as fast as a flood
SLOWLY = settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)


Fresh = Callable[[], tuple[Phone, Clock]]


@pytest.fixture(scope="module")
def fresh(loaded: Loaded) -> Fresh:
    """A stranger's phone, on a helpline that remembers nobody."""

    def made() -> tuple[Phone, Clock]:
        clock = Clock()
        return Phone(make_app(loaded, MemoryStore(clock), clock)), clock

    return made


@SLOWLY
@given(form=st.lists(st.tuples(st.one_of(st.sampled_from(FIELDS), st.text(max_size=20)), st.text(max_size=300)), max_size=12))
def test_any_text_in_any_parameter_is_answered_or_refused_and_never_an_error(fresh: Fresh, form: list[tuple[str, str]]) -> None:
    phone, _ = fresh()
    response = phone.post(form)
    assert response.status_code in (200, 400)
    if response.status_code == 200:
        assert all(0 < len(message) <= LONGEST for message in messages(response.text))


@SLOWLY
@given(
    body=st.binary(max_size=400),
    kind=st.sampled_from(["application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "x"]),
)
def test_any_bytes_without_a_signature_are_refused(fresh: Fresh, body: bytes, kind: str) -> None:
    phone, _ = fresh()
    response = phone.client.post("/twilio/sms", data=body, content_type=kind, headers={"X-Twilio-Signature": "x"})
    assert response.status_code in (400, 403)


@SLOWLY
@given(body=st.binary(max_size=300))
def test_any_signed_bytes_as_a_text_are_answered(fresh: Fresh, body: bytes) -> None:
    phone, _ = fresh()
    raw = f"From=%2B{phone.number[1:]}&Body={quote_from_bytes(body)}"
    signature = sign(parse_qsl(raw, keep_blank_values=True, errors="werkzeug.url_quote"))  # as werkzeug reads what is no UTF-8
    response = phone.client.post(
        "/twilio/sms", data=raw, content_type="application/x-www-form-urlencoded", headers={"X-Twilio-Signature": signature}
    )
    assert response.status_code == 200
    assert all(len(message) <= LONGEST for message in messages(response.text))


@SLOWLY
@given(turns=st.lists(st.tuples(TEXTS, GAPS), min_size=1, max_size=50))
def test_any_talk_leads_to_a_person_within_two_texts(fresh: Fresh, turns: list[tuple[str, int]]) -> None:
    phone, clock = fresh()
    told: list[str] = []
    for text, gap in turns:
        answer = phone.says(text)
        told = [*told, answer][-2:]
        assert not any(told) or any(A_WAY.search(one) for one in told if one), told
        clock.pass_(gap)
    human = phone.says("human")
    assert "1-800-662-4357" in human


def test_after_five_hundred_talks_nothing_of_anybody_is_found_in_a_key_a_value_or_a_log_line(
    app: App, raw: redis.Redis, logs: Callable[[], str]
) -> None:
    texts = [
        "dope sick and alone in Rockford",
        "my cousin Rosalinda uses",
        "STOP",
        "HUMAN",
        "i want to die tonight",
        "2",
        "02139",
    ]
    numbers = [f"+1312555{i:04d}" for i in range(500)]
    phone = Phone(app)
    for i, phone.number in enumerate(numbers):
        for text in (texts[i % 7], texts[(i + 3) % 7]):
            phone.text(text, FromCity="Springfield", ProfileName="Ann Example")
    for i in range(20):
        phone.client.get("/chat", environ_base={"REMOTE_ADDR": f"8.8.4.{i}"})
    kept = "\n".join([*everything(raw), logs()])
    assert len(kept) > 50_000
    for number in numbers:
        for form in (number, number[1:], number[2:], *plain_hashes(number)):
            assert form not in kept
    for i in range(20):
        for form in (f"8.8.4.{i}", *plain_hashes(f"8.8.4.{i}")):
            assert form not in kept
    for text in ("alone in Rockford", "Rosalinda", "die tonight", "Springfield", "Ann Example", "02139"):
        assert text not in kept


def everything(raw: redis.Redis) -> Iterator[str]:
    """Every key and value of any type, as it is, base64-decoded and inflated."""
    read: dict[bytes, Callable[[bytes], object]] = {
        b"string": raw.get, b"hash": raw.hgetall, b"set": raw.smembers,
        b"list": lambda key: raw.lrange(key, 0, -1), b"zset": lambda key: raw.zrange(key, 0, -1, withscores=True),
        b"stream": raw.xrange,
    }  # fmt: skip
    for key in raw.scan_iter():
        yield key.decode("latin-1")
        kind = raw.type(key)
        assert isinstance(kind, bytes)
        for value in leaves(read[kind](key)):
            yield from forms(value)


def leaves(value: object) -> Iterator[bytes]:
    if isinstance(value, bytes):
        yield value
    elif isinstance(value, dict):
        for pair in value.items():
            yield from leaves(pair)
    elif isinstance(value, list | tuple | set):
        for item in value:
            yield from leaves(item)


def forms(value: bytes) -> Iterator[str]:
    yield value.decode("latin-1")
    for change in (base64.b64decode, base64.urlsafe_b64decode, zlib.decompress):
        try:
            yield change(value).decode("latin-1")
        except (ValueError, zlib.error):
            continue


def plain_hashes(told: str) -> Iterator[str]:
    for name in ("md5", "sha1", "sha256", "sha512"):
        digest = hashlib.new(name, told.encode())
        yield digest.hexdigest()
        yield base64.b32encode(digest.digest()).decode().lower()[:26]
        yield base64.b64encode(digest.digest()).decode()[:20]
