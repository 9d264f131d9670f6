"""The one composition root: picks the real store, content and clock."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import cached_property

import redis
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from .ceiling import Ceiling
from .contacts import fingerprint
from .content import Loaded, load
from .core.turn import Content
from .directory import Sources
from .directory.redis import RedisDirectory
from .log import log
from .problem import Problem
from .settings import Settings
from .store import Store, StoreDown
from .store.breaker import GuardedStore
from .store.connect import connect
from .store.redis import RedisStore
from .store.spool import Spool, SpoolBroken
from .vault import Vault, vault

NO_PLACES = Sources()


@dataclass(frozen=True)
class App:
    """Everything that a request needs. `clock` gives epoch seconds. `places`: where help can be found, source after source."""

    settings: Settings
    loaded: Loaded
    store: Store
    clock: Callable[[], float] = time.time
    live: bool = False  # False: a development run, which says so and shows why
    spool: Spool = field(default_factory=Spool)
    places: Sources = NO_PLACES

    @cached_property
    def content(self) -> Content:
        return self.loaded.content

    @cached_property
    def ceiling(self) -> Ceiling:
        return Ceiling(self.store, self.settings.daily_segments, self.clock)

    @cached_property
    def secret(self) -> bytes:
        return self.settings.helpline_secret.get_secret_value().encode()

    @property
    def vault(self) -> Vault:
        """What seals texts and numbers. Raises NoKeys when HELPLINE_KEYS is not set."""
        return vault(tuple(key.get_secret_value() for key in self.settings.helpline_keys))

    def derived(self, purpose: str) -> bytes:
        """A key of its own for `purpose` (32 bytes), from the secret: one that leaks tells nothing of the others."""
        return HKDF(hashes.SHA256(), 32, None, f"helpline {purpose}".encode()).derive(self.secret)


def sources(settings: Settings, client: redis.Redis, key: bytes) -> Sources:
    """Where places come from, in order: the live locator where it is switched on, then the loaded directory."""
    directory = RedisDirectory(client, settings.show_old_directory)
    if not settings.locator_url:
        return Sources((directory,), directory)
    from .directory.locator import Locator  # its HTTP client costs every start a fifth of a second

    return Sources((Locator(settings.locator_url, client, key), directory), directory)


def build(settings: Settings, store: Store | None = None, clock: Callable[[], float] = time.time, live: bool = False) -> App:
    """The app that `settings` describe. Raises BrokenContent; WrongSecret when the store belongs to another secret.

    A store that does not answer is no reason to stay down: people are answered without it, and it is used when it is there.
    """
    loaded = load(settings.flows, live=live, ticket_days=settings.ticket_days)
    client = connect(settings.redis_url)
    spool = Spool(settings.spool)
    bare = store or RedisStore(client, clock, settings.store_replicas)
    app = App(settings, loaded, GuardedStore(bare, lambda: _take_over(app, bare)), clock, live, spool)
    app = replace(app, places=sources(settings, client, app.derived("locator")))
    try:
        _take_over(app, bare)
    except StoreDown as error:
        log.warning("store_down", problem=str(error))
    return app


def _take_over(app: App, store: Store) -> None:
    """What a store is asked and given before it is used: is it ours, and what it missed. Raises StoreDown, WrongSecret."""
    try:
        store.claim(fingerprint(app.secret))
        app.spool.settle(store)
    except SpoolBroken as error:
        log.error("spool_broken", problem=str(error))
    except Problem as error:
        log.error("wrong_secret", problem=str(error))
        raise
