"""`junit.xml` of an exploration: a test suite a story file, a test case a story, with its findings by signature.

It carries no times and no host name, so that equal explorations give equal files.
"""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree as Xml

from simharness.explore.case_text import again
from simharness.explore.cases import CaseResult, Outcome
from simharness.explore.store import End
from simharness.explore.summary import Summary
from simharness.explore.units import Unit
from simharness.report.junit import Suites, clean
from simharness.report.words import finding_text


class ExplorationJunit:
    """Collects test cases unit by unit; `keep` writes the file."""

    def __init__(self, target: Path, flags: str) -> None:
        self._suites = Suites(target, "simharness explore")
        self._flags = flags
        self._summary = Summary()

    def add(self, unit: Unit, result: CaseResult | None, end: End | None) -> None:
        """Count a result for its unit; its end makes the test case."""
        self._summary.add(unit, result, end)
        if end is not None:
            self._case(unit, self._summary)
            self._summary = Summary()

    def keep(self) -> None:
        """Write the file and put it in place."""
        self._suites.keep()

    def _case(self, unit: Unit, summary: Summary) -> None:
        file, _, line = unit.where.rpartition(":")
        case = self._suites.case(file, unit.title, line, elsewhere="random stories")
        if summary.broken:
            first = summary.broken[0]
            error = Xml.SubElement(case, "error", message=clean(first.reason.splitlines()[0]), type="HarnessFault")
            error.text = clean(f"{first.reason}\n  case      {again(first.smallest, self._flags)}")
        groups = summary.groups
        if groups:
            title = f"{len(groups)} finding{'s' if len(groups) > 1 else ''} by signature: {groups[0].signature}"
            failure = Xml.SubElement(case, "failure", message=clean(title), type=groups[0].signature.check)
            failure.text = clean(
                "\n\n".join(
                    f"{group.signature} ({group.cases} cases)\n{finding_text(group.finding)}\n"
                    f"  case      {again(group.smallest, self._flags)}"
                    for group in groups
                )
            )
        if not summary.exercised and not summary.broken:
            Xml.SubElement(case, "skipped", message="no case of it was exercised")
        out = Xml.SubElement(case, "system-out")
        told = [f"{one.value}: {summary.outcomes[one]}" for one in Outcome]
        told += [f"not exercised, {count}: {reason}" for reason, count in sorted(summary.idle.items())]
        told += [f"shared, {count}: {reason}" for reason, count in sorted(summary.shared.items())]
        told += [f"represented by others, {count}: {came}" for came, count in summary.represented.items()]
        out.text = clean("\n".join(told))
