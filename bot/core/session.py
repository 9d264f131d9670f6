"""One conversation, as little of it as the next answer needs. Holds no number and no text."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import NamedTuple

from .find import Search
from .messages import Answer

RECENT = 8  # a provider retries within minutes; eight messages cover that and bound the blob
HISTORY = 6  # how many steps BACK can go

MINUTE, HOUR, DAY = 60, 3600, 86400
EMERGENCY_LIFE = 6 * HOUR  # after this a "1" is no longer an answer to an emergency step


class Pace(NamedTuple):
    """How fast somebody texts: a minute since the epoch, the texts of the one before it, and its own."""

    minute: int = 0
    before: int = 0
    texts: int = 0


AT_REST = Pace()


@dataclass(frozen=True, slots=True)
class Session:
    """Where a contact stands.

    node: the node whose question waits ("" before the first). lang: "en", "es", or "" while unknown.
    history: nodes that BACK returns to, newest last. misses: texts in a row that were not understood.
    seen: epoch seconds of the last text. greeted: whether we have said who we are.
    emergency: "overdose", "suicide" or ""; emergency_at its epoch seconds.
    noticed_at: when an opted-out person was last told that we do not answer.
    search: what the person looks for near which ZIP code, while that search is open.
    recent: (8-byte digest of a message id, packed Answer), newest last.
    pace: for the flood guard. told: what is said only once ("flood", "auto").
    """

    node: str = ""
    lang: str = ""
    history: tuple[str, ...] = ()
    misses: int = 0
    seen: int = 0
    greeted: bool = False
    emergency: str = ""
    emergency_at: int = 0
    noticed_at: int = 0
    recent: tuple[tuple[bytes, str], ...] = ()
    pace: Pace = AT_REST
    told: tuple[str, ...] = ()
    search: Search | None = None

    def emergency_alive(self, now: float) -> str:
        """The emergency that this conversation is still in, or ""."""
        return self.emergency if now - self.emergency_at < EMERGENCY_LIFE else ""

    def moved(self, node: str) -> Session:
        """This session at `node`, remembering the way back. Whoever is led on was understood."""
        stays = node == self.node or not self.node
        return replace(self, node=node, misses=0, history=self.history if stays else (*self.history, self.node)[-HISTORY:])

    def recall(self, digest: bytes) -> Answer | None:
        """The answer already given to the message with this digest, if it is one of the last few."""
        for known, packed in self.recent:
            if known == digest:
                return Answer.unpack(packed)
        return None

    def remember(self, digest: bytes, answer: Answer) -> Session:
        return replace(self, recent=(*self.recent, (digest, answer.pack()))[-RECENT:])
