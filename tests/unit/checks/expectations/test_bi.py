"""Expectations on BI as a whole turn red for a wrong group, a table that was published, and figures that are late."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from simharness.domain.claims import BiIsFresh, BreakdownIs, BreakdownRow, TableUnpublished
from simharness.domain.finding import Judgement
from tests.unit.checks import builders as b
from tests.unit.checks.expectations.test_documents import judged, said, wrong

WEST, EAST = (BreakdownRow(key=key, value=Decimal(v), unit="USD") for key, v in (("CC-10", "3600"), ("CC-20", "500")))


def by_centre(*rows: BreakdownRow, **changes: Any) -> Any:
    given = {"metric": "net_revenue", "period": "2026-01", "by": "cost_centre", "rows": rows}
    return said(BreakdownIs, **(given | changes))


@pytest.mark.parametrize(
    "claim",
    [
        by_centre(WEST, EAST),
        by_centre(EAST, WEST, BreakdownRow(key="CC-30", value=Decimal(0), unit="USD")),
        by_centre(WEST, BreakdownRow(key="CC-20")),
        by_centre(WEST, unchecked=("CC-20",)),
    ],
    ids=["exact", "a group of zero", "any value", "not checked"],
)
def test_the_groups_that_bi_shows_hold(claim: Any) -> None:
    assert judged(claim).judgement is Judgement.PASSED


@pytest.mark.parametrize(
    ("claim", "expected", "actual", "risk"),
    [
        (by_centre(WEST), "no such group", "USD 500.00", None),
        (by_centre(WEST, b.structs.replace(EAST, value=Decimal(501))), "USD 501.00", "USD 500.00", "1.00"),
        (by_centre(WEST, b.structs.replace(EAST, unit="EUR")), "EUR 500.00", "USD 500.00", None),
        (by_centre(WEST, EAST, b.structs.replace(EAST, key="CC-30")), "USD 500.00", "nothing", "500.00"),
        (by_centre(WEST, EAST, BreakdownRow(key="CC-30")), "any value", "nothing", None),
        (by_centre(WEST, EAST, by="customer"), "CC-10, CC-20", "nothing", None),
    ],
    ids=["not listed", "value", "unit", "missing", "missing one of any value", "no such breakdown"],
)
def test_other_groups_are_found(claim: Any, expected: str, actual: str, risk: str | None) -> None:
    found = wrong(claim)
    assert (found.expected, found.actual) == (expected, actual)
    if risk is not None:
        assert found.at_risk == b.usd(risk)


def readings(*versions: str, **changes: Any) -> b.RunRecord:
    steps = range(6 - len(versions), 6)
    return b.record(bi=tuple(b.reading(step=s, version=v, **changes) for s, v in zip(steps, versions, strict=True)))


def unpublished() -> Any:
    return said(TableUnpublished, table="fct_payment")


def test_a_table_that_stayed_as_it_was_is_not_published() -> None:
    assert judged(unpublished(), readings("1", "1")).judgement is Judgement.PASSED
    assert judged(unpublished(), readings("", tables=())).judgement is Judgement.PASSED


@pytest.mark.parametrize("story", [readings("1"), readings("1", "2")], ids=["the first version", "a newer version"])
def test_a_table_that_was_published_is_found(story: b.RunRecord) -> None:
    assert wrong(unpublished(), story).message == "BI table fct_payment was published"


def published(at: str, *written: str) -> b.RunRecord:
    meta = b.table("meta", "version published_at", f"1|2026-01-20T{at}")
    writes = tuple(
        b.write("invoice", str(n), "create", family="accounting", vendor="quickbooks", at=b.at("2026-01-20", int(hour)))
        for n, hour in enumerate(written)
    )
    return b.record(bi=(b.reading(tables=(meta,)),), writes=writes)


@pytest.mark.parametrize("story", [published("18:00:00", "18"), published("18:00:00"), published("18:30:00", "19")])
def test_bi_is_behind_by_what_it_does_not_show(story: b.RunRecord) -> None:
    assert judged(said(BiIsFresh, within_s=3600), story).judgement is Judgement.PASSED


def test_bi_that_misses_an_old_posting_is_found() -> None:
    found = wrong(said(BiIsFresh, within_s=3600), published("10:00:00", "9", "17"))
    assert found.message == "BI is 2 hours 1 minutes behind the ledger"
    assert found.actual == "invoice 1 of 2026-01-20 17:00:00 UTC is not shown"


def test_bi_that_was_never_published_is_no_fresh_one() -> None:
    assert wrong(said(BiIsFresh, within_s=3600), b.record(bi=())).actual == "none"
