"""What counselors and supervisors may do with tickets, and what they are refused."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
import redis

from bot import tickets
from bot.app import App
from bot.desk import contact_of
from bot.embedded import Server
from bot.store import keys
from bot.store.connect import connect
from bot.store.redis import RedisStore
from bot.tickets.writing import MOST_UNSENT
from tests.counselors import ANA, BEN, EVE, SUE, Recorder, in_line, on_duty, work
from tests.phone import Clock, Phone, make_app

Phones = Callable[[str], Phone]


@pytest.fixture
def ticket(desk_app: App) -> str:
    """One who waits; Ana, Ben and Sue are on duty, Eve is not."""
    on_duty(desk_app, ANA, BEN, SUE)
    return in_line(Phone(desk_app))


def waiting(app: App, count: int) -> list[str]:
    return [in_line(Phone(app, f"+1500555{i:04d}")) for i in range(100, 100 + count)]


def in_line_after(clock: Clock, seconds: float, phone: Phone) -> str:
    clock.pass_(seconds)
    return in_line(phone)


def test_the_queue_shows_flagged_first_then_who_waits_longest(desk_app: App, clock: Clock) -> None:
    on_duty(desk_app, ANA)
    phones = [Phone(desk_app, f"+150055501{i}0") for i in range(3)]
    first, second, third = (in_line_after(clock, 10, phone) for phone in phones)
    phones[2].says("i want to kill myself")
    assert [row.id for row in tickets.queue(desk_app)] == [third, first, second]
    assert [row.flags for row in tickets.changes(desk_app, ANA, 0).calling] == [("suicide",)]


def test_claiming_is_for_those_on_duty_and_not_paused(desk_app: App, ticket: str) -> None:
    with pytest.raises(tickets.NotOnDuty):
        tickets.claim(desk_app, EVE, ticket)
    tickets.pause(desk_app, ANA, True)
    with pytest.raises(tickets.NotOnDuty, match="paused"):
        tickets.claim(desk_app, ANA, ticket)
    tickets.pause(desk_app, ANA, False)
    assert tickets.claim(desk_app, ANA, ticket).row.staff_name == "Ana"
    assert tickets.claim(desk_app, ANA, ticket).row.state == "connected"  # a second click
    with pytest.raises(tickets.Taken, match="Ana has this one"):
        tickets.claim(desk_app, BEN, ticket)
    with pytest.raises(tickets.Gone):
        tickets.claim(desk_app, BEN, "nobody-1")


def test_of_two_claims_at_one_moment_one_wins(desk_app: App, server: Server, ticket: str, clock: Clock) -> None:
    results: dict[str, object] = {}

    def claim(who: object) -> None:
        app = make_app(desk_app.loaded, RedisStore(connect(server.url), clock), clock)
        try:
            results[who.name] = tickets.claim(app, who, ticket).row.staff_name  # type: ignore[attr-defined, arg-type]
        except tickets.Taken as taken:
            results[who.name] = taken  # type: ignore[attr-defined]

    racers = [threading.Thread(target=claim, args=(who,)) for who in (ANA, BEN)]
    for racer in racers:
        racer.start()
    for racer in racers:
        racer.join()
    winner = tickets.conversation(desk_app, SUE, ticket).row.staff_name
    loser = {"Ana": "Ben", "Ben": "Ana"}[winner]
    assert results[winner] == winner
    assert isinstance(results[loser], tickets.Taken)
    assert (tickets.duty_of(desk_app, ANA).holding, tickets.duty_of(desk_app, BEN).holding) in ((1, 0), (0, 1))  # type: ignore[union-attr]


def test_three_conversations_at_once_are_the_most(desk_app: App) -> None:
    on_duty(desk_app, ANA, BEN)
    first, *rest, last = waiting(desk_app, 4)
    for ticket in (first, *rest):
        tickets.claim(desk_app, ANA, ticket)
    with pytest.raises(tickets.TooMany):
        tickets.claim(desk_app, ANA, last)
    tickets.close(desk_app, ANA, first, "helped")
    assert tickets.claim(desk_app, ANA, last).row.staff == ANA.id


def test_only_the_holder_writes_and_a_token_sends_once(desk_app: App, ticket: str) -> None:
    with pytest.raises(tickets.NotYours, match="Claim it first"):
        tickets.reply(desk_app, ANA, ticket, "hello", "t1")
    tickets.claim(desk_app, ANA, ticket)
    with pytest.raises(tickets.NotYours):
        tickets.reply(desk_app, BEN, ticket, "hello", "t1")
    with pytest.raises(tickets.NotYours):
        tickets.reply(desk_app, SUE, ticket, "hello", "t1")  # a supervisor reads, takes over by transfer
    entry = tickets.reply(desk_app, ANA, ticket, " hello ", "t1")
    assert tickets.reply(desk_app, ANA, ticket, "hello", "t1").seq == entry.seq
    post = Recorder()
    work(desk_app, post)
    assert post.texts[1:] == ["hello"]


def test_a_retry_after_a_transfer_is_told_that_it_was_sent(desk_app: App, raw: redis.Redis, ticket: str) -> None:
    tickets.claim(desk_app, ANA, ticket)
    entry = tickets.reply(desk_app, ANA, ticket, "hello", "t1")
    tickets.transfer(desk_app, ANA, ticket, BEN.id)
    again = tickets.reply(desk_app, ANA, ticket, "hello", "t1")
    assert (again.seq, again.text) == (entry.seq, "hello")
    with pytest.raises(tickets.NotYours):
        tickets.reply(desk_app, BEN, ticket, "hello", "t1")  # the draft of another
    raw.ltrim(keys.of(contact_of(ticket), keys.LOG), -1, -1)
    assert tickets.reply(desk_app, ANA, ticket, "hello", "t1").seq == entry.seq


@pytest.mark.parametrize("text", ["", "   ", "x" * 1601])
def test_what_cannot_be_sent_is_refused(desk_app: App, ticket: str, text: str) -> None:
    tickets.claim(desk_app, ANA, ticket)
    with pytest.raises(tickets.NotSendable):
        tickets.reply(desk_app, ANA, ticket, text, "t1")


def test_a_double_click_on_two_machines_sends_once(desk_app: App, server: Server, ticket: str, clock: Clock) -> None:
    tickets.claim(desk_app, ANA, ticket)

    def send() -> None:
        app = make_app(desk_app.loaded, RedisStore(connect(server.url), clock), clock)
        tickets.reply(app, ANA, ticket, "once", "t1")

    clicks = [threading.Thread(target=send) for _ in range(4)]
    for click in clicks:
        click.start()
    for click in clicks:
        click.join()
    assert [e.text for e in tickets.conversation(desk_app, ANA, ticket).entries].count("once") == 1


def test_reading_is_for_the_holder_supervisors_and_who_may_claim(desk_app: App, ticket: str) -> None:
    assert tickets.conversation(desk_app, BEN, ticket).row.state == "waiting"
    with pytest.raises(tickets.NotOnDuty):
        tickets.conversation(desk_app, EVE, ticket)
    tickets.claim(desk_app, ANA, ticket)
    with pytest.raises(tickets.NotYours, match="Ana"):
        tickets.conversation(desk_app, BEN, ticket)
    assert tickets.conversation(desk_app, SUE, ticket).row.staff == ANA.id
    with pytest.raises(tickets.WrongRole):
        tickets.everything(desk_app, ANA)
    assert [row.id for row in tickets.everything(desk_app, SUE)] == [ticket]


def test_transfer_by_name_to_somebody_with_a_free_place(desk_app: App, ticket: str) -> None:
    tickets.claim(desk_app, ANA, ticket)
    with pytest.raises(tickets.NotYours):
        tickets.transfer(desk_app, BEN, ticket, BEN.id)
    with pytest.raises(tickets.NotOnDuty):
        tickets.transfer(desk_app, ANA, ticket, EVE.id)
    tickets.transfer(desk_app, ANA, ticket, BEN.id)
    assert tickets.held(desk_app, ANA) == ()
    assert [row.id for row in tickets.held(desk_app, BEN)] == [ticket]
    assert tickets.duty_of(desk_app, ANA).holding == 0  # type: ignore[union-attr]
    tickets.transfer(desk_app, SUE, ticket, ANA.id)  # a supervisor may
    assert [row.id for row in tickets.held(desk_app, ANA)] == [ticket]


def test_handed_back_it_waits_at_its_old_place(desk_app: App, ticket: str, clock: Clock) -> None:
    clock.pass_(100)
    other = in_line(Phone(desk_app, "+15005550100"))
    tickets.claim(desk_app, ANA, ticket)
    clock.pass_(50)
    tickets.hand_back(desk_app, ANA, ticket)
    assert [row.id for row in tickets.queue(desk_app)] == [ticket, other]
    post = Recorder()
    work(desk_app, post, clock)
    tickets.claim(desk_app, BEN, ticket)
    with pytest.raises(tickets.Refused):
        tickets.close(desk_app, BEN, ticket, "because")


def test_off_duty_only_without_conversations(desk_app: App, ticket: str) -> None:
    tickets.claim(desk_app, ANA, ticket)
    with pytest.raises(tickets.StillHolding) as holding:
        tickets.go_off_duty(desk_app, ANA)
    assert holding.value.tickets == (ticket,)
    tickets.close(desk_app, ANA, ticket, "helped")
    tickets.go_off_duty(desk_app, ANA)
    assert tickets.duty_of(desk_app, ANA) is None


def test_a_shift_ends_by_itself_and_so_does_being_there(desk_app: App, clock: Clock) -> None:
    on_duty(desk_app, ANA, hours=1)
    for _ in range(3):
        clock.pass_(14 * 60)
        assert tickets.heartbeat(desk_app, ANA)
    clock.pass_(14 * 60)
    assert tickets.changes(desk_app, ANA, 0)
    clock.pass_(60)
    assert tickets.heartbeat(desk_app, ANA) is None  # away too long: polling is no sign of life
    on_duty(desk_app, ANA, hours=0.1)
    clock.pass_(361)
    assert tickets.on_duty(desk_app) == ()


@pytest.mark.parametrize(("hours", "phone"), [(0, ""), (17, ""), (-1, ""), (8, "555-0100"), (8, "+1 555")])
def test_a_shift_that_makes_no_sense_is_refused(desk_app: App, clock: Clock, hours: float, phone: str) -> None:
    with pytest.raises(tickets.Refused):
        tickets.go_on_duty(desk_app, ANA, clock() + hours * 3600, phone)


def test_the_number_is_shown_for_a_reason_that_is_kept_and_logged_without_it(
    desk_app: App, ticket: str, logs: Callable[[], str]
) -> None:
    tickets.claim(desk_app, ANA, ticket)
    with pytest.raises(tickets.Refused, match="why"):
        tickets.reveal(desk_app, ANA, ticket, " ")
    with pytest.raises(tickets.NotYours):
        tickets.reveal(desk_app, BEN, ticket, "curious")
    logs()
    assert tickets.reveal(desk_app, ANA, ticket, "police welfare check") == "+15005550006"
    assert tickets.conversation(desk_app, ANA, ticket).entries[-1].text == "number shown: police welfare check"
    logged = logs()
    assert "number_revealed" in logged
    assert f'"ticket": "{ticket}"' in logged
    assert "5550006" not in logged
    assert "welfare" not in logged


def test_backup_is_asked_for_and_seen_by_the_others(desk_app: App, ticket: str) -> None:
    tickets.ask_for_backup(desk_app, ANA)
    assert tickets.changes(desk_app, BEN, 0).backup == ("Ana",)
    assert tickets.changes(desk_app, ANA, 0).backup == ()
    tickets.ask_for_backup(desk_app, ANA, asked=False)
    assert tickets.changes(desk_app, BEN, 0).backup == ()


def test_a_page_that_polls_is_told_only_of_changes(desk_app: App, ticket: str) -> None:
    first = tickets.changes(desk_app, ANA, 0)
    assert (first.changed, first.waiting) == (True, 1)
    assert not tickets.changes(desk_app, ANA, first.cursor).changed
    Phone(desk_app).says("hello again")
    assert tickets.changes(desk_app, ANA, first.cursor).changed


def test_flags_are_set_by_the_holder_and_lifted_by_a_supervisor(desk_app: App, ticket: str) -> None:
    tickets.claim(desk_app, ANA, ticket)
    tickets.flag(desk_app, ANA, ticket, "abuse")
    with pytest.raises(tickets.WrongRole):
        tickets.flag(desk_app, ANA, ticket, "abuse", on=False)
    with pytest.raises(tickets.NotYours):
        tickets.flag(desk_app, BEN, ticket, "rescue")
    tickets.flag(desk_app, SUE, ticket, "abuse", on=False)
    assert tickets.conversation(desk_app, ANA, ticket).row.flags == ()


def test_a_supervisor_erases(desk_app: App, ticket: str) -> None:
    with pytest.raises(tickets.WrongRole):
        tickets.erase(desk_app, ANA, ticket)
    with pytest.raises(tickets.Refused, match="Close it first"):
        tickets.erase(desk_app, SUE, ticket)
    tickets.close(desk_app, SUE, ticket, "other")
    tickets.erase(desk_app, SUE, ticket)
    with pytest.raises(tickets.Gone):
        tickets.conversation(desk_app, SUE, ticket)


def test_the_person_hears_of_another_counselor_and_of_the_way_back_into_the_line(
    desk_app: App, ticket: str, clock: Clock
) -> None:
    post = Recorder()
    on_duty(desk_app, BEN)
    tickets.claim(desk_app, ANA, ticket)
    work(desk_app, post, clock)
    tickets.transfer(desk_app, ANA, ticket, BEN.id)
    work(desk_app, post, clock)
    assert post.texts[-1].startswith("Another counselor here goes on with you now")
    tickets.hand_back(desk_app, BEN, ticket)
    work(desk_app, post, clock)
    assert post.texts[-1].startswith("Your counselor had to go. You keep your place in line")
    assert len(post.texts) == 3


def test_it_is_told_in_the_person_s_language(desk_app: App, clock: Clock) -> None:
    post, phone = Recorder(), Phone(desk_app, "+15005550011")
    on_duty(desk_app, ANA, BEN)
    for text in ("espanol", "HUMAN", "3", "1"):
        phone.says(text)
    ticket = tickets.queue(desk_app)[0].id
    tickets.claim(desk_app, ANA, ticket)
    tickets.transfer(desk_app, ANA, ticket, BEN.id)
    tickets.hand_back(desk_app, BEN, ticket)
    work(desk_app, post, clock)
    assert post.texts[-2].startswith("Ahora sigue con usted otro consejero")
    assert post.texts[-1].startswith("Su consejero tuvo que irse.")


def test_more_replies_than_can_wait_are_refused_in_words(desk_app: App, ticket: str) -> None:
    tickets.claim(desk_app, ANA, ticket)
    waits = len(desk_app.store.desk.outbox(contact_of(ticket)))
    for n in range(MOST_UNSENT - waits):
        tickets.reply(desk_app, ANA, ticket, f"text {n}", f"token {n}")
    with pytest.raises(tickets.NotSendable, match="still wait to be sent"):
        tickets.reply(desk_app, ANA, ticket, "one more", "token more")
    assert len(desk_app.store.desk.outbox(contact_of(ticket))) == MOST_UNSENT


def test_who_may_not_transfer_takes_nobody_s_place_away(desk_app: App, ticket: str) -> None:
    tickets.claim(desk_app, ANA, ticket)
    with pytest.raises(tickets.NotYours):
        tickets.transfer(desk_app, BEN, ticket, ANA.id)
    assert tickets.duty_of(desk_app, ANA).holding == 1  # type: ignore[union-attr]
    tickets.pause(desk_app, BEN, True)
    with pytest.raises(tickets.NotOnDuty, match="paused"):
        tickets.transfer(desk_app, ANA, ticket, BEN.id)


def test_canned_replies_come_in_the_person_s_language(desk_app: App) -> None:
    english, spanish = (tickets.canned(desk_app, lang) for lang in ("en", "es"))
    assert [c.id for c in english] == [c.id for c in spanish]
    assert "a real person" in english[0].text
    assert "una persona real" in spanish[0].text


def test_what_one_may_expect_of_a_key_that_is_gone(desk_app: App, ticket: str, clock: Clock) -> None:
    from pydantic import SecretStr

    other = make_app(
        desk_app.loaded, desk_app.store, clock, helpline_keys=[SecretStr("6Xk0lFxXbK0H0u0aL1bD0a0d3rM0o4K8fJd2J2s0q7k=")]
    )
    with pytest.raises(tickets.Gone):
        tickets.conversation(other, SUE, ticket)
    assert "1-800-662-4357" in Phone(other).says("HUMAN")


def test_a_rotated_key_still_opens(desk_app: App, ticket: str, clock: Clock) -> None:
    from pydantic import SecretStr

    from tests.phone import KEY

    keys = [SecretStr("6Xk0lFxXbK0H0u0aL1bD0a0d3rM0o4K8fJd2J2s0q7k="), SecretStr(KEY)]
    rotated = make_app(desk_app.loaded, desk_app.store, clock, helpline_keys=keys)
    assert tickets.conversation(rotated, SUE, ticket).row.state == "waiting"
