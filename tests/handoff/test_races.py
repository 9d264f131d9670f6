"""What a worker that is quicker than the one who writes must not lose: it looks between the mark and the write."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import redis

from bot import tickets
from bot.app import App
from bot.attend import climb, tidy
from bot.contacts import contact_id
from bot.core.messages import Message
from bot.desk import SHOWN_AFTER, WRITTEN_BY, text_staff
from bot.inbound import receive
from bot.store.desk import Desk
from tests.counselors import ANA, BEN, SUE, Recorder, in_line, on_duty, work
from tests.phone import Clock, Phone, make_app


class Hurried:
    """A desk where something else happens right before a call of `name`."""

    def __init__(self, inner: Desk, name: str, before: Callable[[], object]) -> None:
        self._inner, self._name, self._before = inner, name, before

    def __getattr__(self, name: str) -> object:
        if name == self._name:
            self._before()
        return getattr(self._inner, name)


class Store:
    """A store whose desk is another."""

    def __init__(self, inner: object, desk: object) -> None:
        self._inner, self.desk = inner, desk

    def __getattr__(self, name: str) -> object:
        return getattr(self._inner, name)


def hurried(app: App, clock: Clock, name: str, before: Callable[[], object]) -> App:
    return make_app(app.loaded, Store(app.store, Hurried(app.store.desk, name, before)), clock)  # type: ignore[arg-type]


def test_a_reply_is_sent_though_the_worker_looked_before_it_was_written(desk_app: App, clock: Clock) -> None:
    on_duty(desk_app, ANA)
    post, ticket = Recorder(), in_line(Phone(desk_app))
    tickets.claim(desk_app, ANA, ticket)
    work(desk_app, post, clock)
    between = hurried(desk_app, clock, "change", lambda: work(desk_app, post, clock))
    tickets.close(between, ANA, ticket, "helped")
    work(desk_app, post, clock)
    assert "Did it help?" in post.texts[-1]


def test_a_nudge_is_sent_though_the_worker_looked_before_it_was_written(desk_app: App, clock: Clock) -> None:
    post = Recorder()
    between = hurried(desk_app, clock, "push", lambda: work(desk_app, post, clock))
    text_staff(between, "+15005550901", "+15005550001", "1 waiting")
    work(desk_app, post, clock)
    assert post.texts == ["1 waiting"]


def test_who_dies_right_after_the_write_is_looked_after_soon(desk_app: App, clock: Clock) -> None:
    on_duty(desk_app, ANA)
    post, ticket = Recorder(), in_line(Phone(desk_app))
    work(desk_app, post, clock)

    def dies() -> None:
        raise SystemExit

    dying = hurried(desk_app, clock, "announce", dies)
    with pytest.raises(SystemExit):
        tickets.claim(dying, ANA, ticket)
    clock.pass_(WRITTEN_BY)
    work(desk_app, post, clock)
    assert "texting with a counselor now" in post.texts[-1]


def test_who_came_on_duty_a_moment_ago_and_claimed_is_not_taken_for_gone(desk_app: App, clock: Clock) -> None:
    on_duty(desk_app, BEN)
    ticket = in_line(Phone(desk_app))
    tickets.go_off_duty(desk_app, BEN)

    looks: list[int] = []

    def claims() -> None:
        looks.append(1)
        if len(looks) == 2:  # the worker has looked once
            on_duty(desk_app, ANA)
            tickets.claim(desk_app, ANA, ticket)

    after = climb(hurried(desk_app, clock, "ticket", claims), contact_id(desk_app.secret, "sms", "+15005550006"))
    assert after is not None
    assert (after.state, after.staff) == ("connected", ANA.id)


def test_who_dies_before_a_locked_record_is_listed_leaves_it_to_the_worker(desk_app: App, clock: Clock) -> None:
    on_duty(desk_app, ANA)
    phone = Phone(desk_app)
    phone.text("i want to kill myself")
    ticket = in_line(phone)
    tickets.claim(desk_app, ANA, ticket)
    tickets.close(desk_app, ANA, ticket, "other")
    clock.pass_(2 * SHOWN_AFTER)
    work(desk_app, Recorder())  # it is in no list any more
    phone.says("FORGET")
    dying = hurried(desk_app, clock, "index_locked", _die)
    with pytest.raises(SystemExit):
        receive(dying, Message(contact=contact_id(dying.secret, "sms", phone.number), channel="sms", text="ERASE", id="SM1"))
    assert tickets.locked(desk_app, SUE) == ()
    clock.pass_(WRITTEN_BY)
    work(desk_app, Recorder())
    assert [row.id for row in tickets.locked(desk_app, SUE)] == [ticket]


def _die() -> None:
    raise SystemExit


def test_no_index_keeps_what_is_gone_and_each_has_an_end(desk_app: App, clock: Clock, raw: redis.Redis) -> None:
    on_duty(desk_app, ANA, phone="+15005550901")
    phone = Phone(desk_app)
    phone.text("i want to kill myself")
    ticket = in_line(phone)
    tickets.claim(desk_app, ANA, ticket)
    for kind in ("t", "log", "outbox"):
        raw.delete(f"hl:{{{ticket.partition('-')[0]}}}:{kind}")  # its time is over, and no worker ran
    raw.hset("hl:{desk}:tickets", "old-1", "1:sealed with a key that was taken away")
    tidy(desk_app, desk_app.store.desk)
    work(desk_app, Recorder())
    assert raw.hgetall("hl:{desk}:tickets") == {}
    endless = {key for key in raw.scan_iter("hl:{desk}:*") if raw.ttl(key) == -1}
    assert endless <= {b"hl:{desk}:n", b"hl:{desk}:wake", b"hl:{desk}:beat"}  # a count, one mark, one time
