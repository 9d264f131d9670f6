"""What `helpline check` prints when nothing is broken: counts, costs, and what still waits for a reviewer."""

from __future__ import annotations

import re
import statistics
from collections.abc import Iterator

from twilio.twiml.messaging_response import MessagingResponse

from .content import Loaded
from .core.messages import Answer
from .core.render import render
from .core.sms import size

SEGMENTS = 2  # more than that a message should not cost where it can be helped
WORST = 5  # texts that are named as hardest to read


def report(loaded: Loaded, hashes: bool = False, texts: bool = False) -> Iterator[str]:
    words = loaded.content.words
    for node in words.nodes.values():
        spoken = words.spoken["en"][node.id]
        length = size(spoken.full)
        if texts:
            yield f"--- {node.id} ({length.segments} segments, {length.characters} {length.encoding})\n{spoken.full}\n"
        elif length.segments > SEGMENTS:
            yield f"note: {node.id} takes {length.segments} segments ({length.characters} characters)"
        if hashes and node.clinical:
            yield f"{node.review_hash}  {node.id}{'  reviewed by ' + node.reviewed_by if node.reviewed_by else ''}"
    yield _grades({id_: said.text for id_, said in words.spoken["en"].items()})
    clinical = sum(n.clinical for n in words.nodes.values())
    unreviewed = len(loaded.unreviewed())
    translated = len(words.spoken["es"])
    yield f"The words hold together: {len(words.flows)} flows, {len(words.nodes)} texts, {len(words.phrases)} keywords."
    yield f"Clinical texts: {clinical}, not yet reviewed by a clinician: {unreviewed}."
    yield f"In Spanish: {translated} of {len(words.nodes)}."


def carrier_texts(loaded: Loaded) -> Iterator[str]:
    """The texts for Twilio's own STOP, START and HELP handling."""
    for lang in ("en", "es"):
        for word, node in (("STOP", "say.stop_more"), ("START", "say.start#text"), ("HELP", "say.help")):
            yield f"--- {word} ({lang})"
            yield from render(loaded.content, Answer(lang, (node,)))


def number_lines(loaded: Loaded) -> Iterator[str]:
    """One line a number: name, what is shown, whether production shows it, what it is."""
    for name, number in sorted(loaded.numbers.items()):
        called = f"called {number.called_on} by {number.called_by}" if number.called_on else "not called yet"
        shown = "shown" if number.always or number.called_on else "hidden in production"
        yield f"{name:16} {number.show:38} {shown:21} {called}; {number.what}"


def _grades(texts: dict[str, str]) -> str:
    grades = sorted(((reading_grade(text), node) for node, text in texts.items()), reverse=True)
    worst = ", ".join(f"{node} {grade:.1f}" for grade, node in grades[:WORST])
    return f"Reading grade of the English texts: median {statistics.median(g for g, _ in grades):.1f}; hardest: {worst}."


def reading_grade(text: str) -> float:
    """The Flesch-Kincaid school grade of `text`. Addresses and numbers are left out: nobody spells them."""
    plain = re.sub(r"\S+\.(?:gov|org|com|aspx)\S*|[\d-]*\d", " ", text)
    sentences = [s for s in re.split(r"[.!?:\n]+", plain) if re.search("[A-Za-z]", s)]
    words = re.findall(r"[A-Za-z']+", plain)
    if not words:
        return 0.0
    return 0.39 * len(words) / len(sentences) + 11.8 * sum(map(_syllables, words)) / len(words) - 15.59


def _syllables(word: str) -> int:
    """Groups of vowels, without a silent e at the end. Right for most English words, and never 0."""
    bare = re.sub(r"(?<![aeiouyl])e$|es$|(?<=[^td])ed$", "", word.lower().replace("'", ""))
    return max(1, len(re.findall(r"[aeiouy]+", bare)))


def fallback_twiml(loaded: Loaded) -> str:
    """The answer for when none of ours can be reached, one message in each language. No menu, no digit: nobody reads replies."""
    response = MessagingResponse()
    for lang in ("en", "es"):
        for message in render(loaded.content, Answer(lang, ("say.fallback",))):
            response.message(message)
    return str(response)
