"""`python -m bench [--json] [--quick] [PART ...]`: measures, and prints a table. bench/README.md says what each part is."""

from __future__ import annotations

import argparse
import json
import signal
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from bot.content import load

from . import flows, growth, inprocess, pairs, places, rate, report, startup
from .bench import FULL, QUICK, Bench, Sizes
from .figures import Figure
from .processes import FLOWS, Processes

Part = Callable[[Bench], list[Figure]]
PARTS: Mapping[str, Part] = {
    "pairs": pairs.run,
    "rate": rate.run,
    "inprocess": inprocess.run,
    "growth": growth.run,
    "flows": flows.run,
    "startup": startup.run,
    "places": places.run,
}


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m bench", description="Measures the helpline on this machine.")
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"Any of: {', '.join(PARTS)}. Default: all.")
    parser.add_argument("--quick", action="store_true", help="Fewer runs, and 100,000 stored conversations instead of a million.")
    parser.add_argument("--json", action="store_true", help="Print everything as JSON, with the machine and the versions.")
    parser.add_argument("--write", type=Path, metavar="FILE", help="Also put the table into FILE, between its marks.")
    given = parser.parse_args(arguments)
    if unknown := set(given.parts) - set(PARTS):
        parser.error(f"there is no part {', '.join(sorted(unknown))}; there are {', '.join(PARTS)}")
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that every server is ended on the way out
    about = report.machine()
    figures = measure(given.parts or list(PARTS), QUICK if given.quick else FULL)
    lines = [
        " · ".join(f"{name} {value}" for name, value in about.items()),
        "",
        *report.table(figures),
    ]
    if given.write:
        report.written(given.write, lines)
    if given.json:
        print(json.dumps(report.data(figures, about), indent=1))
        return
    print("\n".join(lines))


def measure(names: Sequence[str], sizes: Sizes) -> list[Figure]:
    """The figures of the parts `names`."""
    figures: list[Figure] = []
    with Processes() as processes, processes.generator() as generator:
        bench = Bench(processes, generator, load(FLOWS, live=True), sizes)
        for name in names:
            began = time.monotonic()
            figures += PARTS[name](bench)
            sys.stderr.write(f"{name}: {time.monotonic() - began:.0f} s\n")
    return figures


if __name__ == "__main__":
    main()
