"""V4: any permitted order of delivery gives the same final state. The runner makes the second run; this compares.

Another order gives other ids, document numbers and instants. So each record is said in words that hold in both runs:
accounts by number, customers by name, and what names a source by that source.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from simharness.checks.convergence.ledger import ledger_items
from simharness.checks.convergence.said import Said, listed
from simharness.checks.convergence.sides import desk_items
from simharness.checks.convergence.state import metric_items
from simharness.checks.convergence.words import Words
from simharness.checks.findings import Reporter, not_applicable
from simharness.domain.books import LedgerSnapshot
from simharness.domain.connector import ConnectorInfo
from simharness.domain.crm import CrmSnapshot
from simharness.domain.finding import CheckResult
from simharness.domain.record import RunRecord

#: Fewer deliveries than these have one order only.
_PERMUTABLE = 2
#: What is one record in words: what it is of, and what it says.
_Said = tuple[str, str]


def compare_orders(record_a: RunRecord, record_b: RunRecord) -> CheckResult:
    """Ledgers, deals, open alerts and metrics at the ends of two runs; news reached `record_b` in another order."""
    report = Reporter("V4", record_a.header)
    if len(record_a.deliveries) < _PERMUTABLE:
        return report.result("fewer than two webhooks were delivered")
    if record_a.final is None or record_b.final is None:
        return not_applicable("V4", "one of the two runs reached no checkpoint")
    report.examined = len(record_a.deliveries)
    one, other = record_a.final.world, record_b.final.world
    info = record_a.header.connector
    books = {ledger.entity: ledger for ledger in other.ledgers}
    for ledger in one.ledgers:
        twin = books.get(ledger.entity)
        if twin is None:
            return not_applicable("V4", f"the other run has no ledger of {ledger.entity!r}")
        _compare(report, ledger.vendor, _books(ledger, info), _books(twin, info))
    if one.crm is not None and other.crm is not None:
        _compare(report, one.crm.vendor, list(_deals(one.crm)), list(_deals(other.crm)))
    if one.operations is not None and other.operations is not None:
        mine, theirs = Words(one.ledgers, info), Words(other.ledgers, info)
        _compare(
            report,
            one.operations.vendor,
            _said(desk_items(one.operations, mine)),
            _said(desk_items(other.operations, theirs)),
        )
    _compare(report, "BI", _said(metric_items(record_a)), _said(metric_items(record_b)))
    return report.result()


def _compare(report: Reporter, vendor: str, left: list[_Said], right: list[_Said]) -> None:
    """Both sides as multisets; of one record on both sides that says something else, one finding."""
    missing, further = Counter(left) - Counter(right), Counter(right) - Counter(left)
    report.examined += len(left)
    for what in dict.fromkeys([*(what for what, _ in missing), *(what for what, _ in further)]):
        before = "; ".join(says for name, says in missing.elements() if name == what)
        after = "; ".join(says for name, says in further.elements() if name == what)
        report.found(
            f"{vendor}:{what}",
            f"another order of delivery {'changes' if before and after else 'loses' if before else 'adds'} {what}",
            expected=before or "nothing",
            actual=after or "nothing",
            objects=[f"{vendor}:{what}"],
        )


def _deals(crm: CrmSnapshot) -> Iterator[_Said]:
    for deal in crm.deals:
        yield f"deal {deal.name}", listed(deal.stage, deal.billing_status, deal.outstanding)


def _books(ledger: LedgerSnapshot, info: ConnectorInfo) -> list[_Said]:
    return _said(ledger_items(ledger, Words((ledger,), info), ledger.vendor))


def _said(items: Iterable[Said]) -> list[_Said]:
    return [(item.what, item.says) for item in items]
