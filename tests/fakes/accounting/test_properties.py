"""Laws that hold for any document and any sequence of operations."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, consumes, initialize, invariant, multiple, rule

from simharness.domain.policy import InclusivePolicy, Rounding, TaxPolicy
from simharness_fakes.accounting.documents import (
    Apply,
    DiscountLine,
    ItemLine,
    JournalDraft,
    JournalLine,
    PaymentDraft,
    Sale,
    SaleDraft,
)
from simharness_fakes.accounting.refusals import Refusal
from simharness_fakes.accounting.rounding import Rounder, allocate, fit
from simharness_fakes.accounting.taxation import Code, Piece, Rate, TaxRule, calculate
from tests.fakes.accounting.company import BY, DAY, Company, D, company

CENT = D("0.01")
cents = st.integers(-(10**7), 10**7).map(lambda n: D(n).scaleb(-2))
positive = st.integers(1, 10**7).map(lambda n: D(n).scaleb(-2))
percents = st.sampled_from(["0", "1.375", "4", "7", "7.25", "8.875", "13.5", "19", "25"]).map(Decimal)
policies = st.builds(
    dict,
    rounding=st.sampled_from(Rounding),
    tax_policy=st.sampled_from(TaxPolicy),
    inclusive_policy=st.sampled_from(InclusivePolicy),
)


@given(total=cents, weights=st.lists(cents, min_size=1, max_size=12))
def test_parts_of_an_allocation_sum_to_the_whole_and_are_whole_cents(total: Decimal, weights: list[Decimal]) -> None:
    parts = allocate(total, weights, CENT)
    assert sum(parts) == total
    assert all(part == part.quantize(CENT) for part in parts)


@given(total=cents, weights=st.lists(positive, min_size=1, max_size=12))
def test_no_part_is_a_cent_or_more_from_its_exact_share(total: Decimal, weights: list[Decimal]) -> None:
    for part, weight in zip(allocate(total, weights, CENT), weights, strict=True):
        assert abs(part - total * weight / sum(weights)) < CENT


@given(total=cents, weights=st.lists(cents, min_size=1, max_size=12))
def test_the_allocation_of_the_negative_is_the_negative_of_the_allocation(
    total: Decimal, weights: list[Decimal]
) -> None:
    assert allocate(-total, weights, CENT) == tuple(-part for part in allocate(total, weights, CENT))


@given(count=st.integers(1, 9), total=st.integers(0, 100))
def test_equal_weights_give_the_cents_left_over_to_the_lowest_positions(count: int, total: int) -> None:
    parts = allocate(D(total).scaleb(-2), [D(1)] * count, CENT)
    assert all(before >= after for before, after in pairwise(parts))
    assert max(parts) - min(parts) <= CENT


@given(raws=st.lists(cents, min_size=1, max_size=8), total=cents)
def test_fitting_always_reaches_its_total(raws: list[Decimal], total: Decimal) -> None:
    assert sum(fit(total, raws, CENT)) == total


@st.composite
def piece_lists(draw: Any) -> list[Piece]:
    """Pieces of up to eight lines under up to three codes, some discounted."""
    codes = [
        Code(id=str(n), rates=tuple(Rate(id=f"{n}.{m}", percent=draw(percents), account="t") for m in range(rates)))
        for n, rates in enumerate(draw(st.lists(st.integers(0, 3), min_size=1, max_size=3)))
    ]
    pieces = []
    for line in range(draw(st.integers(1, 8))):
        code = draw(st.sampled_from([None, *codes]))
        pieces.append(Piece(line=line, amount=draw(cents), code=code))
        if draw(st.booleans()):
            off_net = draw(st.booleans())
            pieces.append(Piece(line=line, amount=-draw(positive), code=code, discount=True, off_net=off_net))
    return pieces


rules = st.builds(
    TaxRule,
    rounder=st.sampled_from(Rounding).map(lambda rounding: Rounder(rounding, "USD")),
    policy=st.sampled_from(TaxPolicy),
    inclusive_policy=st.sampled_from(InclusivePolicy),
    inclusive=st.booleans(),
    after_discount=st.booleans(),
)


@given(pieces=piece_lists(), rule_=rules)
def test_tax_of_the_negative_document_is_the_negative_of_the_tax(pieces: list[Piece], rule_: TaxRule) -> None:
    mirrored = [Piece(p.line, -p.amount, p.code, p.discount, p.off_net) for p in pieces]
    one, other = calculate(pieces, rule_), calculate(mirrored, rule_)
    assert other.tax == -one.tax
    assert other.nets == tuple(-net for net in one.nets)
    assert [line.tax for line in other.taxes] == [-line.tax for line in one.taxes]


@given(pieces=piece_lists(), rule_=rules)
def test_an_inclusive_document_is_worth_what_its_prices_say(pieces: list[Piece], rule_: TaxRule) -> None:
    if rule_.inclusive and not any(piece.off_net for piece in pieces):
        taxed = calculate(pieces, rule_)
        assert sum(taxed.nets) + taxed.tax == sum(piece.amount for piece in pieces)


@given(pieces=piece_lists(), rule_=rules)
def test_an_exclusive_document_keeps_its_amounts_as_nets(pieces: list[Piece], rule_: TaxRule) -> None:
    if not rule_.inclusive:
        assert calculate(pieces, rule_).nets == tuple(piece.amount for piece in pieces)


@st.composite
def drafts(draw: Any, c: Company, customer: str, day: date = DAY) -> SaleDraft:
    codes = [c.code("S19", "19"), c.code("Austin", "6.25", "2"), c.code("Exempt", kind="exempt")]
    lines: list[ItemLine | DiscountLine] = [
        ItemLine(
            item=c.thing,
            quantity=D(draw(st.integers(1, 4000))).scaleb(-2),
            unit_price=draw(positive),
            tax_code=draw(st.sampled_from(codes)),
        )
        for _ in range(draw(st.integers(1, 5)))
    ]
    if draw(st.booleans()):
        lines.append(DiscountLine(percent=D(draw(st.integers(0, 10000))).scaleb(-2)))
    mode = draw(st.sampled_from(["exclusive", "inclusive", "none"]))
    return SaleDraft(customer=customer, date=day, lines=tuple(lines), tax_mode=mode)


@given(data=st.data(), policy=policies, kind=st.sampled_from(["invoices", "credit_memos"]))
def test_debits_equal_credits_and_the_entry_says_what_the_document_says(
    data: st.DataObject, policy: dict[str, Any], kind: str
) -> None:
    c = company(**policy)
    sale: Sale = getattr(c.books, kind).create(data.draw(drafts(c, c.globex)), BY)
    sign = 1 if sale.kind == "invoice" else -1
    posted = c.posted(sale.id)
    zero = D(0)
    assert sum(posted.values()) == zero
    assert posted.get(c.accounts["receivable"], zero) == sign * sale.total
    assert posted.get(c.accounts["tax_payable"], zero) == -sign * sale.tax
    assert sale.net == sum(line.net if line.kind == "item" else -line.net for line in sale.lines)
    assert sale.tax == sum(line.tax for line in sale.taxes)
    assert sum(line.discount for line in sale.lines) == sale.discount


class Bookkeeping(RuleBasedStateMachine):
    """Anybody may do anything in any order; refused or not, the books stay books."""

    sales = Bundle("sales")
    payments = Bundle("payments")
    journals = Bundle("journals")

    @initialize(policy=policies)
    def open_books(self, policy: dict[str, Any]) -> None:
        self.c = company(unique_numbers=False, **policy)
        self.customers = (self.c.globex, self.c.customer("Initech"))
        self.twin = self.c.books.fork()
        self.twin_before = self.twin.snapshot("twin")

    def day(self, number: int) -> date:
        return DAY + timedelta(days=number)

    @rule(
        target=sales,
        data=st.data(),
        kind=st.sampled_from(["invoice", "credit_memo"]),
        who=st.integers(0, 1),
        day=st.integers(0, 60),
    )
    def sell(self, data: st.DataObject, kind: str, who: int, day: int) -> Any:
        draft = data.draw(drafts(self.c, self.customers[who], self.day(day)))
        port = self.c.books.invoices if kind == "invoice" else self.c.books.credit_memos
        try:
            return port.create(draft, BY).id
        except Refusal:
            return multiple()

    @rule(target=journals, amount=cents, who=st.integers(0, 1), day=st.integers(0, 60))
    def adjust(self, amount: Decimal, who: int, day: int) -> Any:
        lines = (
            JournalLine(account=self.c.accounts["receivable"], amount=amount, customer=self.customers[who]),
            JournalLine(account=self.c.accounts["write_offs"], amount=-amount),
        )
        try:
            return self.c.books.journals.create(JournalDraft(date=self.day(day), lines=lines), BY).id
        except Refusal:
            return multiple()

    def payment(self, data: st.DataObject, documents: list[str], amount: Decimal, day: int) -> PaymentDraft:
        """A payment of what is open, sometimes more, sometimes of somebody else's document."""
        applications = []
        customer = self.customers[0]
        for document in dict.fromkeys(documents):
            found = self.c.books.document(document)
            open_ = found.open if isinstance(found, Sale) else abs(amount)
            if isinstance(found, Sale):
                customer = found.customer
            if open_ > 0:
                applications.append(Apply(document=document, amount=data.draw(st.sampled_from([open_, CENT, amount]))))
        return PaymentDraft(
            customer=customer,
            date=self.day(day),
            amount=amount,
            applications=tuple(a for a in applications if a.amount),
        )

    @rule(
        target=payments,
        data=st.data(),
        documents=st.lists(sales | journals, max_size=4),
        amount=positive | st.just(D(0)),
        day=st.integers(0, 60),
    )
    def pay(self, data: st.DataObject, documents: list[str], amount: Decimal, day: int) -> Any:
        try:
            return self.c.books.payments.create(self.payment(data, documents, amount, day), BY).id
        except Refusal:
            return multiple()

    @rule(
        data=st.data(),
        payment=payments,
        documents=st.lists(sales | journals, max_size=4),
        amount=positive,
        day=st.integers(0, 60),
    )
    def repay(self, data: st.DataObject, payment: str, documents: list[str], amount: Decimal, day: int) -> None:
        try:
            self.c.books.payments.update(payment, self.payment(data, documents, amount, day), BY)
        except Refusal:
            return

    @rule(data=st.data(), sale=sales, day=st.integers(0, 60))
    def change(self, data: st.DataObject, sale: str, day: int) -> None:
        found = self.c.books.document(sale)
        assert isinstance(found, Sale)
        port = self.c.books.invoices if found.kind == "invoice" else self.c.books.credit_memos
        try:
            port.update(sale, data.draw(drafts(self.c, found.customer, self.day(day))), BY)
        except Refusal:
            return

    @rule(journal=journals, amount=cents, who=st.integers(0, 1), day=st.integers(0, 60))
    def readjust(self, journal: str, amount: Decimal, who: int, day: int) -> None:
        lines = (
            JournalLine(account=self.c.accounts["receivable"], amount=amount, customer=self.customers[who]),
            JournalLine(account=self.c.accounts["write_offs"], amount=-amount),
        )
        try:
            self.c.books.journals.update(journal, JournalDraft(date=self.day(day), lines=lines), BY)
        except Refusal:
            return

    @rule(document=sales | payments | journals)
    def void(self, document: str) -> None:
        self.port(document).void(document, BY)

    @rule(document=consumes(sales) | consumes(payments) | consumes(journals))
    def delete(self, document: str) -> None:
        try:
            self.port(document).delete(document, BY)
        except Refusal:
            # The document stays, and so do its links; it is only out of the machine's hands now.
            assert self.c.books.links(document)

    def port(self, document: str) -> Any:
        found = self.c.books.document(document)
        assert found is not None
        books = self.c.books
        return {
            "invoice": books.invoices,
            "credit_memo": books.credit_memos,
            "payment": books.payments,
            "journal": books.journals,
        }[found.kind]

    @invariant()
    def every_entry_balances_and_so_does_the_trial_balance(self) -> None:
        for entry in self.c.books.entries():
            assert sum(posting.amount for posting in entry.postings) == 0
        for day in (self.day(20), self.day(60)):
            assert sum(row.amount for row in self.c.books.trial_balance(day).rows) == 0

    @invariant()
    def running_balances_are_the_sums_of_the_entries(self) -> None:
        sums: dict[str, Decimal] = {}
        for entry in self.c.books.entries():
            for posting in entry.postings:
                sums[posting.account] = sums.get(posting.account, D(0)) + posting.amount
        assert self.c.balances() == {key: sums[id] for key, id in self.c.accounts.items() if sums.get(id)}

    @invariant()
    def open_amounts_stay_between_zero_and_the_total(self) -> None:
        books = self.c.books
        for sale in (*books.invoices.all(), *books.credit_memos.all()):
            applied = sum(
                each.amount
                for payment in books.links(sale.id)
                for each in payment.applications
                if each.document == sale.id
            )
            assert 0 <= sale.open == sale.total - applied

    @invariant()
    def payments_never_apply_more_than_they_have(self) -> None:
        for payment in self.c.books.payments.all():
            assert payment.unapplied >= 0
        for payment in self.c.books.snapshot("x").payments:
            applied = sum((each.amount.amount for each in payment.applications), D(0))
            assert payment.unapplied.amount == payment.amount.amount - applied

    @invariant()
    def the_subledger_is_the_control_account_on_any_day(self) -> None:
        books = self.c.books
        receivable = books.balance(self.c.accounts["receivable"])
        assert sum(books.customer_balance(each) for each in self.customers) == receivable
        for day in (self.day(15), self.day(60)):
            rows = {row.account.id: row.amount for row in books.trial_balance(day).rows}
            assert books.aged_receivables(day).total() == rows.get(self.c.accounts["receivable"], 0)

    @invariant()
    def a_fork_does_not_notice(self) -> None:
        assert self.twin.snapshot("twin") == self.twin_before


TestBookkeeping = Bookkeeping.TestCase
TestBookkeeping.settings = settings(max_examples=40, stateful_step_count=30)


@pytest.mark.parametrize("size", [1, 60])
def test_a_document_of_any_length_is_rounded_once_a_rate(size: int) -> None:
    # 60 lines of 0.07 at 7 %: 4.20 × 7 % = 0.294 → 0.29; rounded by line it would be 60 × 0.00.
    c = company()
    invoice = c.invoice(*(c.line("0.07", c.code("S7", "7")) for _ in range(size)))
    assert invoice.tax == (D("0.29") if size == 60 else D("0.00"))
