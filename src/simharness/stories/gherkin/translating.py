"""A scenario translated into the tree of a YAML story: its head from what sets the scene, then its steps."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from types import MappingProxyType

from simharness.core.errors import ContentError
from simharness.stories.gherkin.expanding import SaidStep, Scenario
from simharness.stories.positions import Node
from simharness.stories.sentences.filling import Pair
from simharness.stories.sentences.saying import Told, told
from simharness.stories.vocabulary.verb import Phase

_PHASE_OF: Mapping[str, Phase] = MappingProxyType({"Context": "given", "Action": "when", "Outcome": "then"})
#: Keys of a story's head that may be said several times.
_MANY = ("entities",)
_IN_QUOTES = re.compile(r'"([^"]*)"')
_MAPS = ("stack", "books", "tax_in", "exempt_products", "owns")
_TABLES = ("chart_of_accounts", "tax_codes")


@dataclass(frozen=True, slots=True)
class Translated:
    """The tree of a story, everything that could not be translated, and the words in quotes that were lost with it."""

    tree: Node
    problems: tuple[ContentError, ...]
    lost: tuple[str, ...] = ()


class Translator:
    """Scenarios of one file translated one after another: a step that several of them share is looked up once."""

    def __init__(self) -> None:
        self._known: dict[tuple[int, Phase | None], Told | ContentError] = {}
        # The steps whose identities are keys above must not be forgotten before them.
        self._kept: list[SaidStep] = []

    def translate(self, scenario: Scenario) -> Translated:
        """The tree of a scenario; a step that is no sentence is left out and told as a problem."""
        problems: list[ContentError] = list(scenario.problems)
        head: list[Pair] = []
        steps: list[tuple[Phase, Node]] = []
        phase: Phase = "given"
        deals: dict[str, str] = {}
        lost: list[str] = []
        for said in scenario.steps:
            meant = _PHASE_OF.get(said.kind)
            try:
                step = self._told(said, meant)
                phase = _phase(step, meant or phase)
                if step.verb is None:
                    head += step.pairs
                else:
                    steps.append((phase, _step(step, said, deals)))
            except ContentError as error:
                phase = meant or phase
                problems.append(error)
                lost += _words(said)
        place = scenario.place
        pairs = [(place.leaf("story"), place.leaf(scenario.name)), *_head(head)]
        if scenario.tags:
            unique = {tag.text: tag for tag in scenario.tags}
            pairs.append((place.leaf("tags"), _list(place, tuple(unique.values()))))
        pairs.append((place.leaf("steps"), _list(place, tuple(_blocks(steps)))))
        return Translated(_map(place, tuple(pairs)), tuple(problems), tuple(lost))

    def _told(self, said: SaidStep, phase: Phase | None) -> Told:
        key = (id(said), phase)
        if key not in self._known:
            self._kept.append(said)
            try:
                self._known[key] = told(said.text, said.place, said.rows, said.text_below, phase)
            except ContentError as error:
                self._known[key] = error
        found = self._known[key]
        if isinstance(found, ContentError):
            raise found
        return found


def _words(said: SaidStep) -> list[str]:
    """What a step may have given a name to: its texts in quotes, and the cells of its table."""
    return [*_IN_QUOTES.findall(said.text), *(cell.text for row in said.rows for cell in row)]


def _phase(step: Told, phase: Phase) -> Phase:
    """The phase of a step: that of its keyword or of the step above, unless its verb cannot stand there."""
    return phase if step.verb is None or phase in step.verb.phases else step.verb.phases[0]


def _step(step: Told, said: SaidStep, deals: dict[str, str]) -> Node:
    """A step as YAML says it. Who pays for a deal is known from the deal: it is compared and not said twice."""
    values = {key.text: value.text for key, value in step.pairs}
    if "deal" in values and "customer" in values:
        deals[values["deal"]] = values["customer"]
    if "unpaid_invoice" in values and "customer" in values:
        deals[_numbered(values["unpaid_invoice"])] = values["customer"]
    pairs = step.pairs
    owner = deals.get(_numbered(values.get("invoice", "")))
    if "customer_pays" in values and owner not in (None, values.get("customer")):
        what = f"the invoice {values['invoice']!r} is that of {owner!r}, not of {values['customer']!r}"
        raise said.place.problem(what, f'write customer "{owner}"')
    if "customer_pays" in values and "invoice_of" in values and "customer" in values:
        # A deal that nobody told of is missed by its name, or was told in a step that could not be read.
        owner = deals.get(values["invoice_of"], values["customer"])
        if owner != values["customer"]:
            what = f"the deal {values['invoice_of']!r} was sold to {owner!r}, not to {values['customer']!r}"
            raise said.place.problem(what, f'write customer "{owner}"')
        pairs = tuple(pair for pair in pairs if pair[0].text != "customer")
    return _map(said.place, pairs)


def _numbered(invoice: str) -> str:
    """A name that no deal has."""
    return f"invoice\n{invoice}"


def _head(pairs: Sequence[Pair]) -> Iterator[Pair]:
    """What the scenario says of its head; the same thing said again replaces it, as a scenario does its background."""
    latest: dict[str, Pair] = {}
    for key, value in pairs:
        before = latest.get(key.text)
        if key.text in _MANY:
            items = (*(before[1].items if before else ()), value)
            latest[key.text] = (key, _list(value, items))
        elif key.text in _MAPS and before is not None:
            latest[key.text] = (key, replace(before[1], pairs=(*before[1].pairs, *value.pairs)))
        elif key.text in _TABLES and before is not None:
            latest[key.text] = (key, _list(value, (*before[1].items, *value.items)))
        else:
            latest[key.text] = (key, value)
    yield from latest.values()


def _blocks(steps: Sequence[tuple[Phase, Node]]) -> Iterator[Node]:
    for phase, group in groupby(steps, key=lambda step: step[0]):
        items = tuple(node for _, node in group)
        block = (items[0].leaf(phase), _list(items[0], items))
        yield _map(items[0], (block,))


def _list(place: Node, items: tuple[Node, ...]) -> Node:
    return Node(kind="list", where=place.where, source=place.source, items=items)


def _map(place: Node, pairs: tuple[Pair, ...]) -> Node:
    return Node(kind="map", where=place.where, source=place.source, pairs=pairs)
