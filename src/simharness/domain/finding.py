"""What a check found: data, never an exception."""

from __future__ import annotations

import enum

from simharness.core.money import Money
from simharness.domain.base import Record


class Severity(enum.Enum):
    """How bad: `money` blocks a release, `conduct` is bad behaviour without a wrong figure yet, `notice` is to be
    read.
    """

    MONEY = "money"
    CONDUCT = "conduct"
    NOTICE = "notice"


class Finding(Record, frozen=True, kw_only=True):
    """One thing that is wrong. `check` is the stable id (V6, C5, R2, or a verb's name), `key` de-duplicates it over
    runs.

    `expected` and `actual` are the two figures in words; `objects` name what is concerned as `system:kind:id (name)`;
    `at_risk` is the money in question; `where` is file:line of the story step if one is concerned; `step` its number.
    """

    check: str
    severity: Severity
    key: str
    message: str
    expected: str = ""
    actual: str = ""
    objects: tuple[str, ...] = ()
    at_risk: Money | None = None
    step: int = 0
    where: str = ""
    reproduce: str = ""


class Signature(Record, frozen=True, kw_only=True):
    """What makes two findings of an exploration the same: the check, the cause (fault @ vendor.operation), and the
    shape (the finding's key without ids and figures).
    """

    check: str
    cause: str
    shape: str

    def __str__(self) -> str:
        return f"{self.check} after {self.cause}: {self.shape}"


class Judgement(enum.Enum):
    """What came of a check on a record."""

    PASSED = "passed"
    FOUND = "found"
    NOT_APPLICABLE = "not applicable"
    NOT_EXERCISED = "not exercised"


class CheckResult(Record, frozen=True, kw_only=True):
    """The result of one check: findings, or why it could not be judged. `examined` counts what it looked at."""

    check: str
    judgement: Judgement
    findings: tuple[Finding, ...] = ()
    examined: int = 0
    reason: str = ""
