"""R2: every document is posted once, on its day, with its amounts on the accounts that the dictionary names."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from decimal import Decimal
from types import MappingProxyType

from simharness.checks.findings import Reporter, amount, document_object
from simharness.checks.invariants.billing import item_lines
from simharness.checks.oracle.model import ExpectedDocument
from simharness.checks.reconciliations.breaks import BreakKind, Reconciliation
from simharness.checks.reconciliations.places import forgone_places
from simharness.checks.references import LinkedDocument
from simharness.checks.scope import Scope
from simharness.core.money import Money
from simharness.domain.books import Document, DocumentLine, Entry
from simharness.domain.finding import CheckResult
from simharness.domain.policy import DiscountPresentation

#: What each kind of document does to revenue and tax: billed or paid at once, and taken back.
SIGNS: Mapping[str, int] = MappingProxyType({"invoice": 1, "sales_receipt": 1, "credit_memo": -1, "refund_receipt": -1})
_RECEIPTS = frozenset({"sales_receipt", "refund_receipt"})
_ZERO = Decimal(0)


def invoices_to_ledger(scope: Scope, *, nothing_expected: bool = False) -> CheckResult:
    """Left: documents to customers, their line amounts on the accounts the dictionary names. Right: their entries.

    A document that answers to no deal is held against the accounts of its own lines; a loss and a settlement discount
    against theirs.
    """
    both = Reconciliation(Reporter("R2", scope.record.header), "documents", "journal entries")
    if scope.ledger is None:
        return both.result(nothing_expected=nothing_expected)
    expected = {linked.document.id: (should, linked) for should, linked in scope.pairing.pairs}
    entries: defaultdict[tuple[str, str], list[Entry]] = defaultdict(list)
    for entry in scope.ledger.entries:
        if entry.source in SIGNS:
            both.right_count += 1
            entries[(entry.source, entry.source_id)].append(entry)
    for document in scope.ledger.documents:
        if document.kind not in SIGNS:
            continue
        posted = entries.pop((document.kind, document.id), [])
        if document.status == "void" or not (document.total or document.net or posted):
            continue
        both.left_count += 1
        _document(both, scope, document, posted, expected.get(document.id))
    for (source, source_id), orphans in entries.items():
        for entry in orphans:
            debits = sum((line.amount.amount for line in entry.lines if line.amount.amount > 0), _ZERO)
            both.broken(
                BreakKind.MISSING_LEFT,
                f"{source}:{source_id}:{entry.id}",
                f"entry {entry.id} was posted by a {source.replace('_', ' ')} {source_id} that does not exist",
                right=amount(debits, scope.ledger.currency),
                objects=[f"{scope.ledger.vendor}:entry:{entry.id}"],
                at_risk=Money(debits, scope.ledger.currency),
            )
    forgone_places(both, scope)
    return both.result(nothing_expected=nothing_expected)


def _document(
    both: Reconciliation,
    scope: Scope,
    document: Document,
    posted: list[Entry],
    pair: tuple[ExpectedDocument, LinkedDocument] | None,
) -> None:
    item = f"{document.kind}:{document.id}"
    name = f"{document.kind.replace('_', ' ')} {document.number or document.id}"
    vendor = scope.vendors.get("accounting", "")
    origin = pair[0].origin if pair else None
    objects = [document_object(vendor, document), *(f"{vendor}:entry:{entry.id}" for entry in posted)]
    if not posted:
        if document.total:
            both.broken(
                BreakKind.MISSING_RIGHT, item, f"{name} has no entry", left=document.total, objects=objects,
                at_risk=document.total, origin=origin,
            )  # fmt: skip
        return
    if len(posted) > 1:
        both.broken(
            BreakKind.DUPLICATE, item, f"{name} has {len(posted)} entries", left=document.total,
            right=f"{len(posted)} entries", objects=objects, at_risk=document.total, origin=origin,
        )  # fmt: skip
    entry = posted[0]
    both.matched += 1
    if entry.date != document.date:
        both.broken(
            BreakKind.DATE, item, f"{name} is posted on another day", left=document.date, right=entry.date,
            objects=objects, at_risk=document.total, origin=origin,
        )  # fmt: skip
    should = _should(scope, document, pair)
    found: defaultdict[str, Decimal] = defaultdict(Decimal)
    for line in entry.lines:
        found[_label(scope, line.account)] += (line.amount if line.foreign is None else line.foreign).amount
    wrong = [key for key in dict.fromkeys([*should, *found]) if should.get(key, _ZERO) != found.get(key, _ZERO)]
    if wrong:
        currency = document.currency
        risk = max(abs(found.get(key, _ZERO) - should.get(key, _ZERO)) for key in wrong)
        both.broken(
            BreakKind.AMOUNT,
            item,
            f"{name} is posted with other amounts or on other accounts",
            left=", ".join(f"{key} {amount(should.get(key, _ZERO), currency)}" for key in wrong),
            right=", ".join(f"{key} {amount(found.get(key, _ZERO), currency)}" for key in wrong),
            objects=objects,
            at_risk=Money(risk, currency),
            origin=origin,
        )


def _label(scope: Scope, account_id: str) -> str:
    """Accounts compare by what the dictionary calls them; every receivable account is the receivable."""
    account = scope.accounts.get(account_id)
    if account is not None and account.kind == "receivable":
        return "receivable"
    number = scope.number_of(account_id)
    return scope.number_label(number) if number else scope.account_label(account_id)


def _should(
    scope: Scope, document: Document, pair: tuple[ExpectedDocument, LinkedDocument] | None
) -> dict[str, Decimal]:
    """The postings the document must have, debit positive, by account."""
    sign = SIGNS[document.kind]
    should: defaultdict[str, Decimal] = defaultdict(Decimal)
    paid_at_once = document.kind in _RECEIPTS
    should[_label(scope, document.account) if paid_at_once else "receivable"] += sign * document.total.amount
    accounts = _item_accounts(scope, pair)
    discounts = scope.book.account_with("discounts_given")
    for line in document.lines:
        if line.kind == "item":
            should[_line_account(scope, line, accounts)] -= sign * line.amount.amount
        elif line.kind == "discount":
            label = scope.number_label(discounts) if pair and discounts else _label(scope, line.account)
            should[label] += sign * line.amount.amount
    for group in document.taxes:
        code = scope.book.codes.get(group.code)
        label = scope.number_label(code.account) if code and code.account else _label(scope, group.account)
        should[label] -= sign * group.tax.amount
    return {key: value for key, value in should.items() if value}


def _line_account(scope: Scope, line: DocumentLine, accounts: dict[str, str]) -> str:
    number = accounts.get(line.id)
    return scope.number_label(number) if number else _label(scope, line.account)


def _item_accounts(scope: Scope, pair: tuple[ExpectedDocument, LinkedDocument] | None) -> dict[str, str]:
    """The dictionary's account number for each line id of a document that answers to a deal."""
    if pair is None:
        return {}
    expected, linked = pair
    items = item_lines(scope, linked)
    accounts: dict[str, str] = {}
    by_id = {line.line_id: line.account for line in expected.lines}
    by_product = {line.product: line.account for line in expected.sold}
    known = linked.reference.lines if len(linked.reference.lines) == len(items) else ()
    for position, line in enumerate(items):
        number = by_id.get(known[position], "") if known else by_product.get(line.item, "")
        if number:
            accounts[line.id] = number
    if len(expected.sold) < len(expected.lines):  # what sells nothing asks for the deposit, or takes it off
        deposits = scope.book.account_with("deposits")
        others = [line for line in linked.document.lines if line.kind == "item" and line.id not in accounts]
        accounts |= {line.id: deposits for line in others}
    if scope.book.policy.discounts is DiscountPresentation.CONTRA:
        discounts = scope.book.account_with("discounts_given")
        sold = {line.id for line in items}
        for line in linked.document.lines:
            if line.kind == "item" and line.id not in sold:
                accounts[line.id] = discounts
    return accounts
