"""V8 turns red when an invoice is not open as payments, credits, write-offs and returns leave it."""

from __future__ import annotations

from typing import Any

import pytest

from simharness.domain.books import Application, OpenItem
from simharness.domain.fact import CreditApproved, PaymentDisputed
from tests.unit.checks import builders as b
from tests.unit.checks import money as m


def keys(told: tuple[Any, ...] = (), **books: Any) -> list[str]:
    happened = (*m.facts()[:6], *told, *m.facts()[6:])
    return [found.key for found in b.findings("V8", m.record(told=happened, books=m.ledger(**books)))]


def test_the_clean_story_is_open_as_told() -> None:
    assert not keys()


DISPUTED = PaymentDisputed(
    **b.mark(6, "gateway.payment_disputed", "2026-01-21"), payment="P-1", customer="Globex", company_id="C1",
    charge_id="ch1", dispute_id="dp1", amount=m.usd("1000.00"), fee=m.usd("15.00"), invoice_number="1001",
)  # fmt: skip
TAKEN = m.moving("journal", "20", "2026-01-21", "a1100", "a1150", "1000.00", "pay:dispute:dp1")


def item(open: str, amount: str = "1000.00") -> OpenItem:
    return OpenItem(entry="20", party="p1", date=b.day("2026-01-21"), amount=m.usd(amount), open=m.usd(open))


@pytest.mark.parametrize("moved", [True, False], ids=["the invoice is open again", "the journal is the open item"])
def test_a_dispute_reopens_what_was_paid(moved: bool) -> None:
    """The payment's application moves from the invoice to the journal, or in a closed month stays where it is."""
    target, rest = ("20", "4410.50") if moved else ("1", "3410.50")
    payment = b.payment(applications=(Application(document=target, amount=m.usd("1000.00")),))
    invoice = b.invoice(open=m.usd(rest), status="open" if moved else "partly_paid")
    books = {"documents": (invoice, m.receipt()), "payments": (payment,), "entries": (*m.entries(), TAKEN)}
    assert not keys((DISPUTED,), open_items=(item("0.00" if moved else "1000.00"),), **books)


def test_a_dispute_that_reopens_nothing() -> None:
    """A further payment covers the journal, so that neither it nor the invoice is open."""
    books = {"payments": (b.payment(),), "entries": (*m.entries(), TAKEN)}
    further = b.payment(id="9", note="", applications=(Application(document="20", amount=m.usd("1000.00")),))
    found = keys((DISPUTED,), open_items=(item("0.00"),), **{**books, "payments": (b.payment(), further)})
    assert found == ["V8:invoice:1001:told"]


def test_the_open_item_of_a_journal_is_what_nothing_was_applied_to() -> None:
    wrong = item("900.00")
    assert "V8:journal:20:open" in keys((DISPUTED,), open_items=(wrong,), entries=(*m.entries(), TAKEN))


def test_a_credit_journal_is_used_up_and_not_settled() -> None:
    """A write-off of 400.00, linked to the invoice by a payment without money."""
    link = b.payment(
        id="4", amount=m.usd("0.00"), note="",
        applications=(
            Application(document="1", amount=m.usd("400.00")), Application(document="71", amount=m.usd("-400.00")),
        ),
    )  # fmt: skip
    entry = m.moving("journal", "71", "2026-01-21", "a6200", "a1100", "400.00", "write_off:1001:1")
    given_up = OpenItem(entry="71", party="p1", date=b.day("2026-01-21"), amount=m.usd("-400.00"), open=m.usd("0.00"))
    invoice = b.invoice(open=m.usd("3010.50"))
    books = {
        "documents": (invoice, m.receipt()), "payments": (b.payment(), link), "open_items": (given_up,),
        "entries": (*m.entries(), entry),
    }  # fmt: skip
    assert not keys(**books)
    assert "V8:invoice:1001:told" in keys(
        **{**books, "documents": (b.invoice(), m.receipt()), "payments": (b.payment(),)}
    )


def test_a_credit_that_was_told_and_lies_beside_the_open_invoice() -> None:
    told = CreditApproved(
        **b.mark(6, "crediting.credit", "2026-01-21"), customer="Globex", company_id="C1", deal="Rollout",
        invoice_number="1001", amount=m.usd("100.00"), reason="scratched", approver="Dana",
    )  # fmt: skip
    memo = b.credit_memo(note="credit:1001:1")
    entry = b.structs.replace(b.credit_entry(), note="credit:1001:1")
    books = {"documents": (b.invoice(), m.receipt(), memo), "entries": (*m.entries(), entry)}
    assert keys((told,), **books) == ["V8:invoice:1001:told"]


def test_a_payment_may_settle_the_journal_that_gave_its_own_money_back_and_no_other() -> None:
    paid = b.payment(
        amount=m.usd("1000.00"),
        applications=(
            Application(document="1", amount=m.usd("900.00")), Application(document="19", amount=m.usd("100.00")),
        ),
    )  # fmt: skip
    for note, astray in (("pay:refund:re1", False), ("pay:refund:re9", True)):
        entry = m.moving("journal", "19", "2026-01-22", "a1100", "a1150", "100.00", note)
        back = OpenItem(entry="19", party="p1", date=b.day("2026-01-22"), amount=m.usd("100.00"), open=m.usd("0.00"))
        found = keys(payments=(paid,), open_items=(back,), entries=(*m.replacing("11"), entry))
        assert ("V8:ch1:astray" in found) is astray


def wired(paid: str, discount: str | None) -> list[str]:
    """A wire of 100.00 less a fee of 15.00 names the invoice."""
    move = m.moved(
        9, "B2", "85.00", purpose="wire", advice=(("1001", m.usd("100.00")),), fee=m.usd("15.00"),
        discount=m.usd(discount) if discount else None,
    )  # fmt: skip
    happened = tuple(move if getattr(fact, "line_id", "") == "B2" else fact for fact in m.facts())
    applied = (Application(document="1", amount=m.usd(paid)),)
    wire = b.payment(id="31", note="bank:line:B2", amount=m.usd("100.00"), applications=applied,
                     unapplied=m.usd("100.00") - m.usd(paid))  # fmt: skip
    rest = m.usd("3410.50") - m.usd(paid)
    invoice = b.invoice(open=rest)
    entry = m.moving("payment", "31", "2026-01-26", "a1200", "a1100", "100.00", "bank:line:B2")
    books = m.ledger(documents=(invoice, m.receipt()), payments=(b.payment(), wire), entries=(*m.entries(), entry))
    return [found.key for found in b.findings("V8", m.record(told=happened, books=books))]


def test_a_wire_pays_what_its_advice_says_gross_of_the_fee() -> None:
    assert not wired("100.00", None)
    assert wired("85.00", None) == ["V8:invoice:1001:told"]
