"""Who acts at the console, and why something may not be done now: one exception for each reason."""

from __future__ import annotations

from typing import Protocol

from ..problem import Problem

COUNSELOR, SUPERVISOR = "counselor", "supervisor"
GONE = "This conversation is no longer kept: the person withdrew it, or its time was over."


class Who(Protocol):
    """Who acts: an account of bot.staff. `role` is "counselor" or "supervisor"; `id` is opaque and never changes."""

    @property
    def id(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def role(self) -> str: ...


class Refused(Problem):
    """It may not be done now. The message says why, in words for the person at the console."""


class Gone(Refused):
    """There is no such ticket (any more): expired, erased, or withdrawn by the person."""


class NotYours(Refused):
    """Somebody else holds it, or nobody does."""


class Taken(Refused):
    """Somebody was faster. `by` names them."""

    def __init__(self, by: str) -> None:
        self.by = by
        super().__init__(f"{by} has this one.")


class NotOnDuty(Refused):
    """Only somebody on duty may do it."""


class TooMany(Refused):
    """MOST_AT_ONCE are held already."""


class WrongRole(Refused):
    """Only a supervisor may do it."""


class Over(Refused):
    """The conversation is closed."""


class StillHolding(Refused):
    """Off duty only without open conversations. `tickets`: the ids to transfer, hand back or close first."""

    def __init__(self, tickets: tuple[str, ...]) -> None:
        self.tickets = tickets
        super().__init__("Hand over or close your conversations first.")


class NotSendable(Refused):
    """The text cannot be sent: empty, too long, or the channel's window is closed. The message says which."""
