"""How often one internet address may try to sign in: above the lock of a name, against many names tried from one place."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable
from dataclasses import dataclass

from flask import Flask, request
from flask_limiter import Limiter
from limits import parse_many

from ..app import App
from ..staff import Staff
from .console_limits import Counts
from .household import household

GUESSES = "10 per minute; 60 per hour"
COUNTED = frozenset({"console.sign_in", "console.password"})


@dataclass(frozen=True, slots=True)
class Guesses:
    limits: Limiter
    address: Callable[[], str]

    def forget(self) -> None:
        """Count this address anew: whoever has set a password by a link of ours is no stranger who guesses."""
        for limit in parse_many(GUESSES):
            for endpoint in COUNTED:
                self.limits.limiter.clear(limit, self.address(), endpoint)


def guesses(web: Flask, app: App, staff: Staff) -> Guesses:
    """Counted in the store under hashed addresses; in this process's memory while the store is down."""
    key = app.derived("addresses that sign in")

    def address() -> str:
        return hmac.new(key, household(request.remote_addr or "").encode(), hashlib.sha256).hexdigest()[:32]

    limits = Limiter(
        address,
        storage_uri=f"{Counts.STORAGE_SCHEME[0]}://",
        storage_options={"ask": staff.ask},  # type: ignore[dict-item]
        in_memory_fallback_enabled=True,
    )
    limits.request_filter(lambda: request.endpoint not in COUNTED)  # or it would ask a dead store on every webhook
    limits.init_app(web)
    return Guesses(limits, address)
