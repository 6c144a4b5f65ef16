"""Mutants of payroll, privacy, the close, recognition, deposits, groups and other programs."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import httpx

from tests.functional.broken import (
    advances,
    closers,
    indiscreet,
    mixed_up,
    payrolls,
    period_ends,
    recognising,
    topologies,
)
from tests.functional.broken.connectors import Wire, posts, rewritten
from tests.mutants.mutant import Mutant, Reach, Try, instead
from tests.mutants.wired import built, changed

_HERE = "tests/functional/broken"
_REF = "simharness.reference"
#: A key that opens the records of employees too, so that it could be indiscreet.
_CURIOUS = {"gusto": ("employees:read",)}
BONUSES = "tests/mutants/stories/off_cycle.yaml"


def _again_with_the_next(wire: Wire, request: httpx.Request) -> httpx.Request | None:
    """A run is sent once more, under another key and reference, together with the run that follows it."""
    if not posts(request, "journalentry"):
        return None
    body = json.loads(request.content)
    if not body.get("PrivateNote", "").startswith("gusto:payroll:"):
        return None
    if wire.learnt and wire.learnt != request.content.decode() and wire.first("again"):
        wire.inner.handle_request(rewritten(request, json.loads(wire.learnt), requestid="once-more"))
    wire.learnt = wire.learnt or request.content.decode()
    return None


def _into_the_old_period(reach: Reach, original: Any, run: Any, rules: Any) -> Any:
    day = original(run, rules)
    months = sorted({cost.month for cost in run.costs if cost.month})
    if months and months[0] < day.strftime("%Y-%m"):
        reach()
        from simharness.reference.payroll.journal import last_day

        return last_day(months[0])
    return day


def _of(factory: Callable[..., Any], story: str, fault: str, *checks: str, name: str = "", **more: Any) -> Mutant:
    return Mutant(
        name=name or fault,
        checks=checks,
        tries=(Try(story=f"{_HERE}/{story}.yaml"),),
        overrides=(built(factory, FAULT=fault),),
        **more,
    )


MUTANTS = (
    Mutant(name="an off-cycle run exported again with the regular one", checks=("V14", "V2"),
           tries=(Try(story=BONUSES),), overrides=(changed(_again_with_the_next),)),
    Mutant(name="retro pay into the old period", checks=("V14",),
           tries=(Try(story="scenarios/payroll/retro.yaml"),),
           overrides=(instead(f"{_REF}.payroll.journal:day_of", _into_the_old_period),)),
    _of(payrolls.build, "payroll", "puts all cost on one cost centre", "V14", "R5"),
    _of(payrolls.build, "payroll", "leaves the employer's taxes out", "V14", "V9"),
    _of(payrolls.build, "payroll", "posts a run twice", "V2", "V14", "R5"),
    _of(payrolls.build, "payroll", "dates a run by its cheques", "V14"),
    _of(payrolls.build, "payroll", "lets the provider take over twice", "R6", "V9"),
    _of(indiscreet.build, "people", "ledger", "C8", name="personal data in a memo", scopes=_CURIOUS),
    _of(indiscreet.build, "people", "files", "C8", name="personal data in a file that is not encrypted",
        scopes=_CURIOUS),
    _of(closers.build, "closing", "posts into a closed month", "V12", shows_bi=True),
    _of(closers.build, "closing", "loses what came too late", "V12", shows_bi=True),
    _of(closers.build, "closing", "approves adjustments itself", "V12", shows_bi=True),
    _of(recognising.build, "deferred", "recognises a month twice", "V2", "V22"),
    _of(recognising.build, "deferred", "makes a cent too much of the last month", "V22"),
    _of(advances.build, "deposits", "takes no deposit off", "V28", "R1"),
    _of(advances.build, "deposits", "keeps the tax of a deposit that goes back", "V16", "V28"),
    _of(period_ends.build, "period_end", "reverses nothing", "V29", "V17"),
    _of(period_ends.build, "period_end", "accrues by calendar days", "V29"),
    _of(mixed_up.build, "group", "owes the other entity nothing", "V19", "V10"),
    _of(mixed_up.build, "group", "books everything into the first entity", "V19", "R1"),
    _of(topologies.build, "beside", "does not look before it posts", "V2", "V20"),
    _of(topologies.build, "beside", "leaves out what the CRM owns", "V21"),
    _of(topologies.build, "elsewhere", "reminds nobody", "V20"),
)  # fmt: skip
