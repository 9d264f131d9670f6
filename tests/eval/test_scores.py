"""The scores do not fall below what was reached. The floors are not the aim: docs/safety.md and `make eval` print where we are."""

from __future__ import annotations

import pytest

from bot.content import Loaded
from tests.eval.scores import score

FLOORS = [
    ("replies", "en", 0.97), ("replies", "es", 0.97), ("replies_own", "en", 0.95), ("replies_own", "es", 0.93),
    ("optout", "en optout", 0.97), ("optout", "es optout", 0.97), ("optout_own", "en optout", 0.93), ("optout_own", "es optout", 0.90),
]  # fmt: skip


@pytest.mark.parametrize(("name", "group", "floor"), FLOORS)
def test_texts_are_taken_for_what_they_mean(loaded: Loaded, name: str, group: str, floor: float) -> None:
    reached = score(loaded.content, name, by_label=name.startswith("optout"))[group]
    assert reached.share >= floor, reached.wrong


@pytest.mark.parametrize("name", ["optout", "optout_own"])
@pytest.mark.parametrize("lang", ["en", "es"])
def test_nobody_is_unsubscribed_by_mistake(loaded: Loaded, name: str, lang: str) -> None:
    assert score(loaded.content, name, by_label=True)[f"{lang} not_optout"].wrong == ()


@pytest.mark.parametrize("name", ["replies", "topics", "topics_own", "replies_own"])
def test_no_menu_answer_and_no_question_is_an_opt_out(loaded: Loaded, name: str) -> None:
    from bot.explain import explain
    from tests.eval.scores import rows

    # "cancel" and the like alone are opt-outs by law; among topics they do not occur
    taken = [row["text"] for row in rows(name) if explain(loaded.content, str(row["text"]))["means"] == "optout"]
    assert taken == []
