"""V11 turns red for payouts that the statement does not bear out, and for what hides in transit accounts."""

from __future__ import annotations

from typing import Any

from simharness.domain.books import Payment
from simharness.domain.fact import BankLinePosted, ChequeTaken
from tests.unit.checks import builders as b
from tests.unit.checks import money as m

NO_ARRIVAL = m.replacing("14")


def keys(story: b.RunRecord) -> list[str]:
    return [found.key for found in b.findings("V11", story)]


def test_the_clean_story_passes() -> None:
    assert b.passes("V11", m.record())


def test_a_payout_on_its_way_is_a_listed_item() -> None:
    on_its_way = m.gateway(payouts=(m.payout(status="in_transit"),))
    statement = m.bank(lines=(m.bank_line("B2", "800.00", "ELSEWHERE 7"),))
    assert b.passes("V11", m.record(cash=on_its_way, statement=statement, books=m.ledger(entries=NO_ARRIVAL)))


def test_an_arrival_that_the_books_do_not_show() -> None:
    found = b.the_finding("V11", m.record(books=m.ledger(entries=NO_ARRIVAL)))
    assert (found.expected, found.actual) == ("USD 0.00 in transit", "USD 800.00 on 1160 Payouts in transit")


def test_an_arrival_that_is_listed_as_not_posted_leaves_its_payout_in_transit_and_nothing_else() -> None:
    refused = m.dead("bank:bank_line:B1", "800.00")
    assert b.passes("V11", m.record(books=m.ledger(entries=NO_ARRIVAL), evidence=(refused,)))
    other = m.dead("bank:bank_line:B2", "800.00")
    assert keys(m.record(books=m.ledger(entries=NO_ARRIVAL), evidence=(other,))) == ["V11:po1:transit"]
    short = m.replacing("14", m.moving("transfer", "14", "2026-01-26", "a1000", "a1160", "300.00", "bank:line:B1"))
    assert keys(m.record(books=m.ledger(entries=short), evidence=(refused,))) == ["V11:po1:transit"]


def test_an_equal_decoy_taken_for_the_payout() -> None:
    swapped = m.replacing("14", m.moving("transfer", "14", "2026-01-26", "a1000", "a1160", "800.00", "bank:line:B2"))
    assert keys(m.record(books=m.ledger(entries=swapped))) == ["V11:po1:transit", "V11:unlisted:USD:transit"]


def test_a_payout_that_is_on_the_statement_twice() -> None:
    lines = (*m.bank_lines(), m.bank_line("B3", "800.00", "TRACE1"))
    found = b.findings("V11", m.record(statement=m.bank(lines=lines)))[0]
    assert (found.key, found.actual) == ("V11:po1:statement", "2 lines, together USD 1,600.00")


def test_a_failed_payout_is_no_line_or_two_that_cancel() -> None:
    back = m.balance_line("txn4", "payout_failure", "800.00", "po1", "2026-01-28")
    cash = m.gateway(balance_lines=(*m.balance_lines(), back), payouts=(m.payout(status="failed"),))
    two = m.bank(lines=(*m.bank_lines(), m.bank_line("B3", "-800.00", "TRACE1")))
    entries = (
        *m.entries(),
        m.moving("transfer", "16", "2026-01-28", "a1150", "a1160", "800.00", "pay:payout:po1:failed"),
        m.moving("transfer", "17", "2026-01-28", "a1160", "a1000", "800.00", "bank:line:B3"),
    )
    assert not keys(m.record(cash=cash, statement=two, books=m.ledger(entries=entries)))
    assert keys(m.record(cash=cash, books=m.ledger(entries=entries[:-1]))) == ["V11:po1:statement"]


def test_an_automatic_payout_that_never_arrives() -> None:
    late = m.gateway(payouts=(m.payout(automatic=True, arrival=m.day("2026-01-20")),))
    statement = m.bank(lines=(m.bank_line("B2", "800.00", "ELSEWHERE 7"),))
    story = m.record(cash=late, statement=statement, books=m.ledger(entries=NO_ARRIVAL))
    assert keys(story) == ["V11:po1:statement"]


def test_a_posting_on_transit_without_a_payout() -> None:
    stray = m.moving("journal", "18", "2026-01-26", "a1160", "a6100", "5.00")
    found = b.the_finding("V11", m.record(books=m.ledger(entries=(*m.entries(), stray))))
    assert (found.key, found.actual) == ("V11:unlisted:USD:transit", "USD 5.00")


# --- cheques ----------------------------------------------------------------------------------------------------------


def cheque(**changes: Any) -> ChequeTaken:
    given = b.mark(7, "payments.cheque_taken", "2026-01-22")
    given |= {"cheque": "1041", "customer": "Globex", "company_id": "C1", "payment_id": "21", "amount": m.usd("320.00")}
    return ChequeTaken(**(given | changes))


def held(**changes: Any) -> Payment:
    given: dict[str, Any] = {"id": "21", "amount": m.usd("320.00"), "account": "a1200", "note": "", "number": "1041"}
    return b.payment(**(given | changes))


def with_cheque(payment: Payment, *more: Any, moves: str = "320.00") -> b.RunRecord:
    told = (*m.facts()[:6], cheque(), *m.facts()[7:-1], *more, b.rest(12, "2026-01-27"))
    entry = m.moving("payment", "21", "2026-01-22", "a1200", "a1100", moves)
    return m.record(told=told, books=m.ledger(payments=(b.payment(), payment), entries=(*m.entries(), entry)))


DEPOSITED = m.moved(11, "B4", "320.00", purpose="cheques", advice=(("1041", m.usd("320.00")),))


def test_a_cheque_that_waits_for_the_bank_is_listed() -> None:
    assert not keys(with_cheque(held()))


def test_a_cheque_that_waits_although_the_bank_has_it() -> None:
    found = b.the_finding("V11", with_cheque(held(), DEPOSITED))
    assert found.actual == "USD 320.00 in undeposited funds"


def test_a_deposit_that_the_bank_only_announces_deposits_nothing() -> None:
    announced = b.structs.replace(DEPOSITED, pending=True)
    posted = BankLinePosted(
        **b.mark(11, "bank.pending_settled", "2026-01-26"), pending_id="B4", line_id="B5", amount=m.usd("320.00")
    )
    assert not keys(with_cheque(held(), announced))
    assert keys(with_cheque(held(), announced, posted)) == ["V11:21:undeposited"]


def test_a_cheque_that_left_undeposited_funds_before_the_bank_had_it() -> None:
    found = b.findings("V11", with_cheque(held(deposited=True)))[0]
    assert found.expected == "USD 320.00 in undeposited funds"


def test_money_on_the_account_beside_the_cheques() -> None:
    assert keys(with_cheque(held(), moves="330.00")) == ["V11:undeposited:USD"]
