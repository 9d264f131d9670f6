"""The one composition root: picks the real store, content and clock."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace

import redis
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from .contacts import fingerprint
from .content import Loaded, load
from .core.turn import Content
from .directory import Sources
from .directory.locator import Locator
from .directory.redis import RedisDirectory
from .settings import Settings
from .store import Store, StoreDown
from .store.redis import RedisStore, connect

NO_PLACES = Sources()


@dataclass(frozen=True, slots=True)
class App:
    """Everything that a request needs. `clock` gives epoch seconds. `places`: where help can be found, source after source."""

    settings: Settings
    loaded: Loaded
    store: Store
    clock: Callable[[], float] = time.time
    live: bool = False  # False: a development run, which says so and shows why
    places: Sources = NO_PLACES

    @property
    def content(self) -> Content:
        return self.loaded.content

    @property
    def secret(self) -> bytes:
        return self.settings.helpline_secret.get_secret_value().encode()

    def derived(self, purpose: str) -> bytes:
        """A key of its own for `purpose` (32 bytes), from the secret: one that leaks tells nothing of the others."""
        return HKDF(hashes.SHA256(), 32, None, f"helpline {purpose}".encode()).derive(self.secret)


def sources(settings: Settings, client: redis.Redis, key: bytes) -> Sources:
    """Where places come from, in order: the live locator where it is switched on, then the loaded directory."""
    directory = RedisDirectory(client, settings.show_old_directory)
    live = (Locator(settings.locator_url, client, key),) if settings.locator_url else ()
    return Sources((*live, directory), directory)


def build(settings: Settings, store: Store | None = None, clock: Callable[[], float] = time.time, live: bool = False) -> App:
    """The app that `settings` describe. Raises BrokenContent; WrongSecret when the store belongs to another secret.

    A store that does not answer is no reason to stay down: people are answered without it.
    """
    loaded = load(settings.flows, live=live)
    client = connect(settings.redis_url)
    app = App(settings, loaded, store or RedisStore(client, clock), clock, live)
    app = replace(app, places=sources(settings, client, app.derived("locator")))
    with suppress(StoreDown):
        app.store.claim(fingerprint(app.secret))
    return app
