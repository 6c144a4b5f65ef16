from __future__ import annotations

from decimal import Decimal

import pytest

from simharness.core.money import Money
from simharness.report.words import counted, finding_text, money_text
from tests.unit.report.samples import finding


@pytest.mark.parametrize(
    ("amount", "currency", "text"),
    [
        ("1200", "USD", "USD 1,200.00"),
        ("-13.5000", "USD", "USD -13.50"),
        ("0.005", "USD", "USD 0.005"),
        ("1234567", "JPY", "JPY 1,234,567"),
        ("2.5", "KWD", "KWD 2.500"),
    ],
)
def test_money_is_told_in_the_decimals_of_its_currency_and_never_rounded(amount: str, currency: str, text: str) -> None:
    assert money_text(Money(Decimal(amount), currency)) == text


def test_a_finding_stands_by_itself_with_its_rule_and_the_way_back() -> None:
    lines = finding_text(finding()).splitlines()
    assert lines[0] == "V6 (money): the invoice total is off"
    assert lines[1].startswith("  rule      Invoice totals")
    assert lines[-1] == "  again     simharness run stories/sale.yaml -k 'A sale' --rng-seed 7"


def test_one_is_not_many() -> None:
    assert [counted(count, "story", "stories") for count in (0, 1, 2)] == ["0 stories", "1 story", "2 stories"]
