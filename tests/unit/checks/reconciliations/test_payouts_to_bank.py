"""R4 turns red for each kind of break between bank statement and bank account; decoys of equal amount do not match."""

from __future__ import annotations

from typing import Any

from simharness.domain.finding import Judgement
from tests.unit.checks import builders as b
from tests.unit.checks import money as m


def keys(entries: tuple[Any, ...], **changes: Any) -> list[str]:
    return [found.key for found in b.findings("R4", m.record(books=m.ledger(entries=entries), **changes))]


def test_each_posted_line_is_one_movement() -> None:
    found = b.result("R4", m.record())
    assert (found.examined, found.reason, found.findings) == (4, "2 matched, 0 broken", ())


def test_missing_right() -> None:
    assert keys(m.replacing("14")) == ["R4:missing-right:B1"]


def test_missing_left() -> None:
    ghost = m.moving("deposit", "16", "2026-01-26", "a1000", "a2300", "5.00", "bank:line:B9")
    assert keys((*m.entries(), ghost)) == ["R4:missing-left:B9"]


def test_the_bank_account_moved_by_what_names_no_line() -> None:
    ghost = m.moving("journal", "16", "2026-01-26", "a1000", "a2300", "5.00")
    assert keys((*m.entries(), ghost)) == ["R4:missing-left:unreferenced:journal:16"]


def test_amount_and_date() -> None:
    cent = m.moving("deposit", "15", "2026-01-26", "a1000", "a2300", "799.99", "bank:line:B2")
    found = b.the_finding("R4", m.record(books=m.ledger(entries=m.replacing("15", cent))))
    assert (found.key, found.at_risk) == ("R4:amount:B2", b.usd("0.01"))
    late = m.moving("deposit", "15", "2026-01-27", "a1000", "a2300", "800.00", "bank:line:B2")
    assert keys(m.replacing("15", late)) == ["R4:date:B2"]


def test_duplicate() -> None:
    again = m.moving("deposit", "16", "2026-01-26", "a1000", "a2300", "800.00", "bank:line:B2")
    assert keys((*m.entries(), again)) == ["R4:duplicate:B2:16"]


def test_the_decoy_of_equal_amount_taken_for_the_payout_is_found_on_both_lines() -> None:
    entries = (
        *(item for item in m.entries() if item.source_id not in ("14", "15")),
        m.moving("transfer", "14", "2026-01-26", "a1000", "a1160", "800.00", "bank:line:B2"),
        m.moving("deposit", "15", "2026-01-26", "a1000", "a2300", "800.00", "bank:line:B1"),
    )
    found = b.findings("R4", m.record(books=m.ledger(entries=entries)))
    assert {each.key for each in found} >= {"R4:amount:B1:transit", "R4:missing-left:B2:transit"}
    assert found[0].message == "amount: bank line B1 is payout po1 and is not taken from 1160 Payouts in transit"


def test_a_line_that_is_only_announced_is_not_posted() -> None:
    lines = (m.bank_lines()[0], m.bank_line("B2", "800.00", "ELSEWHERE 7", status="pending"))
    assert "R4:missing-left:B2:15" in keys(m.entries(), statement=m.bank(lines=lines))


def test_the_line_is_posted_under_its_new_id_and_not_under_the_announced_one() -> None:
    lines = (m.bank_lines()[0], m.bank_line("B7", "800.00", "ELSEWHERE 7", replaces="B2"))
    assert sorted(keys(m.entries(), statement=m.bank(lines=lines))) == ["R4:missing-left:B2", "R4:missing-right:B7"]


def test_money_that_nothing_explains_is_never_revenue() -> None:
    revenue = m.moving("deposit", "15", "2026-01-26", "a1000", "a4020", "800.00", "bank:line:B2")
    found = b.the_finding("R4", m.record(books=m.ledger(entries=m.replacing("15", revenue))))
    assert (found.key, found.expected) == ("R4:amount:B2:account", "the bank statement: 2300 Unmatched receipts")


def test_a_line_that_the_connector_rejects_and_lists_need_not_be_posted() -> None:
    story = m.record(
        books=m.ledger(entries=m.replacing("15")), evidence=(*m.evidence(), m.reject("plaid:bank_line:B2"))
    )
    assert not b.findings("R4", story)


def test_two_empty_sides_pass_only_where_the_story_declares_it() -> None:
    nothing = m.record(statement=m.bank(lines=()), books=b.ledger())
    assert b.result("R4", nothing).judgement is Judgement.NOT_EXERCISED
    declared = b.structs.replace(nothing, expectations=(DECLARED,))
    assert b.result("R4", declared).judgement is Judgement.PASSED


def test_a_connector_without_references_of_bank_lines_cannot_be_judged() -> None:
    rules = tuple(rule for rule in m.CONNECTOR.references if rule.noun != "bank_line")
    assert b.result("R4", b.with_connector(m.record(), references=rules)).judgement is Judgement.NOT_APPLICABLE


DECLARED = m.Reconciles(step=11, verb="reconcile.reconciles", names=("payouts_to_bank",), nothing_expected=True)
