"""What a story lets go wrong is set on the running world, told as a fact, and refused where it says nothing."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from simharness.connectors.manifest import builtin_manifest, load_manifest
from simharness.core.errors import ContentError, UsageError
from simharness.domain.fact import ConnectorFinished
from simharness.domain.fault_facts import FaultsEnded, FaultSet
from simharness.domain.finding import Judgement
from simharness.domain.played import Played
from simharness.stories import discovery, words
from simharness.stories.playing import Setting, play
from tests.unit.stories.company import STORY, problems

SALE = """\
story: A sale
dictionary: us-saas
today: 2026-01-05
given:
  - {customer: Hooli, region: US-OR, terms: Net 30}
  - {deal: Hours, customer: Hooli, lines: [{product: Consulting hour, quantity: 2, unit_price: USD 110.00}]}
when:
  - {deal_won: Hours, on: 2026-01-12}
STEPS
  - connector_finishes
then:
  - {invoices_of: Hours, count: 1}
"""


def played(folder: Path, *steps: str) -> Played:
    (folder / "sale.yaml").write_text(SALE.replace("STEPS", "\n".join(f"  - {step}" for step in steps)))
    (story,) = discovery.load([folder / "sale.yaml"])
    return play(story, Setting(attachment=load_manifest(builtin_manifest())))


def judgement(told: Played, check: str) -> Judgement:
    return next(result.judgement for result in told.results if result.check == check)


WRONG = {
    "system that there is not": ("{system_down: ledgr, for: 10 minutes}", "'ledgr' is no system that can go wrong"),
    "outage without end": ("{system_down: ledger, for: 0 minutes}", "'0 minutes' is not a duration"),
    "status that is none of a fault": ("{errors_from: ledger, status: 418}", "one of 401, 403, 429, 500, 502, 503"),
    "burst of nothing": ("{errors_from: ledger, status: 503, requests: 0}", "requests counts from 1"),
    "limit of nothing": ("{rate_limit: ledger, requests: 0, per: minute}", "say system_down"),
    "record of a system that sends none": ("{malformed_record: Rollout, from: alerts}", "not from alerts"),
    "call that nobody makes": ("{crash_after: save invoise}", "did you mean 'save invoice'?"),
    "call counted from zero": ("{crash_before: save invoice, nth: 0}", "nth counts from 1"),
    "unanswered call that nobody makes": ("{saves_unanswered: ledger, call: save invoise}", "makes no call"),
    "fault that a system refuses": ("{system_recovers: ledger, refused: no}", "no system is asked for this"),
}


@pytest.mark.parametrize(("step", "what"), WRONG.values(), ids=WRONG.keys())
def test_a_fault_that_makes_no_sense_is_refused_when_the_story_is_read(tmp_path: Path, step: str, what: str) -> None:
    (problem,) = problems(tmp_path, STORY.replace("then:", f"  - {step}\nthen:"))
    assert what in str(problem)
    assert problem.where is not None
    assert problem.where.line == 10


@pytest.mark.parametrize(
    ("text", "seconds"), [("10 minutes", 600), ("90  seconds", 90), ("hour", 3600), ("1 day", 86400)]
)
def test_a_duration_is_read_in_words(text: str, seconds: int) -> None:
    assert words.seconds_of(words.duration(text)) == seconds


@pytest.mark.parametrize("text", ["10", "ten minutes", "10 min", "-1 minutes", "1.5 hours", "00 seconds"])
def test_what_is_no_duration_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match="is not a duration"):
        words.duration(text)


def test_faults_are_facts_and_strike_and_one_that_does_not_is_told(tmp_path: Path) -> None:
    told = played(
        tmp_path, "{system_down: ledger, for: 2 minutes}", "{crash_after: save invoice}", "{crash_after: save deposit}"
    )
    assert not told.findings
    down, crash, idle = (fact for fact in told.record.facts if isinstance(fact, FaultSet))
    assert (down.system, down.told, str(down.fault)) == ("ledger", "is down for 2 minutes", "outage:120@quickbooks#1")
    assert str(crash.fault) == "crash_after@quickbooks.saveInvoice#1"
    assert {each.fault for each in told.record.fault_log} == {down.fault, crash.fault}
    (unexercised,) = (result for result in told.results if result.check == "F2")
    assert unexercised.judgement is Judgement.NOT_EXERCISED
    assert idle.where in unexercised.reason


def test_beside_a_system_that_stays_down_nobody_rests_and_that_is_not_held_against_the_connector(
    tmp_path: Path,
) -> None:
    told = played(
        tmp_path,
        "{system_down: ledger, for: 30 days}",
        "connector_finishes",
        "{system_recovers: ledger, on: 2026-01-14}",
    )
    assert not told.findings
    first, second = (fact for fact in told.record.facts if isinstance(fact, ConnectorFinished))
    assert (first.at_rest, first.hindered) == (False, True)
    assert (second.at_rest, second.hindered) == (True, False)
    (ended,) = (fact for fact in told.record.facts if isinstance(fact, FaultsEnded))
    assert ended.on == date(2026, 1, 14)
    assert judgement(told, "F2") is Judgement.PASSED


def test_a_call_of_a_vendor_that_is_not_there_is_told_with_its_line(tmp_path: Path) -> None:
    with pytest.raises(ContentError, match="makes no call 'list payrolls'") as wrong:
        played(tmp_path, "{crash_after: list payrolls}")
    assert str(tmp_path / "sale.yaml:9") in str(wrong.value)


def test_a_record_that_a_system_has_not_is_an_impossible_step(tmp_path: Path) -> None:
    told = played(tmp_path, "{malformed_record: Hours, from: bank}")
    assert ["the bank has no record of 'Hours'" in finding.message for finding in told.findings] == [True]
