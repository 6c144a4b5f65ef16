"""A sentence said as in a feature file, to see which step it makes: the dictionary shows nothing that was not tried."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from simharness.core.errors import ContentError, Where
from simharness.domain.base import Record
from simharness.stories.positions import Node
from simharness.stories.sentences.saying import told
from simharness.stories.telling import read_step
from simharness.stories.vocabulary.verb import Phase, Verb

_WHERE = Where("example.feature", 1)
#: Of whoever pays for a deal YAML does not say the name: it is known from the deal.
_KNOWN_BY_DEAL = "customer"
_PAYS = frozenset(("customer_pays", "invoice_of"))


@dataclass(frozen=True, slots=True)
class Rehearsed:
    """What a sentence became: the keys it filled; of a step also its verb and parameters."""

    keys: Node
    verb: Verb | None = None
    params: Record | None = None


def rehearsed(text: str, phase: Phase, rows: Sequence[Sequence[str]] = ()) -> Rehearsed:
    """The step that a sentence with a table makes; raises `ContentError` for one that is refused as it stands."""
    place = _node(text)
    said = told(text, place, tuple(tuple(_node(cell) for cell in row) for row in rows), phase=phase)
    pairs = said.pairs
    if {key.text for key, _ in pairs} >= _PAYS:
        pairs = tuple(pair for pair in pairs if pair[0].text != _KNOWN_BY_DEAL)
    keys = replace(place, kind="map", text="", pairs=pairs)
    if said.verb is None:
        return Rehearsed(keys)
    verb, params, node = read_step(keys, phase)
    message = verb.wrong(params)
    if message is not None:
        raise node.problem(message)
    return Rehearsed(keys, verb, params)


def is_accepted(text: str, phase: Phase, rows: Sequence[Sequence[str]] = ()) -> bool:
    """Whether a sentence makes a step as it stands."""
    try:
        rehearsed(text, phase, rows)
    except ContentError:
        return False
    return True


def _node(text: str) -> Node:
    return Node(kind="text", where=_WHERE, source=text, text=text)
