from __future__ import annotations

import msgspec
import pytest
from msgspec import structs

from simharness.domain.exchange import Notes, Response
from simharness.domain.fault import Fault, Plan, Struck, parse_plan
from simharness.domain.finding import CheckResult, Judgement
from simharness.domain.played import Broken, Played
from simharness.report.tally import Tally
from tests.unit.report.samples import broken, finding, played, untried, unusable, usd


def tally(*stories: Played | Broken) -> Tally:
    counted = Tally()
    for story in stories:
        counted.add(story)
    return counted


def unjudged() -> Played:
    results = (CheckResult(check="V1", judgement=Judgement.NOT_EXERCISED, reason="no ledger"),)
    return msgspec.structs.replace(played(), results=results)


@pytest.mark.parametrize(
    ("stories", "code"),
    [
        ((played(),), 0),
        ((played(), played(finding())), 1),
        ((played(finding()), broken()), 3),
        ((played(finding()), unusable()), 2),
        ((unusable(), broken()), 3),
        ((unjudged(),), 4),
        ((unjudged(), played()), 0),
        ((untried(), played()), 4),
        ((untried(finding()), played()), 1),
        ((), 4),
    ],
)
def test_the_exit_code_tells_the_worst_that_happened(stories: tuple[Played | Broken, ...], code: int) -> None:
    assert tally(*stories).exit_code == code


def test_a_fault_of_the_plan_that_struck_in_no_story_leaves_nothing_tested() -> None:
    struck, idle = parse_plan("reply_lost@stripe + reset_before@gusto").faults

    def planned(*log: Fault) -> Played:
        story = played()
        header = structs.replace(story.record.header, plan=Plan(faults=(struck, idle)))
        strikes = tuple(Struck(fault=fault, sequence=1, vendor="stripe", operation="") for fault in log)
        return structs.replace(story, record=structs.replace(story.record, header=header, fault_log=strikes))

    counts = tally(planned(), planned(struck), planned(struck, struck))
    assert (counts.strikes[struck], counts.idle, counts.exit_code) == (2, (idle,), 4)
    assert tally(planned(struck), planned(idle)).exit_code == 0


def test_what_could_not_be_judged_never_counts_as_passed() -> None:
    counts = tally(played(), played())
    assert counts.judgements[Judgement.PASSED] == 2
    assert (counts.checks, counts.judged) == (6, 2)
    assert counts.unjudged[("C5", Judgement.NOT_APPLICABLE, "the connector offers no log")] == 2


def test_money_at_risk_adds_up_over_stories_by_currency() -> None:
    assert tally(played(finding(at_risk="8.00")), played(finding(at_risk="0.50"))).at_risk == {"USD": usd("8.50")}


def test_scopes_that_no_request_of_any_story_needed_are_named_once() -> None:
    story = played()
    used = structs.replace(story.record.exchanges[0], response=Response(status=200, notes=Notes(scope="read")))
    header = structs.replace(
        story.record.header,
        connector=structs.replace(
            story.record.header.connector, scopes=((used.vendor, ("read", "write")), ("nobody", ("read",)))
        ),
    )
    record = structs.replace(story.record, header=header, exchanges=(used,))
    told = tally(structs.replace(story, record=record), structs.replace(story, record=record))
    assert told.unused_scopes == (f"{used.vendor} write",)


def test_a_mistake_that_keeps_a_story_from_being_begun_is_no_story_that_was() -> None:
    counted = tally(played(), unusable(), unusable())
    assert (counted.stories, counted.broken, counted.unusable) == (1, 0, 2)
