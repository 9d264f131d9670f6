"""Does an alarm speak of a child who may have swallowed something? Then it is 911 or the ER, even if it looks fine (FACTS C1)."""

from __future__ import annotations

import re

from .words import tokens

_CHILD = re.compile(
    r"\b(?:baby|babys|toddler|infant|newborn|grandbaby|kid|kids|kiddo|child|childs|children|"
    r"little (?:one|girl|boy|brother|sister)|"
    r"(?:\d|1[0-2]|one|two|three|four|five|six|seven|eight|nine|ten) ?(?:yr|yrs|year|years|mo|mos|month|months) ?olds?|\d ?yo|"
    r"bebe|nino|nina|ninito|ninita|chiquito|chiquita|nieto|nieta|(?:de|tiene) (?:\d|dos|tres|cuatro|cinco|seis) (?:anos|meses))\b"
)
_TOOK = re.compile(
    r"\b(?:swallow\w*|ate|eaten|eating|eat|got into|gotten into|getting into|drank|chew\w*|lick\w*|suck\w*|mouth|"
    r"took|taken|found|bottle|opened|patch|strip|strips|film|pill|pills|trago|tragado|comio|tomo|bebio|chupo|mastico|boca|pastilla\w*|"
    r"parche\w*|frasco|agarro)\b"
)


def swallowed(text: str) -> bool:
    joined = " ".join(tokens(text))
    return bool(_CHILD.search(joined) and _TOOK.search(joined))
