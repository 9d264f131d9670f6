"""A measured figure with its spread, and the arithmetic of samples."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Figure:
    """`value` is the median of `samples` runs. They lay between `low` and `high`, the middle half of them between `lower` and
    `upper` (None for a single run). `wanted`: what the project promises.
    """

    part: str
    name: str
    value: float
    unit: str = ""
    low: float | None = None
    lower: float | None = None
    upper: float | None = None
    high: float | None = None
    samples: int = 1
    wanted: str = ""


def figure(part: str, name: str, values: Sequence[float], unit: str = "", wanted: str = "") -> Figure:
    """The median of `values`, with how far they lie apart."""
    middle = statistics.median(values)
    if len(values) == 1:
        return Figure(part, name, middle, unit, wanted=wanted)
    lower, _, upper = statistics.quantiles(values, n=4, method="inclusive")
    return Figure(part, name, middle, unit, min(values), lower, upper, max(values), len(values), wanted)


def percentile(values: Sequence[float], share: float) -> float:
    """The value below which `share` (0 to 1) of `values` lie; 0.0 of none."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else 0.0


def ratios(ours: Sequence[float], theirs: Sequence[float]) -> list[float]:
    """Pair by pair, so that a machine whose speed drifts does not show."""
    return [one / other for one, other in zip(ours, theirs, strict=True) if other]
