"""Spares people the wait for a store that is down: after one call that found nobody, none is tried until it is back.

A thread of its own asks for the store meanwhile, so that no text pays for looking. A store that only refuses (full,
read-only) answers at once and is not cut off: reading it may still work.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from typing import TypeVar, cast

from ..problem import Problem
from .contract import Health, Record, Store, StoreDown, StoreRefused
from .deadline import spent
from .desk import Change, Desk

LOOK_EVERY = 0.5  # seconds; with one deadline of the store on top it is noticed well within 3 s that it is back
Result = TypeVar("Result")


class GuardedStore:
    """`store` behind a breaker. `on_return` runs, in the thread that looked, before the store is used again; while it raises
    StoreDown or Problem (a store of another secret came up), the store stays unused."""

    def __init__(self, store: Store, on_return: Callable[[], None] = lambda: None) -> None:
        self._store = store
        self._on_return = on_return
        self._open = False
        self._looking: threading.Thread | None = None
        self._lock = threading.Lock()

    def load(self, contact: str) -> Record:
        return self.guarded(lambda: self._store.load(contact))

    @property
    def desk(self) -> Desk:
        """Hand-offs, each call behind the breaker."""
        return cast(Desk, _Guarded(self._store.desk, self.guarded))

    @property
    def client(self) -> object | None:
        """What the store talks to Redis with, for those who bring their own keys; None for memory."""
        return self._store.client

    def commit(
        self,
        contact: str,
        before: bytes | None,
        after: bytes | None,
        opted_out: bool | None,
        life: int,
        change: Change | None = None,
    ) -> bool:
        return self.guarded(lambda: self._store.commit(contact, before, after, opted_out, life, change))

    def settle(self, contact: str, opted_out: bool, at: float) -> None:
        return self.guarded(lambda: self._store.settle(contact, opted_out, at))

    def add(self, name: str, amount: int, life: int) -> int:
        return self.guarded(lambda: self._store.add(name, amount, life))

    def note(self, lives: Mapping[str, int]) -> None:
        return self.guarded(lambda: self._store.note(lives))

    def noted(self, name: str) -> bool:
        return self.guarded(lambda: self._store.noted(name))

    def claim(self, fingerprint: str) -> None:
        return self.guarded(lambda: self._store.claim(fingerprint))

    def ping(self) -> None:
        return self.guarded(self._store.ping)

    def health(self) -> Health:
        return self.guarded(self._store.health)

    def guarded(self, call: Callable[[], Result]) -> Result:
        """What `call`, one to the store, returns or raises. StoreDown at once while the store is away."""
        if self._open:
            self._look_for_it()
            raise StoreDown("waiting until it is back")
        try:
            return call()
        except StoreRefused:
            raise
        except StoreDown:
            if not spent():  # else it is the budget of a text that is over: slow calls one after another, no store that is down
                self._open = True
                self._look_for_it()
            raise

    def _look_for_it(self) -> None:
        """See that one thread looks. It is asked at every text: a process that was forked has the state, not the thread."""
        with self._lock:
            if self._looking is None or not self._looking.is_alive():
                self._looking = threading.Thread(target=self._look, daemon=True, name="store-look")
                self._looking.start()

    def _look(self) -> None:
        pause = threading.Event()
        while not self._is_back():
            pause.wait(LOOK_EVERY)
        self._open = False

    def _is_back(self) -> bool:
        try:
            self._store.ping()
            self._on_return()
        except (StoreDown, Problem):
            return False
        return True


class _Guarded:
    """An object of the store whose every method is called behind the breaker."""

    __slots__ = ("_call", "_inner")

    def __init__(self, inner: object, call: Callable[[Callable[[], object]], object]) -> None:
        self._inner, self._call = inner, call

    def __getattr__(self, name: str) -> Callable[..., object]:
        method = getattr(self._inner, name)
        return lambda *args, **named: self._call(lambda: method(*args, **named))
