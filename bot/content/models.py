"""The shape of the files in flows/, checked by pydantic. What shape cannot say, bot.content.lint checks."""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    field_validator,
    model_validator,
)

Id = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$", max_length=40)]
Target = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)?$", max_length=80)]
# YAML reads a bare 12 as a number; a phrase is always words.
Said = Annotated[
    str,
    BeforeValidator(lambda v: str(v) if isinstance(v, int) else v),
    StringConstraints(min_length=1, max_length=120, strip_whitespace=True),
]
Line = Annotated[str, StringConstraints(min_length=1, max_length=400, strip_whitespace=True)]
LABEL = 24  # a longer label wraps on a small phone and costs a segment


class Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Keywords(Strict):
    en: list[Said] = []
    es: list[Said] = []


class Choice(Strict):
    label: Annotated[str, StringConstraints(min_length=1, max_length=LABEL, strip_whitespace=True)]
    goto: Target
    words: list[Said] = []
    digit: Annotated[int, Field(ge=1, le=9)] | None = None


class Review(Strict):
    by: Line
    on: date
    text: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{12}$")]


class Node(Strict):
    text: Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]
    choices: Annotated[list[Choice], Field(max_length=9)] = []
    more: Target | None = None
    keywords: Keywords = Keywords()
    clinical: bool = False
    sources: list[Id] = []
    reviewed: Review | None = None
    way_on: bool = True
    priority: int = 0


class Flow(Strict):
    flow: Id
    title: Annotated[str, StringConstraints(min_length=1, max_length=40)]
    priority: int = 0
    keywords: Keywords = Keywords()
    hints: Keywords = Keywords()
    nodes: dict[Id, Node]


Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]


class Hours(Strict):
    """From and until, minutes after midnight; until may be 1440. Written "9:00-17:00"."""

    begin: Annotated[int, Field(ge=0, lt=1440)]
    end: Annotated[int, Field(gt=0, le=1440)]

    @model_validator(mode="before")
    @classmethod
    def _written(cls, value: object) -> object:
        found = re.fullmatch(r"(\d{1,2}):(\d\d)-(\d{1,2}):(\d\d)", value) if isinstance(value, str) else None
        if not found:
            raise ValueError("write it like 9:00-17:00")
        begin, end = int(found[1]) * 60 + int(found[2]), int(found[3]) * 60 + int(found[4])
        if begin >= end:
            raise ValueError("ends before it begins; two days for a night: until 24:00, and from 0:00")
        return {"begin": begin, "end": end}


class Wait(Strict):
    """Seconds of waiting until each rung of the ladder (bot.core.ladder)."""

    nudge: Annotated[float, Field(gt=0)] = 60
    backup: Annotated[float, Field(gt=0)] = 180
    tell: Annotated[float, Field(gt=0)] = 300
    close: Annotated[float, Field(gt=0)] = 1200

    @model_validator(mode="after")
    def _rising(self) -> Wait:
        if not self.nudge < self.backup < self.tell < self.close:
            raise ValueError("each must be longer than the one before")
        return self


class Handoff(Strict):
    """Texting with a counselor. `hours` say when counselors mean to be there; who is on duty decides what is offered."""

    on: bool = False
    hours: dict[Weekday, Hours] = {}
    zone: str = "America/New_York"
    holidays: list[date] = []
    wait: Wait = Wait()

    @field_validator("zone")
    @classmethod
    def _known(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (ValueError, ZoneInfoNotFoundError):
            raise ValueError(f"'{value}' is no time zone; write one like America/Chicago") from None
        return value


class Program(Strict):
    """program.yaml: one service. `helpline` names a number of numbers.yaml; `contact` is what HELP must show.

    `safer: false` leaves out the flow for somebody who will use tonight.
    """

    name: Annotated[str, StringConstraints(min_length=2, max_length=40)]
    operator: Line
    number: Line
    helpline: Id
    contact: Line
    frequency: Line
    safer: bool = True
    web_chat: bool = True
    handoff: Handoff = Handoff()
    accept_unreviewed: Line | None = None


class Number(Strict):
    show: Line
    kind: Literal["voice", "code", "voice-and-code", "tty", "site"]
    what: Line
    about: Line | None = None
    about_es: Line | None = None
    hours: Line | None = None
    languages: list[Literal["en", "es"]]
    source: Line
    confidence: Literal["1", "2+", "!"]
    verified: date
    always: bool = False
    voice: Id | None = None
    called_on: date | None = None
    called_by: Line | None = None


class Source(Strict):
    publisher: Line
    title: Line
    year: Annotated[int, Field(ge=1900, le=2100)]
    url: Annotated[str, StringConstraints(pattern=r"^https://\S+$")]
