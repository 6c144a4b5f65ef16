"""V16: voids and reversals are exact negatives; what takes a sale back copies the original's accounts and tax rate."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from decimal import Decimal

from simharness.checks.arithmetic.rounding import minor_unit
from simharness.checks.deferred import income_of
from simharness.checks.findings import Reporter, amount, document_object
from simharness.checks.originals import Back, taken_back
from simharness.checks.rates import Rates, worth_of
from simharness.checks.scope import Scope
from simharness.core.money import Money
from simharness.domain.books import Document, DocumentLine, Entry
from simharness.domain.fact import DisputeClosed, PaymentDisputed
from simharness.domain.finding import CheckResult
from simharness.domain.policy import CreditRate, TaxPolicy

_ZERO = Decimal(0)
_HUNDRED = Decimal(100)


def taken_back_exactly(scope: Scope) -> CheckResult:
    """V16 over voided records, over what came back in full, and over credit notes and refund receipts."""
    report = Reporter("V16", scope.record.header)
    _voids(scope, report)
    _pairs(scope, report)
    backs = list(taken_back(scope))
    parts = Counter(original.id for back in backs for original in back.originals)
    for back in backs:
        report.examined += 1
        if back.originals:
            _copied(scope, report, back)
            _at_policys_rate(scope, report, back)
            _taxed(scope, report, back, max(parts[original.id] for original in back.originals))
    return report.result("nothing was voided, reversed, credited or refunded")


def _sums(entries: Iterable[Entry]) -> dict[tuple[str, str, str, str, str], Decimal]:
    """What entries leave by account, dimensions and currency. In a foreign currency each bears the rate of its own day,
    so that it is their foreign amounts that cancel.
    """
    sums: defaultdict[tuple[str, str, str, str, str], Decimal] = defaultdict(Decimal)
    for entry in entries:
        for line in entry.lines:
            money = line.amount if line.foreign is None else line.foreign
            sums[line.account, line.party, line.cost_centre, line.location, money.currency] += money.amount
    return {key: value for key, value in sums.items() if value}


def _voids(scope: Scope, report: Reporter) -> None:
    ledger = scope.ledger
    if ledger is None:
        return
    void = {(item.kind, item.id) for item in ledger.documents if item.status == "void"}
    void |= {("payment", item.id) for item in ledger.payments if item.status == "void"}
    void |= {("deposit", item.id) for item in ledger.deposits if item.status == "void"}
    void |= {("transfer", item.id) for item in ledger.transfers if item.status == "void"}
    if not void:
        return
    entries: defaultdict[tuple[str, str], list[Entry]] = defaultdict(list)
    for entry in ledger.entries:
        if (entry.source, entry.source_id) in void:
            entries[entry.source, entry.source_id].append(entry)
    for kind, id in sorted(void):
        report.examined += 1
        _nothing_left(scope, report, f"void:{kind}:{id}", f"{kind.replace('_', ' ')} {id} is void", entries[kind, id])


def _pairs(scope: Scope, report: Reporter) -> None:
    """A payout that failed, a dispute that was won in full and what a period's end posts for a day leave nothing."""
    for noun in ("accrual", "revaluation"):
        ids = dict.fromkeys(effect.id for effect in scope.effects.naming(noun))
        for id in ids:
            effects = scope.effects.of[noun, id]
            if len(effects) > 1:
                report.examined += 1
                words = f"{noun} {id} was reversed"
                _nothing_left(scope, report, f"{noun}:{id}", words, [effect.entry for effect in effects])
    failed = [item.id for item in (scope.gateway.payouts if scope.gateway else ()) if item.status == "failed"]
    for id in failed:
        effects = scope.effects.of.get(("payout", id), [])
        if len(effects) > 1:
            report.examined += 1
            words = f"payout {id} failed"
            _nothing_left(scope, report, f"payout:{id}", words, [effect.entry for effect in effects])
    taken = {fact.dispute_id: fact.amount for fact in scope.facts if isinstance(fact, PaymentDisputed)}
    for fact in scope.facts:
        if isinstance(fact, DisputeClosed) and fact.won and fact.amount == taken.get(fact.dispute_id):
            effects = scope.effects.of.get(("dispute", fact.dispute_id), [])
            if len(effects) > 1:
                report.examined += 1
                words = f"dispute {fact.dispute_id} was won"
                entries = [effect.entry for effect in effects]
                _nothing_left(scope, report, f"dispute:{fact.dispute_id}", words, entries)


def _nothing_left(scope: Scope, report: Reporter, key: str, words: str, entries: list[Entry]) -> None:
    left = _sums(entries)
    if not left or scope.ledger is None:
        return
    report.found(
        key,
        f"{words}, and what it posted is not taken back exactly",
        expected="the exact negative of every posting",
        actual=", ".join(
            f"{scope.account_label(account)} {amount(value, currency)} left"
            for (account, *_, currency), value in left.items()
        ),
        objects=[f"{scope.ledger.vendor}:{entry.source}:{entry.source_id or entry.id}" for entry in entries],
        at_risk=max((Money(abs(value), key[-1]) for key, value in left.items()), key=lambda money: money.amount),
    )


def _items(document: Document) -> list[DocumentLine]:
    return [line for line in document.lines if line.kind == "item" and line.amount]


def _place(document: Document, line: DocumentLine) -> tuple[str, str]:
    return line.account, line.cost_centre or document.cost_centre


