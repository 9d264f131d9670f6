"""The area codes that are not of the US, beside a library's table of them."""

from __future__ import annotations

import pytest
from phonenumbers import parse, region_code_for_number

from bot.country import FOREIGN, is_abroad

SERVED = {"US", "PR", "GU", "VI", "AS", "MP", None}  # None: not given to anybody


def test_the_area_codes_are_those_of_the_numbering_plan() -> None:
    every = [str(code) for code in range(200, 1000)]
    assert frozenset(a for a in every if region_code_for_number(parse(f"+1{a}5550100")) not in SERVED) == FOREIGN


@pytest.mark.parametrize("number", ["+16175550100", "+17875550100", "+16715550100", "88788", "", "+1"])
def test_ours_are_not_abroad(number: str) -> None:
    assert not is_abroad(number)


@pytest.mark.parametrize("number", ["+14165550123", "+18765550123", "+447700900123", "+525512345678"])
def test_others_are(number: str) -> None:
    assert is_abroad(number)
