"""What the books must show after a history, by the arithmetic of the checks and by nothing that the packs computed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from simharness.checks.arithmetic.lines import after_discount, document_discount, extended, percentage
from simharness.checks.arithmetic.rounding import rounded
from simharness.checks.arithmetic.settlement import open_balance
from simharness.checks.arithmetic.tax import Sale, sale
from simharness.checks.oracle.rulebook import Rulebook
from tests.properties.histories import Order

ZERO = Decimal(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Priced:
    """An order in figures: each line at its list amount and net of its own discount, the discount of the whole, and
    `shares`, the lines after both.
    """

    products: tuple[str, ...]
    codes: tuple[str, ...]
    listed: tuple[Decimal, ...]
    nets: tuple[Decimal, ...]
    discount: Decimal
    shares: tuple[Decimal, ...]
    sale: Sale


class Arithmetic:
    """The checks' arithmetic under the policies of one dictionary."""

    def __init__(self, book: Rulebook) -> None:
        self.book, self.policy = book, book.tax_policy
        self.unit, self.rounding = self.policy.unit, self.policy.rounding

    def price(self, order: Order) -> Priced:
        known = self.book.dictionary
        region = known.regions[order.region % len(known.regions)].code
        products = [known.products[line.product % len(known.products)] for line in order.lines]
        codes = [self.book.treatment(region, product, order.day).code for product in products]
        if known.policy.tax_model != "us":
            codes = [code or "Exempt" for code in codes]
        listed = [extended(line.quantity, line.price, self.unit, self.rounding) for line in order.lines]
        nets = [
            amount - percentage(amount, line.discount, self.unit, self.rounding)
            for amount, line in zip(listed, order.lines, strict=True)
        ]
        discount = document_discount(nets, order.discount, None, self.unit, self.rounding)
        shares = after_discount(nets, discount, self.unit)
        return Priced(
            products=tuple(product.name for product in products), codes=tuple(codes), listed=tuple(listed),
            nets=tuple(nets), discount=discount, shares=shares, sale=self.sale(shares, codes, order.day),
        )  # fmt: skip

    def sale(self, amounts: Sequence[Decimal], codes: Sequence[str], day: date) -> Sale:
        rates = {code: self.book.shares(code, day) for code in codes if code}
        return sale(amounts, codes, rates, self.policy, included=self.book.policy.prices_include_tax)

    def parts(self, priced: Priced, percents: Sequence[int]) -> tuple[Decimal, ...]:
        """A share of every line in per cent."""
        return tuple(
            percentage(amount, Decimal(percent), self.unit, self.rounding)
            for amount, percent in zip(priced.shares, percents, strict=False)
        )

    def fee(self, amount: Decimal) -> Decimal:
        """What the gateway keeps of a card payment: 2.9 % and 0.30 USD or 0.25 EUR, half a cent up, in one rounding."""
        fixed = Decimal("0.30") if self.book.dictionary.currency == "USD" else Decimal("0.25")
        return min(rounded(amount * Decimal("2.9") / 100 + fixed, self.unit), amount)


@dataclass(slots=True)
class Paper:
    """A document with what was settled or used of it; `of` is the id of the invoice that it gives back a part of."""

    kind: str
    customer: str
    sale: Sale
    number: str = ""
    of: str = ""
    used: list[Decimal] = field(default_factory=list)

    @property
    def open(self) -> Decimal:
        return ZERO if self.kind == "refund_receipt" else open_balance(self.sale.total, self.used)


@dataclass(slots=True)
class Cash:
    """Money of a customer with what it settled; of a card payment the charge, and what a refund of the sale took."""

    customer: str
    day: date
    amount: Decimal
    links: list[tuple[str, str, Decimal]] = field(default_factory=list)
    version: str = ""
    charge: str = ""
    returned: Decimal = ZERO

    def settling(self, kind: str) -> Decimal:
        """What of it settled papers of one kind."""
        return sum((part for linked, _, part in self.links if linked == kind), ZERO)

    @property
    def unapplied(self) -> Decimal:
        return open_balance(self.amount, [part for _, _, part in self.links])


@dataclass(slots=True)
class Books:
    """All papers and money by the ledger's id; the money that never was by card is not on clearing."""

    papers: dict[str, Paper] = field(default_factory=dict)
    cash: dict[str, Cash] = field(default_factory=dict)
    clearing: Decimal = ZERO

    def owed(self, customer: str) -> Decimal:
        """Open invoices less unused credits and unapplied money; an excess that went back is settled by its journal."""
        papers = [paper for paper in self.papers.values() if paper.customer == customer]
        invoiced = sum((paper.open for paper in papers if paper.kind == "invoice"), ZERO)
        credited = sum((paper.open for paper in papers if paper.kind == "credit_memo"), ZERO)
        return invoiced - credited - sum((c.unapplied for c in self.cash.values() if c.customer == customer), ZERO)

    @property
    def tax(self) -> Decimal:
        """What the tax authority is owed."""
        sides = {"invoice": 1, "credit_memo": -1, "refund_receipt": -1}
        return sum((sides[paper.kind] * paper.sale.tax for paper in self.papers.values()), ZERO)
