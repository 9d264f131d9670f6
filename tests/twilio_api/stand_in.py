"""A local stand-in for Twilio's REST API: takes and lists messages, and checks each request against Twilio's own description."""

from __future__ import annotations

import base64
import json
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from jsonschema import Draft202012Validator, FormatChecker

SCHEMA = json.loads((Path(__file__).parent / "message.json").read_text())
ACCOUNT = "AC" + "a1" * 16
TYPES: dict[str, Callable[[str], Any]] = {
    "integer": int,
    "number": float,
    "boolean": lambda v: {"true": True, "false": False}[v.lower()],
}
# E.164, a short code, or an address of another channel; the description says "phone-number" and leaves it at that.
ADDRESS = re.compile(r"(whatsapp:)?\+[1-9]\d{6,14}|\d{3,8}")

formats = FormatChecker()


@formats.checks("phone-number")
def _is_address(value: object) -> bool:
    return not isinstance(value, str) or bool(ADDRESS.fullmatch(value))


@formats.checks("uri")
def _is_uri(value: object) -> bool:
    return not isinstance(value, str) or bool(re.fullmatch(r"https?://[^\s_/]+(/\S*)?", value))  # a host without underscores


@dataclass
class StandIn:
    """What was taken, in order, and what the next requests meet. `wrong`: what broke Twilio's description; must stay empty."""

    token: str
    url: str = ""
    messages: list[dict[str, Any]] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    answers: list[tuple[int, int] | str] = field(default_factory=list)  # (status, code); "cut" or "late": taken, never answered
    let_go: threading.Event = field(default_factory=threading.Event)  # ends what is "late"
    seen: threading.Condition = field(default_factory=threading.Condition)

    def texts(self, to: str = "") -> list[str]:
        return [m["body"] for m in self.messages if not to or m["to"] == to]

    def wait_for(self, count: int, seconds: float = 40.0) -> list[str]:
        """The first `count` texts, as soon as there are so many."""
        with self.seen:
            self.seen.wait_for(lambda: len(self.messages) >= count, seconds)
        return self.texts()


@contextmanager
def stand_in(token: str) -> Iterator[StandIn]:
    state = StandIn(token)
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(state))
    server.daemon_threads = True
    state.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield state
    finally:
        state.let_go.set()
        server.shutdown()
        server.server_close()
        thread.join()


def _handler(state: StandIn) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            length = int(self.headers.get("Content-Length", "0"))
            if self.headers.get("Content-Type", "").split(";")[0] != "application/x-www-form-urlencoded":
                state.wrong.append("not a form")
            form = _typed(parse_qs(self.rfile.read(length).decode(), keep_blank_values=True), "create")
            if not self._admitted() or not self._fits("create", form):
                return
            answer = state.answers.pop(0) if state.answers else None
            if isinstance(answer, tuple):
                self._say(answer[0], {"status": answer[0], "code": answer[1], "message": "of " + form["To"], "more_info": ""})
                return
            message = _take(state, form)
            if answer == "late":
                state.let_go.wait(30)
            if answer in ("cut", "late"):
                self.connection.close()
                return
            self._say(201, message)

        def do_GET(self) -> None:
            query = _typed(parse_qs(urlsplit(self.path).query), "list")
            if not self._admitted() or not self._fits("list", query):
                return
            found = [m for m in reversed(state.messages) if m["to"] == query.get("To", m["to"])]
            found = [m for m in found if m["from"] == query.get("From", m["from"])]
            self._say(200, {"messages": found, "page": 0, "page_size": 50, "next_page_uri": None, "uri": self.path})

        def _admitted(self) -> bool:
            basic = base64.b64encode(f"{ACCOUNT}:{state.token}".encode()).decode()
            if self.headers.get("Authorization") == f"Basic {basic}":
                return True
            self._say(401, {"status": 401, "code": 20003, "message": "Authenticate", "more_info": ""})
            return False

        def _fits(self, what: str, data: dict[str, Any]) -> bool:
            path = urlsplit(self.path).path
            wrong = [] if path == f"/2010-04-01/Accounts/{ACCOUNT}/Messages.json" else [f"path {path}"]
            wrong += [e.message for e in Draft202012Validator(SCHEMA[what], format_checker=formats).iter_errors(data)]
            if what == "create" and ("From" in data) == ("MessagingServiceSid" in data):
                wrong.append("exactly one of From and MessagingServiceSid")
            if what == "create" and not 0 < len(data.get("Body", "")) <= 1600:
                wrong.append("Body is empty or too long")
            state.wrong += wrong
            if wrong:
                self._say(400, {"status": 400, "code": 21212, "message": "; ".join(wrong), "more_info": ""})
            return not wrong

        def _say(self, status: int, body: dict[str, Any]) -> None:
            data = json.dumps(body).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, format: str, *args: object) -> None:
            """Quiet."""

    return Handler


def _typed(form: dict[str, list[str]], what: str) -> dict[str, Any]:
    """Form values as the description types them."""
    properties = SCHEMA[what]["properties"]
    typed: dict[str, Any] = {}
    for name, values in form.items():
        kind = properties.get(name, {}).get("type", "string")
        typed[name] = values if kind == "array" else TYPES.get(kind, str)(values[0])
    return typed


def _take(state: StandIn, form: dict[str, Any]) -> dict[str, Any]:
    now = format_datetime(datetime.now(UTC))
    message = {
        "sid": f"SM{len(state.messages) + 1:032x}", "account_sid": ACCOUNT, "api_version": "2010-04-01", "body": form["Body"],
        "to": form["To"], "from": form.get("From"), "messaging_service_sid": form.get("MessagingServiceSid"), "status": "queued",
        "date_created": now, "date_updated": now, "date_sent": None, "direction": "outbound-api", "error_code": None,
        "error_message": None, "num_media": "0", "num_segments": "1", "price": None, "price_unit": None, "subresource_uris": {},
        "uri": "", "callback": form.get("StatusCallback", ""),
    }  # fmt: skip
    with state.seen:
        state.messages.append(message)
        state.seen.notify_all()
    return message
