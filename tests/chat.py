"""The page of the web chat, without a browser."""

from __future__ import annotations

import itertools

from bot import tickets
from bot.app import App
from bot.web import create_app


class Chat:
    """It says, looks for texts, and is closed."""

    def __init__(self, app: App) -> None:
        self.app, self.client, self.ids = app, create_app(app).test_client(), itertools.count()
        self.token = self.client.get("/chat").text.split('data-token="')[1].split('"')[0]

    def says(self, text: str) -> str:
        body = {"token": self.token, "text": text, "id": f"m{next(self.ids)}"}
        return "\n".join((self.client.post("/chat/messages", json=body).json or {})["messages"])

    def looks(self, again: bool = False) -> dict[str, object]:
        return dict(self.client.post("/chat/inbox", json={"token": self.token, "since": "", "again": again}).json or {})

    def closes(self) -> None:
        self.client.post("/chat/leave", data=f'{{"token": "{self.token}", "page": true}}')

    def in_line(self) -> str:
        for text in ("HUMAN", "3", "1"):
            self.says(text)
        return tickets.queue(self.app)[0].id
