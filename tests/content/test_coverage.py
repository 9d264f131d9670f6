"""docs/coverage.md accounts for every row of the source documents, and names only texts that exist."""

from __future__ import annotations

import re
from pathlib import Path

from bot.content import load

ROOT = Path(__file__).parents[2]
ROWS = [line.split("|")[1:4] for line in (ROOT / "docs/coverage.md").read_text().splitlines() if re.match(r"\| \d", line)]


def test_each_of_the_77_rows_stands_once_and_in_order() -> None:
    assert [row[0].strip() for row in ROWS] == [str(n) for n in range(1, 78)]


def test_every_text_that_is_named_exists() -> None:
    nodes = load(ROOT / "flows").content.nodes
    named = {name.strip() for row in ROWS for name in row[1].split(",") if name.strip()}
    assert named - set(nodes) == set()


def test_a_row_without_a_text_says_why() -> None:
    assert all(texts.strip() or note.strip().startswith("left out") for _, texts, note in ROWS)
