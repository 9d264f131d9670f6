"""What else can be told of words that cannot be used as a whole: one broken file must not hide what is wrong in the others."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from . import lint, models, translations
from .lines import Lined, read
from .problems import Problem
from .speak import NAME

STAND_IN = {"text": "HUMAN"}  # for a node that cannot be read: its name is known, and others may lead to it


def problems(
    folder: Path, files: list[Path], written: Mapping[str, lint.Written], numbers: Mapping[str, models.Number]
) -> list[Problem]:
    """Beside what the shape of the files has told already: what the texts break of lint's rules, as far as can be known,
    and what the translations do. `files`: those of the flows; `written`: the flows that could be read whole."""
    found: list[Problem] = []
    for language in translations.LANGUAGES:
        translations.load(folder, language, found)
    whole = {one.lined.where for one in written.values()}
    broken = [path for path in files if path.name not in whole]
    parts = dict(written)
    for path in broken:
        if (part := _part(path)) is not None:
            parts[part.flow.flow] = part
    nodes = [node for one in parts.values() for node in one.flow.nodes.values()]
    names = _told(folder, "numbers.yaml", {name for node in nodes for name in NAME.findall(node.text)})
    sources = _told(folder, "sources.yaml", {source for node in nodes for source in node.sources})
    facts = lint.Facts(numbers, sources, names | lint.PROGRAM_NAMES, frozenset(path.stem for path in broken))
    return found + lint.problems(parts, facts)


def _told(folder: Path, file: str, used: set[str]) -> frozenset[str]:
    """The names that `file` holds, whatever is wrong below them; those that are used where it cannot be read at all."""
    lined = read(folder / file, file, [])
    return frozenset(map(str, lined.data)) if lined is not None and isinstance(lined.data, dict) else frozenset(used)


def _part(path: Path) -> lint.Written | None:
    """The flow in `path` without what is wrong in it; None where nothing of it can be read."""
    lined = read(path, path.name, [])
    if lined is None or not isinstance(lined.data, dict):
        return None
    try:
        models.Flow.model_validate(lined.data)
    except ValidationError as error:
        try:
            return lint.Written(models.Flow.model_validate(_without(lined, error, path.stem)), lined)
        except ValidationError:
            return None
    return None  # what is wrong is no matter of shape, like a key that stands twice


def _without(lined: Lined, error: ValidationError, name: str) -> dict[str, Any]:
    """The file's data, with a stand-in for each node that is wrong, and without each other field that is."""
    places = [one["loc"] for one in error.errors()]
    fields = {place[0] for place in places if len(place) < 2 or place[0] != "nodes"}
    bad = {place[1] for place in places if len(place) > 1 and place[0] == "nodes"}
    unnamed = {place[1] for place in places if place[-1] == "[key]" and place[0] == "nodes"}
    kept = {field: value for field, value in lined.data.items() if field not in fields}
    nodes = kept.get("nodes", {})
    kept["nodes"] = {id_: STAND_IN if id_ in bad else node for id_, node in nodes.items() if id_ not in unnamed}
    return {"flow": name, "title": name} | kept
