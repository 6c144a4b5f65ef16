from __future__ import annotations

from simharness.domain.expectation import CustomerOwes, ExpectedLine, InvoiceCount, InvoiceIs, InvoiceRef, PaymentIs
from simharness.report.explaining import explanation
from simharness.report.explaining.explanation import Explanation, Table
from tests.unit.checks import builders
from tests.unit.checks.builders import document_line, invoice, ledger, tax_groups, untaxed_line, usd
from tests.unit.checks.company import day
from tests.unit.report.explaining.claims import explained, invoice_total, mark, record_of

PRINTER = ("Badge printer", "USD 3,600.00  4010, CA San Francisco", "USD 3,600.00  4010, CA San Francisco, CC-10")
ONBOARDING = ("Onboarding", "USD 500.00  4020", "USD 500.00  4020, NON, CC-20")


def tables(told: Explanation) -> list[Table]:
    return [each for each in told.tables if isinstance(each, Table)]


def test_an_invoice_shows_what_the_step_states_and_its_lines_beside_those_called_for() -> None:
    figures, lines, _ = tables(explained(invoice_total("4411.50")))
    assert figures.title == "invoice 1001"
    assert figures.rows == (("total", "USD 4,411.50", "USD 4,410.50", "USD -1.00"),)
    assert lines.rows == (PRINTER, ONBOARDING)


def test_days_and_states_stand_beside_each_other_too() -> None:
    claim = InvoiceIs(
        **mark("invoicing.invoice_is"), invoice=InvoiceRef(deal="Rollout"), due=day("2026-02-10"),
        tax_under=(("CA San Francisco", usd("310.50")),), status="partly paid",
    )  # fmt: skip
    figures, *_ = tables(explained(claim))
    assert figures.rows == (
        ("tax CA San Francisco", "USD 310.50", "USD 310.50", "USD 0.00"),
        ("due", "2026-02-10", "2026-02-11", "+1 days"),
        ("status", "partly paid", "partly paid", ""),
    )


def test_a_state_is_shown_as_it_is_whichever_finding_of_the_step_is_explained() -> None:
    claim = InvoiceIs(
        **mark("invoicing.invoice_is"), invoice=InvoiceRef(deal="Rollout"), open=usd("0.00"), status="paid"
    )
    record = record_of(claim)
    found = [each for result in builders.judge(record) for each in result.findings if each.check == claim.verb]
    assert len(found) == 2
    for finding in found:
        figures, *_ = tables(explanation(record, finding))
        assert figures.rows == (
            ("open", "USD 0.00", "USD 3,410.50", "USD +3,410.50"),
            ("status", "paid", "partly paid", "another"),
        )


def test_stated_lines_stand_beside_the_found_ones_the_rest_below() -> None:
    stated = (
        ExpectedLine(product="Badge printer", net=usd("3500.00"), account="4010"),
        ExpectedLine(product="Hearing loop", net=usd("90.00"), tax_code="*"),
    )
    claim = InvoiceIs(**mark("invoicing.invoice_is"), invoice=InvoiceRef(deal="Rollout"), lines=stated)
    *_, lines = tables(explained(claim))
    assert lines.title == "the lines of invoice 1001, as the step states them"
    assert lines.rows == (
        ("Badge printer", "USD 3,500.00  4010", PRINTER[2], "USD +100.00"),
        ("Hearing loop", "USD 90.00  any tax code", "nothing", "missing"),
        ("Onboarding", "nothing", ONBOARDING[2], "not expected"),
    )


def test_tax_under_another_code_is_shown_by_code() -> None:
    wrong = tuple(builders.structs.replace(group, code="TX Austin") for group in tax_groups())
    books = ledger(documents=(invoice(taxes=wrong),))
    *_, taxes, _ = tables(explained(invoice_total("4411.50"), books=books))
    assert taxes.title == "the tax of invoice 1001 by code, as the dictionary calls for it"
    assert taxes.rows == (
        ("CA San Francisco", "USD 310.50", "nothing", "missing"),
        ("TX Austin", "nothing", "USD 310.50", "not expected"),
    )


def test_what_a_check_finds_about_an_invoice_shows_its_lines_too() -> None:
    lines = (
        document_line("1", "Badge printer", "4000.00", "a4010"),
        untaxed_line("2", "Onboarding", "500.00", "a4020"),
    )
    record = builders.record(books=ledger(documents=(invoice(lines=lines, net=usd("4500.00")),)))
    finding = next(each for result in builders.judge(record) for each in result.findings if each.check == "V5")
    *_, table = tables(explanation(record, finding))
    assert table.rows == (
        (PRINTER[0], PRINTER[1], "USD 4,000.00  4010, CA San Francisco, CC-10", "USD +400.00"),
        (*ONBOARDING, ""),
    )


def test_a_count_shows_the_documents_that_were_found() -> None:
    _, found = tables(explained(InvoiceCount(**mark("invoicing.count"), deal="Rollout", count=2)))
    assert found.rows == (("1001", "2026-01-12", "USD 4,410.50", "USD 3,410.50", "partly paid"),)
    _, none = tables(
        explained(InvoiceCount(**mark("invoicing.count"), deal="Rollout", count=2), books=ledger(documents=()))
    )
    assert none.rows[0][0] == "none"


def test_what_a_customer_owes_shows_what_makes_it() -> None:
    claim = CustomerOwes(**mark("invoicing.customer_owes"), customer="Globex", amount=usd("3410.00"))
    books = ledger(payments=(builders.payment(amount=usd("1010.00"), unapplied=usd("10.00")),))
    figures, makes = tables(explained(claim, books=books))
    assert figures.rows == (("", "USD 3,410.00", "USD 3,400.50", "USD -9.50"),)
    assert makes.rows == (
        ("invoice 1001", "2026-01-12", "USD 4,410.50", "USD 3,410.50"),
        ("payment 2, unapplied", "2026-01-20", "USD 1,010.00", "USD -10.00"),
    )


def test_a_payment_shows_to_what_it_was_applied() -> None:
    _, applied = tables(explained(PaymentIs(**mark("payment.payment_is"), payment="P-1", applied=usd("900.00"))))
    assert applied.rows == (("invoice 1001", "USD 1,000.00"), ("unapplied", "USD 0.00"))
