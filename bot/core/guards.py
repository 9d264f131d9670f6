"""What keeps a flood, a loop or a bill from growing, without ever standing before an emergency, STOP, HELP or HUMAN."""

from __future__ import annotations

from dataclasses import replace

from .meaning import Meaning
from .session import MINUTE, Pace, Session

FLOOD = 30  # texts a minute of one contact; a frightened person sends fewer, a machine more
SILENCE = ""  # the part that says nothing
# What always gets its own answer. FORGET too: nobody is kept here by a guard.
EXEMPT = frozenset("optout optin help human overdose suicide forget".split())


def counted(session: Session, lang: str, now: float) -> Session:
    """`session` with one more text in its pace (this minute's, and the last one's that fades meanwhile), seen now, in `lang`."""
    start, before, texts = session.pace
    minute = int(now // MINUTE)
    if minute != start:
        before = texts if minute == start + 1 else 0
        start, texts = minute, 0
    session = replace(session, seen=int(now), lang=lang, pace=Pace(start, before, texts + 1))
    if "flood" in session.told and not flooding(session, now):  # quiet again: the next flood is told again
        return replace(session, told=tuple(t for t in session.told if t != "flood"))
    return session


def flooding(session: Session, now: float) -> bool:
    """Whether more than FLOOD texts came within about a minute (a sliding window of two counters)."""
    _, before, texts = session.pace
    faded = before * (1 - (now % MINUTE) / MINUTE)
    return faded + texts > FLOOD


def held_back(
    session: Session, meaning: Meaning, held: str, now: float, with_counselor: bool = False
) -> tuple[Session, str] | None:
    """The session and the one part that is said instead of the answer (SILENCE: nothing); None where the answer goes out.

    `held`: why the program holds answers back ("ceiling", "abroad"), or "".
    `with_counselor`: then "im busy" is for them to read, and no machine answers it; in a flood only answers are held back.
    """
    if meaning.means in EXEMPT or meaning.alarm or meaning.alarm_line or session.emergency_alive(now):
        return None
    if flooding(session, now):
        return _told_once(session, "flood")
    if with_counselor:
        return None
    if meaning.word == "auto":
        return _told_once(session, "auto")
    return (session, f"say.{held}") if held else None


def _told_once(session: Session, what: str) -> tuple[Session, str]:
    if what in session.told:
        return session, SILENCE
    return replace(session, told=(*session.told, what)), f"say.{what}"
