"""V12 turns red for postings into a closed period, for balances that moved, and for what was silently lost."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from simharness.domain.fact import BooksClosed
from simharness.domain.snapshot import Checkpoint
from tests.unit.checks import builders as b
from tests.unit.checks import money as m

CLOSED = BooksClosed(**b.mark(12, "close.period_closed", "2026-02-02"), until=b.day("2026-01-31"))


def late(entry: Any, hours: int = 1) -> Any:
    return b.structs.replace(entry, created_at=CLOSED.at + timedelta(hours=hours))


def story(*entries: Any, before: Any = None, told: tuple[Any, ...] = (), **changes: Any) -> b.RunRecord:
    """The money story, its January closed on 2 February, and the connector once more at rest on the next day."""
    first = m.record()
    happened = (*m.facts(), CLOSED, *told, b.rest(20, "2026-02-03"))
    final = m.record(told=happened, books=m.ledger(entries=entries or m.entries()), **changes)
    earlier = first.checkpoints[0]
    if before is not None:
        earlier = b.structs.replace(earlier, world=b.structs.replace(earlier.world, ledgers=(before,)))
    return b.structs.replace(final, checkpoints=(earlier, *final.checkpoints))


def test_a_closed_month_that_stayed_as_it_was() -> None:
    found = b.result("V12", story())
    assert (found.findings, bool(found.examined)) == ((), True)


def test_a_posting_dated_in_the_closed_month() -> None:
    stray = late(m.moving("journal", "30", "2026-01-30", "a6100", "a1150", "7.00"))
    found = b.findings("V12", story(*m.entries(), stray))
    assert [each.key for each in found] == ["V12:journal:30", "V12:2026-01-31:a1150", "V12:2026-01-31:a6100"]
    assert (found[0].where, found[0].at_risk) == (f"{b.FILE}:22", b.usd("7.00"))
    assert found[1].expected == "USD 70.70 at the closing"
    assert found[1].actual == "USD 63.70 at step 20"


def test_the_same_posting_on_an_open_day_is_right() -> None:
    assert not b.findings(
        "V12", story(*m.entries(), late(m.moving("journal", "30", "2026-02-01", "a6100", "a1150", "7")))
    )


def test_a_record_of_the_closed_month_that_was_changed_or_deleted() -> None:
    changed = m.replacing("12", m.moving("journal", "12", "2026-01-20", "a6100", "a1150", "29.00", "pay:fee:txn1"))
    assert [each.key for each in b.findings("V12", story(*changed))] == ["V12:2026-01-31:a1150", "V12:2026-01-31:a6100"]
    assert len(b.findings("V12", story(*m.replacing("12")))) == 2


def test_what_was_posted_between_the_last_picture_and_the_closing_belongs_to_the_closed_balances() -> None:
    early = b.structs.replace(m.entries()[-1], created_at=CLOSED.at - timedelta(hours=1))
    assert not b.findings("V12", story(*m.entries()[:-1], early, before=m.ledger(entries=m.entries()[:-1])))


def test_a_reopening_lets_postings_in_again() -> None:
    reopened = BooksClosed(**b.mark(13, "close.period_closed", "2026-02-02", 19), until=b.day("2025-12-31"))
    entry = late(m.moving("journal", "30", "2026-01-30", "a6100", "a1150", "7.00"), hours=5)
    assert not b.findings("V12", story(*m.entries(), entry, told=(reopened,)))


def test_a_payment_of_the_closed_month_that_came_too_late_is_in_the_books_or_listed() -> None:
    paid = b.paid(**b.mark(13, "payments.customer_pays", "2026-01-31"), charge_id="ch2", payment="P-2")
    found = b.the_finding("V12", story(told=(paid,)))
    assert (found.key, found.at_risk) == ("V12:lost:ch2", b.usd("1000.00"))
    assert not b.findings("V12", story(told=(paid,), evidence=(*m.evidence(), m.reject("stripe:charge:ch2"))))
    assert not b.findings("V12", story(told=(paid,), evidence=(*m.evidence(), m.alert("x", "stripe:charge:ch2"))))


def test_a_late_posting_may_bear_an_open_day_and_only_then() -> None:
    """V13, R3: the charge of 31 January was posted on 3 February, after January had been closed."""
    paid = b.paid(**b.mark(13, "payments.customer_pays", "2026-01-31"), charge_id="ch2", payment="P-2", fee=b.usd("0"))
    for made, right in ((CLOSED.at + timedelta(hours=1), True), (CLOSED.at - timedelta(hours=1), False)):
        payment = b.payment(
            id="40", note="pay:charge:ch2", date=b.day("2026-02-01"), created_at=made, applications=(),
            unapplied=b.usd("1000.00"),
        )  # fmt: skip
        told = (*m.facts(), CLOSED, paid, b.rest(20, "2026-02-03"))
        record = m.record(told=told, books=m.ledger(payments=(b.payment(), payment)))
        assert ("V13:ch2:date" not in [each.key for each in b.findings("V13", record)]) is right
        assert ("R3:date:ch2" not in [each.key for each in b.findings("R3", record)]) is right


def test_books_that_were_never_closed_exercise_nothing() -> None:
    assert b.result("V12", m.record()).reason == "the books were never closed"


def test_checkpoints_are_compared_and_not_only_the_last() -> None:
    """What was changed and put right again was changed."""
    record = story()
    middle = b.structs.replace(record.checkpoints[1].world, ledgers=(m.ledger(entries=m.replacing("12")),))
    between = Checkpoint(step=15, name="connector at rest", world=middle)
    seen = b.structs.replace(record, checkpoints=(record.checkpoints[0], between, record.checkpoints[1]))
    assert len(b.findings("V12", seen)) == 2
