"""A month's worth of a recurring line: of its price after its own discount, whatever the whole deal was reduced by."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction
from types import MappingProxyType

from simharness.core.money import exponent
from simharness.domain.crm import DealLine
from simharness.domain.fact import ConnectorFinished, DealChanged, DealEntered, DealReopened, DealWon, Fact
from simharness.domain.policy import Rounding

#: Months between two billings, by what a CRM calls them; a year has 52 weeks and 12 months.
MONTHS: Mapping[str, Fraction] = MappingProxyType(
    {
        "weekly": Fraction(12, 52),
        "biweekly": Fraction(12, 26),
        "monthly": Fraction(1),
        "quarterly": Fraction(3),
        "per_six_months": Fraction(6),
        "annually": Fraction(12),
        "yearly": Fraction(12),
        "per_two_years": Fraction(24),
        "per_three_years": Fraction(36),
        "per_four_years": Fraction(48),
        "per_five_years": Fraction(60),
    }
)


@dataclass(slots=True)
class Lines:
    """The lines of a deal as the connector saw them at its rests: (from a day on, lines); the first are since ever."""

    seen: list[tuple[date, tuple[DealLine, ...]]] = field(default_factory=list)

    def on(self, day: date) -> tuple[DealLine, ...]:
        """As they were on a day."""
        earlier = [lines for since, lines in self.seen[1:] if since <= day]
        return earlier[-1] if earlier else self.seen[0][1]


def lines_over_time(facts: Iterable[Fact]) -> dict[str, Lines]:
    """Of every deal that changed once it was won, by id. What changed twice between two rests changed once, when it
    last did.
    """
    now: dict[str, tuple[date, tuple[DealLine, ...]]] = {}
    won: set[str] = set()
    found: dict[str, Lines] = {}
    for fact in facts:
        match fact:
            case DealEntered() | DealChanged():
                now[fact.deal_id] = (fact.on, fact.lines)
            case DealWon():
                won.add(fact.deal_id)
            case DealReopened():
                won.discard(fact.deal_id)
            case ConnectorFinished():
                for deal_id in won & now.keys():
                    seen = found.setdefault(deal_id, Lines()).seen
                    if not seen or seen[-1] != now[deal_id]:
                        seen.append(now[deal_id])
            case _:
                pass
    return {deal_id: lines for deal_id, lines in found.items() if len(lines.seen) > 1}


def monthly(line: DealLine, months: Fraction, rounding: Rounding) -> Decimal:
    """What a line is worth a month, to the smallest coin of its currency."""
    currency = line.unit_price.currency
    price = _coined(Fraction(line.quantity) * Fraction(line.unit_price.amount), currency, rounding)
    if line.discount_amount is not None:
        price -= Fraction(line.discount_amount.amount)
    elif line.discount_percent is not None:
        price -= _coined(price * Fraction(line.discount_percent) / 100, currency, rounding)
    worth = _coined(price / months, currency, rounding)
    return Decimal(worth.numerator) / Decimal(worth.denominator)


def _coined(value: Fraction, currency: str, rounding: Rounding) -> Fraction:
    """Rounded by comparing fractions, so that a third is never cut before it is rounded."""
    coins = value * 10 ** exponent(currency)
    whole = abs(coins.numerator) // coins.denominator
    rest = abs(coins) - whole
    half = Fraction(1, 2)
    up = rest > half or (rest == half and (rounding is not Rounding.HALF_EVEN or whole % 2 == 1))
    sign = -1 if coins < 0 else 1
    return Fraction(sign * (whole + up), 10 ** exponent(currency))
