"""From an answer, a list of text ids, to the messages that are sent."""

from __future__ import annotations

from collections.abc import Mapping

from .find import PLACES, without_places
from .flow import Spoken
from .messages import Answer
from .places import Place, listed
from .sms import split
from .turn import Content

NO_PLACES: Mapping[str, Place] = {}


def render(content: Content, answer: Answer, places: Mapping[str, Place] = NO_PLACES) -> list[str]:
    """The messages that `answer` stands for, each at most 1,600 characters. None for an empty answer.

    `places`: by id, those that the answer lists; while one is missing it tells the way that always works instead.
    """
    known = all(reference.partition(":")[0] in places for reference in answer.places)
    answer = answer if known and (answer.places or PLACES not in answer.parts) else without_places(answer)
    spoken = content.words.spoken.get(answer.lang) or content.words.spoken["en"]
    fallback = content.words.spoken["en"]
    told = [_say(spoken.get(part.partition("#")[0]) or fallback.get(part.partition("#")[0]), part) for part in answer.parts]
    whole = "\n".join(t for t in told if t)
    whole = listed(whole, answer.places, places) if answer.places else whole
    return split(whole) if whole else []


def _say(spoken: Spoken | None, part: str) -> str:
    if spoken is None:  # stored by an older deploy that had this node
        return ""
    kind = part.partition("#")[2]
    return spoken.choices if kind == "choices" else spoken.text if kind == "text" else spoken.full
