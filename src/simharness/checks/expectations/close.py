"""Expectations on a close: the checklist, where late postings land, and the version of BI."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

import msgspec
from msgspec.structs import replace

from simharness.checks.adjustments import adjustments_told, approved_entries, entries_of, lacks
from simharness.checks.arithmetic.months import first_day, last_day
from simharness.checks.balances import balances_at
from simharness.checks.expectations.case import Case
from simharness.checks.expectations.waiting import told_at, waiting_of
from simharness.checks.findings import source_object
from simharness.checks.invariants.closed_bi import trial_balance_in
from simharness.checks.listed import ids
from simharness.checks.registry import CHECKS
from simharness.checks.scope import Judged
from simharness.domain.bi import BiReading
from simharness.domain.close_facts import AccrualTold, PeriodEndRun, PrepaidTold
from simharness.domain.expectation import BiVersionIs, CloseComplete, PostingLands
from simharness.domain.fact import Fact
from simharness.domain.finding import Finding, Judgement
from simharness.domain.record import RunRecord


def close_complete(case: Case, said: CloseComplete) -> None:
    """Each item of the checklist, judged from the record as it stood at the step; a missing one is named."""
    for item, should, found in _missing(case, said.period):
        case.wrong(item, f"the close of {said.period} is not complete: {item}", should, found)


def _missing(case: Case, period: str) -> Iterator[tuple[str, str, str]]:
    """What is not there: the item, what it should be, what was found."""
    yield from _cut_off(case, last_day(period))
    yield from _period_end(case, period)
    yield from _adjustments(case, period)
    yield from _lock(case, last_day(period))
    yield from _checks(case)
    yield from _published(case, last_day(period))


def _cut_off(case: Case, until: date) -> Iterator[tuple[str, str, str]]:
    """Nothing of the period, or of an earlier one, waits for a person."""
    days = _days(case.scope.facts)
    for source, reason in waiting_of(case).items():
        own = min((days[id] for id in ids(source) if id in days), default=until)
        if own <= until:
            yield f"cut-off: {source}", f"nothing up to {until} waits", f"{source} of {own} waits: {reason}"


def _period_end(case: Case, period: str) -> Iterator[tuple[str, str, str]]:
    """The entries of the period's end were asked for, where something was told that needs some."""
    asked = {fact.period for fact in case.scope.facts if isinstance(fact, PeriodEndRun)}
    for fact in case.scope.facts:
        if (
            isinstance(fact, AccrualTold | PrepaidTold)
            and fact.service_from <= last_day(period)
            and period not in asked
        ):
            name = fact.accrual if isinstance(fact, AccrualTold) else fact.prepaid
            yield "period-end entries", f"asked for, because of {name}", "never asked for"
            return


def _adjustments(case: Case, period: str) -> Iterator[tuple[str, str, str]]:
    """Every adjustment of the period is approved, and every approved one posted."""
    approved = approved_entries(case.scope)
    for effect in case.scope.effects.naming("adjustment"):
        if first_day(period) <= effect.entry.date <= last_day(period) and effect.entry.id not in approved:
            yield f"adjustment {effect.id}", "approved, and posted as it was told", "posted without that"
    for fact in adjustments_told(case.judged).values():
        due = fact.step <= case.expectation.step and first_day(period) <= fact.dated <= last_day(period)
        if due and not lacks(fact) and not entries_of(case.scope, fact.adjustment):
            yield f"adjustment {fact.adjustment}", f"posted on {fact.dated}", "not in the books"


def _lock(case: Case, until: date) -> Iterator[tuple[str, str, str]]:
    """The controller locked the period, and so did the ledger."""
    moment = case.judged.closings.at_step(case.expectation.step)
    locked = moment.locked if moment is not None else None
    if locked is None or locked < until:
        yield "lock", f"locked up to {until}", f"locked up to {locked}" if locked else "never locked"
    there = case.ledger.closed_until if case.ledger is not None else None
    if there is None or there < until:
        yield "lock in the ledger", f"a closing date of {until}", str(there or "none")


def _checks(case: Case) -> Iterator[tuple[str, str, str]]:
    """Every check is made on the record as it stood; the subledgers are among them."""
    judged = Judged(_as_it_stood(case), entities=case.judged.book.entities, foreign=case.judged.foreign)
    for check in CHECKS:
        if check.judge is None or (check.of_all and case.judged.record.further):
            continue
        result = check.judge(judged)
        findings: tuple[Finding, ...] = result.findings if result.judgement is Judgement.FOUND else ()
        for finding in findings[:1]:
            more = f" (and {len(findings) - 1} more)" if len(findings) > 1 else ""
            yield f"check {check.id} {check.title}", "no finding", f"{finding.message}: {finding.actual}{more}"


