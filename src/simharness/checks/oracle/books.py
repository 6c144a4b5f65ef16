"""The expected books of a record up to a step: the facts played through, billed at each rest of the connector."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field, replace
from datetime import date

from msgspec import structs

from simharness.checks.hearing import Hearing
from simharness.checks.merging import Survivors
from simharness.checks.oracle.deals import CustomerState, DealState
from simharness.checks.oracle.figures import Terms
from simharness.checks.oracle.model import ExpectedBooks, ExpectedDocument, ExpectedPayment, ExpectedRefusal, Origin
from simharness.checks.oracle.rulebook import Rulebook
from simharness.domain.fact import (
    ConnectorFinished,
    CreditApproved,
    CustomerChanged,
    CustomerEntered,
    CustomerPaid,
    CustomersMerged,
    DealChanged,
    DealDelivered,
    DealEntered,
    DealReopened,
    DealWon,
    ErrorQueueReplayed,
    Fact,
    InvoiceEntered,
    InvoiceVoided,
    MilestoneReached,
    PaymentRefunded,
)
from simharness.domain.policy import InvoicesBy

#: The reasons of refunds that may take something back of a deposit.
_OF_DEPOSITS = frozenset({"deposit", "sale"})


@dataclass(slots=True)
class _Play:
    """The state of the play; only touched deals are looked at again at a rest, so the work grows with the facts."""

    book: Rulebook
    customers: dict[str, CustomerState] = field(default_factory=dict)
    deals: dict[str, DealState] = field(default_factory=dict)
    touched: dict[str, bool] = field(default_factory=dict)
    monthly: set[str] = field(default_factory=set)
    waiting: dict[str, set[str]] = field(default_factory=dict)
    documents: list[ExpectedDocument] = field(default_factory=list)
    refusals: dict[str, ExpectedRefusal] = field(default_factory=dict)
    payments: list[ExpectedPayment] = field(default_factory=list)
    survivors: Survivors = field(default_factory=Survivors)
    overdue: list[ExpectedRefusal] = field(default_factory=list)
    givebacks: list[PaymentRefunded | CreditApproved] = field(default_factory=list)
    seen_payments: int = 0
    rest: int = 0

    def customer(self, fact: CustomerEntered | CustomerChanged) -> None:
        known = self.customers.get(fact.company_id)
        state = CustomerState.of(fact)
        if known is None:
            self.customers[fact.company_id] = state
            return
        known.region, known.terms, known.certificates = state.region, state.terms, state.certificates
        for deal_id in sorted(self.waiting.get(fact.company_id, ())):
            self.touched.setdefault(deal_id, True)

    def merged(self, fact: CustomersMerged) -> None:
        """What was not billed yet is billed to the survivor; what was, goes on with the customer it was billed to."""
        self.survivors.merged(fact)
        gone, survivor = self.customers.get(fact.company_id), self.customers.get(fact.into_id)
        if gone is None:
            return
        if survivor is None:  # under a new id it goes on as it was
            self.customers[fact.into_id] = survivor = replace(gone, company_id=fact.into_id)
        for deal_id, deal in self.deals.items():
            if deal.customer is gone and deal.first is None:
                deal.customer = survivor
                if deal_id in self.waiting.get(fact.company_id, ()):
                    self.waiting.setdefault(fact.into_id, set()).add(deal_id)
                    self.touched.setdefault(deal_id, True)
        self.waiting.pop(fact.company_id, None)

    def entered(self, fact: DealEntered) -> None:
        customer = self.customers.get(fact.company_id) or CustomerState(
            name=fact.customer, company_id=fact.company_id, region="", terms="", certificates=()
        )
        self.customers.setdefault(fact.company_id, customer)
        self.deals[fact.deal_id] = DealState(
            entered=fact, customer=customer, terms=_terms(fact, fact.cost_centre), origin=_origin(fact)
        )
        self._follow(fact)

    def _follow(self, fact: DealEntered | DealChanged) -> None:
        """Something of a deal with months falls due whatever anybody tells."""
        if any(line.billing == "monthly" for line in fact.lines):
            self.monthly.add(fact.deal_id)

    def won(self, fact: DealWon) -> None:
        deal = self.deals.get(fact.deal_id)
        if deal is None or deal.won:
            return
        deal.won, deal.won_on, deal.close_date = True, fact.on, fact.close_date
        deal.origin = _origin(fact)
        self.touched[fact.deal_id] = False

    def reopened(self, fact: DealReopened) -> None:
        if deal := self.deals.get(fact.deal_id):
            deal.won = False

    def changed(self, fact: DealChanged) -> None:
        deal = self.deals.get(fact.deal_id)
        if deal is None:
            return
        deal.terms = _terms(fact, deal.terms.cost_centre)
        self._follow(fact)
        if fact.entity is not None:
            deal.entered, deal.refused = structs.replace(deal.entered, entity=fact.entity), None
        if deal.won and deal.first is not None:
            deal.origin = _origin(fact)
        self.touched[fact.deal_id] = False

    def advance(self, fact: DealDelivered | MilestoneReached | PaymentRefunded | CreditApproved) -> None:
        """Where a deposit comes first, the rest is billed on delivery, less what went back of it until then; what waits
        for a milestone is billed as on the day it was reached.
        """
        if isinstance(fact, PaymentRefunded | CreditApproved):
            if isinstance(fact, CreditApproved) or fact.reason in _OF_DEPOSITS:
                self.givebacks.append(fact)
            return
        deal = self.deals.get(fact.deal_id)
        if isinstance(fact, MilestoneReached):
            if deal is not None:
                deal.reached[fact.line_id] = fact.reached_on
                self.touched.setdefault(fact.deal_id, False)
        elif deal is not None and deal.in_two_steps:
            if deal.first is None:
                deal.delivered_on, deal.origin = fact.delivered_on, _origin(fact)
            self.touched[fact.deal_id] = False

    def invoiced(self, fact: InvoiceEntered) -> None:
        """In these books a deal is billed once the billing system has invoiced it; beside a sync the deal says when."""
        deal = self.deals.get(fact.deal_id)
        if deal is not None and deal.elsewhere is None and self.book.policy.invoices_by is InvoicesBy.BILLING_SYSTEM:
            deal.elsewhere = fact
            self.touched[fact.deal_id] = False

    def voided(self, fact: InvoiceVoided) -> None:
        deal = self.deals.get(fact.deal_id)
        if deal is not None and deal.elsewhere is not None and deal.elsewhere.invoice_id == fact.invoice_id:
            deal.elsewhere, deal.first, deal.version = None, None, 0
            self.documents = [document for document in self.documents if document.deal_id != fact.deal_id]

    def replayed(self) -> None:
        """What was refused and can be billed now must be billed: an operator asked for it."""
        for deal_ids in self.waiting.values():
            self.touched.update(dict.fromkeys(sorted(deal_ids), False))

    def paid(self, fact: CustomerPaid) -> None:
        if self.book.entities and fact.entity not in self.book.entities:
            return  # nobody's money waits for a person
        self.payments.append(
            ExpectedPayment(
                payment=fact.payment,
                customer=fact.customer,
                company_id=fact.company_id,
                charge_id=fact.charge_id,
                amount=fact.amount,
                dated=fact.on,
                invoice_number=fact.invoice_number,
                deal=fact.deal,
                invoice_ordinal=fact.invoice_ordinal,
                origin=_origin(fact),
            )
        )

    def finished(self, fact: ConnectorFinished, unheard: Collection[str], told: Collection[str]) -> None:
        """A rest. `unheard` are the systems whose news may have been lost until then, `told` the deals that the CRM
        spoke of since the last rest: those are looked at as they stand, whatever was lost.
        """
        due = {key for key in self.monthly if self.deals[key].falls_due(fact.on)}
        self.touched = dict.fromkeys(sorted(due - self.touched.keys()), False) | self.touched
        for deal_id, customer_changed in tuple(self.touched.items()):
            if "CRM" not in unheard or deal_id in told or deal_id in due:
                self._settle(self.deals[deal_id], fact.on, customer_changed)
                del self.touched[deal_id]
        if "gateway" not in unheard:
            self._give_back()
        for index in range(self.seen_payments, len(self.payments)):
            paid = self.payments[index]
            if not paid.invoice_number:  # what names an invoice is its customer's
                self.payments[index] = replace(paid, company_id=self.survivors.of(paid.company_id))
        self.seen_payments = len(self.payments)
        self.rest = fact.step
        if self.book.policy.invoices_by is InvoicesBy.BILLING_SYSTEM:
            self.overdue = [late for deal in self.deals.values() if (late := deal.overdue(self.book, fact.on))]

    def _give_back(self) -> None:
        """What went back of deposits since the last rest; the connector looks at its deals first."""
        ordinals = {paid.payment: paid.invoice_ordinal for paid in self.payments}
        for fact in self.givebacks:
            ordinal = fact.invoice_ordinal if isinstance(fact, CreditApproved) else ordinals.get(fact.payment, 0)
            deal = next((each for each in self.deals.values() if each.entered.deal == fact.deal), None)
            if deal is None or deal.advance is None or ordinal != 1:
                continue
            if fact.lines:
                deal.advance.give_back_lines([(position, money.amount) for position, money in fact.lines])
            else:
                deal.advance.give_back(fact.amount.amount)
        self.givebacks.clear()

    def _settle(self, deal: DealState, rest: date, customer_changed: bool) -> None:
        deal_id, company_id = deal.entered.deal_id, deal.customer.company_id
        for outcome in deal.settle(self.book, rest, customer_changed=customer_changed):
            if isinstance(outcome, ExpectedRefusal):
                self.refusals[deal_id] = outcome
                self.waiting.setdefault(company_id, set()).add(deal_id)
            else:
                self.documents.append(outcome)
                self.refusals.pop(deal_id, None)
                self.waiting.get(company_id, set()).discard(deal_id)


def _terms(fact: DealEntered | DealChanged, cost_centre: str) -> Terms:
    amount = fact.discount_amount.amount if fact.discount_amount is not None else None
    return Terms(
        lines=fact.lines, discount_percent=fact.discount_percent, discount_amount=amount, cost_centre=cost_centre
    )


def _origin(fact: Fact) -> Origin:
    return Origin(step=fact.step, where=fact.where, on=fact.on)


def expected_books(facts: Iterable[Fact], book: Rulebook) -> ExpectedBooks:
    """What must be in the books at the last rest within the facts; facts after it have not been acted on yet.

    A deal is observed at rests only: what happens to it between two rests is billed as it stands at the second. A rest
    before which news of a system was lost is none for what that system tells.
    """
    play, hearing = _Play(book), Hearing()
    told: set[str] = set()
    for fact in facts:
        told |= {getattr(fact, "deal_id", "")} if hearing.hears("CRM") else set()
        match fact:
            case CustomerEntered() | CustomerChanged():
                play.customer(fact)
            case CustomersMerged():
                play.merged(fact)
            case DealEntered():
                play.entered(fact)
            case DealWon():
                play.won(fact)
            case DealReopened():
                play.reopened(fact)
            case DealChanged():
                play.changed(fact)
            case CustomerPaid():
                play.paid(fact)
            case DealDelivered() | MilestoneReached() | PaymentRefunded() | CreditApproved():
                play.advance(fact)
            case InvoiceEntered():
                play.invoiced(fact)
            case InvoiceVoided():
                play.voided(fact)
            case ErrorQueueReplayed():
                play.replayed()
            case ConnectorFinished():
                play.finished(fact, hearing.lost, told)
                told.clear()
            case _:
                pass
        hearing.after(fact)
    return ExpectedBooks(
        step=play.rest,
        documents=tuple(play.documents),
        refusals=tuple(play.refusals.values()),
        overdue=tuple(play.overdue),
        payments=tuple(play.payments[: play.seen_payments]),
        deposits=tuple(left for deal in play.deals.values() if (left := deal.deposit) is not None),
        out_of_scope=tuple(key for key, deal in play.deals.items() if deal.won and deal.before_cut_over(book)),
    )
