"""Expectations on accounts, postings and writers turn red for what does not hold."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec import structs

from simharness.domain.expectation import (
    AccountHolds,
    AccountMoves,
    BalancesAre,
    ClearingEmpty,
    ClearingEqualsGateway,
    LedgerPosts,
    PostingLine,
    WritersAre,
)
from simharness.domain.finding import Judgement
from simharness.domain.gateway import GatewaySnapshot
from simharness.domain.snapshot import Checkpoint
from tests.unit.checks import builders as b
from tests.unit.checks.expectations.test_documents import judged, said, wrong

BALANCES = (
    ("1100 Accounts receivable", b.usd("3410.50")),
    ("1150", b.usd("1000.00")),
    ("Sales tax payable", b.usd("-310.50")),
    ("4010 Hardware sales", b.usd("-3600.00")),
    ("4020 Service revenue", b.usd("-500.00")),
)


def line(account: str, amount: str, cost_centre: str | None = None) -> PostingLine:
    return PostingLine(account=account, amount=b.usd(amount), cost_centre=cost_centre)


POSTED = (
    line("1100", "4410.50"),
    line("1100", "-1000.00"),
    line("1150", "1000.00"),
    line("2200", "-310.50"),
    line("4010", "-3600.00", "CC-10"),
    line("4020", "-500.00"),
)


@pytest.mark.parametrize(
    "expectation",
    [
        said(BalancesAre, balances=BALANCES),
        said(BalancesAre, balances=(*BALANCES, ("1000 Bank", b.usd("0.00")))),
        said(BalancesAre, balances=BALANCES[:1], exact=False),
        said(AccountMoves, account="1150 Gateway clearing", amount=b.usd("1000.00")),
        said(AccountHolds, account="1150", amount=b.usd("1000.00")),
        said(AccountHolds, account="1100", amount=b.usd("4410.50"), as_of=b.day("2026-01-19")),
        said(AccountHolds, account="1100", amount=b.usd("3410.50"), as_of=b.day("2026-01-20")),
        said(AccountHolds, account="9999", amount=b.usd("0.00")),
        said(ClearingEmpty, on=b.day("2026-01-19")),
        said(LedgerPosts, lines=POSTED),
        said(LedgerPosts, lines=POSTED[::-1]),
        said(WritersAre, writers=("connector",)),
    ],
)
def test_what_is_true_passes(expectation: Any) -> None:
    assert judged(expectation).judgement is Judgement.PASSED


@pytest.mark.parametrize(
    ("expectation", "expected", "actual", "risk"),
    [
        (said(BalancesAre, balances=(("1150", b.usd("970.70")),), exact=False), "USD 970.70", "USD 1,000.00", "29.30"),
        (said(BalancesAre, balances=BALANCES[:-1]), "USD 0.00", "USD -500.00", "500.00"),
        (said(BalancesAre, balances=(("9999", b.usd("1.00")),), exact=False), "USD 1.00", "no such account", "1.00"),
        (said(AccountMoves, account="1000", amount=b.usd("5.00")), "USD 5.00", "USD 0.00", "5.00"),
        (said(AccountHolds, account="1150", amount=b.usd("970.70")), "USD 970.70", "USD 1,000.00", "29.30"),
        (
            said(AccountHolds, account="1150", amount=b.usd("1000.00"), as_of=b.day("2026-01-19")),
            "USD 1,000.00",
            "USD 0.00",
            "1000.00",
        ),
        (said(ClearingEmpty, on=b.day("2026-01-20")), "USD 0.00", "USD 1,000.00", "1000.00"),
        (
            said(LedgerPosts, lines=POSTED[:-1]),
            "4020 Service revenue CC-20 USD 0.00",
            "4020 Service revenue CC-20 USD -500.00",
            "500.00",
        ),
        (
            said(LedgerPosts, lines=(*POSTED[:-2], line("4010", "-3600.00", "CC-20"), POSTED[-1])),
            "4010 Hardware sales CC-20 USD -3,600.00; 4010 Hardware sales CC-10 USD 0.00",
            "4010 Hardware sales CC-20 USD 0.00; 4010 Hardware sales CC-10 USD -3,600.00",
            "3600.00",
        ),
        (
            said(LedgerPosts, lines=(line("1100", "3410.50"), *POSTED[2:])),
            "1100 Accounts receivable USD 3,410.50; 1100 Accounts receivable USD 0.00",
            "1100 Accounts receivable USD 4,410.50; 1100 Accounts receivable USD -1,000.00",
            "1000.00",
        ),
    ],
    ids=[
        "balance",
        "not listed",
        "no account",
        "movement",
        "one account",
        "one account on a day",
        "clearing on a day",
        "posting missing",
        "cost centre",
        "sides are not netted",
    ],
)
def test_what_is_not_true_is_a_finding(expectation: Any, expected: str, actual: str, risk: str) -> None:
    found = wrong(expectation)
    assert (found.expected, found.actual, found.at_risk) == (expected, actual, b.usd(risk))


ANY_TAX = PostingLine(account="2200", side="credit")


@pytest.mark.parametrize(
    "expectation",
    [
        said(LedgerPosts, lines=(*POSTED[:3], ANY_TAX, *POSTED[4:])),
        said(LedgerPosts, lines=(*POSTED[:3], line("2200", "-310.50", ""), *POSTED[4:])),
        said(LedgerPosts, lines=(*POSTED[:5], line("4020", "-500.00", "*"))),
        said(BalancesAre, balances=BALANCES[:3], some=("4010",), unchecked=("4020", "1000")),
    ],
    ids=["any amount", "no cost centre", "any cost centre", "balances"],
)
def test_cells_that_say_no_value_hold(expectation: Any) -> None:
    assert judged(expectation).judgement is Judgement.PASSED


@pytest.mark.parametrize(
    ("expectation", "expected", "actual"),
    [
        (
            said(LedgerPosts, lines=(*POSTED, PostingLine(account="2200", side="debit"))),
            "2200 Sales tax payable any debit",
            "2200 Sales tax payable USD 0.00",
        ),
        (
            said(LedgerPosts, lines=(*POSTED[:5], line("4020", "-500.00", ""))),
            "4020 Service revenue USD -500.00; 4020 Service revenue CC-20 USD 0.00",
            "4020 Service revenue USD 0.00; 4020 Service revenue CC-20 USD -500.00",
        ),
        (
            said(LedgerPosts, lines=(*POSTED[:3], line("2200", "-310.50", "*"), *POSTED[4:])),
            "2200 Sales tax payable any cost centre USD -310.50; 2200 Sales tax payable USD 0.00",
            "2200 Sales tax payable any cost centre USD 0.00; 2200 Sales tax payable USD -310.50",
        ),
        (said(BalancesAre, balances=(), some=("1000",), exact=False), "any balance", "USD 0.00"),
    ],
    ids=["no such posting", "a cost centre", "no cost centre", "no balance"],
)
def test_cells_that_say_no_value_can_fail(expectation: Any, expected: str, actual: str) -> None:
    found = wrong(expectation)
    assert (found.expected, found.actual) == (expected, actual)


def test_a_ledger_that_should_have_posted_nothing() -> None:
    assert wrong(said(LedgerPosts, lines=())).message == "the ledger posts something"


def after_a_claim() -> b.RunRecord:
    """The invoice was claimed at step 4 already; the payment came after."""
    first = b.record(books=b.ledger(payments=(), entries=(b.invoice_entry(),)), told=b.facts()[:4]).checkpoints[-1]
    story = b.record()
    middle = Checkpoint(step=5, name="claims", world=first.world)
    told = (*b.facts()[:4], b.paid(step=6), b.rest(7, "2026-01-20"))
    last = structs.replace(story.checkpoints[-1], step=7)
    claim = said(BalancesAre, balances=(), exact=False)
    return structs.replace(
        story,
        facts=told,
        checkpoints=(story.checkpoints[0], middle, last),
        expectations=(structs.replace(claim, step=5),),
    )


def test_postings_are_those_of_the_last_block_of_actions() -> None:
    story = after_a_claim()
    later = structs.replace(said(LedgerPosts, lines=(line("1150", "1000.00"), line("1100", "-1000.00"))), step=8)
    results = b.judge(structs.replace(story, expectations=(*story.expectations, later)))
    assert next(result for result in results if result.check == "the.verb").findings == ()


def test_a_movement_counts_from_before_the_first_action() -> None:
    story = after_a_claim()
    moves = structs.replace(said(AccountMoves, account="1100", amount=b.usd("3410.50")), step=8)
    results = b.judge(structs.replace(story, expectations=(*story.expectations, moves)))
    assert next(result for result in results if result.check == "the.verb").findings == ()


def test_somebody_else_who_posted() -> None:
    journal = b.write("journal", "5", "create", "lines", actor="intern", family="accounting", vendor="quickbooks")
    found = wrong(said(WritersAre, writers=("connector",)), b.record(writes=(journal,)))
    assert (found.expected, found.actual) == ("connector", "intern")
    furnishing = b.write("account", "5", "create", "name", actor="finance", family="accounting", vendor="quickbooks")
    assert not judged(said(WritersAre, writers=("connector",)), b.record(writes=(furnishing,))).findings


@pytest.mark.parametrize(("reserved", "holds"), [("29.30", True), ("0.00", False)])
def test_clearing_is_what_the_gateway_holds_reserves_included(reserved: str, holds: bool) -> None:
    story = b.record()
    before, after = story.checkpoints
    gateway = GatewaySnapshot(
        vendor="stripe", pending=(b.usd("900.00"),), available=(b.usd("70.70"),), reserved=(b.usd(reserved),)
    )
    world = structs.replace(after.world, gateway=gateway)
    story = structs.replace(story, checkpoints=(before, structs.replace(after, world=world)))
    if holds:
        assert judged(said(ClearingEqualsGateway), story).judgement is Judgement.PASSED
    else:
        assert (wrong(said(ClearingEqualsGateway), story).expected) == "USD 970.70"


def test_without_a_gateway_clearing_equals_nothing() -> None:
    assert wrong(said(ClearingEqualsGateway)).actual == "no gateway"
