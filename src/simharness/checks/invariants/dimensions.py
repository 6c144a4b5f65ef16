"""V21: dimensions survive from the deal to the posting, and sum to the total."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from decimal import Decimal

from simharness.checks.findings import Reporter, amount, document_object
from simharness.checks.invariants.billing import item_lines
from simharness.checks.oracle.model import ExpectedDocument
from simharness.checks.references import LinkedDocument
from simharness.checks.scope import Scope
from simharness.core.money import Money
from simharness.domain.books import Entry
from simharness.domain.finding import CheckResult

_INCOME = frozenset({"income", "contra_income", "other_income"})
_ZERO = Decimal(0)


def dimensions_survive(scope: Scope) -> CheckResult:
    """V21: cost centre of every line and location of every document that a deal states, on document and entry."""
    report = Reporter("V21", scope.record.header)
    entries = _entries(scope)
    for expected, linked in scope.pairing.pairs:
        stated = expected.location or any(line.cost_centre for line in expected.lines)
        if not stated:
            continue
        report.examined += 1
        entry = entries.get((linked.document.kind, linked.document.id))
        _location(scope, report, expected, linked, entry)
        if any(line.cost_centre for line in expected.lines):
            _cost_centres(scope, report, expected, linked, entry)
    return report.result("no billed deal states a cost centre or location")


def _entries(scope: Scope) -> dict[tuple[str, str], Entry]:
    return {(entry.source, entry.source_id): entry for entry in (scope.ledger.entries if scope.ledger else ())}


def _location(
    scope: Scope, report: Reporter, expected: ExpectedDocument, linked: LinkedDocument, entry: Entry | None
) -> None:
    if not expected.location:
        return
    document = linked.document
    posted = {line.location for line in entry.lines if _is_income(scope, line.account)} if entry else set()
    if document.location != expected.location or posted - {expected.location}:
        shown = {document.location, *posted} - {expected.location}
        report.found(
            f"{expected.deal_id}:{expected.kind}:{linked.version}:location",
            f"the location of the {expected} did not survive",
            expected=f"location {expected.location}",
            actual=f"location {', '.join(sorted(place or 'none' for place in shown))}",
            objects=[document_object(scope.vendors.get("accounting", ""), document)],
            at_risk=document.net,
            origin=expected.origin,
        )


def _cost_centres(
    scope: Scope, report: Reporter, expected: ExpectedDocument, linked: LinkedDocument, entry: Entry | None
) -> None:
    """Compares the sums by cost centre, which also holds that they sum to the total."""
    document = linked.document
    items = item_lines(scope, linked)
    centres = _expected_centres(expected, linked, len(items))
    if centres is None:
        return
    should: defaultdict[str, Decimal] = defaultdict(Decimal)
    shown: defaultdict[str, Decimal] = defaultdict(Decimal)
    for centre, line in zip(centres, items, strict=True):
        should[centre] += line.amount.amount
        shown[line.cost_centre or document.cost_centre] += line.amount.amount
    _told(scope, report, expected, linked, "line", should, shown)
    if entry is None or any(line.kind == "discount" for line in document.lines):
        return  # A discount line covers the whole document and can bear one cost centre; the items were compared above.
    if len(items) != _sold(scope, linked):
        # Discounts on lines of their own belong to the cost centre of what they reduce: each centre shows its net.
        should = defaultdict(Decimal)
        for part in expected.sold:
            should[part.cost_centre] += part.net
    sign = -1 if document.kind == "invoice" else 1
    posted: defaultdict[str, Decimal] = defaultdict(Decimal)
    for posting in entry.lines:
        if _is_income(scope, posting.account):
            # A line of a document is told in its own currency, a posting also in that of the books.
            told = posting.amount if posting.foreign is None else posting.foreign
            posted[posting.cost_centre] += sign * told.amount
    _told(scope, report, expected, linked, "posting", should, posted)


def _sold(scope: Scope, linked: LinkedDocument) -> int:
    """The item lines with those of discounts, and without what takes a deposit off."""
    deposits = scope.book.account_with("deposits")
    items = [line for line in linked.document.lines if line.kind == "item"]
    return sum(1 for line in items if not deposits or scope.number_of(line.account) != deposits)


def _expected_centres(expected: ExpectedDocument, linked: LinkedDocument, items: int) -> list[str] | None:
    """The cost centre of each item line, by the line ids of the reference; None where lines cannot be told apart."""
    by_id = {line.line_id: line.cost_centre for line in expected.lines}
    if linked.reference.lines and len(linked.reference.lines) == items:
        return [by_id.get(line_id, "") for line_id in linked.reference.lines]
    different = set(by_id.values())
    return [different.pop()] * items if len(different) == 1 else None


def _told(
    scope: Scope,
    report: Reporter,
    expected: ExpectedDocument,
    linked: LinkedDocument,
    level: str,
    should: Mapping[str, Decimal],
    found: Mapping[str, Decimal],
) -> None:
    keys = [key for key in dict.fromkeys([*should, *found]) if should.get(key, _ZERO) != found.get(key, _ZERO)]
    if not keys:
        return
    currency = linked.document.currency
    risk = sum((abs(found.get(key, _ZERO) - should.get(key, _ZERO)) for key in keys), _ZERO) / 2
    report.found(
        f"{expected.deal_id}:{expected.kind}:{linked.version}:cost-centre:{level}",
        f"cost centres of the {expected} did not survive to its {level}s",
        expected=", ".join(f"{key or 'none'} {amount(should.get(key, _ZERO), currency)}" for key in keys),
        actual=", ".join(f"{key or 'none'} {amount(found.get(key, _ZERO), currency)}" for key in keys),
        objects=[document_object(scope.vendors.get("accounting", ""), linked.document)],
        at_risk=Money(risk, currency),
        origin=expected.origin,
    )


def _is_income(scope: Scope, account_id: str) -> bool:
    """Also what is revenue later: a deferred sale bears its dimensions from the beginning."""
    account = scope.accounts.get(account_id)
    deferred = account_id in scope.accounts_with("deferred_revenue")
    return deferred or (account is not None and account.kind in _INCOME)
