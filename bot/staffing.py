"""What `helpline staff` does, in the store that bot.local finds."""

from __future__ import annotations

import secrets
from pathlib import Path

from . import local
from .problem import Problem
from .staff import LINK_LIFE, Role, Staff
from .store import StoreDown
from .store.connect import connect

DEVELOPER = "dev"  # the account of `helpline run`


def here() -> tuple[Staff, str]:
    """The accounts, and the address of this helpline ("": not known). Raises Problem when there is no store to keep them in."""
    found = local.found()
    staff = Staff(connect(found.settings.redis_url), live=not found.made_up)
    try:
        staff.accounts()
    except StoreDown as error:
        raise Problem(f"The store does not answer ({error}).") from None
    return staff, found.settings.public_url or local.address()


def add(name: str, role: Role, password: str | None) -> list[str]:
    staff, address = here()
    staff.add(name, role)
    if password is None:
        return [f"{name} is a {role} now.", *_link(staff.link(name), address, name)]
    try:
        staff.set_password(name, password)
    except Problem:
        staff.remove(name)
        raise
    return [f"{name} is a {role} now, and signs in at {address}/console"]


def listed() -> list[str]:
    staff, _ = here()
    lines = [f"{a.name:20} {a.role:12} {_state(a.has_password, a.locked)}" for a in staff.accounts()]
    return lines or ["Nobody yet: helpline staff add NAME --role counselor"]


def reset(name: str) -> list[str]:
    staff, address = here()
    return [f"{name} is signed out everywhere, and the old password is gone.", *_link(staff.reset(name), address, name)]


def remove(name: str) -> list[str]:
    staff, _ = here()
    staff.remove(name)
    return [f"{name} is removed and signed out everywhere."]


def developer(staff: Staff, folder: Path = local.VAR) -> str:
    """The password of the account that `helpline run` makes up, kept in `folder` (mode 0600); the account if there is none.

    `staff` must not be live: there such accounts do not exist.
    """
    path = folder / "console_password"
    known = path.exists()
    password = local.kept(path, lambda: secrets.token_hex(8))
    account = staff.find(DEVELOPER)
    if account is None:
        staff.add(DEVELOPER, "supervisor", made_up=True)
    if account is None or not known:
        staff.set_password(DEVELOPER, password)
    return password


def _link(token: str, address: str, name: str) -> list[str]:
    return [
        f"Give {name} this link, by a way that only they read. It sets their password, once, within {LINK_LIFE // 3600} hours:",
        "",
        f"  {address}/console/password/{token}",
        "",
        *([] if address else ["Put the address of your helpline before it: PUBLIC_URL is not set, so it is not known here.", ""]),
    ]


def _state(has_password: bool, locked: bool) -> str:
    if locked:
        return "locked after wrong passwords; `reset` lifts it, or 15 minutes do"
    return "" if has_password else "has not set a password yet"
