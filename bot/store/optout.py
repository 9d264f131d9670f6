"""An opt-out as it is kept: when it was decided, below zero when it was lifted.

A lifted one is kept for a while so that an older decision which arrives late (from the spool, from a backup) does not win.
"""

from __future__ import annotations

LIFTED_FOR = 90 * 86400  # seconds; the spool and any backup worth restoring are younger


def pack(opted_out: bool, at: float) -> str:
    """`at` in epoch seconds, to the millisecond."""
    return f"{at if opted_out else -at:.3f}"


def holds(kept: bytes | None) -> bool:
    """Whether what is kept is an opt-out that holds. What cannot be read holds: better silent than unlawful."""
    return kept is not None and not kept.startswith(b"-")


def decided_at(kept: bytes | None) -> float:
    """Epoch seconds of the decision; 0 for none."""
    try:
        return abs(float(kept)) if kept else 0.0
    except ValueError:
        return 0.0
