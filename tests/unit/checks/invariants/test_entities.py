"""V19 turns red for records in foreign books and for entities that disagree about what they owe each other."""

from __future__ import annotations

from typing import Any

from simharness.domain.books import Account, LedgerSnapshot
from simharness.domain.dictionary import AccountSpec
from simharness.domain.snapshot import Checkpoint
from tests.unit.checks import builders as b
from tests.unit.checks.company import ACCOUNTS, dictionary

DUE = (
    AccountSpec(number="1300", name="Due from entities", kind="current_asset", role="due_from"),
    AccountSpec(number="2500", name="Due to entities", kind="current_liability", role="due_to"),
)


def test_one_entity_is_judged_by_its_records() -> None:
    assert b.passes("V19", b.record())


def test_a_record_of_another_entity() -> None:
    found = b.the_finding("V19", b.record(books=b.ledger(documents=(b.invoice(entity="uk"),))))
    assert found.message == "invoice 1 of entity 'uk' is in the books of 'main'"


def test_a_deal_that_another_entity_sold() -> None:
    told = tuple(b.structs.replace(fact, entity="uk") if fact == b.deal_entered() else fact for fact in b.facts())
    found = b.the_finding("V19", b.record(told=told))
    assert (found.expected, found.at_risk) == ("in the books of 'uk'", b.usd("4410.50"))


def two(here: str, there: str) -> b.RunRecord:
    """The main entity paid `here` for the other, which owes it `there`."""
    chart = tuple(Account(id=f"a{a.number}", number=a.number, name=a.name, kind=a.kind) for a in DUE)
    ours = b.ledger()
    lent = b.entry("journal", "60", "2026-01-20", b.posting("a1300", here), b.posting("a1000", f"-{here}"))
    owed = b.entry("journal", "1", "2026-01-20", b.posting("a6100", there), b.posting("a2500", f"-{there}"))
    main = b.structs.replace(ours, accounts=(*ours.accounts, *chart), entries=(*ours.entries, lent))
    other = LedgerSnapshot(
        vendor="quickbooks", entity="uk", currency="USD", time_zone="UTC", accounts=chart, entries=(owed,)
    )
    story = b.record()
    world: Any = b.structs.replace(story.checkpoints[-1].world, ledgers=(main, other))
    charted = b.structs.replace(dictionary(), accounts=(*ACCOUNTS, *DUE))
    return b.structs.replace(
        story,
        header=b.structs.replace(story.header, dictionary=charted),
        checkpoints=(*story.checkpoints[:-1], Checkpoint(step=6, name="connector at rest", world=world)),
    )


def test_due_from_equals_due_to() -> None:
    assert b.passes("V19", two("500.00", "500.00"))
    found = b.the_finding("V19", two("500.00", "450.00"))
    assert (found.actual, found.at_risk) == ("main USD 500.00, uk USD -450.00", b.usd("50.00"))
