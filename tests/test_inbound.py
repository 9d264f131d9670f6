"""What happens to one text: counted once, answered whatever breaks."""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import redis
from pydantic import SecretStr

from bot.app import App, build
from bot.contacts import contact_id
from bot.content import Loaded
from bot.core.messages import Message
from bot.embedded import Server
from bot.inbound import BUDGET, LAST_RESORT, receive
from bot.settings import Settings
from bot.store import Record
from bot.store.connect import DEADLINE, connect
from bot.store.deadline import left
from bot.store.memory import MemoryStore
from bot.store.redis import RedisStore
from tests.phone import PUBLIC_URL, SECRET, TOKEN, Clock, Phone, make_app, sign
from tests.trips import trips


def test_a_retry_gets_the_same_answer_and_changes_nothing(phone: Phone, raw: redis.Redis) -> None:
    phone.text("detox")
    first = phone.text("1", message_id="SM-one")
    kept = {key: raw.get(key) for key in raw.scan_iter("hl:{*")}
    assert phone.text("1", message_id="SM-one") == first
    assert {key: raw.get(key) for key in raw.scan_iter("hl:{*")} == kept


def test_a_late_retry_gets_its_own_answer_not_the_latest(phone: Phone) -> None:
    first = phone.text("detox", message_id="SM-one")
    second = phone.text("medicine", message_id="SM-two")
    assert phone.text("detox", message_id="SM-one") == first
    assert phone.text("medicine", message_id="SM-two") == second
    assert first != second


def test_each_of_the_last_eight_messages_gets_its_own_answer_again(phone: Phone) -> None:
    said = ("hello", "4", "detoxx", "2", "does medicaid pay", "menu", "1", "signs")
    first = [phone.text(text, message_id=f"SM-{text}") for text in said]
    assert [phone.text(text, message_id=f"SM-{text}") for text in reversed(said)] == first[::-1]


def test_a_retry_of_stop_is_one_goodbye(phone: Phone) -> None:
    goodbye = phone.text("STOP", message_id="SM-stop")
    assert phone.text("STOP", message_id="SM-stop") == goodbye
    assert goodbye[0].startswith("You are unsubscribed from Opioid Text Line. No more texts.")


def test_eight_texts_at_once_are_all_answered_and_counted(app: App, raw: redis.Redis) -> None:
    phones = [Phone(app) for _ in range(8)]
    answers: list[list[str]] = []
    senders = [threading.Thread(target=lambda p=p: answers.append(p.text("detox"))) for p in phones]
    for sender in senders:
        sender.start()
    for sender in senders:
        sender.join()
    assert len(answers) == 8
    assert all(answers)
    ids = [phone.last_id for phone in phones]
    again = [phones[0].text("menu", message_id=id_) for id_ in ids]  # had one not been counted, it would open the menu now
    assert all("Where are you now?" in answer[0] for answer in again)


@pytest.mark.parametrize(
    ("text", "holds"),
    [
        ("my son isnt breathing", "CALL 911 NOW"),
        ("quiero matarme", "988"),
        ("STOP", "You are unsubscribed"),
        ("HELP", "Contact:"),
        ("HUMAN", "1-800-662-4357"),
        ("dope sick", "Emergency: call 911"),
        ("2", "DETOX"),
        ("asdf", "1-800-662-4357"),
    ],
)
def test_without_a_store_everybody_is_answered_and_no_digit_is_offered(
    loaded: Loaded, clock: Clock, tmp_path: Path, text: str, holds: str
) -> None:
    gone = RedisStore(connect(f"unix://{tmp_path}/gone.sock"), clock)
    answer = Phone(make_app(loaded, gone, clock)).says(text)
    assert holds in answer
    assert "\n1 " not in answer


def test_a_frozen_store_costs_less_than_two_seconds(server: object, loaded: Loaded, clock: Clock, tmp_path: Path) -> None:
    import socket

    listener = socket.socket(socket.AF_UNIX)
    listener.bind(str(tmp_path / "frozen.sock"))
    listener.listen(8)  # accepts, and never answers
    app = make_app(loaded, RedisStore(connect(f"unix://{tmp_path}/frozen.sock"), clock), clock)
    began = time.monotonic()
    assert "1-800-662-4357" in Phone(app).says("detox")
    assert time.monotonic() - began < BUDGET + 0.8
    listener.close()


def test_a_store_that_fails_between_reading_and_writing_sends_the_decided_answer(app: App, raw: redis.Redis) -> None:
    phone = Phone(app)
    phone.says("detox")
    raw.config_set("maxmemory", "1")  # full: reads work, writes are refused
    try:
        answer = phone.says("1")
    finally:
        raw.config_set("maxmemory", "0")
    assert "911" in answer
    assert "1 " in answer


