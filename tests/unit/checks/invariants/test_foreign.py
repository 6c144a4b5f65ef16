"""V17 turns red when a foreign receivable of zero leaves base money behind."""

from __future__ import annotations

from simharness.core.money import Money
from simharness.domain.finding import Judgement
from tests.unit.checks import builders as b


def eur(amount: str) -> Money:
    return Money(amount, "EUR")


def story(gain: str, *, paid: str = "-1000.00") -> b.RunRecord:
    """EUR 1,000.00 billed at 1.10 (1,100.00) and paid at 1.08 (1,080.00): a realised loss of 20.00."""
    bill = b.entry(
        "invoice", "50", "2026-01-12", b.posting("a1100", "1100.00", foreign=eur("1000.00"), party="p9"),
        b.posting("a4010", "-1100.00", foreign=eur("-1000.00")),
    )  # fmt: skip
    credit = b.usd("-1080.00").amount - b.usd(gain).amount
    money = b.entry(
        "payment", "51", "2026-01-20", b.posting("a1150", "1080.00", foreign=eur("1000.00")),
        b.posting("a1100", str(credit), foreign=eur(paid), party="p9"), b.posting("a7100", gain),
    )  # fmt: skip
    party = b.party(id="p9", name="Hooli GmbH", note="", balance=None)
    books = b.ledger(parties=(b.party(), party), entries=(b.invoice_entry(), b.payment_entry(), bill, money))
    return b.record(books=books)


def test_settled_with_its_loss() -> None:
    assert b.passes("V17", story("20.00"))


def test_a_loss_that_was_not_realised_stays_on_the_receivable() -> None:
    found = b.the_finding("V17", story("0.00"))
    assert found.message == "customer 'Hooli GmbH' owes nothing in EUR and yet something in USD"
    assert found.actual == "USD 20.00 on the receivable account"


def test_what_is_still_owed_abroad_may_stand_in_base() -> None:
    assert b.passes("V17", story("0.00", paid="-900.00"))


def test_base_documents_exercise_nothing() -> None:
    assert b.result("V17", b.record()).judgement is Judgement.NOT_EXERCISED
