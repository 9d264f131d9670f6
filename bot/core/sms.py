"""Segments of a text message: what it costs, and where it may be cut.

GSM-7: 160 characters in one segment, 153 each in several; UCS-2: 70 and 67 (FACTS E5). One character outside GSM-7 turns
the whole message into UCS-2.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

GSM7 = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
    "abcdefghijklmnopqrstuvwxyzäöñüà"
)
GSM7_TWICE = frozenset("^{}\\[~]|€")  # sent as two characters
LONGEST = 1600  # Twilio refuses a longer body (21617)


@dataclass(frozen=True, slots=True)
class Size:
    encoding: str
    characters: int
    segments: int


def size(text: str) -> Size:
    """How `text` travels: its encoding ("GSM-7" or "UCS-2"), characters as the encoding counts them, segments."""
    if all(c in GSM7 or c in GSM7_TWICE for c in text):
        length = len(text) + sum(c in GSM7_TWICE for c in text)
        return Size("GSM-7", length, 1 if length <= 160 else -(-length // 153))
    length = len(text.encode("utf-16-le")) // 2
    return Size("UCS-2", length, 1 if length <= 70 else -(-length // 67))


def costly(text: str) -> list[str]:
    """The characters of `text` that force UCS-2, in order, each once."""
    return list(dict.fromkeys(c for c in text if c not in GSM7 and c not in GSM7_TWICE))


def split(text: str, longest: int = LONGEST) -> list[str]:
    """`text` in pieces of at most `longest` characters, cut at a line, else a sentence, else a space."""
    pieces = []
    while len(text) > longest:
        window = text[:longest]
        cut = window.rfind("\n") + 1 or _last(r"[.!?]\s", window) or window.rfind(" ") + 1 or longest
        pieces.append(text[:cut].rstrip())
        text = text[cut:].lstrip()
    return [*pieces, text] if text or not pieces else pieces


def _last(pattern: str, text: str) -> int:
    end = 0
    for found in re.finditer(pattern, text):
        end = found.end()
    return end
