"""Reads YAML and remembers where everything stood, so that a problem can say file and line."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from .problems import Problem

Path_ = tuple[str | int, ...]
_Fast = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # ten times faster where libyaml is there
_TEXT = "tag:yaml.org,2002:str"
_BOOL = "tag:yaml.org,2002:bool"


class _Loader(_Fast):  # type: ignore[misc, valid-type]
    """YAML in which only true and false are truth values: yes, no and on are words that people text, or field names."""

    yaml_implicit_resolvers = {  # noqa: RUF012  (PyYAML's own attribute)
        first: [(tag, pattern) for tag, pattern in resolvers if tag != _BOOL]
        for first, resolvers in _Fast.yaml_implicit_resolvers.items()
    }

    def resolve(self, kind: type, value: Any, implicit: Any) -> str:
        """The tag of a node. Nearly every word begins like no number and no truth value, and asking further takes its time."""
        if kind is yaml.ScalarNode and value and value[0] not in self.yaml_implicit_resolvers:
            return _TEXT
        return str(super().resolve(kind, value, implicit))


_Loader.add_implicit_resolver(_BOOL, re.compile(r"^(?:true|false)$"), list("tf"))


class Lined:
    """The data of one file (`data`). Where things stand is looked for only when a problem asks: most files have none."""

    def __init__(self, where: str, data: Any, root: yaml.Node | None) -> None:
        self.where, self.data, self._root = where, data, root
        self._lines: dict[Path_, int] = {}

    def line(self, *path: str | int) -> int:
        """The line of `path`, or of the nearest thing that holds it."""
        if not self._lines and self._root is not None:
            self._lines = dict(_lines(self._root, ()))
        while path and path not in self._lines:
            path = path[:-1]
        return self._lines.get(path, 1)

    def problem(self, path: Path_, what: str, mend: str = "") -> Problem:
        return Problem(self.where, self.line(*path), what, mend)


def read(path: Path, where: str, problems: list[Problem]) -> Lined | None:
    """The file at `path`, named `where` in problems; None (and a problem added) when it is not YAML or not there."""
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        problems.append(Problem(where, 0, "the file is missing", "Restore it, or point FLOWS at a folder that has it"))
        return None
    except (OSError, UnicodeDecodeError) as error:
        problems.append(Problem(where, 0, f"cannot be read ({error.__class__.__name__})", "Save it as UTF-8 text"))
        return None
    loader = _Loader(text)
    try:
        node = loader.get_single_node()
        data = _build(loader, node, where, problems) if node is not None else None
    except RecursionError:
        problems.append(Problem(where, 0, "something in it refers to itself", "Write it out, without & and *"))
        return None
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        said = str(getattr(error, "problem", "") or "not valid YAML").strip()
        hint = "Put a text that holds ': ' or starts with a sign in quotes, and indent with spaces"
        problems.append(Problem(where, mark.line + 1 if mark else 0, said, hint))
        return None
    finally:
        loader.dispose()
    return Lined(where, data, node)


def _build(loader: Any, node: Any, where: str, problems: list[Problem]) -> Any:
    """Plain data from a YAML node; notes duplicate keys, which YAML itself would silently drop."""
    if isinstance(node, yaml.ScalarNode):
        return node.value if node.tag == _TEXT else _value(loader, node, where, problems)
    if isinstance(node, yaml.SequenceNode):
        return [_build(loader, item, where, problems) for item in node.value]
    built: dict[Any, Any] = {}
    for key_node, value_node in node.value:
        key = key_node.value if key_node.tag == _TEXT else _key(loader, key_node, where, problems)
        if key in built:
            problems.append(Problem(where, key_node.start_mark.line + 1, f"'{key}' stands here twice", "Keep one of the two"))
        built[key] = _build(loader, value_node, where, problems)
    return built


def _value(loader: Any, node: Any, where: str, problems: list[Problem]) -> Any:
    """A number, a date, a truth value. What only looks like one stays a text, and a problem."""
    try:
        return loader.construct_object(node)
    except ValueError:
        what = f"'{node.value}' looks like a date or number and is none"
        problems.append(Problem(where, node.start_mark.line + 1, what, "Mend it, or put it in quotes"))
        return node.value


def _key(loader: Any, node: Any, where: str, problems: list[Problem]) -> Any:
    if isinstance(node, yaml.ScalarNode):
        return _value(loader, node, where, problems)
    problems.append(Problem(where, node.start_mark.line + 1, "a name must be a word", "Put words with signs in quotes"))
    return ""


def _lines(node: yaml.Node, path: Path_) -> Iterator[tuple[Path_, int]]:
    """Where everything in `node` stands: a key's own line, an item's first."""
    yield path, node.start_mark.line + 1
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            below = (*path, key.value if isinstance(key, yaml.ScalarNode) else "")
            yield from _lines(value, below)
            yield below, key.start_mark.line + 1
    elif isinstance(node, yaml.SequenceNode):
        for i, item in enumerate(node.value):
            yield from _lines(item, (*path, i))
