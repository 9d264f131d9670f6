"""Opt-outs to a file and back: to keep a copy, and to move to another server. Keyed hashes and times, nothing else.

A line of JSON each. The first names the secret by its fingerprint: with another one no contact would be found again.
"""

from __future__ import annotations

import json
import math
import os
import re
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from itertools import islice
from pathlib import Path
from typing import cast

import redis

from ..problem import Problem
from . import keys, optout
from .connect import primaries
from .contract import Store

FORMAT = 1
AT_ONCE = 1000  # keys asked for in one round trip
AHEAD = 86400  # seconds; a decision dated further ahead could not be undone by the person
_CONTACT = re.compile(r"[a-z2-7]{26}")


@dataclass(frozen=True, slots=True)
class Line:
    """What is kept of one contact: opted out (or back in), decided at these epoch seconds."""

    contact: str
    opted_out: bool
    at: float


class BadFile(Problem):
    """Not a file of ours, or of another secret. Nothing of it was taken over."""


def export(client: redis.Redis, fingerprint: str, path: Path) -> int:
    """Write every decision to `path`, readable by its owner only, all or nothing. How many. Walks with SCAN, so texts go on."""
    partial = path.with_name(path.name + ".part")
    partial.unlink(missing_ok=True)
    count = 0
    with os.fdopen(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as out:
        out.write(json.dumps({"helpline_optouts": FORMAT, "secret": fingerprint}) + "\n")
        for line in _kept(client):
            out.write(json.dumps(asdict(line)) + "\n")
            count += 1
        out.flush()
        os.fsync(out.fileno())
    partial.replace(path)
    return count


def take_over(store: Store, fingerprint: str, path: Path, now: float) -> int:
    """Merge the file at `path` into `store`: of two decisions the later one stands. How many lines it holds.

    Raises BadFile before anything is written; StoreDown on the way, and then it may simply be done again.
    """
    for _ in _lines(path, fingerprint, now):
        pass
    count = 0
    for line in _lines(path, fingerprint, now):
        store.settle(line.contact, line.opted_out, line.at)
        count += 1
    return count


def _kept(client: redis.Redis) -> Iterator[Line]:
    for server in primaries(client):
        names = cast(Iterator[bytes], server.scan_iter(match=keys.optout("*"), count=AT_ONCE))
        while some := list(islice(names, AT_ONCE)):
            pipe = server.pipeline(transaction=False)  # not MGET: in a Cluster these keys lie in many slots
            for name in some:
                pipe.get(name)
            for name, kept in zip(some, pipe.execute(), strict=True):
                if kept is not None:
                    yield Line(keys.contact(name.decode()), optout.holds(kept), optout.decided_at(kept))


def _lines(path: Path, fingerprint: str, now: float) -> Iterator[Line]:
    with path.open(encoding="ascii", errors="replace") as file:
        _check_head(file.readline(), fingerprint)
        for number, text in enumerate(file, start=2):
            yield _line(text, f"{path.name}:{number}", now)


def _check_head(text: str, fingerprint: str) -> None:
    try:
        head = json.loads(text)
        form, secret = head["helpline_optouts"], head["secret"]
    except (ValueError, KeyError, TypeError):
        raise BadFile("This is no file that `helpline optouts export` wrote.") from None
    if form != FORMAT:
        raise BadFile("This file was written by a newer version. Upgrade first.")
    if secret != fingerprint:
        raise BadFile("This file belongs to another HELPLINE_SECRET: nobody in it would be found again. Use that secret.")


def _line(text: str, where: str, now: float) -> Line:
    try:
        line = Line(**json.loads(text))
        fits = isinstance(line.opted_out, bool) and _CONTACT.fullmatch(line.contact) and 0 <= line.at <= now + AHEAD
    except (ValueError, TypeError):
        fits = None
    if not fits or not math.isfinite(line.at):
        raise BadFile(f"{where}: no opt-out can be read here. Nothing was taken over. Is the file whole?")
    return line
