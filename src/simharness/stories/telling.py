"""A story told from a tree: its head, its steps, and every problem with the line it stands on.

The tree is that of a YAML story; other doors translate what they read into the same tree, so that a story is checked
in one place, whichever way it was written. A story has `given`, `when` and `then` once each, or `steps`: a list of such
blocks in any number and order.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time
from itertools import pairwise
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, TypeVar

from simharness.connectors.listening import LISTENS
from simharness.core.errors import ContentError, UsageError, Where
from simharness.domain.base import Record
from simharness.domain.dictionary import Dictionary
from simharness.stories.decode import decode_shape, place_of, shape_for
from simharness.stories.dictionaries import Shelf
from simharness.stories.group import group_problems
from simharness.stories.lexicon import Lexicon
from simharness.stories.nearest import suggestion
from simharness.stories.overlay import Overlay, laid_over
from simharness.stories.positions import Node, as_written
from simharness.stories.story import Step, Story
from simharness.stories.style.secrets import without_leaks
from simharness.stories.tags import problem_of
from simharness.stories.unusable import Unusable
from simharness.stories.vocabulary import heads
from simharness.stories.vocabulary.terms import PAYOUTS, OneOf
from simharness.stories.vocabulary.verb import PHASES, Action, Phase, Verb
from simharness.world.registry import families

_T = TypeVar("_T")
#: The keys of a story that hold its steps.
BODY = (*PHASES, "steps")
_OPENING = time(9, 0)
#: A day before that of any story, in the place of one that cannot be read.
_SOME_DAY = date(1970, 1, 1)


class Head(Overlay, frozen=True, kw_only=True):
    """What stands above the steps of a story. `about` is for readers only.

    `entities` are the dictionaries of further entities that keep books in the same world, each its own.
    """

    story: str
    dictionary: str
    today: date
    about: str = ""
    tags: tuple[str, ...] = ()
    payouts: Annotated[str, OneOf(PAYOUTS, "way of paying out")] = "manual"
    stack: tuple[tuple[str, str], ...] = ()
    entity: str = ""
    entities: tuple[str, ...] = ()
    metrics: str = ""
    listens: Annotated[str, OneOf(LISTENS, "way to listen")] = ""


#: The keys of a story's head, worked out once for all stories.
HEAD = shape_for(Head)


@dataclass(slots=True)
class Reading:
    """What a file holds: the stories that can be played, everything that is wrong, and what could read better.

    `voice` says a mistake in the words of the door; a mistake in YAML needs no other words. A mistake that several
    stories have is one of `problems`, and each of the stories is `unusable` for it.
    """

    stories: list[Story] = field(default_factory=list)
    problems: list[ContentError] = field(default_factory=list)
    hints: tuple[ContentError, ...] = ()
    voice: Callable[[ContentError], ContentError] = lambda problem: problem
    _told: set[str] = field(default_factory=set)
    _lines: dict[str, int] = field(default_factory=dict)
    _kept: dict[tuple[str, Where], list[ContentError]] = field(default_factory=dict)

    @property
    def unusable(self) -> tuple[Unusable, ...]:
        """The stories that mistakes keep from being played, in the order in which they were read."""
        return tuple(Unusable(name, where, tuple(problems)) for (name, where), problems in self._kept.items())

    def tell(self, told: Node, shelf: Shelf, folder: Path, own_metrics: Collection[str]) -> None:
        """Add the story that a tree tells, or what is wrong with it; two stories of a file have two names."""
        teller = Teller(told, shelf, folder, own_metrics)
        story = teller.story()
        self.add_problems(teller.problems, told.get("story"))
        if story is None:
            return
        if story.name in self._lines:
            mend = f"give it another name than the one in line {self._lines[story.name]}"
            what = f"two stories are called {story.name!r}"
            place = told.get("story") or told
            self.add_problems([place.problem(what, mend, rule="same-name")], place)
            return
        self._lines[story.name] = story.where.line
        self.stories.append(story)

    def tell_what_is_left(
        self, told: Node, shelf: Shelf, folder: Path, own_metrics: Collection[str], lost: Iterable[str]
    ) -> None:
        """What else is wrong in a tree some of whose steps could not be read: these `lost` words may be names there."""
        teller = Teller(told, shelf, folder, own_metrics, lost=lost)
        teller.story()
        self.add_problems(teller.problems, told.get("story"))

    def add_problems(self, problems: Iterable[ContentError], story: Node | None = None) -> None:
        """Add what is wrong, with the story of this name or, without one, with the file. Rows of examples repeat a
        story's problem; it is told once.
        """
        for problem in problems:
            said = _shown(self.voice(problem))
            name, where = (story.text, story.where) if story is not None else ("", said.where or Where(""))
            kept = self._kept.setdefault((name, where), [])
            if str(said) not in map(str, kept):
                kept.append(said)
            if str(said) not in self._told:
                self._told.add(str(said))
                self.problems.append(said)


class Teller:
    """One story being read; `problems` grows, and no story comes out if there is any.

    Of one that is told `in_part` somebody else does and claims the rest: it need not claim anything itself. Nor need
    one of whose steps some were `lost`: the words of these are taken for names.
    """

    def __init__(
        self,
        node: Node,
        shelf: Shelf,
        folder: Path,
        own_metrics: Collection[str],
        *,
        in_part: bool = False,
        lost: Iterable[str] | None = None,
    ) -> None:
        self.node = node
        self._in_part = in_part or lost is not None
        self._lost = tuple(lost or ())
        self._folder, self._own_metrics = folder, own_metrics
        self.problems: list[ContentError] = []
        self._shelf = shelf
        self._latest = datetime.combine(date.min, _OPENING)
        self._steps: list[Step] = []

    def story(self) -> Story | None:
        head = self._attempt(self._head)
        if head is None:
            return None
        dictionary = self._attempt(lambda: self._dictionary(head))
        further = self._attempt(lambda: self._further(head, dictionary)) if dictionary else None
        blocks = self._attempt(lambda: list(self._blocks()))
        own_metrics = self._attempt(lambda: self._metrics(head))
        if dictionary is None or further is None or blocks is None or own_metrics is None:
            return None
        kept = (dictionary, *further)
        laid = self._attempt(lambda: laid_over(kept, head, head.today, self.node))
        books = laid if laid is not None else kept
        self._latest = datetime.combine(head.today, _OPENING)
        lexicon = Lexicon(books[0], own_metrics, books[1:], self._shelf.every)
        lexicon.presume(self._lost)
        number = 0
        for block, (phase, items) in enumerate(blocks, start=1):
            for item in items:
                number += 1
                self._step(item, phase, number, block, lexicon)
        self._whole()
        if self.problems:
            return None
        return Story(
            name=head.story,
            where=(self.node.get("story") or self.node).where,
            dictionary=books[0],
            today=head.today,
            steps=tuple(self._steps),
            tags=head.tags,
            payouts=head.payouts,
            stack=MappingProxyType(dict(head.stack)),
            entity=head.entity or books[0].entity,
            metrics=self._folder / head.metrics if head.metrics else None,
            listens=head.listens,
            further=books[1:],
            overlay=Overlay(**{name: getattr(head, name) for name in Overlay.__struct_fields__}),
        )

    def _attempt(self, read: Callable[[], _T]) -> _T | None:
        try:
            return read()
        except ContentError as error:
            self.problems.append(error)
            return None

    def _head(self) -> Head:
        node = self.node
        if node.kind != "map":
            raise node.problem("a story is a map of keys", "begin with story: and its name")
        for key, _ in node.pairs:
            known = (*Head.__struct_encode_fields__, *BODY, "examples")
            if key.text not in known:
                raise key.problem(f"unknown key {key.text!r} of a story", suggestion(key.text, known))
        try:
            head = decode_shape(node.without(*BODY), HEAD)
        except ContentError as error:
            self.problems.append(error)
            # It may be the day alone that is missing or wrong, and then all the rest can be looked at.
            head = decode_shape(_on_some_day(node.without(*BODY)), HEAD)
        assert isinstance(head, Head)  # noqa: S101 - says to the type checker what the shape guarantees
        for place in (node.get("tags") or node).items:
            problem = problem_of(place.text)
            if problem is not None:
                self.problems.append(place.problem(*problem, rule="unknown-tag"))
        if head.payouts not in PAYOUTS:
            what = f"{head.payouts!r} is no way of paying out"
            raise (node.get("payouts") or node).problem(what, suggestion(head.payouts, PAYOUTS), rule="value")
        if head.listens not in ("", *LISTENS):
            what = f"{head.listens!r} is no way to listen"
            raise (node.get("listens") or node).problem(what, suggestion(head.listens, LISTENS), rule="value")
        known_families = families() if head.stack else ()
        for family, _ in head.stack:
            if family not in known_families:
                raise (node.get("stack") or node).problem(f"no family {family!r}", suggestion(family, known_families))
        return head

    def _dictionary(self, head: Head) -> Dictionary:
        dictionary = self._shelf.take(head.dictionary, self.node.get("dictionary") or self.node)
        if head.entity not in ("", dictionary.entity):
            place = self.node.get("entity") or self.node
            raise place.problem(f"the dictionary {dictionary.name!r} has no entity {head.entity!r}",
                                suggestion(head.entity, [dictionary.entity]))  # fmt: skip
        return dictionary

    def _further(self, head: Head, first: Dictionary) -> tuple[Dictionary, ...]:
        places = (self.node.get("entities") or self.node).items or (self.node,) * len(head.entities)
        found = tuple(self._shelf.take(name, place) for name, place in zip(head.entities, places, strict=True))
        for problem in group_problems((first, *found)):
            raise (self.node.get("entities") or self.node).problem(*problem)
        return found

    def _metrics(self, head: Head) -> tuple[str, ...]:
        """The names of a team's metrics: those given from outside, and those of the folder the story names."""
        if not head.metrics:
            return tuple(self._own_metrics)
        from simharness.bi.metrics import metrics_in  # BI is heavy, and few stories bring metrics of their own

        try:
            return (*self._own_metrics, *metrics_in(self._folder / head.metrics))
        except UsageError as error:
            raise (self.node.get("metrics") or self.node).problem(error.what, error.mend) from error

    def _blocks(self) -> Iterator[tuple[Phase, tuple[Node, ...]]]:
        node, steps = self.node, self.node.get("steps")
        if steps is None:
            self._in_order([key for key, _ in node.pairs if key.text in PHASES])
            yield from (_block(phase, value) for phase in PHASES if (value := node.get(phase)) is not None)
            return
        mixed = next((key for key, _ in node.pairs if key.text in PHASES), None)
        if mixed is not None:
            raise mixed.problem(f"a story has either `steps` or `{mixed.text}` at the top", "move it into the steps")
        if steps.kind != "list" or not (steps.items or self._in_part):
            raise steps.problem("steps takes a list of blocks: - given: …, - when: …, - then: …")
        for item in steps.items:
            if item.kind != "map" or len(item.pairs) != 1:
                raise item.problem("a block has one keyword: given, when or then")
            key, value = item.pairs[0]
            if key.text not in PHASES:
                raise key.problem(f"unknown keyword {key.text!r}", suggestion(key.text, PHASES))
            yield _block(key.text, value)

    def _in_order(self, keywords: list[Node]) -> None:
        for above, below in pairwise(keywords):
            if PHASES.index(above.text) > PHASES.index(below.text):
                raise below.problem(
                    f"{below.text!r} stands below {above.text!r}",
                    "a story goes given, when, then; to go on after a then, write blocks under steps:",
                )

    def _step(self, item: Node, phase: Phase, number: int, block: int, lexicon: Lexicon) -> None:
        try:
            verb, params, node = read_step(item, phase)
        except ContentError as error:
            self.problems.append(error)
            lexicon.presume(value.text for _, value in item.pairs)
            return
        refused = params.refused if isinstance(params, Action) else ""
        if refused and (phase == "given" or not verb.asks_system):
            place = node.get("refused") or item
            what = "how things stand is never refused" if phase == "given" else "no system is asked for this"
            mend = "say refused of an act under when that a system may refuse"
            self.problems.append(place.problem(what, mend, about="refused"))
        wrong = list(lexicon.wrong_words(params, verb.shape, any_currency=bool(refused)))
        for word in wrong:
            self.problems.append(place_of(node, verb.shape, word.path).problem(word.what, word.mend, rule=word.rule))
        lexicon.learn(params, verb.shape)
        message = None if wrong else verb.wrong(params)
        if message is not None:
            self.problems.append(item.problem(message))
        if isinstance(params, Action):
            self._time(params, node)
        self._steps.append(
            Step(
                number=number,
                block=block,
                phase=phase,
                verb=verb,
                params=params,
                where=item.where,
                said=as_written(item),
            )
        )

    def _time(self, params: Action, node: Node) -> None:
        if params.on is None and params.at is None:
            return
        day = params.on or self._latest.date()
        moment = datetime.combine(day, params.at or _OPENING)
        if moment < self._latest and not (params.at is None and day == self._latest.date()):
            place = node.get("on") or node.get("at") or node
            what = f"time goes back from {self._latest:%Y-%m-%d %H:%M} to {moment:%Y-%m-%d %H:%M}"
            self.problems.append(
                place.problem(what, "put the steps in the order in which they happen", rule="time-order")
            )
        self._latest = max(self._latest, moment)

    def _whole(self) -> None:
        if self.problems or self._in_part:
            return
        if not any(step.phase == "then" for step in self._steps):
            self.problems.append(self.node.problem("the story claims nothing", "add a then", rule="no-then"))
        if not any(step.verb.works for step in self._steps):
            what, mend = "the connector never gets to work", "add connector_finishes"
            self.problems.append(self.node.problem(what, mend, rule="idle-connector"))


