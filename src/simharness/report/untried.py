"""Stories that did not try what they tell: something was to go wrong in them, and it never met the connector.

Such a story may well hold, and says nothing of what it is about: it is neither good nor has it findings.
"""

from __future__ import annotations

from simharness.checks.conduct.strikes import idle_of_story
from simharness.domain.played import Played
from simharness.report.explaining.layout import hanging

_INDENT = "  "
_LABEL = f"{'step':<12}"
_MEND = (
    "let it go wrong before the connector next asks that system for something, or before the news it is about; "
    "if nothing of the kind happens here, take the step out"
)


def is_untried(played: Played) -> bool:
    """Whether nothing is wrong with a story, and something that it lets go wrong never struck."""
    return not played.findings and bool(idle_of_story(played.record))


def untried_text(played: Played) -> str:
    """What never struck in a story, with its steps as they are written; "" where everything did."""
    idle = idle_of_story(played.record)
    if not idle:
        return ""
    written = {step.step: step.text for step in played.record.steps}
    lines = ["not tried: what is to go wrong here never struck, so what the story would show of it is not known"]
    for fact in idle:
        lines.append(f"{_INDENT}{_LABEL}{fact.where}")
        for line in written.get(fact.step, fact.told).splitlines():
            lines += hanging(_INDENT, " " * len(_LABEL), line.strip())
    return "\n".join([*lines, *hanging(_INDENT, "To mend it: ", _MEND)])
