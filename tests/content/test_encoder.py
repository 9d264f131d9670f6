"""The network of the second reader runs, side by side in threads, and where it cannot run nobody goes unanswered."""

from __future__ import annotations

import math
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import msgpack
import pytest

from bot.content import Loaded
from bot.content.emergency import NETWORK
from bot.content.encoder import Encoder
from bot.core.network import Network

SAID = "hes bent over like a statue n when i push him he just tips"


@pytest.fixture
def encoder() -> Encoder:
    return Encoder(msgpack.unpackb(NETWORK.read_bytes())["encoder"])


def test_shares_add_up_to_one(encoder: Encoder) -> None:
    assert sum(map(math.exp, encoder([2, 5, 6, 3]))) == pytest.approx(1, abs=1e-4)


def test_threads_that_all_come_first_are_told_the_same(encoder: Encoder) -> None:
    with ThreadPoolExecutor(8) as threads:
        told = list(threads.map(encoder, [[2, 5, 6, 3]] * 32))
    assert set(told) == {encoder([2, 5, 6, 3])}
    assert told[0]


def test_a_network_that_cannot_run_says_nothing_and_is_logged_once(logs: Callable[[], str]) -> None:
    broken = Encoder(b"no network")
    assert broken([2, 3]) == broken([2, 3]) == ()
    assert logs().count("second_reader_broken") == 1


def test_a_piece_that_it_does_not_know_is_no_end_of_it(encoder: Encoder) -> None:
    assert encoder([10**6]) == ()
    assert encoder([2, 3])


def test_without_the_second_reader_rules_and_the_first_still_know_an_emergency(loaded: Loaded) -> None:
    whole = loaded.content.recogniser
    alone = replace(whole, network=Network(whole.network.pieces, Encoder(b"no network")))
    assert alone.recognise("my son isnt breathing and his lips are blue")
    first = whole.model.read(tuple(SAID.split()))
    assert alone._with_second(SAID, first) == first != whole._with_second(SAID, first)
