"""A request to stop texting is heard however it is said, and nobody is unsubscribed by mistake (47 CFR 64.1200(a)(10))."""

from __future__ import annotations

import time

import pytest

from bot.core.optout import STOP_WORDS, asked_to_stop, lone
from bot.core.words import tokens


def leaves(text: str) -> bool:
    return bool(lone(tokens(text), STOP_WORDS) or asked_to_stop(text))


@pytest.mark.parametrize("text", ["STOP", "Stop.", "stop all", "opt out", "QUIT", "end", "Cancel!", "revoke", "ALTO", "baja"])
def test_a_lone_carrier_word_is_an_opt_out(text: str) -> None:
    assert leaves(text)


@pytest.mark.parametrize(
    "text", ["stpo", "sotp", "tsop", "STOPP", "stop stop stop", "stop end quit", "unsubsribe", "unsubcribe me"]
)
def test_a_mistyped_carrier_word_is_still_one(text: str) -> None:
    assert leaves(text)


@pytest.mark.parametrize("text", ["spot", "step", "shop", "post", "top", "cancer", "stop sign", "end of my rope", "quit please"])
def test_a_word_that_looks_like_one_is_not(text: str) -> None:
    assert not leaves(text)


@pytest.mark.parametrize(
    "text",
    [
        "please stop texting me",
        "i want you to stop texting me",
        "can i be removed from the list",
        "turn off texts",
        "no texts please",
        "i no longer want to be contacted",
        "take my number off ur list",
        "i'd like off this list",
        "how do i unsubscribe",
        "stap texting me",
        "stop sending me messages in the middle of the night",
        "paren por favor",
        "denme de baja",
        "quiero salir de la lista",
        "remuevan mi numero",
        "no me vuelvan a escribir",
        "fin de mensajes",
        "no + mensajes",
        "quitenlo de su lista",
        "quiero dejar de recibir mensajes",
    ],
)
def test_a_request_with_all_its_parts_is_heard(text: str) -> None:
    assert leaves(text)


@pytest.mark.parametrize(
    "text",
    [
        "my husband sees these, please stop texting",
        "wrong number take me off",
        "spam. stop.",
        "too many messages please stop them",
        "i said STOP why am i still getting texts",
        "im tired of these texts make them stop coming to my phone",
        "if you text me again ill report you",
        "se equivocaron de numero, dejen de mandar mensajes",
        "me cobran los textos, paren",
        "si me siguen escribiendo los reporto",
    ],
)
def test_a_request_beside_its_reason_is_heard(text: str) -> None:
    assert leaves(text)


@pytest.mark.parametrize(
    "text",
    [
        "i want to quit",
        "i want to stop",
        "can you stop",
        "make it stop",
        "it hurts make it stop please",
        "take me off methadone",
        "get me off these pills",
        "i want off this shit",
        "cancel my appointment",
        "remove me from the lease",
        "remove my name from the detox list",
        "take me off the waiting list",
        "stop calling me a junkie",
        "dont send me to jail",
        "unsubscribe from life",
        "i want to opt out of this life",
        "quitarme las ganas",
        "quiero parar",
        "que pare el dolor",
        "saquenme de aqui",
        "me dieron de baja del programa",
        "quiero salir de las drogas",
        "no me manden a la carcel",
    ],
)
def test_stopping_something_else_is_a_person_asking_for_help(text: str) -> None:
    assert not leaves(text)


@pytest.mark.parametrize(
    "text",
    [
        "my ex wont stop texting me",
        "make him stop texting me",
        "he told me to calm down and stop texting me",
        "my ex said, stop texting me",
        'my daughter said "stop texting me mom" and shes using',
        "how do i get my dealer to stop texting me",
        "i need to stop texting my ex",
        "i want to stop texting him",
        "if my ex texts me again im calling the cops",
        "mi ex no deja de mandarme mensajes",
        "el me dijo no me escribas",
    ],
)
def test_somebody_elses_texting_is_not_ours(text: str) -> None:
    assert not leaves(text)


@pytest.mark.parametrize(
    "text",
    [
        "dont stop texting me",
        "please never stop sending these",
        "i dont want to unsubscribe",
        "what does unsubscribe mean",
        "what happens if i say stop texting me",
        "did i unsubscribe",
        "can i stop the texts later",
        "dont text me while hes home",
        "dont text back hes here",
        "dont call me, text me",
        "stop the texts for now",
        "no dejen de escribirme",
        "no paren de mandarme mensajes",
        "que significa baja",
        "puedo volver despues de darme de baja?",
    ],
)
def test_the_opposite_a_question_and_a_pause_are_no_request(text: str) -> None:
    assert not leaves(text)


def test_a_story_is_too_long_to_be_a_request() -> None:
    assert not leaves("i was clean for a year and then " * 8 + "stop texting me")


@pytest.mark.parametrize("piece", ["stop texting me ", "no ", "dont ", "“a", "if you ", "i will ", "no me ", "wrong ", "😀"])
def test_no_text_takes_long_to_read(piece: str) -> None:
    text = (piece * 1600)[:1600]
    started = time.perf_counter()
    asked_to_stop(text)
    assert time.perf_counter() - started < 0.1  # about 1 ms; a pattern that backtracks takes seconds
