"""V8 turns red for open balances that applications do not explain and for money that settles the wrong thing."""

from __future__ import annotations

from typing import Any

from msgspec import structs

from simharness.domain.fact import DealChanged
from tests.unit.checks import builders as b


def applied(document: str, amount: str) -> b.Application:
    return b.Application(document=document, amount=b.usd(amount))


def story(invoice: b.Document | None = None, payment: b.Payment | None = None, **changes: Any) -> b.RunRecord:
    return b.record(books=b.ledger(documents=(invoice or b.invoice(),), payments=(payment or b.payment(),)), **changes)


def test_an_open_balance_that_forgot_a_payment() -> None:
    found = b.the_finding("V8", story(b.invoice(open=b.usd("4410.50"), status="open")))
    assert found.expected == "open USD 3,410.50 (USD 4,410.50 less USD 1,000.00)"
    assert (found.actual, found.at_risk) == ("open USD 4,410.50", b.usd("1000.00"))


def test_more_applied_than_the_invoice_comes_to() -> None:
    payment = b.payment(amount=b.usd("5000.00"), applications=(applied("1", "5000.00"),))
    found = b.the_finding("V8", story(b.invoice(open=b.usd("0.00"), status="paid"), payment))
    assert (found.expected, found.actual) == ("at most USD 4,410.50", "applied USD 5,000.00")
    assert found.at_risk == b.usd("589.50")


def test_more_applied_than_was_paid() -> None:
    payment = b.payment(amount=b.usd("900.00"), unapplied=b.usd("0.00"))
    found = b.the_finding("V8", story(payment=payment))
    assert found.expected == "unapplied USD -100.00 (USD 900.00 less USD 1,000.00)"


def test_an_unapplied_amount_that_is_not_the_rest() -> None:
    found = b.findings("V8", story(payment=b.payment(unapplied=b.usd("50.00"))))
    assert found[0].expected == "unapplied USD 0.00 (USD 1,000.00 less USD 1,000.00)"


def test_a_state_that_contradicts_the_balance() -> None:
    found = b.the_finding("V8", story(b.invoice(status="paid")))
    assert (found.expected, found.actual) == ("open or partly paid", "paid")


def test_a_payment_that_settled_an_equal_decoy() -> None:
    decoy = b.invoice(id="9", number="1009", note="crm:deal:D9:v1 lines:X1,X2")
    invoice = b.invoice(open=b.usd("4410.50"), status="open")
    books = b.ledger(documents=(invoice, decoy), payments=(b.payment(applications=(applied("9", "1000.00"),)),))
    found = b.the_finding("V8", b.record(books=books))
    assert found.message == "payment 'P-1' settles what it does not name"
    assert (found.expected, found.actual) == ("invoice 1001", "invoice 1009")
    assert found.at_risk == b.usd("1000.00")


def test_a_payment_without_reference_that_was_matched_by_amount() -> None:
    told = (*b.facts()[:4], b.paid(invoice_number="", deal=""), b.facts()[5])
    found = b.the_finding("V8", story(told=told))
    assert found.expected == "nothing: it has no reference"


def test_a_payment_that_lies_beside_its_open_invoice() -> None:
    payment = b.payment(applications=(applied("1", "400.00"),), unapplied=b.usd("600.00"))
    found = b.the_finding("V8", story(b.invoice(open=b.usd("4010.50")), payment))
    assert found.expected == "USD 600.00 more applied to invoice 1001"
    assert found.actual == "unapplied USD 600.00, open USD 4,010.50"


def test_an_overpayment_stays_unapplied() -> None:
    payment = b.payment(amount=b.usd("5000.00"), unapplied=b.usd("589.50"), applications=(applied("1", "4410.50"),))
    told = (*b.facts()[:4], b.paid(amount=b.usd("5000.00")), b.facts()[5])
    assert b.passes("V8", story(b.invoice(open=b.usd("0.00"), status="paid"), payment, told=told))


LESS = DealChanged(
    **b.mark(7, "crm.deal_changed", "2026-01-22"),
    deal="Rollout",
    deal_id="D1",
    lines=(b.LINES[0], structs.replace(b.LINES[1], unit_price=b.usd("200.00"))),
)


def credited(invoice_open: str, memo_open: str, *links: b.Payment, **memo: Any) -> b.RunRecord:
    """The onboarding goes down by 100.00 after the payment."""
    documents = (
        b.invoice(open=b.usd(invoice_open)),
        b.credit_memo(open=b.usd(memo_open), status="open" if memo_open == "100.00" else "paid", **memo),
    )
    books = b.ledger(
        documents=documents,
        payments=(b.payment(), *links),
        entries=(b.invoice_entry(), b.payment_entry(), b.credit_entry()),
    )
    return b.record(books=books, told=(*b.facts(), LESS, b.rest(8, "2026-01-22")))


def link(invoice: str = "1") -> b.Payment:
    applications = (applied(invoice, "100.00"), applied("3", "-100.00"))
    return b.payment(id="4", amount=b.usd("0.00"), applications=applications, note="", date=b.day("2026-01-22"))


def test_a_credit_that_settles_its_own_invoice_through_a_payment_without_money() -> None:
    assert b.passes("V8", credited("3310.50", "0.00", link()))


def test_a_credit_that_lies_beside_its_open_invoice() -> None:
    found = b.the_finding("V8", credited("3410.50", "100.00"))
    assert found.actual == "open USD 100.00, beside open invoice 1001"
    assert found.at_risk == b.usd("100.00")


def test_a_credit_that_settles_another_deals_invoice() -> None:
    story = credited("3410.50", "0.00", link("9"))
    ledger = story.checkpoints[-1].world.ledgers[0]
    decoy = b.invoice(id="9", number="1009", note="crm:deal:D9:v1 lines:X1,X2", open=b.usd("4310.50"))
    world = structs.replace(
        story.checkpoints[-1].world, ledgers=(structs.replace(ledger, documents=(*ledger.documents, decoy)),)
    )
    changed = structs.replace(story, checkpoints=(structs.replace(story.checkpoints[-1], world=world),))
    found = b.the_finding("V8", changed)
    assert found.actual == "open USD 0.00, applied to invoice 1009"


def test_v8_is_not_exercised_without_documents() -> None:
    assert b.result("V8", b.record(books=b.ledger(documents=(), payments=()))).reason
