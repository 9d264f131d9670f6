"""Twilio's webhook for SMS and WhatsApp: check who asks, read the form, answer with TwiML.

Form fields and signature: FACTS E1, E2. Parameters change without notice, so unknown ones are fine, and the signature is
checked over all of them.
"""

from __future__ import annotations

from contextlib import suppress

from flask import Blueprint, Response, request
from twilio.request_validator import RequestValidator
from werkzeug.datastructures import MultiDict

from ..app import App
from ..contacts import contact_id
from ..core.messages import Message
from ..country import is_abroad
from ..inbound import receive
from ..log import log
from ..outbound import callback, note_status
from ..store import StoreDown
from .twiml import twiml

WHATSAPP = "whatsapp:"
RETRY_HEADER = "I-Twilio-Idempotency-Token"
CARRIER_DID = frozenset({"STOP", "START", "HELP"})
REFUSED = "refused"  # the note that /health/ready shows
TOLD_FOR = 600  # seconds
REFUSED_IN_A_ROW = 5  # then it is not a stray scanner but a wrong PUBLIC_URL or token, and people hear nothing


def blueprint(app: App) -> Blueprint:
    routes = Blueprint("twilio", __name__)
    gate = Gate(app)

    @routes.post("/twilio/sms")
    def sms() -> Response:
        if not gate.admits():
            return Response("The signature does not fit.", 403, mimetype="text/plain")
        if not request.form.get("From"):
            return Response("Not a message: From is missing.", 400, mimetype="text/plain")
        outcome = receive(app, read(request.form, app.secret, request.headers.get(RETRY_HEADER, "")))
        return Response(twiml(outcome.messages, callback(app)), mimetype="text/xml")

    @routes.post("/twilio/status")
    def status() -> Response:
        """How a message of ours fares: an answer, or with ?m= one that left unasked (bot.outbound)."""
        if not gate.admits():
            return Response("The signature does not fit.", 403, mimetype="text/plain")
        form = request.form
        address = form.get("To", "")
        if address:
            channel = "whatsapp" if address.startswith(WHATSAPP) else "sms"
            contact = contact_id(app.secret, channel, address.removeprefix(WHATSAPP))
            state = form.get("MessageStatus", "") or form.get("SmsStatus", "")
            note_status(
                app,
                contact,
                request.args.get("m", ""),
                state,
                _code(form.get("ErrorCode", "")),
                form.get("MessageSid", ""),
                _moment(request.args.get("at", ""), app.clock()),
            )
        return Response(status=204)

    return routes


def read(form: MultiDict[str, str], secret: bytes, token: str = "") -> Message:
    """The message in Twilio's form. The address becomes a contact id here; it is kept only, encrypted,
    for a hand-off.

    `token`: Twilio's idempotency token, equal on a retry, for a form without a message id.
    """
    address = form.get("From", "")
    channel = "whatsapp" if address.startswith(WHATSAPP) else "sms"
    number = address.removeprefix(WHATSAPP)
    did = form.get("OptOutType", "").upper()
    return Message(
        contact=contact_id(secret, channel, number),
        text=form.get("Body", ""),
        id=form.get("MessageSid", "") or form.get("SmsMessageSid", "") or form.get("SmsSid", "") or token,
        channel=channel,
        media=_count(form.get("NumMedia", "0")),
        carrier_did=did if did in CARRIER_DID else "",
        abroad=is_abroad(number),
        address=address,
        sender=form.get("To", ""),
    )


class Gate:
    """Lets through what Twilio signed. A run of refusals is logged once with the address used, and noted for /health/ready."""

    def __init__(self, app: App) -> None:
        self._public_url = app.settings.public_url
        self._validators = [RequestValidator(token.get_secret_value()) for token in app.settings.twilio_auth_token]
        self._store = app.store
        self.refused = 0

    def admits(self) -> bool:
        signature = request.headers.get("X-Twilio-Signature", "")
        url = self._url()
        if signature and any(validator.validate(url, request.form, signature) for validator in self._validators):
            if self.refused >= REFUSED_IN_A_ROW:
                self._note(0)
            self.refused = 0
            return True
        self.refused += 1
        if self.refused == REFUSED_IN_A_ROW:
            hint = "If these come from Twilio, PUBLIC_URL or TWILIO_AUTH_TOKEN is wrong, and people get no answer."
            log.error("signatures_refused", count=self.refused, url=url, hint=hint)
            self._note(TOLD_FOR)
        return False

    def _note(self, life: int) -> None:
        """Tell the other processes, best effort."""
        with suppress(StoreDown):
            self._store.note(REFUSED, life)

    def _url(self) -> str:
        """The address that Twilio signed: the public one, with this request's path and query."""
        if not self._public_url:
            return request.url
        query = request.query_string.decode("latin-1")
        return f"{self._public_url}{request.path}" + (f"?{query}" if query else "")


def _code(value: str) -> int:
    return int(value) if value.isascii() and value.isdigit() and len(value) < 7 else 0


def _moment(value: str, now: float) -> float:
    """Epoch seconds from an address of ours that Twilio signed; `now` where it holds none, and never later than that."""
    try:
        return min(float(value), now) if value[:1].isdigit() else now
    except ValueError:
        return now


def _count(value: str) -> int:
    return int(value) if value.isascii() and value.isdigit() and len(value) < 4 else 0
