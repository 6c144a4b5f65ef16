"""Every story that the rules tell is one that people could have written, and the same seed tells the same stories."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.stateful import run_state_machine_as_test

from simharness.connectors.manifest import builtin_manifest, load_manifest
from simharness.core.errors import UsageError
from simharness.domain.fault import Plan, parse_plan
from simharness.explore import random
from simharness.explore.random.company import PAYING_PEOPLE, SELLING, Company
from simharness.explore.random.drawing import able_kinds
from simharness.explore.random.keeping import reproduction
from simharness.explore.random.machine import Teller
from simharness.explore.random.people import PeopleMachine
from simharness.explore.random.telling import LAST_DAY
from simharness.stories import dictionaries, discovery
from simharness.stories.dictionaries import Shelf, load_dictionary
from simharness.stories.playing import Setting
from simharness.stories.story import Story
from simharness.stories.vocabulary.verb import Action
from simharness.stories.writing import write_story
from simharness.stories.yaml_story import read_file


def stories(
    number: int, examples: int = 60, names: tuple[str, ...] = (*SELLING, *PAYING_PEOPLE)
) -> list[tuple[Story, Plan]]:
    """Stories about everything, told and not played, of the companies of these dictionaries."""
    folder = discovery.shipped() / "dictionaries"
    companies = tuple(Company(load_dictionary(folder / f"{name}.yaml")) for name in names)
    told: list[tuple[Story, Plan]] = []
    teller = Teller(
        areas=frozenset(random.AREAS),
        companies=companies,
        kinds=able_kinds(None),
        take=lambda story, plan: told.append((story, plan)),
    )
    machine = type("Told", (PeopleMachine,), {"teller": teller})
    plain = settings(
        max_examples=examples, stateful_step_count=14, database=None, deadline=None, phases=(Phase.generate,),
        suppress_health_check=list(HealthCheck), derandomize=False,
    )  # fmt: skip
    run_state_machine_as_test(seed(number)(machine), settings=plain)
    return told


@pytest.fixture(scope="module")
def told() -> list[tuple[Story, Plan]]:
    return stories(1)


def test_a_told_story_is_written_and_read_without_a_problem(told: list[tuple[Story, Plan]], tmp_path: Path) -> None:
    shelf = Shelf(dictionaries.folder_for(tmp_path / "story.yaml"))
    assert len(told) >= 50
    for story, _ in told:
        file = tmp_path / "story.yaml"
        file.write_text(write_story(story, folder=tmp_path), encoding="utf-8")
        reading = read_file(file, shelf)
        assert not reading.problems, reading.problems[0]
        assert reading.stories[0].fingerprint == story.fingerprint


def test_a_story_ends_at_rest_and_before_its_last_day(told: list[tuple[Story, Plan]]) -> None:
    for story, _ in told:
        assert [step.verb.name for step in story.steps][-2:] == [
            "middleware.connector_finishes", "gateway.clearing_equals_balance",
        ]  # fmt: skip
        days = [step.params.on for step in story.steps if isinstance(step.params, Action) and step.params.on]
        assert days == sorted(days)
        assert all(day <= LAST_DAY for day in days)


def test_stories_reach_sales_money_people_and_faults(told: list[tuple[Story, Plan]]) -> None:
    # What is drawn depends on the constants of whatever is imported as well, so it takes many to meet every verb.
    further = (*stories(2, 60), *stories(3, 60, PAYING_PEOPLE))
    verbs = Counter(step.verb.name for story, _ in (*told, *further) for step in story.steps)
    for verb in (
        "crm.deal_won", "crm.deal_changed", "crm.customer_renamed", "payment.customer_pays", "crediting.credit",
        "people.employee", "payroll.run", "middleware.connector_restarts",
    ):  # fmt: skip
        assert verbs[verb], verbs
    assert {str(plan) for _, plan in told if plan.faults}
    assert any(not plan.faults for _, plan in told)


def test_the_same_seed_tells_the_same_stories_and_another_tells_others() -> None:
    first, again, other = ([(s.fingerprint, str(p)) for s, p in stories(number, 5)] for number in (7, 7, 8))
    assert first == again
    assert first != other


def test_an_area_that_there_is_not_is_refused_with_those_that_there_are(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no random stories about 'gardening'") as refused:
        random.searching(Setting(attachment=load_manifest(builtin_manifest())), tmp_path, ("sales", "gardening"))
    assert "payroll" in (refused.value.mend or "")


def test_without_hypothesis_it_is_said_how_to_get_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("simharness.explore.random.find_spec", lambda name: None)
    with pytest.raises(UsageError, match="random stories need Hypothesis") as refused:
        random.searching(Setting(attachment=load_manifest(builtin_manifest())), tmp_path)
    assert "pip install" in (refused.value.mend or "")


@pytest.mark.parametrize(
    ("plan", "check", "command"),
    [
        ("", "V6", "simharness run out/V6.yaml --connector mine.yaml --rng-seed 3"),
        ("slow@#4", "V6", "simharness run out/V6.yaml --fault 'slow@#4' --connector mine.yaml --rng-seed 3"),
        ("slow@#4", "F1", "simharness replay 'out/V6.yaml:6 slow@#4' --connector mine.yaml --rng-seed 3"),
    ],
)
def test_what_was_found_is_played_again_with_its_faults_and_setting(plan: str, check: str, command: str) -> None:
    setting = Setting(attachment=load_manifest(builtin_manifest()), flags="--connector mine.yaml", rng_seed=3)
    assert reproduction(Path("out/V6.yaml"), 6, parse_plan(plan), check, setting) == command
