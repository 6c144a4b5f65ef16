"""The work of judging grows with the record: nothing is searched for again and again."""

from __future__ import annotations

import sys
from collections.abc import Callable
from types import FrameType
from typing import Any

import pytest
from msgspec import structs

from simharness.checks import judge
from simharness.domain.fact import DealEntered
from tests.unit.checks import builders as b


def story(deals: int) -> b.RunRecord:
    """So many deals like the one of the story, each with its invoice, payment, log rows, exchanges and expectations."""
    facts: list[Any] = [b.entered()]
    documents, payments, entries, sold, rows, exchanges = [], [], [], [], [], []
    for at in range(deals):
        deal_id = f"D{at}"
        lines = tuple(structs.replace(line, id=f"{line.id}x{at}") for line in b.LINES)
        facts.append(b.deal_entered(deal=f"Deal {at}", deal_id=deal_id, lines=lines))
        facts.append(b.won(step=2, deal=f"Deal {at}", deal_id=deal_id))
        note = f"crm:deal:{deal_id}:v1 lines:{','.join(line.id for line in lines)}"
        documents.append(b.invoice(id=f"i{at}", number=str(1001 + at), note=note))
        payments.append(
            b.payment(
                id=f"p{at}",
                note=f"pay:charge:ch{at}",
                applications=(b.Application(document=f"i{at}", amount=b.usd("1000.00")),),
            )
        )
        entries += [
            structs.replace(b.invoice_entry(), id=f"i{at}", source_id=f"i{at}"),
            structs.replace(b.payment_entry(), id=f"p{at}", source_id=f"p{at}"),
        ]
        sold.append(structs.replace(b.crm().deals[0], id=deal_id, lines=lines))
        rows += [
            b.log(f"hubspot:deal:{deal_id}:v1", f"quickbooks:invoice:i{at}", "4410.50", f"k{at}"),
            b.log(f"stripe:charge:ch{at}", f"quickbooks:payment:p{at}", "1000.00", f"q{at}"),
        ]
        exchanges += [
            b.exchange(2 * at + 1, "invoice", deal_id.encode(), f"k{at}"),
            b.exchange(2 * at + 2, "payment", deal_id.encode(), f"q{at}"),
        ]
    facts.append(b.rest(4, "2026-01-12"))
    facts += [b.paid(payment=f"P-{at}", charge_id=f"ch{at}", invoice_number=str(1001 + at)) for at in range(deals)]
    facts.append(b.rest(6, "2026-01-20"))
    books = b.ledger(
        documents=tuple(documents),
        payments=tuple(payments),
        entries=tuple(entries),
        parties=(b.party(balance=b.usd("3410.50") * deals),),
    )
    source = structs.replace(b.crm(), deals=tuple(sold))
    return b.record(
        books=books, source=source, told=tuple(facts), evidence=tuple(rows), exchanges=tuple(exchanges), bi=()
    )


def steps_of(work: Callable[[], object]) -> int:
    """How many lines of Python a piece of work runs: a measure without a clock."""
    count = 0

    def trace(frame: FrameType, event: str, argument: object) -> Any:
        nonlocal count
        del frame, argument
        count += event == "line"
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        work()
    finally:
        sys.settrace(before)
    return count


def test_the_large_story_is_clean() -> None:
    judged = judge(story(30))
    assert [finding for result in judged for finding in result.findings] == []
    assert sum(isinstance(fact, DealEntered) for fact in story(30).facts) == 30


@pytest.mark.skipif(sys.gettrace() is not None, reason="somebody else traces, coverage for example")
def test_twice_the_record_is_at_most_two_and_a_fifth_times_the_work() -> None:
    small, large = story(60), story(120)
    assert steps_of(lambda: judge(large)) <= 2.2 * steps_of(lambda: judge(small))
