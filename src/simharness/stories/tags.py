"""The tags a story may carry. There are no free tags: a word nobody else knows selects nothing."""

from __future__ import annotations

import re
from datetime import date

from simharness.stories.nearest import suggestion

#: What a tag says about a story's weight, and the areas of finance.
TAGS = (
    "money", "fault", "close", "pii", "slow",
    "billing", "payments", "deposits", "refunds", "credits", "gateway", "bank", "payroll", "discounts", "taxes",
    "customers", "deals", "ledger", "reconcile", "bi", "middleware", "entities", "topologies",
    "schedules", "recognition", "access",
)  # fmt: skip
_CONTROL = re.compile(r"^control:[A-Z]{2,5}-\d{2,4}$")
_OWNER = re.compile(r"^owner:[a-z][a-z_-]*$")
_WAIVER = re.compile(r"^waiver:[A-Z]+-\d+:(\d{4}-\d{2}-\d{2})$")


def problem_of(tag: str) -> tuple[str, str] | None:
    """What is wrong with a tag and what would be right, or None."""
    if tag in TAGS or _CONTROL.match(tag) or _OWNER.match(tag):
        return None
    waiver = _WAIVER.match(tag)
    if waiver is not None:
        try:
            date.fromisoformat(waiver[1])
        except ValueError:
            return f"the waiver {tag!r} ends on a day that does not exist", "write waiver:TICKET-1:2026-12-31"
        return None
    forms = {"control": "control:REC-01", "owner": "owner:ar", "waiver": "waiver:FIN-812:2026-12-31"}
    kind = tag.partition(":")[0]
    if kind in forms:
        return f"the tag {tag!r} has not the form of a {kind}", f"write it as {forms[kind]}"
    return f"unknown tag {tag!r}", suggestion(tag, (*TAGS, *forms.values()))
