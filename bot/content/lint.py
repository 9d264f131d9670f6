"""What shape alone cannot say: rules that keep every conversation safe, lawful and with a way to a person."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from ..core.commands import COMMANDS
from ..core.optout import HELP_WORDS, START_WORDS, STOP_WORDS
from ..core.sms import LONGEST, costly
from ..core.turn import REQUIRED
from . import models
from .assemble import pattern_of, target
from .lines import Lined, Path_
from .problems import Problem
from .speak import NAME

CARRIER_WORDS = STOP_WORDS | START_WORDS | HELP_WORDS
NEVER_OFFERED = re.compile(r"\b(?:reply|text|send|responda|envie)\s+[\"']?(YES|NO|INFO|END|QUIT|CANCEL)\b")
TYPED_NUMBER = re.compile(r"(?<![\d{])(?:1-)?\d{3}-\d{3}-\d{4}|(?<![\d{$.,])\d{5,6}(?!\d)")
PROGRAM_NAMES = frozenset(  # beside those of numbers.yaml (bot.content.load)
    {"name", "contact", "frequency", "helpline", "helpline_about", "desk_hours", "waiting", "ticket_days"}
)
FILLED_LATER = frozenset({"places", "as_of"})  # what was found near a ZIP code: known only when the text is sent
HUMAN_WAYS = ("voice", "voice-and-code")
SPECIAL = {"say", "main", "handoff"}  # their nodes are reached by the engine, not by a goto


@dataclass(frozen=True, slots=True)
class Written:
    """One flow file: its model, and where everything stood in it."""

    flow: models.Flow
    lined: Lined


@dataclass(frozen=True, slots=True)
class Facts:
    """What texts may refer to. `unsure`: flows that could not be read whole (bot.content.partly): any node may be there."""

    numbers: Mapping[str, models.Number]
    sources: Collection[str]
    names: frozenset[str]
    unsure: frozenset[str] = frozenset()


def problems(written: Mapping[str, Written], facts: Facts) -> list[Problem]:
    flows = {id_: w.flow for id_, w in written.items()}
    found: list[Problem] = []
    for one in written.values():
        found += _file(one)
        for name, node in one.flow.nodes.items():
            path: Path_ = ("nodes", name)
            found += [one.lined.problem((*path, *at), what, mend) for at, what, mend in _node(one.flow, node, flows, facts)]
    found += [problem for problem in _missing(flows) if problem.where.removesuffix(".yaml") not in facts.unsure]
    if not facts.unsure:  # what leads somewhere may stand in what could not be read
        found += _unreachable(written, flows)
    return found + _said_twice(written)


def _file(one: Written) -> list[Problem]:
    found = []
    expected = one.lined.where.rsplit("/", 1)[-1].removesuffix(".yaml")
    if one.flow.flow != expected:
        found.append(one.lined.problem(("flow",), f"flow '{one.flow.flow}' stands in {expected}.yaml", "Give both one name"))
    if "start" not in one.flow.nodes and one.flow.flow != "say":
        found.append(one.lined.problem(("nodes",), "there is no node 'start'", "Name the first node 'start'"))
    return found


Finding = tuple[Path_, str, str]


def _node(flow: models.Flow, node: models.Node, flows: Mapping[str, models.Flow], facts: Facts) -> Iterator[Finding]:
    yield from _text(node, facts)
    yield from _ways(node, facts)
    for i, choice in enumerate(node.choices):
        if not _exists(target(flow.flow, choice.goto, flows), flows, facts.unsure):
            yield ("choices", i, "goto"), f"goto '{choice.goto}' leads nowhere", "Name a node of this flow, a flow, or flow.node"
        yield from _choice_words(i, choice)
    if node.more and not _exists(target(flow.flow, node.more, flows), flows, facts.unsure):
        yield ("more",), f"more '{node.more}' leads nowhere", "Name a node of this flow, a flow, or flow.node"
    yield from _same_words(node)
    yield from _digits(node)
    if node.clinical and not node.sources:
        yield ("clinical",), "a clinical text without a source", "Add 'sources' with names from sources.yaml"
    for i, source in enumerate(node.sources):
        if source not in facts.sources:
            yield ("sources", i), f"source '{source}' is not in sources.yaml", "Add it there, with publisher, year and url"


def _text(node: models.Node, facts: Facts) -> Iterator[Finding]:
    for name in NAME.findall(node.text):
        if name not in facts.names | FILLED_LATER:
            yield (
                ("text",),
                f"{{{name}}} is not a known name",
                "Use one of numbers.yaml, or name, helpline, contact, frequency, ticket_days, desk_hours",
            )
    if typed := TYPED_NUMBER.search(node.text):
        yield ("text",), f"a number is typed ({typed.group()})", "Put it into numbers.yaml and write its {name}"
    if offered := NEVER_OFFERED.search(node.text):
        yield ("text",), f"offers {offered.group(1)} as a reply", "Phone companies own that word; offer a digit instead"
    if odd := costly(node.text + "".join(c.label for c in node.choices)):
        yield ("text",), f"holds {' '.join(map(repr, odd))}, which makes the message cost twice", "Use a plain character"
    length = len(node.text) + sum(len(c.label) + 3 for c in node.choices) + 30
    if length > LONGEST:
        yield ("text",), f"{length} characters, over {LONGEST}: it would be refused", "Split it, with 'more'"
    for name in NAME.findall(node.text):
        number = facts.numbers.get(name)
        if (
            number
            and number.kind == "code"
            and not {number.voice, "helpline"} & set(NAME.findall(node.text))
            and "988" not in node.text
        ):
            yield (
                ("text",),
                f"short code {{{name}}} stands alone",
                f"Name {{{number.voice}}} beside it: many plans block short codes",
            )


def _ways(node: models.Node, facts: Facts) -> Iterator[Finding]:
    """Every message holds a way to a person. The engine adds one, unless way_on says that the text holds it."""
    if node.way_on:
        return
    names = NAME.findall(node.text)
    voice = any(n == "helpline" or (n in facts.numbers and facts.numbers[n].kind in HUMAN_WAYS) for n in names)
    if not voice and "HUMAN" not in node.text and "911" not in node.text and "988" not in node.text:
        yield ("way_on",), "a dead end: no way to MENU or HUMAN, and no number to call", "Remove 'way_on: false'"


def _choice_words(i: int, choice: models.Choice) -> Iterator[Finding]:
    label = " ".join(pattern_of(choice.label))
    for j, said in enumerate([choice.label, *choice.words]):
        word = " ".join(pattern_of(said))
        at: Path_ = ("choices", i, "label") if j == 0 else ("choices", i, "words", j - 1)
        if word in CARRIER_WORDS:
            yield at, f"'{said}' is a word that carriers own", "Use another word"
        elif (word in COMMANDS or word in ("forget", "erase")) and not (COMMANDS.get(word) == "human" == choice.goto):
            yield at, f"'{said}' is a command that works everywhere", "Use another word"
    if label in ("yes", "no", "si"):
        yield ("choices", i, "label"), f"'{choice.label}' is offered as a reply", "Say what it means; 'yes' may stand in words"


def _same_words(node: models.Node) -> Iterator[Finding]:
    seen: dict[tuple[str, ...], int] = {}
    for i, choice in enumerate(node.choices):
        for said in dict.fromkeys(map(pattern_of, (choice.label, *choice.words))):
            if said in seen and seen[said] != i:
                yield ("choices", i), f"'{' '.join(said)}' means choice {seen[said] + 1} too", "Keep it with one of them"
            seen.setdefault(said, i)


def _digits(node: models.Node) -> Iterator[Finding]:
    at = 0
    for i, choice in enumerate(node.choices):
        at += 1
        if choice.digit is not None and choice.digit < at:
            yield ("choices", i, "digit"), f"digit {choice.digit} is taken by a choice before", "Let the digits rise"
        at = choice.digit or at


def _exists(node: str, flows: Mapping[str, models.Flow], unsure: frozenset[str] = frozenset()) -> bool:
    flow, _, name = node.partition(".")
    return flow in unsure or (flow in flows and name in flows[flow].nodes)


def _missing(flows: Mapping[str, models.Flow]) -> list[Problem]:
    return [
        Problem(
            f"{node.partition('.')[0]}.yaml", 0, f"node '{node.partition('.')[2]}' is missing, and the engine says it", "Add it"
        )
        for node in sorted(REQUIRED)
        if not _exists(node, flows)
    ]


def _unreachable(written: Mapping[str, Written], flows: Mapping[str, models.Flow]) -> list[Problem]:
    reached = set(REQUIRED)
    for flow in flows.values():
        for name, node in flow.nodes.items():
            reached |= {
                target(flow.flow, goto, flows) for goto in [*(c.goto for c in node.choices), *([node.more] if node.more else [])]
            }
            if node.keywords.en or node.keywords.es or name in ("start", "brief"):
                reached.add(f"{flow.flow}.{name}")
    return [
        one.lined.problem(("nodes", name), f"nothing leads to node '{name}'", "Give it a goto, a more or keywords, or delete it")
        for one in written.values()
        for name in one.flow.nodes
        if f"{one.flow.flow}.{name}" not in reached and one.flow.flow not in SPECIAL
    ]


def _said_twice(written: Mapping[str, Written]) -> list[Problem]:
    found: list[Problem] = []
    first: dict[tuple[str, ...], str] = {}
    for one in written.values():
        flow = one.flow
        places: list[tuple[Path_, str, models.Keywords]] = [
            (("keywords",), "start", flow.keywords),
            (("hints",), "start", flow.hints),
        ]
        places += [(("nodes", name, "keywords"), name, node.keywords) for name, node in flow.nodes.items()]
        for path, name, keywords in places:
            for lang, said in (("en", keywords.en), ("es", keywords.es)):
                for i, phrase in enumerate(said):
                    alone = {} if path == ("hints",) else first  # a hint may lean to more than one flow
                    found += _keyword(one.lined, (*path, lang, i), phrase, f"{flow.flow}.{name}", alone)
    return found


def _keyword(lined: Lined, path: Path_, phrase: str, node: str, first: dict[tuple[str, ...], str]) -> list[Problem]:
    pattern = pattern_of(phrase)
    if not pattern or pattern[0] == "*" or pattern[-1] == "*":
        return [
            lined.problem(path, f"keyword '{phrase}' starts or ends with a lone star, or is empty", "Begin and end with a word")
        ]
    if " ".join(pattern) in CARRIER_WORDS:
        return [lined.problem(path, f"keyword '{phrase}' is a word that carriers own", "Use another word")]
    if first.setdefault(pattern, node) != node:
        return [lined.problem(path, f"keyword '{phrase}' already leads to {first[pattern]}", "Keep it in one place")]
    return []
