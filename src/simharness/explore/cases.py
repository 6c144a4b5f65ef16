"""Cases and what came of them: one story, one plan, one outcome. Data that is written to NDJSON and merged anywhere."""

from __future__ import annotations

import enum
import hashlib
from collections.abc import Mapping

from msgspec.structs import replace

from simharness.domain.base import Record
from simharness.domain.fault import Plan
from simharness.domain.finding import Finding, Signature


class Case(Record, frozen=True, kw_only=True):
    """A story with a plan: `story_key` is the story's fingerprint, `where` its file and line.

    Equal cases give equal results for one connector, mapping and release of simharness.
    """

    story_key: str
    story: str
    where: str
    plan: Plan
    rng_seed: int = 0

    @property
    def id(self) -> str:
        """Sixteen hexadecimal digits for story, plan and seed; the place of the file does not count."""
        return hashlib.sha256(f"{self.story_key}\0{self.plan}\0{self.rng_seed}".encode()).hexdigest()[:16]


class Outcome(enum.Enum):
    """What came of a case. `rejected`: success was impossible, and the item is listed and alerted as it has to be.

    `not exercised`: nothing of the plan ever struck, or not all of it. `broken`: simharness could not play the case to
    its end; nothing is known. `represented`: it was not tried, since others stand for it that were; what came of those
    says what can be expected of it.
    """

    PASSED = "passed"
    FOUND = "found"
    NOT_EXERCISED = "not exercised"
    REJECTED = "rejected"
    BROKEN = "broken"
    REPRESENTED = "represented"


class Signed(Record, frozen=True, kw_only=True):
    """A finding with its signature: findings of one signature have one cause and are told as one."""

    signature: Signature
    finding: Finding


class CaseResult(Record, frozen=True, kw_only=True):
    """What came of a case. `calls` are the outbound calls of the connector that were played for it alone.

    `shared_with` is the plan of the case whose outcome this one shares without having been played to its end ("the
    clean run": from there on nothing could differ), `reason` why; of a represented one it has the ids of those that
    stand for it, and `also` the further calls, in the words of triggers, at which its last fault is represented by the
    same: so many cases more. Of a case that did not pass, `reason` says what was missing. `spent_us` is what each part
    took in real microseconds: it is no part of `told`, which is the same whatever the machine, the number of jobs and
    the hash seed.
    """

    case: Case
    outcome: Outcome
    findings: tuple[Signed, ...] = ()
    calls: int = 0
    shared_with: str = ""
    reason: str = ""
    also: tuple[str, ...] = ()
    spent_us: Mapping[str, int] = {}

    @property
    def told(self) -> CaseResult:
        """The result without what was measured, for digests and comparison."""
        return replace(self, spent_us={})
