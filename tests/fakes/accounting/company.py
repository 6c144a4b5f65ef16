"""A small company to try the engine on: what a test needs to say is the document, not the chart."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from simharness.core.ids import Ids
from simharness.core.rng import Rng
from simharness_fakes.accounting import chart
from simharness_fakes.accounting.books import Books
from simharness_fakes.accounting.documents import (
    Apply,
    ItemLine,
    Payment,
    PaymentDraft,
    Sale,
    SaleDraft,
)

BY = chart.Stamp(actor="tester", at=datetime(2026, 1, 5, 12, 0, tzinfo=UTC))
DAY = date(2026, 1, 12)
D = Decimal

ACCOUNTS = (
    ("bank", "1000", "Bank", "bank"),
    ("receivable", "1100", "Accounts receivable", "receivable"),
    ("undeposited", "1200", "Undeposited funds", "undeposited"),
    ("tax_payable", "2200", "Tax payable", "current_liability"),
    ("equity", "3000", "Opening equity", "equity"),
    ("sales", "4010", "Sales", "income"),
    ("discounts_given", "4900", "Discounts given", "contra_income"),
    ("write_offs", "6200", "Bad debt", "expense"),
    ("rounding", "6900", "Rounding differences", "other_expense"),
)


@dataclass
class Company:
    """Books with a chart, an item `thing`, a customer `globex`, and tax codes made on demand."""

    books: Books
    accounts: dict[str, str] = field(default_factory=dict)
    thing: str = ""
    globex: str = ""

    def code(self, name: str, *percents: str, kind: str = "standard") -> str:
        """The id of a tax code with one rate for each percentage; made when first asked for."""
        found = self.books.tax_codes.by_name(name)
        if found is not None:
            return found.id
        rates = []
        for position, percent in enumerate(percents, start=1):
            agency = self.books.tax_agencies.create(chart.TaxAgency(name=f"{name} authority {position}"), BY)
            rate = chart.TaxRate(
                name=f"{name} {position}",
                agency=agency.id,
                account=self.accounts["tax_payable"],
                periods=(chart.RatePeriod(percent=D(percent)),),
            )
            rates.append(self.books.tax_rates.create(rate, BY).id)
        return self.books.tax_codes.create(chart.TaxCode(name=name, kind=kind, rates=tuple(rates)), BY).id

    def customer(self, name: str, **fields: Any) -> str:
        return self.books.customers.create(chart.Customer(name=name, **fields), BY).id

    def draft(self, *lines: Any, **fields: Any) -> SaleDraft:
        given: dict[str, Any] = {"customer": self.globex, "date": DAY, "lines": lines} | fields
        return SaleDraft(**given)

    def invoice(self, *lines: Any, **fields: Any) -> Sale:
        return self.books.invoices.create(self.draft(*lines, **fields), BY)

    def credit_memo(self, *lines: Any, **fields: Any) -> Sale:
        return self.books.credit_memos.create(self.draft(*lines, **fields), BY)

    def line(self, amount: str | None = None, code: str = "", **fields: Any) -> ItemLine:
        given: dict[str, Any] = {"item": self.thing, "tax_code": code} | fields
        if amount is not None:
            given["amount"] = D(amount)
        return ItemLine(**given)

    def pay(self, amount: str, *applied: tuple[str, str], **fields: Any) -> Payment:
        applications = tuple(Apply(document=document, amount=D(part)) for document, part in applied)
        given: dict[str, Any] = {"customer": self.globex, "date": DAY, "amount": D(amount)} | fields
        return self.books.payments.create(PaymentDraft(applications=applications, **given), BY)

    def account(self, *sides: tuple[str, str]) -> dict[str, Decimal]:
        """A T-account written by hand: account by its key here, signed amount."""
        return {self.accounts[name]: D(amount) for name, amount in sides}

    def posted(self, document_id: str) -> dict[str, Decimal]:
        """What a document posted, summed by account."""
        entry = self.books.entry(document_id)
        sums: dict[str, Decimal] = {}
        for posting in entry.postings if entry else ():
            sums[posting.account] = sums.get(posting.account, D(0)) + posting.amount
        return sums

    def balances(self) -> dict[str, Decimal]:
        """The accounts that are not zero, by key."""
        return {name: self.books.balance(id) for name, id in self.accounts.items() if self.books.balance(id)}


def company(**settings: Any) -> Company:
    """A company in the global tax model unless told otherwise."""
    given: dict[str, Any] = {"tax_model": "global", "entity": "main"} | settings
    made = Company(Books(chart.Settings(**given), Ids(Rng(1))))
    for key, number, name, kind in ACCOUNTS:
        role = key if key not in ("sales", "rounding") else ""
        account = chart.Account(name=name, kind=kind, number=number, role=role)
        made.accounts[key] = made.books.accounts.create(account, BY).id
    item = chart.Item(name="Thing", income_account=made.accounts["sales"])
    made.thing = made.books.items.create(item, BY).id
    made.globex = made.customer("Globex")
    return made
