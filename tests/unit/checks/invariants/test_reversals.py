"""V16 turns red when a void, a reversal, a credit or a refund is not the exact negative or copy of its original."""

from __future__ import annotations

from typing import Any

import pytest

from simharness.domain.books import Document
from simharness.domain.fact import DisputeClosed, PaymentDisputed
from tests.unit.checks import builders as b
from tests.unit.checks import money as m


def refund(document: Document) -> b.RunRecord:
    return m.record(books=m.ledger(documents=(b.invoice(), document)))


def printer(**changes: Any) -> Document:
    """A refund of 1,000.00 of the badge printer: tax 72.50 + 13.75 = 86.25 at the original's 8.625 %."""
    given: dict[str, Any] = {
        "lines": (b.document_line("1", "Badge printer", "1000.00", "a4010"),),
        "taxes": b.tax_groups("1000.00", "72.50", "13.75"),
        "net": b.usd("1000.00"),
        "tax": b.usd("86.25"),
        "total": b.usd("1086.25"),
    }
    return m.receipt(**(given | changes))


def test_the_clean_refund_passes() -> None:
    assert b.passes("V16", m.record())
    assert not b.findings("V16", refund(printer()))


def test_a_blended_tax_rate() -> None:
    """310.50 of tax on 4,100.00 is 7.573 % on average; a mixed invoice's onboarding bore none."""
    found = b.the_finding("V16", refund(m.receipt(tax=b.usd("7.57"), total=b.usd("107.57"))))
    assert found.key == "V16:refund_receipt:11:tax"
    assert (found.expected, found.actual) == ("tax USD 0.00 at the rates of the original", "tax USD 7.57")


def test_the_rate_of_today_instead_of_the_originals() -> None:
    """At 9.625 % the refund would give back 96.25, ten dollars more than the sale bore."""
    found = b.the_finding("V16", refund(printer(tax=b.usd("96.25"), total=b.usd("1096.25"))))
    assert found.at_risk == b.usd("10.00")


def test_a_cent_of_rounding_is_free() -> None:
    assert not b.findings("V16", refund(printer(tax=b.usd("86.26"), total=b.usd("1086.26"))))


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (b.untaxed_line("1", "Onboarding", "100.00", "a4010"), "4020 Service revenue, cost centre CC-20"),
        (
            b.document_line("1", "Onboarding", "100.00", "a4020", tax_code="NON", taxable=False),
            "4020 Service revenue, cost centre CC-20",
        ),
    ],
)
def test_another_account_or_cost_centre(line: Any, expected: str) -> None:
    found = b.the_finding("V16", refund(m.receipt(lines=(line,))))
    assert (found.key, found.expected) == ("V16:refund_receipt:11:line:1", expected)


def test_another_location() -> None:
    assert b.the_finding("V16", refund(m.receipt(location="NYC"))).key == "V16:refund_receipt:11:location"


def test_something_that_was_never_sold_unless_it_is_a_discount_granted_later() -> None:
    line = b.document_line("1", "Hearing loop", "100.00", "a2300", cost_centre="CC-99")
    found = b.the_finding("V16", refund(m.receipt(lines=(line,))))
    assert found.message.endswith("takes back Hearing loop, which was never sold")
    assert not b.findings("V16", refund(m.receipt(lines=(b.structs.replace(line, account="a4900"),))))


def test_a_credit_note_by_an_operator_goes_back_to_the_invoice_it_names() -> None:
    memo = b.credit_memo(note="credit:1001:1", lines=(b.untaxed_line("1", "Onboarding", "100.00", "a4010"),))
    entries = (*m.entries(), b.structs.replace(b.credit_entry(), note="credit:1001:1"))
    story = m.record(books=m.ledger(documents=(b.invoice(), m.receipt(), memo), entries=entries))
    assert b.the_finding("V16", story).key == "V16:credit_memo:3:line:1"


# --- exact negatives --------------------------------------------------------------------------------------------------


def test_a_void_that_leaves_something_behind() -> None:
    void = m.receipt(status="void", note="")
    clean = m.ledger(documents=(b.invoice(), void), entries=m.replacing("11"))
    assert not b.findings("V16", m.record(books=clean))
    found = b.the_finding("V16", m.record(books=m.ledger(documents=(b.invoice(), void))))
    assert found.key == "V16:void:refund_receipt:11"
    assert found.actual == "4020 Service revenue USD 100.00 left, 1150 Gateway clearing USD -100.00 left"


def dispute(back: str, party: str = "p1") -> b.RunRecord:
    given = b.mark(7, "gateway.payment_disputed", "2026-01-22")
    given |= {"payment": "P-1", "customer": "Globex", "company_id": "C1", "charge_id": "ch1", "dispute_id": "dp1"}
    taken = PaymentDisputed(**given, amount=m.usd("1000.00"), fee=m.usd("15.00"))
    won = DisputeClosed(
        **b.mark(8, "gateway.dispute_decided", "2026-01-26"), payment="P-1", charge_id="ch1", dispute_id="dp1",
        won=True, amount=m.usd("1000.00"), fee=m.usd("15.00"),
    )  # fmt: skip
    there = b.entry(
        "journal", "20", "2026-01-22", b.posting("a1100", "1000.00", party="p1"), b.posting("a1150", "-1000.00"),
        note="pay:dispute:dp1",
    )  # fmt: skip
    again = b.entry(
        "journal", "21", "2026-01-26", b.posting("a1150", back), b.posting("a1100", f"-{back}", party=party),
        note="pay:dispute:dp1:won",
    )  # fmt: skip
    told = (*m.facts()[:6], taken, won, *m.facts()[6:])
    return m.record(told=told, books=m.ledger(entries=(*m.entries(), there, again)))


def test_a_dispute_that_is_won_leaves_nothing_behind() -> None:
    assert not b.findings("V16", dispute("1000.00"))
    assert b.the_finding("V16", dispute("990.00")).at_risk == b.usd("10.00")
    assert b.the_finding("V16", dispute("1000.00", party="p2")).key == "V16:dispute:dp1"


def test_a_payout_that_failed_comes_back_to_the_cent() -> None:
    cash = m.gateway(payouts=(m.payout(status="failed"),))
    back = m.moving("transfer", "16", "2026-01-28", "a1150", "a1160", "799.00", "pay:payout:po1:failed")
    found = b.the_finding("V16", m.record(cash=cash, books=m.ledger(entries=(*m.entries(), back))))
    assert (found.key, found.at_risk) == ("V16:payout:po1", b.usd("1.00"))
