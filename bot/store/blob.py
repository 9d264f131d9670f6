"""A session as bytes: a version and msgpack, small because a million of them lie in memory."""

from __future__ import annotations

from typing import Any

import msgpack

from ..core.find import Search
from ..core.session import Session

VERSION = 2


def pack(session: Session) -> bytes:
    fields: list[Any] = [
        VERSION, session.node, session.lang, list(session.history), session.misses, session.seen, session.greeted,
        session.emergency, session.emergency_at, session.noticed_at, [list(item) for item in session.recent],
        [session.search.zip, session.search.service, session.search.offset] if session.search else None,
    ]  # fmt: skip
    return bytes(msgpack.packb(fields))


def unpack(blob: bytes | None) -> Session | None:
    """The session in `blob`; None for none, an older version, or anything that is not a session: a fresh start."""
    if blob is None:
        return None
    try:
        version, node, lang, history, misses, seen, greeted, emergency, emergency_at, noticed_at, recent, search = (
            msgpack.unpackb(blob)
        )
        if version != VERSION:
            return None
        session = Session(
            str(node), str(lang), tuple(map(str, history)), int(misses), int(seen), bool(greeted),
            str(emergency), int(emergency_at), int(noticed_at), tuple((bytes(d), str(a)) for d, a in recent),
            Search(str(search[0]), str(search[1]), int(search[2])) if search else None,
        )  # fmt: skip
    except Exception:  # msgpack raises a dozen kinds on garbage; every one of them means the same to the person
        return None
    return session
