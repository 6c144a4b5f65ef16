"""What was told to nobody is not held against a connector that listens, until a poll has found it."""

from __future__ import annotations

from typing import Any

from simharness.checks.hearing import unheard_rests
from simharness.checks.oracle.books import expected_books
from simharness.checks.oracle.rulebook import Rulebook
from simharness.domain.fact import DealChanged, NightlyPollRan, WebhooksResumed, WebhooksStopped
from tests.unit.checks import builders as b
from tests.unit.checks import money as m


def stopped(step: int, system: str, on: str = "2026-01-11", *, loses: bool = True) -> WebhooksStopped:
    return WebhooksStopped(**b.mark(step, "middleware.webhooks_stop", on), system=system, loses=loses)


def resumed(step: int, system: str, on: str) -> WebhooksResumed:
    return WebhooksResumed(**b.mark(step, "middleware.webhooks_resume", on), system=system)


def polled(step: int, on: str) -> NightlyPollRan:
    return NightlyPollRan(**b.mark(step, "middleware.nightly_poll_runs", on))


def edited(step: int, on: str) -> DealChanged:
    return DealChanged(**b.mark(step, "crm.deal_changed", on), deal="Rollout", deal_id="D1", lines=b.LINES[:1])


def test_a_rest_is_unheard_from_the_silence_of_a_system_to_the_next_poll() -> None:
    told = (b.rest(1, "2026-01-10"), stopped(2, "CRM"), b.rest(3, "2026-01-12"), stopped(4, "gateway"))
    told = (*told, resumed(5, "CRM", "2026-01-13"), b.rest(6, "2026-01-13"), resumed(7, "gateway", "2026-01-14"))
    told = (*told, b.rest(8, "2026-01-14"), polled(9, "2026-01-15"), b.rest(10, "2026-01-15"))
    both = frozenset({"CRM", "gateway"})
    assert unheard_rests(told) == {3: frozenset({"CRM"}), 6: both, 8: both}


def test_a_poll_finds_what_was_lost_and_not_what_a_silent_system_does_after_it() -> None:
    told = (stopped(1, "CRM"), b.won(2), polled(3, "2026-01-13"), b.rest(4, "2026-01-13"), b.rest(5, "2026-01-14"))
    assert unheard_rests(told) == {5: frozenset({"CRM"})}


def test_one_that_polls_loses_nothing() -> None:
    assert not unheard_rests((stopped(1, "CRM", loses=False), b.won(2), b.rest(3, "2026-01-12")))


def billed(*told: Any) -> list[str]:
    return [f"{each.kind} {each.net:.2f}" for each in expected_books(told, Rulebook(b.dictionary())).documents]


def test_a_deal_won_and_edited_in_silence_is_billed_once_as_the_poll_finds_it() -> None:
    known = (
        b.entered(),
        b.deal_entered(),
        b.rest(3, "2026-01-10"),
        stopped(4, "CRM"),
        b.won(5),
        b.rest(6, "2026-01-12"),
    )
    found = (edited(7, "2026-01-13"), b.rest(8, "2026-01-13"), polled(9, "2026-01-14"), b.rest(10, "2026-01-14"))
    assert billed(*known, *found[:2]) == []
    assert billed(*known, *found) == ["invoice 3600.00"]


def test_a_deal_that_the_crm_spoke_of_before_its_silence_is_looked_at_as_it_stands() -> None:
    known = (b.entered(), b.deal_entered(), stopped(4, "CRM"), b.won(5), b.rest(6, "2026-01-12"))
    assert billed(*known) == ["invoice 4100.00"]


def test_the_silence_of_the_gateway_keeps_no_deal_from_being_billed() -> None:
    known = (b.entered(), b.deal_entered(), b.rest(3, "2026-01-10"), stopped(4, "gateway"), b.won(5))
    assert billed(*known, b.rest(6, "2026-01-12")) == ["invoice 4100.00"]


def test_clearing_is_not_judged_while_the_gateway_tells_nobody_and_is_after_the_poll() -> None:
    short = m.ledger(entries=m.replacing("12"))
    *before, last = m.facts()
    deaf = (*before[:-1], stopped(before[-1].step, "gateway", "2026-01-26"), last)
    assert not b.findings("V10", m.record(told=deaf, books=short))
    heard = (*before[:-1], polled(before[-1].step, "2026-01-26"), last)
    assert b.findings("V10", m.record(told=heard, books=short))