def _original_of(back: Back, line: DocumentLine) -> tuple[Document, DocumentLine] | None:
    """The line of the original that a line takes back: same item and place first (of two such, that of the same tax
    code), then the same item, then place.
    """
    candidates = [(document, other) for document in back.originals for other in _items(document)]
    place = _place(back.document, line)
    by_item = [pair for pair in candidates if line.item and pair[1].item == line.item]
    by_place = [pair for pair in candidates if _place(*pair) == place]
    both = [pair for pair in by_place if pair[1].item == line.item]
    own = [pair for pair in both if pair[1].tax_code == line.tax_code]
    return next(iter([*own, *both, *by_item, *by_place]), None)


def _copied(scope: Scope, report: Reporter, back: Back) -> None:
    """Account, cost centre and location of each line are those of the line it takes back."""
    discounts = {scope.book.account_with(role) for role in ("discounts_given", "settlement_discounts")} - {""}
    products = {product.name for product in scope.dictionary.products}
    sold = {line.item for document in back.originals for line in _items(document)}
    for line in _items(back.document):
        found = _original_of(back, line) if line.item in sold or line.item not in products else None
        if found is None and income_of(scope, back, line):
            continue  # Service that was given already lowers revenue: V22 holds how much.
        if found is None and scope.number_of(line.account) in discounts:
            continue  # A discount that is granted later was on no line of the sale.
        if found is None:
            told = f"{line.item or line.description} {line.amount}"
            _report(scope, report, back, f"line:{line.id}", f"takes back {line.item or 'what'}, which was never sold",
                    "a line of the original", told, line.amount)  # fmt: skip
            continue
        document, original = found
        should, is_ = _place(document, original), _place(back.document, line)
        if should != is_:
            _report(scope, report, back, f"line:{line.id}",
                    f"takes {line.item or 'a line'} back on another account or cost centre",
                    _told(scope, *should), _told(scope, *is_), line.amount)  # fmt: skip
    places = {document.location for document in back.originals}
    if back.document.location not in places:
        _report(scope, report, back, "location", "bears another location than the sale",
                f"location {', '.join(sorted(place or 'none' for place in places))}",
                f"location {back.document.location or 'none'}", back.document.net)  # fmt: skip


def _taxed(scope: Scope, report: Reporter, back: Back, parts: int) -> None:
    """Each line gives back its own tax at the original's rate, never a blend.

    The cents of rounding are left open, one a rate and part of the invoice: the last part takes them.
    """
    if back.document.tax_overridden:
        return  # The ledger calculates by its own rates, whatever was sent.
    due, groups = _ZERO, 1
    for line in _items(back.document):
        found = _original_of(back, line)
        if found is None:
            return
        document, original = found
        by_code = scope.book.policy.tax_model != "us"
        mine = [
            group for group in document.taxes
            if (group.code == original.tax_code if by_code else original.taxable and original.tax_code != "NON")
        ]  # fmt: skip
        groups = max(groups, len(document.taxes))
        due += line.amount.amount * sum((group.percent for group in mine), _ZERO) / _HUNDRED
    unit = minor_unit(back.document.currency)
    each = len(_items(back.document)) if scope.book.policy.tax is TaxPolicy.PER_LINE else 1
    if abs(back.document.tax.amount - due) > unit * groups * each * parts:
        rounded = due.quantize(unit)
        _report(scope, report, back, "tax", "gives back another tax than its lines bore",
                f"tax {amount(rounded, back.document.currency)} at the rates of the original",
                f"tax {back.document.tax}",
                Money(back.document.tax.amount - rounded, back.document.currency))  # fmt: skip


def _at_policys_rate(scope: Scope, report: Reporter, back: Back) -> None:
    """A foreign sale is taken back at the rate of the original, or of the day, as the dictionary declares.

    The day's rate of a refund is the gateway's own: what the balance really moved by.
    """
    document, ledger = back.document, scope.ledger
    if ledger is None or document.currency == ledger.currency:
        return
    rates, worth = Rates(scope, ledger), None
    if scope.dictionary.policy.credit_rates is CreditRate.ORIGINAL:
        right = [original.rate for original in back.originals]
    else:
        right = list[Decimal | None](rates.stated(document.currency, document.date))
        worth = rates.moved(back.id) if back.noun == "refund" else None
    found = rates.in_base(document.total.amount, document.rate)
    if worth is not None:
        if found == -worth:
            return
        expected = f"{document.total} = {worth_of(-worth, ledger.currency)}, as the gateway changed it"
    elif not right or document.rate in right:
        return
    else:
        expected = f"{document.currency} 1 = {ledger.currency} {right[0]}"
        worth = -rates.in_base(document.total.amount, right[0])
    _report(scope, report, back, "rate", "bears another rate than the books declare for what takes a sale back",
            expected, f"{document.currency} 1 = {ledger.currency} {document.rate}",
            worth_of(found + worth, ledger.currency))  # fmt: skip


def _report(
    scope: Scope, report: Reporter, back: Back, key: str, what: str, expected: str, actual: str, risk: Money
) -> None:
    document = back.document
    vendor = scope.vendors.get("accounting", "")
    report.found(
        f"{document.kind}:{document.id}:{key}",
        f"{document.kind.replace('_', ' ')} {document.number or document.id} of {back.source} {what}",
        expected=expected,
        actual=actual,
        objects=[document_object(vendor, document), *(document_object(vendor, item) for item in back.originals)],
        at_risk=risk,
    )


def _told(scope: Scope, account: str, cost_centre: str) -> str:
    return scope.account_label(account) + (f", cost centre {cost_centre}" if cost_centre else "")
