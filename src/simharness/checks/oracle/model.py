"""The expected books as data: who is billed what, when, under which account, tax code and dimensions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from simharness.checks.arithmetic.tax import Group
from simharness.core.money import Money


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """The step that caused an expectation: its number, file:line and local day."""

    step: int
    where: str
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class BilledLine:
    """A deal line as it must be billed: `amount` after all discounts in the terms of the price, `net` without tax.

    `listed` is at list price; `reason` says why an exempt product is exempt.
    """

    line_id: str
    product: str
    account: str
    tax_code: str
    listed: Decimal
    amount: Decimal
    net: Decimal
    cost_centre: str
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpectedDocument:
    """An invoice or credit memo that must exist. `dated` is the day it must bear; a document for a change may bear any
    day up to `latest`. `terms_days` None means that the customer has no terms, so its due day is not judged.

    `optional`: accepted practice differs on whether it is issued (nothing is owed on it), so its absence is no error.
    `exempt_by` is the certificate's number, `exempt_reasons` every reason that applies.
    """

    kind: str
    deal: str
    deal_id: str
    customer: str
    company_id: str
    version: int
    dated: date
    latest: date
    terms_days: int | None
    currency: str
    location: str
    lines: tuple[BilledLine, ...]
    groups: tuple[Group, ...]
    origin: Origin
    optional: bool = False
    exempt_by: str = ""
    exempt_reasons: tuple[str, ...] = ()

    @property
    def net(self) -> Decimal:
        return sum((line.net for line in self.lines), Decimal(0))

    @property
    def tax(self) -> Decimal:
        return sum((group.tax for group in self.groups), Decimal(0))

    @property
    def total(self) -> Decimal:
        return self.net + self.tax

    def money(self, amount: Decimal) -> Money:
        """An amount of this document in its currency."""
        return Money(amount, self.currency)

    def __str__(self) -> str:
        nth = "" if self.version == 1 else f" for change {self.version - 1}"
        return f"{self.kind.replace('_', ' ')} of deal {self.deal!r}{nth}"


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpectedRefusal:
    """A won deal, or a change of one (`is_change`), that must not be billed but rejected."""

    deal: str
    deal_id: str
    reason: str
    amount: Money
    origin: Origin
    is_change: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpectedPayment:
    """A payment that must be in the ledger: gross, on its local day; `invoice_number` is "" without reference."""

    payment: str
    customer: str
    company_id: str
    charge_id: str
    amount: Money
    dated: date
    invoice_number: str
    deal: str
    origin: Origin


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpectedBooks:
    """Everything that must be in the books once the connector came to rest.

    `overdue` are the won deals that wait for the billing system's invoice longer than they may.
    `step` is the last rest, 0 if it never rested; `out_of_scope` are the ids of deals won before the cut-over day.
    """

    step: int
    documents: tuple[ExpectedDocument, ...] = ()
    refusals: tuple[ExpectedRefusal, ...] = ()
    overdue: tuple[ExpectedRefusal, ...] = ()
    payments: tuple[ExpectedPayment, ...] = ()
    out_of_scope: tuple[str, ...] = ()
