"""What a whole run came to: stories, checks and findings counted, and what could not be judged."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from simharness.checks.access.keys import unused_scopes, used_scopes
from simharness.core.money import Money
from simharness.domain.connector import ConnectorInfo
from simharness.domain.fault import Fault
from simharness.domain.finding import Judgement, Severity
from simharness.domain.played import Broken, Played
from simharness.report.untried import is_untried


@dataclass(slots=True)
class Tally:
    """Counts that grow story by story. `untried` are those in which something was to go wrong and never struck,
    `unusable` those that were not begun because of mistakes. `unjudged` counts (check, judgement, reason) over stories;
    `used` are the scopes that the connector's requests needed, by vendor; `strikes` are the stories in which each fault
    of the plan struck.
    """

    ok: int = 0
    with_findings: int = 0
    untried: int = 0
    broken: int = 0
    unusable: int = 0
    judgements: Counter[Judgement] = field(default_factory=Counter)
    severities: Counter[Severity] = field(default_factory=Counter)
    unjudged: Counter[tuple[str, Judgement, str]] = field(default_factory=Counter)
    at_risk: dict[str, Money] = field(default_factory=dict)
    used: dict[str, set[str]] = field(default_factory=dict)
    strikes: Counter[Fault] = field(default_factory=Counter)
    connector: ConnectorInfo | None = None

    def add(self, played: Played | Broken) -> None:
        """Count one more story."""
        if isinstance(played, Broken):
            self.broken += not played.unusable
            self.unusable += played.unusable
            return
        if played.findings:
            self.with_findings += 1
        elif is_untried(played):
            self.untried += 1
        else:
            self.ok += 1
        self.connector = played.record.header.connector
        struck = {each.fault for each in played.record.fault_log}
        self.strikes.update({fault: int(fault in struck) for fault in played.record.header.plan.faults})
        for vendor, scopes in used_scopes(played.record).items():
            self.used.setdefault(vendor, set()).update(scopes)
        for result in played.results:
            self.judgements[result.judgement] += 1
            if result.judgement in (Judgement.NOT_APPLICABLE, Judgement.NOT_EXERCISED):
                self.unjudged[(result.check, result.judgement, result.reason)] += 1
        for finding in played.findings:
            self.severities[finding.severity] += 1
        for money in played.at_risk:
            known = self.at_risk.get(money.currency)
            self.at_risk[money.currency] = known + money if known else money

    @property
    def idle(self) -> tuple[Fault, ...]:
        """The faults of the plan that struck in no story: what they were to show was not tried."""
        return tuple(fault for fault, stories in self.strikes.items() if not stories)

    @property
    def unused_scopes(self) -> tuple[str, ...]:
        """Scopes that the connector asks for and no request of any story needed: nobody's fault, and worth a look."""
        return unused_scopes(self.connector, self.used) if self.connector is not None else ()

    @property
    def stories(self) -> int:
        """How many stories were begun."""
        return self.ok + self.with_findings + self.untried + self.broken

    @property
    def checks(self) -> int:
        """How many checks were made, those that could not be judged included."""
        return self.judgements.total()

    @property
    def judged(self) -> int:
        """How many checks came to a judgement, good or bad."""
        return self.judgements[Judgement.PASSED] + self.judgements[Judgement.FOUND]

    @property
    def findings(self) -> int:
        """How many findings there are."""
        return self.severities.total()

    @property
    def exit_code(self) -> int:
        """3 when a story could not be played, 2 when one could not even be begun because of a mistake in its file, 1
        when there are findings, 4 when nothing at all was judged or a fault never struck (of the plan: in any story;
        of a story: in it), else 0.
        """
        if self.broken:
            return 3
        if self.unusable:
            return 2
        if self.findings:
            return 1
        return 0 if self.judged and not self.idle and not self.untried else 4
