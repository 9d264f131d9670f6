"""What happens to one text: counted once, answered whatever breaks."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
import redis

from bot.app import App
from bot.content import Loaded
from bot.core.messages import Message
from bot.inbound import BUDGET, LAST_RESORT, receive
from bot.store.connect import connect
from bot.store.redis import RedisStore
from tests.phone import Clock, Phone, make_app


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
    assert "Opioid Text Line" in phone.says("hi")
