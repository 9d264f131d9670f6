"""The people who answer: their accounts, passwords and sessions. Knows nothing of pages, and keeps no address of anyone.

A session is a record in the store, named by a digest of the cookie's token: removing an account, resetting its password or
signing out everywhere ends every session at its next request, in every process.
"""

from __future__ import annotations

import hashlib
import re
import secrets
import time
import unicodedata
from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Literal, get_args

import redis
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from .problem import Problem
from .store import StoreDown, StoreRefused, keys
from .store.redis_desk import RedisDesk

Role = Literal["counselor", "supervisor"]
ROLES: tuple[Role, ...] = get_args(Role)

MINUTE, HOUR = 60, 3600
IDLE = 30 * MINUTE  # twice the time after which duty ends by itself; only what a person does counts, never a page's polling
ABSOLUTE = 13 * HOUR  # a twelve-hour shift and its hand-over
LINK_LIFE = 24 * HOUR  # until somebody on the next shift has opened it
FAILURES, LOCKED = 5, 15 * MINUTE  # wrong passwords in LOCKED seconds, then the name is locked for that long
NOTED_EVERY = 30  # seconds; a session's use is not written at every click
SHORTEST_PASSWORD, LONGEST_PASSWORD = 12, 256  # characters: NIST SP 800-63B asks for 8; argon2 need not read a book
NAME = re.compile(r"[^\W\d_][\w.-]{1,31}")  # shown to colleagues: a first name is enough


class Refused(Exception):
    """Name and password do not fit; which of them is not told."""


class LockedOut(Refused):
    """Too many wrong passwords for this name. `seconds` until it may try again."""

    def __init__(self, seconds: int) -> None:
        self.seconds = seconds
        super().__init__(f"locked for {seconds} s")


@dataclass(frozen=True, slots=True)
class Account:
    """`id` is opaque and never used again. `made_up`: of a development run, does not exist in live mode.

    `epoch` names the time between two ends of all sessions: a session of another epoch has ended.
    """

    id: str
    name: str
    role: Role
    has_password: bool
    epoch: int = 0
    made_up: bool = False
    locked: bool = False

    @property
    def supervises(self) -> bool:
        return self.role == "supervisor"


