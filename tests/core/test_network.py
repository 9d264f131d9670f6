"""The second learned reader: how a text becomes the pieces it hears, and what is done with what it says."""

from __future__ import annotations

import math
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.linear import CLASSES, Scores
from bot.core.network import MOST_READ, Network
from bot.core.pieces import BEGINNING, END, LONGEST_WORD, START, UNKNOWN, Pieces, signs

LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789"
KNOWN = [
    "[PAD]",
    UNKNOWN,
    START,
    END,
    *LETTERS,
    *(f"##{letter}" for letter in LETTERS),
    "noodle",
    "nood",
    "##led",
    "##d",
    "lips",
    "!",
]
PIECES = Pieces({piece: number for number, piece in enumerate(KNOWN)})


class Said:
    """A network that always says the same."""

    settled = True
    problem = ""

    def __init__(self) -> None:
        self.heard: list[Sequence[int]] = []

    def prepare(self) -> None:
        pass

    def __call__(self, pieces: Sequence[int]) -> Sequence[float]:
        self.heard.append(pieces)
        return (0.0,) * 6


def told(words: Sequence[str], most: int = MOST_READ) -> list[str]:
    return [KNOWN[number] for number in PIECES.read(words, most)]


def test_a_word_is_read_whole_or_in_the_longest_pieces() -> None:
    assert told(["lips"]) == [START, "lips", END]
    assert told(["noodled"]) == [START, "noodle", "##d", END]
    assert told(["xlips"]) == [START, "x", "##l", "##i", "##p", "##s", END]


def test_no_words_are_read() -> None:
    assert told([]) == [START, END]


def test_what_is_no_letter_is_passed_over_as_unknown() -> None:
    assert told(["é"]) == [START, UNKNOWN, END]


def test_of_a_long_text_the_beginning_and_the_end_are_read() -> None:
    words = ["lips"] * BEGINNING + ["x"] * 100 + ["noodle"]
    read = told(words)
    assert len(read) == MOST_READ
    assert read[: BEGINNING + 2] == [START, *["lips"] * BEGINNING, "x"]
    assert read[-3:] == ["x", "noodle", END]


def test_signs_do_not_crowd_out_what_is_said() -> None:
    assert signs("?!?!...lips" + " 😭🙏" * 50 + " noodle . . . .") == ["?", "!", "lips", "😭", "🙏", "noodle", "."]
    assert signs("." * 2000 + "lips") == [".", "lips"]


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("I'm SOOO sick!", "i ' m so sick !"),
        ("he won’t wake", "he won ' t wake"),
        ("adiós", "adios"),
        ("help!!!!!!!", "help !"),
        ("i... dont.. know", "i . dont . know"),
        ("a 😭 b", "a 😭 b"),
        ("", ""),
    ],
)
def test_signs_are_kept_and_counted_as_far_as_they_say_something(text: str, read: str) -> None:
    assert " ".join(signs(text)) == read


@given(st.text(max_size=2000))
def test_any_text_has_pieces_and_none_too_many(text: str) -> None:
    numbers = PIECES.of(text, MOST_READ)
    assert len(numbers) <= MOST_READ
    assert all(0 <= number < len(KNOWN) for number in numbers)


def test_a_word_without_end_costs_no_more_than_its_beginning() -> None:
    assert len(told(["x" * 10_000], most=10_000)) == LONGEST_WORD + 2


def test_the_network_hears_the_pieces() -> None:
    hear = Said()
    assert Network(PIECES, hear).read("Lips noodled!") == (0.0,) * 6
    assert hear.heard == [PIECES.read(("lips", "noodled", "!"), MOST_READ)]


def test_two_readers_are_mixed_by_their_share() -> None:
    first = Scores(overdose=0.6, explicit=0.1, passive=0.1, third_person=0.05, small_talk=0.05)
    second = [math.log(share) for share in (0.5, 0.1, 0.1, 0.1, 0.1, 0.1)]
    assert len(second) == len(CLASSES) + 1
    assert first.mixed(second, 0).overdose == pytest.approx(0.6)
    assert first.mixed(second, 1).overdose == pytest.approx(0.1)
    assert 0.1 < first.mixed(second, 0.5).overdose < 0.6
