"""What `helpline run` makes up on a machine that has nothing: secrets and a place for them, kept so that a restart goes on."""

from __future__ import annotations

import base64
import fcntl
import os
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from pydantic import SecretStr

from .embedded import Server
from .problem import Problem
from .settings import PRETEND_ACCOUNT, Settings, read

VAR = Path("var")  # ignored by git


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
    with (folder / "run.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)  # ends with the process, also after kill -9
        except OSError:
            raise Problem(
                f"A helpline already runs in this folder (it holds {folder}/). Stop it first, or use another clone."
            ) from None
        yield


@contextmanager
def store(url: str, folder: Path = VAR) -> Iterator[str]:
    """The address of the store: `url`, else of the one that `helpline run` keeps in `folder`, which is started where it is not
    running, and stopped again. For commands that look into the store or fill it."""
    if url:
        yield url
        return
    folder.mkdir(mode=0o700, exist_ok=True)
    server = Server(folder / "store")
    if server.answers():
        yield server.url
        return
    with alone(folder):
        server.start()
        try:
            yield server.url
        finally:
            server.stop()


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
