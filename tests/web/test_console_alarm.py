"""An emergency on the console's pages: what was heard, what the person has from us, who answers next. Without script."""

from __future__ import annotations

import re

import pytest

from tests.phone import Clock, Phone
from tests.web.console import Desk
from tests.web.test_console_pages import Work, ana, person, taken, waiting, waits, works, write  # noqa: F401 - fixtures


def alarm(desk: Desk, ticket: str) -> str:
    """What stands at the top of the conversation."""
    part = desk.get(f"/c/{ticket}").text.split('id="alarms"')[1].split('<p id="facts"')[0]
    return re.sub(r"\s+", " ", re.sub("<[^>]+>", " ", part))


def test_an_overdose_on_the_way_here_is_told_though_its_words_were_not_kept(ana: Desk, person: Phone) -> None:  # noqa: F811
    person.text("my son is not breathing")
    person.text("not awake")
    person.text("not breathing")
    waits(person)
    (ticket,) = waiting(ana)
    told = alarm(ana, ticket)
    assert "Take this conversation." in told
    assert re.search(r"OVERDOSE We answered at \d+:\d\d [AP]M E.T with 911 and the first steps", told)
    assert "Steps they had before this conversation: Not awake: check for breathing" in told
    assert "They have 911 and the first steps from us. Read this one first." in ana.get("/").text


def test_who_answers_next_is_said_and_true(ana: Desk, person: Phone, clock: Clock) -> None:  # noqa: F811
    waits(person)
    person.text("she is turning blue")
    ticket = taken(ana)
    assert "Until you write, we answer their next steps by ourselves." in alarm(ana, ticket)
    assert "knuckles" in person.says("not awake")
    clock.pass_(5)
    write(ana, ticket, "I am here. Is 911 called?")
    assert "Their next answers come to you, and only you answer." in alarm(ana, ticket)
    assert person.text("1") == []
    assert person.text("not awake") == []
    clock.pass_(5)
    ana.post(f"/c/{ticket}/hand-back")
    assert "A counselor wrote to them since, so we no longer answer their steps: take it." in alarm(ana, ticket)


def test_a_reply_just_before_the_emergency_is_no_reply_to_it(ana: Desk, person: Phone, clock: Clock) -> None:  # noqa: F811
    waits(person)
    ticket = taken(ana)
    clock.now = int(clock.now) + 0.1
    write(ana, ticket, "Hi, I am Ana.")
    clock.pass_(0.5)
    person.text("he is not breathing")
    assert "Until you write" in alarm(ana, ticket)
    assert "knuckles" in person.says("not awake")


def test_when_the_card_for_suicide_goes_out_again_is_told(ana: Desk, person: Phone, clock: Clock) -> None:  # noqa: F811
    waits(person)
    person.text("i want to kill myself")
    ticket = taken(ana)
    clock.pass_(300)
    assert person.text("i am going to kill myself tonight") == []
    assert "They have 988 from us; we give it again at" in alarm(ana, ticket)


def test_an_ordinary_conversation_has_no_alarm(ana: Desk, person: Phone) -> None:  # noqa: F811
    waits(person)
    ticket = taken(ana)
    person.text("my mother found out")
    assert 'class="alarm' not in ana.get(f"/c/{ticket}").text


def test_a_step_goes_into_the_draft_in_the_language_of_the_person(ana: Desk, person: Phone) -> None:  # noqa: F811
    person.text("espanol")
    waits(person)
    person.text("mi hijo no respira")
    ticket = taken(ana)
    page = ana.post(f"/c/{ticket}/reply", text="", token="t", canned="overdose.breaths").text
    field = page.split("<textarea")[1].split("</textarea>")[0]
    assert "911" in field
    assert "Stay on" not in field


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("she gave away all her clothes", "May be suicide: ask"),
        ("my brother od'd on fentanyl last night", "May be an overdose: ask"),
    ],
)
def test_a_flag_that_may_be_an_emergency_is_told_in_words(ana: Desk, person: Phone, text: str, words: str) -> None:  # noqa: F811
    waits(person)
    ticket = taken(ana)
    person.text(text)
    page = ana.get(f"/c/{ticket}").text.split("<main")[1].split("<footer")[0]
    assert words in page
    assert "maybe_" not in page


def test_the_hand_over_page_names_each_conversation_once(ana: Desk, person: Phone) -> None:  # noqa: F811
    waits(person)
    taken(ana)
    assert ana.get("/hand-over").text.count(">Conversation</a>") == 1


def test_what_happened_is_noted_in_sentences(ana: Desk, person: Phone) -> None:  # noqa: F811
    waits(person)
    ticket = taken(ana)
    page = ana.get(f"/c/{ticket}").text
    assert "The person asked for a counselor, and agreed that we keep their texts." in page
    assert "took the conversation" in page
