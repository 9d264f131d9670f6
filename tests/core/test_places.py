"""Three places in a text message: short where names are long, never at the cost of a number."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.content import Loaded
from bot.core.find import SHOWN
from bot.core.messages import Answer
from bot.core.places import SERVICES, Place, distance, listed, shortened
from bot.core.render import render
from bot.core.sms import size

LONG = "New England Regional Center for Addiction Treatment and Behavioral Health Services Inc"


HOUSE = Place("a", "River Street Clinic", "617-555-0101", "Cambridge", "MA", 42.0, -71.0, as_of="2026-11-01")


def told(*places: Place) -> str:
    return listed("{places}\nList of {as_of}.", [f"{p.id}:12" for p in places], {p.id: p for p in places})


def test_a_place_is_its_name_number_distance_and_town() -> None:
    assert told(HOUSE) == "River Street Clinic, 617-555-0101, 1.2 mi, Cambridge\nList of 11/1/2026."


def test_a_place_without_a_number_is_told_with_its_street() -> None:
    assert told(replace(HOUSE, phone="", street="1 River St")).startswith("River Street Clinic, 1 River St, 1.2 mi")


def test_programs_of_one_name_are_told_apart() -> None:
    one, other = replace(HOUSE, part="Day Program"), replace(HOUSE, id="b", part="Men's House")
    assert "Day Program, 617" in told(one, other)
    assert "Men's House, 617" in told(one, other)


@pytest.mark.parametrize("lang", ["en", "es"])
def test_three_long_names_fit_two_segments_with_their_numbers_whole(loaded: Loaded, lang: str) -> None:
    places = {i: replace(HOUSE, id=i, name=LONG, phone=f"617-555-010{n}", town="North Attleborough") for n, i in enumerate("abc")}
    (message,) = render(loaded.content, Answer(lang, ("find.places",), tuple(f"{id_}:{123}" for id_ in places)), places)
    assert size(message).segments <= 2
    assert all(p.phone in message for p in places.values())


@given(st.text(alphabet="abc DEF,-&", min_size=1, max_size=100), st.integers(22, 60))
def test_a_shortened_name_is_never_longer_than_asked(name: str, limit: int) -> None:
    assert len(shortened(name, limit)) <= limit


def test_names_are_shortened_by_their_least_telling_parts() -> None:
    assert shortened("River Street Clinic Inc", 60) == "River Street Clinic Inc"
    assert shortened("Community Medical Services - Wasilla, LLC", 34) == "Community Medical Svcs - Wasilla"
    assert shortened("Addiction Treatment Center of New England", 30) == "Addiction Treatment Ctr of New"


def test_a_place_that_is_gone_is_answered_by_the_way_that_always_works(loaded: Loaded) -> None:
    answer = Answer("en", ("find.far#text", "find.places", "say.intro#text"), ("gone:12",))
    message = "\n".join(render(loaded.content, answer))
    assert "1-800-662-4357" in message
    assert "{places}" not in message
    assert "50 miles" not in message


def test_distance_is_the_great_circle() -> None:
    assert distance(0, 0, replace(HOUSE, lat=0.0, lon=180.0)) == pytest.approx(math.pi * 3958.7613)
    assert distance(42.3647, -71.1042, replace(HOUSE, lat=40.7506, lon=-73.9972)) == pytest.approx(
        186.3, abs=0.5
    )  # Cambridge, New York


def test_an_answer_with_places_is_small_and_comes_back() -> None:
    answer = Answer("en", ("find.places",), ("abcdefghij:12", "bcdefghijk:305"))
    assert Answer.unpack(answer.pack()) == answer


def test_the_question_offers_what_can_be_looked_up(loaded: Loaded) -> None:
    choices = loaded.content.nodes["find.which"].choices
    assert len(choices) == len(SERVICES)
    assert {choice.goto for choice in choices} == {"find.places"}
    words = [" ".join(" ".join(name) for name in choice.names) for choice in choices]
    for said, known in zip(words, ("any", "methadone", "suboxone", "detox", "live in", "low cost", "medicaid"), strict=True):
        assert known in said
    assert SHOWN == 3
