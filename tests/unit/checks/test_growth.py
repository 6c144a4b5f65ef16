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
from tests.unit.checks import money as m


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


def money(count: int) -> b.RunRecord:
    """The story of money that comes and goes, with so many further payouts, each on the statement beside a decoy."""
    lines, payouts, statement, entries, moves = [], [], [], [], []
    for at in range(count):
        lines.append(m.balance_line(f"t{at}", "payout", "-5.00", f"x{at}", "2026-01-24"))
        payouts.append(m.payout(id=f"x{at}", amount=b.usd("5.00"), reference=f"X{at}"))
        statement += [m.bank_line(f"A{at}", "5.00", f"X{at}"), m.bank_line(f"D{at}", "5.00", f"STRANGER {at}")]
        moves.append(m.moved(10, f"D{at}", "5.00", reference=f"STRANGER {at}"))
        entries += [
            m.moving("journal", f"p{at}", "2026-01-24", "a1160", "a1150", "5.00", f"pay:payout:x{at}"),
            m.moving("journal", f"a{at}", "2026-01-26", "a1000", "a1160", "5.00", f"bank:line:A{at}"),
            m.moving("journal", f"d{at}", "2026-01-26", "a1000", "a2300", "5.00", f"bank:line:D{at}"),
        ]
    rest = b.usd("70.70") - b.usd("5.00") * count
    cash = m.gateway(
        balance_lines=(*m.balance_lines(), *lines), payouts=(m.payout(), *payouts), available=(rest,), pending=()
    )
    logged = tuple(m.log(f"x:x:{entry.id}", f"quickbooks:journal:{entry.id}", "5.00") for entry in entries)
    return m.record(
        told=(*m.facts()[:-1], *moves, m.facts()[-1]), cash=cash,
        statement=m.bank(lines=(*m.bank_lines(), *statement)), books=m.ledger(entries=(*m.entries(), *entries)),
        evidence=(*m.evidence(), *logged),
    )  # fmt: skip


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


def test_the_large_story_of_money_is_clean() -> None:
    assert [finding for result in judge(money(30)) for finding in result.findings] == []


@pytest.mark.parametrize("story", [story, money], ids=["deals", "money"])
@pytest.mark.skipif(sys.gettrace() is not None, reason="somebody else traces, coverage for example")
def test_twice_the_record_is_at_most_two_and_a_fifth_times_the_work(story: Callable[[int], b.RunRecord]) -> None:
    small, large = story(60), story(120)
    assert steps_of(lambda: judge(large)) <= 2.2 * steps_of(lambda: judge(small))
