"""The network of the second reader runs, side by side in threads, and where it cannot run nobody goes unanswered or waits long."""

from __future__ import annotations

import json
import math
import multiprocessing
import os
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import msgpack
import onnxruntime
import pytest

from bot.content import Loaded
from bot.content.emergency import NETWORK
from bot.content.encoder import PATIENCE, SHARES, Encoder
from bot.core.emergency import Recogniser
from bot.core.lexicon import Lexicon
from bot.core.network import Network
from bot.core.reader import Reader
from bot.store.memory import MemoryStore
from bot.web.create import create_app
from tests.phone import Clock, make_app

LONG = "second sprayer is empty now and she has not so much as coughed"
SAID = "my roommate is draped over the side of the tub like a towel"
MODEL: bytes = msgpack.unpackb(NETWORK.read_bytes())["encoder"]
TEXT = (2, 5, 6, 3)
BROKEN = [b"no network", b"", MODEL[: len(MODEL) // 2]]


@pytest.fixture
def encoder() -> Encoder:
    """Not opened yet."""
    return Encoder(MODEL)


@pytest.fixture
def slow_to_open(monkeypatch: pytest.MonkeyPatch) -> None:
    """The library takes far longer than a text waits; in a fork of this process it does not."""
    here, real = os.getpid(), onnxruntime.InferenceSession

    def slow(*given: Any, **options: Any) -> Any:
        if os.getpid() == here:
            time.sleep(4 * PATIENCE)
        return real(*given, **options)

    monkeypatch.setattr(onnxruntime, "InferenceSession", slow)


@pytest.fixture
def opened(encoder: Encoder) -> Encoder:
    encoder.prepare()
    return encoder


def without_network(recogniser: Recogniser) -> Recogniser:
    return replace(recogniser, network=Network(recogniser.network.pieces, Encoder(b"no network")))


def test_shares_add_up_to_one(opened: Encoder) -> None:
    assert sum(map(math.exp, opened(TEXT))) == pytest.approx(1, abs=1e-4)


def test_threads_that_all_come_first_open_one_session_and_are_told_the_same(
    encoder: Encoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened, real = [], onnxruntime.InferenceSession

    def session(*given: Any, **options: Any) -> Any:
        opened.append(1)
        return real(*given, **options)

    def hear(pieces: tuple[int, ...]) -> Sequence[float]:
        encoder.prepare()
        return encoder(pieces)

    monkeypatch.setattr(onnxruntime, "InferenceSession", session)
    with ThreadPoolExecutor(8) as threads:
        told = list(threads.map(hear, [TEXT] * 32))
    assert set(told) == {encoder(TEXT)}
    assert len(told[0]) == SHARES
    assert opened == [1]


@pytest.mark.parametrize("model", BROKEN, ids=["garbage", "empty", "cut"])
def test_a_network_that_cannot_run_says_so_once_and_is_not_tried_again(model: bytes, logs: Callable[[], str]) -> None:
    broken = Encoder(model)
    broken.prepare()
    assert broken.settled
    assert broken.problem
    assert broken(TEXT) == broken(TEXT) == ()
    assert logs().count("second_reader_broken") == 1


def test_a_piece_that_it_does_not_know_is_no_end_of_it(opened: Encoder, logs: Callable[[], str]) -> None:
    assert opened([10**6]) == opened([10**6]) == ()
    assert opened(TEXT)
    assert logs().count("second_reader_failed") == 1


def test_what_cannot_be_heard_is_told_to_nobody() -> None:
    """Not even by the library itself, which writes past our log."""
    hear = "from tests.content.test_encoder import MODEL, Encoder; e = Encoder(MODEL); e.prepare(); print(e([10**6]))"
    ran = subprocess.run([sys.executable, "-c", hear], capture_output=True, text=True, check=True)
    assert "second_reader_failed" in ran.stderr + ran.stdout
    assert str(10**6) not in ran.stderr + ran.stdout


@pytest.mark.usefixtures("slow_to_open")
def test_a_text_does_not_wait_for_a_slow_opening_and_the_next_is_heard(encoder: Encoder) -> None:
    start = time.monotonic()
    assert [encoder(TEXT) for _ in range(3)] == [()] * 3  # a text is read more than once in its turn
    assert time.monotonic() - start < 3 * PATIENCE
    assert not encoder.settled
    encoder.prepare()
    assert encoder(TEXT)


@pytest.mark.usefixtures("slow_to_open")
def test_a_fork_that_was_made_while_a_session_opened_opens_its_own(encoder: Encoder) -> None:
    assert encoder(TEXT) == ()
    forks = multiprocessing.get_context("fork")
    told: Any = forks.SimpleQueue()

    def hear_in_the_child() -> None:
        encoder.prepare()
        told.put(encoder(TEXT))

    child = forks.Process(target=hear_in_the_child)
    child.start()
    assert len(told.get()) == SHARES
    child.join()


def test_without_the_second_reader_rules_and_the_first_still_know_an_emergency(loaded: Loaded) -> None:
    whole = loaded.content.recogniser
    alone = without_network(whole)
    assert alone.recognise("my son isnt breathing and his lips are blue")
    assert whole.recognise(SAID)
    assert alone.recognise(SAID) is None  # what the second reader is for


@pytest.mark.parametrize("more", ["today " * 45, "extraordinary " * 32], ids=["more than 50 words", "more than 400 letters"])
def test_a_text_that_would_cost_too_much_is_left_to_rules_and_the_first(loaded: Loaded, more: str) -> None:
    whole = loaded.content.recogniser
    for text in (f"{SAID} {more}", f"{more} {LONG}"):
        assert whole.recognise(text) == without_network(whole).recognise(text)


@pytest.mark.usefixtures("slow_to_open")
def test_what_is_read_before_the_network_runs_is_not_remembered(loaded: Loaded) -> None:
    whole = loaded.content.recogniser
    starting = replace(whole, network=Network(whole.network.pieces, Encoder(MODEL)))
    reader, alone = Reader(Lexicon({}), {}, starting), without_network(whole)
    for text in (SAID, LONG):
        assert reader.alarm(text) == alone.recognise(text) != whole.recognise(text)
    starting.prepare()
    for text in (SAID, LONG):
        assert reader.alarm(text) == whole.recognise(text)


def test_that_the_second_reader_is_silent_is_told_by_health_and_by_nothing_else(loaded: Loaded, clock: Clock) -> None:
    words, alone = loaded.content.words, without_network(loaded.content.recogniser)
    alone.prepare()
    reader = Reader(Lexicon(words.phrases), words.nodes, alone)
    broken = replace(loaded, content=replace(loaded.content, reader=reader))
    told = create_app(make_app(broken, MemoryStore(clock), clock)).test_client().get("/health/ready")
    assert told.status_code == 200
    assert any("the second cannot run (InvalidProtobuf" in warning for warning in json.loads(told.text)["warnings"])
