"""V12 turns red for adjustments that nobody approved, told or posted, and for late items that forget their own day."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from simharness.domain.close_facts import AdjustmentLine, AdjustmentTold
from simharness.domain.connector import ReferenceRule
from tests.unit.checks import builders as b
from tests.unit.checks import money as m
from tests.unit.checks.test_closing import closed, locked

RULE = ReferenceRule(noun="adjustment", field="note", pattern=r"^close:adjustment:(?P<id>\S+)$")
CLOSED = closed(12)


def told(step: int = 13, **changes: Any) -> AdjustmentTold:
    given: dict[str, Any] = {
        "adjustment": "A-1", "dated": b.day("2026-01-30"), "reason": "wrong account", "preparer": "Pam",
        "approver": "Clara",
        "lines": (
            AdjustmentLine(account="6100", amount=b.usd("7.00"), cost_centre="CC-10"),
            AdjustmentLine(account="1150", amount=b.usd("-7.00")),
        ),
    }  # fmt: skip
    return AdjustmentTold(**b.mark(step, "close.adjustment", "2026-02-02", 19), **(given | changes))


def journal(
    id: str = "30", on: str = "2026-01-30", value: str = "7.00", name: str = "A-1", centre: str = "CC-10"
) -> Any:
    made = m.moving("journal", id, on, "a6100", "a1150", value, f"close:adjustment:{name}", created_by="connector")
    lines = (b.structs.replace(made.lines[0], cost_centre=centre), b.structs.replace(made.lines[1], cost_centre=""))
    return b.structs.replace(made, lines=lines, created_at=CLOSED.at + timedelta(hours=2))


def story(*entries: Any, facts: tuple[Any, ...] = (), **changes: Any) -> b.RunRecord:
    """January is closed on 2 February, what is told follows, and the connector is at rest on the next day."""
    first = m.record()
    happened = (*m.facts(), CLOSED, *facts, b.rest(20, "2026-02-03"))
    final = m.record(told=happened, books=m.ledger(entries=(*m.entries(), *entries)), **changes)
    whole = b.structs.replace(final, checkpoints=(first.checkpoints[0], *final.checkpoints))
    references = (*m.CONNECTOR.references, RULE)
    return b.with_connector(whole, evidence=m.EVIDENCE, references=references)


def said(record: b.RunRecord) -> list[str]:
    return [finding.message for finding in b.findings("V12", record)]


def test_an_approved_adjustment_goes_into_a_closed_month() -> None:
    assert not said(story(journal(), facts=(told(),)))


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"approver": ""}, "although nobody approved it"),
        ({"approver": "PAM"}, "although Pam approved what was his own"),
        ({"reason": ""}, "although it has no reason"),
        ({"preparer": ""}, "although nobody is said to have prepared it"),
    ],
)
def test_one_that_lacks_something_is_not_posted_and_is_listed(changes: dict[str, str], words: str) -> None:
    fact = told(**changes)
    assert any(words in each for each in said(story(journal(), facts=(fact,))))
    (lost,) = said(story(facts=(fact,)))
    assert lost.endswith("and nobody was told")
    assert not said(story(facts=(fact,), evidence=(*m.evidence(), m.reject("close:adjustment:A-1", "7.00"))))


@pytest.mark.parametrize(
    "entry", [journal(on="2026-02-02"), journal(value="8.00"), journal(centre="CC-20"), journal(centre="")]
)
def test_one_that_is_booked_otherwise_than_it_was_told_is_another(entry: Any) -> None:
    assert any("is in the books as another one" in each for each in said(story(entry, facts=(told(),))))


def test_one_that_is_approved_is_in_the_books_once() -> None:
    assert any("is in the books twice" in each for each in said(story(journal(), journal("31"), facts=(told(),))))
    (lost,) = said(story(facts=(told(),)))
    assert "is not in the books" in lost
    # A reject is no excuse where nothing was in its way.
    assert said(story(facts=(told(),), evidence=(*m.evidence(), m.reject("close:adjustment:A-1", "7.00")))) == [lost]


def test_one_for_a_locked_month_is_refused_and_never_posted() -> None:
    facts = (locked(13, on="2026-02-02", hour=19), told(14))
    listed = (*m.evidence(), m.reject("close:adjustment:A-1", "7.00"))
    assert not said(story(facts=facts, evidence=listed))
    assert any("posted after the books were locked" in each for each in said(story(journal(), facts=facts)))


def test_one_that_nobody_told_is_found() -> None:
    assert any("nobody told one" in each for each in said(story(journal(name="A-9"), facts=(told(),))))


def test_a_late_payment_tells_its_own_day_in_its_note_or_in_the_log() -> None:
    paid = b.paid(**b.mark(13, "payments.customer_pays", "2026-01-31"), charge_id="ch2", payment="P-2", fee=b.usd("0"))

    def late(note: str, detail: str = "") -> list[str]:
        made = CLOSED.at + timedelta(hours=1)
        payment = b.payment(
            id="40", note=note, date=b.day("2026-02-01"), created_at=made, applications=(), unapplied=b.usd("1000.00")
        )
        row = m.log("stripe:charge:ch2", "quickbooks:payment:40", "1000.00", detail=detail)
        happened = (*m.facts(), CLOSED, paid, b.rest(20, "2026-02-03"))
        books = m.ledger(payments=(b.payment(), payment))
        record = m.record(told=happened, books=books, evidence=(*m.evidence(), row))
        return [each for each in said(record) if "does not tell its own day" in each]

    assert late("pay:charge:ch2 of its day") == [
        "the payment of 2026-01-31, which was closed, does not tell its own day"
    ]
    assert not late("pay:charge:ch2 dated 2026-01-31")
    assert not late("pay:charge:ch2", "late: of 2026-01-31")
