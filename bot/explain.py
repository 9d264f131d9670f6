"""Says what texts would be taken for, by the very code that answers them. For operators to see why, and for measuring."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator

from .core.engine import understand
from .core.flow import MAIN
from .core.session import Session
from .core.turn import Content, Situation
from .problem import Problem

ONLY_MEANINGS = frozenset({"topic", "choice", "human", "zip"})  # their topic is a flow that answers


def explain(content: Content, text: str, lang: str = "", at: str = "") -> dict[str, object]:
    """What `text` means: {"text", "lang", "means", "topic", "choice", "alarm", "why"}.

    `at` names a node ("main" for main.start) whose question the text answers; empty: a first text. `lang` is a hint for
    texts that show no language. `topic` is a flow id or None, `choice` a digit as text or None. `alarm`: "full" where the
    emergency answer is given, "line" where 911 or 988 go before another answer or the gentle one is given, else None.
    """
    node = (MAIN if at == "main" else at) if at else ""
    situation = Situation(session=Session(node=node, lang=lang, greeted=True) if node else None)
    meaning = understand(content, situation, text, now=0)
    topic = meaning.topic if meaning.means in ONLY_MEANINGS and meaning.topic in content.words.flows else None
    return {
        "text": text,
        "lang": meaning.lang or lang or "en",
        "means": meaning.means,
        "topic": topic,
        "choice": str(meaning.choice) if meaning.choice else None,
        "alarm": meaning.strength or None,
        "why": meaning.why,
    }


def explain_lines(content: Content, lines: Iterable[str], at: str = "") -> Iterator[str]:
    """One JSON line of `explain` for each JSON line {"text": ..., "lang"?: ...}. Raises Problem naming a bad line."""
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            asked = json.loads(line)
            text, lang = asked["text"], asked.get("lang") or ""
        except (ValueError, KeyError, TypeError, AttributeError):
            raise Problem(f'line {number} is not {{"text": ..., "lang"?: ...}}') from None
        yield json.dumps(explain(content, str(text), str(lang), at), ensure_ascii=False)
