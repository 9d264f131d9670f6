"""The reviewed words, as plain data. Made by bot.content, read by the engine."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

MAIN = "main.start"
HUMAN = "human.start"


@dataclass(frozen=True, slots=True, eq=False)
class Choice:
    """One numbered answer: what is shown, where it leads (a node id), and every way to say it, as comparable words.

    One without a label is a digit that is not offered."""

    label: str
    goto: str
    names: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True, slots=True, eq=False)  # one object a node: compared and hashed as such, at every text
class Node:
    """One thing to say and the answers it waits for. `id` is "flow.name"; `text` still holds {names}."""

    id: str
    text: str
    choices: tuple[Choice, ...] = ()
    more: str = ""
    way_on: bool = True
    clinical: bool = False
    sources: tuple[str, ...] = ()
    reviewed_by: str = ""
    review_hash: str = ""

    @property
    def flow(self) -> str:
        return self.id.partition(".")[0]


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words that name a topic. `tokens` are normalised; "*" stands for up to four words, "detoxif*" for any ending.

    A `hint` only leans to its topic: one word of it needs company. A phrase of higher `priority` answers before all others.
    """

    tokens: tuple[str, ...]
    node: str
    lang: str
    hint: bool = False
    priority: int = 0


@dataclass(frozen=True, slots=True)
class Spoken:
    """A node in one language, ready to send: whole, only its words, only its choices."""

    full: str
    text: str
    choices: str


@dataclass(frozen=True, slots=True)
class Flow:
    """One topic: its id, how menus call it, and the names of its nodes."""

    id: str
    title: str
    nodes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Words:
    """Everything that can be said, by node id, and how people ask for it."""

    flows: Mapping[str, Flow]
    nodes: Mapping[str, Node]
    spoken: Mapping[str, Mapping[str, Spoken]]  # language -> node id -> text
    phrases: tuple[Phrase, ...] = field(default=())
