"""Reads texts with the words of this deploy, and remembers what short ones mean: many people write "1", "detox" or "stop"."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from .emergency import Alarm, Recogniser
from .flow import Node
from .lexicon import Lexicon
from .meaning import Asked, Meaning, read

SHORT = 48  # characters; what is longer few people write alike, and may say who they are: it is not kept even in memory
TAIL = " .!~\n"  # behind a text it says nothing: "detox." is "detox"
REMEMBERED = 8192  # meanings; about 3 MB
AT_WORK = 8  # texts whose alarm is known while they are being answered: it is asked for first of all, and again in order


class Reader:
    """Built once at load, shared by every conversation. Meaning is a pure function, so what was read is not read again."""

    def __init__(self, lexicon: Lexicon, nodes: Mapping[str, Node], recogniser: Recogniser) -> None:
        self.lexicon, self.recogniser = lexicon, recogniser
        self._nodes = nodes
        self._alarm = lru_cache(maxsize=AT_WORK)(recogniser.recognise)
        self._short_alarm = lru_cache(maxsize=REMEMBERED)(recogniser.recognise)
        self._short = lru_cache(maxsize=REMEMBERED)(self._read)

    def alarm(self, text: str) -> Alarm | None:
        """The emergency that `text` speaks of by itself, or None."""
        text = text.rstrip(TAIL) or text
        if not self.recogniser.settled:  # what one reader says alone, right after a start, is not for good
            return self.recogniser.recognise(text)
        return self._short_alarm(text) if len(text) <= SHORT else self._alarm(text)

    def read(self, text: str, asked: Asked) -> Meaning:
        """What `text` means as an answer to `asked`."""
        text = text.rstrip(TAIL) or text
        short = len(text) <= SHORT and self.recogniser.settled
        return self._short(text, asked) if short else self._read(text, asked)

    def _read(self, text: str, asked: Asked) -> Meaning:
        return read(text, asked, self.lexicon, self._nodes, self.alarm)
