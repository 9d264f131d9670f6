"""Ours beside the floor, by HTTP: as many texts a second as the machine gives, in interleaved pairs of runs."""

from __future__ import annotations

from collections.abc import Callable
from itertools import islice

from bot.embedded import Server as Store

from .bench import Bench, Sample, client
from .figures import Figure, figure, ratios
from .load import Outcome, Plan
from .processes import Server

PART = "pairs"
KINDS = ("lost", "doubled", "out_of_order", "wrong")


def run(bench: Bench) -> list[Figure]:
    with bench.processes.store() as store, bench.processes.helpline(store) as ours, bench.processes.floor(store) as floor:
        bench.warm_up(ours)
        bench.warm_up(floor, ours=False)
        told, theirs, plans = _runs(bench, store, ours, floor)
        figures = [*_compared(told, theirs), *_right(told)]
        figures.append(figure(PART, "conversations not counted once", [float(_miscounted(bench, store, plans))], wanted="0"))
        figures += _retried(bench, store, ours, plans[-1]) + _idle(bench, store)
    return figures


def _runs(bench: Bench, store: Store, ours: Server, floor: Server) -> tuple[list[Sample], list[Sample], list[Plan]]:
    told: list[Sample] = []
    theirs: list[Sample] = []
    plans: list[Plan] = []

    def one_of_ours() -> None:
        plans.append(bench.plan(ours, bench.sizes.conversations))
        told.append(bench.measured(ours, store, plans[-1]))

    def one_of_the_floor() -> None:
        theirs.append(bench.measured(floor, store, bench.plan(floor, bench.sizes.conversations, ours=False)))

    for pair in range(bench.sizes.pairs):
        both = (one_of_ours, one_of_the_floor)
        for one in both if pair % 2 == 0 else reversed(both):
            one()
    return told, theirs, plans


def _compared(ours: list[Sample], floor: list[Sample]) -> list[Figure]:
    rate, floor_rate = [s.rate for s in ours], [s.rate for s in floor]
    cpu, floor_cpu = [s.cpu for s in ours], [s.cpu for s in floor]

    def row(name: str, read: Callable[[Sample], float], unit: str, wanted: str = "") -> list[Figure]:
        return [
            figure(PART, name, [read(s) for s in ours], unit, wanted),
            figure(PART, f"{name}, floor", [read(s) for s in floor], unit),
        ]

    return [
        figure(PART, "ratio to the floor, messages a second", ratios(rate, floor_rate), wanted="0.8 or more"),
        figure(PART, "ratio to the floor, processor time (more is better)", ratios(floor_cpu, cpu)),
        figure(PART, "noise: the floor against its own next run", ratios(floor_rate[1:], floor_rate[:-1]) or [1.0]),
        *row("messages a second", lambda s: s.rate, "/s"),
        *row("p50, under full load", lambda s: s.p50, "ms"),
        *row("p99, under full load", lambda s: s.p99, "ms"),
        *row("processor time of the server a message", lambda s: s.cpu, "us"),
        *row("processor time of the store a message", lambda s: s.store_cpu, "us"),
        *row("processor time of the load generator a message", lambda s: s.generator_cpu, "us"),
        *row("store round trips a message", lambda s: s.round_trips, "", "2"),
    ]


def _right(samples: list[Sample]) -> list[Figure]:
    """How often an answer was not what it must be, over all runs."""
    return [wrong(PART, kind, [s.outcome for s in samples]) for kind in KINDS]


def wrong(part: str, kind: str, outcomes: list[Outcome]) -> Figure:
    return figure(part, kind.replace("_", " "), [float(sum(getattr(o, kind) for o in outcomes))], wanted="0")


def _miscounted(bench: Bench, store: Store, plans: list[Plan]) -> int:
    return sum(bench.not_counted_once(store, plan) for plan in plans)


def _retried(bench: Bench, store: Store, ours: Server, plan: Plan) -> list[Figure]:
    """The last run's messages once more, under the same ids: the same answers, and nothing is written."""
    again = bench.measured(ours, store, plan)
    different = sum(getattr(again.outcome, kind) for kind in KINDS)
    return [
        figure(PART, "store round trips of a retry", [again.round_trips], wanted="1"),
        figure(PART, "retries answered differently", [float(different)], wanted="0"),
        figure(PART, "conversations not counted once after retries", [float(bench.not_counted_once(store, plan))], wanted="0"),
    ]


def _idle(bench: Bench, store: Store) -> list[Figure]:
    with client(store) as raw:
        sizes = [float(raw.memory_usage(key) or 0) for key in islice(raw.scan_iter("hl:{*", count=1000), 500)]
    return [figure(PART, "bytes of a conversation of four texts (MEMORY USAGE)", sizes, "B", wanted="400 or less")]
