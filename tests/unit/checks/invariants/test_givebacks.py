"""V6 turns red when a credit note or a refund of a sale does not come to what was told."""

from __future__ import annotations

from typing import Any

from simharness.domain.books import Document
from tests.unit.checks import builders as b
from tests.unit.checks import money as m


def keys(receipt: Document, **told: Any) -> list[str]:
    happened = tuple(m.refunded(**told) if fact == m.refunded() else fact for fact in m.facts())
    books = m.ledger(documents=(b.invoice(), receipt))
    return [found.key for found in b.findings("V6", m.record(told=happened, books=books))]


def test_a_refund_line_by_line() -> None:
    assert not keys(m.receipt())


def test_another_total() -> None:
    assert keys(m.receipt(), amount=m.usd("108.63")) == ["V6:refund:re1::total"]


def test_another_line_than_was_told() -> None:
    assert keys(m.receipt(), lines=((2, m.usd("60.00")), (1, m.usd("40.00")))) == ["V6:refund:re1::lines"]


def shared(printer: str, onboarding: str, tax: str, total: str) -> Document:
    """A refund without lines: 3,600.00 of 4,100.00 were printers."""
    lines = (
        b.document_line("1", "Badge printer", printer, "a4010"),
        b.untaxed_line("2", "Onboarding", onboarding, "a4020"),
    )
    net = m.usd(printer) + m.usd(onboarding)
    return m.receipt(lines=lines, net=net, tax=m.usd(tax), total=m.usd(total))


def test_all_lines_share_in_proportion() -> None:
    """1,000.00 of 4,410.50 is net 929.60 (816.23 and 113.37) and tax 70.40."""
    assert not keys(shared("816.23", "113.37", "70.40", "1000.00"), amount=m.usd("1000.00"), lines=())
    assert keys(shared("929.60", "0.00", "70.40", "1000.00"), amount=m.usd("1000.00"), lines=()) == [
        "V6:refund:re1::shares"
    ]


def test_more_is_never_given_back_than_the_invoice_came_to() -> None:
    again = m.receipt(id="17", total=m.usd("4400.00"), net=m.usd("4400.00"), note="pay:refund:re2",
                      lines=(b.untaxed_line("1", "Onboarding", "4400.00", "a4020"),))  # fmt: skip
    further = b.structs.replace(m.refunded(), refund_id="re2", refund="R-2", amount=m.usd("4400.00"), lines=())
    books = m.ledger(
        documents=(b.invoice(), m.receipt(), again),
        entries=(*m.entries(), b.entry("refund_receipt", "17", "2026-01-22", note="pay:refund:re2")),
    )
    story = m.record(told=(*m.facts()[:-1], further, m.facts()[-1]), books=books)
    assert "V6:given-back:invoice:1" in [found.key for found in b.findings("V6", story)]


def test_what_gives_all_back_gives_back_its_own_tax() -> None:
    lines = (
        b.document_line("1", "Badge printer", "3600.00", "a4010"),
        b.untaxed_line("2", "Onboarding", "500.01", "a4020"),
    )
    whole = m.receipt(lines=lines, net=m.usd("4100.01"), tax=m.usd("310.49"), total=m.usd("4410.50"))
    assert "V6:given-back:invoice:1" in keys(whole, amount=m.usd("4410.50"), lines=())
