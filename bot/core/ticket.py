"""A hand-off as plain data: the ticket, what is written to it, and what is known of the desk when a text arrives."""

from __future__ import annotations

from dataclasses import dataclass, replace

from .machine import ticket_states

WAITING, CONNECTED, CLOSED, UNANSWERED = "waiting", "connected", "closed", "unanswered"
OPEN = frozenset({WAITING, CONNECTED})
EMERGENCIES = ("overdose", "suicide")
LOCKING = frozenset((*EMERGENCIES, "rescue", "abuse", "legal"))  # a record with one of these outlives FORGET
MAYBE = "maybe_"  # before a kind of emergency that may be meant: the counselor sees it, nothing is locked
ASKED_FOR = 86400  # seconds in which "1" still answers "did this help?"
CARD_AFTER = 60.0  # seconds without a counselor's reply until the 988 card is given again
TOKENS = 16  # tokens of drafts that are remembered, so that a double click sends once


class NotNow(Exception):
    """What may not happen to a ticket in its state."""


@dataclass(frozen=True, slots=True)
class Ticket:
    """One hand-off. Times are epoch seconds, 0 for never.

    id: the contact and when it was opened. since: waiting since. rev: counts every change. seq: entries written so far.
    climbs_from, stage: how far the ladder is (bot.core.ladder). unanswered_since: the first text since the last reply.
    alarms: (kind of emergency, when it was last heard). card: whether the 988 card was
    given; card_due: when it is given again.
    address, sender: the person's number and ours, as the channel writes them ("" on the web).
    tokens: (token, seq) of the last replies.
    nudge_due: whom the worker has still to nudge (see Step.nudge); nudge_quiet: what comes of it is not noted.
    nudged_for: (kind of emergency, whom, when) staff were last nudged because it was heard.

    New fields go to the end, with what they are in a ticket that another version wrote.
    """

    id: str
    contact: str
    state: str = WAITING
    channel: str = "sms"
    lang: str = "en"
    opened: float = 0.0
    since: float = 0.0
    rev: int = 0
    seq: int = 0
    staff: str = ""
    staff_name: str = ""
    path: tuple[str, ...] = ()
    flags: tuple[str, ...] = ()
    climbs_from: float = 0.0
    stage: int = 0
    nudged_at: float = 0.0
    heard_at: float = 0.0
    unanswered_since: float = 0.0
    unread: int = 0
    replied_at: float = 0.0
    alarms: tuple[tuple[str, float], ...] = ()
    card: bool = False
    card_due: float = 0.0
    outcome: str = ""
    closed_at: float = 0.0
    asked: bool = False
    address: str = ""
    sender: str = ""
    tokens: tuple[tuple[str, int], ...] = ()
    nudge_due: str = ""
    nudge_quiet: bool = False
    nudged_for: tuple[tuple[str, str, float], ...] = ()

    @property
    def under_way(self) -> bool:
        return self.state in OPEN

    @property
    def locks(self) -> bool:
        """Whether the record stays when the person withdraws, and never closes by timeout."""
        return bool(LOCKING & set(self.flags))

    def flagged(self, *names: str) -> Ticket:
        return replace(self, flags=tuple(dict.fromkeys((*self.flags, *names))))

    def alarmed(self, kind: str, at: float) -> Ticket:
        """Flagged with an emergency that was heard `at`."""
        others = tuple(alarm for alarm in self.alarms if alarm[0] != kind)
        return replace(self.flagged(kind), alarms=(*others, (kind, at)))

    def nudging(self, whom: str, noted: bool) -> Ticket:
        """With a nudge due. Of two that are due the backup's tells everybody, else the later one knows better who has it."""
        if not whom:
            return self
        everybody = "backup" in (whom, self.nudge_due)
        return replace(
            self, nudge_due="backup" if everybody else whom, nudge_quiet=not noted and (self.nudge_quiet or not self.nudge_due)
        )

    @property
    def nudge_moot(self) -> bool:
        """Whether the nudge that is due would come too late: somebody took it, gave it back, or it has ended."""
        return self.state != {"staff": WAITING, "holder": CONNECTED}.get(self.nudge_due, self.state) or not self.under_way

    def answered(self, now: float) -> Ticket:
        """After a counselor's reply: nobody waits for one, and no card is due."""
        return replace(self, replied_at=now, unanswered_since=0.0, unread=0, card_due=0.0, stage=0, climbs_from=now)

    def heard(self, now: float, lang: str) -> Ticket:
        """After a text of the person."""
        first = self.unanswered_since or now
        climbs = self.climbs_from if self.state == WAITING or self.unanswered_since else now
        return replace(
            self, heard_at=now, unanswered_since=first, climbs_from=climbs, unread=self.unread + 1, lang=lang or self.lang
        )

    def fired(self, event: str, staff: str = "", staff_name: str = "", since: float | None = None) -> Ticket:
        """After `event` of the machine: held by `staff`, or by nobody. Raises NotNow when it may not happen in this state."""
        state = ticket_states().after(self.state, event)
        if state is None:
            raise NotNow(f"{event} from {self.state}")
        return replace(self, state=state, staff=staff, staff_name=staff_name, since=self.since if since is None else since)

    def ended(self, event: str, outcome: str, now: float) -> Ticket:
        """Closed by `event`; who held it stays named."""
        ended = self.fired(event, self.staff, self.staff_name)
        return replace(ended, outcome=outcome, closed_at=now, card_due=0.0, unread=0)


@dataclass(frozen=True, slots=True)
class Note:
    """One line for the log. who: person, counselor, line or system. Either `text`, or `parts`: texts of the line, rendered in
    the ticket's language. `send`: it also leaves to the person, unasked; else it rode back as an answer, or is no message."""

    who: str
    text: str = ""
    parts: tuple[str, ...] = ()
    name: str = ""
    send: bool = False


@dataclass(frozen=True, slots=True)
class Step:
    """What happens to a ticket, all or nothing. ticket: as it will be; None erases it with its log.

    drop: what still waits to be sent is not sent. lock: it is closed to the person and kept under a supervisor.
    nudge: staff are told by text: "" nobody, "staff" who is on duty, "backup" all and the backup phones, "holder" its counselor.
    It is written down with the step and done by the worker.
    nudge_noted: what came of that is noted in the conversation. Not each time that the same is asked again.
    by_time: only time has passed, nobody wrote or did anything: the record does not live longer by it.
    """

    ticket: Ticket | None
    notes: tuple[Note, ...] = ()
    drop: bool = False
    lock: bool = False
    nudge: str = ""
    nudge_noted: bool = True
    by_time: bool = False


@dataclass(frozen=True, slots=True)
class Desk:
    """What is known of the counselors when a text arrives. on: this program hands over. here: one is on duty and takes people.
    in_hours: by the clock they should be. wait: seconds that people waited lately, None when not measured."""

    on: bool = False
    here: bool = False
    in_hours: bool = False
    wait: float | None = None


NO_DESK = Desk()
