"""A way that leads somewhere by references is found, and one that does not is told."""

from __future__ import annotations

import pytest

from simharness.domain.claims import TracesTo
from simharness.domain.finding import Judgement
from tests.unit.checks import builders as b
from tests.unit.checks.expectations.test_documents import judged, said, wrong


def trace(subject: str, target: str) -> TracesTo:
    made: TracesTo = said(TracesTo, subject=subject, target=target)
    return made


@pytest.mark.parametrize(
    ("subject", "target"),
    [
        ("Rollout", "the ledger"),
        ("Rollout", "1001"),
        ("Rollout", "4010 Hardware sales"),
        ("Rollout", "P-1"),
        ("Rollout", "BI"),
        ("P-1", "1150 Gateway clearing"),
        ("Globex", "1001"),
    ],
)
def test_what_references_lead_to_is_traced(subject: str, target: str) -> None:
    assert judged(trace(subject, target)).judgement is Judgement.PASSED


@pytest.mark.parametrize(
    ("subject", "target"), [("Rollout", "1002"), ("Rollout", "1000 Bank"), ("P-1", "4010 Hardware sales")]
)
def test_what_they_do_not_lead_to_is_found(subject: str, target: str) -> None:
    found = wrong(trace(subject, target))
    assert found.message == f"no reference leads from {subject!r} to {target!r}"
    assert "entry" in found.actual


def test_a_record_that_lost_its_reference_cannot_be_traced() -> None:
    bare = b.ledger(documents=(b.invoice(note=""),), payments=(), entries=(b.invoice_entry(),))
    found = wrong(trace("Rollout", "the ledger"), b.record(books=bare))
    assert found.actual == "the way leads to nothing"


def test_equal_amounts_are_no_way() -> None:
    stranger = b.payment(note="pay:charge:other", applications=())
    assert "P-1" in wrong(trace("P-1", "the ledger"), b.record(books=b.ledger(payments=(stranger,)))).message


def test_rows_that_were_not_published_are_not_reached() -> None:
    empty = b.record(bi=(b.reading(tables=()),))
    assert wrong(trace("Rollout", "BI"), empty).message == "no reference leads from 'Rollout' to 'BI'"


def test_nobody_traces_what_the_story_does_not_know() -> None:
    assert wrong(trace("Initech", "the ledger")).actual == "nothing of that name"
