"""Measures emergency recognition on labelled texts: the table of docs/safety.md, and which texts were taken for what.

`python -m tests.eval.emergency_table` prints both; `--write` keeps the figures that tests compare with.
"""

from __future__ import annotations

import json
import random
import sys
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from bot.content import load
from bot.core.emergency import Alarm, Recogniser
from training.misspell import misspell

HERE = Path(__file__).parent
FLOWS = HERE.parent.parent / "flows"
FIGURES = HERE / "figures.json"
SETS: Mapping[str, tuple[str, ...]] = {
    "shared": ("overdose", "overdose_not_live", "suicide", "suicide_not", "topics", "optout", "replies"),
    "heldout": ("heldout_overdose", "heldout_suicide", "heldout_ordinary"),
    "unseen": ("unseen_en", "unseen_es"),  # by authors of whom nothing was ever learnt
}
MISSPELT = " misspelt"  # after a set's name: the same texts, each misspelt by rule
LOOK_ALIKES = frozenset({"not_emergency", "not_crisis"})
# The targets, as shares: at least for what is to be found, at most for what is not.
AT_LEAST = {
    "overdose found": {"en": 0.97, "es": 0.95},
    "of these full": {"en": 0.90, "es": 0.90},
    "suicide explicit, third person": {"en": 0.95, "es": 0.93},
    "suicide passive": {"en": 0.80, "es": 0.75},
}
AT_MOST = {
    "suicide taken for overdose": {"en": 0.05, "es": 0.05},
    "look-alikes full": {"en": 0.08, "es": 0.10},
    "look-alikes line": {"en": 0.25, "es": 0.25},
    # Texts to the line that are no look-alikes (topics, replies, opt-outs); the 0.2 % is for private texts, which are
    # not ours to ship: docs/safety.md has that figure.
    "ordinary any alarm": {"en": 0.05, "es": 0.05},
}


@dataclass(frozen=True, slots=True)
class Row:
    """A labelled text. sort: "overdose", "explicit", "passive", "third_party", "look-alike" or "ordinary"."""

    text: str
    lang: str
    sort: str
    also: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Read:
    row: Row
    alarm: Alarm | None

    @property
    def taken(self) -> str:
        return f"{self.alarm.kind} {self.alarm.tier or ''} {self.alarm.strength}".replace("  ", " ") if self.alarm else "-"


def rows(files: Iterable[str]) -> list[Row]:
    found = []
    for name in files:
        for line in (HERE / f"{name}.jsonl").read_text(encoding="utf-8").splitlines():
            told = json.loads(line)
            found.append(Row(told["text"], told["lang"], _sort(told), tuple(told.get("also", ()))))
    return found


def rows_of(name: str) -> list[Row]:
    """The texts of a set, or of a set misspelt."""
    found = rows(SETS[name.removesuffix(MISSPELT)])
    dice = random.Random(1)  # the same slips every time
    return [replace(row, text=misspell(row.text, dice)) for row in found] if name.endswith(MISSPELT) else found


def names() -> list[str]:
    return [*SETS, *(f"{name}{MISSPELT}" for name in SETS)]


def _sort(told: Mapping[str, str]) -> str:
    if told["label"] == "suicide":
        return told["severity"]
    return "overdose" if told["label"] == "overdose" else "look-alike" if told["label"] in LOOK_ALIKES else "ordinary"


def read(recogniser: Recogniser, asked: Iterable[Row]) -> list[Read]:
    return [Read(row, recogniser.recognise(row.text)) for row in asked]


def table(done: Iterable[Read], lang: str) -> dict[str, float]:
    """Each line of the table as a share of the texts that it is about; ordinary texts only where the set has some."""
    mine = [one for one in done if one.row.lang == lang]
    live = [one for one in mine if one.row.sort == "overdose"]
    clear = [one for one in mine if one.row.sort in ("explicit", "third_party")]
    passive = [one for one in mine if one.row.sort == "passive"]
    like = [one for one in mine if one.row.sort == "look-alike"]
    only = [one for one in (*clear, *passive) if "overdose" not in one.row.also]
    ordinary = [one for one in mine if one.row.sort == "ordinary"]
    told = {
        "overdose found": _share(live, lambda one: one.alarm is not None),
        "of these full": _share([one for one in live if one.alarm], lambda one: _strength(one) == "full"),
        "suicide explicit, third person": _share(clear, lambda one: one.alarm is not None),
        "suicide passive": _share(passive, lambda one: one.alarm is not None),
        "suicide taken for overdose": _share(only, lambda one: one.alarm is not None and one.alarm.kind == "overdose"),
        "look-alikes full": _share(like, lambda one: _strength(one) == "full"),
        "look-alikes line": _share(like, lambda one: _strength(one) == "line"),
    }
    return {**told, "ordinary any alarm": _share(ordinary, lambda one: one.alarm is not None)} if ordinary else told


def figures(recogniser: Recogniser) -> dict[str, dict[str, dict[str, float]]]:
    """All tables: by set, by language."""
    told = {}
    for name in names():
        done = read(recogniser, rows_of(name))
        told[name] = {lang: {line: round(share, 4) for line, share in table(done, lang).items()} for lang in ("en", "es")}
    return told


def confusions(done: Iterable[Read]) -> list[str]:
    """Every text that was not taken for what it is, one a line."""
    return [f"{one.row.lang} {one.row.sort} -> {one.taken}: {one.row.text}" for one in done if _wrong(one)]


def _wrong(one: Read) -> bool:
    if one.row.sort in ("look-alike", "ordinary"):
        return one.alarm is not None
    kind = "overdose" if one.row.sort == "overdose" else "suicide"
    return one.alarm is None or (one.alarm.kind != kind and one.alarm.kind not in one.row.also)


def _strength(one: Read) -> str:
    return one.alarm.strength if one.alarm else ""


def _share(texts: list[Read], test: Callable[[Read], bool]) -> float:
    return sum(test(one) for one in texts) / len(texts) if texts else 0.0


def main(arguments: list[str]) -> None:
    recogniser = load(FLOWS).content.recogniser
    recogniser.prepare()
    told = figures(recogniser)
    for name, langs in told.items():
        sys.stdout.write(f"\n{name:32}{'en':>8}{'es':>8}   wanted (en, es)\n")
        for line in langs["en"]:
            wanted = AT_LEAST.get(line) or AT_MOST[line]
            sign = ">=" if line in AT_LEAST else "<="
            sys.stdout.write(
                f"{line:32}{langs['en'][line]:8.1%}{langs['es'][line]:8.1%}   {sign} {wanted['en']:.0%}, {wanted['es']:.0%}\n"
            )
    if "--confusions" in arguments:
        for name, files in SETS.items():
            sys.stdout.write(f"\n{name}\n" + "\n".join(confusions(read(recogniser, rows(files)))) + "\n")
    if "--write" in arguments:
        FIGURES.write_text(json.dumps(told, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
