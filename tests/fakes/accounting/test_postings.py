"""Each kind of document posts the T-account an accountant would write; changes replace, voids zero, deletes remove."""

from __future__ import annotations

from datetime import date

import msgspec
import pytest

from simharness_fakes.accounting import chart
from simharness_fakes.accounting.documents import (
    DescriptionLine,
    DiscountLine,
    JournalDraft,
    JournalLine,
    PaymentDraft,
    SubtotalLine,
)
from simharness_fakes.accounting.refusals import Missing, OverApplied, Unbalanced
from tests.fakes.accounting.company import BY, DAY, Company, D, company


def journal(c: Company, *sides: tuple[str, str], day: date = DAY, customer: str = "") -> JournalDraft:
    """Lines by account key; the customer goes on receivable lines."""
    lines = tuple(
        JournalLine(account=c.accounts[key], amount=D(amount), customer=customer if key == "receivable" else "")
        for key, amount in sides
    )
    return JournalDraft(date=day, lines=lines)


def test_an_invoice_debits_the_receivable_and_credits_income_and_tax() -> None:
    c = company()
    invoice = c.invoice(c.line("1000", c.code("S19", "19")))
    assert c.posted(invoice.id) == c.account(("receivable", "1190"), ("sales", "-1000"), ("tax_payable", "-190"))
    assert c.books.customer_balance(c.globex) == D(1190)


def test_a_credit_memo_is_the_mirror_image_of_the_invoice() -> None:
    c = company()
    lines = (c.line("1000", c.code("S19", "19")), DiscountLine(percent=D("3.33")))
    invoice, memo = c.invoice(*lines), c.credit_memo(*lines)
    assert c.posted(memo.id) == {account: -amount for account, amount in c.posted(invoice.id).items()}
    assert c.balances() == {}


def test_an_inclusive_invoice_posts_its_discount_without_tax() -> None:
    # 119.00 less 11.90, 19 % included: 107.10 is 90.00 net and 17.10 tax; listed net 100.00, discount net 10.00.
    c = company()
    invoice = c.invoice(c.line("119", c.code("S19", "19")), DiscountLine(percent=D(10)), tax_mode="inclusive")
    assert c.posted(invoice.id) == c.account(
        ("receivable", "107.10"), ("sales", "-100"), ("discounts_given", "10"), ("tax_payable", "-17.10")
    )


def test_each_authority_of_a_combined_rate_is_credited_on_its_own_account() -> None:
    c = company(tax_model="us")
    code = c.code("Austin", "6.25", "2")
    city = c.books.accounts.create(chart.Account(name="City tax", kind="current_liability"), BY).id
    second = c.books.tax_rates.by_name("Austin 2")
    assert second is not None
    c.books.tax_rates.update(second.id, msgspec.structs.replace(second, account=city), BY)
    invoice = c.invoice(c.line("1000"), tax_code=code)
    posted = c.posted(invoice.id)
    assert (posted[c.accounts["tax_payable"]], posted[city]) == (D("-62.50"), D("-20.00"))


def test_subtotals_and_texts_post_nothing() -> None:
    c = company()
    lines = (c.line("10"), SubtotalLine(), DescriptionLine(description="Thank you"))
    invoice = c.invoice(*lines, tax_mode="none")
    assert [line.amount for line in invoice.lines] == [D(10), D(10), D(0)]
    assert c.posted(invoice.id) == c.account(("receivable", "10"), ("sales", "-10"))


def test_a_payment_debits_where_it_was_deposited_and_credits_the_customer() -> None:
    c = company()
    invoice = c.invoice(c.line("100"), tax_mode="none")
    cheque = c.pay("60", (invoice.id, "60"))
    wire = c.pay("55", (invoice.id, "40"), deposit_account=c.accounts["bank"])
    assert c.posted(cheque.id) == c.account(("undeposited", "60"), ("receivable", "-60"))
    assert c.posted(wire.id) == c.account(("bank", "55"), ("receivable", "-55"))
    assert wire.unapplied == D(15)
    assert c.books.customer_balance(c.globex) == D(-15)


