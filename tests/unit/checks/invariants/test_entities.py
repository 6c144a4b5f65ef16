"""V19 turns red for records in foreign books and for entities that disagree about what they owe each other."""

from __future__ import annotations

from typing import Any

from simharness.domain.books import Account, LedgerSnapshot
from simharness.domain.dictionary import AccountSpec
from simharness.domain.evidence import Reject
from simharness.domain.snapshot import Checkpoint
from tests.unit.checks import builders as b
from tests.unit.checks.company import ACCOUNTS, dictionary

DUE_TO = AccountSpec(number="2500", name="Due to uk", kind="current_liability", role="due_to", counterpart="uk")
DUE_FROM = AccountSpec(number="1300", name="Due from main", kind="current_asset", role="due_from", counterpart="main")


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
    """The main entity took `here` for the other, in whose books `there` is due from it; both post by journal."""
    ours = b.ledger()
    took = b.entry("journal", "60", "2026-01-20", b.posting("a1000", here), b.posting("a2500", f"-{here}"))
    due = b.entry("journal", "1", "2026-01-20", b.posting("a1300", there), b.posting("a4020", f"-{there}"))
    main = b.structs.replace(ours, accounts=(*ours.accounts, _account(DUE_TO)), entries=(*ours.entries, took))
    other = LedgerSnapshot(
        vendor="quickbooks",
        entity="uk",
        currency="USD",
        time_zone="UTC",
        accounts=(_account(DUE_FROM),),
        entries=(due,),
    )
    story = b.record()
    world: Any = b.structs.replace(story.checkpoints[-1].world, ledgers=(main, other))
    charted = b.structs.replace(dictionary(), accounts=(*ACCOUNTS, DUE_TO))
    further = b.structs.replace(dictionary(), name="uk", entity="uk", accounts=(DUE_FROM,))
    return b.structs.replace(
        story,
        header=b.structs.replace(story.header, dictionary=charted),
        further=(further,),
        checkpoints=(*story.checkpoints[:-1], Checkpoint(step=6, name="connector at rest", world=world)),
    )


def _account(spec: AccountSpec) -> Account:
    return Account(id=f"a{spec.number}", number=spec.number, name=spec.name, kind=spec.kind)


def test_due_from_equals_due_to() -> None:
    assert b.passes("V19", two("500.00", "500.00"))
    found = b.the_finding("V19", two("500.00", "450.00"))
    assert (found.actual, found.at_risk) == ("main USD -500.00, uk USD 450.00", b.usd("50.00"))


def took(here: str, there: str, note: str = "pay:charge:ch_9") -> b.RunRecord:
    """A charge that the main entity took for the other: its journal names it, and so does the other's."""
    story = two("500.00", "500.00")
    world = story.checkpoints[-1].world
    ledgers = []
    for ledger, amount in zip(world.ledgers, (here, there), strict=True):
        *rest, last = ledger.entries
        due = "a2500" if ledger.entity == "main" else "a1300"
        sign = -1 if ledger.entity == "main" else 1
        lines = (b.posting(due, str(sign * b.Decimal(amount))), b.posting("a1000", str(-sign * b.Decimal(amount))))
        entry = b.structs.replace(last, id=f"{last.id}0", source_id=f"{last.source_id}0", lines=lines, note=note)
        ledgers.append(b.structs.replace(ledger, entries=(*rest, last, entry)))
    changed: Any = b.structs.replace(world, ledgers=tuple(ledgers))
    return b.structs.replace(story, checkpoints=(*story.checkpoints[:-1], Checkpoint(step=6, name="", world=changed)))


def test_what_the_gateway_moved_for_another_is_the_same_in_both_books() -> None:
    assert b.passes("V19", took("80.00", "80.00"))
    rest, charge = b.findings("V19", took("80.00", "50.00"))
    assert (rest.at_risk, charge.at_risk) == (b.usd("30.00"), b.usd("30.00"))
    assert charge.message == "payment ch_9 is not the same between 'main' and 'uk'"
    assert charge.actual == "main USD -80.00, uk USD 50.00"
    assert all(any(entity in each for each in charge.objects) for entity in ("(main)", "(uk)"))


def test_what_one_of_two_rejected_is_listed_and_no_disagreement() -> None:
    story = took("80.00", "0.00")
    assert [each.at_risk for each in b.findings("V19", story)] == [b.usd("80.00"), b.usd("80.00")]
    reject = Reject(at=b.at("2026-01-20"), source="pay:charge:ch_9", code="no_customer", reason="who?", entity="uk")
    assert b.passes("V19", b.structs.replace(story, evidence=(*story.evidence, reject)))
