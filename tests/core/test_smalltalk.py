"""Texts that ask for nothing, commands that stand alone, and the language a text shows."""

from __future__ import annotations

import pytest

from bot.core import commands, language, smalltalk
from bot.core.words import tokens


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("hi there", "hello"),
        ("hola como esta", "hello"),
        ("thank you so much", "thanks"),
        ("muchas gracias por todo", "thanks"),
        ("nvm", "ok"),
        ("sorry wrong number", "ok"),
        ("gn", "bye"),
        ("i need help", ""),
        ("ok but hes not breathing", ""),
    ],
)
def test_small_talk_is_only_small_talk_when_nothing_else_is_said(text: str, kind: str) -> None:
    assert smalltalk.kind(tokens(text)) == kind


@pytest.mark.parametrize(
    "text",
    ["Liked “CALL 911 NOW”", 'Reacted 👍 to "1 signs"', 'Le gustó "hola"', '👍 to "2 detox"', 'Removed a heart from "STOP"'],
)
def test_a_reaction_that_quotes_us_is_told_from_a_text(text: str) -> None:
    assert smalltalk.reaction(text)


@pytest.mark.parametrize("text", ["i liked it", 'he said "call 911"', "loved that, thanks"])
def test_a_person_who_quotes_is_no_reaction(text: str) -> None:
    assert not smalltalk.reaction(text)


@pytest.mark.parametrize(
    ("text", "command"),
    [
        ("MENU", "menu"),
        ("menu please", "menu"),
        ("mneu", "menu"),
        ("counselor now", "human"),
        ("a real person", "human"),
        ("switch to spanish", "es"),
        ("en español por favor", "es"),
        ("only english for me", "en"),
        ("FORGET", "forget"),
        ("forget it", ""),
        ("please erase", ""),
        ("english and spanish", ""),
        ("my son speaks spanish", ""),
    ],
)
def test_a_command_works_alone_and_deletes_only_when_exact(text: str, command: str) -> None:
    assert commands.command(tokens(text)) == command


@pytest.mark.parametrize(
    ("text", "lang"),
    [
        ("mi hijo no respira", "es"),
        ("rehabilitacion", "es"),
        ("¿cuanto cuesta?", "es"),
        ("my son is using", "en"),
        ("NO NO NO HES NOT BREATHING ANYMORE", "en"),
        ("stop saving me, let me go", "en"),
        ("al anon", ""),
        ("2", ""),
        ("suboxone", ""),
    ],
)
def test_a_text_shows_its_language_or_none(text: str, lang: str) -> None:
    assert language.detect(tokens(text), text) == lang
