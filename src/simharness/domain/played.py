"""A story that was played: its record with what the checks made of it. What reports and the gate read."""

from __future__ import annotations

from simharness.core.money import Money
from simharness.domain.base import Record
from simharness.domain.finding import CheckResult, Finding
from simharness.domain.record import RunRecord


class Played(Record, frozen=True, kw_only=True):
    """A record and the results of all checks on it, in the order in which the checks are listed."""

    record: RunRecord
    results: tuple[CheckResult, ...]

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Everything that is wrong, in the order of the checks."""
        return tuple(finding for result in self.results for finding in result.findings)

    @property
    def at_risk(self) -> tuple[Money, ...]:
        """The money the findings name, a sum a currency; two findings about one amount count twice."""
        sums: dict[str, Money] = {}
        for finding in self.findings:
            if finding.at_risk is not None:
                known = sums.get(finding.at_risk.currency)
                sums[finding.at_risk.currency] = known + finding.at_risk if known else finding.at_risk
        return tuple(sums[currency] for currency in sorted(sums))


class Broken(Record, frozen=True, kw_only=True):
    """A story that simharness itself could not play to its end; nothing is known about the connector.

    `unusable`: it was never begun, because of mistakes in its file.
    """

    story: str
    where: str
    message: str
    unusable: bool = False