def test_a_payment_of_zero_posts_nothing() -> None:
    c = company()
    invoice, memo = c.invoice(c.line("100"), tax_mode="none"), c.credit_memo(c.line("30"), tax_mode="none")
    link = c.pay("0", (invoice.id, "30"), (memo.id, "30"))
    assert c.books.entry(link.id) is None
    assert (c.books.invoices.get(invoice.id).open, c.books.credit_memos.get(memo.id).open) == (D(70), D(0))


def test_a_journal_entry_posts_its_lines_and_can_write_off_a_receivable() -> None:
    c = company()
    invoice = c.invoice(c.line("100"), tax_mode="none")
    written_off = c.books.journals.create(
        journal(c, ("write_offs", "100"), ("receivable", "-100"), customer=c.globex), BY
    )
    assert c.posted(written_off.id) == c.account(("write_offs", "100"), ("receivable", "-100"))
    c.pay("0", (invoice.id, "100"), (written_off.id, "100"))
    assert c.books.invoices.get(invoice.id).open == D(0)
    assert c.books.journals.get(written_off.id).receivables[0].open == D(0)


def test_a_journal_entry_that_does_not_balance_is_refused_with_the_difference() -> None:
    c = company()
    with pytest.raises(Unbalanced) as refused:
        c.books.journals.create(journal(c, ("bank", "100"), ("sales", "-99.99")), BY)
    assert refused.value.difference == D("0.01")
    assert not list(c.books.entries())


def test_a_journal_line_on_a_receivable_needs_its_customer() -> None:
    c = company()
    with pytest.raises(Missing, match="a customer"):
        c.books.journals.create(journal(c, ("bank", "-1"), ("receivable", "1")), BY)


def test_class_is_on_the_lines_and_location_on_every_posting() -> None:
    c = company()
    west = c.books.classes.create(chart.Class(name="West"), BY).id
    east = c.books.classes.create(chart.Class(name="East"), BY).id
    office = c.books.departments.create(chart.Department(name="Office"), BY).id
    code = c.code("S19", "19")
    invoice = c.invoice(
        c.line("10", code, cost_centre=east),
        c.line("20", code),
        DiscountLine(percent=D(10)),
        cost_centre=west,
        location=office,
    )
    entry = c.books.entry(invoice.id)
    assert entry is not None
    assert {posting.location for posting in entry.postings} == {office}
    by_account = [(posting.account, posting.cost_centre, posting.amount) for posting in entry.postings]
    assert by_account == [
        (c.accounts["receivable"], "", D("32.13")),
        (c.accounts["sales"], east, D(-10)),
        (c.accounts["sales"], west, D(-20)),
        (c.accounts["discounts_given"], west, D(3)),
        (c.accounts["tax_payable"], "", D("-5.13")),
    ]
    assert [posting.customer for posting in entry.postings] == [c.globex, "", "", "", ""]


def test_an_update_replaces_the_entry_and_moves_it_to_its_new_date() -> None:
    c = company()
    invoice = c.invoice(c.line("100"), tax_mode="none")
    later = date(2026, 2, 3)
    changed = c.books.invoices.update(invoice.id, c.draft(c.line("80"), tax_mode="none", date=later), BY)
    assert (changed.id, changed.number, changed.version) == (invoice.id, invoice.number, 1)
    assert c.posted(invoice.id) == c.account(("receivable", "80"), ("sales", "-80"))
    assert c.books.trial_balance(DAY).rows == ()
    assert [row.amount for row in c.books.trial_balance(later).rows] == [D(80), D(-80)]


def test_an_update_keeps_the_ids_of_lines_and_gives_new_lines_new_ones() -> None:
    c = company()
    invoice = c.invoice(c.line("1"), c.line("2"), tax_mode="none")
    first, second = (line.id for line in invoice.lines)
    draft = c.draft(c.line("3"), c.line("2", id=second), tax_mode="none")
    changed = c.books.invoices.update(invoice.id, draft, BY)
    assert changed.lines[1].id == second
    assert changed.lines[0].id not in (first, second)


