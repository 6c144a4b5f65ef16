"""What every reconciliation gives: how many items matched, and the breaks by kind with ids and amounts."""

from __future__ import annotations

import enum
from collections.abc import Iterable
from dataclasses import dataclass, field

from msgspec import structs

from simharness.checks.findings import Reporter
from simharness.checks.oracle.model import Origin
from simharness.core.money import Money
from simharness.domain.finding import CheckResult, Judgement


class BreakKind(enum.Enum):
    """The ways in which two sides can differ."""

    MISSING_LEFT = "missing left"
    MISSING_RIGHT = "missing right"
    AMOUNT = "amount"
    DATE = "date"
    DUPLICATE = "duplicate"


@dataclass(slots=True)
class Reconciliation:
    """Collects items and breaks of one reconciliation; `left` and `right` name the two sides in words."""

    report: Reporter
    left: str
    right: str
    left_count: int = 0
    right_count: int = 0
    matched: int = 0
    _broken: set[str] = field(default_factory=set)

    def broken(
        self,
        kind: BreakKind,
        item: str,
        message: str,
        *,
        left: object = "nothing",
        right: object = "nothing",
        objects: Iterable[str] = (),
        at_risk: Money | None = None,
        origin: Origin | None = None,
    ) -> None:
        """Report a break: the figures of both sides, and the item by its reference."""
        self._broken.add(item)
        self.report.found(
            f"{kind.value.replace(' ', '-')}:{item}",
            f"{kind.value}: {message}",
            expected=f"{self.left}: {left}",
            actual=f"{self.right}: {right}",
            objects=objects,
            at_risk=at_risk,
            origin=origin,
        )

    def result(self, *, nothing_expected: bool = False) -> CheckResult:
        """Passed only if something was matched, or both sides are empty and the story declares that."""
        self.report.examined = self.left_count + self.right_count
        if not self.left_count and not self.right_count:
            if nothing_expected:
                return CheckResult(
                    check=self.report.check, judgement=Judgement.PASSED, reason="nothing was expected, nothing is there"
                )
            return self.report.result(f"both sides are empty: {self.left} and {self.right}")
        return structs.replace(self.report.result(), reason=f"{self.matched} matched, {len(self._broken)} broken")
