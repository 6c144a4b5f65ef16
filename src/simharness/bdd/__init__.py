"""The door for pytest-bdd: every sentence of the vocabulary is a step, beside a team's own steps.

    pytest_plugins = ["simharness.bdd"]      # in a conftest.py; or from simharness.bdd import * where steps are kept

There are three steps, one a keyword, that ask the phrasebook: whatever is a sentence in `simharness run` is one here,
with its tables, its endings and its mistakes in the same words. What they do is in `telling`.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from pytest_bdd import given, then, when
from pytest_bdd.exceptions import StepDefinitionNotFoundError
from pytest_bdd.parser import Step

from simharness.bdd.parser import SentenceParser
from simharness.bdd.telling import Telling
from simharness.stories.playing import Setting
from simharness.stories.sentences.phrasebook import PHRASEBOOK
from simharness.stories.tags import TAGS, problem_of

# The names of steps are those that pytest-bdd makes; a module that imports everything has to get them too.
__all__ = [
    "pytestbdd_stepdef_given_simharness",
    "pytestbdd_stepdef_then_simharness",
    "pytestbdd_stepdef_when_simharness",
    "simharness_telling",
]


@pytest.fixture
def simharness_telling(request: pytest.FixtureRequest, simharness_setting: Setting) -> Iterator[Telling]:
    """The story that a scenario tells in our sentences, with its world: `world`, `run`, `story`.

    Steps of a team's own may ask for it, to look into the systems or to act in them.
    """
    telling = Telling(simharness_setting, request.node.nodeid)
    request.config.pluginmanager.register(telling)
    try:
        yield telling
    finally:
        request.config.pluginmanager.unregister(telling)
        telling.close()


def pytest_configure(config: pytest.Config) -> None:
    """Our tags are markers, so that `-m money` chooses by them."""
    for tag in TAGS:
        config.addinivalue_line("markers", f"{tag}: a tag of features, see features/README.md of simharness")


def pytest_bdd_apply_tag(tag: str) -> bool | None:
    """A tag that says more than a word (`@control:REC-01`) is no marker; all others are left to pytest-bdd."""
    return True if ":" in tag and problem_of(tag) is None else None


def pytest_bdd_step_func_lookup_error(step: Step, exception: StepDefinitionNotFoundError) -> None:
    """Beside a step that nobody knows, the sentences that are most like it."""
    near = PHRASEBOOK.nearest(step.name)
    if near:
        exception.add_note("\n    ".join(("Sentences of simharness that are like it:", *near)))


@given(SentenceParser("simharness"))
@when(SentenceParser("simharness"))
@then(SentenceParser("simharness"))
def _sentence(simharness_telling: Telling) -> None:
    simharness_telling.do()
