"""Decides the answer to one text: answer(words, situation, text, now) -> Turn. Pure: no store, no network, no clock."""

from __future__ import annotations

from dataclasses import replace

from . import find, guards, handoff, optout
from .acts import ACTS, left, media, moved, said
from .events import Event
from .finishing import finish, in_language
from .flow import MAIN
from .meaning import Asked, Meaning
from .messages import NOTHING, Answer, Message
from .place import names_place
from .session import DAY, MINUTE, Session
from .smalltalk import FALSE_ALARM, all_is_well
from .turn import FIRST, Content, Situation, Turn


def understand(content: Content, situation: Situation, text: str, now: float) -> Meaning:
    """What `text` means here. What `helpline explain` prints and what `answer` acts on."""
    situation = handoff.settled(situation, now)
    session = situation.session
    node = content.nodes.get(session.node) if session else None
    alive = session.emergency_alive(now) if session else ""
    gone = bool(session and session.node) and node is None
    over = bool(node and node.flow in FIRST and not alive)  # hours later a "1" no longer answers an emergency's step
    if gone or over or situation.lost:
        return content.reader.read(text, Asked(None, opted_out=situation.opted_out))
    fresh = node is None
    asked = Asked(node or content.nodes[MAIN], alive, situation.opted_out, fresh)
    if situation.stateless:
        asked = Asked(None, opted_out=situation.opted_out)
    return content.reader.read(text, asked)


def answer(content: Content, situation: Situation, message: Message, now: float) -> Turn:
    """The turn that `message` leads to. Pure; `now` in epoch seconds."""
    situation = handoff.settled(situation, now)
    meaning = understand(content, situation, message.text, now)
    before = _searching(_near(content, situation.session or Session()), now)
    session = guards.counted(before, _language(before, meaning), now)
    if _carrier_has_answered(message, meaning, situation):
        return handoff.withdrawn(situation.ticket, _silently(session, meaning, message), now)
    if situation.opted_out and not _reaches_opted_out(meaning, session, now):
        return _after_stop(session, meaning, now, situation)
    ticket = situation.ticket
    with_counselor = ticket is not None and ticket.under_way and not situation.opted_out
    held = guards.held_back(session, meaning, situation.held, now, with_counselor)
    if held is not None and not with_counselor:
        return _held_back(*held, meaning)

    def ordinary() -> Turn:
        return _ordinary(content, situation, session, message, meaning, now)

    if ticket is not None and with_counselor:
        turn = handoff.during(ticket, session, message, meaning, now, ordinary)
        turn = handoff.quietly(ticket, turn, held[0]) if held else turn
        turn = replace(turn, answer=in_language(content, turn.answer))
    else:
        turn = ordinary()
    return handoff.withdrawn(ticket, turn, now)


def _ordinary(content: Content, situation: Situation, session: Session, message: Message, meaning: Meaning, now: float) -> Turn:
    """The turn of a text that no counselor reads."""
    meaning = _beside_suicide(session, meaning, now)
    stays = _stays(content, session, meaning, message.text, now)
    if stays is not None:
        return finish(content, situation, stays)
    act = media if message.media and not meaning.alarm and not message.text.strip() else ACTS[meaning.means]
    turn = handoff.offered(situation, message, act(content, session, meaning, now), now)
    return finish(content, situation, turn)


def _near(content: Content, session: Session) -> Session:
    """`session`, moved to the nearest menu when it stands at a node that this deploy does not have."""
    if not session.node or session.node in content.nodes:
        return session
    start = f"{session.node.partition('.')[0]}.start"
    return replace(session, node=start if start in content.nodes else MAIN)


def _searching(session: Session, now: float) -> Session:
    """`session`; a search that was left an hour ago is over."""
    over = session.search is not None and now - session.seen >= find.OPEN_FOR
    return replace(session, search=session.search.closed()) if over and session.search else session


def _language(session: Session, meaning: Meaning) -> str:
    """The language to answer in: the one asked for, the one this text shows, else the one that the talk has."""
    if meaning.means == "language" and meaning.word in ("en", "es"):
        return meaning.word
    return meaning.lang or session.lang


# --- inside and after an emergency ---------------------------------------------------------------------------------

# What would be taken for something else at any other moment is an answer to the emergency here: "what now", "ok", a topic.
STAYS = frozenset("smalltalk yes no unclear zip topic language".split())
WELL = "overdose.fine"
TOPICS_AFTER = 30 * MINUTE  # then a question about something else is one
# A false alarm is believed where nobody is known to have overdosed yet; at any later step, and "hes fine" always, means awake.
NOT_YET_KNOWN = frozenset(
    "overdose.start overdose.place overdose.fine overdose.away overdose.away_called overdose.away_place".split()
)


