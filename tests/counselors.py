"""Counselors at work, and a stand-in for sending that keeps what left: for tests below the console."""

from __future__ import annotations

from dataclasses import dataclass, field

from bot import tickets
from bot.app import App
from bot.attend import attend
from bot.channels.errors import Failed, Sent
from bot.contacts import contact_id
from tests.phone import Clock, Phone


@dataclass(frozen=True)
class Person:
    id: str
    name: str
    role: str = "counselor"


ANA, BEN, EVE, SUE = Person("s1", "Ana"), Person("s2", "Ben"), Person("s3", "Eve"), Person("s9", "Sue", "supervisor")


@dataclass
class Recorder:
    """A channel that keeps what it was given: (to, from, text)."""

    sent: list[tuple[str, str, str]] = field(default_factory=list)
    answers: list[Failed] = field(default_factory=list)  # what the next calls meet instead of being taken
    known: list[str] = field(default_factory=list)  # what find() finds

    def send(self, to: str, sender: str, text: str, callback: str) -> Sent | Failed:
        if self.answers:
            return self.answers.pop(0)
        self.sent.append((to, sender, text))
        return Sent(f"SM{len(self.sent):032x}")

    def find(self, to: str, sender: str, text: str, since: float) -> list[str] | None:
        return self.known

    @property
    def texts(self) -> list[str]:
        return [text for _, _, text in self.sent]


def on_duty(app: App, *people: Person, hours: float = 8, phone: str = "") -> None:
    for person in people:
        tickets.go_on_duty(app, person, app.clock() + hours * 3600, phone)


def in_line(phone: Phone) -> str:
    """Text HUMAN, choose a counselor, consent. The ticket's id."""
    assert "Text with a counselor" in phone.says("HUMAN")
    assert "court orders it" in phone.says("3")
    assert "We pass this to our counselors" in phone.says("1")
    contact = contact_id(phone.app.secret, "sms", phone.number)
    return next(row.id for row in tickets.queue(phone.app) if row.id.startswith(contact))


def work(app: App, post: Recorder, clock: Clock | None = None) -> None:
    """What the worker would do now, for everybody who is due."""
    for _ in range(10):
        due = app.store.desk.due(app.clock(), app.clock() + 30, 100)
        for contact in due:
            attend(app, post, contact, pause=clock.pass_ if clock else lambda _: None)
        if not due:
            return
