"""The only reader of the environment. Reports every problem at once, and never a value."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Annotated, Literal

from cryptography.fernet import Fernet
from pydantic import Field, SecretStr, ValidationError, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from . import redis_url
from .problem import Problem
from .slips import slips

SHORTEST_SECRET = 32  # characters; a guessed secret lets anyone compute contact ids from phone numbers

OURS = frozenset({"HELPLINE_LIVE"})  # what our processes tell each other; no operator sets it
PRETEND_ACCOUNT = "AC" + "0" * 32  # stands for the Twilio account that a development run does not have


class BadSettings(Problem):
    """Settings that are missing or wrong. `problems` names all of them, one line each; `more` what else stands in the way."""

    def __init__(self, problems: list[str], more: Sequence[str] = ()) -> None:
        self.problems = problems
        super().__init__("\n".join(["Settings are missing or wrong:", *problems, "docs/settings.md explains each.", *more]))


class Settings(BaseSettings):
    """What an operator decides. Each field is an environment variable of the same name in capitals."""

    model_config = SettingsConfigDict(extra="ignore", frozen=True, env_ignore_empty=True)

    port: int = Field(8000, ge=1, le=65535, description="Port of the web server.")
    public_url: str = Field(
        "",
        description="The address under which Twilio reaches us, like https://helpline.example.org. Signatures are "
        "checked over it. Empty: the address of each request is used, as the proxy reports it when TRUST_PROXY is on.",
    )
    trust_proxy: bool = Field(
        False, description="Believe one proxy's X-Forwarded-For, -Proto and -Host. Only behind a proxy that sets them."
    )
    redis_url: str = Field(
        "",
        description="The store: redis://host:6379/0, rediss:// (TLS), unix:///path/to/socket, "
        "redis+sentinel://host:26379,host:26379/MASTER/0 or redis+cluster://host:6379,host:6379.",
    )
    queue_redis_url: str = Field(
        "",
        validate_default=True,
        description="Where background work waits: one server, or Sentinel. Empty: REDIS_URL, which then must not be a Cluster.",
    )
    store_replicas: int = Field(
        0,
        ge=0,
        le=5,
        description="How many replicas must have an opt-out before it counts as kept. 0 where there are none.",
    )
    helpline_secret: SecretStr = Field(
        SecretStr(""),
        description="Turns phone numbers into contact ids. At least 32 random characters. Never change it: opt-outs "
        "would be lost.",
    )
    helpline_keys: Annotated[list[SecretStr], NoDecode] = Field(
        default=[],
        description="Keys that encrypt what must be kept, newest first, comma-separated. Each as `helpline key` prints it.",
    )
    twilio_account_sid: str = Field(
        "",
        description="Your Twilio account: AC and 32 characters. Only what we send unasked needs it; answers do not. With it "
        "/health/ready tells texts of yours that are refused from a stranger's posts.",
    )
    twilio_auth_token: Annotated[list[SecretStr], NoDecode] = Field(
        default=[], description="Checks Twilio's signatures. Two, comma-separated, while you rotate it."
    )
    twilio_keywords: Literal["ours", "twilio", "advanced"] = Field(
        "ours",
        description="Who answers a lone STOP, START or HELP. ours: we do (short codes, WhatsApp). twilio: Twilio's default "
        "handling does (10-digit and toll-free numbers). advanced: Advanced Opt-Out of a Messaging Service does.",
    )
    after_stop: Literal["notice", "silent"] = Field(
        "notice", description="What an opted-out person hears: at most once a day that we do not answer, or nothing."
    )
    twilio_api_url: str = Field(
        "",
        description="Where Twilio's REST API is reached, when not at Twilio itself: a proxy of yours, or a stand-in for trying.",
    )
    sms_sender: str = Field(
        "", description="Your number that texts staff. Empty: the number that the waiting person wrote to, where that is SMS."
    )
    backup_phones: Annotated[list[str], NoDecode] = Field(
        default=[],
        description="Phones that are texted, without content, when nobody on duty answers. Like +15551234567, comma-separated.",
    )
    sends_per_second: float = Field(
        1.0, gt=0, le=1000, description="Texts a second that may leave from one number of yours. 1 for a long code."
    )
    ticket_days: int = Field(
        7,
        ge=1,
        le=90,
        description="Days after somebody last wrote or did something until a hand-off and its texts are deleted. Nudges and "
        "waiting do not count.",
    )
    flows: Path = Field(Path("flows"), description="The folder that holds the words.")
    locator_url: str = Field(
        "",
        description="The live locator of FindTreatment.gov, asked before the loaded directory. Empty: it is not asked. Nobody "
        "promises that it works or stays as it is: https://findtreatment.gov/locator/exportsAsJson/v2.",
    )
    show_old_directory: bool = Field(
        False, description="Show people places from a directory whose data are more than two years old."
    )
    session_hours: int = Field(24, ge=1, le=168, description="Hours after the last text until a conversation is forgotten.")
    spool: Path = Field(
        Path("var/optouts.db"), description="The file that keeps opt-outs while the store cannot take them; survives a restart."
    )
    daily_segments: int = Field(
        0,
        ge=0,
        description="Segments that may be sent a day (UTC); 0: no ceiling. Past it people get one segment with 911, 988 and the "
        "helpline, and still every answer to an emergency, STOP, HELP and HUMAN. What counselors write is counted and never "
        "held.",
    )
    answer_abroad: bool = Field(
        False,
        description="Whether numbers outside the US get full answers. Off: the emergency numbers, and every emergency answer.",
    )
    chats_per_hour: int = Field(
        30, ge=1, description="Web chats that one internet address may begin in an hour. A shelter or a library shares one."
    )
    web_workers: int = Field(2, ge=1, le=64, description="Processes that answer webhooks.")

    @field_validator("helpline_keys", "twilio_auth_token", "backup_phones", mode="before")
    @classmethod
    def _comma_separated(cls, value: object) -> object:
        return [part.strip() for part in value.split(",") if part.strip()] if isinstance(value, str) else value

    @field_validator("helpline_keys")
    @classmethod
    def _usable_keys(cls, value: list[SecretStr]) -> list[SecretStr]:
        try:
            for key in value:
                Fernet(key.get_secret_value().encode())
        except ValueError:
            raise ValueError("each must be a key as `helpline key` prints it") from None
        return value

    @field_validator("backup_phones")
    @classmethod
    def _whole_numbers(cls, value: list[str]) -> list[str]:
        if not all(re.fullmatch(r"\+[1-9]\d{6,14}", phone) for phone in value):
            raise ValueError("each must begin with + and the country code")
        return value

    @field_validator("public_url", "twilio_api_url", "locator_url")
    @classmethod
    def _whole_address(cls, value: str) -> str:
        if value and not value.startswith(("https://", "http://")):
            raise ValueError("must begin with https://")
        return value.rstrip("/")

    @field_validator("redis_url", "queue_redis_url")
    @classmethod
    def _known_form(cls, value: str) -> str:
        if value:
            redis_url.parse(value)
        return value

    @field_validator("queue_redis_url")
    @classmethod
    def _no_cluster(cls, value: str, info: ValidationInfo) -> str:
        whole = value or info.data.get("redis_url", "")
        if whole and redis_url.parse(whole).kind == "cluster":
            raise ValueError("must name one server or Sentinel when the store is a Cluster: background work cannot run on one")
        return value

    @property
    def queue_url(self) -> str:
        """The server for background work."""
        return self.queue_redis_url or self.redis_url


def read(**made_up: object) -> Settings:
    """The settings from the environment. `made_up` fills what it does not give (see bot.local). Raises BadSettings."""
    try:
        given = Settings()
        return given.model_copy(update={k: v for k, v in made_up.items() if not getattr(given, k)}) if made_up else given
    except ValidationError as error:
        raise BadSettings(list(_told(error).values())) from None


def look(public: bool = False) -> tuple[Settings, list[str]]:
    """The settings as far as they can be used, and one line for each that is wrong, or missing for a server in the open.

    `public`: as `serve --live` needs them.
    """
    wrong: dict[str, str] = {}
    try:
        given = Settings()
    except ValidationError as error:
        wrong = _told(error)
        instead = set(wrong) | ({"redis_url"} if "queue_redis_url" in wrong else set())  # one is checked with the other
        given = Settings(**{name: Settings.model_fields[name].default for name in instead})
        wrong |= dict.fromkeys(instead - set(wrong), "")
    missing = {name: line for name, line in _missing(given, public) if name not in wrong}
    return given, [line for line in (*wrong.values(), *missing.values()) if line]


def required(public: bool = False) -> Settings:
    """The settings, if they hold all that a server in the open needs. Raises BadSettings naming all that is missing or wrong."""
    given, problems = look(public)
    if problems:
        raise BadSettings(problems)
    return given


def ignored() -> list[str]:
    """One line for each name in the environment that looks like a setting and is none."""
    return list(slips(os.environ, {name.upper() for name in Settings.model_fields} | OURS))


def _told(error: ValidationError) -> dict[str, str]:
    """Each field that is wrong, and why. Never a value."""
    found: dict[str, str] = {}
    for one in error.errors():
        name = str(one["loc"][0])
        found.setdefault(name, f"{name.upper()}: {one['msg'].removeprefix('Value error, ')}")
    return found


def _missing(given: Settings, public: bool) -> Iterator[tuple[str, str]]:
    """Each setting that is needed and not there, and what it is for."""
    secret = given.helpline_secret.get_secret_value()
    if 0 < len(secret) < SHORTEST_SECRET:
        yield "helpline_secret", f"HELPLINE_SECRET is shorter than {SHORTEST_SECRET} characters. {_purpose('helpline_secret')}"
    needed = ["redis_url", "helpline_secret", "helpline_keys", "twilio_auth_token"]
    if public and not given.trust_proxy:
        needed.append("public_url")
    for name in needed:
        value = getattr(given, name)
        if not (value.get_secret_value() if isinstance(value, SecretStr) else value):
            yield name, f"{name.upper()} is not set. {_purpose(name)}"


def _purpose(name: str) -> str:
    return Settings.model_fields[name].description or ""
