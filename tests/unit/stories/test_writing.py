"""What is written of a story reads back as the same story, and looks as if a person had written it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simharness.core.errors import Where
from simharness.core.money import Money
from simharness.domain.base import Record
from simharness.stories import dictionaries, discovery
from simharness.stories.dictionaries import Shelf
from simharness.stories.story import Step, Story
from simharness.stories.vocabulary import BY_NAME
from simharness.stories.vocabulary.crm import EnterCustomer, EnterDeal, Line, WinADeal
from simharness.stories.vocabulary.payment import Pay
from simharness.stories.vocabulary.verb import Action, Claim, Phase
from simharness.stories.words import Percent
from simharness.stories.writing import write_story
from simharness.stories.yaml_story import read_file

WHERE = Where("here")


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Shelf:
    return Shelf(dictionaries.folder_for(tmp_path_factory.mktemp("alone") / "story.yaml"))


def again(story: Story, folder: Path, shelf: Shelf) -> Story:
    """The story after it was written and read."""
    file = folder / "story.yaml"
    file.write_text(write_story(story, folder=folder), encoding="utf-8")
    reading = read_file(file, shelf)
    assert not reading.problems
    (told,) = reading.stories
    return told


def told(*said: tuple[Phase, str, Record], name: str = "A story") -> Story:
    """A story of blocks, phases and parameters by verb."""
    steps, block, previous = [], 0, ""
    for number, (phase, verb, params) in enumerate(said, start=1):
        block += phase != previous
        previous = phase
        step = Step(number=number, block=block, phase=phase, verb=BY_NAME[verb], params=params, where=WHERE)
        steps.append(step)
    dictionary = dictionaries.load_dictionary(discovery.shipped() / "dictionaries" / "us-saas.yaml")
    return Story(
        name=name, where=WHERE, dictionary=dictionary, today=date(2026, 1, 5), steps=tuple(steps),
        entity=dictionary.entity,
    )  # fmt: skip


REST = (("when", "middleware.connector_finishes", Action()), ("then", "gateway.clearing_equals_balance", Claim()))


def test_every_shipped_story_reads_back_as_itself(tmp_path: Path, shelf: Shelf) -> None:
    stories = discovery.load()
    assert len(stories) > 200
    for story in stories:
        back = again(story, tmp_path, shelf)
        assert [(s.phase, s.block, s.verb, s.params) for s in back.steps] == [
            (s.phase, s.block, s.verb, s.params) for s in story.steps
        ], story.where
        assert back.fingerprint == story.fingerprint, story.where


@settings(max_examples=60)
@given(name=st.text(st.characters(exclude_categories=("Cs", "Cc"), exclude_characters="<>"), min_size=1))
def test_every_name_reads_back_as_itself(tmp_path_factory: pytest.TempPathFactory, shelf: Shelf, name: str) -> None:
    story = told(("given", "crm.customer", EnterCustomer(customer=name, region="US-OR")), *REST, name=name)
    back = again(story, tmp_path_factory.getbasetemp(), shelf)
    assert (back.name, back.steps[0].params) == (name, story.steps[0].params)


@pytest.mark.parametrize(
    "name", ["null", "~", "yes", "12:30", "- a", "a: b", "a #b", "'", "[x", "1e3", "@x", "%x", "a,b", " a "]
)
def test_names_that_mean_something_to_yaml_read_back_as_names(tmp_path: Path, shelf: Shelf, name: str) -> None:
    story = told(("given", "crm.customer", EnterCustomer(customer=name, region="US-OR")), *REST)
    assert again(story, tmp_path, shelf).steps[0].params == story.steps[0].params


def test_a_story_is_written_as_people_write_theirs() -> None:
    line = Line(
        product="Badge printer",
        quantity=Decimal("2.5"),
        unit_price=Money("1300.005", "USD"),
        discount=Percent(value=Decimal(10)),
    )
    story = told(
        ("given", "crm.customer", EnterCustomer(customer="Wayne", region="US-TX-AUS", terms="Net 30")),
        ("given", "crm.deal", EnterDeal(deal="Wayne gates", customer="Wayne", lines=(line, line), cost_centre="CC-10")),
        ("when", "crm.deal_won", WinADeal(deal_won="Wayne gates", on=date(2026, 1, 12))),
        ("when", "middleware.connector_finishes", Action(on=date(2026, 1, 13))),
        ("then", "gateway.clearing_equals_balance", Claim()),
        ("when", "payment.customer_pays", Pay(customer_pays=Money("-0.00", "USD"), customer="Wayne", reference="none")),
        *REST,
    )
    assert (
        write_story(story, comments=("Found.", ""))
        == """\
# Found.
#
story: A story
dictionary: us-saas
today: 2026-01-05

steps:
  - given:
      - {customer: Wayne, region: US-TX-AUS, terms: Net 30}
      - deal: Wayne gates
        customer: Wayne
        lines:
          - {product: Badge printer, quantity: 2.5, unit_price: USD 1300.005, discount: 10%}
          - {product: Badge printer, quantity: 2.5, unit_price: USD 1300.005, discount: 10%}
        cost_centre: CC-10
  - when:
      - {deal_won: Wayne gates, on: 2026-01-12}
      - {connector_finishes, on: 2026-01-13}
  - then:
      - gateway_clearing_equals_balance
  - when:
      - {customer_pays: USD -0.00, customer: Wayne, reference: none}
      - connector_finishes
  - then:
      - gateway_clearing_equals_balance
"""
    )
