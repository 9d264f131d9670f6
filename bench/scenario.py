"""What the contacts of a benchmark write, and the node whose words must answer: four turns, with a typo and free words."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from urllib.parse import urlencode
from xml.sax.saxutils import escape

from twilio.request_validator import RequestValidator

from bot.content import Loaded

TOKEN = "twilio token of the benchmark"
SECRET = "a benchmark's secret of 32 characters"
PUBLIC_URL = "https://helpline.example.org"
PATH = "/twilio/sms"
TURNS = 4

# (text, the node that answers). No two contacts write a typo or a question quite alike (see `texts`): what the helpline
# remembers of texts it has read may help with "hi", "menu" and "1", as it does with people, and with nothing else.
CONVERSATIONS: tuple[tuple[tuple[str, str], ...], ...] = tuple(
    tuple(zip(texts, nodes.split(), strict=True))
    for texts, nodes in (
        (
            ("hi", "Detoxx", "1", "what is suboxone"),
            "say.banner detox.start withdrawal.start medication.buprenorphine",
        ),
        (
            ("hello", "famly", "2", "my son is using heroin again and lies to me"),
            "say.banner family.start family.unsure family.start",
        ),
        (
            ("hey", "medicin", "1", "how long does it take for methadone to work"),
            "say.banner medication.start medication.buprenorphine medication.methadone",
        ),
        (
            ("Good evening", "sgins", "2", "what are the warning signs of heroin use"),
            "say.banner signs.start signs.other signs.start",
        ),
        (
            ("hi there", "trreatment", "menu", "how do i find a free rehab with no insurance"),
            "say.banner find.start main.start cost.none",
        ),
        (
            ("hey", "dettox", "1", "where can i get narcan for my purse"),
            "say.banner detox.start withdrawal.start naloxone.get",
        ),
        (("hello", "4", "Detoxx", "does medicaid pay for suboxone"), "say.banner family.start detox.start cost.medicine"),
        (
            ("hi", "fmaily", "1", "can i take suboxone while im pregnant"),
            "say.banner family.start family.danger pregnancy.meds",
        ),
        (
            ("hey", "3", "methadon", "how do i stay clean after rehab"),
            "say.banner medication.start medication.methadone recovery.ontrack",
        ),
        (
            ("hello", "2", "plannig", "will my boss find out if i go to treatment"),
            "say.banner detox.start detox.plan privacy.job",
        ),
    )
)

ALIKE = frozenset({"1", "2", "3", "4", "menu"})


def expected(loaded: Loaded) -> list[list[str]]:
    """For each of CONVERSATIONS the words that must stand in each answer, as TwiML holds them."""
    spoken = loaded.content.words.spoken["en"]
    return [[escape(spoken[node].text) for _, node in conversation] for conversation in CONVERSATIONS]


def number(contact: int) -> str:
    return f"+1{2_000_000_000 + contact}"


def form(contact: int, turn: int, text: str) -> dict[str, str]:
    """All that Twilio sends with a text in the US (FACTS E1); the message id tells contact and turn apart."""
    sid = f"SM{contact:024x}{turn:08x}"
    return {
        "ToCountry": "US", "ToState": "", "SmsMessageSid": sid, "NumMedia": "0", "ToCity": "", "FromZip": "97209",
        "SmsSid": sid, "FromState": "OR", "SmsStatus": "received", "FromCity": "PORTLAND", "Body": text, "FromCountry": "US",
        "To": "+15005550001", "ToZip": "", "NumSegments": "1", "MessageSid": sid, "AccountSid": "AC" + "0" * 32,
        "From": number(contact), "ApiVersion": "2010-04-01",
    }  # fmt: skip


def request(port: int, fields: dict[str, str]) -> bytes:
    """One signed request, ready to send."""
    body = urlencode(fields).encode()
    signature = RequestValidator(TOKEN).compute_signature(PUBLIC_URL + PATH, fields)
    head = (
        f"POST {PATH} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nUser-Agent: TwilioProxy/1.1\r\nAccept: */*\r\n"
        f"Content-Type: application/x-www-form-urlencoded; charset=UTF-8\r\nContent-Length: {len(body)}\r\n"
        f"X-Twilio-Signature: {signature}\r\nI-Twilio-Idempotency-Token: {fields['MessageSid']}\r\n\r\n"
    )
    return head.encode() + body


def texts(contact: int) -> Iterator[str]:
    """What `contact` writes, in order."""
    for text, node in CONVERSATIONS[contact % len(CONVERSATIONS)]:
        yield text if text in ALIKE or node == "say.banner" else text + _ending(contact)


def _ending(contact: int) -> str:
    """Signs behind a text, which change no word of it: 65,536 different ones before they come again."""
    mixed = contact * 40_503 % 65_536  # neighbours end differently from the first sign on
    return "".join(". !~"[mixed >> shift & 3] for shift in range(0, 16, 2)).rstrip()


def spread_evenly(conversations: int, at_once: int) -> Sequence[tuple[int, int]]:
    """(conversation, turn) in sending order for an open loop: the turns of one stand `at_once` messages apart."""
    order = []
    for first in range(0, conversations, at_once):
        block = range(first, min(first + at_once, conversations))
        order += [(conversation, turn) for turn in range(TURNS) for conversation in block]
    return order


def poisson(rate: float, count: int, seed: int = 1) -> list[float]:
    """When `count` messages arrive, in seconds from the start, `rate` a second on average. The same for the same seed."""
    chance = random.Random(seed)
    at, moments = 0.0, []
    for _ in range(count):
        at += chance.expovariate(rate)
        moments.append(at)
    return moments
