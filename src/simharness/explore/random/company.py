"""The companies of which random stories are told: what each dictionary lets people say, and what a sale comes to.

What a sale comes to is computed with the arithmetic of the checks; it only serves to draw amounts that make sense. It
judges nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from types import MappingProxyType

from simharness.checks.oracle.figures import Terms, billed_lines, obstacle, taxed
from simharness.checks.oracle.model import Conditions
from simharness.checks.oracle.rulebook import Rulebook
from simharness.core.money import Money, exponent
from simharness.domain.crm import DealLine
from simharness.domain.dictionary import Dictionary
from simharness.stories.vocabulary import terms as t
from simharness.stories.vocabulary.crm import Line

#: Dictionaries by what their stories are about; of each area the plainest first, since shrinking goes there.
SELLING = (
    "us-saas", "eu-saas", "us-saas-contra", "eu-saas-per-line", "eu-saas-half-even", "eu-saas-inclusive", "jp-saas",
    "kw-saas", "us-saas-rebill", "us-saas-currencies",
)  # fmt: skip
PAYING_PEOPLE = ("us-people",)
#: Coins of which every charge is made and the least that a gateway takes, in minor units by the currency's exponent.
#: A gateway takes three-decimal amounts in multiples of ten.
_COINS: Mapping[int, int] = MappingProxyType({0: 1, 2: 1, 3: 10})
_LEAST: Mapping[int, int] = MappingProxyType({0: 60, 2: 60, 3: 600})
#: What a gateway takes at most, eight digits.
_MOST = 99_999_000


@dataclass(frozen=True)
class Company:
    """One dictionary as the sales and finance people of its stories know it."""

    dictionary: Dictionary

    @cached_property
    def book(self) -> Rulebook:
        """The rules of its books, as the checks read them."""
        return Rulebook(self.dictionary)

    @property
    def name(self) -> str:
        return self.dictionary.name

    @property
    def currencies(self) -> tuple[str, ...]:
        """The currencies in which its customers may be billed, its own first."""
        return (self.dictionary.currency, *self.dictionary.policy.currencies)

    @property
    def regions(self) -> tuple[str, ...]:
        return tuple(region.code for region in self.dictionary.regions)

    @property
    def products(self) -> tuple[str, ...]:
        return tuple(product.name for product in self.dictionary.products)

    @property
    def terms(self) -> tuple[str, ...]:
        return tuple(each.name for each in self.dictionary.terms)

    @property
    def cost_centres(self) -> tuple[str, ...]:
        return tuple(each.code for each in self.dictionary.cost_centres)

    @property
    def pays_people(self) -> bool:
        return self.dictionary.payroll is not None

    def sold(self, sale: Sale) -> Money | None:
        """What a customer owes for a sale, tax included; None where nobody could bill it without guessing."""
        lines = tuple(self._line(number, line) for number, line in enumerate(sale.lines))
        terms = Terms(
            lines=lines,
            discount_percent=t.percent_of(sale.discount) or None,
            discount_amount=amount.amount if (amount := t.amount_of(sale.discount)) is not None else None,
            cost_centre="",
        )
        if obstacle(self.book, terms, sale.region, sale.currency, sale.day):
            return None
        under = Conditions(region=sale.region, certificates=(), day=sale.day)
        billing = taxed(self.book, billed_lines(self.book, terms, sale.region, sale.day), under, currency=sale.currency)
        total = sum((line.net for line in billing.lines), Decimal(0))
        return Money(total + sum((group.tax for group in billing.groups), Decimal(0)), sale.currency)

    def _line(self, number: int, line: Line) -> DealLine:
        return DealLine(
            id=str(number),
            product=line.product or "",
            quantity=line.quantity,
            unit_price=line.unit_price,
            discount_percent=t.percent_of(line.discount),
            discount_amount=t.amount_of(line.discount),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Sale:
    """What decides what is owed for a deal: its lines and discount, where, and on which day it is sold."""

    lines: Sequence[Line]
    discount: t.Discount | None
    region: str
    currency: str
    day: date


def chargeable(amount: Money) -> Money:
    """The nearest amount to one that a gateway can take: whole coins, not too little and not too much."""
    places = exponent(amount.currency)
    coin = _COINS[places]
    minor = int(amount.amount.scaleb(places)) // coin * coin
    return Money.from_minor(min(max(minor, _LEAST[places]), _MOST), amount.currency)


def share(amount: Money, percent: int) -> Money:
    """So many hundredths of an amount, cut to whole coins of its currency."""
    minor = int(amount.amount.scaleb(exponent(amount.currency)) * percent / 100)
    return Money.from_minor(minor, amount.currency)
