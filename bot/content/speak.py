"""From a node to the words that are sent: names filled in, choices numbered, the way on added."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from ..core.flow import HUMAN, Node, Spoken

NAME = re.compile(r"\{([a-z][a-z0-9_]*)\}")

Translate = Callable[[str, str], str | None]  # (msgctxt, msgid) -> msgstr, None when there is none

# The last line of a node, so that every message holds a way to a person. Keys: (choices?, more?, one of them is a person?)
WAY_ON = {
    (True, False, False): "Or HUMAN for a person.",
    (True, True, False): "MORE for more, HUMAN for a person.",
    (True, True, True): "MORE for more topics.",
    (True, False, True): "",
    (False, True, False): "Reply MORE, MENU or HUMAN.",
    (False, False, False): "Reply MENU or HUMAN.",
}


def hidden_removed(text: str, hidden: frozenset[str]) -> str:
    """`text` without each sentence that names a number which may not be shown."""
    if not any(name in hidden for name in NAME.findall(text)):
        return text
    lines = []
    for line in text.split("\n"):
        kept = [s for s in re.split(r"(?<=[.!?])\s+", line) if not any(n in hidden for n in NAME.findall(s))]
        if kept or not line.strip():
            lines.append(" ".join(kept))
    return "\n".join(lines).strip()


def fill(text: str, names: Mapping[str, str]) -> str:
    """`text` with every {name} it knows; an unknown one stays (lint has refused it)."""
    return NAME.sub(lambda m: names.get(m.group(1), m.group(0)), text)


def speak(node: Node, names: Mapping[str, str], hidden: frozenset[str], translate: Translate) -> Spoken | None:
    """`node` in one language; None when that language does not hold all of it."""
    text = translate(node.id, node.text)
    labels = [translate(node.id, choice.label) if choice.label else "" for choice in node.choices]
    way = WAY_ON[bool(node.choices), bool(node.more), any(c.goto == HUMAN for c in node.choices)]
    way_on = translate("way_on", way) if node.way_on and way else ""
    if text is None or way_on is None or any(label is None for label in labels):
        return None
    words = fill(hidden_removed(text, hidden), names)
    numbered = [f"{digit} {label}" for digit, label in enumerate(labels, start=1) if label]
    choices = "\n".join([*numbered, *([way_on] if way_on else [])])
    return Spoken(full="\n".join(part for part in (words, choices) if part), text=words, choices=choices)
