"""Which server, how many threads and workers: `python -m bench.choose` asks each in turn, in rounds.

gunicorn is no dependency; its rows appear where it is installed (bench/README.md).
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from importlib.util import find_spec

from bot.content import load
from bot.embedded import Server as Store
from bot.web.wsgi import LIVE

from .bench import QUICK, Bench, Sample
from .figures import figure, percentile, ratios
from .pairs import KINDS
from .processes import FLOWS, WORKERS, Processes, Server, answering, environment
from .report import between

APP = "bot.web.wsgi:create"
OURS = ("granian", WORKERS, 1)  # as bot/serving.py starts it
CONVERSATIONS = 60  # a run


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
    parser.add_argument("--rounds", type=int, default=12, help="Runs of each server.")
    rounds = parser.parse_args().rounds
    tried = variants()
    with Processes() as processes, processes.generator() as generator, ExitStack() as running:
        bench = Bench(processes, generator, load(FLOWS, live=True), QUICK)
        store = running.enter_context(processes.store())
        servers = [running.enter_context(_server(processes, store, variant)) for variant in tried]
        for server in servers:
            bench.warm_up(server)
        for turn in range(rounds):
            both = list(zip(tried, servers, strict=True))
            for variant, server in both if turn % 2 == 0 else reversed(both):
                variant.samples.append(bench.measured(server, store, bench.plan(server, CONVERSATIONS)))
    print("\n".join(_table(tried)))


@contextmanager
def _server(processes: Processes, store: Store, variant: Variant) -> Iterator[Server]:
    """All of them stand idle beside the one that is asked, so that rounds follow each other quickly."""
    name = f"{variant.server} {variant.workers} {variant.threads}"
    env = environment(store.url, SPOOL=str(processes.folder / f"{name}.db"), **{LIVE: "1"})
    with processes.started(name, variant.command(env["PORT"]), env) as server:
        answering(server)
        yield server


def _table(tried: list[Variant]) -> Iterator[str]:
    ours = next(one for one in tried if (one.server, one.workers, one.threads) == OURS)
    yield "| server | workers | threads | a second | against ours | middle half | p50 ms | p99 ms | processor us | not right |"
    yield "|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|"
    for one in tried:
        told = figure("", "", ratios([s.rate for s in one.samples], [s.rate for s in ours.samples]))
        rate, p50, p99, cpu = (percentile([getattr(s, name) for s in one.samples], 0.5) for name in ("rate", "p50", "p99", "cpu"))
        bad = sum(getattr(s.outcome, kind) for s in one.samples for kind in KINDS)
        yield (
            f"| {one.server} | {one.workers} | {one.threads} | {rate:.0f} | {told.value:.2f} | {between(told.lower, told.upper)} "
            f"| {p50:.1f} | {p99:.1f} | {cpu:.0f} | {bad} |"
        )


if __name__ == "__main__":
    main()
