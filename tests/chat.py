"""The page of the web chat, without a browser."""

from __future__ import annotations

import itertools
from typing import Any

from bot import tickets
from bot.app import App
from bot.store import Record, StoreDown
from bot.store.memory import MemoryStore
from bot.web import create_app


class Away(MemoryStore):
    """A store that does not answer while `away`."""

    away = False

    def load(self, contact: str) -> Record:
        if self.away:
            raise StoreDown("away")
        return super().load(contact)


class Chat:
    """It says, looks for texts, and is closed."""

    def __init__(self, app: App) -> None:
        self.app, self.client, self.ids = app, create_app(app).test_client(), itertools.count()
        self.token = self.client.get("/chat").text.split('data-token="')[1].split('"')[0]

    def says(self, text: str) -> str:
        return "\n".join(str(words) for words in self.told(text)["messages"])

    def told(self, text: str, id: str = "") -> dict[str, Any]:
        """All that the page is told. The same `id` again: the answer was lost."""
        body = {"token": self.token, "text": text, "id": id or f"m{next(self.ids)}"}
        return dict(self.client.post("/chat/messages", json=body).json or {})

    def looks(self, again: bool = False, **headers: str) -> dict[str, object]:
        body = {"token": self.token, "since": "", "again": again}
        return dict(self.client.post("/chat/inbox", json=body, headers=headers).json or {})

    def closes(self) -> None:
        self.client.post("/chat/leave", data=f'{{"token": "{self.token}", "page": true}}')

    def in_line(self) -> str:
        for text in ("HUMAN", "3", "1"):
            self.says(text)
        return tickets.queue(self.app)[0].id
