from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from simharness.explore.cases import CaseResult, Outcome
from simharness.explore.store import End
from simharness.explore.summary import Summary
from simharness.explore.units import Unit
from tests.unit.explore.samples import result, results, unit

SHORT, LONG = unit(1, steps=2), unit(2, steps=9)
END = End(results=0, digest="", events=4)
ALL: tuple[tuple[Unit, CaseResult], ...] = (
    (LONG, result(LONG, "reply_lost@stripe.pay#1", Outcome.FOUND, ["twice"])),
    (SHORT, result(SHORT, "reply_lost@stripe.pay#3", Outcome.FOUND, ["twice", "unalerted"])),
    (SHORT, result(SHORT, "reply_lost@stripe.pay#2", Outcome.FOUND, ["twice"])),
    (SHORT, result(SHORT, "reply_lost@stripe.pay#1 + slow@#2", Outcome.FOUND, ["unalerted"])),
    (SHORT, result(SHORT, "forbidden@stripe.pay#1", Outcome.REJECTED)),
    (SHORT, result(SHORT, "slow@stripe.pay#1", Outcome.NOT_EXERCISED, reason="it never struck")),
    (SHORT, result(SHORT, "slow@stripe.pay#2", shared_with="the clean run", reason="nothing could differ")),
    (SHORT, result(SHORT, "slow@stripe.pay#3")),
)


def summary(rows: list[tuple[Unit, CaseResult]] | tuple[tuple[Unit, CaseResult], ...]) -> Summary:
    made = Summary()
    for of, each in rows:
        made.add(of, each, None)
    return made


@given(st.permutations(ALL))
def test_the_order_of_results_does_not_matter(rows: list[tuple[Unit, CaseResult]]) -> None:
    assert summary(rows).groups == summary(ALL).groups
    assert (summary(rows).outcomes, summary(rows).exit_code) == (summary(ALL).outcomes, 1)


def test_findings_of_one_signature_are_one_with_the_smallest_case() -> None:
    groups = {group.signature.shape: group for group in summary(ALL).groups if "+" not in group.signature.cause}
    # Fewest faults, then the shortest story, then the lowest call: not the long story's first call.
    assert (groups["twice"].cases, groups["twice"].stories) == (3, 2)
    assert str(groups["twice"].smallest.plan) == "reply_lost@stripe.pay#2"
    assert groups["twice"].smallest.story_key == SHORT.story_key


def test_a_thousand_failures_of_one_cause_are_one_finding() -> None:
    rows = [(LONG, result(LONG, f"reply_lost@stripe.pay#{n}", Outcome.FOUND, ["twice"])) for n in range(1, 1001)]
    (group,) = summary(rows).groups
    assert (group.cases, str(group.smallest.plan)) == (1000, "reply_lost@stripe.pay#1")


def test_what_was_not_exercised_is_never_counted_as_exercised() -> None:
    other = result(SHORT, "slow@stripe.pay#4", Outcome.NOT_EXERCISED, reason="nothing was met by slow@stripe.pay#4")
    assert summary([(SHORT, other)]).idle == {"nothing was met by slow": 1}
    made = summary(ALL)
    assert (made.cases, made.exercised, made.played) == (8, 7, 6)
    assert made.idle == {"it never struck": 1}
    assert made.shared == {"nothing could differ": 1}


def test_calls_per_business_event_are_those_of_the_clean_runs() -> None:
    made = summary([(SHORT, each) for each in results(SHORT, 4)])
    made.add(SHORT, None, END)
    assert made.calls_per_event == (5, 4)
    assert made.cases == 4


def test_a_shard_whose_work_is_elsewhere_is_no_failure_and_a_story_without_a_case_is_one() -> None:
    elsewhere = result(SHORT, "slow@stripe.pay#4", Outcome.REPRESENTED, shared_with="0123456789abcdef")
    assert summary([]).exit_code == 0
    assert summary([(SHORT, elsewhere)]).exit_code == 0
    bare = Summary()
    bare.add(SHORT, None, END)
    assert bare.exit_code == 4


def test_the_exit_code_is_that_of_the_worst_that_happened() -> None:
    idle = (SHORT, result(SHORT, "slow@#1", Outcome.NOT_EXERCISED, reason="it never struck"))
    broken = (SHORT, result(SHORT, "slow@#1", Outcome.BROKEN, reason="no rest"))
    assert summary([idle]).exit_code == 4
    assert summary([idle, ALL[7]]).exit_code == 0
    assert summary(ALL).exit_code == 1
    assert summary([*ALL, broken]).exit_code == 3
    assert str(summary([broken]).broken[0].smallest.plan) == "slow@#1"


def test_reasons_that_differ_in_figures_are_one_reason() -> None:
    rows = [(SHORT, result(SHORT, f"slow@#{n}", Outcome.BROKEN, reason=f"no rest at 08:{n}")) for n in (3, 2)]
    (only,) = summary(rows).broken
    assert (only.cases, only.reason, str(only.smallest.plan)) == (2, "no rest at 08:2", "slow@#2")


def test_what_is_wrong_in_a_clean_run_is_a_finding_and_no_case() -> None:
    made = summary([(SHORT, result(SHORT, "", Outcome.FOUND, ["wrong anyway"]))])
    assert (made.cases, len(made.groups), made.exit_code) == (0, 1, 1)
