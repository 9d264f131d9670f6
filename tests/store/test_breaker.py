"""A store that is down costs one text its deadline, not every text, and is used again soon after it is back."""

from __future__ import annotations

import os
import time
from collections.abc import Callable

import pytest

from bot.problem import Problem
from bot.store import Record, StoreDown, StoreRefused
from bot.store.breaker import LOOK_EVERY, GuardedStore
from bot.store.deadline import within
from bot.store.memory import MemoryStore
from tests.phone import Clock


class Sometimes(MemoryStore):
    """A store that fails as told, and counts how often it was asked."""

    def __init__(self, clock: Clock) -> None:
        super().__init__(clock)
        self.fails: Exception | None = None
        self.asked = 0

    def load(self, contact: str) -> Record:
        self.asked += 1
        self.ping()
        return super().load(contact)

    def ping(self) -> None:
        if self.fails:
            raise self.fails


@pytest.fixture
def bare(clock: Clock) -> Sometimes:
    return Sometimes(clock)


def until(true: Callable[[], bool]) -> None:
    end = time.monotonic() + 10
    while not true():
        assert time.monotonic() < end
        time.sleep(0.02)


def works(store: GuardedStore) -> bool:
    try:
        store.load("ann")
    except StoreDown:
        return False
    return True


def test_a_budget_that_is_spent_says_nothing_of_the_store(bare: Sometimes) -> None:
    store = GuardedStore(bare)
    bare.fails = StoreDown("timeout")
    with within(0.0):
        assert not works(store)
        assert not works(store)
    assert bare.asked == 2
    bare.fails = None
    assert works(store)


def test_only_the_first_text_waits_for_a_store_that_is_down(bare: Sometimes) -> None:
    store = GuardedStore(bare)
    bare.fails = StoreDown("timeout")
    assert not any(works(store) for _ in range(20))
    assert bare.asked == 1


def test_it_is_used_again_when_it_answers(bare: Sometimes) -> None:
    returned: list[bool] = []
    store = GuardedStore(bare, lambda: returned.append(True))
    bare.fails = StoreDown("timeout")
    assert not works(store)
    bare.fails = None
    until(lambda: works(store))
    assert returned == [True]


def test_a_store_that_only_refuses_stays_in_use(bare: Sometimes) -> None:
    store = GuardedStore(bare)
    bare.fails = StoreRefused("full")
    assert not works(store)
    assert not works(store)
    assert bare.asked == 2


def test_a_store_that_came_back_as_another_is_not_used(bare: Sometimes) -> None:
    told: list[bool] = []

    def other() -> None:
        told.append(True)
        raise Problem("another secret")

    store = GuardedStore(bare, other)
    bare.fails = StoreDown("timeout")
    assert not works(store)
    bare.fails = None
    until(lambda: len(told) >= 2)
    assert not works(store)


def test_a_forked_process_looks_for_itself(bare: Sometimes) -> None:
    store = GuardedStore(bare)
    bare.fails = StoreDown("timeout")
    assert not works(store)
    child = os.fork()
    if not child:
        bare.fails = None
        end = time.monotonic() + 10 * LOOK_EVERY
        while not works(store) and time.monotonic() < end:
            time.sleep(0.02)
        os._exit(0 if works(store) else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
