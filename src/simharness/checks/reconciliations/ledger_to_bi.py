"""R8: what BI shows is what the ledger held when it was published."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from types import MappingProxyType

from simharness.checks.findings import Reporter, amount
from simharness.checks.metrics.payroll import runs_in_books
from simharness.checks.payroll.accounts import borne_by
from simharness.checks.payroll.split import COSTS
from simharness.checks.reconciliations.breaks import BreakKind, Reconciliation
from simharness.checks.scope import Judged, Scope
from simharness.core.money import Money
from simharness.domain.bi import BiReading, BiTable
from simharness.domain.books import LedgerSnapshot
from simharness.domain.finding import CheckResult

_ZERO = Decimal(0)

#: Figures of an item: name → amount, and its day ("" where it has none or several).
_Item = tuple[Mapping[str, Decimal], str]


@dataclass(frozen=True, slots=True)
class _Row:
    """A row of a table by column name; a missing column or NULL reads as ""."""

    values: Mapping[str, str | None]

    def text(self, column: str) -> str:
        return self.values.get(column) or ""

    def number(self, column: str) -> Decimal:
        return Decimal(self.values.get(column) or 0)


def ledger_to_bi(scope: Scope, *, nothing_expected: bool = False) -> CheckResult:
    """Left: documents, their lines and tax, payments and postings of the ledger. Right: the curated tables."""
    both = Reconciliation(Reporter("R8", scope.record.header), "the ledger", "BI")
    reading = scope.reading
    if reading is None:
        return both.report.result("no BI was read")
    ledger = ledger_at(scope.judged, reading)
    if ledger is None:
        return both.report.result("there is no ledger")
    tables = {table.name: table for table in reading.tables}
    for table, left, key, right in (
        ("fct_document", _documents(ledger), _document_key, _document_item),
        ("fct_payment", _payments(ledger), lambda row: f"payment:{row.text('payment_id')}", _payment_item),
    ):
        _compare(both, ledger, left, _rows(tables.get(table)), key, right)
    _compare_sums(
        both, ledger, "postings", _postings(ledger), _sums(tables.get("fct_journal_line"), _posting_key, "amount")
    )
    _compare_places(both, ledger, tables.get("fct_journal_line"))
    _accounts(both, scope, ledger, tables.get("dim_account"))
    kinds = {row.text("document_id"): row.text("kind") for row in _rows(tables.get("fct_document"))}
    for name, column, sums in (
        ("fct_document_line", "net_amount", _line_sums(ledger)),
        ("fct_document_tax", "tax", _tax_sums(ledger)),
    ):
        shown = _sums(
            tables.get(name), lambda row: f"{kinds.get(row.text('document_id'), '?')}:{row.text('document_id')}", column
        )
        _compare_sums(both, ledger, name, sums, shown)
    _payroll(both, scope, ledger, tables.get("fct_payroll_component"), first_seen(scope.judged, reading).step)
    return both.result(nothing_expected=nothing_expected)


def _payroll(both: Reconciliation, scope: Scope, ledger: LedgerSnapshot, table: BiTable | None, step: int) -> None:
    """The register as it stood when BI was first seen, a run and component at a time."""
    payroll = scope.judged.scope(step).payroll
    left: defaultdict[str, Decimal] = defaultdict(Decimal)
    for run in runs_in_books(payroll) if payroll is not None else ():
        for cheque in run.cheques:
            left[f"{run.id} net {cheque.method} of {run.cheque_on}"] += cheque.net.amount
            for line in cheque.components:
                parts = borne_by(cheque, line) if line.kind in COSTS else (("", line.amount.amount),)
                for centre, part in parts:
                    left[f"{run.id} {line.kind} {line.code} {centre}".rstrip() + f" of {run.cheque_on}"] += part
    shown = _sums(table, _component_key, "amount")
    both.left_count += len(left)
    both.right_count += len(shown)
    both.matched += sum(1 for key in left if key in shown)
    _compare_sums(both, ledger, "payroll components", left, shown)


def _component_key(row: _Row) -> str:
    what = f"{row.text('payroll_id')} {row.text('kind')} {row.text('code')} {row.text('cost_centre')}".rstrip()
    return f"{what} of {row.text('cheque_date')}"


def first_seen(judged: Judged, reading: BiReading) -> BiReading:
    """The first reading of the same version."""
    return next(item for item in judged.record.bi if (item.source, item.version) == (reading.source, reading.version))


def ledger_at(judged: Judged, reading: BiReading) -> LedgerSnapshot | None:
    """The ledger when a version of BI was first seen: later postings are not in it and need not be."""
    checkpoint = judged.checkpoint(first_seen(judged, reading).step)
    return checkpoint.world.ledger() if checkpoint else None


def _rows(table: BiTable | None) -> list[_Row]:
    return [_Row(dict(zip(table.columns, row, strict=True))) for row in table.rows] if table else []


def _documents(ledger: LedgerSnapshot) -> dict[str, _Item]:
    return {
        f"{item.kind}:{item.id}": (
            {"net": item.net.amount, "tax": item.tax.amount, "total": item.total.amount, "open": item.open.amount},
            f"{item.date}, due {item.due or 'never'}",
        )
        for item in ledger.documents
        if item.status != "void"
    }


def _document_key(row: _Row) -> str:
    return f"{row.text('kind')}:{row.text('document_id')}"


def _document_item(row: _Row) -> _Item:
    figures = {name: row.number(column) for name, column in
               (("net", "net"), ("tax", "tax"), ("total", "total"), ("open", "open_amount"))}  # fmt: skip
    return figures, f"{row.text('document_date')}, due {row.text('due_date') or 'never'}"


def _payments(ledger: LedgerSnapshot) -> dict[str, _Item]:
    return {
        f"payment:{item.id}": ({"amount": item.amount.amount, "unapplied": item.unapplied.amount}, str(item.date))
        for item in ledger.payments
        if item.status != "void" and (item.amount or item.unapplied)
    }


def _payment_item(row: _Row) -> _Item:
    return {"amount": row.number("amount"), "unapplied": row.number("unapplied")}, row.text("payment_date")


def _compare(
    both: Reconciliation,
    ledger: LedgerSnapshot,
    left: Mapping[str, _Item],
    rows: list[_Row],
    key: Callable[[_Row], str],
    read: Callable[[_Row], _Item],
) -> None:
    seen: dict[str, _Item] = {}
    for row in rows:
        item = key(row)
        if row.text("is_void") == "true":
            continue
        figures = read(row)
        if item not in left and not any(figures[0].values()):
            continue  # A link without money (and any other row of zeros) need not be in the ledger's list.
        both.right_count += 1
        if item in seen:
            _break(both, ledger, BreakKind.DUPLICATE, item, f"BI shows {item} twice", seen[item], figures)
        seen.setdefault(item, figures)
    both.left_count += len(left)
    for item in dict.fromkeys([*left, *seen]):
        if item not in seen:
            _break(both, ledger, BreakKind.MISSING_RIGHT, item, f"BI does not show {item}", left[item], None)
        elif item not in left:
            _break(both, ledger, BreakKind.MISSING_LEFT, item, f"BI shows {item}, which is not there", None, seen[item])
        else:
            both.matched += 1
            if left[item][0] != seen[item][0]:
                _break(
                    both, ledger, BreakKind.AMOUNT, item, f"BI shows {item} with other amounts", left[item], seen[item]
                )
            if left[item][1] != seen[item][1]:
                both.broken(
                    BreakKind.DATE, item, f"BI shows {item} on another day", left=left[item][1], right=seen[item][1],
                    objects=[f"{ledger.vendor}:{item}"],
                )  # fmt: skip


def _break(
    both: Reconciliation,
    ledger: LedgerSnapshot,
    kind: BreakKind,
    item: str,
    message: str,
    left: _Item | None,
    right: _Item | None,
) -> None:
    names = list((left or right or ({}, ""))[0])
    if left and right and kind is BreakKind.AMOUNT:
        names = [name for name in names if left[0][name] != right[0].get(name)]
    risk = max(
        (abs((left or _NONE)[0].get(n, _ZERO) - (right or _NONE)[0].get(n, _ZERO)) for n in names), default=_ZERO
    )
    if kind is BreakKind.DUPLICATE and right:
        risk = max((abs(value) for value in right[0].values()), default=_ZERO)
    both.broken(
        kind,
        item,
        message,
        left=_told(left, names, ledger.currency),
        right=_told(right, names, ledger.currency),
        objects=[f"{ledger.vendor}:{item}"],
        at_risk=Money(risk, ledger.currency),
    )


_NONE: _Item = (MappingProxyType({}), "")


def _told(item: _Item | None, names: list[str], currency: str) -> str:
    if item is None:
        return "nothing"
    return ", ".join(f"{name} {amount(item[0][name], currency)}" for name in names)


def _posting_key(row: _Row) -> str:
    return f"{row.text('source')}:{row.text('source_id')} on account {row.text('account_id')}"


def _postings(ledger: LedgerSnapshot) -> dict[str, Decimal]:
    sums: defaultdict[str, Decimal] = defaultdict(Decimal)
    for entry in ledger.entries:
        for line in entry.lines:
            sums[f"{entry.source}:{entry.source_id} on account {line.account}"] += line.amount.amount
    return sums


def _compare_places(both: Reconciliation, ledger: LedgerSnapshot, table: BiTable | None) -> None:
    """Each posting whose sum is right stands on the day and the cost centre of the ledger as well."""
    if table is None or not {"entry_date", "cost_centre"} <= {*table.columns}:
        return
    left: defaultdict[str, dict[tuple[str, str], Decimal]] = defaultdict(dict)
    right: defaultdict[str, dict[tuple[str, str], Decimal]] = defaultdict(dict)
    for entry in ledger.entries:
        for line in entry.lines:
            item = left[f"{entry.source}:{entry.source_id} on account {line.account}"]
            place = str(entry.date), line.cost_centre
            item[place] = item.get(place, _ZERO) + line.amount.amount
    for row in _rows(table):
        item, place = right[_posting_key(row)], (row.text("entry_date")[:10], row.text("cost_centre"))
        item[place] = item.get(place, _ZERO) + row.number("amount")
    for name, should in left.items():
        found = right.get(name, {})
        wrong = [key for key in dict.fromkeys([*should, *found]) if should.get(key, _ZERO) != found.get(key, _ZERO)]
        if not wrong or sum(should.values(), _ZERO) != sum(found.values(), _ZERO):
            continue
        is_day = {day for day, _ in should} != {day for day, _ in found}
        both.broken(
            BreakKind.DATE if is_day else BreakKind.AMOUNT, f"postings:{name}:place",
            f"BI shows {name} on another {'day' if is_day else 'cost centre'}",
            left=_placed(should, wrong, ledger.currency), right=_placed(found, wrong, ledger.currency),
            objects=[f"{ledger.vendor}:{name.partition(' ')[0]}"],
            at_risk=Money(max(abs(should.get(key, _ZERO) - found.get(key, _ZERO)) for key in wrong), ledger.currency),
        )  # fmt: skip


def _accounts(both: Reconciliation, scope: Scope, ledger: LedgerSnapshot, table: BiTable | None) -> None:
    """Each account that bears postings is in the dimension once, with the number and the kind that the ledger says."""
    if table is None or not {"account_id", "number", "kind"} <= {*table.columns}:
        return
    shown: defaultdict[str, list[str]] = defaultdict(list)
    for row in _rows(table):
        shown[row.text("account_id")].append(f"{row.text('number')} {row.text('kind')}".strip())
    for id in dict.fromkeys(line.account for entry in ledger.entries for line in entry.lines):
        account = scope.accounts.get(id)
        right = (
            {f"{number} {account.kind}".strip() for number in (account.number, scope.number_of(id))} if account else ()
        )
        if not right or (len(shown[id]) == 1 and shown[id][0] in right):
            continue
        kind = BreakKind.AMOUNT if shown[id] else BreakKind.MISSING_RIGHT
        both.broken(
            BreakKind.DUPLICATE if len(shown[id]) > 1 else kind,
            f"dim_account:{id}", f"BI does not show account {scope.account_label(id)} once and as it is",
            left=min(right), right=", ".join(shown[id]) or "nothing", objects=[f"{ledger.vendor}:account:{id}"],
        )  # fmt: skip


def _placed(sums: Mapping[tuple[str, str], Decimal], keys: list[tuple[str, str]], currency: str) -> str:
    told = (
        f"{amount(sums[key], currency)} on {key[0]}{f' for {key[1]}' if key[1] else ''}" for key in keys if key in sums
    )
    return ", ".join(told) or "nothing"


def _line_sums(ledger: LedgerSnapshot) -> dict[str, Decimal]:
    return {f"{item.kind}:{item.id}": item.net.amount for item in ledger.documents if item.status != "void"}


def _tax_sums(ledger: LedgerSnapshot) -> dict[str, Decimal]:
    return {f"{item.kind}:{item.id}": item.tax.amount for item in ledger.documents if item.status != "void"}


def _sums(table: BiTable | None, key: Callable[[_Row], str], column: str) -> dict[str, Decimal]:
    sums: defaultdict[str, Decimal] = defaultdict(Decimal)
    for row in _rows(table):
        sums[key(row)] += row.number(column)
    return sums


def _compare_sums(
    both: Reconciliation,
    ledger: LedgerSnapshot,
    table: str,
    left: Mapping[str, Decimal],
    right: Mapping[str, Decimal],
) -> None:
    for item in dict.fromkeys([*left, *right]):
        should, found = left.get(item, _ZERO), right.get(item, _ZERO)
        if should != found:
            both.broken(
                BreakKind.AMOUNT,
                f"{table}:{item}",
                f"BI's {table} of {item} sum to another amount",
                left=amount(should, ledger.currency),
                right=amount(found, ledger.currency),
                objects=[f"{ledger.vendor}:{item.partition(' ')[0]}"],
                at_risk=Money(found - should, ledger.currency),
            )
