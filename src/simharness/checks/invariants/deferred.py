"""V22: deferred revenue rolls forward, a deal line at a time: billed - recognised - credited = still deferred."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal

from simharness.checks.arithmetic.months import last_day
from simharness.checks.deferred import Deferrals, DeferredLine, Taken
from simharness.checks.effects import Effect, entry_object
from simharness.checks.findings import Reporter, amount, document_object, not_applicable, source_object
from simharness.checks.scope import Scope
from simharness.core.money import Money
from simharness.domain.books import Entry
from simharness.domain.finding import CheckResult

_ZERO = Decimal(0)
#: Documents that bill, and documents that take back.
_DOCUMENTS = frozenset({"invoice", "sales_receipt", "credit_memo", "refund_receipt"})


def deferred_rolls_forward(scope: Scope) -> CheckResult:
    """V22: each line's recognition by period, what credits take of it, and what the account holds in the end."""
    if scope.ledger is None or not scope.book.recognition:
        return not_applicable("V22", "this company's dictionary defers no revenue")
    if not scope.references.declares("recognition"):
        return not_applicable("V22", "the connector declares no reference rule for recognition")
    report = Reporter("V22", scope.record.header)
    deferrals = Deferrals(scope)
    posted: defaultdict[tuple[str, str], list[Effect]] = defaultdict(list)
    for effect in scope.effects.naming("recognition"):
        posted[effect.id, effect.state[:7]].append(effect)
    refused = _ZERO
    for line in deferrals.lines.values():
        for period in sorted({*line.entries, *(each for line_id, each in posted if line_id == line.line_id)}):
            refused += _recognised(scope, report, line, period, posted.pop((line.line_id, period), []))
    for (line_id, period), effects in posted.items():
        _uncalled(scope, report, line_id, period, effects)
    for taken in deferrals.taken.values():
        _credited(scope, report, taken)
    _closing(scope, report, deferrals, refused)
    return report.result("nothing was billed that is deferred")


def _moved(scope: Scope, entry: Entry) -> Decimal:
    """By how much an entry raises the liability."""
    accounts = scope.accounts_with("deferred_revenue")
    return -sum((line.amount.amount for line in entry.lines if line.account in accounts), _ZERO)


def _recognised(scope: Scope, report: Reporter, line: DeferredLine, period: str, effects: list[Effect]) -> Decimal:
    """Judge what became revenue in a period; gives how much of it is listed as refused instead."""
    report.examined += 1
    should = line.entries.get(period, _ZERO)
    found = -sum((_moved(scope, effect.entry) for effect in effects), _ZERO)
    currency, key = scope.dictionary.currency, f"{line.line_id}:{period}"
    source = f"recognition:{line.line_id}:{period}"
    if found != should:
        if not effects and scope.judged.listed.refused(source):
            return should
        report.found(
            key,
            f"deal line {line.line_id} ({line.line.product}) is not recognised in {period} as its service goes by",
            expected=amount(should, currency),
            actual=amount(found, currency),
            objects=_objects(scope, line, effects),
            at_risk=Money(found - should, currency),
            origin=line.origin,
        )
        return _ZERO
    day = last_day(period)
    for effect in effects:
        _placed(scope, report, line, key, effect)
        if not scope.judged.closings.may_bear(day, effect.entry.date, effect.entry.created_at):
            report.found(
                f"{key}:day",
                f"revenue of deal line {line.line_id} for {period} is recognised on another day",
                expected=day,
                actual=effect.entry.date,
                objects=_objects(scope, line, [effect]),
                at_risk=Money(should, currency),
                origin=line.origin,
            )
    return _ZERO


