"""One expectation under judgement: its scope, the story's names, and how its findings are made."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from zoneinfo import ZoneInfo

from simharness.checks.findings import Reporter
from simharness.checks.oracle.model import Origin
from simharness.checks.references import LinkedDocument, Reference
from simharness.checks.scope import Judged, Scope
from simharness.core.money import Money
from simharness.domain.books import Account, Document, LedgerSnapshot, Party
from simharness.domain.expectation import InvoiceRef
from simharness.domain.expectation_base import ExpectationBase
from simharness.domain.fact import BankLinePosted, BankMoved, ChequeTaken, CustomerEntered, CustomerPaid, DealEntered
from simharness.domain.payroll_facts import EmployeeHired, PayrollReversed, PayrollRun
from simharness.domain.record import RunRecord


class Names:
    """What the story calls things, and the ids the systems gave them."""

    def __init__(self, record: RunRecord) -> None:
        self.deals: dict[str, str] = {}
        self.companies: dict[str, str] = {}
        self.charges: dict[str, str] = {}
        self.bank_lines: dict[str, str] = {}
        self.cheques: dict[str, str] = {}
        self.employees: dict[str, str] = {}
        self.payrolls: dict[str, str] = {}
        for fact in record.facts:
            if isinstance(fact, DealEntered):
                self.deals[fact.deal] = fact.deal_id
            elif isinstance(fact, CustomerEntered):
                self.companies[fact.customer] = fact.company_id
            elif isinstance(fact, CustomerPaid) and fact.payment:
                self.charges[fact.payment] = fact.charge_id
            elif isinstance(fact, BankMoved | BankLinePosted) and fact.name:
                self.bank_lines[fact.name] = fact.line_id
            elif isinstance(fact, ChequeTaken):
                self.cheques[fact.cheque] = fact.payment_id
            elif isinstance(fact, EmployeeHired):
                self.employees[fact.employee] = fact.employee_id
            elif isinstance(fact, PayrollRun | PayrollReversed):
                self.payrolls[fact.payroll] = fact.payroll_id

    def ids_of(self, subject: str) -> frozenset[str]:
        """Every id that the systems gave to what the story calls so; empty for words that name nothing."""
        books = (
            self.deals, self.companies, self.charges, self.bank_lines, self.cheques, self.employees, self.payrolls,
        )  # fmt: skip
        return frozenset(book[subject] for book in books if book.get(subject))


class Actions:
    """Where the actions of a story lie between its expectations, by step number."""

    def __init__(self, record: RunRecord) -> None:
        self.facts = sorted({fact.step for fact in record.facts})
        self.expectations = sorted({expectation.step for expectation in record.expectations})


@dataclass(eq=False)
class Case:
    """An expectation with its world. Findings go to the reporter of its verb.

    `beside` are the views of other entities that it is about as well.
    """

    judged: Judged
    names: Names
    actions: Actions
    report: Reporter
    expectation: ExpectationBase
    beside: tuple[Judged, ...] = ()

    @cached_property
    def scopes(self) -> tuple[Scope, ...]:
        """The scope of each entity that the expectation is about."""
        return (self.scope, *(judged.scope(self.expectation.step) for judged in self.beside))

    @cached_property
    def scope(self) -> Scope:
        return self.judged.scope(self.expectation.step)

    @cached_property
    def ledger(self) -> LedgerSnapshot | None:
        return self.scope.ledger

    @property
    def origin(self) -> Origin:
        at = self.scope.facts[-1].on if self.scope.facts else self.judged.record.header.today
        return Origin(step=self.expectation.step, where=self.expectation.where, on=at)

    @property
    def until(self) -> datetime | None:
        """The instant of its step: what came later is not judged. None where no world was looked at."""
        return self.scope.checkpoint.world.at if self.scope.checkpoint else None

    @property
    def zone(self) -> ZoneInfo:
        """The time zone of the entity."""
        return ZoneInfo(self.scope.dictionary.time_zone)

    @property
    def vendor(self) -> str:
        return self.scope.vendors.get("accounting", "")

    def wrong(
        self,
        what: str,
        message: str,
        expected: object,
        actual: object,
        *,
        objects: Iterable[str] = (),
        at_risk: Money | None = None,
    ) -> None:
        """Report that the expectation does not hold; `what` tells several findings of one step apart."""
        where = self.expectation.where or f"step {self.expectation.step}"
        self.report.found(
            f"{where}:{what}",
            message,
            expected=expected,
            actual=actual,
            objects=objects,
            at_risk=at_risk,
            origin=self.origin,
        )

    def differs(self, what: str, name: str, expected: Money, actual: Money, objects: Iterable[str] = ()) -> None:
        """Report two amounts if they differ."""
        if expected != actual:
            risk = actual - expected if actual.currency == expected.currency else expected
            self.wrong(what, name, expected, actual, objects=objects, at_risk=risk)

    def deal_id(self, deal: str) -> str:
        """The CRM's id of a deal of the story; the name itself where the story never entered it."""
        return self.names.deals.get(deal, deal)

    def documents(self, deal: str, kind: str) -> list[LinkedDocument]:
        """A deal's documents of a kind in order of version and creation.

        Credit memos that name one of the deal's invoices as their source come behind those that name the deal.
        """
        links, deal_id = self.scope.links, self.deal_id(deal)
        linked = links.of_deal(deal_id, kind)
        if kind != "credit_memo" or self.ledger is None:
            return linked
        invoices = {
            key for item in links.of_deal(deal_id, "invoice") for key in (item.document.number, item.document.id)
        }
        told = {
            effect.entry.source_id
            for effect in self.scope.effects.naming("credit")
            if effect.id in invoices and effect.entry.source == kind
        }
        return linked + [
            LinkedDocument(document=document, reference=Reference(id=deal_id))
            for document in self.ledger.documents
            if document.kind == kind and document.id in told and document.id not in links.by_id
        ]

    def document(self, reference: InvoiceRef) -> Document | None:
        """The document a story names, or None."""
        if self.ledger is None:
            return None
        if reference.number:
            return next(
                (d for d in self.ledger.documents if (d.kind, d.number) == (reference.kind, reference.number)), None
            )
        linked = self.documents(reference.deal, reference.kind)
        return linked[reference.ordinal - 1].document if 0 < reference.ordinal <= len(linked) else None

    def party(self, customer: str, currency: str = "") -> Party | None:
        """The ledger's record of a customer of the story: the one in a currency where there are several."""
        company_id = self.names.companies.get(customer, customer)
        found = self.scope.links.parties_of.get(company_id)
        if found:
            home = self.scope.dictionary.currency
            return next((party for party in found if (party.currency or home) == currency), found[0])
        return next((party for party in (self.ledger.parties if self.ledger else ()) if party.name == customer), None)

    def account(self, name: str) -> Account | None:
        """An account by `number name`, number or name."""
        for account in self.scope.accounts.values():
            number = self.scope.number_of(account.id)
            if name in {f"{number} {account.name}", number, account.name}:
                return account
        return None

    def zero(self) -> Money:
        """Nothing, in the currency of the books."""
        return Money.zero(self.ledger.currency if self.ledger else self.scope.dictionary.currency)
