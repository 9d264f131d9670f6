"""Seals what must be kept of a hand-off: texts, numbers, tickets. The first of HELPLINE_KEYS seals, all of them open."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import msgpack
from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from .problem import Problem


class NoKeys(Problem):
    """Nothing can be sealed."""

    def __init__(self) -> None:
        super().__init__("HELPLINE_KEYS is not set: a hand-off keeps texts, and they are kept encrypted or not at all.")


class Vault:
    """Plain data (lists, texts, numbers) in, sealed bytes out, and back."""

    def __init__(self, keys: tuple[str, ...]) -> None:
        if not keys:
            raise NoKeys
        self._fernet = MultiFernet([Fernet(key.encode()) for key in keys])

    def seal(self, data: Any) -> bytes:
        return self._fernet.encrypt(msgpack.packb(data))

    def open(self, sealed: bytes) -> Any:
        """What was sealed. None when no key fits, or it is not ours: the keys that sealed it are gone, and so is it."""
        try:
            return msgpack.unpackb(self._fernet.decrypt(sealed))
        except (InvalidToken, ValueError, msgpack.UnpackException):
            return None


@lru_cache(maxsize=8)
def vault(keys: tuple[str, ...]) -> Vault:
    return Vault(keys)
