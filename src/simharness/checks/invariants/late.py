"""V12 of what is posted into a period after its end: late items keep their own day, adjustments are approved."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from simharness.checks.adjustments import adjustments_told, entries_of, lacks, sides, sides_of, was_locked
from simharness.checks.effects import entry_object
from simharness.checks.findings import Reporter, document_object, payment_object
from simharness.checks.gateway import paid_days
from simharness.checks.listed import ids
from simharness.checks.oracle.model import Origin
from simharness.checks.scope import Judged, Scope
from simharness.core.money import Money
from simharness.domain.books import Document, Entry, Payment
from simharness.domain.close_facts import AdjustmentTold
from simharness.domain.evidence import LogRow

_ZERO = Decimal(0)


def late_items_keep_their_day(scope: Scope, report: Reporter) -> None:
    """A document or payment on an open day, because its own was closed, tells its own day in a text of the record, or
    the row of the connector's log that tells of it does.
    """
    told: dict[str, str] = {}
    for row in scope.record.evidence:
        if isinstance(row, LogRow):
            for id in ids(row.source):
                told[id] = f"{told.get(id, '')} {row.detail}"
    vendor = scope.vendors.get("accounting", "")
    for source, own, record in _late(scope):
        report.examined += 1
        texts = f"{record.note} {record.reference} {getattr(record, 'memo', '')} {told.get(source, '')}"
        if str(own) not in texts:
            is_payment = isinstance(record, Payment)
            named = payment_object(vendor, record) if isinstance(record, Payment) else document_object(vendor, record)
            report.found(
                f"unlisted:{record.id}:{own}",
                f"the {'payment' if is_payment else 'document'} of {own}, which was closed, does not tell its own day",
                expected=f"{own} in the note of {named}, or in the connector's log",
                actual=f"dated {record.date}, note {record.note!r}",
                objects=[named],
                at_risk=record.amount if isinstance(record, Payment) else record.total,
            )


def _late(scope: Scope) -> Iterator[tuple[str, date, Document | Payment]]:
    """What stands on another day than its own because that was closed: its source, its own day, and the record."""
    closings = scope.judged.closings
    for expected, linked in scope.pairing.pairs:
        document, own = linked.document, expected.dated
        moved = not own <= document.date <= expected.latest
        if moved and closings.may_bear(own, document.date, document.created_at):
            yield expected.deal_id, own, document
    days = paid_days(scope.gateway, scope.zone)
    for payment in scope.expected.payments:
        own = days.get(payment.charge_id, payment.dated)
        for actual in scope.links.payments_of.get(payment.charge_id, ())[:1]:
            if actual.date != own and closings.may_bear(own, actual.date, actual.created_at):
                yield payment.charge_id, own, actual


def adjustments_are_approved(judged: Judged, report: Reporter) -> None:
    """What was told and approved is posted as it was told, once, or listed; what lacks something is not posted at all,
    and listed; and nobody posts an adjustment that nobody told.
    """
    told = adjustments_told(judged)
    scope = judged.settled
    if not scope.references.declares("adjustment"):
        return
    rested = max((fact.at for fact in scope.facts), default=None)
    for fact in told.values():
        if fact.step > scope.step:
            continue
        report.examined += 1
        entries = entries_of(scope, fact.adjustment)
        if missing := lacks(fact):
            for entry in entries:
                _wrong(scope, report, fact, entry, f"was posted although {missing}", "nothing posted, and it is listed")
            if not entries and not judged.listed.told(fact.adjustment):
                _lost(report, fact, f"was refused because {missing}, and nobody was told")
        elif not entries and not (was_locked(judged, fact, rested) and judged.listed.told(fact.adjustment)):
            _lost(report, fact, "is not in the books")  # only what was locked meanwhile may be refused
        for entry in entries[1:]:
            _wrong(scope, report, fact, entry, "is in the books twice", "one entry")
        for entry in entries[:1]:
            if entry.date != fact.dated or sides_of(scope, entry) != sides(fact):
                _wrong(scope, report, fact, entry, "is in the books as another one", f"as told, on {fact.dated}")
    for effect in judged.final.effects.naming("adjustment"):
        if effect.id not in told:
            report.found(
                f"adjustment:{effect.id}:untold",
                f"an adjustment {effect.id!r} is in the books, and nobody told one",
                expected="adjustments that were told and approved",
                actual=f"an entry of {effect.entry.date}",
                objects=[entry_object(judged.final.vendors.get("accounting", ""), effect.entry)],
            )


def _wrong(scope: Scope, report: Reporter, fact: AdjustmentTold, entry: Entry, what: str, should: str) -> None:
    found = ", ".join(f"{scope.account_label(line.account)} {line.amount}" for line in entry.lines)
    report.found(
        f"adjustment:{fact.adjustment}:{entry.id}",
        f"the adjustment {fact.adjustment} of {fact.dated} {what}",
        expected=should,
        actual=f"an entry of {entry.date}: {found}",
        objects=[entry_object(scope.vendors.get("accounting", ""), entry)],
        at_risk=_worth(fact),
        origin=Origin(step=fact.step, where=fact.where, on=fact.on),
    )


def _lost(report: Reporter, fact: AdjustmentTold, what: str) -> None:
    report.found(
        f"adjustment:{fact.adjustment}:lost",
        f"the adjustment {fact.adjustment} of {fact.dated} {what}",
        expected="in the books, or listed with the reason why not",
        actual="neither",
        at_risk=_worth(fact),
        origin=Origin(step=fact.step, where=fact.where, on=fact.on),
    )


def _worth(fact: AdjustmentTold) -> Money:
    debits = sum((line.amount.amount for line in fact.lines if line.amount.amount > 0), _ZERO)
    return Money(debits, fact.lines[0].amount.currency)
