"""What a random story knows of itself: who buys what, what is open by its own arithmetic, and so what may be said next.

It is no oracle. It keeps amounts only as far as they are certain: where the order in which a connector takes things up
decides what is open, an invoice is no longer `certain`, and nothing is said of it that depends on its open amount.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from simharness.core.money import Money
from simharness.explore.random.company import Company, Sale
from simharness.stories.vocabulary import terms as t
from simharness.stories.vocabulary.crm import Line


@dataclass(slots=True, kw_only=True)
class Buyer:
    """A customer as the CRM knows it."""

    name: str
    region: str
    currency: str
    names: int = 0


@dataclass(slots=True, kw_only=True)
class Sold:
    """A deal; with a `total` once its first invoice was written, and how much of that is settled by what."""

    name: str
    buyer: Buyer
    lines: tuple[Line, ...]
    discount: t.Discount | None
    won_on: date | None = None
    is_open: bool = True
    total: Money | None = None
    left: Money | None = None
    credited: Money | None = None
    certain: bool = True
    edited: bool = False
    untouched: bool = True

    @property
    def currency(self) -> str:
        return self.lines[0].unit_price.currency

    @property
    def creditable(self) -> Money:
        """How much can still be given back of its first invoice."""
        if self.total is None or self.credited is None or self.edited:
            return Money.zero(self.currency)
        return self.total - self.credited


@dataclass(slots=True, kw_only=True)
class Paid:
    """A payment through the gateway; `applied` once the connector has seen it, None as long as that is not certain."""

    name: str
    amount: Money
    by: str
    day: date
    deal: Sold | None
    applied: Money | None = None
    seen: bool = False
    settled: bool = True
    disputed: bool = False
    returned: bool = False

    @property
    def excess(self) -> Money:
        """What is certain to settle nothing, and may go back."""
        if self.applied is None or self.returned or self.disputed or not self.settled:
            return Money.zero(self.amount.currency)
        return self.amount - self.applied


@dataclass(slots=True)
class Books:
    """Customers, deals and payments of one story, in the order in which they came."""

    company: Company
    buyers: list[Buyer] = field(default_factory=list)
    deals: list[Sold] = field(default_factory=list)
    payments: list[Paid] = field(default_factory=list)
    cheques: list[tuple[str, Money]] = field(default_factory=list)
    deposited: list[str] = field(default_factory=list)
    #: Deals on whose invoices something other than payments waits to be taken up.
    touched: set[str] = field(default_factory=set)
    rates: set[str] = field(default_factory=set)

    @property
    def billed(self) -> list[Sold]:
        """Deals whose first invoice is in the ledger."""
        return [deal for deal in self.deals if deal.total is not None and deal.total.amount > 0]

    @property
    def settling(self) -> list[Sold]:
        """Billed deals whose open amount is certain and more than nothing."""
        return [
            deal for deal in self.billed
            if deal.certain and not deal.edited and deal.left is not None and deal.left.amount > 0
            and deal.name not in self.touched and not self._awaited(deal)
        ]  # fmt: skip

    def _awaited(self, deal: Sold) -> bool:
        return any(paid.deal is deal and not (paid.seen and paid.settled) for paid in self.payments)

    def finish(self) -> None:
        """The connector comes to rest: deals are billed, payments settle what is open, in the order of their coming."""
        for deal in self.deals:
            if deal.won_on is not None and deal.total is None and not deal.is_open:
                self._bill(deal)
        for paid in self.payments:
            if not paid.seen:
                paid.seen = True
                self._apply(paid)
        self.touched.clear()

    def _bill(self, deal: Sold) -> None:
        assert deal.won_on is not None  # noqa: S101 - only won deals are billed
        sale = Sale(
            lines=deal.lines, discount=deal.discount, region=deal.buyer.region, currency=deal.currency, day=deal.won_on
        )
        deal.total = deal.left = self.company.sold(sale)
        deal.credited = Money.zero(deal.currency)

    def _apply(self, paid: Paid) -> None:
        deal = paid.deal
        if deal is None:
            paid.applied = Money.zero(paid.amount.currency)
            return
        if deal.left is None or not deal.certain or deal.edited or deal.name in self.touched or paid.by != "card":
            deal.certain = False
            return
        paid.applied = min(paid.amount, deal.left)
        deal.left = deal.left - paid.applied
