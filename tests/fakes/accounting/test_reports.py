"""Reports say what the entries say, as at a day or between two days."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

from simharness_fakes.accounting import chart
from simharness_fakes.accounting.documents import Apply, DiscountLine, JournalDraft, JournalLine, PaymentDraft
from tests.fakes.accounting.company import BY, Company, D, company

JANUARY, FEBRUARY, MARCH = date(2026, 1, 12), date(2026, 2, 10), date(2026, 3, 20)


def quarter() -> Company:
    """1,000.00 + 190.00 less 100.00 discount in January, 500.00 paid in February, 200.00 written off in March."""
    c = company()
    code = c.code("S19", "19")
    invoice = c.invoice(c.line("1000", code), DiscountLine(amount=D(100)), date=JANUARY, due=date(2026, 2, 11))
    c.pay("500", (invoice.id, "500"), date=FEBRUARY, deposit_account=c.accounts["bank"])
    lines = (
        JournalLine(account=c.accounts["write_offs"], amount=D(200)),
        JournalLine(account=c.accounts["receivable"], amount=D(-200), customer=c.globex),
    )
    written_off = c.books.journals.create(JournalDraft(date=MARCH, lines=lines), BY)
    c.pay("0", (invoice.id, "200"), (written_off.id, "200"), date=MARCH)
    return c


def named(c: Company, rows: Any) -> dict[str, D]:
    keys = {id: key for key, id in c.accounts.items()}
    return {keys[row.account.id]: row.amount for row in rows}


def test_the_trial_balance_is_as_at_its_day_and_sums_to_zero() -> None:
    c = quarter()
    january = c.books.trial_balance(date(2026, 1, 31))
    assert named(c, january.rows) == {
        "receivable": D(1071),
        "tax_payable": D(-171),
        "sales": D(-1000),
        "discounts_given": D(100),
    }
    march = c.books.trial_balance(MARCH)
    assert (march.debits, march.credits) == (D(1171), D(1171))
    assert named(c, march.rows)["receivable"] == D(371)


def test_profit_and_loss_counts_both_ends_and_shows_contra_income_as_negative_income() -> None:
    c = quarter()
    report = c.books.profit_and_loss(JANUARY, MARCH)
    assert named(c, report.section("income").rows) == {"sales": D(1000), "discounts_given": D(-100)}
    assert (report.gross_profit, report.net_income) == (D(900), D(700))
    assert c.books.profit_and_loss(JANUARY + timedelta(1), MARCH - timedelta(1)).net_income == D(0)


def test_the_balance_sheet_balances_and_tells_this_year_from_the_years_before() -> None:
    c = quarter()
    for day, retained, income in ((MARCH, D(0), D(700)), (date(2027, 1, 1), D(700), D(0))):
        sheet = c.books.balance_sheet(day)
        assert sheet.assets.total == D(871)
        assert (sheet.retained_earnings, sheet.net_income) == (retained, income)
        assert sheet.assets.total == (
            sheet.liabilities.total + sheet.equity.total + sheet.retained_earnings + sheet.net_income
        )


def test_the_general_ledger_opens_with_what_was_before_and_runs_to_the_closing_balance() -> None:
    c = quarter()
    report = c.books.general_ledger(FEBRUARY, MARCH, c.accounts["receivable"])
    (account,) = report.accounts
    assert (account.opening, [row.balance for row in account.rows], account.closing) == (
        D(1071),
        [D(571), D(371)],
        D(371),
    )
    everything = c.books.general_ledger(JANUARY, MARCH)
    assert sum(account.closing for account in everything.accounts) == D(0)


def test_receivables_age_by_days_past_due_as_they_stood_on_the_day() -> None:
    c = quarter()
    january = c.books.aged_receivables(date(2026, 1, 31))
    assert [(item.open, item.days) for item in january.items] == [(D(1071), -11)]
    february = c.books.aged_receivables(date(2026, 2, 28))
    assert [(item.open, item.days) for item in february.items] == [(D(571), 17)]
    march = c.books.aged_receivables(MARCH)
    assert [(item.open, item.days) for item in march.items] == [(D(371), 37)]
    assert (march.total(above=30, up_to=60), march.total(up_to=0)) == (D(371), D(0))


def test_cash_received_before_the_invoice_it_settles_is_a_credit_until_then() -> None:
    c = company()
    invoice = c.invoice(c.line("100"), tax_mode="none", date=FEBRUARY)
    c.pay("100", (invoice.id, "100"), date=JANUARY)
    items = c.books.aged_receivables(JANUARY).items
    assert [(item.kind, item.open) for item in items] == [("payment", D(-100))]
    assert c.books.aged_receivables(FEBRUARY).items == ()


def test_changes_since_an_instant_are_the_last_of_each_record_in_order() -> None:
    c = company()
    later = [chart.Stamp(actor="later", at=datetime(2026, 1, day, tzinfo=UTC)) for day in (10, 11, 12)]
    first = c.books.invoices.create(c.draft(c.line("1"), tax_mode="none"), later[0])
    second = c.books.invoices.create(c.draft(c.line("2"), tax_mode="none"), later[1])
    c.books.invoices.update(first.id, c.draft(c.line("3"), tax_mode="none"), later[2])
    seen = c.books.changes_since(later[0].at, ("invoice",))
    assert [(each.id, each.operation, each.actor) for each in seen] == [
        (second.id, "create", "later"),
        (first.id, "update", "later"),
    ]
    assert [each.id for each in c.books.changes_since(later[2].at)] == [first.id]


def test_settling_an_invoice_is_a_change_of_it_where_the_company_says_so() -> None:
    for counted in (True, False):
        c = company(settling_changes_version=counted)
        invoice = c.invoice(c.line("100"), tax_mode="none")
        after = chart.Stamp(actor="payer", at=BY.at + timedelta(days=1))
        applications = (Apply(document=invoice.id, amount=D(100)),)
        draft = PaymentDraft(customer=c.globex, date=JANUARY, amount=D(100), applications=applications)
        c.books.payments.create(draft, after)
        changed = {each.kind for each in c.books.changes_since(after.at)}
        assert ("invoice" in changed) is counted
        assert c.books.invoices.get(invoice.id).version == int(counted)
