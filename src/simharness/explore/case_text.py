"""A case as text that a person can paste: the place of the story, then the plan.

`scenarios/payments/three_instalments.yaml:1 reply_lost@quickbooks.saveInvoice#1`
"""

from __future__ import annotations

import re
import shlex

from simharness.core.errors import UsageError, Where
from simharness.domain.fault import Plan, parse_plan
from simharness.explore.cases import Case

_TEXT = re.compile(r"(?P<file>.+?):(?P<line>\d+)(?:\s+(?P<plan>.*))?", re.DOTALL)


def case_text(case: Case) -> str:
    """The text of a case."""
    return f"{case.where} {case.plan}".rstrip()


def again(case: Case, flags: str) -> str:
    """The command that plays exactly this case again, a clean run as any other; `flags` bring the setting back."""
    if not case.plan.faults:
        file = case.where.rpartition(":")[0]
        return f"simharness run {shlex.quote(file)} -k {shlex.quote(case.story)} {flags}".rstrip()
    return f"simharness replay {shlex.quote(case_text(case))} {flags}".rstrip()


def parse_case(text: str) -> tuple[Where, Plan]:
    """The place of the story and the plan; raises `UsageError` that says how a case is written."""
    found = _TEXT.fullmatch(text.strip())
    if found is None:
        raise UsageError(
            f"{text!r} is no case",
            mend="write the place of a story and a plan in one argument, for example "
            "'scenarios/payments/three_instalments.yaml:1 reply_lost@quickbooks.saveInvoice#1', or give a case file",
        )
    return Where(found["file"], int(found["line"])), parse_plan(found["plan"] or "")
