"""V23 and R8 on payroll: cost from books and from what happened, the bridge from the register, sums of components."""

from __future__ import annotations

from typing import Any

import pytest

from simharness.bi.payroll import components
from simharness.domain.bi import BiReading, BiTable, MetricValue
from simharness.domain.evidence import Reject
from tests.unit.checks import builders as b
from tests.unit.checks import payday as p

COLUMNS = (
    "payroll_id", "kind", "code", "cost_centre", "cheque_date", "service_from", "service_to", "in_cash", "amount",
)  # fmt: skip


def metric(name: str, value: str, by: str = "", key: str = "") -> MetricValue:
    return b.metric(name, "2025-01", value, by=by, key=key)


def figures() -> tuple[MetricValue, ...]:
    """Cost 8,000.00 + 876.00 + 100.00; of 8,000.00 gross 200.00 go to the plan and 1,208.26 to taxes."""
    return (
        metric("payroll_cost", "8976.00"),
        metric("payroll_cost", "7644.60", "cost_centre", "CC-10"),
        metric("payroll_cost", "1331.40", "cost_centre", "CC-30"),
        metric("gross_to_net", "6591.74"),
        metric("gross_to_net", "8000.00", "step", "gross"),
        metric("gross_to_net", "-200.00", "step", "deductions"),
        metric("gross_to_net", "-1208.26", "step", "employee_taxes"),
    )


def reading(*values: MetricValue, rows: list[tuple[str, ...]] | None = None) -> BiReading:
    table = BiTable(name="fct_payroll_component", columns=COLUMNS, rows=tuple(rows or shown()))
    return BiReading(step=10, source="connector", version="1", tables=(table, postings()), metrics=values or figures())


def shown() -> list[tuple[str, ...]]:
    return [tuple(str(cell) for cell in row) for row in components(p.payroll())]


def postings(books: Any = None) -> BiTable:
    rows = [
        (each.source, each.source_id, line.account, str(line.amount.amount))
        for each in books or p.entries()
        for line in each.lines
    ]
    return BiTable(name="fct_journal_line", columns=("source", "source_id", "account_id", "amount"), rows=tuple(rows))


def red(check: str, *values: MetricValue, rows: list[tuple[str, ...]] | None = None, **changes: Any) -> list[str]:
    story = p.record(bi=(reading(*values, rows=rows),), **changes)
    return sorted(each.key for each in b.findings(check, story))


def test_bi_that_shows_books_and_register_passes() -> None:
    story = p.record(bi=(reading(),))
    assert b.passes("V23", story)
    assert b.passes("R8", story)


@pytest.mark.parametrize("place", range(len(figures())))
def test_any_figure_that_is_a_cent_off_is_seen(place: int) -> None:
    values = list(figures())
    wrong = values[place]
    assert wrong.value is not None
    values[place] = b.structs.replace(wrong, value=wrong.value + 1)
    assert f"V23:{wrong.metric}:2025-01:{wrong.by}:{wrong.key}" in red("V23", *values)


def test_cost_that_bi_took_from_wrong_books_is_not_what_happened() -> None:
    lines = (p.cost("a6000", "6900.00", "CC-10"), b.posting("a2100", "-4111.37"))
    wrong = p.journal((0, lines[0]), (8, lines[1]))
    found = b.findings("V23", p.record(books=p.replacing("1", wrong), bi=(reading(metric("payroll_cost", "9076.00")),)))
    assert [(each.expected, each.actual) for each in found] == [("USD 8,976.00", "USD 9,076.00")]
    assert found[0].message == "metric payroll_cost of 2025-01 is not what happened gives"


def test_cost_of_a_month_that_is_not_its_own_is_seen() -> None:
    late = p.replacing("1", p.journal(on="2025-02-01"))
    values = (metric("payroll_cost", "0.00"), b.metric("payroll_cost", "2025-02", "8976.00"))
    assert red("V23", *values, books=late) == ["V23:payroll_cost:2025-01::", "V23:payroll_cost:2025-02::"]


def test_the_bridge_leaves_out_a_run_that_the_connector_refused() -> None:
    listed = Reject(at=b.at("2025-01-27"), source="gusto:payroll:r1", code="unbalanced", reason="it does not add up")
    nothing = {"books": p.replacing("1"), "evidence": (listed,)}
    assert red("V23", metric("gross_to_net", "0.00"), **nothing) == []
    assert red("V23", metric("gross_to_net", "6591.74"), **nothing) == ["V23:gross_to_net:2025-01::"]


def test_a_component_of_another_amount_centre_or_day_is_a_break() -> None:
    first = shown()[0]
    for place, value in ((8, "6800.01"), (3, "CC-30"), (4, "2025-02-05"), (0, "r7")):
        changed = tuple(value if at == place else cell for at, cell in enumerate(first))
        keys = red("R8", rows=[changed, *shown()[1:]])
        assert keys
        assert all(key.startswith("R8:amount:payroll components:") for key in keys)
    assert red("R8", rows=shown()[1:])
