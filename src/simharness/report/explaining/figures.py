"""The two figures of a finding, read back from its words: side by side where they name the same things."""

from __future__ import annotations

import re

from simharness.core.money import Money
from simharness.domain.finding import Finding
from simharness.report.explaining.explanation import Table
from simharness.report.words import money_text

#: An amount as `str(Money)` writes it, with the words before it.
_FIGURE = re.compile(r"(?P<label>[^,;]*?)\s*(?P<money>[A-Z]{3} -?\d[\d,]*(?:\.\d+)?)(?![\w.])")

#: What two sides are called beside each other, behind the names of the rows.
COLUMNS = ("", "expected", "actual", "difference")


def amounts(text: str) -> list[tuple[str, Money]]:
    """Every amount in a text with the words that stand before it, since the comma or the amount before."""
    return [(found["label"].strip(" :"), Money.parse(found["money"])) for found in _FIGURE.finditer(text)]


def amount(text: str) -> Money | None:
    """The amount that a text is, or None where it says anything else."""
    found = amounts(text)
    return found[0][1] if len(found) == 1 and text.strip() == str(found[0][1]) else None


def less(actual: Money, expected: Money) -> Money | None:
    """Actual less expected; None between two currencies."""
    return actual - expected if actual.currency == expected.currency else None


def signed(amount: Money) -> str:
    """An amount whose sign is always shown: `USD +10.00`."""
    text = money_text(amount)
    return text.replace(" ", " +", 1) if amount.amount > 0 else text


def apart_text(expected: Money, actual: Money) -> str:
    """Actual less expected in words."""
    difference = less(actual, expected)
    return "another currency" if difference is None else signed(difference)


def figures_table(finding: Finding) -> Table | None:
    """Expected, actual and the difference: a row for each figure that both name, else both texts in one row."""
    if not finding.expected and not finding.actual:
        return None
    expected, actual = amounts(finding.expected), amounts(finding.actual)
    if len(expected) > 1 and [label for label, _ in expected] == [label for label, _ in actual]:
        rows = tuple(
            (label, money_text(should), money_text(found), apart_text(should, found))
            for (label, should), (_, found) in zip(expected, actual, strict=True)
        )
        return Table(title="", columns=COLUMNS, rows=rows, right=(1, 2, 3))
    difference = ""
    if len(expected) == len(actual) == 1:
        difference = apart_text(expected[0][1], actual[0][1])
    row = ("", finding.expected or "nothing", finding.actual or "nothing", difference)
    if not difference:
        return Table(title="", columns=COLUMNS[:3], rows=(row[:3],))
    plain = amount(finding.expected) is not None and amount(finding.actual) is not None
    return Table(title="", columns=COLUMNS, rows=(row,), right=(1, 2, 3) if plain else (3,))


def difference_text(finding: Finding) -> str:
    """The money difference: actual less expected where both are one amount, else what is in question."""
    expected, actual = amounts(finding.expected), amounts(finding.actual)
    if len(expected) == len(actual) == 1:
        (_, should), (_, found) = expected[0], actual[0]
        difference = less(found, should)
        if difference is not None and difference:
            return f"{signed(difference)}, which is the actual figure less the expected one"
    if finding.at_risk is not None and finding.at_risk:
        return f"{money_text(finding.at_risk)} in question"
    return "none in money: what differs is no amount"