def _placed(scope: Scope, report: Reporter, line: DeferredLine, key: str, effect: Effect) -> None:
    """The revenue is on the account of the line, and both sides are of its cost centre, so that each centre closes."""
    accounts = scope.accounts_with("deferred_revenue")
    right = (line.line.income, line.line.cost_centre)
    for posting in effect.entry.lines:
        place = (scope.number_of(posting.account), posting.cost_centre)
        wanted = (place[0], right[1]) if posting.account in accounts else right
        if place == wanted:
            continue
        centre = f" of {wanted[1]}" if wanted[1] else ""
        report.found(
            f"{key}:place",
            f"revenue of deal line {line.line_id} is recognised on another account or cost centre",
            expected=f"{scope.number_label(wanted[0])}{centre}",
            actual=f"{scope.account_label(posting.account)}" + (f" of {place[1]}" if place[1] else ""),
            objects=_objects(scope, line, [effect]),
            at_risk=posting.amount,
            origin=line.origin,
        )


def _uncalled(scope: Scope, report: Reporter, line_id: str, period: str, effects: list[Effect]) -> None:
    report.examined += 1
    found = -sum((_moved(scope, effect.entry) for effect in effects), _ZERO)
    report.found(
        f"{line_id}:{period}:uncalled",
        f"revenue of a line {line_id} is recognised, of which nothing was deferred",
        expected="nothing",
        actual=amount(found, scope.dictionary.currency),
        objects=[entry_object(scope.vendors.get("accounting", ""), effect.entry) for effect in effects],
        at_risk=Money(found, scope.dictionary.currency),
    )


def _credited(scope: Scope, report: Reporter, taken: Taken) -> None:
    """A credit takes what is not given yet first."""
    report.examined += 1
    document, ledger = taken.back.document, scope.ledger
    entries = [each for each in (ledger.entries if ledger else ())
               if (each.source, each.source_id) == (document.kind, document.id)]  # fmt: skip
    found = -sum((_moved(scope, entry) for entry in entries), _ZERO)
    if found == taken.deferred:
        return
    currency = document.currency
    report.found(
        f"credited:{document.kind}:{document.id}",
        f"{taken.back.source} does not take what is still deferred first",
        expected=f"{amount(taken.deferred, currency)} of deferred revenue, {amount(taken.given, currency)} of revenue",
        actual=f"{amount(found, currency)} of deferred revenue",
        objects=[document_object(scope.vendors.get("accounting", ""), document)],
        at_risk=Money(found - taken.deferred, currency),
    )


def _closing(scope: Scope, report: Reporter, deferrals: Deferrals, refused: Decimal) -> None:
    """What the connector left on the account is what its lines leave, less what is listed as refused."""
    report.examined += 1
    sums: defaultdict[str, Decimal] = defaultdict(Decimal)
    for entry in scope.ledger.entries if scope.ledger else ():
        if scope.by_connector(entry.created_by):
            kind = entry.source if entry.source in _DOCUMENTS else "recognised"
            sums[kind] += _moved(scope, entry)
    found = sum(sums.values(), _ZERO)
    billed = sum((line.billed for line in deferrals.lines.values()), _ZERO)
    credited = sum((line.credited for line in deferrals.lines.values()), _ZERO)
    recognised = sum((line.recognised for line in deferrals.lines.values()), _ZERO) - refused
    should = billed - credited - recognised
    waiting = any(scope.judged.listed.refused(line.document.deal_id) for line in deferrals.lines.values())
    if found == should or waiting:
        return
    currency = scope.dictionary.currency
    report.found(
        "closing",
        f"{scope.number_label(scope.book.account_with('deferred_revenue'))} does not roll forward",
        expected=f"{amount(should, currency)} = billed {amount(billed, currency)} - recognised "
        f"{amount(recognised, currency)} - credited {amount(credited, currency)}",
        actual=f"{amount(found, currency)} = billed {amount(sums['invoice'] + sums['sales_receipt'], currency)} - "
        f"recognised {amount(-sums['recognised'], currency)} - credited "
        f"{amount(-sums['credit_memo'] - sums['refund_receipt'], currency)}",
        at_risk=Money(found - should, currency),
    )


def _objects(scope: Scope, line: DeferredLine, effects: list[Effect]) -> list[str]:
    crm, vendor = scope.vendors.get("crm", ""), scope.vendors.get("accounting", "")
    deal = source_object(crm, "deal", line.document.deal_id, line.document.deal)
    entries = [entry_object(vendor, effect.entry) for effect in effects]
    return [deal, source_object(crm, "deal_line", line.line_id), *entries]
