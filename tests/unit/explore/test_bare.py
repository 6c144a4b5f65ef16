"""A story without BI keeps whatever can be judged without it, and nothing that cannot."""

from __future__ import annotations

from pathlib import Path

from simharness.explore.bare import without_bi
from simharness.stories import discovery


def test_nothing_is_looked_for_in_bi_where_there_is_none() -> None:
    (story,) = discovery.load([Path("scenarios/entities/two_payrolls.yaml")], ())
    assert story.asks_for_bi
    assert not [step for step in without_bi(story).steps if "bi" in getattr(step.params, "nobody_identified_in", ())]


def test_what_is_looked_for_elsewhere_stays() -> None:
    (story, *_) = discovery.load([Path("scenarios/payroll/regular_run.yaml")], ())
    kept = [step for step in without_bi(story).steps if getattr(step.params, "nobody_identified_in", ())]
    assert [step.params.nobody_identified_in for step in kept] == [("ledger", "bank", "log", "files")]
