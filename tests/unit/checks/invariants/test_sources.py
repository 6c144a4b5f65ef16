"""V2 and V20 turn red for refunds, fees, payouts, bank lines and operators' words posted twice or not at all."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec import structs

from simharness.checks.effects import Effects
from simharness.checks.references import References
from simharness.domain.connector import ReferenceRule
from simharness.domain.fact import CreditApproved, WriteOffApproved
from tests.unit.checks import builders as b
from tests.unit.checks import money as m


def keys(check: str, *entries: Any, **changes: Any) -> list[str]:
    return [found.key for found in b.findings(check, m.record(books=m.ledger(entries=entries), **changes))]


@pytest.mark.parametrize(
    ("source_id", "key"),
    [("12", "V20:fees"), ("11", "V20:refunds"), ("13", "V20:payouts"), ("14", "V20:bank-lines")],
)
def test_a_source_record_that_is_not_in_the_ledger(source_id: str, key: str) -> None:
    assert key in keys("V20", *m.replacing(source_id))


def test_the_finding_counts_and_sums_both_sides() -> None:
    found = next(each for each in b.findings("V20", m.record(books=m.ledger(entries=m.replacing("15")))))
    assert found.expected == "2 bank lines, control total USD 1,600.00"
    assert found.actual == "1 bank lines, control total USD 800.00"
    assert found.at_risk == b.usd("800.00")


def test_a_listed_reject_is_counted_and_so_is_a_dead_letter() -> None:
    books = m.ledger(documents=(b.invoice(),), entries=m.replacing("11"))
    for row in (m.reject("stripe:refund:re1"), m.dead("stripe:refund:re1")):
        assert not b.findings("V20", m.record(books=books, evidence=(*m.evidence(), row)))
    replayed = (m.dead("stripe:refund:re1"), m.dead("stripe:refund:re1", replayed_at=b.at("2026-01-26")))
    assert b.findings("V20", m.record(books=books, evidence=(*m.evidence(), *replayed)))


def test_what_a_line_brought_does_not_post_the_line() -> None:
    """The payment of a wire is in undeposited funds; the line itself was refused, and is listed."""
    wire = m.moving("payment", "9", "2026-01-26", "a1200", "a1100", "800.00", "bank:line:B2")
    books = m.ledger(entries=m.replacing("15", wire))
    assert not b.findings("V20", m.record(books=books, evidence=(*m.evidence(), m.dead("plaid:bank_line:B2"))))
    assert "V20:bank-lines" in keys("V20", *m.replacing("15", wire))


@pytest.mark.parametrize(
    ("entry", "key"),
    [
        (("journal", "90", "2026-01-20", "a6100", "a1150", "29.30", "pay:fee:txn1"), "V2:fee:txn1:"),
        (("journal", "90", "2026-01-22", "a1100", "a1150", "100.00", "pay:refund:re1"), "V2:refund:re1:"),
        (("transfer", "90", "2026-01-24", "a1160", "a1150", "800.00", "pay:payout:po1"), "V2:payout:po1:"),
        (("deposit", "90", "2026-01-26", "a1000", "a2300", "800.00", "bank:line:B2"), "V2:bank_line:B2:"),
    ],
)
def test_a_second_posting_of_one_source(entry: tuple[str, ...], key: str) -> None:
    assert keys("V2", *m.entries(), m.moving(*entry)) == [key]


def test_the_way_back_is_no_second_posting() -> None:
    back = m.moving("transfer", "90", "2026-01-28", "a1150", "a1160", "800.00", "pay:payout:po1:failed")
    assert not keys("V2", *m.entries(), back)


def test_a_wire_that_pays_three_customers_moves_the_bank_once() -> None:
    """Its payments and discounts name the line as well, and move other accounts."""
    payments = [
        m.moving("payment", f"9{at}", "2026-01-26", "a1200", "a1100", "10.00", "bank:line:B2") for at in range(3)
    ]
    assert not keys("V2", *m.entries(), *payments)


# --- what operators tell ----------------------------------------------------------------------------------------------


def told(kind: type, amount: str, step: int, approver: str = "Dana") -> Any:
    return kind(
        **b.mark(step, "crediting.credit", "2026-01-21"), customer="Globex", company_id="C1", deal="Rollout",
        invoice_number="1001", amount=m.usd(amount), reason="scratched", approver=approver,
    )  # fmt: skip


def credited(amount: str, nth: int = 1) -> Any:
    lines = (b.posting("a1100", f"-{amount}", party="p1"), b.posting("a4020", amount, cost_centre="CC-20"))
    return b.entry("credit_memo", f"8{nth}", "2026-01-21", *lines, note=f"credit:1001:{nth}")


def given_up(amount: str, nth: int = 1) -> Any:
    return m.moving("journal", f"7{nth}", "2026-01-21", "a6200", "a1100", amount, f"write_off:1001:{nth}")


def operators(facts: tuple[Any, ...], *entries: Any, evidence: tuple[Any, ...] = ()) -> list[str]:
    happened = (*m.facts()[:6], *facts, *m.facts()[6:])
    story = m.record(
        told=happened, books=m.ledger(entries=(*m.entries(), *entries)), evidence=(*m.evidence(), *evidence)
    )
    return [found.key for found in b.findings("V20", story)]


def test_each_word_of_an_operator_is_one_posting_with_its_amount() -> None:
    one, two = told(CreditApproved, "100.00", 6), told(CreditApproved, "50.00", 7)
    assert not operators((one, two), credited("100.00"), credited("50.00", 2))
    assert operators((one, two), credited("100.00")) == ["V20:credit:1001"]
    assert operators((one,), credited("99.99")) == ["V20:credit:1001"]
    assert operators((), credited("100.00")) == ["V20:credit:1001"]


def test_several_credits_never_take_more_than_the_invoice() -> None:
    """4,410.50 billed: 4,000.00 and 1,000.00 are told, the last takes the 410.50 that are left."""
    facts = (told(CreditApproved, "4000.00", 6), told(CreditApproved, "1000.00", 7))
    assert not operators(facts, credited("4000.00"), credited("410.50", 2))


def test_a_refused_word_is_listed() -> None:
    facts = (told(CreditApproved, "100.00", 6, ""),)
    assert not operators(facts, evidence=(m.reject("connector:credit:1001:1"),))
    assert operators(facts) == ["V20:credit:1001"]


def test_a_credit_told_for_another_customer_is_a_reject_and_no_posting() -> None:
    facts = (structs.replace(told(CreditApproved, "100.00", 6), billed="Initech"),)
    assert not operators(facts, evidence=(m.reject("connector:credit:1001:1"),))
    assert operators(facts, credited("100.00")) == ["V20:credit:1001"]


def test_a_loss_that_is_paid_after_all_is_no_second_write_off() -> None:
    back = m.moving("journal", "79", "2026-01-25", "a1100", "a6200", "40.00", "write_off:1001:1:recovered:ch5")
    again = m.moving("journal", "78", "2026-01-26", "a1100", "a6200", "60.00", "write_off:1001:1:recovered:ch6")
    assert not operators((told(WriteOffApproved, "100.00", 6),), given_up("100.00"), back, again)
    assert not keys("V2", *m.entries(), given_up("100.00"), back, again)
    assert keys("V2", *m.entries(), given_up("100.00"), b.structs.replace(given_up("100.00"), id="9", source_id="9"))


def test_a_write_off_that_nobody_approved_must_not_be_posted() -> None:
    assert not operators((told(WriteOffApproved, "100.00", 6),), given_up("100.00"))
    assert operators((told(WriteOffApproved, "100.00", 6, ""),), given_up("100.00")) == ["V20:write_off:1001"]


def test_a_payment_that_says_neither_charge_nor_bank_line_is_nobodys() -> None:
    nameless = b.payment(id="44", note="a wire", amount=b.usd("5.00"), applications=())
    found = b.findings("V20", m.record(books=m.ledger(payments=(b.payment(), nameless))))
    assert [(each.key, each.at_risk, each.actual) for each in found] == [
        ("V20:payment:44:source", b.usd("5.00"), "a wire")
    ]
    for other in ({"created_by": "bookkeeper"}, {"status": "void"}, {"amount": b.usd("0.00")}):
        books = m.ledger(payments=(b.payment(), structs.replace(nameless, **other)))
        assert not b.findings("V20", m.record(books=books))


def test_the_payment_that_applies_a_credit_is_no_second_posting_of_it() -> None:
    pattern = r"^credit:(?P<id>\d+):(?P<version>\d+)(?::(?P<state>applied))?$"
    rules = References((ReferenceRule(noun="credit", field="note", pattern=pattern),))
    link = b.entry("payment", "99", "2026-01-21", note="credit:1001:1:applied")
    found = Effects(m.ledger(entries=(credited("100.00"), link)), rules)
    assert [(each.id, each.state, each.entry.source) for each in found.naming("credit")] == [
        ("1001", "1", "credit_memo")
    ]
    assert list(found.by_entry) == ["81"]
    assert list(rules.named_in("credit", "credit:1001:1:applied")) == [("credit:1001:1:applied", "1001")]
