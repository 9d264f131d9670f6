"""What comes in and what goes out, as plain data."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Message:
    """One inbound text.

    `contact` is the pseudonymous id of who wrote (never the number), `channel` "sms", "whatsapp" or "web", `id` the
    provider's id of this message, equal on a retry ("" when the channel has none). `media` counts pictures and voice
    notes, which are never fetched. `abroad`: the sender's number is of a country that this line does not serve.
    `carrier_did` is "STOP", "START" or "HELP" when the carrier has answered that word itself (Twilio's OptOutType).
    `address` and `sender` are the person's number and the one they wrote to, as the channel writes them: kept only, encrypted,
    when they ask for a counselor.
    """

    contact: str
    text: str
    id: str = ""
    channel: str = "sms"
    media: int = 0
    carrier_did: str = ""
    abroad: bool = False
    address: str = field(default="", repr=False)
    sender: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """Which texts answer a message: a language and the ids of what is said, in order.

    Small enough to be stored, so that a retry is rendered again from it. A part is a node id ("detox.start"), or with
    "#choices" only its numbered choices, or with "#text" only its words. `places`: what a part lists, each as the place's
    id, a colon and tenths of a mile.
    """

    lang: str
    parts: tuple[str, ...]
    places: tuple[str, ...] = ()

    def pack(self) -> str:
        return " ".join((self.lang, *self.parts, *(f"@{place}" for place in self.places)))

    @staticmethod
    def unpack(packed: str) -> Answer:
        lang, *rest = packed.split(" ")
        places = tuple(part[1:] for part in rest if part.startswith("@"))
        return Answer(lang, tuple(part for part in rest if not part.startswith("@")), places)


NOTHING = Answer("en", ())
