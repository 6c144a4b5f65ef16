"""Which rows of evidence are told under a finding about the deal D1 of the company C1."""

from __future__ import annotations

from typing import Any

from simharness.domain.books import Application
from simharness.domain.evidence import Reject
from tests.unit.checks import builders as b
from tests.unit.checks.builders import at, deal_entered, log, usd
from tests.unit.report.explaining.claims import explained, invoice_total

DEAL, INVOICE = "hubspot:deal:D1:v1", "quickbooks:invoice:1"


def deeds(*rows: Any, **changes: Any) -> tuple[str, ...]:
    return explained(invoice_total("1.00"), evidence=rows, exchanges=(), **changes).deeds


def test_every_document_of_the_chain_is_told_whatever_its_source_is_called() -> None:
    memo = b.credit_memo(note="credit:1001:1", open=usd("0.00"))
    link = b.payment(
        id="4", amount=usd("0.00"), note="",
        applications=(
            Application(document="1", amount=usd("100.00")), Application(document="3", amount=usd("-100.00")),
        ),
    )  # fmt: skip
    entry = b.structs.replace(b.credit_entry(), note="credit:1001:1")
    books = b.ledger(
        documents=(b.invoice(), memo), payments=(b.payment(), link),
        entries=(b.invoice_entry(), b.payment_entry(), entry),
    )  # fmt: skip
    rows = (
        log("credit:1001:1", "quickbooks:credit_memo:3", "100.00", "k3"),
        log("credit:1001:1:applied", "quickbooks:payment:4", "100.00", "k4", action="apply"),
        log("elsewhere:thing:9", "quickbooks:payment:2", "1000.00", "k2"),
    )
    assert deeds(*rows, books=books) == (
        "2026-01-12 10:00  created credit memo 1002 in the ledger for the credit note on invoice 1001 (USD 100.00)",
        "2026-01-12 10:00  applied credit memo 1002 to invoice 1001, by payment 4 in the ledger (USD 100.00)",
        "2026-01-12 10:00  created payment 2 in the ledger for thing 9 (USD 1,000.00)",
    )


def test_of_the_customers_other_deals_only_trouble_is_told() -> None:
    other = deal_entered(deal="Annexe", deal_id="D2")
    told = (b.entered(), deal_entered(), other, *b.facts()[2:])
    reject = Reject(at=at("2026-01-12"), source="hubspot:deal:D2:v1", code="x", reason="no region")
    posted = log("hubspot:deal:D2:v1", "quickbooks:invoice:9", "1.00", "k9")
    strange = b.structs.replace(reject, source="hubspot:deal:D3:v1")
    assert deeds(reject, posted, strange, told=told) == (
        "2026-01-12 10:00  listed deal 'Annexe' as rejected because no region",
    )


def test_of_another_entitys_books_the_same_numbers_are_other_records() -> None:
    row = log("credit:1001:1", INVOICE, "1.00", "k1", entity="elsewhere")
    assert deeds(row) == ("nothing that its evidence or the systems tell of",)


def test_trouble_is_told_however_much_was_done() -> None:
    rows = [log(DEAL, INVOICE, f"{n}.00", f"k{n}") for n in range(1, 21)]
    reject = Reject(at=at("2026-01-13"), source=DEAL, code="x", reason="no region")
    told = deeds(*rows, reject)
    assert told[-2:] == (
        "2026-01-13 10:00  listed deal 'Rollout' as rejected because no region", "and 7 further deeds",
    )  # fmt: skip
    assert len(told) == 15
