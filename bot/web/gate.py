"""Lets in what Twilio signed, and tells /health/ready of what it keeps out: a wrong token or address means silence for everybody.

Anybody can post here, so that a run of wrong signatures by itself is only a warning. It is a problem, which may take this
server out of service, when the forms name our account and no right signature ever came with these settings: a deploy with
another token. A stranger who knows our account cannot stop a line that works.
"""

from __future__ import annotations

import hmac
import json
from contextlib import suppress

from flask import request
from twilio.request_validator import RequestValidator

from ..app import App
from ..log import log
from ..settings import PRETEND_ACCOUNT
from ..store import StoreDown

IN_A_ROW = 5  # a stray scanner posts once or twice
TOLD_FOR = 600  # seconds that a run is told of after its last sign
LATELY = 30 * 86400  # seconds for which a right signature shows that token and address are right
NOTED_EVERY = LATELY / 60  # seconds between two notes of one process, so that a text hardly ever pays for one

# Notes in the store, which all processes of the same settings share.
ADMITTED, STRANGE, OURS = "admitted", "refused", "refused-ours"


class Gate:
    """One a process. Counts wrong signatures since the last right one: those that name our account, and the others."""

    def __init__(self, app: App) -> None:
        self._public_url = app.settings.public_url
        self._validators = [RequestValidator(token.get_secret_value()) for token in app.settings.twilio_auth_token]
        self._account = "" if app.settings.twilio_account_sid == PRETEND_ACCOUNT else app.settings.twilio_account_sid
        self._store, self._clock = app.store, app.clock
        self._names = names(app)
        self._refused = {STRANGE: 0, OURS: 0}
        self._noted = dict.fromkeys(self._names, -float(TOLD_FOR))

    def admits(self) -> bool:
        """Whether Twilio signed this request, for the address that it called."""
        signature = request.headers.get("X-Twilio-Signature", "")
        url = self._url()
        if signature and any(validator.validate(url, request.form, signature) for validator in self._validators):
            self._admitted()
            return True
        self._refuse(url)
        return False

    def _admitted(self) -> None:
        now = self._clock()
        if max(self._refused.values()) >= IN_A_ROW or now - self._noted[ADMITTED] >= NOTED_EVERY:
            self._noted = dict.fromkeys(self._names, -float(TOLD_FOR)) | {ADMITTED: now}
            self._note({ADMITTED: LATELY, STRANGE: 0, OURS: 0})
        self._refused = dict.fromkeys(self._refused, 0)

    def _refuse(self, url: str) -> None:
        kind = OURS if self._names_our_account() else STRANGE
        self._refused[kind] += 1
        now = self._clock()
        if self._refused[kind] == IN_A_ROW:
            hint = "If these come from Twilio, PUBLIC_URL or TWILIO_AUTH_TOKEN is wrong, and people get no answer."
            detail = "They name our account." if kind == OURS else ""
            log.error(
                "signatures_refused", count=IN_A_ROW, url=url.partition("?")[0], hint=hint, detail=detail
            )  # no query: a stranger writes it
        if self._refused[kind] >= IN_A_ROW and now - self._noted[kind] >= TOLD_FOR / 2:
            self._noted[kind] = now
            self._note({kind: TOLD_FOR})

    def _names_our_account(self) -> bool:
        return bool(self._account) and hmac.compare_digest(request.form.get("AccountSid", "").encode(), self._account.encode())

    def _note(self, lives: dict[str, int]) -> None:
        """Tell the other processes, best effort."""
        with suppress(StoreDown):
            self._store.note({self._names[name]: life for name, life in lives.items()})

    def _url(self) -> str:
        """The address that Twilio signed: the public one, with this request's path and query."""
        if not self._public_url:
            return request.url
        query = request.query_string.decode("latin-1")
        return f"{self._public_url}{request.path}" + (f"?{query}" if query else "")


def names(app: App) -> dict[str, str]:
    """How the notes are called. Servers with another token or address, as during a deploy, have their own."""
    checked = json.dumps([app.settings.public_url, [token.get_secret_value() for token in app.settings.twilio_auth_token]])
    mark = hmac.digest(app.derived("gate"), checked.encode(), "sha256").hex()[:16]
    return {name: f"{name}:{mark}" for name in (ADMITTED, STRANGE, OURS)}


def refusals(app: App) -> tuple[bool, bool]:
    """Of the runs of wrong signatures that are told: whether Twilio's own are refused, and whether there are any.

    Raises StoreDown.
    """
    called = names(app)
    ours = app.store.noted(called[OURS])
    wrong = ours and not app.store.noted(called[ADMITTED])
    return wrong, ours or app.store.noted(called[STRANGE])
