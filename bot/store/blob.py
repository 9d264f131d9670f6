"""A session as bytes: a version and msgpack, small because a million of them lie in memory.

Fields are only ever added at the end. A shorter list is of an older deploy and gets the defaults, a longer one of a newer deploy
and loses what we do not know: while both run side by side nobody loses their place.
"""

from __future__ import annotations

from typing import Any

import msgpack

from ..core.find import Search
from ..core.session import Pace, Session

VERSION = 1  # another number: another meaning of a field that was there
_FIRST = 11  # fields that the first deploy wrote


def pack(session: Session) -> bytes:
    fields: list[Any] = [
        VERSION, session.node, session.lang, session.history, session.misses, session.seen, session.greeted,
        session.emergency, session.emergency_at, session.noticed_at, session.recent, session.pace, session.told,
        [session.search.zip, session.search.service, session.search.offset] if session.search else None,
    ]  # fmt: skip
    return bytes(msgpack.packb(fields))


def unpack(blob: bytes) -> Session | None:
    """The session in `blob`; None for another version, or anything that is not a session: a fresh start."""
    try:
        fields = msgpack.unpackb(blob)
        if fields[0] != VERSION:
            return None
        _, node, lang, history, misses, seen, greeted, emergency, emergency_at, noticed_at, recent = fields[:_FIRST]
        pace, told, search = (*fields[_FIRST:], *_LATER[len(fields) - _FIRST :])[: len(_LATER)]
        return Session(
            str(node), str(lang), tuple(map(str, history)), int(misses), int(seen), bool(greeted),
            str(emergency), int(emergency_at), int(noticed_at), tuple((bytes(d), str(a)) for d, a in recent),
            Pace(*map(int, pace)), tuple(map(str, told)),
            Search(str(search[0]), str(search[1]), int(search[2])) if search else None,
        )  # fmt: skip
    except Exception:  # msgpack raises a dozen kinds on garbage; every one of them means the same to the person
        return None


_LATER: tuple[Any, ...] = (Pace(), (), None)  # the defaults of what came after the first deploy, in order
