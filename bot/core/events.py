"""Facts about a turn, in the past tense: counted and logged, never holding a text or a number."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Event:
    """`name` is one of: answered, opted_out, opted_in, emergency_recognised, erased, human_offered, held_back, handoff_opened,
    handoff_left, handoff_stopped, handoff_withdrawn."""

    name: str
    detail: str = ""
