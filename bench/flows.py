"""Flows many times as large: every flow copied under other names and other keywords, and what a message then costs."""

from __future__ import annotations

import os
import shutil
import time
from contextlib import redirect_stderr
from pathlib import Path
from typing import Any

import yaml

from bot.content import load
from bot.log import configure
from bot.store.memory import MemoryStore

from .bench import Bench
from .figures import Figure, figure, ratios
from .inprocess import FINER, make_app, messages_a_second, talk
from .processes import FLOWS

PART = "flows"
ONLY_ONCE = {"program", "numbers", "sources", "emergency", "say", "main"}
MARKS = "qj wq xq zx vq kx jq fq pq".split()  # begin no word, so that a copy's keywords are its own


def run(bench: Bench) -> list[Figure]:
    configure()
    folder = bench.processes.folder / "flows"
    copied(FLOWS, folder, bench.sizes.copies)
    began = time.perf_counter()
    large = load(folder, live=True)
    took = time.perf_counter() - began
    one: list[float] = []
    many: list[float] = []
    with Path(os.devnull).open("w") as nowhere, redirect_stderr(nowhere):
        apps = [make_app(loaded, MemoryStore(time.time)) for loaded in (bench.loaded, large)]
        short = max(1, bench.sizes.conversations // FINER)
        for pair in range(-FINER, bench.sizes.growth_pairs * FINER):
            times = [1e6 / messages_a_second(talk(app), (pair + FINER + 1) * 100_000, short) for app in apps]
            if pair >= 0:
                one.append(times[0])
                many.append(times[1])
    nodes = len(large.content.nodes)
    return [
        figure(
            PART,
            f"cost of a message with {nodes} nodes, against {len(bench.loaded.content.nodes)}",
            ratios(many, one),
            wanted="1.0",
        ),
        figure(PART, f"time of a message without any store, {nodes} nodes", many, "us"),
        figure(PART, f"reading and checking {nodes} nodes", [took], "s"),
    ]


def copied(flows: Path, folder: Path, copies: int) -> None:
    """The flows of `flows` in `folder`, each with `copies` more of it."""
    shutil.copytree(flows, folder)
    for path in flows.glob("*.yaml"):
        if path.stem in ONLY_ONCE:
            continue
        for mark in MARKS[:copies]:
            flow = yaml.safe_load(path.read_text(encoding="utf-8"))
            name = f"{mark}_{path.stem}"
            (folder / f"{name}.yaml").write_text(yaml.safe_dump(_renamed(flow, name, mark), sort_keys=False, allow_unicode=True))


def _renamed(flow: dict[str, Any], name: str, mark: str) -> dict[str, Any]:
    for place in (flow, *flow["nodes"].values()):
        for kind in ("keywords", "hints"):
            if kind in place:
                place[kind] = {lang: [_marked(str(said), mark) for said in phrases] for lang, phrases in place[kind].items()}
    for node, place in flow["nodes"].items():  # what the engine leads to in the flow itself needs another way in a copy
        place.setdefault("keywords", {}).setdefault("en", []).append(f"{mark}{name}{node}".replace("_", ""))
    return flow | {"flow": name}


def _marked(phrase: str, mark: str) -> str:
    return " ".join(word if word == "*" else mark + word for word in phrase.split())