class Staff:
    """`client`: of Redis or of a Cluster. `clock` gives epoch seconds. `live`: made-up accounts do not exist.
    `guarded` makes a call, or raises StoreDown at once while the store is known to be down.

    Everything raises StoreDown when the store does not answer.
    """

    def __init__(
        self,
        client: Any,
        clock: Callable[[], float] = time.time,
        live: bool = True,
        guarded: Callable[[Callable[[], Any]], Any] = lambda call: call(),
        hasher: PasswordHasher | None = None,
    ) -> None:
        self._client, self._clock, self._live, self._guarded = client, clock, live, guarded
        self._hasher = hasher or PasswordHasher()  # argon2id, RFC 9106's second choice: 64 MiB, about 50 ms

    @cached_property
    def _nobody(self) -> str:
        """A hash that nothing fits, so that an unknown name takes as long as a known one."""
        return self._hasher.hash(secrets.token_urlsafe(16))

    # --- accounts ---

    def add(self, name: str, role: Role, made_up: bool = False) -> Account:
        """A new account, without a password yet. Raises Problem for a name that is taken or cannot be one."""
        if not NAME.fullmatch(name):
            raise Problem("A name has 2 to 32 letters, digits, dots and dashes, and begins with a letter: Ana, ben.k")
        if role not in ROLES:
            raise Problem(f"A role is one of: {', '.join(ROLES)}.")
        key = keys.staff_account(_folded(name))
        if not self.ask(lambda client: client.hsetnx(key, "name", name)):
            raise Problem(f"There is an account '{name}' already.")
        staff_id = secrets.token_hex(8)
        fields = {"id": staff_id, "role": role, "epoch": _epoch(), "made_up": int(made_up)}
        self.ask(lambda client: client.hset(key, mapping=fields))
        self.ask(lambda client: client.sadd(keys.STAFF, _folded(name)))
        return Account(staff_id, name, role, has_password=False, made_up=made_up)

    def accounts(self) -> list[Account]:
        names = sorted(raw.decode() for raw in self.ask(lambda client: client.smembers(keys.STAFF)))
        return [account for account in map(self.find, names) if account]

    def find(self, name: str) -> Account | None:
        fields = self._fields(keys.staff_account(_folded(name)))
        if not {"id", "name", "role", "epoch"} <= fields.keys() or fields["role"] not in ROLES:
            return None  # none, or one half removed while another process wrote to it
        made_up = fields.get("made_up") == "1"
        if made_up and self._live:
            return None
        tries = self.ask(lambda client: client.get(_failures(name)))
        return Account(
            id=fields["id"],
            name=fields["name"],
            role=fields["role"],
            has_password="password" in fields,
            epoch=int(fields["epoch"]),
            made_up=made_up,
            locked=int(tries or 0) >= FAILURES,
        )

    def remove(self, name: str) -> None:
        """End the account, every session and the shift of it. Raises Problem when there is none."""
        key = keys.staff_account(_folded(name))
        self._end_shift(self._fields(key).get("id", ""))
        if not self.ask(lambda client: client.delete(key)):
            raise Problem(f"There is no account '{name}'.")
        self.ask(lambda client: client.srem(keys.STAFF, _folded(name)))
        self.ask(lambda client: client.delete(_failures(name)))

    def sign_out_everywhere(self, name: str) -> None:
        """End every session of `name`, in every browser."""
        if self.find(name):
            self.ask(lambda client: client.hset(keys.staff_account(_folded(name)), "epoch", _epoch()))

    # --- passwords ---

    def set_password(self, name: str, password: str) -> None:
        """Raises Problem for a password that is too easy. Ends every session, and the lock after wrong passwords."""
        account = self.find(name)
        if account is None:
            raise Problem(f"There is no account '{name}'.")
        check_password(account.name, password)
        mapping = {"password": self._hasher.hash(password), "epoch": _epoch()}
        self.ask(lambda client: client.hset(keys.staff_account(_folded(name)), mapping=mapping))
        self.ask(lambda client: client.delete(_failures(name)))

    def reset(self, name: str) -> str:
        """Take the password away, end every session, shift and lock, and give a new set-password token."""
        account = self.find(name)
        if account is None:
            raise Problem(f"There is no account '{name}'.")
        key = keys.staff_account(_folded(name))
        self.ask(lambda client: client.hdel(key, "password"))
        self.ask(lambda client: client.hset(key, "epoch", _epoch()))
        self.ask(lambda client: client.delete(_failures(name)))
        self._end_shift(account.id)
        return self.link(name)

    def link(self, name: str) -> str:
        """A token with which a password can be set once, within LINK_LIFE. A later reset or password makes it void."""
        account = self.find(name)
        if account is None:
            raise Problem(f"There is no account '{name}'.")
        token = secrets.token_urlsafe(24)
        value = f"{account.epoch} {account.name}"
        self.ask(lambda client: client.set(keys.staff_link(_digest(token)), value, ex=LINK_LIFE))
        return token

    def linked(self, token: str) -> Account | None:
        """Whose password this token may still set."""
        return self._linked(self.ask(lambda client: client.get(keys.staff_link(_digest(token)))))

    def use_link(self, token: str, password: str) -> Account:
        """Set the password; the token is spent. The account as it is then.

        Raises Problem: the password is too easy (not spent), or the token is void.
        """
        account = self.linked(token)
        if account is not None:
            check_password(account.name, password)
            account = self._linked(self.ask(lambda client: client.getdel(keys.staff_link(_digest(token)))))
        if account is None:
            raise Problem("This link has been used, or is too old. Ask for a new one: helpline staff reset NAME")
        self.set_password(account.name, password)
        return self.find(account.name) or account

    # --- sessions ---

    def sign_in(self, name: str, password: str, known: Collection[str] = ()) -> str:
        """The token of a new session. Raises Refused, LockedOut. `known`: marks (mark_of) of those who signed in at this browser.

        A try counts before it is looked at, so that many at one moment are no way around the lock. At a browser known to the
        account neither counts: anybody can lock a name, and must not keep its owner out.
        """
        familiar = bool(known) and self._is_known(name, known)
        tries = 0 if familiar else self._count(_failures(name))
        if tries > FAILURES:
            raise LockedOut(max(1, int(self.ask(lambda client: client.ttl(_failures(name))))))
        account = self.find(name) if NAME.fullmatch(name) else None
        fields = self._fields(keys.staff_account(_folded(name))) if account else {}
        fits = self._fits(fields.get("password", self._nobody), password)
        if account is None or not account.has_password or not fits:
            if familiar or tries < FAILURES:
                raise Refused
            self.ask(lambda client: client.expire(_failures(name), LOCKED))
            raise LockedOut(LOCKED)
        if not familiar:  # a stranger's guesses go on being counted
            self.ask(lambda client: client.delete(_failures(name)))
        return self._new_session(account)

    def session(self, token: str, used: bool) -> Account | None:
        """Whose session this is; None when it has ended. `used`: a person did something, which puts off the idle end."""
        key = keys.staff_session(_digest(token))
        found = _Session.unpack(self.ask(lambda client: client.get(key)))
        if found is None:
            return None
        account, now = self.find(found.name), self._clock()
        if account is None or account.epoch != found.epoch or now - found.used >= IDLE or now - found.since >= ABSOLUTE:
            self.ask(lambda client: client.delete(key))
            return None
        if used and now - found.used >= NOTED_EVERY:
            after = replace(found, used=now).pack()
            self.ask(lambda client: client.set(key, after, ex=IDLE, xx=True))  # not when it has been ended meanwhile
        return account

    def sign_out(self, token: str) -> None:
        self.ask(lambda client: client.delete(keys.staff_session(_digest(token))))

    def ask(self, call: Callable[[Any], Any]) -> Any:
        """What `call` does with the store's client. Raises StoreDown, StoreRefused."""

        def told() -> Any:
            try:
                return call(self._client)
            except (redis.ConnectionError, redis.TimeoutError) as error:
                raise StoreDown(type(error).__name__) from error
            except redis.RedisError as error:
                raise StoreRefused(type(error).__name__) from error

        return self._guarded(told)

    def _is_known(self, name: str, known: Collection[str]) -> bool:
        account = self.find(name)
        return account is not None and mark_of(account) in known

    def _end_shift(self, staff_id: str) -> None:
        """Nobody is on duty, nor nudged by phone, who cannot sign in. What they hold goes back into the queue."""
        if staff_id:
            self.ask(lambda client: RedisDesk(client, self._clock).set_duty(staff_id, None, 0))

    def _new_session(self, account: Account) -> str:
        token, now = secrets.token_urlsafe(32), self._clock()
        packed = _Session(account.epoch, now, now, account.name).pack()
        self.ask(lambda client: client.set(keys.staff_session(_digest(token)), packed, ex=IDLE))
        return token

    def _count(self, key: str) -> int:
        """One more try. A count without an end, left by a process that died in between, gets one."""
        tries = int(self.ask(lambda client: client.incr(key)))
        if tries == 1 or int(self.ask(lambda client: client.ttl(key))) < 0:
            self.ask(lambda client: client.expire(key, LOCKED))
        return tries

    def _fits(self, stored: str, password: str) -> bool:
        try:
            return self._hasher.verify(stored, password[: LONGEST_PASSWORD + 1])
        except (VerificationError, InvalidHashError):
            return False

    def _linked(self, value: bytes | None) -> Account | None:
        epoch, _, name = (value or b"").decode().partition(" ")
        account = self.find(name) if name else None
        return account if account and str(account.epoch) == epoch else None

    def _fields(self, key: str) -> dict[str, str]:
        found = self.ask(lambda client: client.hgetall(key))
        return {name.decode(): value.decode() for name, value in found.items()}


