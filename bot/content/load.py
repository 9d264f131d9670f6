"""flows/ -> what the engine reads, or every problem at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from ..core.emergency import Recogniser
from ..core.flow import Flow, Words
from ..core.lexicon import Lexicon
from ..core.machine import Menus
from ..core.reader import Reader
from ..core.turn import Content
from . import assemble, emergency, lint, models, partly, translations
from .hours import desk_hours
from .lines import Lined, read
from .problems import BrokenContent, Problem

NOT_FLOWS = frozenset({"program.yaml", "numbers.yaml", "sources.yaml", "emergency.yaml"})
Model = TypeVar("Model", bound=BaseModel)
COUNT = "#"  # stands for how many wait: known only when a nudge is sent (bot.desk)
UNCALLED = "(not called yet)"  # what development shows behind a number that production hides


@dataclass(frozen=True, slots=True)
class Loaded:
    """Content that holds together: for the engine, and the facts behind it for check, the pages and the banner."""

    content: Content
    program: models.Program
    numbers: Mapping[str, models.Number]
    sources: Mapping[str, models.Source]

    def unreviewed(self) -> list[str]:
        """The ids of clinical nodes that nobody has reviewed as they now stand."""
        return sorted(n.id for n in self.content.nodes.values() if n.clinical and not n.reviewed_by)


def load(folder: Path, live: bool = False, ticket_days: int = 7) -> Loaded:
    """Read all of `folder`. `live`: sentences that name a number which nobody has called are left out; else it is marked.
    `ticket_days`: how long a hand-off is kept, as the texts say it. Raises BrokenContent with every problem of every file.
    """
    problems: list[Problem] = []
    program = _model(models.Program, read(folder / "program.yaml", "program.yaml", problems), problems)
    numbers = _models(models.Number, read(folder / "numbers.yaml", "numbers.yaml", problems), problems)
    sources = _models(models.Source, read(folder / "sources.yaml", "sources.yaml", problems), problems)
    written = _flows(folder, problems)
    recogniser = _recogniser(folder, problems)
    if problems or program is None or recogniser is None:
        if program is not None and program.helpline in numbers:
            _names(program, numbers, problems)
        raise BrokenContent(problems + partly.problems(folder, _flow_files(folder), written, numbers))
    if not program.safer:
        written = _without(written, "safer", "overdose_info")
    names = _names(program, numbers, problems) | {"ticket_days": str(ticket_days)}
    problems += lint.problems(written, lint.Facts(numbers, sources, frozenset(names)))
    translated = {language: translations.load(folder, language, problems) for language in translations.LANGUAGES}
    if problems:
        raise BrokenContent(problems)

    flows = {w.flow.flow: w.flow for w in written.values()}
    nodes = assemble.nodes(flows)
    uncalled = frozenset(id_ for id_, n in numbers.items() if not n.always and n.called_on is None)
    hidden = uncalled if live else frozenset()
    if not live:
        names |= {id_: f"{names[id_]} {UNCALLED}" for id_ in uncalled}
    languages = {"en": translations.english, **translated}
    words = Words(
        flows={f.flow: Flow(f.flow, f.title, tuple(f.nodes)) for f in flows.values()},
        nodes=nodes,
        spoken={
            lang: assemble.spoken(nodes, _names_in(lang, names, program, numbers), hidden, told)
            for lang, told in languages.items()
        },
        phrases=assemble.phrases(flows),
    )
    return Loaded(Content(words, Menus(nodes), Reader(Lexicon(words.phrases), nodes, recogniser)), program, numbers, sources)


def _recogniser(folder: Path, problems: list[Problem]) -> Recogniser | None:
    lined = read(folder / "emergency.yaml", "emergency.yaml", problems)
    written = _model(emergency.Written, lined, problems)
    model, network = emergency.model(problems), emergency.network(problems)
    if lined is None or written is None or model is None or network is None:
        return None
    return Recogniser(emergency.rules(written, lined, problems), model, network)


def _flows(folder: Path, problems: list[Problem]) -> dict[str, lint.Written]:
    written: dict[str, lint.Written] = {}
    for path in _flow_files(folder):
        lined = read(path, path.name, problems)
        flow = _model(models.Flow, lined, problems)
        if flow is not None and lined is not None:
            written[flow.flow] = lint.Written(flow, lined)
    return written


def _flow_files(folder: Path) -> list[Path]:
    return [path for path in sorted(folder.glob("*.yaml")) if path.name not in NOT_FLOWS]


def _without(written: dict[str, lint.Written], flow: str, instead: str) -> dict[str, lint.Written]:
    """All flows but `flow`; what led to it leads to `instead`, and a choice that would then stand twice is left out."""
    kept = {}
    for id_, one in written.items():
        if id_ != flow:
            nodes = {name: _led_around(node, flow, instead) for name, node in one.flow.nodes.items()}
            kept[id_] = lint.Written(one.flow.model_copy(update={"nodes": nodes}), one.lined)
    return kept


def _led_around(node: models.Node, flow: str, instead: str) -> models.Node:
    choices: list[models.Choice] = []
    for choice in node.choices:
        if choice.goto.partition(".")[0] != flow:
            choices.append(choice)
        elif not any(instead in (c.goto, c.goto.partition(".")[0]) for c in (*choices, *node.choices)):
            choices.append(choice.model_copy(update={"goto": instead}))
    more = instead if node.more and node.more.partition(".")[0] == flow else node.more
    return node.model_copy(update={"choices": choices, "more": more})


def _model(model: type[Model], lined: Lined | None, problems: list[Problem]) -> Model | None:
    if lined is None:
        return None
    try:
        return model.model_validate(lined.data)
    except ValidationError as error:
        problems += _readable(lined, error)
        return None


def _models(model: type[Model], lined: Lined | None, problems: list[Problem]) -> dict[str, Model]:
    """A file that maps names to models."""
    if lined is None:
        return {}
    if not isinstance(lined.data, dict):
        problems.append(lined.problem((), "holds no names", "Write 'name:' with its fields below"))
        return {}
    found: dict[str, Model] = {}
    for name, data in lined.data.items():
        try:
            found[str(name)] = model.model_validate(data)
        except ValidationError as error:
            problems += _readable(lined, error, (name,))
    return found


def _readable(lined: Lined, error: ValidationError, under: tuple[str | int, ...] = ()) -> list[Problem]:
    """Pydantic's errors, each with its line and in an editor's words."""
    found = []
    for one in error.errors():
        path = (*under, *(p for p in one["loc"] if p != "[key]"))
        place = ".".join(map(str, path)) or "the file"
        what, mend = one["msg"], ""
        if one["type"] == "missing":
            what, mend = f"{place} is missing", "Add it"
        elif one["type"] == "extra_forbidden":
            what, mend = f"{place} is not a known field", _meant(str(path[-1]))
        elif one["type"] in ("model_type", "dict_type"):
            what, mend = f"{place} holds no fields", "Write 'name: value' lines; docs/writing.md shows a file"
        else:
            what = f"{place}: {what[0].lower()}{what[1:]}"
        found.append(lined.problem(path, what, mend))
    return found


def _meant(name: str) -> str:
    """How to mend a field that no model has."""
    from difflib import get_close_matches  # only where something is wrong: a start has no time for it

    shapes = [one for one in vars(models).values() if isinstance(one, type) and issubclass(one, BaseModel)]
    known = sorted({field for shape in shapes for field in shape.model_fields})
    near = get_close_matches(name.lower(), known, 1, 0.75) if name not in known else []
    return f"Did you mean {near[0]}?" if near else "Check its spelling and its place; docs/writing.md lists the fields"


def _names(program: models.Program, numbers: Mapping[str, models.Number], problems: list[Problem]) -> dict[str, str]:
    """Every {name} that a text may hold, with what it shows."""
    names = {id_: number.show for id_, number in numbers.items()}
    names |= {"name": program.name, "contact": program.contact, "frequency": program.frequency}
    helpline = numbers.get(program.helpline)
    if helpline is None:
        problems.append(Problem("program.yaml", 0, f"helpline '{program.helpline}' is not in numbers.yaml", "Add it there"))
    elif helpline.kind not in lint.HUMAN_WAYS:
        problems.append(Problem("program.yaml", 0, f"helpline '{program.helpline}' cannot be called", "Name a voice number"))
    elif not helpline.about:
        problems.append(Problem("numbers.yaml", 0, f"helpline '{program.helpline}' has no 'about'", "Say what it is, in a line"))
    told = (helpline.show, helpline.about or "") if helpline else ("", "")
    return names | {
        "helpline": told[0],
        "helpline_about": told[1],
        "desk_hours": desk_hours(program.handoff, "en"),
        "waiting": COUNT,
    }


def _names_in(lang: str, names: dict[str, str], program: models.Program, numbers: Mapping[str, models.Number]) -> dict[str, str]:
    """`names` where a language says one of them differently: what the helpline is, when counselors are here."""
    if lang == "es":
        names = names | {"desk_hours": desk_hours(program.handoff, "es")}
    about = numbers[program.helpline].about_es if lang == "es" else None
    return names | {"helpline_about": about} if about else names
