"""Twilio's REST API, for what leaves unasked: send one message, or find out whether one was sent. Imported by the worker only.

Nothing of Twilio's errors but their numbers leaves this file: their texts hold phone numbers.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import requests
from twilio.base.exceptions import TwilioException, TwilioRestException
from twilio.http.http_client import TwilioHttpClient
from twilio.rest import Client

from ..settings import PRETEND_ACCOUNT, Settings
from .errors import NO_ACCOUNT, Failed, Sent

TIMEOUT = 5.0  # seconds to connect, and as long again for the answer; the lease on a contact is longer than two requests
HOME = "https://api.twilio.com"
# Codes with an HTTP status of 400 that are no verdict: the same request may pass later. All other 400s are.
# https://www.twilio.com/docs/api/errors: too many requests; this number's queue is full; rate limits of SMS, 10DLC, WhatsApp.
RETRY = frozenset({20429, 14107, 21611, 30001, 30022, 63018})


class Twilio:
    """One account. Made once for a process."""

    def __init__(self, settings: Settings) -> None:
        account = settings.twilio_account_sid
        token = settings.twilio_auth_token[0].get_secret_value() if settings.twilio_auth_token else ""
        real = bool(account and token) and (account != PRETEND_ACCOUNT or bool(settings.twilio_api_url))
        self._client = Client(account, token, http_client=_Http(settings.twilio_api_url)) if real else None

    def send(self, to: str, sender: str, text: str, callback: str) -> Sent | Failed:
        """Hand over one message. Never raises.

        `sender`: a number, a short code, "whatsapp:+1..." or a Messaging Service (MG...).
        """
        if self._client is None:
            return Failed(NO_ACCOUNT)
        whose = {"messaging_service_sid": sender} if sender.startswith("MG") else {"from_": sender}
        more = {"status_callback": callback} if callback.startswith("https://") else {}
        try:
            message = self._client.messages.create(to=to, body=text, **whose, **more)
        except TwilioRestException as error:
            return _verdict(int(error.code or 0), int(error.status))
        except (requests.ConnectTimeout, requests.exceptions.ProxyError):
            return Failed(retry=True)
        except (TwilioException, requests.RequestException, ValueError, KeyError):
            return Failed(retry=True, unsure=True)
        return Sent(str(message.sid))

    def find(self, to: str, sender: str, text: str, since: float) -> list[str] | None:
        """The sids of messages like this one that were made since then, oldest first; None when Twilio cannot be asked."""
        if self._client is None:
            return []
        more: dict[str, Any] = {} if sender.startswith("MG") else {"from_": sender}
        begin = datetime.fromtimestamp(since, UTC)
        try:
            # DateSent is empty while a message is queued, so it is no filter: the last ones to this person are looked through.
            found = self._client.messages.list(to=to, limit=50, page_size=50, **more)
        except (TwilioException, requests.RequestException, ValueError, KeyError):
            return None
        like = [m for m in found if _plain(m.body) == _plain(text) and m.date_created and m.date_created >= begin]
        return [str(m.sid) for m in sorted(like, key=lambda m: m.date_created)]


def _plain(text: str | None) -> str:
    """A text as it is compared: Twilio trims it, and may change line ends and runs of spaces on its way."""
    return " ".join((text or "").split())


def _verdict(code: int, status: int) -> Failed:
    if status >= 500:
        return Failed(code, retry=True, unsure=True)
    # 401: a token that is being rotated. 429 is never processed, so it is safe to send again (errors/20429).
    return Failed(code, retry=code in RETRY or status in (401, 429))


class _Http(TwilioHttpClient):  # type: ignore[misc]
    """Twilio's own client with a deadline, sent to another address where the settings name one."""

    def __init__(self, url: str) -> None:
        super().__init__(timeout=TIMEOUT)
        self._url = url

    def request(self, method: str, url: str, *args: Any, **more: Any) -> Any:
        return super().request(method, url.replace(HOME, self._url, 1) if self._url else url, *args, **more)
