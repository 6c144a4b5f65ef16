"""How a finding reads, the same on every terminal and in every file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal

from simharness.core.money import Money, exponent
from simharness.domain.finding import Finding


def finding_lines(finding: Finding) -> Iterator[tuple[str, str]]:
    """The parts of a finding that have something to say, as (label, text); further objects come without a label."""
    if finding.expected:
        yield "expected", finding.expected
    if finding.actual:
        yield "actual", finding.actual
    for position, thing in enumerate(finding.objects):
        yield "" if position else "objects", thing
    if finding.at_risk is not None:
        yield "at risk", money_text(finding.at_risk)
    if finding.where:
        yield "where", finding.where


def finding_text(finding: Finding) -> str:
    """A finding as plain text by itself: headline, the rule, its parts, and how to see it again."""
    from simharness.checks import check_by_id  # all checks are heavy, and who only counts things needs none of them

    check = check_by_id(finding.check)
    parts = [("rule", check.statement)] if check else []
    parts += [*finding_lines(finding), ("again", finding.reproduce)]
    head = f"{finding.check} ({finding.severity.value}): {finding.message}"
    return "\n".join([head, *(f"  {label:<10}{text}" for label, text in parts if text)])


def money_text(money: Money) -> str:
    """`USD 1,200.00`: with thousands, in the currency's decimals, and finer ones where the amount really has them."""
    places = exponent(money.currency)
    cents = money.amount.quantize(Decimal(1).scaleb(-places))
    return f"{money.currency} {cents if cents == money.amount else money.amount.normalize():,f}"


def counted(count: int, noun: str, plural: str = "") -> str:
    """`1 story`, `2 stories`."""
    return f"{count:,} {noun if count == 1 else plural or noun + 's'}"


def listed(parts: Iterable[str]) -> str:
    """Parts joined by commas."""
    return ", ".join(parts)
