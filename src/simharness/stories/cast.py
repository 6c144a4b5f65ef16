"""Who plays in a story: the names the story uses and the ids the vendors gave."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from simharness.core.money import Money
from simharness.domain.base import Record
from simharness.domain.crm import Certificate, DealLine
from simharness.domain.expectation import ordinal


def nth_of(kind: str, nth: int, owner: str) -> str:
    """How the nth thing (from 1) of a kind is called that belongs to a deal: the first is just `the payment of`."""
    counted = "" if nth == 1 else f"{ordinal(nth)} "
    return f'the {counted}{kind} of "{owner}"'


class Customer(Record, frozen=True, kw_only=True):
    """A customer: `name` is the story's, `current_name` the CRM's present one. `merged_into` is the survivor's name."""

    name: str
    company_id: str
    current_name: str
    region: str
    terms: str
    certificates: tuple[Certificate, ...] = ()
    merged_into: str = ""


class Deal(Record, frozen=True, kw_only=True):
    """A deal as last written; `close_date` is what the CRM shows, `entity` whose books it belongs into."""

    name: str
    deal_id: str
    customer: str
    lines: tuple[DealLine, ...]
    discount_percent: Decimal | None = None
    discount_amount: Money | None = None
    close_date: date | None = None
    entity: str = ""


class Payment(Record, frozen=True, kw_only=True):
    """A payment through the gateway and the invoice it named, if any."""

    name: str
    charge_id: str
    customer: str
    amount: Money
    deal: str = ""
    invoice_number: str = ""


class OpenInvoice(Record, frozen=True, kw_only=True):
    """An invoice that stood in the ledger before the story: its number and whose it is."""

    number: str
    invoice_id: str
    customer: str
    amount: Money


class Payout(Record, frozen=True, kw_only=True):
    """A payout of the gateway; `reference` is what the bank statement shows of it."""

    payout_id: str
    amount: Money
    reference: str


class Cheque(Record, frozen=True, kw_only=True):
    """A customer's cheque by its number; `entity` took it, in a story of several."""

    number: str
    customer: str
    amount: Money
    entity: str = ""


@dataclass(slots=True)
class Cast:
    """Everybody by the story's name. `disputes` are by the payment's name, `bank_lines` are the lines' present ids,
    `employees` and `payrolls` the payroll system's.
    """

    customers: dict[str, Customer] = field(default_factory=dict)
    deals: dict[str, Deal] = field(default_factory=dict)
    invoices: dict[str, OpenInvoice] = field(default_factory=dict)
    payments: dict[str, Payment] = field(default_factory=dict)
    disputes: dict[str, str] = field(default_factory=dict)
    payouts: dict[str, Payout] = field(default_factory=dict)
    cheques: dict[str, Cheque] = field(default_factory=dict)
    bank_lines: dict[str, str] = field(default_factory=dict)
    employees: dict[str, str] = field(default_factory=dict)
    payrolls: dict[str, str] = field(default_factory=dict)

    def payment(self, name: str) -> Payment | None:
        """A payment by the name it got, or by what it paid: the second payment of "Deal"."""
        named = self.payments.get(name)
        if named is not None:
            return named
        counts: dict[str, int] = {}
        for each in self.payments.values():
            for owner in filter(None, (each.deal, each.invoice_number)):
                counts[owner] = counts.get(owner, 0) + 1
                if name == nth_of("payment", counts[owner], owner):
                    return each
        return None

    def present(self, name: str) -> Customer:
        """The customer who stands for a name now: after a merge, the survivor."""
        customer = self.customers[name]
        while customer.merged_into:
            customer = self.customers[customer.merged_into]
        return customer
