"""The story that a scenario of pytest-bdd tells: read as a whole when its first sentence is said, done step by step.

Reading ahead is what lets a mistake in the last sentence be told before anything is played, and what sets the scene
count wherever it stands. The steps of others are left out: they are done when their turn comes, in the same world.
"""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path
from types import MappingProxyType

import pytest
from pytest_bdd.parser import Feature
from pytest_bdd.parser import Scenario as GivenScenario
from pytest_bdd.parser import Step as GivenStep

from simharness.core.errors import HarnessError, HarnessFault
from simharness.report.verdict import complaint
from simharness.stories.dictionaries import Shelf, folder_for
from simharness.stories.gherkin.document import Document
from simharness.stories.gherkin.expanding import SaidStep, Scenario
from simharness.stories.gherkin.translating import Translator
from simharness.stories.gherkin.voice import in_sentences
from simharness.stories.playing import Setting, judged, session
from simharness.stories.positions import shown_path
from simharness.stories.sentences.phrasebook import PHRASEBOOK
from simharness.stories.sentences.saying import is_sentence
from simharness.stories.session import Run
from simharness.stories.story import Story
from simharness.stories.telling import Teller
from simharness.world.world import World

#: The kinds of steps by the keywords of pytest-bdd.
_KINDS: Mapping[str, str] = MappingProxyType({"given": "Context", "when": "Action", "then": "Outcome"})


class Telling:
    """One scenario; it listens to the hooks of pytest-bdd, which say where it is.

    The world begins with the first sentence that is more than the scene, or when somebody asks for it. When the last
    step is done everything is judged that `simharness run` judges, except what needs a second run of the same steps.
    """

    def __init__(self, setting: Setting, node_id: str) -> None:
        self._setting, self._node_id = setting, node_id
        self._stack = ExitStack()
        self._feature: Feature | None = None
        self._scenario: GivenScenario | None = None
        self._step: GivenStep | None = None
        self._story: Story | None = None
        self._run: Run | None = None
        self._failed = False

    # -- what steps of others may ask for -------------------------------------------------------------------------

    @property
    def story(self) -> Story:
        """What the scenario tells in our sentences. A mistake in any of them fails the scenario in words."""
        if self._story is None:
            __tracebackhide__ = True
            try:
                self._story = self._read()
            except HarnessError as error:
                raise pytest.fail.Exception(str(error), pytrace=False) from None
        return self._story

    @property
    def run(self) -> Run:
        """The run of it, which begins now if it has not yet."""
        if self._run is None:
            __tracebackhide__ = True
            story = self.story
            try:
                self._run = self._stack.enter_context(session(story, self._setting))
            except HarnessError as error:
                raise pytest.fail.Exception(str(error), pytrace=False) from None
        return self._run

    @property
    def world(self) -> World:
        """The world it happens in."""
        return self.run.world

    # -- what our steps ask for -----------------------------------------------------------------------------------

    def do(self) -> None:
        """Do the present step; one that sets the scene is done by reading."""
        __tracebackhide__ = True
        line = self._step.line_number if self._step is not None else 0
        for step in self.story.steps:
            if step.where.line == line:
                try:
                    self.run.do(step)
                except HarnessError as error:
                    raise pytest.fail.Exception(str(error), pytrace=False) from None

    def close(self) -> None:
        """Stop the connector."""
        self._stack.close()

    # -- what pytest-bdd tells ------------------------------------------------------------------------------------

    def pytest_bdd_before_step_call(self, feature: Feature, scenario: GivenScenario, step: GivenStep) -> None:
        """Know where the scenario is."""
        self._feature, self._scenario, self._step = feature, scenario, step

    def pytest_bdd_step_error(self) -> None:
        """Something failed already: nothing is left to judge."""
        self._failed = True

    def pytest_bdd_step_func_lookup_error(self) -> None:
        """A step that nobody knows."""
        self._failed = True

    def pytest_bdd_after_scenario(self) -> None:
        """Judge what was played."""
        __tracebackhide__ = True
        if self._failed or self._run is None:
            return
        try:
            wrong = complaint(judged(self._run, self._setting, again=f"pytest {shlex.quote(self._node_id)}"))
        except HarnessError as error:
            wrong = str(error)
        if wrong:
            pytest.fail(wrong, pytrace=False)

    # -- inside ---------------------------------------------------------------------------------------------------

    def _read(self) -> Story:
        if self._feature is None or self._scenario is None:
            raise HarnessFault("no step of this scenario was begun", mend="ask for simharness_telling in a step")
        file = Path(self._feature.filename)
        told = Translator().translate(_translated(self._scenario, file))
        teller = Teller(told.tree, Shelf(folder_for(file)), file.parent, tuple(self._setting.metrics), in_part=True)
        story = None if told.problems else teller.story()
        if story is None:
            problems = told.problems or teller.problems
            told_so = [str(in_sentences(each)) for each in problems]
            pytest.fail("\n".join([*told_so, *_left_out(self._scenario, file)]), pytrace=False)
        return story


def _left_out(scenario: GivenScenario, file: Path) -> list[str]:
    """The steps that were left to others although they read almost like sentences: one may be what is missing."""
    return [
        f"{shown_path(file)}:{step.line_number}: {step.name}\n"
        f"  was left to steps of your own; sentences like it: {'; '.join(PHRASEBOOK.nearest(step.name))}"
        for step in scenario.steps
        if not is_sentence(step.name) and PHRASEBOOK.nearest(step.name)
    ]


def _translated(scenario: GivenScenario, file: Path) -> Scenario:
    """The sentences of a scenario as our own reader has them, each at its line; steps of others are left out."""
    document = Document(shown_path(file), tuple(file.read_text(encoding="utf-8").splitlines()), None)
    steps = tuple(_step(step, document) for step in scenario.steps if is_sentence(step.name))
    return Scenario(name=scenario.name, tags=(), steps=steps, place=document.node(scenario.line_number, scenario.name))


def _step(step: GivenStep, document: Document) -> SaidStep:
    place = document.node
    rows = step.datatable.rows if step.datatable is not None else ()
    return SaidStep(
        text=step.name,
        kind=_KINDS[step.type],
        place=place(step.line_number, step.name, f"{step.keyword} {step.name}"),
        rows=tuple(tuple(place(row.location.line, cell.value) for cell in row.cells) for row in rows),
        text_below=None if step.docstring is None else place(step.line_number, step.docstring),
    )
