"""Stories read from feature files: one story a scenario, or one a row of an outline's examples."""

from __future__ import annotations

from collections.abc import Collection
from functools import partial
from pathlib import Path

from simharness.core.errors import ContentError, Where
from simharness.stories.dictionaries import Shelf
from simharness.stories.gherkin.descriptions import lost_lines
from simharness.stories.gherkin.document import Document, parsed, read_text
from simharness.stories.gherkin.expanding import Scenario, scenarios_of
from simharness.stories.gherkin.translating import Translator
from simharness.stories.gherkin.voice import in_sentences
from simharness.stories.positions import Node, shown_path
from simharness.stories.style.house import hints
from simharness.stories.telling import Reading


def read_feature(path: Path, shelf: Shelf, own_metrics: Collection[str] = ()) -> Reading:
    """Read a feature file; a scenario with a problem is not among the stories."""
    reading = Reading(voice=in_sentences)
    file = shown_path(path)
    try:
        document, problems = parsed(read_text(path, file), file)
    except ContentError as error:
        reading.add_problems([error])
        return reading
    lost = tuple(lost_lines(document))
    reading.add_problems((*problems, *lost))
    reading.hints = tuple(hints(document))
    translator = Translator()
    for scenario in scenarios_of(document):
        reading.voice = partial(_in_row, document, scenario.place)
        if not scenario.steps and not scenario.problems:
            reading.add_problems([_stepless(scenario)], _name(scenario))
            continue
        translated = translator.translate(scenario)
        if translated.problems:
            reading.add_problems(translated.problems, _name(scenario))
            reading.tell_what_is_left(translated.tree, shelf, path.parent, own_metrics, translated.lost)
        else:
            reading.tell(translated.tree, shelf, path.parent, own_metrics)
    reading.voice = in_sentences
    if lost:
        reading.stories.clear()  # A step that was lost may belong to any of them, as one of a background does.
    if not reading.stories and not reading.problems:
        what, mend = "holds no scenario", "write a Scenario: with its steps below the Feature:, or delete the file"
        reading.add_problems([ContentError(what, where=Where(file), mend=mend, rule="no-story")])
    return reading


def _in_row(document: Document, row: Node, problem: ContentError) -> ContentError:
    """A mistake in sentences, with the row of examples that was put into the step in which it is."""
    said = in_sentences(problem)
    line = said.where.line if said.where is not None else 0
    if not line or line == row.where.line or "<" not in document.lines[line - 1] or type(said) is not ContentError:
        return said
    shown = f"{said.what}\n  {row.where.line:>4} | {row.source.strip()}"
    return ContentError(shown, where=said.where, mend=said.mend, rule=said.rule, about=said.about)


def _name(scenario: Scenario) -> Node:
    return scenario.place.leaf(scenario.name)


def _stepless(scenario: Scenario) -> ContentError:
    what, mend = "the scenario has no steps", "say what is so, what is done, and what must be true then"
    return scenario.place.problem(what, mend, rule="no-then", about="steps")
