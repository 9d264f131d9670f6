"""A phone that texts the helpline by the front door: forms as Twilio sends them, signed, answered as TwiML."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import xmlschema
from pydantic import SecretStr
from twilio.request_validator import RequestValidator
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from bot.app import NO_PLACES, App
from bot.content import Loaded
from bot.directory import Sources
from bot.settings import Settings
from bot.store import Store
from bot.web import create_app

SECRET = "a secret of thirty-two characters"
TOKEN = "twilio token of the tests"
PUBLIC_URL = "https://helpline.example.org"
NUMBER = "+15005550006"
KEY = "4wrS-kWbLkfmQk1nzZBoCQvgRWFPAmF0cbGfnfNzQVY="
START = 1_795_000_000.0  # some evening in November 2026
TWIML = xmlschema.XMLSchema(Path(__file__).parent / "web" / "messaging_twiml.xsd")

_ids = itertools.count(1)


class Clock:
    """Time as an argument: moves only when a test says so."""

    def __init__(self, now: float = START) -> None:
        self.now = now

    def __call__(self) -> float:
        return self.now

    def pass_(self, seconds: float) -> None:
        self.now += seconds


def make_app(loaded: Loaded, store: Store, clock: Clock, places: Sources = NO_PLACES, **settings: Any) -> App:
    given: dict[str, Any] = {
        "helpline_secret": SecretStr(SECRET),
        "twilio_auth_token": [SecretStr(TOKEN)],
        "public_url": PUBLIC_URL,
        "helpline_keys": [SecretStr(KEY)],
    }
    return App(Settings(**(given | settings)), loaded, store, clock, places=places)


def sign(form: Iterable[tuple[str, str]], url: str = f"{PUBLIC_URL}/twilio/sms", token: str = TOKEN) -> str:
    return str(RequestValidator(token).compute_signature(url, MultiDict(form)))


def messages(twiml: str) -> list[str]:
    """The messages in `twiml`, which must be what Twilio accepts."""
    TWIML.validate(twiml)
    return ["".join(message.itertext()) for message in ElementTree.fromstring(twiml)]


class Phone:
    def __init__(self, app: App, number: str = NUMBER) -> None:
        self.app, self.number = app, number
        self.client = create_app(app).test_client()
        self.last_id = ""

    def post(self, form: Iterable[tuple[str, str]], signature: str | None = None, path: str = "/twilio/sms") -> TestResponse:
        pairs = list(form)
        signed = sign(pairs, f"{PUBLIC_URL}{path}") if signature is None else signature
        return self.client.post(path, data=MultiDict(pairs), headers={"X-Twilio-Signature": signed})

    def text(self, body: str, message_id: str = "", **more: str) -> list[str]:
        """Send `body`; the messages that come back."""
        self.last_id = message_id or f"SM{next(_ids):032x}"
        form: Mapping[str, str] = {
            "MessageSid": self.last_id, "SmsSid": self.last_id, "SmsMessageSid": self.last_id, "AccountSid": "AC" + "0" * 32,
            "From": self.number, "To": "+15005550001", "Body": body, "NumMedia": "0", "NumSegments": "1",
            "SmsStatus": "received", "ApiVersion": "2010-04-01", "FromZip": "", "FromCountry": "US",
        }  # fmt: skip
        response = self.post({**form, **more}.items())
        assert response.status_code == 200, response.text
        assert response.mimetype == "text/xml"
        return messages(response.text)

    def says(self, body: str, **more: str) -> str:
        """Send `body`; all that comes back, as one text."""
        return "\n".join(self.text(body, **more))
