"""Laws of what was given up: which row is about which part of a source, and what is no part of it."""

from __future__ import annotations

from typing import Any

from msgspec import structs

from simharness.checks import converged
from simharness.domain.books import Application
from simharness.domain.finding import Judgement
from simharness.domain.record import RunRecord
from tests.unit.checks import builders as b
from tests.unit.checks.convergence.test_compare import ALERT, REJECT, STAYS, messages, struck

MEMO, LINK = "credit_memo crm:deal:D1:v2 lines:L2", "payment crm:deal:D1:v2 lines:L2 applied"


def test_a_later_part_may_be_given_up_by_itself() -> None:
    """The credit is whole and unused; what would have applied it has a source of its own, and that is listed."""
    credit = "crm:deal:D1:v2 lines:L2"
    link = b.payment(id="4", amount=b.usd("0.00"), note=f"{credit} applied", applications=())
    memo = b.credit_memo(note=credit)
    clean = b.record(books=b.ledger(documents=(b.invoice(), memo), payments=(b.payment(), link)))
    part = f"hubspot:{credit.partition(':')[2]} applied"
    listed = structs.replace(REJECT, source=part), structs.replace(ALERT, source=part)
    half = struck(STAYS, books=b.ledger(documents=(b.invoice(), memo)), evidence=(*b.evidence(), *listed))
    result = converged(clean, half)
    assert (result.judgement, result.reason) == (Judgement.PASSED, f"given up, listed and alerted: {part}")


def test_of_two_documents_of_one_change_each_is_given_up_by_itself() -> None:
    """A row that names the invoice of a change is no word about its credit memo, and neither is half of the other."""
    change = "crm:deal:D1:v2"
    memo = b.credit_memo(note=f"{change} lines:L2")
    anew = b.invoice(id="8", number="1007", note=f"{change} lines:L1")

    def settling(document: str) -> Any:
        credited = Application(document=document, amount=b.usd("100.00"))
        return b.payment(id="4", amount=b.usd("0.00"), note=f"{change} lines:L2 applied", applications=(credited,))

    def run(document: str) -> RunRecord:
        payments = (b.payment(), settling(document))
        return b.record(books=b.ledger(documents=(b.invoice(), memo, anew), payments=payments), bi=())

    clean = run("1")

    def refused(source: str, *documents: Any, applied: bool) -> RunRecord:
        rows = structs.replace(REJECT, source=source), structs.replace(ALERT, source=source)
        payments = (b.payment(), settling("1")) if applied else (b.payment(),)
        books = b.ledger(documents=(b.invoice(), *documents), payments=payments)
        return struck(STAYS, books=books, evidence=(*b.evidence(), *rows), bi=())

    part = "hubspot:deal:D1:v2:invoice"
    result = converged(clean, refused(part, memo, applied=True))
    assert (result.judgement, result.reason) == (Judgement.PASSED, f"given up, listed and alerted: {part}")
    assert messages(converged(clean, refused(part, applied=True))) == [f"the run with faults ends without {MEMO}"]
    assert messages(converged(clean, refused(part, memo, applied=False))) == [
        f"the run with faults ends without {LINK}"
    ]
    hangs = converged(run("8"), refused(part, memo, applied=False))
    assert hangs.judgement is Judgement.PASSED, "the credit cannot settle an invoice that is not there"
    # Listed as a whole, it must not be written in part.
    assert "hubspot:deal:D1:v2 was given up half-written: invoice crm:deal:D1:v2 lines:L1 is missing" in messages(
        converged(clean, refused("hubspot:deal:D1:v2", memo, applied=True))
    )


def test_a_short_number_in_a_source_names_nothing() -> None:
    """`credit:7:2` lists the second credit told of invoice 7, and not whatever else bears a 2."""
    other = structs.replace(REJECT, source="credit:7:2"), structs.replace(ALERT, source="credit:7:2")
    clean = b.record(books=b.ledger(payments=(b.payment(note="pay:charge:2"),), entries=(b.invoice_entry(),)), bi=())
    lost = struck(STAYS, books=b.ledger(payments=(), entries=(b.invoice_entry(),)), evidence=other, bi=())
    assert "the run with faults ends without payment pay:charge:2" in messages(converged(clean, lost))
