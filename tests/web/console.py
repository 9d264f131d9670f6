"""A browser that signs in to the console, as the tests of it need one."""

from __future__ import annotations

import html
import re

import redis
from argon2 import PasswordHasher
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from bot.app import App
from bot.staff import Role, Staff
from bot.web.create import create_console

PASSWORD = "seven green bicycles"
QUICK = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)  # a hash names its cost, so that signing in is quick as well


def staff(app: App, raw: redis.Redis) -> Staff:
    return Staff(raw, app.clock, app.live, hasher=QUICK)


def hire(app: App, raw: redis.Redis, name: str, role: Role = "counselor") -> str:
    """A new account with PASSWORD; its staff id."""
    people = staff(app, raw)
    account = people.add(name, role)
    people.set_password(name, PASSWORD)
    return account.id


class Desk:
    """One person's browser."""

    def __init__(self, app: App) -> None:
        self.client: FlaskClient = create_console(app).test_client()
        self.token = ""

    def get(self, path: str, script: bool = False) -> TestResponse:
        answer = self.client.get(f"/console{path}", headers={"X-Requested-With": "console"} if script else {})
        if found := re.search(r'name="csrf_token" value="([^"]+)"', answer.text):
            self.token = html.unescape(found[1])
        return answer

    def post(self, path: str, script: bool = False, **form: str) -> TestResponse:
        headers = {"X-Requested-With": "console", "X-CSRFToken": self.token} if script else {}
        data = form if script else {"csrf_token": self.token, **form}
        return self.client.post(f"/console{path}", data=data, headers=headers)

    def sign_in(self, name: str, password: str = PASSWORD) -> TestResponse:
        self.get("/sign-in")
        return self.post("/sign-in", name=name, password=password)

    @property
    def is_in(self) -> bool:
        """Whether the session holds: then the sign-in page leads on to the queue."""
        return self.client.get("/console/sign-in").status_code == 303
