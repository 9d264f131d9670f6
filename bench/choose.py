"""Which server, how many threads and workers: `python -m bench.choose` runs the same texts against each, in turn, in rounds.

gunicorn is no dependency; its rows appear where it is installed (bench/README.md).
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from dataclasses import dataclass, field
from importlib.util import find_spec

from bot.content import load
from bot.embedded import Server as Store
from bot.web.wsgi import LIVE

from .bench import QUICK, Bench, Sample
from .figures import percentile
from .processes import FLOWS, Processes, answering, environment

APP = "bot.web.wsgi:create"


@dataclass(frozen=True, slots=True)
class Variant:
    """A server to try, and its runs. `command` misses the port, which the environment names."""

    server: str
    workers: int
    threads: int
    samples: list[Sample] = field(default_factory=list)

    def command(self, port: str) -> tuple[str, ...]:
        if self.server == "granian":
            return ("-m", "bench.serve", APP, str(self.workers), str(self.threads))
        kind = ("-k", "gthread", "--threads", str(self.threads)) if self.server == "gunicorn gthread" else ("-k", "sync")
        return ("-m", "gunicorn", "--bind", f"127.0.0.1:{port}", "--workers", str(self.workers), *kind, f"{APP}()")


def variants() -> list[Variant]:
    found = [Variant("granian", workers, threads) for workers in (1, 2, 3) for threads in (1, 2, 4)]
    if find_spec("gunicorn") is not None:
        found += [Variant("gunicorn sync", workers, 1) for workers in (1, 2, 3)]
        found += [Variant("gunicorn gthread", workers, threads) for workers in (1, 2, 3) for threads in (2, 4)]
    return found


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.choose", description=__doc__)
    parser.add_argument("--rounds", type=int, default=3, help="Starts of each server, three runs each.")
    rounds = parser.parse_args().rounds
    tried = variants()
    with Processes() as processes, processes.generator() as generator, processes.store() as store:
        bench = Bench(processes, generator, load(FLOWS, live=True), QUICK)
        for _ in range(rounds):
            for variant in tried:
                variant.samples.extend(_runs(bench, store, variant))
    print("\n".join(_table(tried)))


def _runs(bench: Bench, store: Store, variant: Variant) -> Iterator[Sample]:
    env = environment(store.url, **{LIVE: "1"})
    with bench.processes.started("tried", variant.command(env["PORT"]), env) as server:
        answering(server)
        bench.warm_up(server)
        for _ in range(3):
            yield bench.measured(server, store, bench.plan(server, 100))


def _table(tried: list[Variant]) -> Iterator[str]:
    yield "| server | workers | threads | messages a second | from .. to | p50 ms | p99 ms | processor us a message | not right |"
    yield "|---|---:|---:|---:|---:|---:|---:|---:|---:|"
    for one in tried:
        rates = [s.rate for s in one.samples]
        middle = [percentile([getattr(s, name) for s in one.samples], 0.5) for name in ("rate", "p50", "p99", "cpu")]
        bad = sum(s.outcome.lost + s.outcome.doubled + s.outcome.out_of_order + s.outcome.wrong for s in one.samples)
        yield (
            f"| {one.server} | {one.workers} | {one.threads} | {middle[0]:.0f} | {min(rates):.0f} .. {max(rates):.0f} "
            f"| {middle[1]:.1f} | {middle[2]:.1f} | {middle[3]:.0f} | {bad} |"
        )


if __name__ == "__main__":
    main()
