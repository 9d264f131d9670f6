"""Nudges for an emergency in a hand-off: nobody waits for them, none is missed, and no number of texts makes many of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict

import pytest
import redis

from bot import tickets
from bot.app import App
from bot.contacts import contact_id
from bot.core.handoff import NUDGE_AGAIN
from bot.core.ticket import Ticket
from bot.desk import WRITTEN_BY, seal_ticket, text_staff, ticket_in
from bot.outbound import YIELDS
from bot.store import StoreDown
from tests.counselors import ANA, BEN, EVE, SUE, Recorder, in_line, on_duty, work
from tests.handoff.test_races import hurried
from tests.phone import Clock, Phone
from tests.trips import trips

DIES = "i want to kill myself"
PHONES = [f"+1500555090{n}" for n in range(4)]


@pytest.fixture
def post() -> Recorder:
    return Recorder()


def nudges(post: Recorder) -> list[str]:
    return [to for to, _, text in post.sent if text.startswith("Helpline console")]


def said(app: App, ticket: str, who: str) -> list[str]:
    return [entry.text for entry in tickets.conversation(app, SUE, ticket).entries if entry.who == who]


def raises(error: BaseException) -> Callable[[], None]:
    def now() -> None:
        raise error

    return now


@pytest.mark.parametrize("phones", [0, 1, 4])
@pytest.mark.parametrize("state", ["waiting", "connected"])
def test_an_emergency_text_waits_for_four_calls_however_many_phones_are_on_duty(
    desk_app: App, raw: redis.Redis, post: Recorder, clock: Clock, state: str, phones: int
) -> None:
    """What is kept is read, the contact marked, all written, and what follows announced."""
    for person, number in zip((ANA, BEN, EVE, SUE), [*PHONES[:phones], "", "", "", ""], strict=False):
        on_duty(desk_app, person, phone=number)
    phone = Phone(desk_app)
    ticket = in_line(phone)
    if state == "connected":
        tickets.claim(desk_app, ANA, ticket)
    work(desk_app, post, clock)

    def waits(text: str) -> int:
        clock.pass_(NUDGE_AGAIN + 1)
        answers: list[str] = []
        made = trips(raw, lambda: answers.extend(phone.text(text)))
        assert answers
        return made

    assert [waits(text) for text in ("he is not breathing", DIES, "he is not breathing, and i want to die")] == [4, 4, 4]
    work(desk_app, post, clock)
    assert bool(nudges(post)) == (phones > 0)


@pytest.mark.parametrize("state", ["waiting", "connected"])
def test_one_who_writes_it_in_many_texts_is_nudged_for_once_a_minute(
    desk_app: App, post: Recorder, clock: Clock, state: str
) -> None:
    on_duty(desk_app, ANA, phone=PHONES[0])
    phone = Phone(desk_app)
    ticket = in_line(phone)
    if state == "connected":
        tickets.claim(desk_app, ANA, ticket)
        work(desk_app, post, clock)
    for n in range(25):
        phone.text(f"{DIES} {n}")
        clock.pass_(1)
        work(desk_app, post)
    assert len(nudges(post)) == 1
    clock.pass_(NUDGE_AGAIN)
    phone.text(DIES)
    work(desk_app, post)
    assert len(nudges(post)) >= 2  # a rung of the ladder may be due as well
    assert len([text for text in said(desk_app, ticket, "person") if DIES in text]) == 26
    assert said(desk_app, ticket, "system").count("a text goes to Ana") <= 2


def test_another_kind_of_emergency_is_nudged_for_at_once(desk_app: App, post: Recorder, clock: Clock) -> None:
    on_duty(desk_app, ANA, phone=PHONES[0])
    phone = Phone(desk_app)
    in_line(phone)
    for text in (DIES, "he is not breathing", "he is not breathing"):
        phone.text(text)
        work(desk_app, post, clock)
        clock.pass_(2)
    work(desk_app, post, clock)
    assert len(nudges(post)) == 2


def test_who_takes_it_is_nudged_though_others_were_a_moment_ago(desk_app: App, post: Recorder, clock: Clock) -> None:
    on_duty(desk_app, ANA, phone=PHONES[0])
    phone = Phone(desk_app)
    ticket = in_line(phone)
    phone.text(DIES)
    work(desk_app, post, clock)
    tickets.claim(desk_app, ANA, ticket)
    phone.text("i am going to kill myself tonight")
    work(desk_app, post, clock)
    clock.pass_(2)
    work(desk_app, post, clock)
    assert nudges(post) == [PHONES[0]] * 2


def test_a_nudge_is_made_up_for_though_nobody_could_be_told_that_it_is_due(desk_app: App, post: Recorder, clock: Clock) -> None:
    on_duty(desk_app, ANA, phone=PHONES[0])
    ticket = in_line(Phone(desk_app))
    work(desk_app, post, clock)
    lost = hurried(desk_app, clock, "announce", raises(StoreDown("timeout")))
    assert "988" in Phone(lost).says(DIES)
    clock.pass_(WRITTEN_BY)
    work(desk_app, post, clock)
    assert nudges(post) == [PHONES[0]]
    assert said(desk_app, ticket, "system")[-1] == "a text goes to Ana"


@pytest.mark.parametrize("dies_at", ["push", "change"])
def test_a_worker_that_dies_while_it_nudges_leaves_it_to_the_next(
    desk_app: App, post: Recorder, clock: Clock, dies_at: str
) -> None:
    on_duty(desk_app, ANA, phone=PHONES[0])
    phone = Phone(desk_app)
    ticket = in_line(phone)
    work(desk_app, post, clock)
    phone.text(DIES)
    with pytest.raises(SystemExit):
        work(hurried(desk_app, clock, dies_at, raises(SystemExit())), post, clock)
    for seconds in (31, 2):
        clock.pass_(seconds)
        work(desk_app, post, clock)
    assert nudges(post) == [PHONES[0]] * (1 if dies_at == "push" else 2)
    assert said(desk_app, ticket, "system").count("a text goes to Ana") == 1


def test_nobody_is_nudged_for_what_was_taken_meanwhile(desk_app: App, post: Recorder, clock: Clock) -> None:
    on_duty(desk_app, ANA, phone=PHONES[0])
    phone = Phone(desk_app)
    ticket = in_line(phone)
    phone.text(DIES)
    tickets.claim(desk_app, ANA, ticket)
    work(desk_app, post, clock)
    assert nudges(post) == []
    assert not [text for text in said(desk_app, ticket, "system") if "text" in text]


def test_of_two_nudges_that_are_due_nobody_is_left_out() -> None:
    ticket = Ticket("ann-1", "ann")
    assert ticket.nudging("backup", False).nudging("staff", True).nudge_due == "backup"
    assert not ticket.nudging("backup", False).nudging("staff", True).nudge_quiet
    assert ticket.nudging("staff", True).nudging("holder", True).nudge_due == "holder"
    assert ticket.nudging("", True) == ticket


def test_a_ticket_that_an_older_version_wrote_is_read(desk_app: App) -> None:
    ticket = Ticket("ann-1", "ann", flags=("suicide",))
    old = {name: value for name, value in asdict(ticket).items() if not name.startswith("nudge")}
    assert ticket_in(desk_app, desk_app.vault.seal(old)) == ticket
    assert ticket_in(desk_app, seal_ticket(desk_app, ticket)) == ticket


def test_a_reply_goes_before_the_nudges_that_wait_at_its_sender(desk_app: App, post: Recorder, clock: Clock) -> None:
    on_duty(desk_app, ANA)
    ticket = in_line(Phone(desk_app))
    tickets.claim(desk_app, ANA, ticket)
    work(desk_app, post, clock)
    post.sent.clear()
    for n in range(9):
        text_staff(desk_app, f"+1617555010{n}", "+15005550001", "1 waiting")
    tickets.reply(desk_app, ANA, ticket, "I am here.", "t1")
    work(desk_app, post, clock)
    assert post.texts.index("I am here.") <= 1
    for _ in range(60):
        clock.pass_(1)
        work(desk_app, post, clock)
    assert len(post.sent) == 10


def test_a_nudge_takes_its_turn_in_the_end(desk_app: App, post: Recorder, clock: Clock) -> None:
    def busy() -> None:
        desk_app.store.desk.pace(contact_id(desk_app.secret, "sender", "+15005550001"), clock(), 2.0, 0.0)

    text_staff(desk_app, PHONES[0], "+15005550001", "1 waiting")
    busy()
    work(desk_app, post)
    assert post.texts == []
    clock.pass_(YIELDS)
    busy()
    work(desk_app, post)
    assert post.texts == ["1 waiting"]
