"""The page of a web chat while a hand-off is open: loaded again, closed, seen by the counselor."""

from __future__ import annotations

import pytest

from bot import tickets
from bot.app import App
from bot.content import Loaded
from bot.core.messages import Message
from bot.desk import contact_of
from bot.inbound import receive
from bot.store.desk import BACK_WITHIN, SEEN_EVERY, UNSEEN
from tests.chat import Away, Chat
from tests.counselors import ANA, BEN, SUE, Recorder, on_duty, work
from tests.phone import Clock, make_app


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


def test_what_stays_after_forget_is_told_in_words_for_a_page(desk_app: App, chat: Chat) -> None:
    chat.says("I want to die")
    chat.in_line()
    assert "how we reach you" in chat.says("FORGET")
    told = chat.says("ERASE")
    assert "one record" in told
    assert "browser" in told
    assert "phone company" not in told


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


# --- answers that are lost ------------------------------------------------------------------------------------------


def test_a_message_that_comes_twice_says_both_times_that_a_counselor_may_write_back(desk_app: App, chat: Chat) -> None:
    for text in ("HUMAN", "3"):
        assert not chat.told(text)["handedOver"]
    assert [chat.told("1", "go on")["handedOver"] for _ in range(2)] == [True, True]
    tickets.claim(desk_app, ANA, tickets.queue(desk_app)[0].id)
    assert [chat.told("i am here", "later")["handedOver"] for _ in range(2)] == [True, True]
    chat.says("MENU")
    assert [chat.told("2", "leave")["handedOver"] for _ in range(2)] == [False, False]


def test_where_the_store_does_not_answer_the_page_is_not_told_that_it_is_over(handing_over: Loaded, clock: Clock) -> None:
    store = Away(clock)
    app = make_app(handing_over, store, clock)
    on_duty(app, ANA)
    chat = Chat(app)
    chat.in_line()
    store.away = True
    assert chat.told("are you there?")["handedOver"] is None
    store.away = False
    assert chat.looks()["handedOver"]


def test_last_words_are_told_to_a_page_that_comes_back_after_the_close(desk_app: App, chat: Chat, clock: Clock) -> None:
    ticket = chat.in_line()
    tickets.claim(desk_app, ANA, ticket)
    tickets.reply(desk_app, ANA, ticket, "Ask for Rosa there", "t1")
    tickets.close(desk_app, ANA, ticket, "helped")
    assert chat.looks(again=True) == {"handedOver": True, "messages": [], "still": ""}  # they are on their way
    work(desk_app, Recorder(), clock)
    told = chat.looks(again=True)
    assert (told["handedOver"], told["still"]) == (False, "")
    assert "Ask for Rosa there" in str(told["messages"])
    assert "has ended this talk" in str(told["messages"])


def test_a_page_that_is_loaded_again_too_late_is_told_so(desk_app: App, chat: Chat, clock: Clock) -> None:
    chat.says("I want to die")
    ticket = chat.in_line()
    chat.closes()
    clock.pass_(BACK_WITHIN)
    told = chat.looks(again=True)
    assert (told["handedOver"], told["messages"]) == (False, [])
    assert str(told["still"]).startswith("That talk has ended. Reply HUMAN")
    assert [row.id for row in tickets.queue(desk_app)] == [ticket]


def test_a_talk_that_is_gone_is_named_in_the_browser_s_language(desk_app: App, chat: Chat, clock: Clock) -> None:
    chat.in_line()
    chat.closes()
    later(desk_app, clock, BACK_WITHIN)
    assert "That talk has ended" in str(chat.looks(again=True)["still"])
    assert "Esa charla ha terminado" in str(chat.looks(again=True, **{"Accept-Language": "es-MX,es;q=0.9,en;q=0.8"})["still"])
    chat.token = "too old"
    assert "That talk has ended" in str(chat.looks(again=True)["still"])


# --- a page that is there, or not ------------------------------------------------------------------------------------


def test_who_writes_from_a_page_that_counts_as_closed_is_there(desk_app: App, chat: Chat, clock: Clock) -> None:
    chat.says("I want to die")
    ticket = chat.in_line()
    tickets.claim(desk_app, ANA, ticket)
    chat.closes()  # one of two copies of a tab
    later(desk_app, clock, 2 * BACK_WITHIN)
    chat.says("i am still here")
    assert tickets.conversation(desk_app, ANA, ticket).page_closed == 0
    tickets.reply(desk_app, ANA, ticket, "Good", "t1")
    work(desk_app, Recorder(), clock)
    assert "Good" in str(chat.looks()["messages"])


def test_a_closed_page_does_not_end_the_next_talk(desk_app: App, chat: Chat, clock: Clock) -> None:
    first = chat.in_line()
    tickets.claim(desk_app, ANA, first)
    chat.closes()
    tickets.close(desk_app, ANA, first, "helped")
    clock.pass_(BACK_WITHIN)
    assert "Text with a counselor" in chat.says("HUMAN")
    assert "court orders it" in chat.says("3")
    said = receive(desk_app, Message(contact_of(first), "1", id="go on", channel="web"))
    assert "We pass this to our counselors" in "".join(said.messages)
    work(desk_app, Recorder(), clock)  # at once, before anything is seen of the page
    assert len(tickets.queue(desk_app)) == 1
    assert chat.looks()["handedOver"]


def test_a_tab_restored_after_an_hour_gets_nothing_and_its_talk_ends(desk_app: App, chat: Chat, clock: Clock) -> None:
    ticket = chat.in_line()
    tickets.claim(desk_app, ANA, ticket)
    tickets.reply(desk_app, ANA, ticket, "Hello from Ana", "t1")
    work(desk_app, Recorder(), clock)
    clock.pass_(UNSEEN)  # the browser crashed
    on_duty(desk_app, ANA)
    for _ in range(2):  # the answer may be lost
        told = chat.looks(again=True)
        assert (told["handedOver"], told["messages"]) == (False, [])
        assert "That talk has ended" in str(told["still"])
    work(desk_app, Recorder(), clock)
    with pytest.raises(tickets.Gone):
        tickets.conversation(desk_app, ANA, ticket)


def test_a_page_that_only_slept_goes_on_after_an_hour(desk_app: App, chat: Chat, clock: Clock) -> None:
    ticket = chat.in_line()
    tickets.claim(desk_app, ANA, ticket)
    tickets.reply(desk_app, ANA, ticket, "Hello from Ana", "t1")
    work(desk_app, Recorder(), clock)
    clock.pass_(UNSEEN)
    told = chat.looks()
    assert told["handedOver"]
    assert "Hello from Ana" in str(told["messages"])


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
