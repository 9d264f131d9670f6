"""Twilio's webhook for SMS and WhatsApp: check who asks, read the form, answer with TwiML.

Form fields and signature: FACTS E1, E2. Parameters change without notice, so unknown ones are fine, and the signature is
checked over all of them.
"""

from __future__ import annotations

from flask import Blueprint, Response, request
from werkzeug.datastructures import MultiDict

from ..app import App
from ..contacts import contact_id
from ..core.messages import Message
from ..country import is_abroad
from ..inbound import receive
from ..outbound import callback, note_status
from .gate import Gate
from .twiml import twiml

WHATSAPP = "whatsapp:"
RETRY_HEADER = "I-Twilio-Idempotency-Token"
CARRIER_DID = frozenset({"STOP", "START", "HELP"})


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
