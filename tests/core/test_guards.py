"""Floods, loops and bills are held back; an emergency, STOP, HELP and HUMAN never are."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from bot.app import App
from bot.ceiling import Ceiling
from bot.content import Loaded
from bot.core.autoreply import is_auto_reply
from bot.core.guards import FLOOD
from bot.store import Store, StoreDown
from bot.store.memory import MemoryStore
from tests.phone import Clock, Phone, make_app

ALWAYS = {
    "she is not breathing": "911",
    "i want to kill myself": "988",
    "STOP": "unsubscribed",
    "HELP": "Contact:",
    "HUMAN": "1-800",
}


def flooded(phone: Phone) -> list[str]:
    for _ in range(FLOOD):
        assert phone.text("menu")
    return phone.text("menu")


def test_a_flood_is_told_once_and_then_met_with_silence_until_it_is_quiet(phone: Phone, clock: Clock) -> None:
    assert "pause a minute" in flooded(phone)[0]
    assert phone.text("detox") == []
    assert phone.text("menu") == []
    clock.pass_(120)
    assert "DETOX" in phone.says("menu").upper()


def test_a_flood_told_once_is_told_again_when_a_new_one_comes(phone: Phone, clock: Clock) -> None:
    assert flooded(phone)
    clock.pass_(180)
    assert "pause a minute" in flooded(phone)[0]


@pytest.mark.parametrize(("text", "holds"), ALWAYS.items())
def test_no_flood_stands_before_what_cannot_wait(phone: Phone, text: str, holds: str) -> None:
    flooded(phone)
    assert holds in phone.says(text)


def test_the_steps_of_an_emergency_go_on_in_a_flood(phone: Phone) -> None:
    flooded(phone)
    phone.says("she is not breathing")
    assert phone.says("2")


def test_thirty_texts_in_a_minute_are_all_answered(phone: Phone, clock: Clock) -> None:
    for _ in range(FLOOD):
        assert phone.text("menu")
        clock.pass_(1.9)


def test_an_automatic_reply_is_answered_once(phone: Phone) -> None:
    text = "I'm driving right now. I'll get back to you later."
    assert "automatic reply" in phone.says(text)
    assert phone.text(text) == []
    assert phone.text("Auto-reply: I am out of the office until Monday") == []
    assert "911" in phone.says("he is not breathing im driving")


@pytest.mark.parametrize(
    "text",
    [
        "I'm driving right now.",
        "I’m driving with Do Not Disturb While Driving turned on. I’ll see your message when I get where I’m going.",
        "Automatic reply: out of office",
        "Sorry, can't talk right now. Call you later",
        "Estoy manejando, te llamo cuando llegue",
        "This number is not monitored.",
    ],
)
def test_automatic_replies_are_known(text: str) -> None:
    assert is_auto_reply(text)


@pytest.mark.parametrize(
    "text",
    ["im driving him to the er", "im driving myself crazy over this", "im out of suboxone", "i cant talk right now hes in the room",
     "i am busy dying in here", "my son is away at college", "im driving and dopesick what do i do"],
)  # fmt: skip
def test_people_are_not_taken_for_machines(text: str) -> None:
    assert not is_auto_reply(text)


def test_past_the_ceiling_of_a_day_people_get_one_segment_with_the_numbers(loaded: Loaded, store: Store, clock: Clock) -> None:
    phone = Phone(make_app(loaded, store, clock, daily_segments=4))
    phone.text("detox")
    phone.text("menu")
    clock.pass_(10)
    held = phone.text("detox")
    assert len(held) == 1
    assert len(held[0]) <= 160
    assert all(number in held[0] for number in ("911", "988", "1-800-662-4357"))
    for text, holds in ALWAYS.items():
        assert holds in Phone(phone.app, f"+1617555{len(text):04d}").says(text)
    clock.pass_(86400)
    assert "DETOX" in phone.says("detox").upper()


def test_the_ceiling_counts_what_all_processes_send(loaded: Loaded, store: Store, clock: Clock) -> None:
    one, two = (make_app(loaded, store, clock, daily_segments=6) for _ in range(2))
    Phone(one).text("detox")
    clock.pass_(10)
    Phone(one).text("menu")
    clock.pass_(10)
    Phone(two, "+16175550100").text("menu")
    clock.pass_(10)
    Phone(two, "+16175550100").text("detox")
    assert "can't send more texts today" in Phone(two, "+16175550100").says("menu")


@pytest.mark.parametrize("number", ["+447700900123", "+14165550123", "whatsapp:+525512345678"])
def test_senders_outside_the_us_get_the_emergency_numbers(phones: Callable[[str], Phone], number: str) -> None:
    abroad = phones(number)
    assert "Elsewhere: your local emergency number" in abroad.says("detox")
    for text, holds in ALWAYS.items():
        assert holds in abroad.says(text)


@pytest.mark.parametrize("number", ["+16175550100", "+17875550100", "+18005550100", "12345", "whatsapp:+16175550100"])
def test_senders_of_the_us_and_its_territories_are_served(phones: Callable[[str], Phone], number: str) -> None:
    assert "Elsewhere" not in phones(number).says("detox")


def test_a_program_may_serve_abroad(loaded: Loaded, store: Store, clock: Clock) -> None:
    app: App = make_app(loaded, store, clock, answer_abroad=True)
    assert "Elsewhere" not in Phone(app, "+447700900123").says("detox")


class _Away(MemoryStore):
    """Away while `away` is set."""

    away = False

    def add(self, name: str, amount: int, life: int) -> int:
        if self.away:
            raise StoreDown("away")
        return super().add(name, amount, life)


def test_what_was_sent_while_the_store_was_away_counts_when_it_is_back(clock: Clock) -> None:
    store = _Away(clock)
    one, other = Ceiling(store, 10, clock), Ceiling(store, 10, clock)
    store.away = True
    for _ in range(4):
        one.spend(2)
        clock.pass_(10)
    store.away = False
    one.spend(1)
    other.spend(1)
    assert other.reached()


@pytest.mark.parametrize("text", ["im busy", "estoy ocupada", "im in a meeting"])
def test_a_person_who_is_busy_is_not_met_with_silence(phone: Phone, text: str) -> None:
    assert phone.text(text)
    assert phone.text(text)
