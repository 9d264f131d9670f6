"""The ladder: nudged, backup, told, closed kindly. Always at a human in the end, whatever was restarted on the way."""

from __future__ import annotations

import itertools
from dataclasses import replace

import pytest
import redis
from hypothesis import given
from hypothesis import strategies as st

from bot import tickets
from bot.app import App
from bot.content import Loaded
from bot.core.ladder import AGAIN, CLOSED, SHIFT, Times, climb, due
from bot.core.machine import ticket_states
from bot.core.ticket import Ticket
from bot.duty import left, sweep
from bot.store import Store, keys
from tests.counselors import ANA, BEN, SUE, Recorder, in_line, on_duty, work
from tests.phone import Clock, Phone, make_app

TIMES = Times()
WAITS = Ticket("ann-1", "ann", opened=1000.0, since=1000.0, climbs_from=1000.0)


def test_the_machine_knows_where_a_ticket_may_go() -> None:
    states = ticket_states()
    assert states.after("waiting", "claim") == "connected"
    assert states.after("connected", "hand_back") == "waiting"
    assert states.after("waiting", "give_up") == "unanswered"
    assert states.after("connected", "close") == "closed"
    for state, event in (("closed", "claim"), ("unanswered", "claim"), ("connected", "claim"), ("gone", "claim")):
        assert states.after(state, event) is None


@given(st.lists(st.floats(1, 4000), min_size=1, max_size=30), st.booleans(), st.booleans())
def test_at_whatever_moments_it_is_looked_at_every_wait_ends_kindly(moments: list[float], anybody: bool, flagged: bool) -> None:
    ticket, told = replace(WAITS, flags=("suicide",) if flagged else ()), []
    for now in sorted(1000 + m for m in moments) + [1000 + TIMES.close + 1] * 5:
        step = climb(ticket, now, TIMES, anybody)
        if step and step.ticket:
            ticket = step.ticket
            told += [part for note in step.notes for part in note.parts]
    assert told[0] == "handoff.longer"
    assert (ticket.state, told[-1]) == (("waiting", "handoff.longer") if flagged else ("unanswered", "handoff.unanswered"))


def test_nothing_happens_before_its_time() -> None:
    assert climb(WAITS, 1059.0, TIMES, True) is None
    assert due(WAITS, TIMES) == 1060.0


def test_a_flagged_ticket_is_never_closed_and_asked_for_again_and_again() -> None:
    ticket = replace(WAITS, flags=("overdose",), stage=CLOSED - 1, nudged_at=1300.0)
    step = climb(ticket, 2300.0, TIMES, True)
    assert step
    assert step.nudge == "backup"
    assert step.ticket
    assert step.ticket.state == "waiting"
    assert due(step.ticket, TIMES) == 2300.0 + AGAIN


def lines(app: App, ticket: str) -> list[str]:
    return [e.text for e in tickets.conversation(app, SUE, ticket).entries]


