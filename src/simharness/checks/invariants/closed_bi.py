"""V12 in BI: a closed period is shown as its final trial balance, and published anew after a reopening."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from decimal import Decimal

from simharness.checks.balances import balances_at
from simharness.checks.closing import Moment
from simharness.checks.findings import Reporter, amount
from simharness.checks.oracle.model import Origin
from simharness.checks.scope import Judged
from simharness.core.money import Money
from simharness.domain.bi import BiReading
from simharness.domain.books import LedgerSnapshot
from simharness.domain.fact import ConnectorFinished

_ZERO = Decimal(0)

_COLUMNS = ("entry_date", "account_id", "amount")


def bi_is_final(judged: Judged, report: Reporter) -> None:
    """Each reading of BI shows what the ledger held of closed days when the connector last finished, and the first
    reading after a reopening is of another version than the last before it.
    """
    finished = [fact for fact in judged.record.facts if isinstance(fact, ConnectorFinished) and not fact.failure]
    for reading in judged.record.bi:
        moment = judged.closings.at_step(reading.step)
        rest = max((fact.step for fact in finished if fact.step <= reading.step), default=0)
        checkpoint = judged.checkpoint(rest)
        ledger = checkpoint.world.ledger() if checkpoint is not None and rest else None
        if moment is not None and moment.until is not None and ledger is not None:
            report.examined += 1
            _compare(judged, report, reading, ledger, moment, moment.until)
    for moment in judged.closings.moments:
        if moment.reopened:
            _republished(judged, report, moment, [fact.step for fact in finished])


def trial_balance_in(reading: BiReading, until: date) -> dict[str, Decimal]:
    """What BI shows of each account by the postings up to and including a day; zeros left out."""
    sums: defaultdict[str, Decimal] = defaultdict(Decimal)
    table = next((each for each in reading.tables if each.name == "fct_journal_line"), None)
    if table is None or not {*_COLUMNS} <= {*table.columns}:
        return {}
    day, account, value = (table.columns.index(name) for name in _COLUMNS)
    for row in table.rows:
        if date.fromisoformat((row[day] or "")[:10]) <= until:
            sums[row[account] or ""] += Decimal(row[value] or 0)
    return {key: total for key, total in sums.items() if total}


def _compare(
    judged: Judged, report: Reporter, reading: BiReading, ledger: LedgerSnapshot, moment: Moment, until: date
) -> None:
    should, shown = balances_at(ledger.entries, until), trial_balance_in(reading, until)
    for account in sorted({*should, *shown}):
        right, found = should.get(account, _ZERO), shown.get(account, _ZERO)
        if right != found:
            label = judged.final.account_label(account)
            report.found(
                f"bi:{until}:{account}",
                f"BI shows another balance of {label} at {until}, up to which the books are closed",
                expected=amount(right, ledger.currency),
                actual=f"{amount(found, ledger.currency)} in version {reading.version or 'none'}",
                objects=[f"{ledger.vendor}:account:{account} ({label})"],
                at_risk=Money(found - right, ledger.currency),
                origin=Origin(step=moment.step, where=moment.where, on=moment.on),
            )


def _republished(judged: Judged, report: Reporter, moment: Moment, finished: list[int]) -> None:
    before = [reading for reading in judged.record.bi if reading.step < moment.step]
    rest = next((step for step in finished if step > moment.step), None)
    after = next((each for each in judged.record.bi if rest is not None and each.step >= rest), None)
    if not before or after is None:
        return
    report.examined += 1
    if (after.source, after.version) == (before[-1].source, before[-1].version):
        report.found(
            f"bi:{moment.reopened}:{moment.step}:version",
            f"BI was not published anew after {moment.reopened} was opened again",
            expected=f"a version after {before[-1].version}",
            actual=f"version {after.version}",
            origin=Origin(step=moment.step, where=moment.where, on=moment.on),
        )
