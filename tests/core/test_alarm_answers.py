"""What an alarm does to the answer: the emergency's own, one line before another, or the gentle one."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.content import load
from bot.core.engine import answer
from bot.core.messages import Message
from bot.core.render import render
from bot.core.session import Session
from bot.core.turn import Content, Situation
from bot.explain import explain

FLOWS = Path(__file__).parent.parent.parent / "flows"


@pytest.fixture(scope="module")
def content() -> Content:
    return load(FLOWS).content


def said(content: Content, text: str, situation: Situation) -> str:
    turn = answer(content, situation, Message(contact="c", text=text, id="1"), now=1000)
    return "\n".join(render(content, turn.answer))


SITUATIONS = {
    "a first text": Situation(),
    "at the main menu": Situation(session=Session(node="main.start", greeted=True)),
    "opted out": Situation(opted_out=True),
    "no store": Situation(stateless=True),
}


@pytest.mark.parametrize("situation", SITUATIONS.values(), ids=SITUATIONS.keys())
@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("my son isnt breathing", "911"),
        ("what do i do if someone is overdosing", "911"),
        ("i want to kill myself", "988"),
        ("i wish i was dead", "988"),
    ],
)
def test_the_first_line_holds_the_number(content: Content, text: str, number: str, situation: Situation) -> None:
    assert number in said(content, text, situation).splitlines()[0]


def test_explain_tells_the_strength(content: Content) -> None:
    told = {text: explain(content, text) for text in ("my son isnt breathing", "i wish i was dead", "how do i find detox")}
    assert [(one["means"], one["alarm"]) for one in told.values()] == [("overdose", "full"), ("suicide", "line"), ("topic", None)]


def test_a_line_leaves_the_topic_as_it_is(content: Content) -> None:
    told = explain(content, "what do i do if someone is overdosing, signs of overdose")
    assert (told["means"], told["alarm"]) == ("topic", "line")


def test_despair_leads_to_the_gentle_answer(content: Content) -> None:
    assert said(content, "everyone would be better off without me", Situation()).startswith("That sounds like a lot to carry.")


def test_an_overdose_that_may_be_meant_names_988_behind_the_911_answer(content: Content) -> None:
    told = said(content, "i took all my pills because i want to die and im fading", Situation())
    assert told.startswith("CALL 911 NOW")
    assert "988" in told.splitlines()[-1]