def _on_some_day(head: Node) -> Node:
    """A head with a day on which nothing of a story has happened yet."""
    day = (head.leaf("today"), head.leaf(_SOME_DAY.isoformat()))
    return replace(head, pairs=(*(pair for pair in head.pairs if pair[0].text != "today"), day))


def _shown(problem: ContentError) -> ContentError:
    """A mistake without what looks like a secret in it: the line that it shows, or the value that it names."""
    problem.what = without_leaks(problem.what)
    problem.mend = without_leaks(problem.mend) if problem.mend else problem.mend
    return problem


def read_step(item: Node, phase: Phase) -> tuple[Verb, Record, Node]:
    """The verb of a step, its parameters, and the node whose keys they are; raises `ContentError`."""
    known = heads(phase)
    if item.kind == "text":
        verb = known.get(item.text)
        if verb is None:
            raise _unknown_verb(item, item.text, phase)
        if not verb.is_bare:
            raise item.problem(f"{item.text!r} needs a value", f"write {{{item.text}: …}}")
        return verb, _params(_as_map(item), verb), item
    if item.kind != "map" or not item.pairs:
        raise item.problem("a step is a verb with its values", "write it as {verb: value, …}")
    present = [key for key, _ in item.pairs if key.text in known]
    if not present:
        raise _unknown_verb(item.pairs[0][0], item.pairs[0][0].text, phase)
    verb = _meant(item, [known[key.text] for key in present])
    mine = [key for key in present if key.text in verb.heads]
    if len(mine) > 1:
        raise mine[1].problem(f"a step has one subject: {mine[0].text} or {mine[1].text}", "make two steps of it")
    if not verb.is_bare:
        return verb, _params(item, verb), item
    node = item.without(verb.heads[0])
    value = item.get(verb.heads[0])
    if value is not None and value.kind == "map" and not node.pairs:
        node = value
    elif value is not None and value.kind != "nothing":
        raise value.problem(f"{verb.heads[0]!r} takes no value")
    return verb, _params(node, verb), node


def _block(phase: Phase, value: Node) -> tuple[Phase, tuple[Node, ...]]:
    if value.kind != "list" or not value.items:
        raise value.problem(f"{phase} takes a list of steps", "start each step on its own line with a dash")
    return phase, value.items


def _meant(item: Node, candidates: list[Verb]) -> Verb:
    """The verb whose parameters all the keys are; the first one named when there is none."""
    keys = set(item.keys())
    fitting = (verb for verb in candidates if keys <= {*verb.shape.keys, *verb.heads})
    return next(fitting, candidates[0])


def _unknown_verb(place: Node, word: str, phase: Phase) -> ContentError:
    elsewhere = [other for other in PHASES if word in heads(other)]
    if elsewhere:
        return place.problem(f"{word!r} cannot stand under {phase}", f"put it under {' or '.join(elsewhere)}")
    return place.problem(f"unknown verb {word!r} under {phase}", suggestion(word, heads(phase)))


def _as_map(item: Node) -> Node:
    return replace(item, kind="map", text="")


def _params(node: Node, verb: Verb) -> Record:
    params = decode_shape(node, verb.shape)
    assert isinstance(params, Record)  # noqa: S101 - a verb's parameters are a record, says its type
    return params
