"""The expected books as data: who is billed what, when, under which account, tax code and dimensions."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from simharness.checks.arithmetic.tax import Group
from simharness.checks.oracle.schedules import key_of
from simharness.core.money import Money
from simharness.domain.crm import Certificate


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """The step that caused an expectation: its number, file:line and local day."""

    step: int
    where: str
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Conditions:
    """What decides the tax of a sale: where, to whom, when."""

    region: str
    certificates: tuple[Certificate, ...]
    day: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Early:
    """The part of a line that was taxed with the deposit, and under which code and conditions."""

    amount: Decimal
    code: str
    under: Conditions


@dataclass(frozen=True, slots=True, kw_only=True)
class BilledLine:
    """A deal line as it must be billed: `amount` after all discounts in the terms of the price, `net` without tax.

    `listed` is at list price; `reason` says why an exempt product is exempt. A line without id asks for a deposit, or
    takes one off. `under`: what decides its tax, where that is not what decides the document's. `service` are its days;
    with a `unit` (day, month) its net is deferred, and becomes revenue of the account `income` as they go by. A credit
    that `ends` the service makes revenue of whatever is left.
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
    early: Early | None = None
    under: Conditions | None = None
    slot: str = ""
    service: tuple[date, date] | None = None
    unit: str = ""
    income: str = ""
    ends: bool = False

    @property
    def key(self) -> str:
        """What tells it from all other lines of the deal, and a month of it from the others."""
        return key_of(self.line_id, self.slot)

    @property
    def parts(self) -> tuple[BilledLine, ...]:
        """The line as a document shows it: what was taxed with the deposit, and the rest."""
        early = self.early
        if early is None or not early.amount:
            return (replace(self, early=None),)
        rest = self.amount - early.amount
        first = replace(self, amount=early.amount, net=early.amount, tax_code=early.code, under=early.under, early=None)
        if not rest:
            return (first,)
        return replace(first, listed=Decimal(0)), replace(self, amount=rest, net=rest, early=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpectedDocument:
    """An invoice or credit memo that must exist. `dated` is the day it must bear; a document for a change may bear any
    day up to `latest`. `terms_days` None means that the customer has no terms, so its due day is not judged.

    `optional`: accepted practice differs on whether it is issued (nothing is owed on it), so its absence is no error.
    `exempt_by` is the certificate's number, `exempt_reasons` every reason that applies. Version 0 asks for a deposit.
    `due` names what fell due by itself (oracle/schedules.py); its version is the number in that name.
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
    due: str = ""

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

    @property
    def is_deposit(self) -> bool:
        """Whether it asks for a deposit and sells nothing."""
        return not self.version

    @property
    def sold(self) -> tuple[BilledLine, ...]:
        """The lines without what asks for a deposit or takes one off."""
        return tuple(line for line in self.lines if line.line_id)

    def __str__(self) -> str:
        if self.is_deposit:
            return f"deposit invoice of deal {self.deal!r}"
        if self.due:
            when = f"of {self.dated}" if self.due.startswith("due-") else "of a milestone"
            return f"{self.kind.replace('_', ' ')} {when} of deal {self.deal!r}"
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
class ExpectedDeposit:
    """What must be left of a deal's deposit: `asked` less what was taken off and what went back, without tax."""

    deal: str
    deal_id: str
    currency: str
    asked: Decimal
    taken_off: Decimal
    given_back: Decimal
    origin: Origin

    @property
    def left(self) -> Decimal:
        return self.asked - self.taken_off - self.given_back


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
    invoice_ordinal: int = 1


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
    deposits: tuple[ExpectedDeposit, ...] = ()
    out_of_scope: tuple[str, ...] = ()
