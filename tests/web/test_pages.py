"""The public pages hold what phone companies look for, and the chat's requests are its own."""

from __future__ import annotations

from dataclasses import replace

import pytest
import redis
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from bot.app import App
from bot.content import Loaded
from bot.store import Store
from bot.web import create_app
from tests.phone import Clock, make_app

ID = "0b6f4f0e-0000-4000-8000-000000000001"


@pytest.fixture
def client(app: App) -> FlaskClient:
    return create_app(app).test_client()


def token(client: FlaskClient) -> str:
    return client.get("/chat").text.split('data-token="')[1].split('"')[0]


@pytest.mark.parametrize(
    ("path", "holds"),
    [
        (
            "/",
            [
                "Opioid Text Line",
                "Message and data rates may apply",
                "1 msg/request",
                "STOP",
                "HELP",
                "/terms",
                "/privacy",
                "911",
            ],
        ),
        ("/terms", ["not a substitute for professional medical advice", "STOP", "HELP", "Message frequency", "not liable"]),
        ("/privacy", ["do not sell or share mobile information", "Twilio", "FORGET", "24 hours"]),
        ("/about", ["Your organization", "have not been reviewed", "ASAM"]),
    ],
)
def test_a_public_page_holds_what_it_must(client: FlaskClient, path: str, holds: list[str]) -> None:
    page = client.get(path)
    assert page.status_code == 200
    words = " ".join(page.text.split())
    assert [one for one in holds if one not in words] == []
    assert "http://" not in words
    assert "script-src 'self'" in page.headers["Content-Security-Policy"]
    assert page.headers["Cache-Control"] == "no-store"
    assert "Set-Cookie" not in page.headers


def test_where_there_is_no_page_there_is_a_way_to_a_person(client: FlaskClient) -> None:
    for path in ("/nothing", "/chat/nothing", "/console/nothing"):
        page = client.get(path)
        assert page.status_code == 404
        assert "There is no page here" in page.text
        assert ("1-800-662-4357" in page.text) == (not path.startswith("/console"))
    assert "<main" not in client.get("/twilio/nothing").text


def test_the_chat_answers_and_counts_a_repeated_id_once(client: FlaskClient) -> None:
    mine = token(client)
    first = client.post("/chat/messages", json={"token": mine, "id": ID, "text": "detox"}).json
    again = client.post("/chat/messages", json={"token": mine, "id": ID, "text": "detox"}).json
    assert first is not None
    assert again is not None
    assert first["messages"] == again["messages"]
    assert again["why"]["means"] == "repeated"


def test_leaving_erases_the_conversation_but_not_a_stop(client: FlaskClient, app: App) -> None:
    mine = token(client)
    client.post("/chat/messages", json={"token": mine, "id": ID, "text": "STOP"})
    assert client.post("/chat/leave", data=f'{{"token": "{mine}"}}', content_type="text/plain").status_code == 204
    said = client.post("/chat/messages", json={"token": mine, "id": "2", "text": "hello"}).json
    assert said is not None
    assert said["messages"][0].startswith("You texted STOP")


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"token": "forged", "id": ID, "text": "hi"}, 401),
        ({"id": ID, "text": "hi"}, 401),
        ({"token": None, "id": ID, "text": "hi"}, 401),
        ([], 401),
    ],
)
def test_a_request_without_its_own_token_is_refused(client: FlaskClient, body: object, status: int) -> None:
    assert client.post("/chat/messages", json=body).status_code == status


@pytest.mark.parametrize(
    "body", [{"id": ID}, {"text": "hi"}, {"text": 3, "id": ID}, {"text": "hi", "id": ""}, {"text": "hi", "id": "x" * 65}]
)
def test_a_request_that_is_no_message_is_refused(client: FlaskClient, body: dict[str, object]) -> None:
    assert client.post("/chat/messages", json={"token": token(client), **body}).status_code == 400


def test_production_shows_no_reasons(app: App) -> None:
    client = create_app(replace(app, live=True)).test_client()
    page = client.get("/chat").text
    assert "Development" not in page
    said = client.post("/chat/messages", json={"token": page.split('data-token="')[1].split('"')[0], "id": ID, "text": "hi"}).json
    assert said is not None
    assert "why" not in said


def begin(app: App, address: str) -> TestResponse:
    return create_app(app).test_client().get("/chat", environ_base={"REMOTE_ADDR": address})


def test_one_address_may_begin_so_many_chats_an_hour_and_no_more(
    loaded: Loaded, store: Store, raw: redis.Redis, clock: Clock
) -> None:
    app = make_app(loaded, store, clock, chats_per_hour=3)
    assert [begin(app, "8.8.4.4").status_code for _ in range(4)] == [200, 200, 200, 429]
    full = begin(app, "8.8.4.4")
    assert all(number in full.text for number in ("911", "988", "1-800-662-4357"))
    assert begin(app, "8.8.8.8").status_code == 200
    assert not any(b"8.8." in key for key in raw.scan_iter())
    clock.pass_(3600)
    assert begin(app, "8.8.4.4").status_code == 200


def test_a_household_with_a_whole_network_of_addresses_is_one(loaded: Loaded, store: Store, clock: Clock) -> None:
    app = make_app(loaded, store, clock, chats_per_hour=3)
    codes = [begin(app, f"2600:1700:1:2::{i}").status_code for i in range(4)]
    assert codes == [200, 200, 200, 429]
    assert begin(app, "2600:1700:1:3::1").status_code == 200
    assert [begin(app, f"::ffff:8.8.8.{i}").status_code for i in range(4)] == [200] * 4
