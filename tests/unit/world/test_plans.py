"""A plan that could never strike is refused at the door, in words that lead to one that can."""

from __future__ import annotations

import pytest

from simharness.core.errors import UsageError
from simharness.domain.fault_kinds import CONDITIONS, KINDS
from simharness.world.plans import read_plan, read_plans


@pytest.mark.parametrize(
    ("text", "what", "mend"),
    [
        ("reply_lots@stripe", "no kind of fault 'reply_lots'", "did you mean 'reply_lost'"),
        ("reply_lost@strip", "no vendor 'strip'", "did you mean 'stripe'"),
        ("reply_lost@stripe.ChargeLst", "stripe has no operation 'ChargeLst'", "did you mean 'ChargeList'"),
        ("forbidden@signon.keys", "keys needs no credential", "leave the operation out"),
        ("partial_batch@quickbooks.saveInvoice", "partial_batch meets batches only", "partial_batch@quickbooks.batch?"),
        ("conflict@hubspot.batchReadObjects", "conflict meets updates of", "conflict@hubspot.batchUpdateObjects?"),
        ("page_shift@hubspot.updateObject", "page_shift meets reads that give pages", "@hubspot.searchObjects?"),
        ("timeout_after_commit@stripe.ChargeList", "timeout_after_commit meets calls that write", "@stripe.Charge"),
        ("partial_batch@stripe", "and stripe has none of it", "it meets hubspot, quickbooks"),
        ("reply_lost@.ChargeList", "an operation needs its vendor", "write kind@"),
        ("webhook_lost@stripe.ChargeList", "a delivery is of a vendor", "leave the operation out"),
        ("reply lost", "is no fault of a plan", "write kind@"),
        ("reply_lost@#0", "is no fault of a plan", "write kind@"),
        (" + ", "is empty", "write kind@"),
    ],
)
def test_a_plan_that_says_nothing_that_exists_is_refused(text: str, what: str, mend: str) -> None:
    with pytest.raises(UsageError) as refused:
        read_plan(text)
    assert what in refused.value.what
    assert mend in (refused.value.mend or "")


def test_several_texts_are_one_plan_in_their_order() -> None:
    plan = read_plans(("reply_lost@stripe.ChargeList#2", "error_503*3@quickbooks + crash_after@#17"))
    assert str(plan) == "reply_lost@stripe.ChargeList#2 + error_503*3@quickbooks#1 + crash_after@#17"
    assert read_plans(()).faults == ()


def test_where_no_connector_is_none_can_be_killed() -> None:
    assert read_plan("crash_after@#3").faults
    with pytest.raises(UsageError, match="no connector is there to be killed"):
        read_plan("reply_lost@stripe + crash_after@#3", has_connector=False)


def test_what_only_a_story_sets_is_no_kind_of_a_plan() -> None:
    assert not set(CONDITIONS) & set(KINDS)
    for name in CONDITIONS:
        with pytest.raises(UsageError, match="no kind of fault") as refused:
            read_plan(name)
        assert "only a story sets it" in (refused.value.mend or "")