@dataclass(frozen=True, slots=True)
class _Session:
    """A session as stored: one value, so that it is written and ends in one step, on a Cluster too."""

    epoch: int
    since: float
    used: float
    name: str

    def pack(self) -> str:
        return f"{self.epoch} {self.since} {self.used} {self.name}"

    @staticmethod
    def unpack(packed: bytes | None) -> _Session | None:
        try:
            epoch, since, used, name = (packed or b"").decode().split(" ")
            return _Session(int(epoch), float(since), float(used), name)
        except ValueError:
            return None


def mark_of(account: Account) -> str:
    """What stands for `account` in a browser that it signed in at: no name, and void when all its sessions are ended."""
    return _digest(f"known {account.id} {account.epoch}")


def check_password(name: str, password: str) -> None:
    """Raises Problem saying what a password needs. Length is what counts; nothing about kinds of characters."""
    if len(password) < SHORTEST_PASSWORD:
        raise Problem(f"A password has at least {SHORTEST_PASSWORD} characters. Three or four words are easy to remember.")
    if len(password) > LONGEST_PASSWORD:
        raise Problem(f"A password has at most {LONGEST_PASSWORD} characters.")
    plain = password.casefold()
    if len(set(plain)) < 5 or name.casefold() in plain or any(word in plain for word in ("password", "helpline", "12345678")):
        raise Problem("That is easy to guess. Choose three or four words that have nothing to do with your name or this line.")


def _folded(name: str) -> str:
    """Ana and ana are one person."""
    return unicodedata.normalize("NFC", name).casefold()


def _failures(name: str) -> str:
    """By digest: people type their password into the name's field."""
    return keys.staff_failures(_digest(_folded(name)))


def _digest(token: str) -> str:
    """What stands for a token in the store: whoever reads the store cannot sign in with it."""
    return hashlib.sha256(token.encode()).hexdigest()[:40]


def _epoch() -> int:
    """A number that no earlier session of any account of this name can carry: a removed and re-added one starts anew."""
    return secrets.randbits(62)
