"""Is a text what a phone sends by itself while its owner drives or is away? Answered once, or two machines talk for ever."""

from __future__ import annotations

import re

from .words import plain

_MARKED = re.compile(
    r"^\W*(?:this is an? )?(?:\(?auto(?:matic|mated|matically)?[ -]?(?:reply|response|responder|generated|message|text)|"
    r"out of (?:the )?office\b|do not disturb|respuesta automatica|mensaje automatico|fuera de (?:la )?oficina)"
    r"|sent (?:automatically|by an? auto)|this (?:message|text|number|inbox) is (?:automated|not monitored|unmonitored)|"
    r"este (?:mensaje|numero) (?:es automatico|no recibe)"
)
_AWAY = (
    r"(?:im|i am|were|we are|estoy|estamos)\s+(?:currently |right now |actualmente |ahora )?"
    r"(?:driving|in a meeting|unavailable|not available|busy|on the road|on vacation|on a call|"
    r"away (?:from (?:my|the) (?:phone|desk|office)|until|right now|at)|"
    r"out (?:of (?:the )?office|of town|until|right now|at the)|"
    r"conduciendo|manejando|ocupad[oa]s?|en una reunion|fuera de)"
)
_OPENS = r"^\W*(?:hi|hello|hey|hola|sorry|perdon|thanks for (?:your|the) (?:text|message|call))?[\s,.!]*"
_LONE = re.compile(
    rf"{_OPENS}(?:(?:im|i am|estoy)\s+(?:currently |actualmente )?(?:driving|conduciendo|manejando)|cant talk right now|"
    r"no puedo hablar ahora)(?: right now| at the moment| ahora| en este momento)?\W*$"
)
_BEGINS = re.compile(rf"{_OPENS}(?:{_AWAY}|cant talk|no puedo hablar)\b")
_LATER = re.compile(
    r"\b(?:ill|i will|well|we will|will) (?:get back|call|text|reply|respond|return|answer|see your)|"
    r"\bas soon as (?:i|we) can|"
    r"\bwhen i (?:get|arrive|stop|can)|\b(?:call|text) (?:you|u) (?:back )?later|\breply later|"
    r"\bnotifications\b|\breply .{0,3}urgent|"
    r"\b(?:te|le|les) (?:llamo|llamare|respondo|respondere|contesto|contestare|devuelvo)|"
    r"\bcuando (?:llegue|pueda)|\blo antes posible"
)
LONGEST = 320  # characters


def is_auto_reply(text: str) -> bool:
    """Whether `text` says so itself ("automatic reply"), or is only that somebody drives or is away and will call later.

    >>> is_auto_reply("I'm driving right now. I'll get back to you later.")
    True
    >>> is_auto_reply("im driving him to the er")
    False
    """
    if len(text) > LONGEST:
        return False
    told = plain(text)
    return bool(_MARKED.search(told) or _LONE.match(told) or (_BEGINS.match(told) and _LATER.search(told)))
