"""Sentences are found by words of theirs, by a whole step, and by what is like them."""

from __future__ import annotations

import pytest

from simharness.stories.guide.search import matching, mentioning, nearest


def patterns(query: str) -> list[str]:
    return [phrase.sentence.pattern for phrase in matching(query)]


def test_every_word_must_be_there() -> None:
    found = patterns("invoice tax")
    assert "{invoice} carries {money} of tax" in found
    assert "{invoice} nets {money}" not in found
    assert "tax in {string} is {percent}" not in found


@pytest.mark.parametrize("query", ["reconciliations", "RECONCILE", "recon"])
def test_beginnings_of_words_and_capitals_do_not_matter(query: str) -> None:
    assert "the reconciliations run for {date}" in patterns(query)


def test_headers_of_tables_are_words_of_a_sentence() -> None:
    assert "a deal {string} with {string} and these lines:" in patterns("unit price")


def test_a_whole_step_finds_its_sentence_only() -> None:
    said = 'customer "Globex" pays USD 5.00 against the invoice of "X" on 2026-01-20 as "P-1"'
    assert patterns(said) == ["customer {string} pays {money} against {invoice}"]


def test_no_words_find_everything() -> None:
    assert len(patterns("")) > 200


def test_what_fits_nothing_has_the_likest_first() -> None:
    assert matching("invoce") == ()
    assert "invoice" in nearest("invoce")[0].sentence.pattern
    assert nearest("qqqqqq xxxxxx") == ()


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("card", "customer {string} pays {money} against {invoice} by {word}"),
        ("pays invoice card", "customer {string} pays {money} against {invoice} by {word}"),
        ("supplemental", "an off-cycle payroll pays {string} {money} on {date} because {string}"),
        ("commission", "the off-cycle payroll {string} pays {string} {money} on {date} because {string}"),
        ("bonus", "the off-cycle payroll {string} pays {string} {money} on {date} because {string}"),
    ],
)
def test_words_of_explanations_details_and_closed_lists_find_what_mentions_them(query: str, found: str) -> None:
    assert matching(query) == ()
    assert found in [phrase.sentence.pattern for phrase in mentioning(query)]
    assert len(mentioning(query)) < 10


@pytest.mark.parametrize(
    ("finance", "sentences"), [("credit memo", "credit note"), ("check returned", "cheque returned")]
)
def test_other_words_of_finance_find_the_same(finance: str, sentences: str) -> None:
    assert patterns(finance) == patterns(sentences) != []
