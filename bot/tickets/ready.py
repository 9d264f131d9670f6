"""Reviewed texts that a counselor may send, or change first: ready replies, and the line's own steps in an emergency."""

from __future__ import annotations

from ..app import App
from ..core.ticket import EMERGENCIES
from .views import Canned, Row

STEPS = {  # node of the emergency's own flow -> what a counselor looks for when they need it
    "overdose.not_awake": "Not awake: check for breathing",
    "overdose.breaths": "Not breathing: breaths",
    "overdose.narcan": "They have Narcan",
    "overdose.again": "The first spray did not work",
    "overdose.no_narcan": "No Narcan",
    "overdose.breathing": "Breathing, not awake",
    "overdose.awake": "Awake",
    "overdose.angry": "Angry or sick after Narcan",
    "overdose.law": "Afraid of the police",
    "overdose.cant_call": "They cannot call",
    "overdose.away": "They are not with the person",
    "suicide.me": "It is about them",
    "suicide.text_988": "They would rather text 988",
    "suicide.other": "It is about somebody else",
    "suicide.other_now": "Somebody else, in danger now",
    "suicide.other_away": "Somebody else, not with them",
    "suicide.veteran": "A veteran",
}


def canned(app: App, language: str) -> tuple[Canned, ...]:
    """The reviewed replies (flows/handoff.yaml, nodes canned_*) in `language`, English where there is none."""
    names = [name for name in app.content.words.flows["handoff"].nodes if name.startswith("canned_")]
    return tuple(
        Canned(name, name.removeprefix("canned_").replace("_", " ").capitalize(), _text(app, f"handoff.{name}", language))
        for name in names
    )


def steps(app: App, row: Row) -> tuple[Canned, ...]:
    """What the line itself would say step by step in the emergencies that `row` is flagged with, without its digits."""
    nodes = app.content.words.nodes
    return tuple(
        Canned(node, title, _text(app, node, row.language))
        for kind in EMERGENCIES
        if kind in row.flags
        for node, title in STEPS.items()
        if node.startswith(f"{kind}.") and node in nodes
    )


def given(row: Row, kind: str) -> tuple[str, ...]:
    """Names of the steps of `kind` that the person had been given before the conversation began, oldest first."""
    return tuple(dict.fromkeys(STEPS[node] for node in row.path if node in STEPS and node.startswith(f"{kind}.")))


def _text(app: App, node: str, language: str) -> str:
    words = app.content.words
    return (words.spoken.get(language, {}).get(node) or words.spoken["en"][node]).text
