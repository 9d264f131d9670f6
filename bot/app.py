"""The one composition root: picks the real store, content and clock."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from .contacts import fingerprint
from .content import Loaded, load
from .core.turn import Content
from .settings import Settings
from .store import Store, StoreDown
from .store.redis import RedisStore, connect
from .vault import Vault, vault


@dataclass(frozen=True, slots=True)
class App:
    """Everything that a request needs. `clock` gives epoch seconds."""

    settings: Settings
    loaded: Loaded
    store: Store
    clock: Callable[[], float] = time.time
    live: bool = False  # False: a development run, which says so and shows why

    @property
    def content(self) -> Content:
        return self.loaded.content

    @property
    def secret(self) -> bytes:
        return self.settings.helpline_secret.get_secret_value().encode()

    @property
    def vault(self) -> Vault:
        """What seals texts and numbers. Raises NoKeys when HELPLINE_KEYS is not set."""
        return vault(tuple(key.get_secret_value() for key in self.settings.helpline_keys))

    def derived(self, purpose: str) -> bytes:
        """A key of its own for `purpose` (32 bytes), from the secret: one that leaks tells nothing of the others."""
        return HKDF(hashes.SHA256(), 32, None, f"helpline {purpose}".encode()).derive(self.secret)


def build(settings: Settings, store: Store | None = None, clock: Callable[[], float] = time.time, live: bool = False) -> App:
    """The app that `settings` describe. Raises BrokenContent; WrongSecret when the store belongs to another secret.

    A store that does not answer is no reason to stay down: people are answered without it.
    """
    loaded = load(settings.flows, live=live, ticket_days=settings.ticket_days)
    app = App(settings, loaded, store or RedisStore(connect(settings.redis_url), clock), clock, live)
    with suppress(StoreDown):
        app.store.claim(fingerprint(app.secret))
    return app