def _published(case: Case, until: date) -> Iterator[tuple[str, str, str]]:
    """BI was published after the lock, and shows the trial balance."""
    reading = case.judged.reading(case.expectation.step)
    moment = case.judged.closings.at_step(case.expectation.step)
    published = _published_at(reading) if reading is not None else None
    if reading is None or published is None:
        yield "BI", "published after the lock", "nothing was published"
        return
    if moment is not None and published < moment.at.replace(tzinfo=None):
        yield "BI", f"published after the lock of {moment.at:%Y-%m-%d %H:%M} UTC", f"published {published} UTC"
    should = balances_at(case.ledger.entries, until) if case.ledger is not None else {}
    shown = trial_balance_in(reading, until)
    for account in sorted({*should, *shown}):
        if should.get(account) != shown.get(account):
            label = case.scope.account_label(account)
            yield f"BI: {label}", str(should.get(account, 0)), str(shown.get(account, 0))


def posting_lands(case: Case, said: PostingLands) -> None:
    """Everything of a day that is in the books bears a day of the period, and something of it is; where it is refused,
    nothing is, and everything is listed.
    """
    places = list(_postings(case, said.dated))
    crm = case.scope.vendors.get("crm", "")
    if not places:
        case.wrong("absent", f"nothing happened on {said.dated}, and nothing was told for it", "a fact", "none")
    for id, name, day in places:
        if said.period is None:
            if day is not None:
                case.wrong(id, f"{name} of {said.dated} was posted", "refused", f"posted on {day}")
            elif not case.judged.listed.refused(id):
                case.wrong(
                    id, f"{name} of {said.dated} is neither posted nor listed", "listed as refused", "not listed"
                )
        elif day is None or not first_day(said.period) <= day <= last_day(said.period):
            where = f"posted on {day}" if day is not None else "not posted"
            objects = [source_object(crm, "source", id, name)]
            case.wrong(
                id, f"{name} of {said.dated} does not land in {said.period}", said.period, where, objects=objects
            )


def _postings(case: Case, dated: date) -> Iterator[tuple[str, str, date | None]]:
    """What a day calls for: the id of its source, what it is called, and the day on which it stands in the books."""
    paired = {id(expected): linked.document.date for expected, linked in case.scope.pairing.pairs}
    for expected in case.scope.called_for.documents:
        if expected.dated == dated:
            yield expected.deal_id, f"the {expected}", paired.get(id(expected))
    for payment in case.scope.expected.payments:
        if payment.dated == dated:
            found = case.scope.links.payments_of.get(payment.charge_id, ())
            yield payment.charge_id, f"payment {payment.payment!r}", found[0].date if found else None
    for fact in adjustments_told(case.judged).values():
        if fact.dated == dated and fact.step <= case.expectation.step:
            entries = entries_of(case.scope, fact.adjustment)
            yield fact.adjustment, f"adjustment {fact.adjustment}", entries[0].date if entries else None


def bi_version_is(case: Case, said: BiVersionIs) -> None:
    """The version of BI at the step against that of the reading before it."""
    now = case.judged.reading(said.step)
    before = [reading for reading in case.judged.record.bi if now is not None and reading.step < now.step]
    version, last = now.version if now is not None else "", before[-1].version if before else ""
    if not version or (version != last) != said.is_new:
        should = f"another version than {last or 'none'}" if said.is_new else f"version {last}"
        case.wrong("version", "BI shows another version than it should", should, f"version {version or 'none'}")


def _as_it_stood(case: Case) -> RunRecord:
    """The record up to the step of the expectation."""
    record, step, at = case.judged.record, case.expectation.step, case.until
    return replace(
        record,
        facts=tuple(each for each in record.facts if each.step <= step),
        checkpoints=tuple(each for each in record.checkpoints if each.step <= step),
        bi=tuple(each for each in record.bi if each.step <= step),
        exchanges=tuple(each for each in record.exchanges if at is None or each.at <= at),
        deliveries=tuple(each for each in record.deliveries if at is None or each.at <= at),
        writes=tuple(each for each in record.writes if at is None or each.at <= at),
        evidence=tuple(each for each in record.evidence if at is None or told_at(each) <= at),
    )


def _published_at(reading: BiReading) -> datetime | None:
    table = next((each for each in reading.tables if each.name == "meta"), None)
    if table is None or not table.rows:
        return None
    return datetime.fromisoformat(table.rows[0][table.columns.index("published_at")] or "")


def _days(facts: tuple[Fact, ...]) -> dict[str, date]:
    """The day on which each id was first spoken of; that of an adjustment is the day that it is dated."""
    days: dict[str, date] = {}
    for fact in facts:
        own = getattr(fact, "dated", None) or fact.on
        for name, value in msgspec.structs.asdict(fact).items():
            if isinstance(value, str) and value and (name.endswith("_id") or name == "adjustment"):
                days.setdefault(value, own)
    return days
