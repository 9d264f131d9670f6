"""At the ceiling of a short code: 100 messages a second that wait for nobody (an open loop, arrivals by chance)."""

from __future__ import annotations

from . import scenario
from .bench import Bench
from .figures import Figure, figure
from .pairs import KINDS, wrong

PART = "rate"
RATE = 100.0  # messages a second


def run(bench: Bench) -> list[Figure]:
    conversations = max(1, int(RATE * bench.sizes.seconds_at_rate / scenario.TURNS))
    with bench.processes.store() as store, bench.processes.helpline(store) as ours, bench.processes.floor(store) as floor:
        bench.warm_up(ours)
        bench.warm_up(floor, ours=False)
        told = bench.measured(ours, store, bench.plan(ours, conversations, RATE))
        theirs = bench.measured(floor, store, bench.plan(floor, conversations, RATE, ours=False))
    return [
        figure(PART, f"p50 at {RATE:g} messages a second", [told.p50], "ms"),
        figure(PART, f"p99 at {RATE:g} messages a second", [told.p99], "ms", wanted="50 or less"),
        figure(PART, "p50, floor", [theirs.p50], "ms"),
        figure(PART, "p99, floor", [theirs.p99], "ms"),
        *(wrong(PART, kind, [told.outcome]) for kind in KINDS),
    ]
