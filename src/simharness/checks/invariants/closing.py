"""V12: a closed period stays as it was closed, and what came too late for it is not lost."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal

from simharness.checks.adjustments import approved_entries
from simharness.checks.balances import balances_at
from simharness.checks.closing import Moment
from simharness.checks.effects import entry_object
from simharness.checks.findings import Reporter, amount
from simharness.checks.invariants.closed_bi import bi_is_final
from simharness.checks.invariants.late import adjustments_are_approved, late_items_keep_their_day
from simharness.checks.oracle.model import Origin
from simharness.checks.scope import Judged, Scope
from simharness.core.money import Money
from simharness.domain.books import Entry, LedgerSnapshot
from simharness.domain.fact import CustomerPaid, PaymentDisputed, PaymentRefunded
from simharness.domain.finding import CheckResult
from simharness.domain.snapshot import Checkpoint

_ZERO = Decimal(0)


def closed_stays_closed(judged: Judged) -> CheckResult:
    """V12 for every closing of the story, against every later checkpoint of the main ledger."""
    report = Reporter("V12", judged.record.header)
    for moment in judged.closings.moments:
        if moment.until is not None:
            report.examined += 1
            _nothing_posted(judged, report, moment, moment.until)
            _balances_stay(judged, report, moment, moment.until)
    if judged.closings.moments:
        _nothing_lost(judged, report)
        late_items_keep_their_day(judged.settled, report)
    adjustments_are_approved(judged, report)
    bi_is_final(judged, report)
    return report.result("the books were never closed")


def _nothing_posted(judged: Judged, report: Reporter, moment: Moment, until: date) -> None:
    """No entry that was made after the closing, while it stood, bears a day that was closed; a day that is not locked
    takes approved adjustments, and is closed to the connector only, whose duty that is.
    """
    ledger = judged.final.ledger
    approved = approved_entries(judged.final)
    for entry in ledger.entries if ledger else ():
        made = entry.created_at
        if made is None or made <= moment.at or judged.closings.was_moved(moment, made):
            continue
        report.examined += 1
        locked = moment.locked is not None and entry.date <= moment.locked
        is_free = not locked and (entry.id in approved or not judged.final.by_connector(entry.created_by))
        if entry.date <= until and not is_free and ledger is not None:
            debits = sum((line.amount.amount for line in entry.lines if line.amount.amount > 0), _ZERO)
            report.found(
                f"{entry.source}:{entry.source_id or entry.id}",
                f"an entry of {entry.date} was posted after the books were {'locked' if locked else 'closed'} up to "
                f"{moment.locked if locked else until}",
                expected=f"nothing dated {until} or before" + ("" if locked else " but approved adjustments"),
                actual=f"{entry.source.replace('_', ' ')} {entry.source_id or entry.id} of "
                f"{amount(debits, ledger.currency)}, made {made:%Y-%m-%d %H:%M} UTC",
                objects=[entry_object(ledger.vendor, entry)],
                at_risk=Money(debits, ledger.currency),
                origin=_origin(moment),
            )


def _balances_stay(judged: Judged, report: Reporter, moment: Moment, until: date) -> None:
    """The balances up to the closed day, an account at a time, are at every later checkpoint what they were, and what
    approved adjustments of days that are not locked have added.
    """
    moments = judged.closings.moments
    reopened = next((m.step for m in moments if m.step > moment.step and (m.until is None or m.until < until)), None)
    later = [
        checkpoint
        for checkpoint in judged.record.checkpoints
        if checkpoint.step >= moment.step and (reopened is None or checkpoint.step < reopened)
    ]
    baseline = _at_closing(judged, moment, later)
    if baseline is None:
        return
    known = {entry.id for entry in baseline}
    approved = approved_entries(judged.final)
    for checkpoint in later:
        ledger = checkpoint.world.ledger()
        if ledger is None:
            continue
        added = [
            entry
            for entry in ledger.entries
            if entry.id in approved and entry.id not in known and (moment.locked is None or entry.date > moment.locked)
        ]
        should, found = balances_at((*baseline, *added), until), balances_at(ledger.entries, until)
        report.examined += 1
        for account in sorted({*should, *found}):
            before, after = should.get(account, _ZERO), found.get(account, _ZERO)
            if before != after:
                label = judged.final.account_label(account)
                report.found(
                    f"{until}:{account}",
                    f"the balance of {label} at {until} changed after the books were closed",
                    expected=f"{amount(before, ledger.currency)} at the closing",
                    actual=f"{amount(after, ledger.currency)} at step {checkpoint.step}",
                    objects=[f"{ledger.vendor}:account:{account} ({label})"],
                    at_risk=Money(after - before, ledger.currency),
                    origin=_origin(moment),
                )


def _at_closing(judged: Judged, closed: Moment, later: list[Checkpoint]) -> tuple[Entry, ...] | None:
    """The entries as the books were closed: the last picture before, with what was made between it and the closing."""
    before = judged.checkpoint(closed.step)
    known = before.world.ledger() if before else None
    if before is None or known is None:
        return None
    if before.step == closed.step:
        return known.entries
    after = later[0].world.ledger() if later else None
    return (*known.entries, *(_between(known, after, before.world.at, closed.at) if after else ()))


def _between(known: LedgerSnapshot, after: LedgerSnapshot, start: datetime, end: datetime) -> Iterable[Entry]:
    there = {entry.id for entry in known.entries}
    for entry in after.entries:
        if entry.id not in there and entry.created_at is not None and start <= entry.created_at <= end:
            yield entry


def _nothing_lost(judged: Judged, report: Reporter) -> None:
    """What happened on a closed day and is in the books at no later day must be listed, or somebody told."""
    scope = judged.rested
    until = _closed_at(scope)
    if until is None:
        return
    posted = {id for _, id in scope.effects.of} | scope.links.payments_of.keys()
    nouns = {CustomerPaid: "payment", PaymentRefunded: "refund", PaymentDisputed: "dispute"}
    for fact in scope.facts:
        if not isinstance(fact, (CustomerPaid, PaymentRefunded, PaymentDisputed)) or fact.on > until:
            continue
        noun = nouns[type(fact)]
        source = {"payment": fact.charge_id, "refund": getattr(fact, "refund_id", ""),
                  "dispute": getattr(fact, "dispute_id", "")}[noun]  # fmt: skip
        if not scope.references.declares(noun):
            continue
        report.examined += 1
        if source not in posted and not judged.listed.told(source):
            report.found(
                f"lost:{source}",
                f"{noun} {source} of the closed {fact.on} is not in the books, and nobody was told",
                expected=f"{fact.amount} posted on an open day, or listed",
                actual="neither",
                objects=[f"{scope.vendors.get('payments', '')}:{noun}:{source}"],
                at_risk=fact.amount,
                origin=Origin(step=fact.step, where=fact.where, on=fact.on),
            )
    _documents_lost(judged, report)


def _documents_lost(judged: Judged, report: Reporter) -> None:
    scope = judged.rested
    until = _closed_at(scope)
    for expected in scope.pairing.missing:
        if until is not None and expected.dated <= until and not judged.listed.told(expected.deal_id):
            report.found(
                f"lost:{expected.deal_id}:{expected.kind}:{expected.version}",
                f"the {expected} of the closed {expected.dated} is not in the books, and nobody was told",
                expected=f"{expected.money(expected.total)} posted on an open day, or listed",
                actual="neither",
                objects=[f"{scope.vendors.get('crm', '')}:deal:{expected.deal_id} ({expected.deal})"],
                at_risk=expected.money(expected.total),
                origin=expected.origin,
            )


def _closed_at(scope: Scope) -> date | None:
    """The last closed day after the step of a scope."""
    moment = scope.judged.closings.at_step(scope.step)
    return moment.until if moment is not None else None


def _origin(moment: Moment) -> Origin:
    return Origin(step=moment.step, where=moment.where, on=moment.on)