def test_a_bug_in_the_engine_is_answered_with_the_numbers(app: App, logs: Callable[[], str]) -> None:
    words = replace(app.content.words, nodes={})  # every look-up raises
    broken = replace(app, loaded=replace(app.loaded, content=replace(app.content, words=words)))
    assert "1-800-662-4357" in Phone(broken).says("my private words")
    assert "CALL 911 NOW" in Phone(broken).says("she is not breathing")
    assert "private words" not in logs()


def test_even_without_content_there_is_a_last_resort(app: App) -> None:
    words = replace(app.content.words, nodes={}, spoken={})
    broken = replace(app, loaded=replace(app.loaded, content=replace(app.content, words=words)))
    for text, kind in (("she is not breathing", "overdose"), ("i want to die", "suicide"), ("hi", "")):
        assert receive(broken, Message("ann", text)).messages == [LAST_RESORT[kind]]


def test_a_session_at_a_node_that_is_gone_goes_on_nearby(app: App, phone: Phone, raw: redis.Redis) -> None:
    from bot.store.blob import pack, unpack

    phone.says("detox")
    key = next(iter(raw.scan_iter("hl:{*:s")))
    session = unpack(raw.get(key))  # type: ignore[arg-type]
    assert session
    raw.set(key, pack(replace(session, node="detox.from_an_older_deploy", history=("gone.away",))))
    answer = phone.says("2")
    assert "I'm sick right now" in answer  # not taken for choice 2 of a question that was never asked
    assert "Where are you now?" in phone.says("back") or "What would help" in phone.says("menu")


def test_an_older_session_is_a_fresh_start(phone: Phone, raw: redis.Redis) -> None:
    phone.says("detox")
    raw.set(next(iter(raw.scan_iter("hl:{*:s"))), b"\x92\x63\x00")
    answer = phone.says("hi")
    assert "I lost our place" in answer
    assert "Opioid Text Line" in answer


@pytest.fixture
def lasting(loaded: Loaded, clock: Clock, tmp_path: Path) -> Iterator[tuple[App, Server]]:
    """An app as production builds it, on a server of its own that a test may stop."""
    server = Server(tmp_path / "store")
    server.start()
    settings = Settings(
        redis_url=server.url, spool=tmp_path / "optouts.db", helpline_secret=SecretStr(SECRET), public_url=PUBLIC_URL,
        twilio_auth_token=[SecretStr(TOKEN)], helpline_keys=[],
    )  # fmt: skip
    yield build(settings, clock=clock, live=True), server
    server.stop()


def test_a_text_costs_two_round_trips_and_a_retry_one(lasting: tuple[App, Server]) -> None:
    """On a server of its own: on a shared one a client of an earlier test that is closed counts too."""
    app, server = lasting
    phone, raw = Phone(app), connect(server.url)

    def costs(text: str, message_id: str) -> int:
        return trips(raw, lambda: phone.text(text, message_id=message_id))

    phone.text("hello")  # connects, and notes that a right signature came
    assert [costs("detox", "SM1"), costs("2", "SM2"), costs("he isnt breathing", "SM3")] == [2, 2, 2]
    assert costs("2", "SM2") == 1


def restarted(server: Server) -> None:
    server.process = server.spawn()


def answered_from_memory(phone: Phone) -> bool:
    return "Where are you now?" in phone.says("detox")


def test_an_opt_out_while_the_store_is_gone_holds_and_reaches_the_store_when_it_is_back(lasting: tuple[App, Server]) -> None:
    app, server = lasting
    server.stop()
    phone = Phone(app)
    assert "You are unsubscribed" in phone.says("STOP")
    assert phone.text("detox") == []  # honoured meanwhile
    assert "988" in phone.says("i want to die")
    restarted(server)
    other = Phone(app, "+16175550199")
    wait_until(lambda: answered_from_memory(other))
    assert app.spool.waiting() == 0
    assert app.store.load(contact_id(app.secret, "sms", phone.number)).opted_out
    assert "we don't answer here" in phone.says("detox")


def test_start_in_the_spool_brings_back_and_the_later_word_wins(lasting: tuple[App, Server]) -> None:
    app, server = lasting
    phone = Phone(app)
    phone.says("STOP")
    server.stop()
    app.clock.pass_(10)  # type: ignore[attr-defined]
    assert "Welcome back" in phone.says("START")
    restarted(server)
    wait_until(lambda: answered_from_memory(phone))


