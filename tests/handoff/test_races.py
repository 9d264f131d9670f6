"""What a worker that is quicker than the one who writes must not lose: it looks between the mark and the write."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from bot import tickets
from bot.app import App
from bot.attend import climb
from bot.contacts import contact_id
from bot.desk import WRITTEN_BY, text_staff
from bot.store.desk import Desk
from tests.counselors import ANA, BEN, Recorder, in_line, on_duty, work
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

    dying = hurried(desk_app, clock, "show", dies)
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