def test_staff_backup_person_and_a_kind_end(desk_app: App, clock: Clock) -> None:
    app = make_app(desk_app.loaded, desk_app.store, clock, backup_phones=["+15005550900"])
    on_duty(app, ANA, phone="+15005550901")
    post = Recorder()
    ticket = in_line(Phone(app))
    told: list[tuple[float, str, str]] = []
    began, seen = clock(), 0
    for _ in range(130):
        tickets.heartbeat(app, ANA)
        work(app, post)
        told += [(clock() - began, to, text) for to, _, text in post.sent[seen:]]
        seen = len(post.sent)
        clock.pass_(10)
    nudge, backup = "Helpline console: 1 waiting.", "Helpline console: backup is needed. 1 waiting."
    staff = [entry for entry in told if entry[1] != "+15005550006"]
    assert staff[:1] == [(60, "+15005550901", nudge)]
    moments = sorted((at // 60 * 60, to, text) for at, to, text in staff[1:])  # one of two lets replies go before it for a moment
    assert moments == sorted((at, to, backup) for at in (180, 300) for to in ("+15005550900", "+15005550901"))
    person = [(at, text) for at, to, text in told if to == "+15005550006"]
    assert [at for at, _ in person] == [300, 1200]
    assert "1-800-662-4357" in person[0][1]
    assert "988" in person[0][1]
    assert "We are sorry" in person[1][1]
    assert tickets.conversation(app, SUE, ticket).row.state == "unanswered"


def test_a_nudge_says_nothing_of_the_person(desk_app: App, clock: Clock) -> None:
    on_duty(desk_app, ANA, phone="+15005550901")
    phone = Phone(desk_app)
    in_line(phone)
    phone.says("my cousin Rosalinda uses")
    clock.pass_(61)
    post = Recorder()
    work(desk_app, post)
    assert post.sent == [("+15005550901", "+15005550001", "Helpline console: 1 waiting.")]


@pytest.mark.parametrize(
    ("phones", "told"),
    [
        (("+15005550901", "+15005550902"), "a text goes to Ana and Ben"),
        (("", "+15005550902"), "a text goes to Ben"),
        (("", ""), "nobody could be texted: no phone set for anyone on duty"),
    ],
)
def test_what_came_of_a_nudge_is_noted(desk_app: App, clock: Clock, phones: tuple[str, str], told: str) -> None:
    on_duty(desk_app, ANA, phone=phones[0])
    on_duty(desk_app, BEN, phone=phones[1])
    ticket, post = in_line(Phone(desk_app)), Recorder()
    for seconds in (61, 2):
        clock.pass_(seconds)
        work(desk_app, post)
    assert lines(desk_app, ticket)[-1] == told
    assert len(post.sent) == sum(map(bool, phones))


def test_backup_phones_are_noted_by_their_number_alone(handing_over: Loaded, store: Store, clock: Clock) -> None:
    app = make_app(handing_over, store, clock, backup_phones=["+15005550911", "+15005550912"])
    on_duty(app, ANA)
    ticket, post = in_line(Phone(app)), Recorder()
    for seconds in (181, 2):
        clock.pass_(seconds)
        work(app, post)
    assert "a text goes to 2 backup phones" in lines(app, ticket)
    assert {to for to, _, _ in post.sent} == {"+15005550911", "+15005550912"}


def test_a_flagged_ticket_that_waits_for_hours_is_not_filled_with_notes(desk_app: App, clock: Clock) -> None:
    on_duty(desk_app, ANA, phone="+15005550901")
    phone, post = Phone(desk_app), Recorder()
    ticket = in_line(phone)
    phone.text("i want to kill myself")
    for _ in range(60):
        tickets.heartbeat(desk_app, ANA)
        clock.pass_(60)
        work(desk_app, post)
    assert len([line for line in lines(desk_app, ticket) if line.startswith("a text goes")]) <= 4
    assert len(post.sent) > 8


def test_a_flagged_ticket_that_nobody_takes_is_asked_for_ever_more_rarely(desk_app: App, clock: Clock) -> None:
    app = make_app(desk_app.loaded, desk_app.store, clock, backup_phones=["+15005550911"])
    on_duty(app, ANA)
    phone, post = Phone(app), Recorder()
    in_line(phone)
    phone.text("i want to kill myself")
    asked: list[int] = []
    for minute in range(3 * 24 * 60):
        before = len(post.sent)
        work(app, post)
        if len(post.sent) > before:
            asked.append(minute)
        clock.pass_(60)
    assert len([minute for minute in asked if minute < 24 * 60]) < 40
    assert max(b - a for a, b in itertools.pairwise(asked)) <= SHIFT / 60 + 1
    assert asked[-1] > 2 * 24 * 60


def test_a_ladder_that_climbs_makes_no_record_live_longer(desk_app: App, clock: Clock, raw: redis.Redis) -> None:
    on_duty(desk_app, ANA)
    phone, post = Phone(desk_app), Recorder()
    ticket = in_line(phone)
    phone.text("i want to kill myself")
    names = [keys.of(ticket.partition("-")[0], kind) for kind in (keys.TICKET, keys.LOG, keys.SENT)]
    for key in names[:2]:
        raw.expire(key, 1000)  # so much is left of its 30 days
    for _ in range(4):
        clock.pass_(301)
        work(desk_app, post)
    assert all(0 < raw.ttl(key) <= 1000 for key in names)
    phone.text("is anybody there")
    assert raw.ttl(names[0]) > 29 * 86400
    tickets.flag(desk_app, SUE, ticket, "legal")
    clock.pass_(SHIFT)
    work(desk_app, post)
    assert raw.ttl(names[0]) == -1


def test_with_nobody_on_duty_the_person_is_told_at_once(desk_app: App, clock: Clock) -> None:
    on_duty(desk_app, ANA, hours=0.1)
    post = Recorder()
    in_line(Phone(desk_app))
    clock.pass_(361)  # the shift is over
    work(desk_app, post)
    assert ["This takes longer" in text for text in post.texts] == [True]


def test_a_silent_counselor_is_nudged_then_the_conversation_waits_for_others(desk_app: App, clock: Clock) -> None:
    on_duty(desk_app, ANA, BEN)
    phone, post = Phone(desk_app), Recorder()
    ticket = in_line(phone)
    tickets.claim(desk_app, ANA, ticket)
    tickets.reply(desk_app, ANA, ticket, "Hello.", "t1")
    clock.pass_(30)
    phone.says("are you there")
    for _ in range(31):
        tickets.heartbeat(desk_app, ANA)
        clock.pass_(10)
        work(desk_app, post)
    assert lines(desk_app, ticket)[-5:-2] == [
        "nobody could be texted: their counselor has set no phone",
        "nobody could be texted: no phone set for anyone on duty, and BACKUP_PHONES is empty",
        "back in the queue: no reply",
    ]
    assert "This takes longer" in post.texts[-1]
    assert [row.id for row in tickets.queue(desk_app)] == [ticket]
    assert tickets.duty_of(desk_app, ANA).holding == 0  # type: ignore[union-attr]
    assert tickets.claim(desk_app, BEN, ticket).row.staff == BEN.id


@pytest.mark.parametrize(
    ("others", "flagged", "state"), [(True, False, "waiting"), (False, True, "waiting"), (False, False, "closed")]
)
def test_at_shift_end_a_conversation_goes_on_elsewhere_or_ends_kindly(
    desk_app: App, clock: Clock, others: bool, flagged: bool, state: str
) -> None:
    on_duty(desk_app, ANA, hours=0.2)
    if others:
        on_duty(desk_app, BEN)
    phone, post = Phone(desk_app), Recorder()
    ticket = in_line(phone)
    tickets.claim(desk_app, ANA, ticket)
    tickets.reply(desk_app, ANA, ticket, "Hello.", "t1")
    if flagged:
        tickets.flag(desk_app, ANA, ticket, "rescue")
    work(desk_app, post)
    clock.pass_(721)
    work(desk_app, post)
    assert tickets.conversation(desk_app, SUE, ticket).row.state == state
    told = (
        {True: "Your counselor had to go.", False: "This takes longer"}[others] if state == "waiting" else "has ended this talk"
    )
    assert told in post.texts[-1]
    assert len(post.texts) == 3  # the welcome, the reply, and that


def test_a_lost_list_of_who_is_on_duty_closes_no_conversation(desk_app: App, raw: redis.Redis) -> None:
    on_duty(desk_app, ANA)
    phone, post = Phone(desk_app), Recorder()
    ticket = in_line(phone)
    tickets.claim(desk_app, ANA, ticket)
    tickets.reply(desk_app, ANA, ticket, "Hello.", "t1")
    work(desk_app, post)
    raw.delete("hl:{desk}:duty", "hl:{desk}:seen")
    phone.says("thanks")
    work(desk_app, post)
    assert [row.id for row in tickets.queue(desk_app)] == [ticket]
    assert not [text for text in post.texts if "has ended this talk" in text]


def test_a_shift_that_ended_stays_on_record_until_its_conversations_are_looked_after(desk_app: App, clock: Clock) -> None:
    on_duty(desk_app, ANA, BEN, hours=0.2)
    clock.pass_(721)
    assert sorted(sweep(desk_app, desk_app.store.desk, {ANA.id})) == [ANA.id, BEN.id]
    assert (left(desk_app, ANA.id), left(desk_app, BEN.id)) == (True, False)
    sweep(desk_app, desk_app.store.desk)
    assert desk_app.store.desk.duty() == {}


def test_the_ladder_stands_in_the_store_alone(desk_app: App, raw: redis.Redis, clock: Clock) -> None:
    """Every process may end and every index be lost: what is due is built again from the tickets."""
    on_duty(desk_app, ANA)
    ticket = in_line(Phone(desk_app))
    clock.pass_(301)
    for kind in ("due", "tickets", "n", "beat"):
        raw.delete(f"hl:{{desk}}:{kind}")
    assert tickets.queue(desk_app) == ()
    assert desk_app.store.desk.rebuild() == 1
    post = Recorder()
    work(desk_app, post)
    assert "This takes longer" in post.texts[-1]
    assert [row.id for row in tickets.queue(desk_app)] == [ticket]


def test_when_the_last_counselor_leaves_whoever_waits_is_told_at_once(desk_app: App, clock: Clock) -> None:
    on_duty(desk_app, ANA)
    in_line(Phone(desk_app))
    post = Recorder()
    work(desk_app, post, clock)
    clock.pass_(2)
    tickets.go_off_duty(desk_app, ANA)
    work(desk_app, post, clock)
    assert "This takes longer than it should" in post.sent[-1][2]
