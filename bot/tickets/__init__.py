"""Hand-offs as counselors see them: queue, claim, reply, close. The console calls this; it never touches the store itself.

Every function that changes something takes `who` acts and raises Refused (one subclass for each reason) when they may not.
StoreDown passes through: then nothing was changed, or with the same token it can be tried again.
"""

from __future__ import annotations

from ..duty import AWAY_AFTER
from .holding import MOST_AT_ONCE, OUTCOMES, claim, close, hand_back, transfer
from .lists import DEAD_AFTER, LATE_AFTER, calling, changes, everything, health, held, locked, queue
from .reading import conversation
from .ready import canned, given, steps
from .records import FLAGS, erase, flag, reveal
from .refused import (
    COUNSELOR,
    SUPERVISOR,
    Gone,
    NotOnDuty,
    NotSendable,
    NotYours,
    Over,
    Refused,
    StillHolding,
    Taken,
    TooMany,
    Who,
    WrongRole,
)
from .shifts import LONGEST_SHIFT, ask_for_backup, duty_of, go_off_duty, go_on_duty, heartbeat, on_duty, pause, stopped_phones
from .views import Canned, Changes, Conversation, Delivery, Duty, Entry, Health, Row
from .writing import LONGEST_REPLY, reply

__all__ = [
    "AWAY_AFTER",
    "COUNSELOR",
    "DEAD_AFTER",
    "FLAGS",
    "LATE_AFTER",
    "LONGEST_REPLY",
    "LONGEST_SHIFT",
    "MOST_AT_ONCE",
    "OUTCOMES",
    "SUPERVISOR",
    "Canned",
    "Changes",
    "Conversation",
    "Delivery",
    "Duty",
    "Entry",
    "Gone",
    "Health",
    "NotOnDuty",
    "NotSendable",
    "NotYours",
    "Over",
    "Refused",
    "Row",
    "StillHolding",
    "Taken",
    "TooMany",
    "Who",
    "WrongRole",
    "ask_for_backup",
    "calling",
    "canned",
    "changes",
    "claim",
    "close",
    "conversation",
    "duty_of",
    "erase",
    "everything",
    "flag",
    "given",
    "go_off_duty",
    "go_on_duty",
    "hand_back",
    "health",
    "heartbeat",
    "held",
    "locked",
    "on_duty",
    "pause",
    "queue",
    "reply",
    "reveal",
    "steps",
    "stopped_phones",
    "transfer",
]
