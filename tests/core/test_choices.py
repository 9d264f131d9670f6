"""Which choice of the main menu a text picks, and which texts pick none."""

from __future__ import annotations

import pytest

from bot.content import load
from bot.core.choices import choose
from bot.explain import explain
from tests.conftest import FLOWS

CONTENT = load(FLOWS).content
MENU = CONTENT.nodes["main.start"]  # 1 signs 2 detox 3 medicine 4 family 5 find treatment 6 talk to a person


def picked(text: str) -> int | None:
    found = choose(MENU, text)
    return found.digit if found else None


@pytest.mark.parametrize(
    ("text", "digit"),
    [
        ("1", 1),
        ("2️⃣", 2),
        ("#3", 3),
        ("(4)", 4),
        ("option two pls", 2),
        ("numbr 3", 3),
        ("no 2 plz", 2),
        ("la 2 porfa", 2),
        ("tow", 2),
        ("thre", 3),
        ("the first one", 1),
        ("2nd one", 2),
        ("top one", 1),
        ("second to last", 5),
        ("la penultima", 5),
        ("last one pls", 6),
        ("6 ty so much", 6),
        ("me interesa el uno", 1),
        ("sorry for the wait, 2", 2),
        ("looking for treatment so 5", 5),
        ("number 5 for my mom", 5),
        ("4, my brother", 4),
        ("4 i have 2 sons using", 4),
        ("number for... i mean number four", 4),
        ("2 no wait 1", 1),
        ("can i have 3", 3),
    ],
)
def test_a_number_that_is_meant_picks(text: str, digit: int) -> None:
    assert picked(text) == digit


@pytest.mark.parametrize(
    "text",
    ["1 or 2", "2 & 6", "1-6", "both 1 and 2", "the first two", "la 1 y la 4", "9", "number 7", "12", "22", "0"],
)
def test_two_numbers_and_numbers_that_are_not_there_pick_nothing(text: str) -> None:
    assert picked(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "2 days clean",
        "day 4",
        "i have 4 kids",
        "tengo 4 hijos",
        "im 5 days clean",
        "at 6 tonight",
        "a las 6",
        "las dos",
        "1.5",
        "$5",
        "step 1",
        "my zip starts w 4",
        "took 3",
        "me 2",
        "4 real",
        "one sec",
        "that one",
        "1 of them",
        "first time here",
        "2nd time",
    ],
)
def test_a_number_that_counts_something_picks_nothing(text: str) -> None:
    assert picked(text) is None


@pytest.mark.parametrize("text", ["not 2", "no la 2", "la 3 no", "anything but 6", "2 didnt help", "3 is no good for me"])
def test_a_number_that_is_turned_down_picks_nothing(text: str) -> None:
    assert picked(text) is None


@pytest.mark.parametrize("text", ["for", "to", "too", "l", "won", "oye", "yes", "ok", "sex", "maybe", "?"])
def test_a_word_that_sounds_like_a_number_picks_nothing(text: str) -> None:
    assert picked(text) is None


@pytest.mark.parametrize(
    ("text", "digit"),
    [
        ("signs", 1),
        ("sings", 1),
        ("Detoxx", 2),
        ("the medicine one", 3),
        ("its for my family", 4),
        ("find tretment", 5),
        ("talk 2 a person", 6),
        ("talk to a real live person please", 6),
        ("una persona", 6),
        ("la de familia", 4),
    ],
)
def test_the_words_of_a_choice_pick_it(text: str, digit: int) -> None:
    assert picked(text) == digit


def test_a_story_is_never_an_answer() -> None:
    assert picked("2 " + "my brother said so and then we went home " * 4) is None


@pytest.mark.parametrize("node", ["detox.start", "family.start", "medication.start"])
def test_a_question_about_something_else_is_not_swallowed_by_a_small_word(node: str) -> None:
    assert choose(CONTENT.nodes[node], "how do i get narcan right now") is None


@pytest.mark.parametrize("text", ["not the family one", "day 4 no dope", "i want to know if detox is what my brother needs now"])
def test_a_topic_is_a_choice_too_only_where_a_short_text_names_it(text: str) -> None:
    assert explain(CONTENT, text, at="main.start")["choice"] is None


@pytest.mark.parametrize(
    ("text", "digit"),
    [
        ("not awake", 2),
        ("no hes not breathing", 2),
        ("2 narcan still not awake", 2),
        ("hes awake now", 1),
        ("he isnt waking up", None),
        ("hes awake but not talking", None),
    ],
)
def test_in_an_emergency_a_denial_never_picks_what_it_denies(text: str, digit: int | None) -> None:
    found = choose(CONTENT.nodes["overdose.start"], text)  # 1 awake 2 not awake 3 not with them 4 it's me
    assert (found.digit if found else None) == digit
