"""The page of a web chat while a hand-off is open: loaded again, closed, seen by the counselor."""

from __future__ import annotations

import pytest

from bot import tickets
from bot.app import App
from bot.store.desk import BACK_WITHIN, SEEN_EVERY
from tests.chat import Chat
from tests.counselors import ANA, BEN, SUE, Recorder, on_duty, work
from tests.phone import Clock


@pytest.fixture
def chat(desk_app: App) -> Chat:
    on_duty(desk_app, ANA)
    return Chat(desk_app)


@pytest.fixture
def post() -> Recorder:
    return Recorder()


def later(app: App, clock: Clock, seconds: float) -> None:
    clock.pass_(seconds)
    work(app, Recorder(), clock)


def test_a_closed_page_ends_the_talk_when_it_does_not_come_back(desk_app: App, chat: Chat, clock: Clock) -> None:
    ticket = chat.in_line()
    chat.closes()
    later(desk_app, clock, BACK_WITHIN - 1)
    assert [row.id for row in tickets.queue(desk_app)] == [ticket]
    later(desk_app, clock, 1)
    assert tickets.queue(desk_app) == ()
    with pytest.raises(tickets.Gone):
        tickets.conversation(desk_app, SUE, ticket)


def test_a_page_that_comes_back_goes_on_and_is_told_so(desk_app: App, chat: Chat, clock: Clock) -> None:
    ticket = chat.in_line()
    tickets.claim(desk_app, ANA, ticket)
    tickets.reply(desk_app, ANA, ticket, "Hello from Ana", "t1")
    work(desk_app, Recorder(), clock)
    chat.closes()
    clock.pass_(3)
    told = chat.looks(again=True)
    assert "still with your counselor" in str(told["still"])
    assert "Hello from Ana" in str(told["messages"])
    later(desk_app, clock, BACK_WITHIN)
    assert tickets.conversation(desk_app, ANA, ticket).row.state == "connected"


def test_without_a_hand_off_a_closed_page_is_erased_at_once(desk_app: App, chat: Chat) -> None:
    chat.says("detox")
    chat.closes()
    assert "This is Opioid Text Line" in chat.says("2")


def test_in_an_emergency_the_talk_stays_and_the_counselor_is_told_that_the_page_is_closed(
    desk_app: App, chat: Chat, clock: Clock
) -> None:
    chat.says("I want to die")
    ticket = chat.in_line()
    tickets.claim(desk_app, ANA, ticket)
    chat.looks()
    chat.closes()
    later(desk_app, clock, 120)
    found = tickets.conversation(desk_app, ANA, ticket)
    assert (found.row.state, clock() - found.page_closed) == ("connected", 120)
    with pytest.raises(tickets.NotSendable, match="page was closed"):
        tickets.reply(desk_app, ANA, ticket, "are you there?", "t1")
    assert chat.looks() == {"handedOver": False, "messages": [], "still": ""}  # whoever opens the tab again is a stranger


def test_a_page_that_is_no_longer_there_is_seen_without_a_word_of_its_own(desk_app: App, chat: Chat, clock: Clock) -> None:
    ticket = chat.in_line()
    chat.looks()
    seen = clock()
    clock.pass_(240)  # the phone died
    found = tickets.conversation(desk_app, ANA, ticket)
    assert (found.page_seen, found.page_closed) == (seen, 0.0)


def test_looking_every_two_seconds_writes_every_ten(desk_app: App, chat: Chat, clock: Clock) -> None:
    ticket = chat.in_line()
    times = set()
    for _ in range(30):
        chat.looks()
        times.add(tickets.conversation(desk_app, ANA, ticket).page_seen)
        clock.pass_(2)
    assert len(times) <= 60 / SEEN_EVERY + 1


def test_the_console_is_told_at_once_that_a_page_was_closed(desk_app: App, chat: Chat) -> None:
    chat.in_line()
    cursor = tickets.changes(desk_app, ANA, 0).cursor
    chat.closes()
    assert tickets.changes(desk_app, ANA, cursor).changed


# --- what the person hears of a change of counselors -----------------------------------------------------------------


def test_who_cannot_get_it_is_not_told(desk_app: App, chat: Chat, clock: Clock) -> None:
    chat.says("I want to die")
    ticket = chat.in_line()
    tickets.claim(desk_app, ANA, ticket)
    on_duty(desk_app, BEN)
    chat.closes()
    later(desk_app, clock, BACK_WITHIN)
    before = len(tickets.conversation(desk_app, SUE, ticket).entries)
    tickets.transfer(desk_app, ANA, ticket, BEN.id)
    later(desk_app, clock, 0)
    told = tickets.conversation(desk_app, SUE, ticket).entries[before:]
    assert [entry.text for entry in told] == ["transferred to Ben", "nobody could be texted: their counselor has set no phone"]
