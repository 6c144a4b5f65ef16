"""V10 turns red when clearing is not the gateway's balance, and for a movement nobody has named."""

from __future__ import annotations

from tests.unit.checks import builders as b
from tests.unit.checks import money as m

UNPOSTED_FEE = m.ledger(entries=m.replacing("12"))


def test_the_clean_balance_passes() -> None:
    # 1,000.00 - 29.30 - 100.00 - 800.00 = 70.70 on both sides
    assert b.passes("V10", m.record())


def test_a_fee_that_was_not_posted_is_named() -> None:
    found = b.the_finding("V10", m.record(books=UNPOSTED_FEE))
    assert found.expected == "USD 70.70 at the gateway"
    assert found.actual == "USD 100.00 on 1150 Gateway clearing"
    assert found.objects == ("stripe:balance_line:txn1 (fee txn1)",)
    assert found.at_risk == b.usd("29.30")


def test_a_refund_that_is_rejected_and_listed_is_left_out_of_the_sum() -> None:
    books = m.ledger(documents=(b.invoice(),), entries=m.replacing("11"))
    listed = m.record(books=books, evidence=(*m.evidence(), m.reject("stripe:refund:re1")))
    assert b.passes("V10", listed)
    assert b.the_finding("V10", m.record(books=books)).at_risk == b.usd("100.00")


def test_a_kind_that_nobody_knows_is_a_finding_even_where_the_sum_agrees() -> None:
    lines = (*m.balance_lines(), m.balance_line("txn4", "climate_order_purchase", "0.00", "ord1", "2026-01-24"))
    found = b.the_finding("V10", m.record(cash=m.gateway(balance_lines=lines)))
    assert found.key == "V10:kind:climate_order_purchase"
    assert found.objects == ("stripe:balance_line:txn4",)


def test_what_is_reserved_belongs_to_the_balance() -> None:
    reserve = m.gateway(available=(b.usd("20.00"),), pending=(b.usd("20.70"),), reserved=(b.usd("30.00"),))
    assert b.passes("V10", m.record(cash=reserve))


def test_every_rest_is_judged_and_not_the_last_alone() -> None:
    early = b.structs.replace(m.record().checkpoints[0], step=6, name="connector at rest")
    story = m.record(checkpoints=(early, *m.record().checkpoints))
    assert b.passes("V10", story)
    wrong = b.structs.replace(early.world, ledgers=(UNPOSTED_FEE,))
    story = m.record(checkpoints=(b.structs.replace(early, world=wrong), *m.record().checkpoints))
    assert [found.key for found in b.findings("V10", story)] == ["V10:6:USD"]


def test_a_rest_that_the_connector_did_not_reach_by_itself_is_not_judged() -> None:
    told = (*m.facts()[:-1], b.rest(11, "2026-01-26", failure="the disk is full"))
    assert not b.findings("V10", m.record(told=told, books=UNPOSTED_FEE))
