"""The console's pages as plain forms, without script: who sees what, who may do what, and what is told when it cannot be."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable

import pytest
import redis

from bot import tickets
from bot.app import App
from bot.staff import Role
from tests.chat import Chat
from tests.phone import Clock, Phone
from tests.trips import trips
from tests.web.console import Desk, hire

HOUR = 3600
Work = Callable[[str, Role], Desk]


@pytest.fixture
def works(desk_app: App, raw: redis.Redis) -> Work:
    """Somebody who is signed in, on duty for four hours: `works("Ana", "counselor")`."""

    def start(name: str, role: Role) -> Desk:
        hire(desk_app, raw, name, role)
        desk = Desk(desk_app)
        desk.sign_in(name)
        go_on_duty(desk, desk_app)
        return desk

    return start


@pytest.fixture
def ana(works: Work) -> Desk:
    return works("Ana", "counselor")


@pytest.fixture
def person(desk_app: App) -> Phone:
    return Phone(desk_app)


def go_on_duty(desk: Desk, app: App, hours: int = 4) -> None:
    desk.get("/")
    desk.post("/duty", until=str(int(app.clock()) + hours * HOUR))


def waits(phone: Phone, *before: str) -> None:
    """The person asks for a counselor and agrees."""
    for text in (*before, "HUMAN", "3", "1"):
        phone.text(text)


def waiting(desk: Desk) -> list[str]:
    """The ids in the queue, in order."""
    part = desk.get("/").text.split('data-part="waiting"')[1].split("</section>")[0]
    return re.findall(r'data-id="([^"]+)"', part)


def taken(desk: Desk) -> str:
    """Take the first one; its id."""
    (ticket, *_) = waiting(desk)
    assert desk.post(f"/c/{ticket}/claim").location == f"/console/c/{ticket}#text"
    desk.get(f"/c/{ticket}")
    return ticket


def write(desk: Desk, ticket: str, text: str, token: str = "") -> None:
    desk.post(f"/c/{ticket}/reply", text=text, token=token or str(uuid.uuid4()))


def test_a_person_who_asked_is_in_the_queue_with_topic_language_and_channel(ana: Desk, person: Phone) -> None:
    waits(person, "detox")
    page = ana.get("/").text
    assert len(waiting(ana)) == 1
    assert "Detox" in page
    assert "English &middot; Text message" in page
    assert person.number not in page


def test_flagged_come_first_then_who_waits_longest(ana: Desk, desk_app: App, clock: Clock) -> None:
    first, second, third = (Phone(desk_app, f"+1500555000{i}") for i in (1, 2, 3))
    waits(first)
    clock.pass_(60)
    waits(second)
    clock.pass_(60)
    waits(third)
    order = waiting(ana)
    third.text("i want to kill myself")
    assert waiting(ana) == [order[2], order[0], order[1]]
    assert "Suicide" in ana.get("/").text


def test_off_duty_nothing_is_read_or_taken(ana: Desk, works: Work, person: Phone) -> None:
    waits(person)
    (ticket,) = waiting(ana)
    ana.post("/off-duty")
    assert "Go on duty to read and take." in ana.get("/").text
    assert ana.get(f"/c/{ticket}").status_code == 409
    ana.post(f"/c/{ticket}/claim")
    assert waiting(ana) == [ticket]


@pytest.mark.parametrize(("written", "told"), [("(617) 555-0100", "One is set"), ("", "None is set"), ("12", "country code")])
def test_a_phone_for_nudges_is_taken_as_people_write_it(ana: Desk, desk_app: App, written: str, told: str) -> None:
    ana.post("/duty", until=str(int(desk_app.clock()) + HOUR), phone=written)
    page = ana.get("/").text
    assert told in page
    assert "555-0100" not in page


def test_a_look_for_news_costs_three_calls_and_three_to_know_the_session(ana: Desk, raw: redis.Redis, desk_app: App) -> None:
    ana.post("/duty", until=str(int(desk_app.clock()) + HOUR), phone="+16175550100")
    seen = ana.get("/updates?cursor=0", script=True).json
    assert seen
    found: list[dict[str, object]] = []
    assert trips(raw, lambda: found.append(ana.get(f"/updates?cursor={seen['cursor']}", script=True).json or {})) == 6
    assert (found[0]["changed"], found[0]["on_duty"]) == (False, True)


def test_who_texted_stop_from_the_phone_for_nudges_is_told_to_text_start(ana: Desk, works: Work, desk_app: App) -> None:
    ana.post("/duty", until=str(int(desk_app.clock()) + HOUR), phone="+16175550100")
    assert "opted out" not in ana.get("/").text
    Phone(desk_app, "+16175550100").says("STOP")
    assert "Your phone for nudges has opted out: text START from it" in ana.get("/").text
    assert "phone has opted out: text START from it" in works("Ben", "counselor").get("/").text
    Phone(desk_app, "+16175550100").says("START")
    assert "opted out" not in ana.get("/").text


def test_the_counselor_sees_when_the_page_of_a_web_chat_was_there_last(ana: Desk, desk_app: App, clock: Clock) -> None:
    chat = Chat(desk_app)
    chat.says("I want to die")
    chat.in_line()
    chat.looks()
    ticket = taken(ana)
    assert "Their page is open." in ana.get(f"/c/{ticket}").text
    clock.pass_(240)
    assert "Their page was last seen 4 min ago." in ana.get(f"/c/{ticket}").text
    chat.looks()
    chat.closes()
    clock.pass_(120)
    assert "Their page was closed 2 min ago." in ana.get(f"/c/{ticket}/entries", script=True).json["facts"]  # type: ignore[index]


def test_of_two_who_take_one_gets_it_and_the_other_is_told_by_whom(ana: Desk, works: Work, person: Phone) -> None:
    ben = works("Ben", "counselor")
    waits(person)
    (ticket,) = waiting(ben)
    taken(ana)
    assert ben.post(f"/c/{ticket}/claim").location == "/console/"
    assert "Taken by Ana" in ben.get("/").text
    assert ben.get(f"/c/{ticket}").status_code == 409


def test_a_reply_sent_twice_is_one_reply(ana: Desk, person: Phone) -> None:
    waits(person)
    ticket = taken(ana)
    token = str(uuid.uuid4())
    for _ in range(3):
        write(ana, ticket, "I am with you now", token)
    assert ana.get(f"/c/{ticket}").text.count("I am with you now") == 1


def test_what_a_person_writes_is_shown_as_they_wrote_it_and_never_run(ana: Desk, person: Phone) -> None:
    waits(person)
    ticket = taken(ana)
    person.text("<script>alert(1)</script> & so on")
    page = ana.get(f"/c/{ticket}").text
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; so on" in page


def test_a_ready_reply_goes_into_the_draft_without_script(ana: Desk, person: Phone) -> None:
    waits(person)
    ticket = taken(ana)
    answer = ana.post(f"/c/{ticket}/reply", text="Hello.", token="t" * 36, canned="canned_listening")
    assert "Hello. Thank you for telling me." in answer.text
    assert 'value="' + "t" * 36 in answer.text


def test_a_refused_reply_stays_in_the_field(ana: Desk, person: Phone) -> None:
    waits(person)
    ticket = taken(ana)
    person.text("STOP")
    answer = ana.post(f"/c/{ticket}/reply", text="Are you there?", token=str(uuid.uuid4()))
    assert 'role="alert"' in answer.text
    answer = ana.get(f"/c/{ticket}")
    assert "texted STOP" in answer.text


def test_the_number_is_shown_for_a_reason_which_is_noted(ana: Desk, person: Phone) -> None:
    waits(person)
    ticket = taken(ana)
    ana.post(f"/c/{ticket}/reveal", reason="  ")
    assert person.number not in ana.get(f"/c/{ticket}").text
    shown = ana.post(f"/c/{ticket}/reveal", reason="asked me to call").text
    assert person.number[-4:] in shown
    again = ana.get(f"/c/{ticket}").text
    assert person.number[-4:] not in again
    assert "asked me to call" in again


def test_a_conversation_is_handed_over_by_name_and_put_back(
    ana: Desk, works: Work, desk_app: App, raw: redis.Redis, person: Phone
) -> None:
    ben = works("Ben", "counselor")
    waits(person)
    ticket = taken(ana)
    to = re.findall(r'<option value="([0-9a-f]{16})">Ben', ana.get(f"/c/{ticket}").text)[0]
    ana.post(f"/c/{ticket}/transfer", to=to)
    assert "Handed over to Ben." in ana.get("/").text
    assert ben.get(f"/c/{ticket}").status_code == 200
    ben.post(f"/c/{ticket}/hand-back")
    assert waiting(ana) == [ticket]


def test_closing_needs_an_outcome_and_ends_it(ana: Desk, person: Phone) -> None:
    waits(person)
    ticket = taken(ana)
    ana.post(f"/c/{ticket}/close", outcome="")
    assert "connected" in ana.get(f"/c/{ticket}").text
    ana.post(f"/c/{ticket}/close", outcome="helped")
    assert "Closed. The person was told." in ana.get("/").text
    assert "You hold no conversation." in ana.get("/").text


def test_going_off_duty_with_open_conversations_asks_what_becomes_of_each(ana: Desk, person: Phone) -> None:
    waits(person)
    ticket = taken(ana)
    page = ana.post("/off-duty").text
    assert f"/console/c/{ticket}/hand-back" in page
    ana.post(f"/c/{ticket}/hand-back", back="hand_over")
    assert ana.post("/off-duty").location == "/console/"
    assert "You are off duty" in ana.get("/").text


def test_who_signs_out_is_off_duty_or_told_what_they_hold(ana: Desk, works: Work, person: Phone, desk_app: App) -> None:
    ben = works("Ben", "counselor")
    waits(person)
    taken(ana)
    ben.post("/sign-out")
    assert "Ben" not in ana.get("/").text
    assert "You still hold 1 of the conversations" in ana.post("/sign-out").text
    assert [one.paused for one in tickets.on_duty(desk_app)] == [True]  # nobody new is promised a counselor


def test_after_the_shift_what_is_held_can_still_be_handed_on(ana: Desk, desk_app: App, clock: Clock, person: Phone) -> None:
    waits(person)
    ticket = taken(ana)
    clock.pass_(20 * 60)  # away
    page = ana.get("/hand-over").text
    assert f"/console/c/{ticket}/hand-back" in page
    ana.post(f"/c/{ticket}/hand-back")
    assert "/hand-back" not in ana.get("/hand-over").text


def test_a_fourth_conversation_is_not_taken(ana: Desk, desk_app: App) -> None:
    for i in range(4):
        waits(Phone(desk_app, f"+1500555001{i}"))
    for _ in range(3):
        taken(ana)
    assert "that is the most at once" in ana.get("/").text
    (last,) = waiting(ana)
    ana.post(f"/c/{last}/claim")
    assert waiting(ana) == [last]


def test_a_pause_takes_nobody_new(ana: Desk, person: Phone) -> None:
    waits(person)
    ana.post("/pause", on="yes")
    (ticket,) = waiting(ana)
    assert "You are paused." in ana.get("/").text
    ana.post(f"/c/{ticket}/claim")
    assert waiting(ana) == [ticket]
    ana.post("/pause", on="no")
    taken(ana)


def test_asking_for_backup_is_seen_by_the_others(ana: Desk, works: Work) -> None:
    ben = works("Ben", "counselor")
    ana.post("/backup", on="yes")
    assert "Ana asked for backup." in ben.get("/").text
    assert "Ana asked for backup." not in ana.get("/").text
    ana.post("/backup", on="no")
    assert "asked for backup" not in ben.get("/").text


def test_a_dead_worker_is_told_in_red(ana: Desk) -> None:
    found = ana.get("/updates?cursor=0&page=queue", script=True).json
    assert found is not None
    assert [banner["kind"] for banner in found["banners"]] == ["red"]  # no worker runs in this test
    assert "kept in order" in ana.get("/").text


def test_polling_tells_what_changed_and_only_then(ana: Desk, person: Phone) -> None:
    first = ana.get("/updates?cursor=0&page=queue", script=True).json
    assert first is not None
    same = ana.get(f"/updates?cursor={first['cursor']}&page=queue", script=True).json
    assert same is not None
    assert not same["changed"]
    waits(person)
    found = ana.get(f"/updates?cursor={first['cursor']}&page=queue", script=True).json
    assert found is not None
    assert (found["changed"], found["waiting"]) == (True, 1)
    assert "data-id" in found["parts"]["waiting"]


def test_polling_keeps_nobody_on_duty(ana: Desk, clock: Clock) -> None:
    for _ in range(5):
        clock.pass_(4 * 60)
        found = ana.get("/updates?cursor=0", script=True).json
    assert found is not None
    assert not found["on_duty"]
    assert "You are off duty" in ana.get("/").text


def test_being_there_keeps_on_duty(ana: Desk, clock: Clock) -> None:
    for _ in range(5):
        clock.pass_(4 * 60)
        ana.post("/here", script=True)
    found = ana.get("/updates?cursor=0", script=True).json
    assert found is not None
    assert found["on_duty"]


def test_forget_takes_an_unflagged_conversation_off_the_screen(ana: Desk, person: Phone) -> None:
    waits(person)
    ticket = taken(ana)
    person.text("my cousin Rosalinda uses")
    person.text("FORGET")
    person.text("ERASE")
    assert ana.get(f"/c/{ticket}").status_code == 410
    assert "Rosalinda" not in ana.get("/").text


def test_a_flagged_one_that_was_withdrawn_is_locked_for_supervisors(
    ana: Desk, works: Work, person: Phone, logs: Callable[[], str]
) -> None:
    sue = works("Sue", "supervisor")
    waits(person)
    ticket = taken(ana)
    ana.post(f"/c/{ticket}/flag", name="rescue", on="yes")
    person.text("FORGET")
    person.text("ERASE")
    assert ana.get("/locked").status_code == 403
    assert ana.get(f"/c/{ticket}").status_code in (403, 410)
    locked = re.findall(r"/console/c/([a-z0-9-]+)", sue.get("/locked").text)
    assert len(locked) == 1
    assert "Locked: the person withdrew." in sue.get(f"/c/{locked[0]}").text
    assert "locked_record_read" in logs()
    assert "locked_record_read" not in (sue.get(f"/c/{locked[0]}/entries?since=99"), logs())[1]  # nothing new, nothing read
    assert "locked_record_read" in (sue.get(f"/c/{locked[0]}/entries?since=1"), logs())[1]
    sue.post(f"/c/{locked[0]}/erase")
    assert re.findall(r"/console/c/([a-z0-9-]+)", sue.get("/locked").text) == locked  # the box was not ticked
    sue.post(f"/c/{locked[0]}/erase", sure="yes")
    assert "There is none." in sue.get("/locked").text


def test_a_supervisor_sees_the_conversations_of_others_and_a_counselor_does_not(ana: Desk, works: Work, person: Phone) -> None:
    sue, ben = works("Sue", "supervisor"), works("Ben", "counselor")
    waits(person)
    ticket = taken(ana)
    assert ticket in sue.get("/").text
    assert sue.get(f"/c/{ticket}").status_code == 200
    assert ticket not in ben.get("/").text


def test_on_whatsapp_the_window_is_told_and_after_it_that_nothing_can_be_sent(
    ana: Desk, works: Work, desk_app: App, clock: Clock
) -> None:
    phone = Phone(desk_app, "whatsapp:+15005550006")
    waits(phone)
    ticket = taken(ana)
    assert "WhatsApp: you can write for another" in ana.get(f"/c/{ticket}").text
    clock.pass_(24 * HOUR + 60)
    ana.sign_in("Ana")
    go_on_duty(ana, desk_app)
    page = ana.get(f"/c/{ticket}")
    if page.status_code == 200:  # unless the ladder has ended it meanwhile
        assert "cannot be sent until the person writes again" in page.text


def test_pages_hold_no_inline_script_or_style(ana: Desk, person: Phone) -> None:
    waits(person)
    ticket = taken(ana)
    for path in ("/", f"/c/{ticket}", "/hand-over"):
        page = ana.get(path)
        assert not re.search(r"<script(?![^>]+src=)|\sstyle=|\son\w+=|http://|https://", page.text), path
        assert "default-src 'none'" in page.headers["Content-Security-Policy"]
        assert page.headers["Cache-Control"] == "no-store"
