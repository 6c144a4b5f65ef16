"""A story as data: steps with typed parameters, told by whichever door."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from types import MappingProxyType

from simharness.core.errors import Where
from simharness.domain.base import Record, encode
from simharness.domain.dictionary import Dictionary
from simharness.stories.overlay import Overlay
from simharness.stories.vocabulary.verb import Phase, Verb
from simharness.world.registry import stack_for


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One sentence of a story. `number` counts from 1 over the story; steps of one `block` stand under one keyword.

    `said` are its lines in the file, as the author wrote them.
    """

    number: int
    block: int
    phase: Phase
    verb: Verb
    params: Record
    where: Where
    said: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """A story ready to be played. `stack` maps family to vendor and holds what the story itself asks for only.

    `metrics` is the folder of a team's own metrics that the story names. `further`: the dictionaries of the group's
    other entities. `listens` is how the connector hears of news: poll, webhooks or both; "" as it is set up.
    `overlay` is what the story's head said of its dictionaries, which they hold already.
    """

    name: str
    where: Where
    dictionary: Dictionary
    today: date
    steps: tuple[Step, ...]
    tags: tuple[str, ...] = ()
    payouts: str = "manual"
    stack: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    entity: str = ""
    metrics: Path | None = None
    further: tuple[Dictionary, ...] = ()
    listens: str = ""
    overlay: Overlay = Overlay()  # noqa: RUF009 - an immutable value
    #: The fingerprint once somebody asked for it: every case of a story is named after it.
    _found: list[str] = field(init=False, default_factory=list, compare=False, repr=False)

    @property
    def systems(self) -> Mapping[str, str]:
        """Which vendor plays which family: payroll only where a dictionary says how people are paid."""
        return {**stack_for(self.dictionary, *self.further), **self.stack}

    @property
    def fingerprint(self) -> str:
        """Sixteen hexadecimal digits that change when anything the story says changes, and with nothing else."""
        if not self._found:
            self._found.append(self._digest())
        return self._found[0]

    def _digest(self) -> str:
        digest = hashlib.sha256(encode(self.dictionary))
        for each in self.further:
            digest.update(encode(each))
        digest.update(
            f"{self.name}\0{self.today}\0{self.payouts}\0{sorted(self.stack.items())}\0{self.entity}".encode()
        )
        digest.update(f"\0{self.listens}".encode() if self.listens else b"")
        digest.update(f"\0release {self.overlay.release}".encode() if self.overlay.release else b"")
        for file in sorted(self.metrics.glob("*.sql")) if self.metrics else ():
            digest.update(file.name.encode() + file.read_bytes())
        for step in self.steps:
            digest.update(f"{step.phase}\0{step.verb.name}\0".encode() + encode(step.params))
        return digest.hexdigest()[:16]

    @property
    def asks_for_bi(self) -> bool:
        """Whether any step needs the BI tables."""
        return any(step.verb.needs_bi(step.params) for step in self.steps)
