"""What is wrong with the content, told so that an editor can mend it."""

from __future__ import annotations

from dataclasses import dataclass

from .. import problem


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One thing to mend. `where` is a path below the flows folder, `line` counts from 1 (0: the whole file)."""

    where: str
    line: int
    what: str
    mend: str

    def __str__(self) -> str:
        place = f"{self.where}:{self.line}" if self.line else self.where
        return f"{place}: {self.what}. {self.mend}" if self.mend else f"{place}: {self.what}."


class BrokenContent(problem.Problem):
    """The content cannot be used. `problems` names everything at once."""

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = sorted(problems)
        count = len(problems)
        super().__init__(f"{count} problem{'s' if count > 1 else ''} in the words.", map(str, self.problems))
