"""V20 beyond deals and charges: refunds, disputes, payouts, fees, bank lines, and what operators told."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from decimal import Decimal

from simharness.checks.effects import Effect, entry_object, movement, together
from simharness.checks.findings import Reporter, amount, payment_object, source_object
from simharness.checks.oracle.model import Origin
from simharness.checks.payroll.posted import PayrollBooks
from simharness.checks.reconciliations.balance_lines import balance_parts, key_of
from simharness.checks.scope import Scope
from simharness.checks.statement import Statement
from simharness.core.money import Money
from simharness.domain.evidence import DeadLetter, Reject
from simharness.domain.fact import BankLinePosted, BankMoved, CreditApproved, WriteOffApproved

_ZERO = Decimal(0)

#: Sources whose postings are journals: a connector that declares how these are named says of each what it is of.
_BY_JOURNAL = ("payroll", "accrual", "prepaid", "recognition", "adjustment")

#: Count and control total of one side: an item each, with its object and its signed amount.
_Side = list[tuple[str, Money]]


def sources_are_kept(scope: Scope, report: Reporter) -> None:
    """Count and control total of each kind of source record = its postings + the listed rejects, and no payment is
    without its source.
    """
    if scope.gateway is not None:
        for noun in ("fee", "refund", "dispute", "payout"):
            if scope.references.declares(noun):
                _gateway(scope, report, noun)
    if scope.bank is not None and scope.references.declares("bank_line"):
        _bank(scope, report)
        _nameless(scope, report)
    if scope.payroll is not None and scope.references.declares("payroll"):
        _payroll(scope, report, scope.payroll)
    if any(scope.references.declares(noun) for noun in _BY_JOURNAL):
        _unnamed(scope, report)
    for noun, kind in (("credit", CreditApproved), ("write_off", WriteOffApproved)):
        if scope.references.declares(noun):
            told = [fact for fact in scope.facts if isinstance(fact, kind) and fact.step <= scope.expected.step]
            _told(scope, report, noun, told)


def _gateway(scope: Scope, report: Reporter, noun: str) -> None:
    clearing = scope.accounts_with("gateway_clearing")
    vendor = scope.gateway.vendor if scope.gateway else ""
    posted = {id for other, id in scope.effects.of if other == noun}
    due = [
        (f"{vendor}:balance_line:{part.line.id} ({part.key})", part.amount)
        for part in balance_parts(scope)
        if part.noun == noun
        and (key_of(scope, part).removeprefix("fee:") in posted or not _refused(scope, (*part.ids, part.line.source)))
    ]
    _compare(scope, report, f"{noun}s", due, _moving(scope, noun, clearing))


def _bank(scope: Scope, report: Reporter) -> None:
    statement = Statement(scope)
    # What a line brings may have been taken in although the line itself was refused: the bank's account tells.
    posted = {
        effect.id
        for effect in scope.effects.naming("bank_line")
        if movement(effect.entry, statement.ledger_accounts, scope.dictionary.currency, scope.kept_abroad) is not None
    }
    vendor = scope.bank.vendor if scope.bank else ""
    due = [
        (source_object(vendor, "bank_line", line.id, line.reference), line.amount)
        for line in statement.posted
        if line.id in posted or not _refused(scope, (line.id,))
    ]
    _compare(scope, report, "bank lines", due, _moving(scope, "bank_line", statement.ledger_accounts))


def _payroll(scope: Scope, report: Reporter, payroll: PayrollBooks) -> None:
    """Each processed run is one journal of its own, or one listed reject, or pays nobody anything."""
    currency = payroll.snapshot.currency
    due = [(payroll.object(run.id), Money(payroll.booked[run.id].cost, currency)) for run in payroll.due]
    vendor = scope.ledger.vendor if scope.ledger else ""
    found: _Side = []
    for id, posting in payroll.posted.items():
        undone = id not in payroll.booked and not payroll.sums(
            effect.entry for effect in (*posting.own, *posting.retro)
        )
        for effect in posting.own if not undone else ():
            # What of a run is posted in another month belongs to its own journal.
            entries = posting.counted if effect is posting.own[0] else (effect,)
            debits = (value for value in payroll.sums(each.entry for each in entries).values() if value > 0)
            found.append((entry_object(vendor, effect.entry), Money(sum(debits, _ZERO), currency)))
    _compare(scope, report, "payrolls", due, found)


def _nameless(scope: Scope, report: Reporter) -> None:
    """Money that the connector took names the charge or the bank line that brought it."""
    if scope.ledger is None or not scope.references.declares("payment"):
        return
    for payment in scope.ledger.payments:
        if not payment.amount or payment.kind != "customer" or payment.status == "void":
            continue
        if not scope.by_connector(payment.created_by):
            continue
        report.examined += 1
        if scope.references.read("payment", payment) is None and not scope.effects.by_record("payment", payment.id):
            report.found(
                f"payment:{payment.id}:source",
                f"payment {payment.id} does not say which charge or bank line brought it",
                expected="a reference that the manifest declares",
                actual=payment.note or "no reference",
                objects=[payment_object(scope.ledger.vendor, payment)],
                at_risk=payment.amount,
            )


def _unnamed(scope: Scope, report: Reporter) -> None:
    """A journal that the connector made names what it is of, and that is there: one without a source, or of a source
    that this world does not have, is of nothing that happened.
    """
    known = _known(scope)
    for entry in scope.ledger.entries if scope.ledger else ():
        if entry.source != "journal" or not scope.by_connector(entry.created_by):
            continue
        report.examined += 1
        worth = sum((line.amount.amount for line in entry.lines if line.amount.amount > 0), _ZERO)
        effects = scope.effects.by_entry.get(entry.id, ())
        is_of_nothing = bool(effects) and all(each.id not in known.get(each.noun, {each.id}) for each in effects)
        if worth and (is_of_nothing or entry.id not in scope.effects.named):
            what = "names a source that is not there" if is_of_nothing else "does not say what it is of"
            report.found(
                f"journal:{entry.source_id or entry.id}:source",
                f"journal {entry.number or entry.source_id or entry.id} {what}",
                expected="a reference that the manifest declares, of something that happened",
                actual=entry.note or "no reference",
                objects=[entry_object(scope.ledger.vendor if scope.ledger else "", entry)],
                at_risk=Money(worth, scope.dictionary.currency),
            )


def _known(scope: Scope) -> dict[str, set[str]]:
    """The ids of everything that sources of some nouns can be; other nouns are judged where they belong."""
    known: dict[str, set[str]] = {}
    if scope.bank is not None:
        moved = {fact.line_id for fact in scope.facts if isinstance(fact, BankMoved | BankLinePosted)}
        known["bank_line"] = moved | {line.id for line in scope.bank.lines}
    if scope.gateway is not None:
        known["refund"] = {each.id for each in scope.gateway.refunds}
        known["payment"] = {each.id for each in scope.gateway.charges}
    if scope.payroll is None:
        known |= {noun: set() for noun in ("payroll", "payroll_retro", "payroll_remittance")}
    if not scope.book.recognition:
        known["recognition"] = set()
    return known


def _refused(scope: Scope, keys: Iterable[str]) -> bool:
    return scope.judged.listed.refused(*keys)


def _moving(scope: Scope, noun: str, accounts: frozenset[str]) -> _Side:
    vendor = scope.ledger.vendor if scope.ledger else ""
    found: defaultdict[str, list[tuple[Effect, Money]]] = defaultdict(list)
    for effect in scope.effects.naming(noun):
        value = movement(effect.entry, accounts, scope.dictionary.currency, scope.kept_abroad)
        if value is not None:
            found[effect.id].append((effect, value))
    return [(entry_object(vendor, effect.entry), value) for each in found.values() for effect, value in together(each)]


def _compare(scope: Scope, report: Reporter, words: str, due: _Side, found: _Side) -> None:
    report.examined += len(due) + len(found)
    should, posted = _totals(due), _totals(found)
    if len(due) == len(found) and should == posted:
        return
    currency = next(iter({**should, **posted}), scope.dictionary.currency)
    report.found(
        words.replace(" ", "-"),
        f"the {words} in the ledger are not those of the source less the listed rejects",
        expected=f"{len(due)} {words}, control total {_told_sums(should, currency)}",
        actual=f"{len(found)} {words}, control total {_told_sums(posted, currency)}",
        objects=[name for name, _ in (due if len(due) > len(found) else found)][:20],
        at_risk=Money(posted.get(currency, _ZERO) - should.get(currency, _ZERO), currency),
    )


def _totals(side: _Side) -> dict[str, Decimal]:
    sums: defaultdict[str, Decimal] = defaultdict(Decimal)
    for _, money in side:
        sums[money.currency] += money.amount
    return {currency: value for currency, value in sums.items() if value}


def _told_sums(sums: dict[str, Decimal], currency: str) -> str:
    return ", ".join(str(amount(value, name)) for name, value in sums.items()) or str(Money.zero(currency))


def _told(scope: Scope, report: Reporter, noun: str, facts: list[CreditApproved | WriteOffApproved]) -> None:
    """Each instruction of an operator is one posting with its amount, or one listed reject; the last takes the rest.

    A write-off that nobody approved must not be posted, nor a credit for another customer than the one that was billed.
    """
    of_invoice: defaultdict[str, list[CreditApproved | WriteOffApproved]] = defaultdict(list)
    for fact in facts:
        of_invoice[fact.invoice_number].append(fact)
    numbers = dict.fromkeys([*of_invoice, *(id for other, id in scope.effects.of if other == noun)])
    for number in numbers:
        told = of_invoice.get(number, [])
        effects = scope.effects.of.get((noun, number), [])
        posted = [effect for effect in effects if not effect.is_recovery]
        _recovered(scope, report, number, posted, [effect for effect in effects if effect.is_recovery])
        refused = len(set(_rejects(scope, noun, number)))
        report.examined += 1
        allowed = sum(1 for fact in told if _may_be_posted(fact))
        worth = sum((fact.amount.amount for fact in told), _ZERO)
        found = sum((_given(scope, effect) for effect in posted), _ZERO)
        complete = len(posted) <= allowed and len(posted) + refused == len(told)
        if complete and (refused or found in (worth, _left(scope, number, worth))):
            continue
        currency = told[0].amount.currency if told else scope.dictionary.currency
        report.found(
            f"{noun}:{number}",
            f"what operators told of invoice {number} is not what the ledger holds and the rejects list",
            expected=f"{len(told)} told, {amount(worth, currency)}"
            + ("" if allowed == len(told) else f", {allowed} of them to be posted"),
            actual=f"{len(posted)} posted, {amount(found, currency)}, and {refused} rejected",
            objects=[entry_object(scope.ledger.vendor if scope.ledger else "", effect.entry) for effect in posted],
            at_risk=Money(found - worth, currency) if found != worth else Money(worth, currency),
            origin=Origin(step=told[-1].step, where=told[-1].where, on=told[-1].on) if told else None,
        )


def _may_be_posted(fact: CreditApproved | WriteOffApproved) -> bool:
    return not fact.billed if isinstance(fact, CreditApproved) else bool(fact.approver)


def _recovered(scope: Scope, report: Reporter, number: str, posted: list[Effect], recoveries: list[Effect]) -> None:
    """What is taken back of a write-off is neither more than was written off nor more than was paid for the invoice."""
    back = -sum((_given(scope, effect) for effect in recoveries), _ZERO)
    lost = sum((_given(scope, effect) for effect in posted), _ZERO)
    paid = sum((p.amount.amount for p in scope.expected.payments if p.invoice_number == number), _ZERO)
    most = min(lost, paid)
    if back <= most:
        return
    currency = scope.dictionary.currency
    report.found(
        f"recovery:{number}",
        f"more is taken back of the write-off of invoice {number} than was lost and came in after all",
        expected=f"at most {amount(most, currency)}",
        actual=str(amount(back, currency)),
        objects=[entry_object(scope.ledger.vendor if scope.ledger else "", effect.entry) for effect in recoveries],
        at_risk=Money(back - most, currency),
    )


def _left(scope: Scope, number: str, worth: Decimal) -> Decimal:
    """What all credits together may come to: never more than the invoice."""
    for document in scope.ledger.documents if scope.ledger else ():
        if document.kind == "invoice" and document.number == number:
            return min(worth, document.total.amount)
    return worth


def _rejects(scope: Scope, noun: str, number: str) -> Iterator[str]:
    for row in scope.record.evidence:
        _, told, version = f":{row.source}".partition(f":{noun}:{number}:")
        # A part of it that was refused (what would have applied it) does not refuse the instruction.
        if isinstance(row, (Reject, DeadLetter)) and told and ":" not in version:
            yield row.source


def _given(scope: Scope, effect: Effect) -> Decimal:
    """What a posting takes off the receivable."""
    total = _ZERO
    for line in effect.entry.lines:
        account = scope.accounts.get(line.account)
        if account is not None and account.kind == "receivable":
            total -= (line.amount if line.foreign is None else line.foreign).amount
    return total