def test_a_void_zeroes_a_document_on_its_own_date_without_a_reversing_entry() -> None:
    c = company()
    invoice = c.invoice(c.line("100", c.code("S19", "19"), quantity=D(2), unit_price=D(50)))
    paid = c.pay("50", (invoice.id, "50"))
    void = c.books.invoices.void(invoice.id, BY)
    assert (void.total, void.open, void.void, void.date, void.lines[0].quantity) == (D(0), D(0), True, DAY, D(0))
    assert c.books.entry(invoice.id) is None
    assert c.books.links(invoice.id) == ()
    assert c.books.payments.get(paid.id).unapplied == D(50)
    assert c.balances() == {"undeposited": D(50), "receivable": D(-50)}


def test_a_voided_payment_reopens_what_it_settled() -> None:
    c = company()
    invoice = c.invoice(c.line("100"), tax_mode="none")
    paid = c.pay("100", (invoice.id, "100"))
    assert c.books.invoices.get(invoice.id).open == D(0)
    c.books.payments.void(paid.id, BY)
    assert c.books.invoices.get(invoice.id).open == D(100)
    assert c.balances() == {"receivable": D(100), "sales": D(-100)}


def test_voiding_a_credit_reopens_the_invoice_it_had_settled() -> None:
    c = company()
    invoice, memo = c.invoice(c.line("100"), tax_mode="none"), c.credit_memo(c.line("30"), tax_mode="none")
    link = c.pay("10", (invoice.id, "40"), (memo.id, "30"))
    c.books.credit_memos.void(memo.id, BY)
    assert c.books.invoices.get(invoice.id).open == D(90)
    left = c.books.payments.get(link.id)
    assert (left.applications[0].amount, left.unapplied) == (D(10), D(0))


def test_voiding_an_invoice_gives_back_the_credit_that_had_settled_it() -> None:
    c = company()
    invoice, memo = c.invoice(c.line("100"), tax_mode="none"), c.credit_memo(c.line("30"), tax_mode="none")
    link = c.pay("0", (invoice.id, "30"), (memo.id, "30"))
    c.books.invoices.void(invoice.id, BY)
    assert c.books.credit_memos.get(memo.id).open == D(30)
    assert c.books.payments.get(link.id).applications == ()


def test_a_deleted_document_leaves_nothing_but_its_mark_in_the_change_log() -> None:
    c = company()
    invoice = c.invoice(c.line("100"), tax_mode="none")
    c.books.invoices.delete(invoice.id, BY)
    assert c.books.document(invoice.id) is None
    assert c.balances() == {}
    assert [(each.id, each.operation) for each in c.books.changes_since(BY.at, ("invoice",))] == [
        (invoice.id, "delete")
    ]


def test_a_changed_journal_entry_remembers_what_was_settled_of_it() -> None:
    c = company()
    charged = c.books.journals.create(journal(c, ("receivable", "100"), ("sales", "-100"), customer=c.globex), BY)
    c.pay("60", (charged.id, "60"))
    more = journal(c, ("receivable", "110"), ("sales", "-110"), customer=c.globex)
    assert c.books.journals.update(charged.id, more, BY).receivables[0].open == D(50)
    less = journal(c, ("receivable", "59"), ("sales", "-59"), customer=c.globex)
    with pytest.raises(OverApplied):
        c.books.journals.update(charged.id, less, BY)


def test_a_payment_moved_to_another_customer_reopens_the_first_ones_invoice() -> None:
    c = company()
    other = c.customer("Initech")
    invoice = c.invoice(c.line("100"), tax_mode="none")
    paid = c.pay("100", (invoice.id, "100"))
    moved = c.books.payments.update(paid.id, PaymentDraft(customer=other, date=DAY, amount=D(100)), BY)
    assert (moved.unapplied, c.books.invoices.get(invoice.id).open) == (D(100), D(100))
    assert (c.books.customer_balance(c.globex), c.books.customer_balance(other)) == (D(100), D(-100))


def test_only_receivable_accounts_count_for_what_a_customer_owes() -> None:
    c = company()
    lines = (
        JournalLine(account=c.accounts["bank"], amount=D(5), customer=c.globex),
        JournalLine(account=c.accounts["equity"], amount=D(-5)),
    )
    c.books.journals.create(JournalDraft(date=DAY, lines=lines), BY)
    assert c.books.customer_balance(c.globex) == D(0)
