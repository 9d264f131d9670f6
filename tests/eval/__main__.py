"""`make eval`: the scores, and with --misses every text that was taken for something else."""

# ruff: noqa: T201

from __future__ import annotations

import sys
from pathlib import Path

from bot.content import load
from tests.eval import emergency_table
from tests.eval.scores import READERS, score


def main() -> None:
    emergency_table.main(sys.argv[1:])
    content = load(Path("flows")).content
    print("| texts | | right | of | share |\n|---|---|---|---|---|")
    for name in READERS:
        for group, one in score(content, name, by_label=name.startswith("optout")).items():
            print(f"| {name} | {group} | {one.right} | {one.all} | {one.share:.1%} |")
            for text, expected, got in one.wrong if "--misses" in sys.argv else ():
                print(f"    {expected} taken for {got}: {text}")


main()
