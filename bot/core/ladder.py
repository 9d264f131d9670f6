"""The ladder: what happens while nobody answers, as functions of a ticket and the time. It always ends at a human.

Staff are nudged, then the backup, then the person is told and offered 988 and the helpline, then it is closed kindly with
the number. A flagged ticket never closes by timeout: its last rung is asked again and again, ever more rarely. A rung does not
make the record live longer: 30 days after the last word of the person or a counselor it ends, taken or not.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from .ticket import CONNECTED, WAITING, Note, Step, Ticket

NUDGED, BACKUP, TOLD, CLOSED = 1, 2, 3, 4
AGAIN = 300.0  # seconds between nudges for a flagged ticket that nobody takes
OFTEN = 2 * 3600.0  # seconds of waiting in which it is that often; then each pause is twice the one before
SHIFT = 8 * 3600.0  # seconds: the longest pause, so that everybody who comes to work is asked once


@dataclass(frozen=True, slots=True)
class Times:
    """Seconds of waiting until each rung."""

    nudge: float = 60.0
    backup: float = 180.0
    tell: float = 300.0
    close: float = 1200.0

    def of(self, stage: int) -> float:
        return (0.0, self.nudge, self.backup, self.tell, self.close)[stage]


def climbs(ticket: Ticket) -> bool:
    """Whether somebody waits here: for a counselor, or for the reply of one."""
    return ticket.state == WAITING or (ticket.state == CONNECTED and ticket.unanswered_since > 0)


def due(ticket: Ticket, times: Times) -> float | None:
    """When to look at `ticket` again, in epoch seconds; None when nothing will happen by itself."""
    moments = [ticket.card_due] if ticket.card_due and ticket.under_way else []
    if climbs(ticket):
        if ticket.stage < CLOSED - 1 or not ticket.locks:
            moments.append(ticket.climbs_from + times.of(min(ticket.stage + 1, CLOSED)))
        else:
            moments.append(max(again_at(ticket), ticket.climbs_from + times.close))
    return min(moments, default=None)


def again_at(ticket: Ticket) -> float:
    """When the last rung is asked again, in epoch seconds: after AGAIN, and past OFTEN after as long as it has been past that."""
    past = ticket.nudged_at - ticket.climbs_from - OFTEN
    return ticket.nudged_at + min(max(AGAIN, past), SHIFT)


def climb(ticket: Ticket, now: float, times: Times, anybody: bool) -> Step | None:
    """The next step of a ticket that is due; None when it is not. `anybody`: whether somebody is on duty.

    One rung at a time: call again with its ticket. With nobody on duty the person is told at once.
    """
    if ticket.under_way and ticket.card_due and now >= ticket.card_due:
        given = replace(ticket, card_due=0.0, card=True)
        return Step(given, (Note("line", parts=("suicide.start#text",), send=True),), by_time=True)
    if not climbs(ticket):
        return None
    waited = now - ticket.climbs_from
    if ticket.state == WAITING and not anybody and ticket.stage < TOLD:
        return _tell(ticket, now)
    stage = ticket.stage + 1
    if stage <= TOLD:
        return _RUNGS[stage](ticket, now) if waited >= times.of(stage) else None
    if not ticket.locks:
        return _close(ticket, now) if waited >= times.close else None
    if waited >= times.close and now >= again_at(ticket):
        return Step(replace(ticket, nudged_at=now), nudge="backup", nudge_noted=False, by_time=True)
    return None


def _nudge(ticket: Ticket, now: float) -> Step:
    whom = "holder" if ticket.state == CONNECTED else "staff"
    return Step(replace(ticket, stage=NUDGED, nudged_at=now), nudge=whom, by_time=True)


def _backup(ticket: Ticket, now: float) -> Step:
    return Step(replace(ticket, stage=BACKUP, nudged_at=now), nudge="backup", by_time=True)


def _tell(ticket: Ticket, now: float) -> Step:
    """The person hears that it takes longer; from a silent counselor the ticket goes back into the queue."""
    told = replace(ticket, stage=TOLD, nudged_at=now)
    notes = [Note("line", parts=("handoff.longer",), send=True)]
    if ticket.state == CONNECTED:
        told = told.fired("hand_back", since=ticket.unanswered_since)
        notes.insert(0, Note("system", "back in the queue: no reply"))
    return Step(told, tuple(notes), nudge="backup", by_time=True)


def _close(ticket: Ticket, now: float) -> Step:
    return Step(ticket.ended("give_up", "unanswered", now), (Note("line", parts=("handoff.unanswered",), send=True),))


_RUNGS = {NUDGED: _nudge, BACKUP: _backup, TOLD: _tell}
