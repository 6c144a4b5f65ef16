"""Laws of money in two currencies, whatever is sold, paid, deposited, transferred, owed, voided and deleted."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, invariant, multiple, rule

from simharness_fakes.accounting import chart
from simharness_fakes.accounting.deposits import money_of
from simharness_fakes.accounting.documents import (
    Apply,
    Bill,
    BillDraft,
    BillLine,
    ItemLine,
    Journal,
    JournalDraft,
    JournalLine,
    Payment,
    PaymentDraft,
    Sale,
    SaleDraft,
)
from simharness_fakes.accounting.movements import DepositDraft, DepositLine, TransferDraft
from simharness_fakes.accounting.payments import Payments
from simharness_fakes.accounting.refusals import Refusal
from simharness_fakes.accounting.state import Document
from tests.fakes.accounting.company import BY, DAY, D, company

CENT = D("0.01")
amounts = st.integers(1, 10**6).map(lambda n: D(n).scaleb(-2))
rates = st.integers(5_000, 20_000).map(lambda n: D(n).scaleb(-4))
days = st.integers(0, 40).map(lambda n: DAY + timedelta(days=n))
parties = st.integers(0, 1)
seldom = st.integers(0, 9).map(lambda n: n < 9)  # False once in ten times


class Treasury(RuleBasedStateMachine):
    """Anything that is refused leaves the books as they were; the invariants hold after every step."""

    documents: Bundle[str] = Bundle("documents")

    @initialize(target=documents)
    def open_books(self) -> Any:
        self.c = c = company(unique_numbers=False, multi_currency=True)
        self.books = c.books
        more = (
            ("exchange_gain", "other_income", ""), ("clearing", "current_asset", ""), ("fees", "expense", ""),
            ("euro_bank", "bank", "EUR"), ("card", "credit_card", ""),
        )  # fmt: skip
        for name, kind, currency in more:
            account = chart.Account(name=name, kind=kind, role=name, currency=currency)
            c.accounts[name] = self.books.accounts.create(account, BY).id
        self.customers = (c.globex, c.customer("Globex SA", currency="EUR"))
        self.vendors = tuple(
            self.books.vendors.create(chart.Vendor(name=f"Vendor {code}", currency=code), BY).id for code in ("", "EUR")
        )
        made = []
        for who in (0, 1):
            rate = D("1.2345")
            made += [self.sell(who, D(amount), rate, DAY, "invoices", 2) for amount in ("100.01", "33.33", "0.05")]
            made += [self.sell(who, D("50.50"), rate, DAY, "credit_memos", 1)]
            made += [self.buy(who, D("70.07"), rate, DAY, kind) for kind in ("bills", "vendor_credits")]
        return multiple(*made)

    # -- what happens --------------------------------------------------------------------------------------------------

    def doing(self, work: Callable[[], Any]) -> Any:
        """The id of what was made, or nothing where it was refused: then nothing may have changed."""
        before = (tuple(self.books.entries()), self.opens())
        try:
            return work().id
        except Refusal:
            assert (tuple(self.books.entries()), self.opens()) == before
            return multiple()

    def opens(self) -> tuple[Any, ...]:
        return tuple((each.id, each.open, each.open_base) for each in self.debts())

    def debts(self) -> list[Sale | Bill]:
        books = self.books
        kinds: tuple[Any, ...] = (books.invoices, books.credit_memos, books.bills, books.vendor_credits)
        return [each for kind in kinds for each in kind.all()]

    def rate(self, who: int, rate: Decimal) -> Decimal | None:
        return rate if who else None

    def code(self, who: int) -> str:
        return "EUR" if who else "USD"

    @rule(
        target=documents, who=parties, amount=amounts, rate=rates, day=days,
        kind=st.sampled_from(["invoices", "invoices", "credit_memos", "sales_receipts", "refund_receipts"]),
        parts=st.integers(1, 3),
    )  # fmt: skip
    def sell(self, who: int, amount: Decimal, rate: Decimal, day: date, kind: str, parts: int) -> Any:
        line = ItemLine(item=self.c.thing, amount=amount, tax_code=self.c.code("standard", "19"))
        draft = SaleDraft(
            customer=self.customers[who], date=day, lines=(line,) * parts, rate=self.rate(who, rate),
            tax_code=self.c.code("standard", "19"),
        )  # fmt: skip
        return self.doing(lambda: getattr(self.books, kind).create(draft, BY))

    @rule(
        target=documents, who=parties, amount=amounts, rate=rates, day=days,
        kind=st.sampled_from(["bills", "bills", "vendor_credits"]),
    )  # fmt: skip
    def buy(self, who: int, amount: Decimal, rate: Decimal, day: date, kind: str) -> Any:
        lines = (BillLine(account=self.c.accounts["fees"], amount=amount),) * 2
        draft = BillDraft(vendor=self.vendors[who], date=day, lines=lines, rate=self.rate(who, rate))
        return self.doing(lambda: getattr(self.books, kind).create(draft, BY))

    @rule(target=documents, who=parties, amount=amounts, rate=rates, day=days, debit=st.booleans())
    def adjust(self, who: int, amount: Decimal, rate: Decimal, day: date, debit: bool) -> Any:
        account = self.receivables()[who]
        if not account:
            return multiple()
        sign = 1 if debit else -1
        lines = (
            JournalLine(account=account, amount=sign * amount, customer=self.customers[who]),
            JournalLine(account=self.c.accounts["clearing"], amount=-sign * amount),
        )
        draft = JournalDraft(date=day, lines=lines, currency=self.code(who), rate=self.rate(who, rate))
        return self.doing(lambda: self.books.journals.create(draft, BY))

    def receivables(self) -> tuple[str, str]:
        """The receivable in each currency; the foreign one is there after the first sale in it."""
        foreign = [each.id for each in self.books.accounts.find_by("kind", "receivable") if each.currency]
        return self.c.accounts["receivable"], foreign[0] if foreign else ""

    @rule(target=documents, data=st.data(), who=parties, rate=rates, day=days)
    def collect(self, data: st.DataObject, who: int, rate: Decimal, day: date) -> Any:
        draft = self.payment(data, who, rate, day, bought=False)
        return self.doing(lambda: self.books.payments.create(draft, BY))

    @rule(target=documents, data=st.data(), who=parties, rate=rates, day=days)
    def pay(self, data: st.DataObject, who: int, rate: Decimal, day: date) -> Any:
        draft = self.payment(data, who, rate, day, bought=True)
        return self.doing(lambda: self.books.bill_payments.create(draft, BY))

    @rule(data=st.data(), rate=rates, bought=st.booleans())
    def repay(self, data: st.DataObject, rate: Decimal, bought: bool) -> None:
        known = [each for each in self.payments(bought).all() if not each.void]
        if known:
            old = data.draw(st.sampled_from(known))
            who = (self.vendors if bought else self.customers).index(old.party)
            draft = self.payment(data, who, rate, old.date, bought)
            if old.deposit:
                draft = msgspec.structs.replace(draft, amount=old.amount, rate=old.rate)
            self.doing(lambda: self.payments(bought).update(old.id, draft, BY))

    def payments(self, bought: bool) -> Payments:
        return self.books.bill_payments if bought else self.books.payments

    def payment(self, data: st.DataObject, who: int, rate: Decimal, day: date, bought: bool) -> PaymentDraft:
        """A payment of some open documents, each whole, a cent or something of it; seldom of somebody else's."""
        party = (self.vendors if bought else self.customers)[who if data.draw(seldom) else who - 1]
        debts, credits_ = D(0), D(0)
        links: list[Apply] = []
        for id, open_, is_credit in data.draw(
            st.lists(st.sampled_from(self.payable(party, bought)), min_size=1, max_size=4)
        ):
            part = data.draw(st.sampled_from([open_, open_, CENT, (open_ / 3).quantize(CENT)]))
            if part > 0 and id not in {link.document for link in links}:
                links.append(Apply(document=id, amount=part))
                debts, credits_ = debts + part * (not is_credit), credits_ + part * is_credit
        if credits_ > debts and data.draw(seldom):
            links = [each for each in links if (each.document, False) in self.kinds(party, bought)]
            credits_ = D(0)
        more = data.draw(st.sampled_from([D(0), D(0), D(0), D("7.77"), D("7.77"), D("-0.01")]))
        party_of = {"vendor": self.vendors[who]} if bought else {"customer": self.customers[who]}
        return PaymentDraft(
            date=day, amount=max(debts - credits_ + more, D(0)), applications=tuple(links), rate=self.rate(who, rate),
            deposit_account=self.c.accounts["bank"] if bought else "", **party_of,
        )  # fmt: skip

    def kinds(self, party: str, bought: bool) -> set[tuple[str, bool]]:
        return {(id, is_credit) for id, _, is_credit in self.payable(party, bought)}

    def payable(self, party: str, bought: bool) -> list[tuple[str, Decimal, bool]]:
        """What a party has open: id, amount, whether it is a credit. Something that is not there stands for none."""
        found = [
            (each.id, each.open, each.kind in ("credit_memo", "vendor_credit"))
            for each in self.debts()
            if each.party == party and isinstance(each, Bill) is bought and each.open
        ]
        for journal in self.books.journals.all() if not bought else ():
            found += [(journal.id, abs(r.open), r.amount < 0) for r in journal.receivables if r.customer == party]
        return found or [("999", D(1), False)]

    @rule(target=documents, data=st.data(), who=parties, rate=rates, day=days, fee=st.booleans())
    def deposit(self, data: st.DataObject, who: int, rate: Decimal, day: date, fee: bool) -> Any:
        draft = self.deposit_of(data, who, rate, day, fee)
        return self.doing(lambda: self.books.deposits.create(draft, BY)) if draft.lines else multiple()

    @rule(data=st.data(), who=parties, rate=rates, day=days, fee=st.booleans())
    def deposit_again(self, data: st.DataObject, who: int, rate: Decimal, day: date, fee: bool) -> None:
        known = list(self.books.deposits.all())
        if known:
            old = data.draw(st.sampled_from(known))
            draft = self.deposit_of(data, who, rate, day, fee)
            kept = tuple(line for line in old.lines if line.document) if old.currency == self.code(who) else ()
            draft = msgspec.structs.replace(draft, lines=(*draft.lines, *kept[:1]))
            self.doing(lambda: self.books.deposits.update(old.id, draft, BY))

    def deposit_of(self, data: st.DataObject, who: int, rate: Decimal, day: date, fee: bool) -> DepositDraft:
        """A deposit of what lies in undeposited funds in a currency, seldom of what does not, perhaps less a fee."""
        right = data.draw(seldom)
        lying = [
            each
            for each in (*self.books.payments.all(), *self.books.sales_receipts.all())
            if (each.currency == self.code(who) and not each.deposit and not each.void) is right
        ]
        named = (
            data.draw(st.lists(st.sampled_from(lying), min_size=1, max_size=3, unique_by=lambda each: each.id))
            if lying
            else []
        )
        lines = tuple(DepositLine(amount=money_of(each)[0], document=each.id) for each in named)
        if fee and lines:
            lines = (*lines, DepositLine(amount=-CENT, account=self.c.accounts["fees"]))
        account = self.c.accounts["euro_bank" if who else "bank"]
        return DepositDraft(account=account, date=day, lines=lines, currency=self.code(who), rate=self.rate(who, rate))

    @rule(target=documents, who=parties, amount=amounts, rate=rates, day=days)
    def transfer(self, who: int, amount: Decimal, rate: Decimal, day: date) -> Any:
        draft = TransferDraft(
            source=self.c.accounts["clearing"], target=self.c.accounts["euro_bank" if who else "bank"], date=day,
            amount=amount, currency=self.code(who), rate=self.rate(who, rate),
        )  # fmt: skip
        return self.doing(lambda: self.books.transfers.create(draft, BY))

    @rule(id=documents, spared=seldom)
    def void(self, id: str, spared: bool) -> None:
        found = self.books.document(id)
        if not spared and isinstance(found, Sale | Payment | Journal | Bill):
            self.doing(lambda: self.port(found).void(id, BY))

    @rule(id=documents, spared=seldom)
    def delete(self, id: str, spared: bool) -> None:
        found = self.books.document(id)
        if not spared and found is not None:
            self.doing(lambda: self.port(found).delete(id, BY))

    def port(self, document: Document) -> Any:
        return getattr(self.books, f"{document.kind}s")

    # -- what always holds ---------------------------------------------------------------------------------------------

    @invariant()
    def every_entry_balances_in_base_and_abroad(self) -> None:
        for entry in self.books.entries():
            assert sum(posting.amount for posting in entry.postings) == 0
            if entry.currency:
                assert sum(posting.foreign or 0 for posting in entry.postings) == 0
            else:
                assert all(posting.foreign is None for posting in entry.postings)

    @invariant()
    def open_amounts_stay_between_zero_and_the_total_and_foreign_zero_is_base_zero(self) -> None:
        for each in self.debts():
            assert 0 <= each.open <= each.total
            assert 0 <= each.open_base <= each.base
            if not each.open:
                assert not each.open_base
            if each.rate is None:
                assert (each.open, each.total) == (each.open_base, each.base)

    @invariant()
    def what_is_open_is_what_nothing_settled(self) -> None:
        for each in self.debts():
            links = [a for payment in self.books.links(each.id) for a in payment.applications if a.document == each.id]
            assert each.open == each.total - sum(link.amount for link in links)
            assert each.open_base == each.base - sum(link.base for link in links)

    @invariant()
    def payments_apply_no_more_than_they_have(self) -> None:
        for payment in self.books.snapshot("x").payments:
            assert payment.unapplied.amount >= 0
            applied = sum((each.amount.amount for each in payment.applications), D(0))
            assert payment.unapplied.amount == payment.amount.amount - applied

    @invariant()
    def a_payment_that_is_used_up_leaves_nothing_at_home(self) -> None:
        books = self.books
        for payment in (*books.payments.all(), *books.bill_payments.all()):
            rest = payment.control - sum(self.signed(link, payment.party) for link in payment.applications)
            if not payment.unapplied:
                assert rest == 0
            if not payment.applications:
                assert rest == payment.base

    @invariant()
    def the_subledgers_are_the_control_accounts(self) -> None:
        books, base = self.books, D(0)
        for account in books.accounts.find_by("kind", "receivable"):
            base += books.balance(account.id)
        assert sum(books.customer_balance(each) for each in self.customers) == base
        for last in (DAY + timedelta(days=20), DAY + timedelta(days=40)):
            kinds = {row.account.id: row.amount for row in books.trial_balance(last).rows}
            control = sum(kinds.get(account.id, D(0)) for account in books.accounts.find_by("kind", "receivable"))
            assert books.aged_receivables(last).total() == control
            control = sum(kinds.get(account.id, D(0)) for account in books.accounts.find_by("kind", "payable"))
            assert books.aged_payables(last).total() == -control
        owed = {"": D(0), "EUR": D(0)}
        for each in books.bills.all():
            owed[books.vendors.get(each.vendor).currency] += each.open
        for each in books.vendor_credits.all():
            owed[books.vendors.get(each.vendor).currency] -= each.open
        for payment in books.bill_payments.all():
            owed[books.vendors.get(payment.vendor).currency] -= payment.unapplied
        assert [books.owed_to(vendor) for vendor in self.vendors] == list(owed.values())

    def signed(self, link: Apply, party: str) -> Decimal:
        found = self.books.document(link.document)
        if isinstance(found, Journal):
            (receivable,) = (each for each in found.receivables if each.customer == party)
            return link.base if receivable.amount > 0 else -link.base
        return -link.base if found is not None and found.kind in ("credit_memo", "vendor_credit") else link.base

    @invariant()
    def undeposited_funds_are_the_money_nothing_moved_on(self) -> None:
        books, account = self.books, self.c.accounts["undeposited"]
        lying = [
            each.base
            for each in (*books.payments.all(), *books.sales_receipts.all())
            if not each.deposit and money_of(each)[1] == account
        ]
        paid_back = [each.base for each in books.refund_receipts.all() if each.account == account]
        assert books.balance(account) == sum(lying) - sum(paid_back)

    @invariant()
    def a_deposit_and_what_it_moved_name_each_other(self) -> None:
        books = self.books
        named = {line.document: each.id for each in books.deposits.all() for line in each.lines if line.document}
        marked = {each.id: each.deposit for each in (*books.payments.all(), *books.sales_receipts.all())}
        assert {id: deposit for id, deposit in marked.items() if deposit} == named

    @invariant()
    def a_copy_says_the_same(self) -> None:
        assert self.books.fork().snapshot("x") == self.books.snapshot("x")