def test_a_dead_store_costs_one_text_its_deadline_and_heals_by_itself(lasting: tuple[App, Server]) -> None:
    app, server = lasting
    server.process.send_signal(signal.SIGSTOP)  # type: ignore[union-attr]
    try:
        Phone(app).says("detox")
        began = time.monotonic()
        for i in range(10):
            assert "1-800-662-4357" in Phone(app, f"+1617555010{i}").says("detox")
        assert time.monotonic() - began < 10 * DEADLINE  # had each waited, it would be this and more
    finally:
        server.process.send_signal(signal.SIGCONT)  # type: ignore[union-attr]
    wait_until(lambda: answered_from_memory(Phone(app, "+16175550111")))


def test_a_store_that_was_not_there_at_the_start_is_used_when_it_comes(loaded: Loaded, clock: Clock, tmp_path: Path) -> None:
    server = Server(tmp_path / "store")
    settings = Settings(redis_url=server.url, spool=tmp_path / "s.db", helpline_secret=SecretStr(SECRET), public_url=PUBLIC_URL,
                        twilio_auth_token=[SecretStr(TOKEN)])  # fmt: skip
    app = build(settings, clock=clock, live=True)
    assert "can't keep track" in Phone(app).says("hello")
    server.start()
    try:
        wait_until(lambda: answered_from_memory(Phone(app)))
    finally:
        server.stop()


def test_a_conversation_that_cannot_be_read_is_begun_anew_and_said_kindly(phone: Phone, raw: redis.Redis) -> None:
    phone.says("detox")
    raw.set(next(iter(raw.scan_iter("hl:{*:s"))), b"garbage")
    answer = phone.says("2")
    assert answer.startswith("Sorry, I lost our place")
    assert "1 " in answer
    assert "I lost our place" not in phone.says("2")


def test_an_emergency_comes_first_even_where_the_conversation_was_lost(phone: Phone, raw: redis.Redis) -> None:
    phone.says("detox")
    raw.set(next(iter(raw.scan_iter("hl:{*:s"))), b"garbage")
    assert phone.says("she is not breathing").startswith("CALL 911 NOW")


def wait_until(true: Callable[[], bool]) -> None:
    end = time.monotonic() + 20
    while not true():
        assert time.monotonic() < end
        time.sleep(0.1)


def test_a_full_store_keeps_no_opt_out_so_the_spool_does_until_it_takes_it(lasting: tuple[App, Server], raw: redis.Redis) -> None:
    app, server = lasting
    own = connect(server.url)
    phone = Phone(app)
    phone.says("detox")
    own.config_set("maxmemory", "1")
    assert "You are unsubscribed" in phone.says("STOP")
    assert app.spool.waiting() == 1
    assert phone.text("detox") == []
    own.config_set("maxmemory", "0")
    Phone(app, "+16175550122").says("detox")  # anybody's text takes it along
    assert app.spool.waiting() == 0
    assert app.store.load(contact_id(app.secret, "sms", phone.number)).opted_out


def test_stop_among_thirty_texts_at_one_moment_holds(app: App) -> None:
    phones = [Phone(app) for _ in range(30)]
    texts = ["detox"] * 29 + ["STOP"]
    answers: list[list[str]] = []
    senders = [threading.Thread(target=lambda p=p, t=t: answers.append(p.text(t))) for p, t in zip(phones, texts, strict=True)]
    for sender in senders:
        sender.start()
    for sender in senders:
        sender.join()
    assert len(answers) == 30
    assert any("You are unsubscribed" in a[0] for a in answers if a)
    assert app.store.load(contact_id(app.secret, "sms", phones[0].number)).opted_out


def test_a_form_without_a_message_id_is_counted_once_by_its_idempotency_token(phone: Phone) -> None:
    form = [("From", phone.number), ("Body", "detox")]
    headers = {"X-Twilio-Signature": sign(form), "I-Twilio-Idempotency-Token": "token-1"}
    first = phone.client.post("/twilio/sms", data=dict(form), headers=headers).text
    assert phone.client.post("/twilio/sms", data=dict(form), headers=headers).text == first
    assert "1-800" in phone.says("human")
    assert phone.client.post("/twilio/sms", data=dict(form), headers=headers).text == first


def test_all_calls_of_one_text_share_one_budget(app: App, clock: Clock) -> None:
    class Told(MemoryStore):
        """Notes how long a call may take."""

        def load(self, contact: str) -> Record:
            given.append(left(None) or 0)
            return super().load(contact)

    given: list[float] = []
    Phone(replace(app, store=Told(clock))).says("detox")
    assert 0 < given[0] <= BUDGET
