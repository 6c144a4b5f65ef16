"""The dictionary shows of every sentence an example that is just that sentence, and the same step in YAML."""

from __future__ import annotations

from functools import cache

import pytest

from simharness.core.errors import ContentError
from simharness.stories.dictionaries import load_dictionary
from simharness.stories.guide.areas import AREAS, area_of
from simharness.stories.guide.entries import entry, in_order, places
from simharness.stories.guide.entry import Entry
from simharness.stories.guide.rehearsal import rehearsed
from simharness.stories.guide.wording import Wording
from simharness.stories.lexicon import Lexicon
from simharness.stories.positions import parse_documents
from simharness.stories.sentences.phrasebook import PHRASEBOOK, Phrase
from simharness.stories.telling import Head, read_step
from simharness.stories.vocabulary.verb import Phase
from tests.repo import tree

PHRASES = in_order()
IDS = [phrase.sentence.pattern for phrase in PHRASES]
WORDING = Wording()
of_steps = pytest.mark.parametrize(
    "phrase", [each for each in PHRASES if each.verb], ids=[each.sentence.pattern for each in PHRASES if each.verb]
)
of_heads = pytest.mark.parametrize(
    "phrase", [each for each in PHRASES if not each.verb], ids=[e.sentence.pattern for e in PHRASES if not e.verb]
)
#: What a story would have named in an earlier step: the things that examples speak of, whatever they are called.
PRESUMED = frozenset((*map(str, WORDING.things().values()), "Globex Holding", "2026-01"))


@cache
def _entry(phrase: Phrase) -> Entry:
    return entry(phrase, WORDING)


@cache
def _lexicon(name: str) -> Lexicon:
    first, *further = (
        load_dictionary(tree.ROOT / "scenarios" / "dictionaries" / f"{each}.yaml") for each in name.split()
    )
    lexicon = Lexicon(first, further=further)
    lexicon.presume(PRESUMED)
    return lexicon


def _phase(phrase: Phrase) -> Phase:
    return phrase.verb.phases[0] if phrase.verb is not None else "given"


@pytest.mark.parametrize("phrase", PHRASES, ids=IDS)
def test_an_example_is_just_its_sentence(phrase: Phrase) -> None:
    found = PHRASEBOOK.find(_entry(phrase).example)
    assert [each.phrase for each in found] == [phrase]


@pytest.mark.parametrize("phrase", PHRASES, ids=IDS)
def test_somebody_wrote_what_an_example_is_made_of(phrase: Phrase) -> None:
    missing = [name for kind, name, nth in places(phrase) if not WORDING.is_said(phrase, kind, name, nth)]
    missing += ["a table of its own" for table in _entry(phrase).tables[:1] if len(table.rows) < 2]
    assert not missing, f"say it in src/simharness/stories/guide/examples.yaml: {missing}"


@of_steps
def test_the_yaml_of_an_example_is_the_same_step(phrase: Phrase) -> None:
    shown = _entry(phrase)
    said = rehearsed(shown.example, _phase(phrase), shown.tables[0].rows if shown.tables else ())
    (item,) = parse_documents(shown.yaml, "example.yaml")[0].items
    verb, params, _ = read_step(item, _phase(phrase))
    assert verb is said.verb is phrase.verb
    assert params == said.params


@of_heads
def test_what_sets_the_scene_is_a_key_of_a_story(phrase: Phrase) -> None:
    keys = parse_documents(_entry(phrase).yaml, "example.yaml")[0].keys()
    assert set(keys) <= set(Head.__struct_encode_fields__)


@of_steps
def test_an_example_speaks_of_what_a_dictionary_holds(phrase: Phrase) -> None:
    shown = _entry(phrase)
    said = rehearsed(shown.example, _phase(phrase), shown.tables[0].rows if shown.tables else ())
    assert said.params is not None
    wrong = {
        name: [word.what for word in _lexicon(name).wrong_words(said.params, phrase.shape, any_currency=True)]
        for name in ("us-people", "us-saas-currencies", "us-group us-group-east")
    }
    assert not all(wrong.values()), wrong


@of_steps
def test_every_detail_is_accepted_by_the_step(phrase: Phrase) -> None:
    shown = _entry(phrase)
    rows = shown.tables[0].rows if shown.tables else ()
    for detail in shown.details:
        text = shown.example.removesuffix(":")
        form = detail.form if detail.form.startswith(",") else f" {detail.form}"
        phase: Phase = "when" if "refused because" in form else _phase(phrase)
        rehearsed(f"{text}{form}{':' if shown.example.endswith(':') else ''}", phase, rows)


def test_a_detail_that_the_step_refuses_is_not_offered() -> None:
    pays = next(p for p in PHRASES if p.sentence.pattern == "customer {string} pays {money} against {invoice}")
    forms = [detail.form for detail in _entry(pays).details]
    assert 'as "P-1"' in forms
    assert not [form for form in forms if form.startswith(", reference")]
    with pytest.raises(ContentError, match="reference"):
        rehearsed(f"{_entry(pays).example}, reference none", "when")


def test_details_that_are_refused_alone_are_offered_together() -> None:
    (phrase,) = (each for each in PHRASES if each.sentence.pattern.startswith("the off-cycle payroll {string} pays"))
    forms = [detail.form for detail in _entry(phrase).details]
    assert ", service from 2026-01-01, service to 2026-01-31" in forms
    assert not any(form.startswith(", service") and "service to" not in form for form in forms)


def test_areas_stand_in_the_order_of_finance() -> None:
    found = list(dict.fromkeys(map(area_of, PHRASES)))
    assert found == [area for area in AREAS if area in found], "give the area a place in guide/areas.py"


def test_within_an_area_what_stands_comes_before_what_happens_and_what_must_be_true() -> None:
    order = ["given", "when", "then"]
    for area in AREAS:
        phases = [order.index(_phase(phrase)) for phrase in PHRASES if area_of(phrase) == area]
        assert phases == sorted(phases), area


def test_an_example_that_is_no_step_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    today = next(p for p in PHRASES if p.sentence.pattern == "today is {date}")
    monkeypatch.setattr(Wording, "of_parameter", lambda *_: "somewhen")
    with pytest.raises(ContentError, match="no sentence"):
        entry(today, WORDING)
