"""What a national line needs: `python -m bench.national` plays one busy hour, second by second, and prints what it asks.

The one measured number is SAMHSA's: 833,598 calls to the National Helpline in 2020. Every other one is an assumption, named
here, printed, and an option: put in your own.
"""

from __future__ import annotations

import argparse
import random
from collections.abc import Sequence
from dataclasses import dataclass, fields

from .figures import percentile

HOUR = 3600
DAYS = 365


@dataclass(frozen=True, slots=True)
class Line:
    """calls_a_year: contacts who begin a conversation. Everything else is assumed."""

    calls_a_year: int = 833_598  # SAMHSA's National Helpline, 2020
    busiest_day: float = 2.0  # times an average day
    busiest_hour: float = 0.10  # its share of a day; 0.042 would be no peak at all
    surge: float = 20.0  # times that hour's pace while a broadcast shows the number ...
    surge_minutes: int = 10  # ... for so long
    texts: float = 8.0  # of one contact in one conversation, on average
    pause: float = 30.0  # seconds between an answer and the next text, on average
    segments: float = 2.0  # of an answer, which carriers count


@dataclass(frozen=True, slots=True)
class Hour:
    """One played hour: conversations begun, and how many texts came in each second."""

    conversations: int
    texts: Sequence[int]


def play(line: Line, seed: int = 1) -> Hour:
    """One busiest hour with a surge in its middle. Arrivals and pauses by chance, the same for the same seed."""
    chance = random.Random(seed)
    pace = line.calls_a_year / DAYS * line.busiest_day * line.busiest_hour / HOUR
    middle, half = HOUR / 2, line.surge_minutes * 60 / 2
    seconds = [0] * HOUR
    began, at = 0, 0.0
    while True:
        at += chance.expovariate(pace * max(1.0, line.surge))
        if at >= HOUR:
            return Hour(began, seconds)
        if abs(at - middle) > half and chance.random() > 1 / max(1.0, line.surge):
            continue  # outside the surge only one in so many of these arrivals is real
        began += 1
        moment = at
        while moment < HOUR:
            seconds[int(moment)] += 1
            if chance.random() < 1 / line.texts:
                break
            moment += chance.expovariate(1 / line.pause)


def waits(texts: Sequence[int], segments: float, pace: float) -> list[float]:
    """How long the answers to `texts` wait, in seconds, where `pace` segments a second may leave."""
    waiting, found = 0.0, []
    for arrived in texts:
        waiting += arrived * segments
        found += [waiting / pace] * arrived
        waiting = max(0.0, waiting - pace)
    return found


def report(line: Line, capacity: float, pace: float) -> list[str]:
    """`capacity`: messages a second that the machines answer. `pace`: segments a second that the carrier takes."""
    hour = play(line)
    busiest = max(hour.texts)
    minute = max(sum(hour.texts[at : at + 60]) for at in range(0, HOUR - 60)) / 60
    rows = ["| | |", "|---|---:|"]
    rows += [f"| {field.name.replace('_', ' ')} | {getattr(line, field.name):,} |" for field in fields(line)]
    rows += [
        f"| messages a second, average of the year | {line.calls_a_year * line.texts / DAYS / 24 / HOUR:.2f} |",
        f"| conversations begun in the busiest hour | {hour.conversations:,} |",
        f"| messages a second in it: average | {sum(hour.texts) / HOUR:.1f} |",
        f"| ... busiest minute | {minute:.1f} |",
        f"| ... busiest second | {busiest} |",
        f"| share of {capacity:,.0f} messages a second that the busiest second takes | {busiest / capacity:.0%} |",
    ]
    for name, segments_a_second in (("a 10-digit number, 1 segment a second", 1.0), (f"a short code, {pace:g} a second", pace)):
        late = waits(hour.texts, line.segments, segments_a_second)
        rows.append(f"| an answer waits, {name}: median, longest | {percentile(late, 0.5):,.1f} s, {max(late):,.1f} s |")
    return rows


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.national", description=__doc__)
    for field in fields(Line):
        default = field.default
        assert isinstance(default, int | float)
        parser.add_argument(f"--{field.name.replace('_', '-')}", type=type(default), default=default)
    parser.add_argument("--capacity", type=float, default=400.0, help="Messages a second that the machines answer (make bench).")
    parser.add_argument("--pace", type=float, default=100.0, help="Segments a second that the carrier takes from a short code.")
    given = vars(parser.parse_args(arguments))
    capacity, pace = given.pop("capacity"), given.pop("pace")
    print("\n".join(report(Line(**given), capacity, pace)))


if __name__ == "__main__":
    main()
