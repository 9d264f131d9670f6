"""Who may change a ticket, and the one way in which the console does."""

from __future__ import annotations

from collections.abc import Callable

from ..app import App
from ..core.ticket import CONNECTED, NotNow, Step, Ticket
from ..desk import Written, contact_of, update
from .refused import GONE, SUPERVISOR, Gone, NotYours, Over, Refused, Who, WrongRole


def change(app: App, ticket: str, decide: Callable[[Ticket], Step | None], closed_too: bool = False) -> Written | None:
    """`decide` on the ticket as it is now. Raises Gone, Over, and what `decide` raises."""

    def step(current: Ticket | None) -> Step | None:
        if current is None or current.id != ticket:
            raise Gone(GONE)
        if not current.under_way and not closed_too:
            raise Over("This conversation is over.")
        try:
            return decide(current)
        except NotNow:
            raise Over("That cannot be done any more.") from None

    return update(app, contact_of(ticket), step)


def mine(who: Who, ticket: Ticket) -> None:
    if not ticket.under_way:
        raise Over("This conversation is over.")
    if ticket.state != CONNECTED or ticket.staff != who.id:
        raise NotYours("This conversation is not yours." if ticket.staff else "Claim it first.")


def holder(who: Who, ticket: Ticket) -> None:
    if ticket.staff != who.id and who.role != SUPERVISOR:
        raise NotYours("This conversation is not yours.")


def supervisor(who: Who) -> None:
    if who.role != SUPERVISOR:
        raise WrongRole("Only a supervisor may do this.")


def no_hold(ticket: Ticket) -> None:
    if "legal" in ticket.flags:
        raise Refused("It is under a legal hold. Lift that first.")
