"""F1: a run with faults ends as it would have ended without them. The runner makes both runs; this compares."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from simharness.checks.convergence.given_up import GivenUp, may_fail
from simharness.checks.convergence.said import Said, State
from simharness.checks.convergence.state import business_state
from simharness.checks.convergence.told import CONNECTOR
from simharness.checks.findings import Reporter, not_applicable
from simharness.core.money import Money
from simharness.domain.finding import CheckResult, Judgement, Severity
from simharness.domain.record import RunRecord

#: Nouns that say how the connector stands to an item; they are no money themselves.
_TOLD = frozenset({"alert", "reject", "dead letter"})
#: What follows from everything else, so that what was given up shows in it.
_DERIVED = frozenset({"metric"})


def converged(baseline: RunRecord | State, faulted: RunRecord) -> CheckResult:
    """Compare the ends of two runs of one story: without faults (with the plan's own acts on the world), and with them.

    Passed with a reason means that something was given up as it has to be: listed, alerted, and nothing half-written.
    Not exercised when a fault of the plan never struck and nothing differs. A state may stand for the baseline's record
    where many runs are held against one.
    """
    if faulted.final is None or (isinstance(baseline, RunRecord) and baseline.final is None):
        return not_applicable("F1", "one of the two runs reached no checkpoint")
    clean = business_state(baseline) if isinstance(baseline, RunRecord) else baseline
    return _Comparison(clean, faulted).result()


class _Comparison:
    """One comparison: what is missing, further or changed, and what of that is excused."""

    def __init__(self, clean: State, faulted: RunRecord) -> None:
        self._faulted = faulted
        self._report = Reporter("F1", faulted.header)
        self._given_up = GivenUp(faulted, clean.items)
        ended = business_state(faulted)
        with_bi = clean.shows_bi and ended.shows_bi
        left = Counter(item for item in clean.items if with_bi or item.noun != "metric")
        right = Counter(item for item in ended.items if with_bi or item.noun != "metric")
        self._report.examined = left.total()
        self._missing = _by_what((left - right).elements())
        self._further = _by_what((right - left).elements())
        self._there = {item.group for item in ended.items if item.group}
        self._lost: dict[str, Said] = {}

    def result(self) -> CheckResult:
        names = list(dict.fromkeys([*self._missing, *self._further]))
        later = []
        for name in names:
            was, ended = self._missing.get(name, []), self._further.get(name, [])
            item = (was or ended)[0]
            if self._is_posting(item):
                continue
            if item.noun in _TOLD or (was and len(was) == len(ended)):
                later.append(name)
            elif ended:
                self._too_much(ended[len(was) :], was)
            else:
                self._lack(was)
        for name in later:  # what follows from a lack can be told once all lacks are known
            was, ended = self._missing.get(name, []), self._further.get(name, [])
            if (was or ended)[0].noun in _TOLD:
                self._told(was, ended)
            else:
                self._changed(was, ended)
        return self._judged(self._report.result("both runs ended with nothing"))

    def _is_posting(self, item: Said) -> bool:
        """Whether an item is only what a document that differs as well posts: one mistake is not told twice."""
        document = f"{item.system} {item.name.removeprefix('of ')}"
        return item.noun == "entry" and (document in self._missing or document in self._further)

    def _judged(self, result: CheckResult) -> CheckResult:
        if result.judgement is not Judgement.PASSED:
            return result
        struck = Counter(each.fault for each in self._faulted.fault_log)
        idle = [str(fault) for fault in self._faulted.header.plan.faults if not struck[fault]]
        if idle or not struck:
            reason = f"nothing was met by {', '.join(idle)}" if idle else "no fault struck"
            return CheckResult(check="F1", judgement=Judgement.NOT_EXERCISED, reason=reason)
        if self._lost:
            reason = f"given up, listed and alerted: {', '.join(self._lost)}"
            return CheckResult(check="F1", judgement=Judgement.PASSED, examined=result.examined, reason=reason)
        return result

    def _lack(self, items: list[Said]) -> None:
        """Missing at the end: excused only if it is listed, alerted, and nothing of it was written."""
        item = items[0]
        row = self._given_up.row_of(item)
        if row is None:
            self._tell("missing", items, [], f"the run with faults ends without {item.what}", "nothing")
            return
        if item.group and item.group in self._there:
            self._tell(
                "half-written", items, [], f"{row.source} was given up half-written: {item.what} is missing", "nothing"
            )
        elif not may_fail(self._faulted.header.plan):
            self._tell(
                "given-up", items, [], f"{row.source} was given up, though the fault passed by itself", row.reason
            )
        else:
            untold = self._given_up.untold(row, item.worth if item.group else None)
            if untold:
                self._tell("untold", items, [], f"{row.source} was given up, and {untold}", untold)
        self._lost.setdefault(row.source, item)

    def _too_much(self, items: list[Said], was: list[Said]) -> None:
        item = items[0]
        row = self._given_up.row_of(item)
        if row is not None:
            said = f"{row.source} was given up half-written: {item.what} is there"
            self._tell("half-written", was, items, said, item.says)
            return
        again = "once more " if was or item.group in self._there - {""} else ""
        self._tell("further", was, items, f"the run with faults ends {again}with a further {item.what}", item.says)

    def _changed(self, was: list[Said], ended: list[Said]) -> None:
        before, after = was[0], ended[0]
        alike = sorted(each.content for each in was) == sorted(each.content for each in ended)
        if alike and self._follows(before):
            return
        self._tell("changed", was, ended, f"the run with faults ends with another {before.what}", after.says)

    def _follows(self, item: Said) -> bool:
        """Whether what later events made of an item is other because one of them was given up."""
        if not self._lost:
            return False
        if item.noun in _DERIVED or self._given_up.row_of(item) is not None:
            return True
        return bool(item.party) and any(lost.party == item.party for lost in self._lost.values())

    def _told(self, was: list[Said], ended: list[Said]) -> None:
        """Alerts, refusals and dead letters: those of what was given up belong to it."""
        for item in ended:
            row = self._given_up.row_of(item)
            if row is None or row.source not in self._lost:
                said = f"the run with faults leaves {item.what} open"
                self._tell("left-open", was, [item], said, item.says or "open", severity=Severity.CONDUCT)
        for item in was:
            if not ended:
                said = f"the run with faults never told of {item.what}"
                self._tell("missing", [item], [], said, "nothing", severity=Severity.CONDUCT)

    def _tell(
        self,
        how: str,
        was: list[Said],
        ended: list[Said],
        message: str,
        actual: str,
        *,
        severity: Severity | None = None,
    ) -> None:
        item = (was or ended)[0]
        self._report.found(
            f"{item.system}:{how}:{_kind(item)}:{item.name}",
            message,
            expected=" and ".join(each.says or each.what for each in was) or "nothing",
            actual=actual,
            objects=[f"{item.system}:{item.noun}:{item.name}"],
            at_risk=_at_risk(was, ended),
            severity=severity or (Severity.CONDUCT if item.system == CONNECTOR else None),
        )


def _by_what(items: Iterable[Said]) -> dict[str, list[Said]]:
    found: dict[str, list[Said]] = {}
    for item in items:
        found.setdefault(f"{item.system} {item.what}", []).append(item)
    return found


def _kind(item: Said) -> str:
    """The noun, and of what it is where it names a source: `journal-fee`, `invoice-deal`."""
    return "-".join(filter(None, (item.noun.replace(" ", "-"), item.group.partition(":")[0])))


def _at_risk(was: list[Said], ended: list[Said]) -> Money | None:
    """What the two sides differ by, or the worth of what is on one side or is told otherwise."""
    left, right = (next((each.worth for each in side if each.worth is not None), None) for side in (was, ended))
    if left is not None and right is not None and left.currency == right.currency and left != right:
        return left - right
    return right if left is None else left
