"""From checked files to the plain data that the engine reads."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from functools import lru_cache

from ..core import flow as plain
from ..core.words import tokens
from . import models
from .speak import Translate, speak


def review_hash(node: models.Node) -> str:
    """Binds a review to the words that were reviewed: the text and the labels. 12 hexadecimal digits."""
    words = "\n".join([node.text, *(c.label for c in node.choices)])
    return hashlib.sha256(words.encode()).hexdigest()[:12]


def target(flow: str, goto: str, flows: Mapping[str, models.Flow]) -> str:
    """The node id that `goto`, written in `flow`, means: a node of that flow first, then another flow's start."""
    if "." in goto:
        return goto
    own = flows.get(flow)
    return f"{flow}.{goto}" if own and goto in own.nodes else f"{goto}.start"


def nodes(flows: Mapping[str, models.Flow]) -> dict[str, plain.Node]:
    return {
        f"{flow.flow}.{name}": _node(flow.flow, name, node, flows) for flow in flows.values() for name, node in flow.nodes.items()
    }


def _node(flow: str, name: str, node: models.Node, flows: Mapping[str, models.Flow]) -> plain.Node:
    choices: list[plain.Choice] = []
    for choice in node.choices:
        while choice.digit and len(choices) < choice.digit - 1:
            choices.append(plain.Choice("", f"{flow}.{name}"))  # a digit that is not offered asks again
        names = tuple(dict.fromkeys(t for t in map(tokens, (choice.label, *choice.words)) if t))
        choices.append(plain.Choice(choice.label, target(flow, choice.goto, flows), names))
    reviewed = node.reviewed if node.reviewed and node.reviewed.text == review_hash(node) else None
    return plain.Node(
        id=f"{flow}.{name}",
        text=node.text,
        choices=tuple(choices),
        more=target(flow, node.more, flows) if node.more else "",
        way_on=node.way_on,
        clinical=node.clinical,
        sources=tuple(node.sources),
        reviewed_by=reviewed.by if reviewed else "",
        review_hash=review_hash(node),
    )


def phrases(flows: Mapping[str, models.Flow]) -> tuple[plain.Phrase, ...]:
    """Every keyword of every flow and node, and every hint; a flow's own lead to its start."""
    found = []
    for flow in flows.values():
        places = [("start", flow.keywords, False), ("start", flow.hints, True)]
        places += [(name, node.keywords, False) for name, node in flow.nodes.items()]
        for name, keywords, hint in places:
            priority = 0 if hint else max(flow.priority, flow.nodes[name].priority if name in flow.nodes else 0)
            for lang, said in (("en", keywords.en), ("es", keywords.es)):
                node = f"{flow.flow}.{name}"
                found += [plain.Phrase(pattern, node, lang, hint, priority) for pattern in map(pattern_of, said) if pattern]
    return tuple(found)


@lru_cache(maxsize=1 << 16)  # lint and assembly both ask for each of the 15,000
def pattern_of(phrase: str) -> tuple[str, ...]:
    """The tokens of a keyword, with its stars: "how * detoxif*" -> ("how", "*", "detoxif*")."""
    if "*" not in phrase:
        return tokens(phrase)
    pattern: list[str] = []
    for word in phrase.split():
        if word == "*":
            pattern.append("*")
        elif word.endswith("*"):
            pattern.extend(tokens(word[:-1])[:-1])
            pattern.extend(f"{t}*" for t in tokens(word[:-1])[-1:])
        else:
            pattern.extend(tokens(word))
    return tuple(pattern)


def spoken(
    all_nodes: Mapping[str, plain.Node], names: Mapping[str, str], hidden: frozenset[str], translate: Translate
) -> dict[str, plain.Spoken]:
    told = ((node.id, speak(node, names, hidden, translate)) for node in all_nodes.values())
    return {id_: said for id_, said in told if said is not None}
