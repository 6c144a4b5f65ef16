"""V20 and V8 of what was written off and paid after all: it is taken back, and never more of it than there was."""

from __future__ import annotations

import pytest
from msgspec import structs

from simharness.domain.books import Entry
from simharness.domain.connector import ReferenceRule
from simharness.domain.fact import WriteOffApproved
from tests.unit.checks import builders as b
from tests.unit.checks.company import CONNECTOR

RULE = ReferenceRule(
    noun="write_off",
    field="note",
    pattern=r"^write_off:(?P<id>\w+):(?P<version>\d+)(?::(?P<state>recovered):\w+)?$",
)


def journal(id: str, on: str, amount: str, note: str) -> Entry:
    lines = (b.posting("a6200", amount), b.posting("a1100", str(-b.Decimal(amount)), party="p1"))
    return b.entry("journal", id, on, *lines, note=note)


def story(lost: str, back: str) -> b.RunRecord:
    """The invoice is written off in part on the 15th, 1,000.00 are paid on the 20th, and so much is taken back."""
    fact = WriteOffApproved(
        **b.mark(4, "crediting.write_off", "2026-01-15"),
        customer="Globex",
        company_id="C1",
        deal="Rollout",
        invoice_number="1001",
        amount=b.usd(lost),
        reason="bankrupt",
        approver="Dana",
    )
    entries = (
        b.invoice_entry(),
        b.payment_entry(),
        journal("5", "2026-01-15", lost, "write_off:1001:1"),
        journal("6", "2026-01-20", f"-{back}", "write_off:1001:1:recovered:ch1"),
    )
    told = (*b.facts()[:4], fact, *b.facts()[4:])
    rules = tuple(rule for rule in CONNECTOR.references if rule.noun != "write_off")
    return b.with_connector(b.record(books=b.ledger(entries=entries), told=told), references=(*rules, RULE))


def test_as_much_as_was_lost_and_came_in_may_be_taken_back() -> None:
    assert b.findings("V20", story("3410.50", "1000.00")) == ()
    assert b.findings("V20", story("600.00", "600.00")) == ()


@pytest.mark.parametrize(("lost", "back", "most"), [("600.00", "600.01", "600.00"), ("3410.50", "1000.01", "1,000.00")])
def test_more_may_not(lost: str, back: str, most: str) -> None:
    found = b.the_finding("V20", story(lost, back))
    assert found.expected == f"at most USD {most}"
    assert found.at_risk == b.usd("0.01")


def test_the_payment_may_settle_what_was_opened_again() -> None:
    record = story("3410.50", "1000.00")
    paid = b.payment(applications=(b.Application(document="6", amount=b.usd("1000.00")),))
    before, after = record.checkpoints
    (books,) = after.world.ledgers
    world = structs.replace(after.world, ledgers=(structs.replace(books, payments=(paid,)),))
    record = structs.replace(record, checkpoints=(before, structs.replace(after, world=world)))
    assert not [each for each in b.findings("V8", record) if "does not name" in each.message]
