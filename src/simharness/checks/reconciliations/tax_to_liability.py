"""R7: the tax of documents, a month at a time, is what the liability accounts moved by."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal

from simharness.checks.arithmetic.rounding import minor_unit, rounded
from simharness.checks.effects import entry_object
from simharness.checks.findings import Reporter, amount
from simharness.checks.reconciliations.breaks import BreakKind, Reconciliation
from simharness.checks.reconciliations.invoices_to_ledger import SIGNS
from simharness.checks.scope import Scope
from simharness.core.money import Money
from simharness.domain.books import Document, Entry, LedgerSnapshot
from simharness.domain.finding import CheckResult

_ZERO = Decimal(0)


def tax_to_liability(scope: Scope, *, nothing_expected: bool = False) -> CheckResult:
    """Left: tax of documents by code, less relief claimed on write-offs. Right: the liability without remittances.

    A remittance is what somebody other than the connector moves on the liability; the connector itself posts only
    documents, write-offs and their recoveries there.
    """
    both = Reconciliation(Reporter("R7", scope.record.header), "tax of documents", "the liability account")
    ledger = scope.ledger
    if ledger is None:
        return both.result(nothing_expected=nothing_expected)
    charged: defaultdict[tuple[str, str], defaultdict[str, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
    for document in ledger.documents:
        if document.status != "void" and document.tax and document.kind in SIGNS:
            both.left_count += 1
            for code, account, tax in _groups(scope, document):
                charged[account, f"{document.date:%Y-%m}"][code] += SIGNS[document.kind] * tax
    accounts = _liabilities(scope, ledger)
    moved: defaultdict[tuple[str, str], Decimal] = defaultdict(Decimal)
    for entry in ledger.entries:
        for account, value in _moved(scope, entry, accounts).items():
            month = f"{entry.date:%Y-%m}"
            if entry.source in SIGNS:
                both.right_count += 1
                moved[account, month] += value
            elif any(effect.noun == "write_off" for effect in scope.effects.by_entry.get(entry.id, ())):
                continue  # The relief of a write-off is looked at below, also where nothing moved.
            elif scope.by_connector(entry.created_by):
                both.right_count += 1
                both.broken(
                    BreakKind.MISSING_LEFT, f"{entry.source}:{entry.source_id or entry.id}",
                    "the connector moved the tax liability without a document", right=amount(value, ledger.currency),
                    objects=[entry_object(ledger.vendor, entry)], at_risk=Money(value, ledger.currency),
                )  # fmt: skip
    invoices = {document.number: document for document in ledger.documents if document.kind == "invoice"}
    for effect in scope.effects.naming("write_off"):
        value = sum(_moved(scope, effect.entry, accounts).values(), _ZERO)
        several = len(scope.effects.of["write_off", effect.id]) > 2
        _relief(both, scope, effect.entry, invoices.get(effect.id), value, several=several)
    for key in dict.fromkeys([*charged, *moved]):
        _compare(both, scope, ledger, key, charged[key], moved[key])
    return both.result(nothing_expected=nothing_expected)


def _liabilities(scope: Scope, ledger: LedgerSnapshot) -> dict[str, str]:
    """The number of each liability account by its id: those of the codes, and the one of tax payable."""
    numbers = {code.account for code in scope.dictionary.tax_codes} | {scope.book.account_with("tax_payable")}
    found = {account.id: scope.number_of(account.id) for account in ledger.accounts}
    return {key: number for key, number in found.items() if number in numbers - {""}}


def _groups(scope: Scope, document: Document) -> list[tuple[str, str, Decimal]]:
    """Code, liability account and tax of each group; the dictionary names the account of a code."""
    found = []
    for group in document.taxes:
        code = scope.book.codes.get(group.code)
        number = code.account if code and code.account else scope.number_of(group.account)
        found.append((group.code, number or scope.book.account_with("tax_payable"), group.tax.amount))
    return found


def _moved(scope: Scope, entry: Entry, accounts: dict[str, str]) -> dict[str, Decimal]:
    """What an entry adds to the liabilities (credit positive), in the currency of the transaction."""
    sums: defaultdict[str, Decimal] = defaultdict(Decimal)
    for line in entry.lines:
        if line.account in accounts:
            value = line.amount if line.foreign is None else line.foreign
            sums[accounts[line.account]] -= value.amount
    return {account: value for account, value in sums.items() if value}


def _compare(
    both: Reconciliation,
    scope: Scope,
    ledger: LedgerSnapshot,
    key: tuple[str, str],
    codes: dict[str, Decimal],
    found: Decimal,
) -> None:
    account, month = key
    should = sum(codes.values(), _ZERO)
    if should == found:
        both.matched += 1
        return
    told = ", ".join(f"{code or 'no code'} {amount(tax, ledger.currency)}" for code, tax in codes.items() if tax)
    both.broken(
        BreakKind.AMOUNT,
        f"{account}:{month}",
        f"{scope.number_label(account)} did not move in {month} by the tax of the documents",
        left=f"{amount(should, ledger.currency)}" + (f" ({told})" if told else ""),
        right=amount(found, ledger.currency),
        objects=[f"{ledger.vendor}:account:{account} ({scope.number_label(account)})"],
        at_risk=Money(found - should, ledger.currency),
    )


def _relief(
    both: Reconciliation, scope: Scope, entry: Entry, invoice: Document | None, value: Decimal, *, several: bool
) -> None:
    """The tax share of a write-off (or, the other way round, of its recovery) is that of the invoice, to the cent.

    Of several parts of one loss each may bear a cent more or less, as long as one rounding takes what another leaves.
    """
    ledger = scope.ledger
    if ledger is None:
        return
    receivable = {account.id for account in ledger.accounts if account.kind == "receivable"}
    gross = sum((line.amount.amount for line in entry.lines if line.account in receivable), _ZERO)
    should = _ZERO
    if invoice is not None and scope.book.policy.write_off_tax_relief and invoice.total:
        share = invoice.tax.amount / invoice.total.amount
        should = rounded(gross * share, minor_unit(ledger.currency), scope.book.policy.rounding)
    both.left_count += bool(should)
    both.right_count += bool(value)
    if value == should or (several and abs(value - should) <= minor_unit(ledger.currency)):
        both.matched += bool(should)
        return
    both.broken(
        BreakKind.AMOUNT, f"{entry.source}:{entry.source_id or entry.id}",
        "a write-off moved the tax liability by another amount than the tax it holds" if should
        else "a write-off moved the tax liability, and these books claim no relief",
        left=amount(should, ledger.currency), right=amount(value, ledger.currency),
        objects=[entry_object(ledger.vendor, entry)], at_risk=Money(value - should, ledger.currency),
    )  # fmt: skip
