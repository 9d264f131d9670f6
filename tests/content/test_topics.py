"""How texts find their flow, and that what is dangerous always reaches its safe answer."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from bot.content import load
from bot.core.flow import Phrase
from bot.core.lexicon import Lexicon
from bot.core.words import tokens
from bot.explain import explain

FLOWS = Path(__file__).parents[2] / "flows"
CONTENT = load(FLOWS).content


def _lexicon(*phrases: tuple[str, str, bool]) -> Lexicon:
    return Lexicon(Phrase(tuple(said.split()), node, "en", hint) for said, node, hint in phrases)


def test_a_phrase_with_priority_answers_however_many_others_there_are() -> None:
    urgent = Phrase(("pregnant",), "pregnancy.start", "en", priority=1)
    others = [Phrase(tuple(said.split()), "cost.start", "en") for said in ("free rehab program", "no insurance", "cheap detox")]
    found = Lexicon([urgent, *others]).find(tokens("pregnant, no insurance, any free rehab program or cheap detox"))
    assert found is not None
    assert found.node == "pregnancy.start"


def test_the_flow_with_most_phrases_answers_with_the_node_of_its_longest() -> None:
    lexicon = _lexicon(("free rehab", "cost.none", False), ("foil", "signs.start", False), ("burnt spoon", "signs.found", False))
    found = lexicon.find(tokens("free rehab? found foil and a burnt spoon"))
    assert found is not None
    assert (found.node, found.words) == ("signs.found", "burnt spoon")


def test_a_hint_does_not_decide_alone() -> None:
    lexicon = _lexicon(("sleeves", "signs.start", True), ("long shirts", "signs.start", True), ("bills", "cost.start", True))
    assert lexicon.find(tokens("bills")) is None or not lexicon.find(tokens("bills")).sure  # type: ignore[union-attr]
    found = lexicon.find(tokens("sleeves and long shirts in july"))
    assert found is not None
    assert (found.node, found.sure) == ("signs.start", False)


def test_small_talk_is_not_taken_for_a_topic() -> None:
    for text in ("thanks for everything", "ok", "buenos dias", "gracias por todo", "bye"):
        assert explain(CONTENT, text)["means"] == "smalltalk", text


@pytest.mark.parametrize(
    ("text", "nodes"),
    [
        ("im pregnant and i want to quit dope", ("pregnancy",)),
        ("cold turkey while pregnant", ("pregnancy",)),
        ("estoy embarazada y quiero dejar la chiva", ("pregnancy",)),
        ("i want to stop taking xanax and dope", ("withdrawal.sedatives",)),
        ("can i quit drinking and heroin together", ("withdrawal.sedatives",)),
        ("detox from alcohol and fent", ("withdrawal.sedatives",)),
        (
            "pregnant and dope sick, no insurance, looking for a rehab in ohio that takes medicaid",
            ("pregnancy", "withdrawal.pregnant"),
        ),
        ("estoy embarazada y uso heroina", ("pregnancy",)),
        ("want to quit drinking and heroin, need a rehab in ohio that takes medicaid", ("withdrawal.sedatives",)),
        ("off my klonopin and dope sick", ("withdrawal",)),
        ("quiero dejar el alcohol y la heroina", ("withdrawal.sedatives",)),
        ("my heart is racing in withdrawal", ("withdrawal", "overdose")),
        ("withdrawal and im seeing things", ("withdrawal", "overdose")),
        ("cant keep water down day 2 no dope", ("withdrawal", "overdose")),
        ("fever after shooting up", ("safer.er", "overdose")),
    ],
)
def test_what_is_dangerous_reaches_its_safe_answer(text: str, nodes: tuple[str, ...]) -> None:
    meaning = explain(CONTENT, text)
    got = f"{meaning['topic']}.{_node(text)}" if meaning["topic"] else str(meaning["means"])
    assert got.startswith(nodes), meaning


def _node(text: str) -> str:
    found = CONTENT.reader.lexicon.find(tokens(text))
    return found.node.partition(".")[2] if found else ""


def test_a_program_can_leave_out_safer_use(tmp_path: Path) -> None:
    shutil.copytree(FLOWS, tmp_path / "flows")
    program = tmp_path / "flows/program.yaml"
    program.write_text(program.read_text().replace("safer: true", "safer: false"))
    content = load(tmp_path / "flows").content
    assert "safer" not in content.words.flows
    assert not any(p.node.startswith("safer.") for p in content.words.phrases)
    for node in content.nodes.values():
        goals = [c.goto for c in node.choices] + [node.more]
        assert not any(goto.startswith("safer.") for goto in goals)
    assert "overdose_info.start" in [c.goto for c in content.nodes["withdrawal.useagain"].choices]
