"""The second learned reader: what it reads is what was learnt, and what it costs."""

from __future__ import annotations

import math

import pytest

from bot.core.linear import CLASSES, Scores
from bot.core.network import Network

DETECTORS, TONES = 2, 1
ROWS = {"?": 0, "^": 1, "$": 2, "lips": 3, "blue": 4, "0": 5}
# As left, middle and right of three, two detectors each, then a tone; 128 is silence.
TABLE = bytes((*(128,) * 21, 138, 128, 128, 128, 128, 128, 128, 128, 128, 148, 128, 128, 128, 130, *(128,) * 7))


def network() -> Network:
    out = ((0.0, 0.0, 0.0), (0.1, 0.0, 1.0), *((0.0, 0.0, 0.0),) * 4)
    return Network(ROWS, TABLE, DETECTORS, TONES, (1.0, 1.0, 1.0), (0.0, 0.0, 0.0), out, (0.0,) * 6)


def test_a_detector_hears_words_side_by_side_and_a_tone_the_whole_text() -> None:
    told = network().read(("lips", "blue"))
    score = 0.1 * (10 + 20) + 2 / math.sqrt(4)  # lips as the left and blue as the middle of three; four words with the edges
    assert told[1] - told[0] == pytest.approx(score)
    assert sum(map(math.exp, told)) == pytest.approx(1)


def test_words_apart_are_not_heard_together() -> None:
    told = network().read(("lips", "very", "blue"))
    assert told[1] - told[0] == pytest.approx(0.1 * 20 + 2 / math.sqrt(5))


def test_unknown_words_and_no_words_are_read() -> None:
    assert network().read(("words", "nobody", "knows")) == network().read(()) == pytest.approx((math.log(1 / 6),) * 6)


def test_two_readers_are_mixed_by_their_share() -> None:
    first = Scores(overdose=0.6, explicit=0.1, passive=0.1, third_person=0.05, small_talk=0.05)
    second = [math.log(share) for share in (0.5, 0.1, 0.1, 0.1, 0.1, 0.1)]
    assert len(second) == len(CLASSES) + 1
    assert first.mixed(second, 0).overdose == pytest.approx(0.6)
    assert first.mixed(second, 1).overdose == pytest.approx(0.1)
    assert 0.1 < first.mixed(second, 0.5).overdose < 0.6
