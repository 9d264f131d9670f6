"""Copies the labelled texts into training/data, one file a source, each line with its part: "train" or "heldout".

The part follows from a hash of the text, so that a text never changes sides when others are added, unless the source says.
    python training/prepare.py STAGING
"""

from __future__ import annotations

import hashlib
import json
import sys
from pathlib import Path

HERE = Path(__file__).parent
SOURCES = (
    "overdose_en",
    "overdose_es",
    "suicide_en",
    "suicide_es",
    "topics",
    "replies",
    "optout",
    "more_overdose",
    "more_suicide",
    "more2_overdose_a",
    "more2_overdose_b",
    "more2_suicide",
    "more3_overdose_c",
    "more3_overdose_d",
    "more3_overdose_e",
    "more3_suicide_c",
    "more3_suicide_d",
    "more4_openers",
    "more5_overdose_a",
    "more5_overdose_b",
    "more5_suicide_a",
    "more5_suicide_b",
    "more5_ordinary",
    "more5_spanish",
    "more6_openers",
    "more6_overdose_a",
    "more6_overdose_b",
    "more6_suicide_a",
    "more6_suicide_b",
    "more6_suicide_c",
    "more6_suicide_d",
    "more7_family_openers",
    "more7_self_openers",
    "more8_overdose_a",
    "more8_overdose_b",
    "more8_suicide_a",
    "more8_suicide_b",
    "more8_suicide_c",
    "more8_private",
    "more8_openers",
    "more9_overdose_a",
    "more9_overdose_b",
    "more9_suicide_a",
    "more9_suicide_b",
    "more9_suicide_c",
    "more9_private",
    "more9_openers",
    "more10_overdose_a",
    "more10_overdose_b",
    "more10_suicide_a",
    "more10_suicide_b",
    "more10_suicide_c",
    "more10_lookalikes",
    "more10_private",
    "more10_openers",
    "more11_overdose_a",
    "more11_overdose_b",
    "more11_suicide_a",
    "more11_suicide_b",
    "more11_suicide_c",
    "more11_suicide_d",
    "more11_private",
    "more12_overdose_a",
    "more12_overdose_b",
    "more12_suicide_a",
    "more12_suicide_b",
    "more12_suicide_c",
    "more12_suicide_d",
    "more12_suicide_e",
    "more12_suicide_f",
    "more12_lookalikes",
    "more12_private_a",
    "more12_private_b",
    "more12_spanish_a",
    "more12_spanish_b",
)
EVAL = {
    "overdose": (
        "overdose_en",
        "overdose_es",
        "more_overdose",
        "more2_overdose_a",
        "more2_overdose_b",
        "more3_overdose_c",
        "more3_overdose_d",
        "more3_overdose_e",
        "more4_openers",
        "more5_overdose_a",
        "more5_overdose_b",
        "more6_overdose_a",
        "more6_overdose_b",
        "more8_overdose_a",
        "more8_overdose_b",
        "more9_overdose_a",
        "more9_overdose_b",
        "more10_overdose_a",
        "more10_overdose_b",
        "more10_lookalikes",
        "more11_overdose_a",
        "more11_overdose_b",
        "more12_overdose_a",
        "more12_overdose_b",
        "more12_lookalikes",
    ),
    "suicide": (
        "suicide_en",
        "suicide_es",
        "more_suicide",
        "more2_suicide",
        "more3_suicide_c",
        "more3_suicide_d",
        "more5_suicide_a",
        "more5_suicide_b",
        "more5_spanish",
        "more6_suicide_a",
        "more6_suicide_b",
        "more6_suicide_c",
        "more6_suicide_d",
        "more8_suicide_a",
        "more8_suicide_b",
        "more8_suicide_c",
        "more9_suicide_a",
        "more9_suicide_b",
        "more9_suicide_c",
        "more10_suicide_a",
        "more10_suicide_b",
        "more10_suicide_c",
        "more11_suicide_a",
        "more11_suicide_b",
        "more11_suicide_c",
        "more11_suicide_d",
        "more12_suicide_a",
        "more12_suicide_b",
        "more12_suicide_c",
        "more12_suicide_d",
        "more12_suicide_e",
        "more12_suicide_f",
        "more12_spanish_a",
        "more12_spanish_b",
    ),
    "ordinary": (
        "topics",
        "replies",
        "optout",
        "more5_ordinary",
        "more6_openers",
        "more7_family_openers",
        "more7_self_openers",
        "more8_private",
        "more8_openers",
        "more9_private",
        "more9_openers",
        "more10_private",
        "more10_openers",
        "more11_private",
        "more12_private_a",
        "more12_private_b",
    ),
}
HELD_OUT = 18  # percent, never trained on


def part(text: str) -> str:
    """ "heldout" for HELD_OUT percent of all texts, by their letters alone."""
    letters = "".join(c for c in text.lower() if c.isalnum())
    return "heldout" if int(hashlib.sha256(letters.encode()).hexdigest()[:8], 16) % 100 < HELD_OUT else "train"


def held_out() -> None:
    """The part that is never trained on, to tests/eval, which measures on it."""
    for target, sources in EVAL.items():
        paths = [HERE / "data" / f"{source}.jsonl" for source in sources]
        rows = [line for path in paths if path.exists() for line in path.read_text(encoding="utf-8").splitlines()]
        kept = [line for line in rows if json.loads(line)["part"] == "heldout"]
        (HERE.parent / "tests" / "eval" / f"heldout_{target}.jsonl").write_text("\n".join(kept) + "\n", encoding="utf-8")


def main(staging: Path) -> None:
    for source in SOURCES:
        path = staging / f"{source}.jsonl"
        if not path.exists():
            continue
        lines = path.read_text(encoding="utf-8").splitlines()
        rows = [json.loads(line) for line in lines if line.strip()]
        told = [json.dumps({**row, "part": row.get("part") or part(row["text"])}, ensure_ascii=False) for row in rows]
        (HERE / "data" / f"{source}.jsonl").write_text("\n".join(told) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
    held_out()
