"""Recognises an overdose or a suicide emergency. A pure function that needs neither store nor network nor flows.

For now a short list of unmistakable words in English and Spanish; it runs on every inbound text before anything else.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from .words import tokens


@dataclass(frozen=True, slots=True)
class Alarm:
    """`kind` is "overdose" or "suicide"; `why` the words that raised it."""

    kind: str
    why: str


_OVERDOSE = re.compile(
    r"\b(?:(?:isnt|not|stopped|no longer|barely|hardly|cant|aint) breath(?:ing|e)|"
    r"(?:wont|doesnt|isnt|not|cant|cannot|can not|couldnt) (?:wak(?:e|ing)|respond(?:ing)?)(?: \w+){0,2}(?: up)?|unresponsive|"
    r"lips (?:are |r |turning |going |turned )*(?:blue|purple|gray|grey)|(?:turning|turned|is|hes|shes|going) blue|"
    r"(?:is|are|hes|shes|im|just|think|be) (?:od|oding|overdosing|overdosed|overdose)|od now|overdosing|"
    r"took too (?:much|many)|"
    r"no (?:esta )?respira(?:ndo)?|dejo de respirar|no (?:se )?despierta|no reacciona|no responde|labios (?:azules|morados)|"
    r"(?:tiene|tuvo|dio|esta en|teniendo) (?:una )?sobredosis|se (?:me )?esta muriendo)\b"
)
_BARE_OVERDOSE = frozenset({"overdose", "od", "overdosing", "sobredosis"})
_SUICIDE = re.compile(
    r"\b(?:kill myself|killing myself|end my life|ending my life|take my (?:own )?life|end it all|want to die|want to be dead|"
    r"wish i (?:was|were) dead|suicidal|dont want to (?:live|be alive) anymore|better off dead|kms|"
    r"(?:quiero|voy a|pienso) (?:matarme|morir|morirme|suicidarme|quitarme la vida)|me (?:quiero|voy a) (?:matar|morir|suicidar)|"
    r"quitarme la vida|acabar con (?:todo|mi vida)|no quiero vivir|suicidarme)\b"
)
_NOT_NOW = re.compile(
    r"\b(?:signs|symptoms|what (?:are|is|to do in case)|how (?:do|to) (?:you |i )?(?:know|prevent|tell)|last (?:year|month|week)|"
    r"years ago|yrs ago|used to|im not|i am not|not suicidal|dont want to die|died of|if (?:he|she|i|someone|they)|scared|"
    r"worried|afraid|class|training|school|murio de|hace (?:anos|meses|un ano|dos anos)|senales|sintomas|que hago si|como se si|"
    r"tengo miedo|no quiero morir|se puede|can you|why|por que|lol|haha|jaja\w*|never)\b"
)


def recognise(text: str) -> Alarm | None:
    """The emergency that `text` speaks of, or None. Both at once is an overdose: its answer cannot wait."""
    words = tokens(text)
    joined = " ".join(words)
    if len(words) == 1 and words[0] in _BARE_OVERDOSE:
        return Alarm("overdose", words[0])
    if _NOT_NOW.search(joined):
        return None
    for kind, pattern in (("overdose", _OVERDOSE), ("suicide", _SUICIDE)):
        found = pattern.search(joined)
        if found:
            return Alarm(kind, found.group())
    return None
