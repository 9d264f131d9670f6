"""From an address on a channel to a contact id: a keyed hash, so that the number itself is kept nowhere."""

from __future__ import annotations

import base64
import hashlib
import hmac

ID_BYTES = 16  # 128 bits: no two people meet, and the key is what keeps a list of numbers from being tried


def contact_id(secret: bytes, channel: str, address: str) -> str:
    """The id of whoever writes from `address` on `channel` ("sms", "whatsapp", "web"): 26 letters and digits."""
    mac = hmac.digest(secret, f"{channel}\0{address}".encode(), "sha256")
    return base64.b32encode(mac[:ID_BYTES]).decode().rstrip("=").lower()


def fingerprint(secret: bytes) -> str:
    """Tells two secrets apart without giving either away."""
    return hmac.new(secret, b"fingerprint", hashlib.sha256).hexdigest()[:16]


def message_digest(secret: bytes, contact: str, message_id: str) -> bytes:
    """Eight bytes that stand for a provider's message id."""
    return hmac.digest(secret, f"{contact}\0{message_id}".encode(), "sha256")[:8]
