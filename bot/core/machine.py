"""The menu flows as one state machine (a state a node, an event a numbered choice), and the small one of a hand-off. The only
file that imports transitions.

Commands and topics can be asked for from anywhere, so they are entries into a state, not edges from every state: edges
would grow with nodes times topics.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from transitions import Machine, MachineError

from .flow import MAIN, Node


class Position:
    """The small model that carries a stored state through one event. Never bound to the machine (30 times slower)."""

    __slots__ = ("state",)

    def __init__(self, state: str) -> None:
        self.state = state


class Menus:
    """Moves between nodes. Built once at load, shared by every conversation, holds no conversation itself."""

    def __init__(self, nodes: Mapping[str, Node]) -> None:
        edges = [
            {"trigger": f"choose_{digit}", "source": node.id, "dest": choice.goto}
            for node in nodes.values()
            for digit, choice in enumerate(node.choices, start=1)
        ]
        edges += [{"trigger": "more", "source": n.id, "dest": n.more} for n in nodes.values() if n.more]
        self._machine = Machine(
            model=None, states=list(nodes), transitions=edges, initial=MAIN, auto_transitions=False, queued=False
        )

    def choose(self, node: str, digit: int) -> str | None:
        """The node that choice `digit` of `node` leads to; None when it has no such choice or is unknown."""
        return self._fire(node, f"choose_{digit}")

    def more(self, node: str) -> str | None:
        return self._fire(node, "more")

    def holds(self, node: str) -> bool:
        """Whether `node` is a state at all: a stored one may come from an older deploy."""
        return node in self._machine.states

    def _fire(self, node: str, event: str) -> str | None:
        if event not in self._machine.events:
            return None
        position = Position(node)
        try:
            self._machine.events[event].trigger(position)
        except (MachineError, ValueError):  # not from here; a state that this deploy does not have
            return None
        return position.state


class TicketStates:
    """Where a hand-off may go from where it is. Events: claim, hand_back, transfer, close, give_up."""

    def __init__(self) -> None:
        edges = [
            ["claim", "waiting", "connected"],
            ["transfer", "connected", "connected"],
            ["hand_back", "connected", "waiting"],
            ["close", "waiting", "closed"],
            ["close", "connected", "closed"],
            ["give_up", "waiting", "unanswered"],
        ]
        states = ["waiting", "connected", "closed", "unanswered"]
        self._machine = Machine(
            model=None, states=states, transitions=edges, initial="waiting", auto_transitions=False, queued=False
        )

    def after(self, state: str, event: str) -> str | None:
        """The state that `event` leads to from `state`; None when it may not happen there."""
        position = Position(state)
        try:
            self._machine.events[event].trigger(position)
        except (MachineError, ValueError):
            return None
        return position.state


@cache
def ticket_states() -> TicketStates:
    """Built when first asked: importing does nothing."""
    return TicketStates()
