"""Stories that mistakes keep from being played, each under its name, so that nothing is left out in silence."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from simharness.core.errors import ContentError, Where


@dataclass(frozen=True, slots=True)
class Unusable:
    """A story, or a scenario or a row of one, at its place, with what is wrong with it.

    `name` is "" where a mistake is that of a file and nobody knows which stories it holds; several stories may have
    one mistake, as that of a background.
    """

    name: str
    where: Where
    problems: tuple[ContentError, ...]

    @property
    def title(self) -> str:
        """What it is called where stories are listed."""
        return self.name or f"what stands at {self.where}"

    @property
    def message(self) -> str:
        """All that is wrong with it."""
        return "\n".join(str(problem) for problem in self.problems)


class Mistakes(ContentError):
    """All that is wrong with stories of which none can be played, each mistake told once; it reads as its first."""

    def __init__(self, problems: Iterable[ContentError]) -> None:
        self.problems = tuple({str(problem): problem for problem in problems}.values())
        first = self.problems[0]
        super().__init__(first.what, where=first.where, mend=first.mend, rule=first.rule, about=first.about)

    def __str__(self) -> str:
        told = "\n".join(map(str, self.problems))
        return f"{told}\n{len(self.problems)} mistakes" if len(self.problems) > 1 else told
