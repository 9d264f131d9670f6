"""Fields of strangers' files and answers, fit for a text message: one line, plain characters, a number to dial."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from base64 import b32encode
from collections.abc import Iterable

from ..core.sms import GSM7

LONGEST = 100  # characters of a name or street; the longest real one has 77
_NUMBER = re.compile(
    r"(?<!\d)(?:\+?1[ .-]{0,2})?\(?([2-9]\d\d)\)?[ .-]{0,3}([2-9]\d\d)[ .-]{0,3}(\d{4})(?!\d)(?:\s*(?:x|ext\.?)\s*(\d{1,6}))?",
    re.IGNORECASE,
)
_MARKUP = re.compile(r"<[^>]*>|https?://\S+|www\.\S+", re.IGNORECASE)
_SAME = str.maketrans({"‘": "'", "’": "'", "“": '"', "”": '"', "–": "-", "—": "-", "…": "...", "\xa0": " "})
_SENT_TWICE = frozenset("^{}\\[~]|€_@")  # cost two characters, or end a session's stored field, or fill in words of ours


_AS_TEXT = re.compile(r'="([^"]*)"|\'(?=\d)(.*)')  # how spreadsheets are told to leave 02139 alone
_NOTHING = re.compile(r"=.*|#(?:n/a|ref!|name\?|value!|div/0!|null!|num!)|n/?a|null|none|-+", re.IGNORECASE | re.DOTALL)


def cell(raw: str) -> str:
    """What a cell of a spreadsheet says; "" for a formula, an error, or a word for nothing."""
    raw = raw.strip()
    told = _AS_TEXT.fullmatch(raw)
    if told:
        return (told.group(1) or told.group(2) or "").strip()
    return "" if _NOTHING.fullmatch(raw) else raw


def text(raw: object) -> str:
    """`raw` in characters that a cheap text message holds: no markup, no address, no control characters, one line."""
    if not isinstance(raw, str):
        return ""
    plain = _MARKUP.sub(" ", raw[:1000].translate(_SAME))
    kept = (c if c in GSM7 else unicodedata.normalize("NFKD", c)[:1] for c in plain)
    told = "".join(c if c in GSM7 and c not in _SENT_TWICE and c not in "\n\r" else " " for c in kept)
    return " ".join(told.split())[:LONGEST].strip(" ,")


def phone(raw: object) -> str:
    """The first number in `raw` that can be dialed in the United States, as 617-555-0123 or 617-555-0123 x12; else ""."""
    found = _NUMBER.search(raw[:200]) if isinstance(raw, str) else None
    if found is None:
        return ""
    area, office, line, extension = found.groups()
    return f"{area}-{office}-{line}" + (f" x{extension}" if extension and extension.strip("0") else "")


def zip_code(raw: str) -> str:
    """Five digits of "6401", "6401.0", "99654-8525", "64011234"; "" when it is none. Spreadsheets drop leading zeros."""
    digits = re.sub(r"\.0*$", "", raw.strip()).replace(" ", "")
    first, _, plus = digits.partition("-")
    if not (first.isdigit() and first.isascii()):
        return ""
    if not plus and len(first) in (8, 9):
        return first.zfill(9)[:5]
    return first.zfill(5) if 3 <= len(first) <= 5 else ""


def identity(known: Iterable[object]) -> str:
    """A short id of all that a row says: the same row gets the same one at each import."""
    digest = hashlib.blake2b("\x1f".join(map(str, known)).encode(), digest_size=7).digest()
    return b32encode(digest).decode().lower()[:10]  # 50 bits: among 500,000 places two hardly ever share one
