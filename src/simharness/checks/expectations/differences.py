"""Expectations on what differs between two systems, who looks at it, and what the bank's statement shows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from simharness.checks.expectations.case import Case
from simharness.checks.expectations.elsewhere import RECONCILIATIONS
from simharness.checks.expectations.waiting import told_at, waiting_of
from simharness.domain.bank import BankLine
from simharness.domain.claims import Difference, DifferenceAssigned, ShowsDifferences, StatementLine, StatementShows
from simharness.domain.evidence import Alert
from simharness.domain.finding import Finding, Judgement

_NOTHING, _ANY = "nothing", "*"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Break:
    """A break as its finding tells it: the words that name it, and the figures of both sides."""

    names: frozenset[str]
    item: str
    left: str
    right: str
    reason: str
    finding: Finding

    def __str__(self) -> str:
        return f"{self.item}: {self.left} / {self.right}, {self.reason}"


def shows_differences(case: Case, said: ShowsDifferences) -> None:
    """An exact set: each difference that is listed takes one break that fits; none may be left on either side."""
    rest = list(_breaks(case, said.reconciliation))
    absent: list[Difference] = []
    for wanted in sorted(said.differences, key=_stated, reverse=True):
        fitting = next((each for each in rest if _fits(case, wanted, each)), None)
        if fitting is None:
            absent.append(wanted)
        else:
            rest.remove(fitting)
    if absent or rest:
        words = said.reconciliation.replace("_", " ")
        case.wrong(
            "differences",
            f"{words} shows other differences",
            "; ".join(map(_told, absent)) or "no further difference",
            "; ".join(map(str, rest)) or "no such difference",
            objects=[name for each in rest for name in each.finding.objects],
            at_risk=next((each.finding.at_risk for each in rest), None),
        )


def difference_assigned(case: Case, said: DifferenceAssigned) -> None:
    """The difference is there, and an alert that nobody cleared names it and its owner.

    What the connector lists as not posted is no break of a reconciliation, but it is a difference that somebody has.
    """
    names = _names_of(case, said.difference)
    found = [each for name, _ in RECONCILIATIONS for each in _breaks(case, name) if names & each.names]
    if not found and not any(names & set(source.split(":")) for source in _listed(case)):
        case.wrong("absent", f"there is no difference {said.difference!r}", said.difference, "no such difference")
        return
    desk = case.scope.checkpoint.world.operations if case.scope.checkpoint else None
    alerts = [each for each in (desk.alerts if desk is not None else ()) if each.cleared_at is None]
    about = [each for each in alerts if any(name in f"{each.item} {each.text}" for name in names)]
    if not any(each.owner == said.owner for each in about):
        owners = ", ".join(dict.fromkeys(each.owner or "nobody" for each in about)) or "nobody"
        message = f"difference {said.difference!r} is not assigned to {said.owner!r}"
        case.wrong("owner", message, said.owner, owners, objects=[o for each in found for o in each.finding.objects])


def statement_shows(case: Case, said: StatementShows) -> None:
    """An exact set of the posted lines that are dated in the month."""
    bank = case.scope.bank
    lines = bank.lines if bank is not None else ()
    rest = [line for line in lines if line.status == "posted" and f"{line.date:%Y-%m}" == said.period]
    absent: list[StatementLine] = []
    for wanted in sorted(said.lines, key=_stated_line, reverse=True):
        fitting = next((line for line in rest if _is_line(wanted, line)), None)
        if fitting is None:
            absent.append(wanted)
        else:
            rest.remove(fitting)
    if absent or rest:
        case.wrong(
            "statement",
            f"the bank statement for {said.period} shows other lines",
            "; ".join(map(_told_line, absent)) or "no further line",
            "; ".join(map(_shown_line, rest)) or "no such line",
            at_risk=next((line.amount for line in rest), next((line.amount for line in absent if line.amount), None)),
        )


def _breaks(case: Case, name: str) -> Iterator[_Break]:
    run = next(run for known, run in RECONCILIATIONS if known == name)
    gateway = case.scope.gateway
    # A fee or a refund stands under the gateway's own line, which says of what payment it is.
    sources = {line.id: line.source for line in (gateway.balance_lines if gateway is not None else ())}
    for scope in case.scopes:
        result = run(scope)
        for finding in result.findings if result.judgement is Judgement.FOUND else ():
            _, kind, item = finding.key.split(":", 2)
            objects = [part for each in finding.objects for part in _parts(each)]
            yield _Break(
                names=frozenset([item, *item.split(":"), *objects, *(sources[id] for id in objects if id in sources)]),
                item=item,
                left=finding.expected.partition(": ")[2],
                right=finding.actual.partition(": ")[2],
                reason=kind.replace("-", " "),
                finding=finding,
            )


def _listed(case: Case) -> Iterator[str]:
    """What the connector's evidence holds at the step: what waits for an operator, and what it told somebody of."""
    yield from waiting_of(case)
    until = case.until
    told: dict[str, str] = {}
    for row in case.judged.record.evidence:
        if isinstance(row, Alert) and (until is None or told_at(row) <= until):
            told[row.incident] = row.source if row.cleared_at is None else ""
    yield from told.values()


def _parts(name: str) -> Iterator[str]:
    """The id of an object, and what people call it: `quickbooks:invoice:12 (1001)`."""
    reference, _, called = name.partition(" (")
    yield reference.rpartition(":")[2]
    if called:
        yield called.removesuffix(")")


def _names_of(case: Case, reference: str) -> frozenset[str]:
    return case.names.ids_of(reference) | {reference}


def _fits(case: Case, wanted: Difference, found: _Break) -> bool:
    return (
        bool(_names_of(case, wanted.reference) & found.names)
        and _holds(wanted.left, found.left, _NOTHING)
        and _holds(wanted.right, found.right, _NOTHING)
        and _holds(wanted.reason, found.reason, "")
    )


def _holds(wanted: str | None, found: str, nothing: str) -> bool:
    """Whether a cell holds: None is not checked, "" wants nothing, `*` something."""
    if wanted is None:
        return True
    return found == (wanted or nothing) or (wanted == _ANY and found not in ("", nothing))


def _stated(difference: Difference) -> int:
    return sum(each not in (None, _ANY) for each in (difference.left, difference.right, difference.reason))


def _told(difference: Difference) -> str:
    left, right, reason = (
        "anything" if each is None else "something" if each == _ANY else each or _NOTHING
        for each in (difference.left, difference.right, difference.reason)
    )
    return f"{difference.reference}: {left} / {right}, {'whatever reason' if reason == 'anything' else reason}"


def _is_line(wanted: StatementLine, line: BankLine) -> bool:
    return (
        wanted.date in (None, line.date)
        and wanted.amount in (None, line.amount)
        and _holds(wanted.reference, line.reference, "")
        and _holds(wanted.counterparty, line.counterparty, "")
    )


def _stated_line(line: StatementLine) -> int:
    return sum(each not in (None, _ANY) for each in (line.date, line.amount, line.reference, line.counterparty))


def _told_line(line: StatementLine) -> str:
    words = _cells(("day", line.date), ("amount", line.amount), ("reference", line.reference))
    return " ".join((*words, *_cells(("counterparty", line.counterparty))))


def _cells(*cells: tuple[str, object]) -> Iterator[str]:
    for name, value in cells:
        yield f"any {name}" if value in (None, _ANY) else str(value) or f"no {name}"


def _shown_line(line: BankLine) -> str:
    return " ".join(filter(None, (str(line.date), str(line.amount), line.reference, line.counterparty)))
