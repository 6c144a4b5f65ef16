"""What a bank line is, is said by its words; amounts only have to agree."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from simharness.reference.bank.feed import Line
from simharness.reference.bank.matching import Advice, Charge, Cheques, Meaning, Unexplained, meaning
from simharness.reference.mapping.model import BankRules


def told(amount: str, reference: str, name: str = "") -> Meaning:
    line = Line(
        id="l",
        amount=Decimal(amount),
        currency="USD",
        day=date(2026, 3, 2),
        name=name or reference,
        reference=reference,
    )
    return meaning(line, BankRules())


@pytest.mark.parametrize(
    ("amount", "reference", "name", "expected"),
    [
        ("1950", "CHEQUES 1041 1042 1043", "", Cheques(("1041", "1042", "1043"))),
        ("1950", "cheques 1041, 1042", "", Cheques(("1041", "1042"))),
        ("-480", "RETURNED CHEQUE 1042", "", Cheques(("1042",), returned=True)),
        ("-12", "FEE returned cheque", "", Charge()),
        ("-12", "", "FEE MARCH", Charge()),
        ("100", "INV-1 100.00", "", Advice((("INV-1", Decimal("100.00")),))),
        ("100", "1001 USD 1,060.00; 1002 40", "", Advice((("1001", Decimal("1060.00")), ("1002", Decimal(40))), "USD")),
        ("108", "1001 EUR 100.00; FEE USD 2.00", "", Advice((("1001", Decimal("100.00")),), "EUR", Decimal("2.00"))),
    ],
)
def test_words_tell_a_line(amount: str, reference: str, name: str, expected: Meaning) -> None:
    assert told(amount, reference, name) == expected


@pytest.mark.parametrize(
    ("amount", "reference"),
    [
        ("1950", "1001"),
        ("1950", "1001 much"),
        ("1950", "1001 -5.00"),
        ("1950", "1001 10.00; thanks"),
        ("1950", "CHEQUES from Bob"),
        ("-1950", "CHEQUES 1041"),
        ("480", "RETURNED CHEQUE 1042"),
        ("12", "FEE"),
        ("12", "FEE USD 2.00"),
        ("150", "1001 EUR 100.00; 1002 GBP 50.00"),
        ("1950", ""),
    ],
)
def test_words_that_do_not_say_it_all_explain_nothing(amount: str, reference: str) -> None:
    assert isinstance(told(amount, reference), Unexplained)
