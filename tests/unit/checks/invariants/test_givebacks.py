"""V6 of credits and refunds: a share of the whole is a share of what every line has left."""

from __future__ import annotations

import pytest

from simharness.domain.books import Document
from simharness.domain.fact import CreditApproved
from tests.unit.checks import builders as b


def approved(step: int, amount: str, *lines: tuple[int, str]) -> CreditApproved:
    return CreditApproved(
        **b.mark(step, "crediting.credit", "2026-01-22"),
        customer="Globex",
        company_id="C1",
        deal="Rollout",
        invoice_number="1001",
        amount=b.usd(amount),
        reason="scratched",
        approver="Dana",
        lines=tuple((position, b.usd(net)) for position, net in lines),
    )


def half(printers: str, onboarding: str) -> Document:
    """The second credit: net 2,000.00, of which so much on each line; tax 8.625 % of 1,800.00."""
    return b.credit_memo(
        id="4",
        number="1003",
        note="credit:1001:2",
        lines=(
            b.document_line("1", "Badge printer", printers, "a4010"),
            b.untaxed_line("2", "Onboarding", onboarding, "a4020"),
        ),
        taxes=b.tax_groups("1800.00", "130.50", "24.75"),
        net=b.usd("2000.00"),
        tax=b.usd("155.25"),
        total=b.usd("2155.25"),
        open=b.usd("0.00"),
    )


def story(second: Document) -> b.RunRecord:
    """100.00 of the onboarding is credited by line first, so that 3,600.00 and 400.00 are left."""
    first = b.credit_memo(note="credit:1001:1")
    entries = (
        b.invoice_entry(),
        b.credit_entry(),
        b.entry(
            "credit_memo",
            "4",
            "2026-01-22",
            b.posting("a1100", "-2155.25", party="p1"),
            b.posting("a4010", str(second.lines[0].amount.amount)),
            b.posting("a4020", str(second.lines[1].amount.amount)),
            b.posting("a2200", "155.25"),
        ),
    )
    told = (*b.facts()[:4], approved(5, "100.00", (2, "100.00")), approved(5, "2155.25"), b.rest(6, "2026-01-22"))
    books = b.ledger(documents=(b.invoice(), first, second), payments=(), entries=entries)
    return b.record(books=books, told=told)


def test_a_share_is_of_what_is_left() -> None:
    assert b.result("V6", story(half("1800.00", "200.00"))).findings == ()


@pytest.mark.parametrize(("printers", "onboarding"), [("1756.10", "243.90"), ("2000.00", "0.00")])
def test_a_share_of_what_was_billed_takes_too_much_of_a_line_that_was_credited(printers: str, onboarding: str) -> None:
    found = b.the_finding("V6", story(half(printers, onboarding)))
    assert found.expected == "lines USD 200.00, USD 1,800.00"
