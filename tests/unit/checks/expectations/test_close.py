"""Expectations on a close turn red with the name of what is missing, where late postings land, and for old versions."""

from __future__ import annotations

from typing import Any

from simharness.checks.expectations.judge import judge_expectations
from simharness.checks.group import Group
from simharness.checks.scope import Judged
from simharness.domain.bi import BiReading, BiTable
from simharness.domain.close_facts import PrepaidTold
from simharness.domain.expectation import BiVersionIs, CloseComplete, PostingLands
from simharness.domain.fact import Fact
from tests.unit.checks import builders as b
from tests.unit.checks import money as m
from tests.unit.checks.invariants.test_closed_bi import journal_lines
from tests.unit.checks.test_closing import closed, locked

JANUARY = b.day("2026-01-31")


def reading(step: int = 21, version: str = "2", published: str = "2026-02-03T19:00:00", **changes: int) -> BiReading:
    meta = BiTable(name="meta", columns=("version", "published_at"), rows=((version, published),))
    return BiReading(step=step, source="connector", version=version, tables=(meta, journal_lines(**changes)))


def messages(expectation: Any, *facts: Fact, books: Any = None, **changes: Any) -> list[str]:
    """What is said of an expectation in the money story, whose January is closed and locked as the facts tell."""
    happened = (*m.facts(), *facts, b.rest(20, "2026-02-03"))
    record = m.record(
        told=happened, books=books or m.ledger(closed_until=JANUARY), expectations=(expectation,), **changes
    )
    found = judge_expectations(Group(Judged(record)))
    return [finding.message for result in found for finding in result.findings]


def complete(*facts: Fact, **changes: Any) -> list[str]:
    """What is missing of the close, without what checks say of a story that is not made for it."""
    said = CloseComplete(step=22, verb="close.complete", period="2026-01")
    found = messages(said, *facts, **{"bi": (reading(),), **changes})
    head = "the close of 2026-01 is not complete: "
    assert all(each.startswith(head) for each in found)
    return [each.removeprefix(head) for each in found if "check R8" not in each]


def test_a_close_with_everything_on_the_list_is_complete() -> None:
    assert complete(closed(12), locked(13)) == []


def test_what_is_missing_is_named() -> None:
    assert complete(closed(12)) == ["lock"]
    assert complete(closed(12), locked(13), books=m.ledger()) == ["lock in the ledger"]
    assert complete(closed(12), locked(13), bi=()) == ["BI"]
    assert complete(closed(12), locked(13), bi=(reading(published="2026-02-03T17:00:00"),)) == ["BI"]
    waits = (*m.evidence(), m.reject("stripe:charge:ch1"))
    assert "cut-off: stripe:charge:ch1" in complete(closed(12), locked(13), evidence=waits)


def test_bi_has_to_be_the_trial_balance() -> None:
    found = complete(closed(12), locked(13), bi=(reading(without=0),))
    assert any(each.startswith("BI: ") for each in found)
    assert any(each.startswith("check V12") for each in found)


def test_the_entries_of_the_end_are_asked_for_where_something_calls_for_them() -> None:
    told = PrepaidTold(
        **b.mark(11, "close.prepaid", "2026-01-26"), prepaid="Insurance", account="6200", amount=b.usd("1200.00"),
        service_from=b.day("2026-01-01"), service_to=b.day("2026-12-31"),
    )  # fmt: skip
    assert "period-end entries" in complete(told, closed(12), locked(13))


def test_the_record_is_judged_as_it_stood() -> None:
    """What is refused after the step says nothing of the close."""
    later = b.structs.replace(m.reject("stripe:charge:ch1"), at=b.at("2026-03-01"))
    assert complete(closed(12), locked(13), evidence=(*m.evidence(), later)) == []


def lands(dated: str, period: str | None, *facts: Fact, **changes: Any) -> list[str]:
    said = PostingLands(step=22, verb="close.posting_lands", dated=b.day(dated), period=period)
    return messages(said, *facts, **changes)


def test_what_happened_on_a_day_lands_in_a_period() -> None:
    assert lands("2026-01-20", "2026-01") == []
    (wrong,) = lands("2026-01-20", "2026-02")
    assert "does not land in 2026-02" in wrong
    (nothing,) = lands("2026-01-21", "2026-01")
    assert nothing == "nothing happened on 2026-01-21, and nothing was told for it"


def test_what_is_refused_is_not_posted_and_is_listed() -> None:
    (posted,) = lands("2026-01-20", None)
    assert "was posted" in posted
    paid = b.paid(**b.mark(13, "payments.customer_pays", "2026-01-31"), charge_id="ch2", payment="P-2")
    (unlisted,) = lands("2026-01-31", None, paid)
    assert "is neither posted nor listed" in unlisted
    assert lands("2026-01-31", None, paid, evidence=(*m.evidence(), m.reject("stripe:charge:ch2"))) == []


def test_bi_shows_a_new_version_or_the_same() -> None:
    for version, new, right in (("2", True, True), ("2", False, False), ("1", True, False), ("1", False, True)):
        said = BiVersionIs(step=22, verb="close.bi_version", is_new=new)
        readings = (reading(step=15, version="1"), reading(step=22, version=version))
        assert (messages(said, bi=readings) == []) is right
    assert messages(BiVersionIs(step=22, verb="close.bi_version", is_new=True), bi=()) != []
