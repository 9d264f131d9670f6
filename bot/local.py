"""What `helpline run` makes up on a machine that has nothing, kept so that a restart goes on; and how other commands find it."""

from __future__ import annotations

import base64
import fcntl
import os
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from pydantic import SecretStr

from .embedded import Server
from .problem import Problem
from .settings import PRETEND_ACCOUNT, Settings, read

VAR = Path("var")  # ignored by git
NO_STORE = (
    "No store: REDIS_URL is not set, and no `helpline run` with a store of its own runs in this folder. Set REDIS_URL, or start "
    "`helpline run` here first."
)


@dataclass(frozen=True, slots=True)
class Found:
    """What a command works on. `made_up`: the store and secrets of the `helpline run` in this folder."""

    settings: Settings
    made_up: bool


def settings(folder: Path = VAR) -> tuple[Settings, list[str]]:
    """The settings from the environment, completed by secrets kept in `folder`. Also which ones were made up."""
    folder.mkdir(mode=0o700, exist_ok=True)
    given = read()
    made_up: dict[str, object] = {}
    if not given.helpline_secret.get_secret_value():
        made_up["helpline_secret"] = SecretStr(kept(folder / "helpline_secret", lambda: secrets.token_urlsafe(32)))
    if not given.helpline_keys:
        made_up["helpline_keys"] = [SecretStr(kept(folder / "helpline_keys", new_key))]
    if not given.twilio_auth_token:
        made_up["twilio_auth_token"] = [SecretStr(kept(folder / "twilio_auth_token", lambda: secrets.token_hex(16)))]
    if not given.twilio_account_sid:
        made_up["twilio_account_sid"] = PRETEND_ACCOUNT
    return read(**made_up), sorted(name.upper() for name in made_up)


@contextmanager
def alone(folder: Path = VAR) -> Iterator[None]:
    """Hold `folder` for one run. Raises Problem when another has it: two would shut down each other's store."""
    where = address(folder)
    with (folder / "run.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)  # ends with the process, also after kill -9
        except OSError:
            raise Problem(
                f"A helpline already runs in this folder (it holds {folder}/){where and f', at {where}'}. Stop it first: Ctrl-C "
                "in its window. For a second one beside it use another clone, and another PORT."
            ) from None
        yield


@contextmanager
def listening(address: str, folder: Path = VAR) -> Iterator[None]:
    """Let other commands know, while this lasts, where the run that holds `folder` listens."""
    note = folder / "address"
    note.write_text(address + "\n", encoding="ascii")
    try:
        yield
    finally:
        note.unlink(missing_ok=True)


def address(folder: Path = VAR) -> str:
    """Where the `helpline run` of `folder` listens; "" where none runs. What a killed one has left behind does not count."""
    try:
        with (folder / "run.lock").open() as lock:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
        return ""
    except FileNotFoundError:
        return ""
    except OSError:  # somebody holds it
        note = folder / "address"
        return note.read_text(encoding="ascii").strip() if note.exists() else ""


def found(folder: Path = VAR) -> Found:
    """The one way in which a command that looks into a store, or fills it, finds it: REDIS_URL, else the store of the
    `helpline run` that runs in this folder, with the secrets that it made up. Raises Problem where there is neither."""
    given = read()
    if given.redis_url:
        return Found(given, made_up=False)
    if not (folder / "store").is_dir():
        raise Problem(NO_STORE)
    server = Server(folder / "store")
    if not server.answers():
        raise Problem(NO_STORE)
    completed, _ = settings(folder)
    return Found(completed.model_copy(update={"redis_url": server.url}), made_up=True)


def new_key() -> str:
    """A key for HELPLINE_KEYS."""
    return base64.urlsafe_b64encode(os.urandom(32)).decode()


def kept(path: Path, make: Callable[[], str]) -> str:
    """The secret in `path`, made once, readable by its owner only."""
    try:
        return path.read_text(encoding="ascii").strip()
    except FileNotFoundError:
        value = make()
        file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(file, "w", encoding="ascii") as out:
            out.write(value + "\n")
        return value