def _beside_suicide(session: Session, meaning: Meaning, now: float) -> Meaning:
    """`meaning` as it counts in a talk about suicide: an overdose may be meant, and for half an hour 988 stays before the
    answer to what is asked beside it."""
    if session.emergency_alive(now) != "suicide":
        return meaning
    if "overdose" in (meaning.alarm, meaning.alarm_line):
        return replace(meaning, also="suicide")
    lately = now - session.emergency_at <= TOPICS_AFTER and not meaning.alarm_line
    return replace(meaning, alarm_line="suicide") if meaning.means == "topic" and lately else meaning


def _stays(content: Content, session: Session, meaning: Meaning, text: str, now: float) -> Turn | None:
    """The turn of a text that stays inside an emergency, or the gentle first one after it; None when it is neither."""
    if not session.emergency or meaning.means not in STAYS:
        return None
    if not session.emergency_alive(now):
        return _after_emergency(session, meaning)
    if session.emergency == "overdose" and not session.node.startswith("overdose.me"):
        well = all_is_well(text)
        if well:
            return moved(session, meaning, _well(session, well))
    if session.node == WELL:
        return _after_false_alarm(session, meaning)
    asks_else = meaning.means in ("topic", "zip", "language")
    if asks_else and (session.emergency == "suicide" or now - session.emergency_at > TOPICS_AFTER):
        return None
    if session.emergency == "overdose" and names_place(text):
        return moved(session, meaning, "overdose.place")
    if session.node.partition(".")[0] in FIRST:
        return said(session, meaning, session.node)
    return moved(session, meaning, FIRST[session.emergency])  # back from a topic: the choices that are shown are those that wait


def _well(session: Session, said_so: str) -> str:
    """What answers a false alarm, or that somebody is fine. It ends nothing: whoever takes it back is still in the emergency."""
    if any(node.startswith("overdose.child") for node in (session.node, *session.history)):
        return "overdose.child_awake"  # may look fine and not be (FACTS C1)
    return WELL if said_so == FALSE_ALARM and session.node in NOT_YET_KNOWN else "overdose.awake"


def _after_false_alarm(session: Session, meaning: Meaning) -> Turn | None:
    """Questions are answered as always, thanks kindly; what is not understood may take it back."""
    if meaning.means in ("topic", "zip", "language"):
        return None
    return moved(session, meaning, WELL if meaning.means in ("smalltalk", "yes") else FIRST["overdose"])


def _after_emergency(session: Session, meaning: Meaning) -> Turn | None:
    """Some hours later: ask how they are before any menu. A question is answered as always."""
    over = replace(session, emergency="", node=MAIN, history=())
    return None if meaning.means in ("zip", "topic", "language") else said(over, meaning, "say.after_emergency")


# --- who may be answered -------------------------------------------------------------------------------------------


def _carrier_has_answered(message: Message, meaning: Meaning, situation: Situation) -> bool:
    """Whether the carrier has answered this word itself, so that a second answer from us would be wrong (FACTS E4)."""
    if meaning.alarm:
        return False
    if message.carrier_did:
        return True
    # Twilio takes the exact single word only, and on WhatsApp none: "Stop!" and "opt out" are ours to answer.
    return situation.carrier_words != "ours" and message.channel == "sms" and message.text.strip().lower() in optout.TWILIO_WORDS


def _silently(session: Session, meaning: Meaning, message: Message) -> Turn:
    """Record what the carrier did, say nothing."""
    did = message.carrier_did or {"optout": "STOP", "optin": "START"}.get(meaning.means, "HELP")
    if did == "STOP":
        return Turn(left(session), NOTHING, meaning, opted_out=True, events=(Event("opted_out", "carrier"),))
    if did == "START":
        return Turn(session, NOTHING, meaning, opted_out=False, events=(Event("opted_in", "carrier"),))
    return Turn(session, NOTHING, meaning)


def _held_back(session: Session, part: str, meaning: Meaning) -> Turn:
    """Say `part` and stay where we are, or say nothing."""
    answer = Answer(session.lang or "en", (part,)) if part else NOTHING
    return Turn(session, answer, meaning, events=(Event("held_back", part),))


def _reaches_opted_out(meaning: Meaning, session: Session, now: float) -> bool:
    """START, HELP, a lone HUMAN, an emergency and every answer inside one until it ends."""
    lone_human = meaning.means == "human" and meaning.lone
    alarmed = bool(meaning.alarm or meaning.alarm_line)
    return alarmed or meaning.means in ("optin", "help") or lone_human or bool(session.emergency_alive(now))


def _after_stop(session: Session, meaning: Meaning, now: float, situation: Situation) -> Turn:
    if not situation.notice_after_stop or now - session.noticed_at < DAY:
        return Turn(session, NOTHING, meaning)
    return Turn(replace(session, noticed_at=int(now)), Answer(session.lang or "en", ("say.opted_out",)), meaning)