@given(
    amount=amounts, rate=rates, parts=st.lists(st.tuples(st.integers(1, 99), rates), max_size=6), last=rates,
    order=st.randoms(use_true_random=False),
)  # fmt: skip
def test_what_is_settled_abroad_is_settled_at_home_whatever_the_parts_and_rates(
    amount: Decimal, rate: Decimal, parts: list[tuple[int, Decimal]], last: Decimal, order: Any
) -> None:
    """The exchange accounts for exactly what the money brought less what the invoice was worth."""
    c = company(multi_currency=True)
    gain = chart.Account(name="Exchange", kind="other_income", role="exchange_gain")
    c.accounts["exchange_gain"] = c.books.accounts.create(gain, BY).id
    euro = c.customer("Globex SA", currency="EUR")
    sale = c.invoice(c.line(str(amount)), customer=euro, tax_mode="none", rate=rate)
    brought, paid = D(0), []
    for percent, at in (*parts, (100, last)):
        open_ = c.books.invoices.get(sale.id).open
        part = open_ if percent == 100 else (open_ * percent / 100).quantize(CENT)
        if part:
            paid.append(c.pay(str(part), (sale.id, str(part)), customer=euro, rate=at))
            brought += (part * at).quantize(CENT, ROUND_HALF_UP)
    settled = c.books.invoices.get(sale.id)
    assert (settled.open, settled.open_base) == (0, 0)
    worth = (amount * rate).quantize(CENT, ROUND_HALF_UP)
    assert c.books.customer_balance(euro) == c.books.owed_by(euro) == 0
    assert c.books.balance(c.accounts["exchange_gain"]) == worth - brought
    order.shuffle(paid)
    for payment in paid:
        c.books.payments.void(payment.id, BY)
    opened = c.books.invoices.get(sale.id)
    assert (opened.open, opened.open_base) == (amount, worth)
    assert c.books.balance(c.accounts["exchange_gain"]) == 0


TestTreasury = Treasury.TestCase
TestTreasury.settings = settings(max_examples=60, stateful_step_count=50, deadline=None)
