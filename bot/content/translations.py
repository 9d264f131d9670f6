"""The same words in another language: one gettext PO file a language, beside the flows. English is the source.

A message is looked up by node id (msgctxt) and English text (msgid). Fuzzy and empty entries do not exist for us: a changed
English text makes its translation a stranger, because a wrong number in another language is worse than the English card.
"""

from __future__ import annotations

from pathlib import Path

from babel.messages.pofile import PoFileError, read_po

from .problems import Problem
from .speak import NAME, Translate

LANGUAGES = ("es",)


def english(context: str, text: str) -> str | None:
    return text


def load(folder: Path, language: str, problems: list[Problem]) -> Translate:
    """The translations of `language`; every problem with the file is added to `problems`."""
    path = folder / f"{language}.po"
    where = path.name
    told: dict[tuple[str, str], str] = {}
    if path.exists():
        try:
            with path.open("rb") as file:
                catalog = read_po(file, locale=language, abort_invalid=True)
        except (PoFileError, UnicodeDecodeError, ValueError) as error:
            problems.append(Problem(where, 0, f"not a PO file ({error})", "Mend it in a translation editor"))
            return lambda context, text: None
        for message in catalog:
            if message.id and message.string and not message.fuzzy and isinstance(message.id, str):
                problems.extend(_names_differ(where, message.lineno or 0, message.id, str(message.string)))
                told[str(message.context or ""), _folded(message.id)] = str(message.string).strip()
    return lambda context, text: told.get((context, _folded(text)))


def _folded(text: str) -> str:
    return " ".join(text.split())


def _names_differ(where: str, line: int, source: str, translated: str) -> list[Problem]:
    if sorted(set(NAME.findall(source))) == sorted(set(NAME.findall(translated))):
        return []
    return [Problem(where, line, "the {names} of a translation differ from the English", "Use the same names in both")]
