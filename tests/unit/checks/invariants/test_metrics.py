"""V23 and V24 turn red for figures that the books do not give."""

from __future__ import annotations

from typing import Any

import pytest

from simharness.domain.bi import MetricValue
from simharness.domain.finding import Judgement
from tests.unit.checks import builders as b


def shown(*values: MetricValue, **changes: Any) -> b.RunRecord:
    return b.record(bi=(b.reading(metrics=values, **changes),))


@pytest.mark.parametrize(
    ("value", "right", "risk"),
    [
        (b.metric("net_revenue", "2026-01", "4500.00"), "USD 4,100.00", "400.00"),
        (b.metric("net_revenue", "2026-02", "1.00"), "USD 0.00", "1.00"),
        (b.metric("net_revenue", "2026-01", "4100.00", by="cost_centre", key="CC-99"), "USD 0.00", "4100.00"),
        (b.metric("billings", "2026-01", "4410.50"), "USD 4,100.00", "310.50"),
        (b.metric("cash_collected", "2026-01", "970.70"), "USD 1,000.00", "29.30"),
        (b.metric("tax_liability", "2026-01", "0.00"), "USD 310.50", "310.50"),
        (b.metric("ar_ageing", "2026-02-15", "3410.49"), "USD 3,410.50", "0.01"),
        (b.metric("dso", "2026-01", "31.00", "days"), "23.97 days", None),
        (b.metric("discount_rate", "2026-01", "0.1000", "ratio"), "0.0889 ratio", None),
        (b.metric("dso", "2026-02", "1.00", "days"), "no value", None),
    ],
    ids=lambda value: value.metric if isinstance(value, MetricValue) else "",
)
def test_a_metric_that_the_books_do_not_give(value: MetricValue, right: str, risk: str | None) -> None:
    found = b.findings("V23", shown(value))
    assert found[0].expected == right
    assert found[0].at_risk == (None if risk is None else b.usd(risk))


def test_a_metric_of_wrong_books_is_not_what_happened() -> None:
    """The books hold a second invoice, BI shows both: it equals the ledger, and the deal was won once."""
    twice = b.invoice(id="77", number="1009")
    story = b.record(
        books=b.ledger(documents=(b.invoice(), twice)),
        bi=(b.reading(metrics=(b.metric("billings", "2026-01", "8200.00"),)),),
    )
    found = b.the_finding("V23", story)
    assert found.message == "metric billings of 2026-01 is not what happened gives"
    assert (found.expected, found.actual) == ("USD 4,100.00", "USD 8,200.00")


def test_a_dimension_that_does_not_sum_to_the_whole() -> None:
    parts = [value for value in b.metrics() if value.metric == "net_revenue" and value.key != "CC-20"]
    found = b.the_finding("V23", shown(*parts))
    assert (found.expected, found.actual) == ("USD 4,100.00", "USD 3,600.00")


def test_a_roll_forward_that_does_not_close() -> None:
    parts = [value for value in b.metrics() if value.metric == "tax_liability" and value.key != "charged"]
    found = b.the_finding("V23", shown(*parts))
    assert (found.expected, found.actual) == ("USD 310.50", "USD 0.00")


def test_a_metric_nobody_can_recompute_is_said_to_be_so() -> None:
    result = b.result("V23", shown(b.metric("magic", "2026-01", "1")))
    assert result.judgement is Judgement.NOT_EXERCISED
    assert result.reason == "not recomputed here: magic"


def test_tables_the_harness_loaded_have_no_list_prices() -> None:
    rate = b.metric("discount_rate", "2026-01", "0", "ratio")
    assert b.result("V23", shown(rate, source="harness BI")).judgement is Judgement.NOT_EXERCISED


def test_an_ageing_that_knows_of_a_later_payment() -> None:
    leak = shown(
        b.metric("ar_ageing", "2026-01-15", "3410.50"),
        b.metric("ar_ageing", "2026-01-15", "3410.50", by="bucket", key="current"),
    )
    assert [(each.expected, each.actual) for each in b.findings("V24", leak)] == [("USD 4,410.50", "USD 3,410.50")] * 2
    assert not b.findings("V23", leak)


def test_another_wrong_ageing_is_not_called_a_leak() -> None:
    wrong = shown(b.metric("ar_ageing", "2026-01-15", "4400.00"))
    assert not b.findings("V24", wrong)
    assert b.the_finding("V23", wrong).expected == "USD 4,410.50"


def test_v24_is_exercised_only_where_something_happened_later() -> None:
    assert b.result("V24", shown(b.metric("ar_ageing", "2026-02-15", "3410.50"))).judgement is Judgement.NOT_EXERCISED


def test_without_bi_the_metrics_are_not_exercised() -> None:
    assert {b.result(check, b.record(bi=())).judgement for check in ("V23", "V24", "R8")} == {Judgement.NOT_EXERCISED}
