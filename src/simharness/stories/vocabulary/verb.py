"""What a verb is: a name in words, typed parameters, its forms at the doors, and the one function that does it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, time
from typing import TYPE_CHECKING, Any, Literal

from simharness.domain.base import Record
from simharness.stories.decode import shape_for
from simharness.stories.shape import Shape
from simharness.stories.vocabulary import terms as t

if TYPE_CHECKING:
    from simharness.stories.stage import Stage

Phase = Literal["given", "when", "then"]
#: The phases in their order.
PHASES: tuple[Phase, ...] = ("given", "when", "then")


class Action(Record, frozen=True, kw_only=True):
    """Parameters every act takes: the entity's local day on which it happens (09:00 unless `at` says otherwise).

    Without `on` it happens now, or at `at` on the present day. `refused`: the system does not do it, for a reason in
    which these words occur.
    """

    on: date | None = None
    at: time | None = None
    refused: str = ""


class Claim(Record, frozen=True, kw_only=True):
    """Parameters of a `then`: something that must be true. It never moves time.

    `entity`: in whose books, in a story of several entities; unless said those of the deal, or of the first entity.
    """

    entity: t.EntityName | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """A sentence as a Cucumber expression. `binds` are the fields its parameters fill, in order.

    `invoice` stands for the fields that name an invoice; `table` is the field a data table below the sentence fills, or
    `or_table` where its headers are of that one, and `columns` the headers of a table whose rows are no records
    (`{by}`: the words said of a field). `text` is the field that a text below it fills. `fixed` are keys, with their
    words, that the sentence says by being said.
    """

    pattern: str
    binds: tuple[str, ...] = ()
    table: str = ""
    or_table: str = ""
    columns: tuple[str, ...] = ()
    text: str = ""
    fixed: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Verb:
    """One verb of the vocabulary.

    `heads` are the keys that tell the verb in YAML; exactly one of them stands in a step. A verb without parameters of
    its own has a head that is no field. `fact` names the Fact or Expectation it records. `asks_system` is false for
    an act that no system can refuse, because only the connector or the wire has to do with it; `works` is true for one
    by which the connector gets to do all it has to.
    """

    name: str
    phases: tuple[Phase, ...]
    heads: tuple[str, ...]
    params: type[Record]
    sentences: tuple[Sentence, ...]
    fact: str
    does: Callable[[Stage, Any], None]
    wrong: Callable[[Any], str | None] = lambda _: None
    bi: Callable[[Any], bool] = lambda _: False
    asks_system: bool = True
    works: bool = False
    shape: Shape = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "shape", shape_for(self.params))

    def __repr__(self) -> str:
        return f"Verb({self.name})"

    @property
    def is_bare(self) -> bool:
        """Whether the head is a mere word, not the key of a parameter."""
        return self.heads[0] not in self.shape.by_key

    def needs_bi(self, params: Record) -> bool:
        """Whether the step reads BI."""
        return self.bi(params)
