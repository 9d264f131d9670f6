"""The benchmark runs and tells the truth about answers. What it measures is not judged here: a busy machine would fail it."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from bench import flows, growth, inprocess, load, national, pairs, report, scenario
from bench.bench import QUICK, Bench
from bench.figures import figure, percentile, ratios
from bench.places import run as run_places
from bench.processes import FLOWS, Processes
from bot.content import Loaded
from bot.content import load as load_flows
from bot.core.messages import Message
from bot.inbound import receive
from bot.store.memory import MemoryStore

TINY = replace(QUICK, pairs=2, conversations=10, seconds_at_rate=1, stored=2_000, growth_pairs=1, starts=1, copies=1)


@pytest.fixture(scope="module")
def bench(loaded: Loaded) -> Iterator[Bench]:
    with Processes() as processes, processes.generator() as generator:
        yield Bench(processes, generator, loaded, TINY)


def test_every_text_is_answered_once_with_the_right_words(bench: Bench) -> None:
    figures = {one.name: one.value for one in pairs.run(bench)}
    told = [figures[name] for name in ("lost", "doubled", "out of order", "wrong", "conversations not counted once")]
    assert told == [0, 0, 0, 0, 0]
    assert figures["retries answered differently"] == 0
    assert figures["messages a second"] > 0


def test_the_load_generator_sees_a_wrong_answer_and_weighs_what_is_stored(bench: Bench) -> None:
    with bench.processes.store() as store, bench.processes.helpline(store, WEB_WORKERS="1") as server:
        plan = bench.plan(server, 10)
        shifted = replace(plan, expected=[words[1:] + words[:1] for words in plan.expected])
        unknown = replace(plan, first=plan.first + 50, expected=[["no such words"] * scenario.TURNS])
        assert bench.generator.run(shifted).out_of_order > 0
        assert bench.generator.run(unknown).wrong == 10 * scenario.TURNS
        blob = growth.four_texts(bench, server, store)
        used, _ = growth.filled(store, blob, 2_000)
        assert used > 2_000 * len(blob)


def test_the_load_generator_counts_what_is_not_answered(loaded: Loaded) -> None:
    with socket.create_server(("127.0.0.1", 0)) as deaf:
        threading.Thread(target=_cut_off, args=(deaf, 4), daemon=True).start()
        plan = load.Plan(deaf.getsockname()[1], 1, 1, 1, scenario.expected(loaded))
        assert load.Run(plan).carry_out().lost == scenario.TURNS


def _cut_off(deaf: socket.socket, times: int) -> None:
    """Take `times` connections, read, and close each without a word; then one that is left open."""
    for _ in range(times):
        line, _ = deaf.accept()
        line.recv(65536)
        line.close()


def test_each_text_of_the_benchmark_means_its_node_however_it_ends(loaded: Loaded) -> None:
    app = inprocess.make_app(loaded, MemoryStore(time.time))
    spoken = loaded.content.words.spoken["en"]
    for contact in range(100):
        for turn, text in enumerate(scenario.texts(contact)):
            told = receive(app, Message(str(contact), text, f"{contact} {turn}")).messages
            node = scenario.CONVERSATIONS[contact % len(scenario.CONVERSATIONS)][turn][1]
            assert told[0].startswith(spoken[node].text), text


def test_an_open_loop_sends_every_turn_after_the_one_before() -> None:
    order = scenario.spread_evenly(10, at_once=4)
    assert len(set(order)) == 10 * scenario.TURNS
    for conversation in range(10):
        assert [turn for c, turn in order if c == conversation] == [0, 1, 2, 3]


def test_copied_flows_hold_together_and_answer_alike(loaded: Loaded, tmp_path: Path) -> None:
    flows.copied(FLOWS, tmp_path / "flows", copies=1)
    larger = load_flows(tmp_path / "flows", live=True)
    assert len(larger.content.nodes) > 1.8 * len(loaded.content.nodes)
    assert scenario.expected(larger) == scenario.expected(loaded)


def test_without_http_a_ratio_comes_out(bench: Bench) -> None:
    assert inprocess.run(bench)[0].value > 0


def test_near_places_are_found_and_timed(bench: Bench) -> None:
    figures = run_places(bench)
    assert all(one.value > 0 for one in figures)


def test_every_server_ends_when_the_benchmark_is_killed(tmp_path: Path) -> None:
    code = (
        "import time\nfrom bench.processes import Processes\n"
        "with Processes() as p, p.store() as store, p.floor(store) as server:\n"
        "    print(store.process.pid, server.pid, flush=True)\n    time.sleep(60)\n"
    )
    bench = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True, cwd=FLOWS.parent)
    assert bench.stdout is not None
    pids = [int(pid) for pid in bench.stdout.readline().split()]
    bench.kill()
    bench.wait()
    bench.stdout.close()
    until = time.monotonic() + 20
    while any(map(_runs, pids)) and time.monotonic() < until:
        time.sleep(0.05)
    assert len(pids) == 2
    assert not any(map(_runs, pids))


def _runs(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_the_report_is_a_table_and_json() -> None:
    one = figure("pairs", "ratio", [0.5, 0.7, 0.6], wanted="0.8 or more")
    assert report.row(one) == "| pairs | ratio | 0.60 | 0.55 .. 0.65 | 0.50 .. 0.70 | 3 | 0.8 or more |"
    assert json.loads(json.dumps(report.data([one], report.machine())))["figures"][0]["value"] == 0.6


def test_the_table_goes_between_its_marks_in_a_page(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text(f"before\n{report.BEGIN}\nold\n{report.END}\nafter\n")
    report.written(page, ["new"])
    assert page.read_text() == f"before\n{report.BEGIN}\nnew\n{report.END}\nafter\n"


def test_samples_are_summed_up_by_hand_arithmetic() -> None:
    assert percentile([5, 1, 3, 2, 4], 0.5) == 3
    assert percentile(list(range(100)), 0.99) == 99
    assert ratios([1.0, 3.0], [2.0, 2.0]) == [0.5, 1.5]


def test_a_national_line_is_played_the_same_each_time() -> None:
    line = national.Line()
    assert national.play(line) == national.play(line)
    calm = national.play(replace(line, surge=1.0))
    assert calm.conversations < national.play(line).conversations
    assert national.waits([2, 0], segments=2.0, pace=1.0) == [4.0, 4.0]
