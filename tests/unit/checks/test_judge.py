"""Laws of judging as a whole: the clean story, stability, reproduction, growth of the work."""

from __future__ import annotations

import pytest
from msgspec import structs

from simharness.checks import CHECKS, check_by_id, judge
from simharness.domain.finding import Judgement, Severity
from simharness.domain.record import lines, read
from tests.unit.checks import builders as b
from tests.unit.checks import money as m
from tests.unit.checks import payday as p

#: What the small story has nothing of: a gateway with a balance, a bank, a closing, foreign money, deposits, faults,
#: alerts, people who are paid, personal data, keys that lack a scope.
OTHER_MATTERS = {
    "V10", "V11", "V12", "V14", "V15", "V16", "V17", "V22", "V28", "V29", "C2", "C3", "C4", "C7", "C8", "C10", "F2",
    "F3", "R4", "R5", "R6",
}  # fmt: skip
#: What the runner judges, because it takes two records.
COMPARED = {"V3", "V4", "F1"}


def test_the_clean_story_passes_every_check_and_exercises_each() -> None:
    judged = {result.check: result for result in judge(b.record()) if result.check not in OTHER_MATTERS}
    assert {check: result.judgement for check, result in judged.items()} == dict.fromkeys(judged, Judgement.PASSED)
    assert all(result.examined for result in judged.values())


def test_what_a_story_has_nothing_of_is_not_exercised_and_never_passed() -> None:
    judged = {result.check: result.judgement for result in judge(b.record())}
    absent = {check for check, judgement in judged.items() if judgement is not Judgement.PASSED}
    assert absent == OTHER_MATTERS


def test_the_clean_story_with_gateway_bank_and_alerts_has_no_finding_and_exercises_their_checks() -> None:
    judged = {result.check: result for result in judge(m.record())}
    assert [finding for result in judged.values() for finding in result.findings] == []
    for check in ("V10", "V11", "V16", "V19", "V20", "C4", "R3", "R4", "R7"):
        assert judged[check].judgement is Judgement.PASSED, judged[check]


def test_the_clean_story_of_a_payroll_exercises_its_checks() -> None:
    judged = {result.check: result for result in judge(p.record())}
    for check in ("V1", "V2", "V9", "V14", "V15", "V20", "R4", "R5", "R6"):
        assert judged[check].judgement is Judgement.PASSED, judged[check]


def test_results_come_in_the_order_of_the_registry_under_unique_ids() -> None:
    ids = [check.id for check in CHECKS]
    assert [result.check for result in judge(b.record())] == [each for each in ids if each not in COMPARED]
    assert len(set(ids)) == len(ids)
    assert check_by_id("V6") in CHECKS
    assert check_by_id("V99") is None


def test_every_promised_check_is_registered() -> None:
    numbers = {
        "V": range(1, 30),
        "C": range(1, 12),
        "F": range(1, 4),
        "R": range(1, 9),
    }
    wanted = {f"{letter}{number}" for letter, each in numbers.items() for number in each}
    assert wanted <= {check.id for check in CHECKS}


def broken() -> list[b.RunRecord]:
    invoice = b.invoice(tax=b.usd("320.50"), due=b.day("2026-02-12"), note="")
    return [b.record(), b.record(books=b.ledger(documents=(invoice,))), b.record(bi=())]


@pytest.mark.parametrize("story", broken())
def test_a_record_that_was_saved_and_read_judges_the_same(story: b.RunRecord) -> None:
    assert judge(read(list(lines(story)))) == judge(story)


def test_a_finding_names_the_step_the_money_and_the_way_to_bring_it_back() -> None:
    found = b.the_finding(
        "V6", b.record(books=b.ledger(documents=(b.invoice(tax=b.usd("300.50"), total=b.usd("4400.50")),)))
    )
    assert found.step == 3
    assert found.where == "scenarios/billing/globex.yaml:13"
    assert found.reproduce == "simharness run scenarios/billing/globex.yaml -k 'Globex pays a part' --rng-seed 7"
    assert found.severity is Severity.MONEY
    assert found.at_risk == b.usd("10.00")
    assert found.objects == ("hubspot:deal:D1 (Rollout)", "quickbooks:invoice:1 (1001)")
    assert found.key == "V6:D1:invoice:1"


def test_the_key_of_a_finding_does_not_depend_on_figures() -> None:
    keys = {
        b.the_finding("V6", b.record(books=b.ledger(documents=(b.invoice(tax=b.usd(tax), total=b.usd(total)),)))).key
        for tax, total in (("300.50", "4400.50"), ("320.50", "4420.50"))
    }
    assert len(keys) == 1


def test_what_the_connector_has_not_seen_yet_is_not_held_against_it() -> None:
    late = (*b.facts(), b.paid(step=7, payment="P-2", charge_id="ch2", where="x:17"))
    story = b.record(told=late)
    checkpoints = (*b.record().checkpoints, structs.replace(story.checkpoints[-1], step=8))
    red = [each.check for each in judge(structs.replace(story, checkpoints=checkpoints)) if each.findings]
    assert red == []


def test_an_empty_record_passes_nothing() -> None:
    empty = structs.replace(b.record(), facts=(), checkpoints=(), exchanges=(), evidence=(), writes=(), bi=())
    assert {result.judgement for result in judge(empty)} <= {Judgement.NOT_EXERCISED, Judgement.NOT_APPLICABLE}
    assert all(result.reason for result in judge(empty))
