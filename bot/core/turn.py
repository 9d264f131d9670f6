"""What a turn starts from and what it leads to, as plain data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from .emergency import Recogniser
from .events import Event
from .find import NODES as FIND
from .flow import HUMAN, MAIN, Node, Words
from .machine import Menus
from .meaning import Meaning
from .messages import Answer
from .reader import Reader
from .session import Session
from .ticket import Desk, Step, Ticket

# Texts that the engine itself says; the content must hold them (bot.content.lint checks).
_SAID = """banner intro help stop stop_more start erased forget unclear unclear_again media reaction hello thanks ok bye
    yes no nothing_more no_back stateless spanish opted_out after_emergency unclear_person chat
    intro_web erased_web flood auto ceiling abroad lost fallback line_overdose line_suicide also_suicide"""
SAY = {f"say.{name}" for name in _SAID.split()}
FIRST = {"overdose": "overdose.start", "suicide": "suicide.start"}
STEPS = frozenset(
    {
        "overdose.place",
        "overdose.child",
        "overdose.child_awake",
        "overdose.awake",
        "overdose.fine",
        "suicide.gentle",
        "suicide.other",
    }
)
_HANDOFF = """start call consent waiting wait_few wait_some wait_long passed numbers nobody away away_now longer unanswered
    connected leave stay left left_line closed closed_flagged helped unhelped not_passed send_again forget locked nudge
    nudge_holder nudge_backup consent_web numbers_waiting another line_again still_waiting still_connected ended flood
    locked_web"""
HANDOFF = {f"handoff.{name}" for name in _HANDOFF.split()}
REQUIRED = SAY | set(FIRST.values()) | STEPS | FIND | HANDOFF | {MAIN, HUMAN, "language.start", "language.es", "language.en"}


@dataclass(frozen=True, slots=True)
class Content:
    """The words with what is built from them once: the machine that moves, the reader of texts."""

    words: Words
    menus: Menus
    reader: Reader

    @property
    def recogniser(self) -> Recogniser:
        return self.reader.recogniser

    @property
    def nodes(self) -> Mapping[str, Node]:
        return self.words.nodes


@dataclass(frozen=True, slots=True)
class Situation:
    """What is known when a text arrives. `carrier_words`: who answers lone carrier words (ours, twilio, advanced).

    `stateless`: the store could not be asked; then nothing is offered that a later text would have to refer to.
    `notice_after_stop`: whether an opted-out person is told once a day that we do not answer.
    `held`: why answers that need not be are held back ("ceiling", "abroad"), else "". `lost`: there was a conversation, but it
    cannot be read. `ticket`: the hand-off that is kept, open or not. `desk`: the counselors, None while nobody has looked.
    """

    session: Session | None = None
    opted_out: bool = False
    stateless: bool = False
    channel: str = "sms"
    carrier_words: str = "ours"
    notice_after_stop: bool = True
    held: str = ""
    lost: bool = False
    ticket: Ticket | None = None
    desk: Desk | None = None


@dataclass(frozen=True, slots=True)
class Turn:
    """What one text led to. `session` None erases it. `opted_out`: True, False, or None when that does not change."""

    session: Session | None
    answer: Answer
    meaning: Meaning
    opted_out: bool | None = None
    events: tuple[Event, ...] = field(default=())
    step: Step | None = None  # what happens to the hand-off, with the session or not at all
    asks_desk: bool = False  # the answer depends on who is on duty: look, and decide again
