"""What the person meets, by the front door: offered, asked, waiting, with a counselor, leaving."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from bot import tickets
from bot.app import App
from bot.content import Loaded
from bot.core.guards import FLOOD
from bot.store import Store
from bot.store.connect import connect
from bot.store.redis import RedisStore
from tests.counselors import ANA, BEN, SUE, Recorder, in_line, on_duty, work
from tests.phone import Clock, Phone, make_app


@pytest.fixture
def ann(desk_app: App) -> Phone:
    return Phone(desk_app)


@pytest.fixture
def post() -> Recorder:
    return Recorder()


def connected(phone: Phone, post: Recorder) -> str:
    """A conversation with Ana, welcomed."""
    on_duty(phone.app, ANA)
    ticket = in_line(phone)
    tickets.claim(phone.app, ANA, ticket)
    work(phone.app, post)
    return ticket


def said(app: App, ticket: str) -> list[tuple[str, str]]:
    return [(e.who, e.text) for e in tickets.conversation(app, SUE, ticket).entries]


def test_a_counselor_reads_what_a_phone_could_have_sent_by_itself(ann: Phone, post: Recorder) -> None:
    ticket = connected(ann, post)
    for text in ("im busy", "I'm in a meeting"):
        ann.text(text)
    assert [text for _, text in said(ann.app, ticket)][-2:] == ["im busy", "I'm in a meeting"]


def test_nobody_who_waits_is_told_that_a_counselor_will_read_it(ann: Phone) -> None:
    on_duty(ann.app, ANA)
    ann.says("HUMAN")
    ann.says("3")
    for text in ("1", "my cousin uses"):  # the wait may end with nobody: then the ladder says so
        answer = ann.says(text)
        assert "If nobody can write back, we tell you here." in answer
        assert "will read" not in answer


# --- offering --------------------------------------------------------------------------------------------------------


def test_a_blank_install_offers_no_counselor(phone: Phone) -> None:
    answer = phone.says("HUMAN")
    assert "Call 1-800-662-4357" in answer
    assert "counselor can text" not in answer


def test_human_gives_the_number_at_once_and_a_counselor_only_while_one_is_there(ann: Phone, clock: Clock) -> None:
    away = ann.says("HUMAN")
    assert away.startswith("Call 1-800-662-4357")
    assert "3 Text" not in away
    on_duty(ann.app, ANA)
    here = ann.says("i need a person")
    assert here.startswith("Call 1-800-662-4357")
    assert "\n1 Call now\n3 Text with a counselor" in here
    assert "\n2" not in here
    tickets.pause(ann.app, ANA, True)
    assert "3 Text" not in ann.says("HUMAN")


@pytest.mark.parametrize(
    ("moment", "told"),
    [("2026-11-24 15:00", "right now"), ("2026-11-24 03:00", "To text with a counselor here: Mon to Fri 9 am-5 pm")],
)
def test_after_hours_it_says_when_we_open(ann: Phone, clock: Clock, moment: str, told: str) -> None:
    from datetime import datetime
    from zoneinfo import ZoneInfo

    clock.now = datetime.fromisoformat(moment).replace(tzinfo=ZoneInfo("America/New_York")).timestamp()
    assert told in ann.says("HUMAN")


def test_two_asks_again_and_one_is_the_phone(ann: Phone) -> None:
    on_duty(ann.app, ANA)
    ann.says("HUMAN")
    assert "3 Text with a counselor" in ann.says("2")
    assert "Call 1-800-662-4357 now" in ann.says("1")
    assert tickets.queue(ann.app) == ()


def test_nothing_is_kept_before_consent(ann: Phone) -> None:
    on_duty(ann.app, ANA)
    ann.says("HUMAN")
    consent = ann.says("3")
    assert "We delete our copy after 7 days" in consent
    assert tickets.queue(ann.app) == ()
    ann.says("not now")
    assert tickets.queue(ann.app) == ()


def test_a_counselor_who_left_meanwhile_is_told_before_anything_is_kept(ann: Phone) -> None:
    on_duty(ann.app, ANA)
    ann.says("HUMAN")
    ann.says("3")
    tickets.go_off_duty(ann.app, ANA)
    assert "the counselor has just left. We kept nothing" in ann.says("1")
    assert tickets.queue(ann.app) == ()


def test_the_counselor_sees_the_way_here_and_the_language(ann: Phone) -> None:
    on_duty(ann.app, ANA)
    ann.says("espanol")
    ann.says("suboxone")
    assert "Escribir con alguien" in ann.says("persona")
    assert "si un juez lo ordena" in ann.says("3")
    assert "Si nadie puede contestar, se lo decimos aqui." in ann.says("1")
    (row,) = tickets.queue(ann.app)
    assert (row.language, row.channel, row.state) == ("es", "sms", "waiting")
    assert "medication.start" in row.path


def test_a_figure_is_told_only_when_it_was_measured(desk_app: App, clock: Clock, phones: Callable[[str], Phone]) -> None:
    on_duty(desk_app, ANA)
    first = Phone(desk_app)
    in_line(first)
    for _ in range(5):
        desk_app.store.desk.waited(200, clock())
    second = Phone(desk_app, "+15005550099")
    second.says("HUMAN")
    second.says("3")
    assert second.says("1").startswith("Lately people waited less than 5 minutes.")


def test_an_opted_out_person_gets_the_number_alone(ann: Phone) -> None:
    on_duty(ann.app, ANA)
    ann.says("STOP")
    assert "3 Text" not in ann.says("HUMAN")


# --- waiting ---------------------------------------------------------------------------------------------------------


def test_while_waiting_all_reaches_the_counselor_and_is_answered(ann: Phone) -> None:
    on_duty(ann.app, ANA)
    ticket = in_line(ann)
    for text in ("my son uses", "2", "detox", "back", "02139", "asdf"):
        assert "I passed it on" in ann.says(text), text
    assert [t for who, t in said(ann.app, ticket) if who == "person"] == ["my son uses", "2", "detox", "back", "02139", "asdf"]


def test_a_retry_is_passed_on_once(ann: Phone) -> None:
    on_duty(ann.app, ANA)
    ticket = in_line(ann)
    first = ann.text("hello there", "SM" + "7" * 32)
    assert ann.text("hello there", "SM" + "7" * 32) == first
    assert [t for who, t in said(ann.app, ticket) if who == "person"] == ["hello there"]


def test_menu_leaves_the_line_and_human_repeats_the_number(ann: Phone) -> None:
    on_duty(ann.app, ANA)
    ticket = in_line(ann)
    assert "1-800-662-4357" in ann.says("HUMAN")
    left = ann.says("MENU")
    assert "You left the line" in left
    assert "1 Signs" in left
    assert tickets.queue(ann.app) == ()
    assert tickets.conversation(ann.app, SUE, ticket).outcome == "left"
    assert "Where are you now?" in ann.says("2")


def test_help_and_pictures_while_waiting(ann: Phone) -> None:
    on_duty(ann.app, ANA)
    ticket = in_line(ann)
    assert "STOP to cancel" in ann.says("HELP")
    assert "I passed it on" in ann.says("", NumMedia="2")
    assert ("person", "[2 picture or voice note: not fetched]") in said(ann.app, ticket)


def test_that_a_counselor_sees_it_is_said_only_where_one_has_it(ann: Phone, post: Recorder) -> None:
    on_duty(ann.app, ANA)
    ticket = in_line(ann)
    waiting = ann.says("HUMAN")
    assert "A counselor here sees this" not in waiting
    assert "You are still in line here" in waiting
    tickets.claim(ann.app, ANA, ticket)
    assert "A counselor here sees this too" in ann.says("HUMAN")
    tickets.hand_back(ann.app, ANA, ticket)
    assert "A counselor here sees this" not in ann.says("HUMAN")


def test_a_flood_reaches_the_counselor_and_only_our_answers_are_held_back(ann: Phone, post: Recorder) -> None:
    on_duty(ann.app, ANA)
    ticket = in_line(ann)
    many = [f"help me please {n}" for n in range(2 * FLOOD)]
    answers = [ann.says(text) for text in many]
    assert [text for who, text in said(ann.app, ticket) if who == "person"] == many
    assert sum("I pass all your texts on" in answer for answer in answers) == 1
    assert answers[-1] == ""
    tickets.claim(ann.app, ANA, ticket)
    assert [ann.text(text) for text in many] == [[]] * len(many)
    assert [text for who, text in said(ann.app, ticket) if who == "person"] == many * 2
    assert "Leave the talk with your counselor" in ann.says("MENU")
    assert "CALL 911 NOW" in ann.says("she is not breathing")


# --- connected -------------------------------------------------------------------------------------------------------


def test_while_connected_all_but_a_few_words_are_the_counselors(ann: Phone, post: Recorder) -> None:
    ticket = connected(ann, post)
    assert post.texts == ["You are texting with a counselor now, a real person. In danger: call 911."]
    for text in ("1", "detox", "please stop", "menu please", "what about suboxone", "espanol", "back", "no", "i want to quit"):
        assert ann.text(text) == [], text
    assert "1-800-662-4357" in ann.says("HUMAN")
    assert "STOP to cancel" in ann.says("HELP")
    heard = [t for who, t in said(ann.app, ticket) if who == "person"]
    assert heard[-2:] == ["HUMAN", "HELP"]
    assert "please stop" in heard


def test_menu_asks_once(ann: Phone, post: Recorder) -> None:
    ticket = connected(ann, post)
    assert "Leave the talk with your counselor" in ann.says("MENU")
    assert "Your counselor reads on" in ann.says("1")
    assert "Leave the talk" in ann.says("menu")
    assert "Did it help?" in ann.says("menu")
    assert tickets.conversation(ann.app, SUE, ticket).outcome == "left"
    assert "Good to hear" in ann.says("1")


def test_a_text_after_the_question_is_the_counselors(ann: Phone, post: Recorder) -> None:
    ticket = connected(ann, post)
    ann.says("MENU")
    assert ann.text("sorry, wrong button") == []
    assert said(ann.app, ticket)[-1] == ("person", "sorry, wrong button")
    assert ann.text("2") == []  # no longer an answer to the question


def test_stop_closes_drops_what_waits_and_tells_the_counselor(ann: Phone, post: Recorder) -> None:
    ticket = connected(ann, post)
    tickets.reply(ann.app, ANA, ticket, "one more thing", "t1")
    assert "You are unsubscribed" in ann.says("STOP")
    work(ann.app, post)
    assert "one more thing" not in post.texts
    conversation = tickets.conversation(ann.app, ANA, ticket)
    assert conversation.outcome == "stopped"
    dropped = next(e for e in conversation.entries if e.text == "one more thing").delivery
    assert dropped is not None
    assert (dropped.state, dropped.why) == ("dropped", "Not sent: the conversation ended first.")
    with pytest.raises(tickets.Over):
        tickets.reply(ann.app, ANA, ticket, "are you there", "t2")


@pytest.mark.parametrize("text", ["stop texting me", "STOPALL"])
def test_other_ways_to_say_stop_count_too(ann: Phone, post: Recorder, text: str) -> None:
    ticket = connected(ann, post)
    assert "unsubscribed" in ann.says(text)
    assert tickets.conversation(ann.app, ANA, ticket).outcome == "stopped"


def test_a_stop_that_the_carrier_answered_ends_it_too(desk_app: App, handing_over: Loaded, store: Store, clock: Clock) -> None:
    app = make_app(handing_over, store, clock, twilio_keywords="twilio")
    phone, post = Phone(app), Recorder()
    ticket = connected(phone, post)
    assert phone.text("STOP", OptOutType="STOP") == []
    assert tickets.conversation(app, ANA, ticket).outcome == "stopped"


# --- emergencies -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("state", ["waiting", "connected"])
def test_an_overdose_is_answered_by_us_at_once_and_flagged(ann: Phone, post: Recorder, state: str) -> None:
    if state == "connected":
        ticket = connected(ann, post)
    else:
        on_duty(ann.app, ANA)
        ticket = in_line(ann)
    assert ann.says("my son wont wake up and his lips are blue").startswith("CALL 911 NOW")
    work(ann.app, post)
    conversation = tickets.conversation(ann.app, SUE, ticket)
    assert "overdose" in conversation.row.flags
    assert [e.who for e in conversation.entries][-3:] == ["person", "line", "system"]  # the last: who was texted
    assert ann.says("not breathing")  # a step of it stays ours until the counselor has answered
    if state == "connected":
        tickets.reply(ann.app, ANA, ticket, "I am with you. Did you call 911?", "t1")
        assert ann.text("yes they are coming") == []


def test_suicide_is_flagged_at_once_and_the_card_given_once(ann: Phone, post: Recorder, clock: Clock) -> None:
    ticket = connected(ann, post)
    assert "988" in ann.says("i want to kill myself")
    assert "suicide" in tickets.conversation(ann.app, ANA, ticket).row.flags
    tickets.reply(ann.app, ANA, ticket, "I hear you.", "t1")
    work(ann.app, post, clock)
    assert ann.text("i really want to die") == []  # a counselor is here
    clock.pass_(30)
    tickets.reply(ann.app, ANA, ticket, "Tell me more.", "t2")
    clock.pass_(60)
    work(ann.app, post, clock)
    assert post.texts[-1] == "Tell me more."


def test_the_card_comes_again_when_no_counselor_answers_within_a_minute(ann: Phone, post: Recorder, clock: Clock) -> None:
    ticket = connected(ann, post)
    ann.says("i want to kill myself")
    tickets.reply(ann.app, ANA, ticket, "I hear you.", "t1")
    work(ann.app, post, clock)
    assert ann.text("i am going to kill myself tonight") == []
    clock.pass_(61)
    work(ann.app, post, clock)
    assert "988" in post.texts[-1]


def test_waiting_with_suicide_the_card_is_given_each_time(ann: Phone) -> None:
    on_duty(ann.app, ANA)
    in_line(ann)
    assert "988" in ann.says("i want to kill myself")
    assert "988" in ann.says("i want to kill myself")


def test_what_may_be_an_emergency_is_shown_to_the_counselor_and_locks_nothing(ann: Phone, post: Recorder) -> None:
    ticket = connected(ann, post)
    assert ann.text("she gave away all her clothes") == []
    assert tickets.conversation(ann.app, ANA, ticket).row.flags == ("maybe_suicide",)
    tickets.hand_back(ann.app, ANA, ticket)
    told = ann.says("she gave away all her clothes")
    assert told.startswith("If part of this is about not wanting to live")


def test_what_may_be_an_overdose_names_911_beside_the_counselor(ann: Phone, post: Recorder) -> None:
    ticket = connected(ann, post)
    assert ann.says("my brother od'd on fentanyl last night").startswith("If someone won't wake up")
    assert tickets.conversation(ann.app, ANA, ticket).row.flags == ("maybe_overdose",)


def test_asking_for_a_person_inside_the_emergency_opens_no_second_ticket(ann: Phone, post: Recorder) -> None:
    ticket = connected(ann, post)
    assert "1 Talk to a person" in ann.says("i dont want to be here anymore")
    assert "A counselor here sees this too" in ann.says("1")
    assert tickets.conversation(ann.app, ANA, ticket).row.state == "connected"


def test_out_of_an_emergency_a_ticket_is_flagged_from_the_start(ann: Phone) -> None:
    on_duty(ann.app, ANA)
    ann.says("i want to kill myself")
    ticket = in_line(ann)
    assert tickets.conversation(ann.app, SUE, ticket).row.flags == ("suicide",)


# --- FORGET ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("state", ["waiting", "connected", "closed"])
def test_forget_erases_an_unflagged_ticket_and_the_counselor_sees_only_that(ann: Phone, post: Recorder, state: str) -> None:
    ticket = connected(ann, post)
    if state == "waiting":
        tickets.hand_back(ann.app, ANA, ticket)
    if state == "closed":
        tickets.close(ann.app, ANA, ticket, "helped")
    assert "your talk with our counselor" in ann.says("FORGET")
    assert "We erased what we keep" in ann.says("ERASE")
    with pytest.raises(tickets.Gone):
        tickets.conversation(ann.app, ANA, ticket)
    changes = tickets.changes(ann.app, ANA, 0)
    assert changes.mine == () or state == "closed"
    assert changes.withdrawn == ((ticket,) if state == "connected" else ())
    assert ann.app.store.desk.notes(ticket.split("-")[0]) == []


@pytest.mark.parametrize("state", ["waiting", "connected", "closed"])
def test_forget_locks_a_flagged_ticket_under_a_supervisor(ann: Phone, post: Recorder, state: str) -> None:
    ticket = connected(ann, post)
    ann.says("i want to kill myself")
    if state == "waiting":
        tickets.hand_back(ann.app, ANA, ticket)
    if state == "closed":
        tickets.close(ann.app, ANA, ticket, "referred")
    ann.says("FORGET")
    assert "one record" in ann.says("ERASE")
    with pytest.raises(tickets.WrongRole):
        tickets.conversation(ann.app, ANA, ticket)
    with pytest.raises(tickets.WrongRole):
        tickets.locked(ann.app, BEN)
    (row,) = tickets.locked(ann.app, SUE)
    assert (row.id, row.locked, row.outcome) == (ticket, True, "withdrawn")
    assert ("person", "i want to kill myself") in said(ann.app, ticket)
    assert all(entry.delivery is None for entry in tickets.conversation(ann.app, SUE, ticket).entries)
    tickets.flag(ann.app, SUE, ticket, "legal")
    with pytest.raises(tickets.Refused, match="legal hold"):
        tickets.erase(ann.app, SUE, ticket)
    tickets.flag(ann.app, SUE, ticket, "legal", on=False)
    tickets.erase(ann.app, SUE, ticket)
    assert tickets.locked(ann.app, SUE) == ()


def test_after_withdrawing_a_new_hand_off_is_a_new_one(ann: Phone, post: Recorder, clock: Clock) -> None:
    ticket = connected(ann, post)
    ann.says("FORGET")
    ann.says("ERASE")
    clock.pass_(1)
    again = in_line(ann)
    assert again != ticket
    assert len(tickets.conversation(ann.app, SUE, again).entries) == 1


# --- after it --------------------------------------------------------------------------------------------------------


def test_after_an_unflagged_close_it_asks_whether_it_helped(ann: Phone, post: Recorder, clock: Clock) -> None:
    ticket = connected(ann, post)
    tickets.close(ann.app, ANA, ticket, "helped")
    work(ann.app, post, clock)
    assert "Did it help?" in post.texts[-1]
    assert "sorry it was not" in ann.says("2")
    assert "1 Signs" in ann.says("menu")


def test_after_a_flagged_close_it_never_asks(ann: Phone, post: Recorder, clock: Clock) -> None:
    ticket = connected(ann, post)
    tickets.flag(ann.app, ANA, ticket, "abuse")
    tickets.close(ann.app, ANA, ticket, "referred")
    work(ann.app, post, clock)
    assert "988" in post.texts[-1]
    assert "Did it help" not in post.texts[-1]
    assert "Signs" in ann.says("hi") or "Signs" in ann.says("menu")


def test_without_the_store_it_says_that_the_counselor_did_not_get_it(handing_over: Loaded, clock: Clock) -> None:
    nobody = RedisStore(connect("unix:///nowhere/redis.sock"), clock)
    phone = Phone(make_app(handing_over, nobody, clock))
    missed, again = "If a counselor was with you, they did not get this text.", "Send your text again"
    answer = phone.says("can you help me with my son")
    assert missed in answer
    assert again in answer
    for text in ("he is blue and not breathing", "is this an overdose", "STOP", "HUMAN"):
        answer = phone.says(text)
        assert missed in answer
        assert again not in answer


def test_replies_come_from_the_number_that_was_written_to(desk_app: App, post: Recorder, clock: Clock) -> None:
    on_duty(desk_app, ANA)
    phone = Phone(desk_app)
    for text in ("HUMAN", "3", "1"):
        phone.text(text, To="+15005550777")
    (row,) = tickets.queue(desk_app)
    tickets.claim(desk_app, ANA, row.id)
    work(desk_app, post, clock)
    assert post.sent[0][:2] == (phone.number, "+15005550777")
