"""How often a text is taken for what it means: menu answers, opt-outs, topics."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from bot.core.turn import Content
from bot.explain import explain

FOLDER = Path(__file__).parent
Row = dict[str, object]
NO_TOPIC = frozenset({"smalltalk", "unclear", "yes", "no", "menu"})


@dataclass(frozen=True, slots=True)
class Score:
    """`right` of `all` texts of one label group and language; `wrong` holds (text, expected, got)."""

    right: int
    all: int
    wrong: tuple[tuple[str, str, str], ...] = ()

    @property
    def share(self) -> float:
        return self.right / self.all if self.all else 1.0


def rows(name: str) -> Iterator[Row]:
    for line in (FOLDER / f"{name}.jsonl").read_text(encoding="utf-8").splitlines():
        yield json.loads(line)


def replies(content: Content, row: Row) -> tuple[str, str]:
    """(expected, got) of an answer to the main menu."""
    got = explain(content, str(row["text"]), str(row["lang"]), at="main")["choice"]
    return str(row["label"]), str(got or "unclear")


def optouts(content: Content, row: Row) -> tuple[str, str]:
    means = explain(content, str(row["text"]), str(row["lang"]))["means"]
    return str(row["label"]), "optout" if means == "optout" else "not_optout"


def topics(content: Content, row: Row) -> tuple[str, str]:
    """A topic; `also` topics are right too, and "other" is anything that claims no topic."""
    said = explain(content, str(row["text"]), str(row["lang"]))
    got = str(said["topic"] or said["means"])
    right = {str(row["label"]), *(str(t) for t in row.get("also", []))}  # type: ignore[attr-defined]
    if "other" in right and got in NO_TOPIC:
        return str(row["label"]), str(row["label"])
    return str(row["label"]), str(row["label"]) if got in right else got


READERS: dict[str, Callable[[Content, Row], tuple[str, str]]] = {
    "replies": replies, "replies_own": replies, "optout": optouts, "optout_own": optouts, "topics": topics, "topics_own": topics,
}  # fmt: skip


def score(content: Content, name: str, by_label: bool = False) -> dict[str, Score]:
    """The scores of one file by language, or by language and label ("en optout")."""
    right: Counter[str] = Counter()
    total: Counter[str] = Counter()
    wrong: dict[str, list[tuple[str, str, str]]] = {}
    for row in rows(name):
        expected, got = READERS[name](content, row)
        group = f"{row['lang']} {row['label']}" if by_label else str(row["lang"])
        total[group] += 1
        right[group] += expected == got
        if expected != got:
            wrong.setdefault(group, []).append((str(row["text"]), expected, got))
    return {group: Score(right[group], total[group], tuple(wrong.get(group, ()))) for group in sorted(total)}
