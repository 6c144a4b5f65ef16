"""1,530.00 at 7.25 % are 110.925, at 1.375 % 21.0375: rounded apart 131.97, rounded as one (131.9625) 131.96."""

from __future__ import annotations

from typing import Any

from simharness.domain.expectation import InvoiceIs, InvoiceRef
from simharness.report.explaining.explanation import Table
from tests.unit.checks import builders as b
from tests.unit.checks.builders import usd
from tests.unit.report.explaining.claims import explained, mark

CODE = "CA San Francisco"
APART = b.invoice(
    taxes=b.tax_groups("1530.00", "110.93", "21.04"), net=usd("1530.00"), tax=usd("131.97"), total=usd("1661.97"),
    open=usd("661.97"),
)  # fmt: skip
ROWS = (
    ("California", "USD 1,530.00", "7.25 %", "USD 110.925", "USD 110.93"),
    ("San Francisco", "USD 1,530.00", "1.375 %", "USD 21.0375", "USD 21.04"),
    ("together CA San Francisco", "USD 1,530.00", "8.625 %", "USD 131.9625", "USD 131.97"),
)


def taxes(**stated: Any) -> list[Table]:
    claim = InvoiceIs(**mark("invoicing.invoice_is"), invoice=InvoiceRef(deal="Rollout"), **stated)
    told = explained(claim, books=b.ledger(documents=(APART,)))
    return [each for each in told.tables if isinstance(each, Table) and each.title.startswith("the tax of")]


def by_authority(**stated: Any) -> Table | None:
    return next((each for each in taxes(**stated) if each.title.endswith("rounded for each authority by itself")), None)


def test_another_tax_or_total_shows_base_rate_and_rounding_of_each_authority() -> None:
    for stated in ({"total": usd("1661.96")}, {"tax": usd("131.96")}, {"tax_under": ((CODE, usd("131.96")),)}):
        table = by_authority(**stated)
        assert table is not None
        assert table.rows == ROWS


def test_an_open_balance_shows_it_where_only_rounding_can_be_the_matter() -> None:
    assert by_authority(open=usd("661.96")) is not None
    assert by_authority(open=usd("561.97")) is None


def test_what_is_not_about_tax_does_not_show_it() -> None:
    assert by_authority(net=usd("1.00")) is None
