"""Broken words are named with file, line and mend, all at once; ours hold together."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner

from bot.cli import main
from bot.content import BrokenContent, Loaded, load
from bot.core.messages import Answer
from bot.core.render import render
from bot.core.sms import LONGEST, size

FLOWS = Path(__file__).parent.parent.parent / "flows"
Break = Callable[[str, str, str], list[str]]


@pytest.fixture
def break_(tmp_path: Path) -> Break:
    """Replace words in a copy of flows/; the problems that are told."""

    def change(name: str, old: str, new: str) -> list[str]:
        folder = tmp_path / "flows"
        shutil.copytree(FLOWS, folder, dirs_exist_ok=True)
        text = (folder / name).read_text()
        assert old in text
        (folder / name).write_text(text.replace(old, new, 1))
        try:
            load(folder)
        except BrokenContent as broken:
            return [str(problem) for problem in broken.problems]
        return []

    return change


BROKEN = [
    ("an unknown goto", "main.yaml", "goto: detox,", "goto: detoxx,", "main.yaml:8: goto 'detoxx' leads nowhere"),
    ("an unknown more", "main.yaml", "more: more", "more: nowhere", "more 'nowhere' leads nowhere"),
    ("a missing text", "human.yaml", "    text: |\n", "    txt: |\n", "human.yaml:59: nodes.start.text is missing"),
    ("an unknown field", "human.yaml", "    way_on: false", "    wayon: false", "nodes.start.wayon is not a known field. Did you mean way_on?"),
    ("a reserved word", "main.yaml", "label: Signs,", "label: Info,", "'Info' is a word that carriers own"),
    ("a command as a choice", "main.yaml", "label: Signs,", "label: More,", "'More' is a command that works everywhere"),
    ("yes as a choice", "main.yaml", "label: Signs,", 'label: "Yes",', "'Yes' is offered as a reply"),
    ("a word twice in a question", "main.yaml", "words: [sign,", "words: [detox,", "'detox' means choice 1 too"),
    ("a keyword in two flows", "find.yaml", '"near me"', '"near me", "real person"', "keyword 'real person' already leads to find.start"),
    ("too long", "human.yaml", "I'm still here", "word " * 320 + "I'm still here", "over 1600"),
    ("a typed number", "human.yaml", "Call {helpline}:", "Call 1-800-555-0100:", "a number is typed (1-800-555-0100)"),
    ("an unknown name", "human.yaml", "Call {helpline}:", "Call {helpliine}:", "{helpliine} is not a known name"),
    ("a costly character", "human.yaml", "I'm still here", "I’m still here", "makes the message cost twice"),
    ("a word that carriers own, offered", "human.yaml", "reply MENU", "reply YES", "offers YES as a reply"),
    ("no source", "overdose.yaml", "    sources: [asam_2025, wi_overdose, ri_overdose]\n", "", "a clinical text without a source"),
    ("an unknown source", "overdose.yaml", "sources: [asam_2025, wi_overdose, ri_overdose]", "sources: [a_forum]", "source 'a_forum' is not in sources.yaml"),
    ("a short code alone", "find.yaml", "Call {helpline}. They look up treatment", "They look up treatment", "short code {help4u} stands alone"),
    ("a key twice", "human.yaml", "title: Talk to a person", "title: Talk to a person\ntitle: Again", "'title' stands here twice"),
    ("not YAML", "human.yaml", "flow: human", "flow: [human", "human.yaml:"),
    ("a helpline that nobody knows", "program.yaml", "helpline: samhsa", "helpline: nobody", "helpline 'nobody' is not in numbers.yaml"),
    ("a helpline that cannot be called", "program.yaml", "helpline: samhsa", "helpline: findtreatment", "cannot be called"),
    ("a node that nothing leads to", "overdose.yaml", "  awake:\n", "  lost:\n    text: Nobody gets here.\n  awake:\n", "nothing leads to node 'lost'"),
    ("a node that the engine says", "say.yaml", "  thanks:\n", "  thankss:\n", "node 'thanks' is missing"),
    ("a flow under another name", "human.yaml", "flow: human", "flow: humane", "flow 'humane' stands in human.yaml"),
    ("a translation with another number", "es.po", "Ayuda por telefono: {helpline}", "Ayuda por telefono: {poison}", "the {names} of a translation differ"),
    ("a lone star", "find.yaml", '"near me"', '"near *"', "starts or ends with a lone star"),
]  # fmt: skip


@pytest.mark.parametrize(("what", "name", "old", "new", "told"), BROKEN, ids=[b[0] for b in BROKEN])
def test_a_broken_file_is_named_with_line_and_mend(break_: Break, what: str, name: str, old: str, new: str, told: str) -> None:
    problems = break_(name, old, new)
    assert any(told in problem for problem in problems), problems
    assert all(problem.split(": ")[0].split(":")[0].endswith((".yaml", ".po")) for problem in problems)


def test_the_flow_in_the_readme_passes_the_check(tmp_path: Path) -> None:
    folder = shutil.copytree(FLOWS, tmp_path / "flows")
    snippet = (FLOWS.parent / "README.md").read_text().split("```yaml\n")[1].split("```")[0]
    (folder / f"{snippet.split()[1]}.yaml").write_text(snippet)
    assert load(folder).content.nodes


def test_a_dead_end_is_refused(break_: Break) -> None:
    text = "  lonely:\n    text: That is all.\n    way_on: false\n    keywords: {en: [very lonely road]}\n"
    problems = break_("human.yaml", "nodes:\n", f"nodes:\n{text}")
    assert any("a dead end" in problem for problem in problems)


def test_all_problems_of_all_files_come_at_once(tmp_path: Path) -> None:
    folder = tmp_path / "flows"
    shutil.copytree(FLOWS, folder)
    for name in ("human.yaml", "find.yaml", "suicide.yaml"):
        (folder / name).write_text((folder / name).read_text().replace("text:", "txt:", 1))
    with pytest.raises(BrokenContent) as broken:
        load(folder)
    assert {p.where for p in broken.value.problems} >= {"human.yaml", "find.yaml", "suicide.yaml"}


TYPED = "  typed:\n    text: Call 1-800-555-0100.\n    keywords: {en: [very lonely road]}\n"
# label, a file, what becomes of its text
SPOILT: list[tuple[str, str, Callable[[str], str]]] = [
    ("a flow that is a list", "human.yaml", lambda text: "- one\n- two\n"),
    ("a flow that is empty", "human.yaml", lambda text: ""),
    ("a flow that is no YAML", "human.yaml", lambda text: "flow: [human"),
    ("a flow with a wrong field", "human.yaml", lambda text: text.replace("text:", "txt:", 1)),
    ("a key that is a list", "human.yaml", lambda text: "? [a, b]\n: c\n" + text),
    ("a date that is none", "human.yaml", lambda text: text.replace("title: Talk to a person", "title: 2026-13-45")),
    ("a text that refers to itself", "human.yaml", lambda text: text.replace("title: Talk to a person", "title: &a [*a]")),
    ("a program that is a word", "program.yaml", lambda text: "words\n"),
    ("numbers that are a list", "numbers.yaml", lambda text: "- one\n"),
    ("a number of no kind", "numbers.yaml", lambda text: text.replace("kind: voice", "kind: smoke", 1)),
    ("sources that are missing", "sources.yaml", lambda text: ""),
    ("a source without a year", "sources.yaml", lambda text: text.replace("year:", "yeer:", 1)),
    ("rules that are a list", "emergency.yaml", lambda text: "- one\n"),
    ("a translation that is none", "es.po", lambda text: "msgid broken\n"),
]


@pytest.mark.parametrize(("label", "name", "spoil"), SPOILT, ids=[one[0] for one in SPOILT])
def test_a_file_of_the_wrong_shape_hides_no_other_problem_and_makes_none_up(
    tmp_path: Path, label: str, name: str, spoil: Callable[[str], str]
) -> None:
    folder = Path(shutil.copytree(FLOWS, tmp_path / "flows"))
    wrong = folder / "cost.yaml"
    wrong.write_text(re.sub(r"goto: [\w.]+", "goto: nowhere", wrong.read_text(), count=1) + TYPED)
    (folder / name).write_text(spoil((folder / name).read_text()))
    with pytest.raises(BrokenContent) as broken:
        load(folder)
    told = [(problem.where, problem.what) for problem in broken.value.problems]
    assert ("cost.yaml", "goto 'nowhere' leads nowhere") in told
    assert ("cost.yaml", "a number is typed (1-800-555-0100)") in told
    assert {where for where, _ in told} == {"cost.yaml", name}


def test_inside_a_file_of_the_wrong_shape_the_other_texts_are_looked_at(tmp_path: Path) -> None:
    folder = Path(shutil.copytree(FLOWS, tmp_path / "flows"))
    path = folder / "cost.yaml"
    path.write_text(path.read_text().replace("title:", "titel:", 1).replace("    text:", "    txt:", 1) + TYPED)
    with pytest.raises(BrokenContent) as broken:
        load(folder)
    told = "\n".join(map(str, broken.value.problems))
    for what in ("title is missing", "titel is not a known field", "txt is not a known field", "a number is typed"):
        assert what in told
    assert {problem.where for problem in broken.value.problems} == {"cost.yaml"}


def test_check_prints_the_same_and_fails(tmp_path: Path) -> None:
    folder = tmp_path / "flows"
    shutil.copytree(FLOWS, folder)
    (folder / "human.yaml").unlink()
    result = CliRunner().invoke(main, ["check", "--flows", str(folder)])
    assert result.exit_code == 1
    assert "human.yaml" in result.output
    assert "Traceback" not in result.output


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    result = CliRunner().invoke(main, ["check", "--flows", str(tmp_path / "nowhere")])
    assert result.exit_code == 1
    assert "program.yaml: the file is missing" in result.output


def test_changing_the_helpline_is_one_edit(tmp_path: Path) -> None:
    folder = tmp_path / "flows"
    shutil.copytree(FLOWS, folder)
    numbers = folder / "numbers.yaml"
    line = "\ncounty:\n  show: 1-555-010-0199\n  kind: voice\n  what: Our county line\n  about: our county's line, weekdays 9 to 5.\n"
    numbers.write_text(
        numbers.read_text()
        + line
        + '  languages: [en]\n  source: https://example.org\n  confidence: "1"\n  verified: 2026-11-21\n'
    )
    program = folder / "program.yaml"
    program.write_text(program.read_text().replace("helpline: samhsa", "helpline: county"))
    content = load(folder).content
    for node in ("human.start", "say.help", "say.stop", "say.unclear_again"):
        assert "1-555-010-0199" in render(content, Answer("en", (node,)))[0]


def test_in_production_a_sentence_with_an_uncalled_number_is_left_out_whole() -> None:
    live, development = load(FLOWS, live=True).content, load(FLOWS).content
    find = Answer("en", ("find.start",))
    assert "435748 (not called yet)" in render(development, find)[0]
    assert "435748" not in render(live, find)[0]
    assert "1-800-662-4357" in render(live, find)[0]
    assert not any("1-800-972-0590" in spoken.full for spoken in live.words.spoken["en"].values())


def test_every_answer_is_short_holds_a_way_on_and_costs_one_alphabet(loaded: Loaded) -> None:
    for lang, spoken in loaded.content.words.spoken.items():
        for id_, said in spoken.items():
            assert len(said.full) <= LONGEST, (lang, id_)
            assert size(said.full).encoding == "GSM-7", (lang, id_)
            assert "{" not in said.full.replace("{places}", "").replace("{as_of}", ""), (lang, id_)


def test_every_topic_has_a_brief_without_digits_to_reply(loaded: Loaded) -> None:
    for flow in loaded.content.words.flows.values():
        if flow.id in ("main", "human", "say", "language", "overdose", "suicide", "handoff"):
            continue
        brief = loaded.content.nodes[f"{flow.id}.brief"]
        assert not brief.choices, flow.id
        assert not brief.more, flow.id


def test_a_review_holds_only_while_the_words_stay(tmp_path: Path) -> None:
    folder = tmp_path / "flows"
    shutil.copytree(FLOWS, folder)
    before = load(folder)
    node = before.content.nodes["suicide.me"]
    path = folder / "suicide.yaml"
    reviewed = f'  me:\n    reviewed: {{by: "A. Doctor, MD", on: 2026-11-21, text: {node.review_hash}}}\n'
    path.write_text(path.read_text().replace("  me:\n", reviewed, 1))
    assert "suicide.me" not in load(folder).unreviewed()
    path.write_text(path.read_text().replace("Thank you for telling me.", "Thank you for saying so."))
    assert "suicide.me" in load(folder).unreviewed()
