"""V4: any permitted order of delivery gives the same final state. The runner makes the second run; this compares.

Another order gives other ids, document numbers and instants. So each record is said in words that hold in both runs:
accounts by number, customers by name, and what names a source by that source.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal

from simharness.checks.findings import Reporter, not_applicable
from simharness.checks.replay import shown
from simharness.core.money import Money
from simharness.domain.bi import MetricValue
from simharness.domain.books import Document, DocumentLine, LedgerSnapshot
from simharness.domain.connector import ConnectorInfo
from simharness.domain.crm import CrmSnapshot
from simharness.domain.finding import CheckResult
from simharness.domain.operations import OperationsSnapshot
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
        _compare(report, ledger.vendor, list(_ledger(ledger, info)), list(_ledger(twin, info)))
    if one.crm is not None and other.crm is not None:
        _compare(report, one.crm.vendor, list(_deals(one.crm)), list(_deals(other.crm)))
    if one.operations is not None and other.operations is not None:
        mine, theirs = _Words(one.ledgers, info), _Words(other.ledgers, info)
        _compare(
            report, one.operations.vendor, list(_open(one.operations, mine)), list(_open(other.operations, theirs))
        )
    _compare(report, "BI", list(_metrics(record_a)), list(_metrics(record_b)))
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


class _Words:
    """Ids and numbers of ledgers in words: a document by its kind and source, everything else by name.

    A number in the `state` of a reference, which counts or names something in the ledger beside the source, is `#`.
    """

    def __init__(self, ledgers: tuple[LedgerSnapshot, ...], info: ConnectorInfo) -> None:
        rules = (re.compile(rule.pattern) for rule in info.references)
        self._stating = [rule for rule in rules if "state" in rule.groupindex]
        self.accounts = {each.id: each.number or each.name for ledger in ledgers for each in ledger.accounts}
        self.parties = {each.id: each.name for ledger in ledgers for each in ledger.parties}
        self.documents: dict[str, str] = {}
        numbers: dict[str, str] = {}
        for ledger in ledgers:
            for each in ledger.documents:
                self.documents[each.id] = self._document(each)
                numbers[each.number or each.id] = self.documents[each.id]
            self.documents |= {
                each.entry: f"journal {self._stated(each.note) or each.date}" for each in ledger.open_items
            }
            self.documents |= {each.id: f"payment {self._stated(each.note)}" for each in ledger.payments if each.note}
        longest_first = sorted(numbers, key=len, reverse=True)
        self._numbers = numbers
        self._pattern = re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, longest_first))})(?!\w)") if numbers else None

    def _document(self, document: Document) -> str:
        party = self.parties.get(document.party, "")
        return f"{document.kind} {self._stated(document.note) or f'of {party} {document.date} {document.total}'}"

    def of(self, text: str) -> str:
        """A text with document numbers in words, and without the numbers in the state of a reference."""
        text = self._stated(text)
        return self._pattern.sub(lambda found: f"<{self._numbers[found[0]]}>", text) if self._pattern else text

    def _stated(self, text: str) -> str:
        for rule in self._stating:
            found = rule.search(text)
            if found is not None and found["state"]:
                begin, end = found.span("state")
                parts = ("#" if part.isdigit() else part for part in found["state"].split(":"))
                return f"{text[:begin]}{':'.join(parts)}{text[end:]}"
        return text


def _ledger(ledger: LedgerSnapshot, info: ConnectorInfo) -> Iterator[_Said]:
    words = _Words((ledger,), info)
    for party in ledger.parties:
        yield f"customer {party.name} {party.currency}".rstrip(), _listed(
            words.of(party.note), party.reference, party.terms, party.email, party.exemption_reason,
            party.exemption_number, party.active, party.balance,
        )  # fmt: skip
    for document in ledger.documents:
        yield words.of(words.documents[document.id]), _document(document, words)
    for payment in ledger.payments:
        settles = sorted(f"{words.of(words.documents.get(a.document, ''))} {a.amount}" for a in payment.applications)
        yield f"payment {words.of(payment.note) or payment.date}", _listed(
            words.parties.get(payment.party), payment.date, payment.amount, payment.unapplied, *settles,
            words.accounts.get(payment.account), payment.deposited, payment.rate, payment.status,
        )  # fmt: skip
    for deposit in ledger.deposits:
        lines = sorted(f"{words.documents.get(li.payment, '')} {li.amount}" for li in deposit.lines)
        yield (
            f"deposit {words.of(deposit.note) or deposit.date}",
            _listed(deposit.date, deposit.total, words.accounts.get(deposit.account), *map(words.of, lines)),
        )
    for item in ledger.open_items:
        name = f"open item {words.of(item.note) or item.date} of {words.parties.get(item.party, '')}"
        yield name, _listed(item.date, item.amount, item.open, item.rate)
    for entry in ledger.entries:
        lines = sorted(
            _listed(
                words.accounts.get(li.account), li.amount, li.foreign, words.parties.get(li.party), li.cost_centre,
                li.location,
            )
            for li in entry.lines
        )  # fmt: skip
        yield f"entry of {entry.source} {words.of(entry.note)}".rstrip(), _listed(entry.date, *lines)


def _document(document: Document, words: _Words) -> str:
    taxes = sorted(f"{tax.code} {tax.rate} {tax.base} {tax.tax}" for tax in document.taxes)
    return _listed(
        words.parties.get(document.party), document.date, document.due, document.currency, document.terms,
        document.tax_code, document.cost_centre, document.location, words.of(document.memo), document.net, document.tax,
        document.total, document.open, document.status, words.accounts.get(document.account), document.rate,
        *(_line(line, words) for line in document.lines), *taxes,
    )  # fmt: skip


def _line(line: DocumentLine, words: _Words) -> str:
    return _listed(
        line.kind, words.of(line.description), line.quantity, line.unit_price, line.amount,
        words.accounts.get(line.account), line.tax_code, line.cost_centre,
    )  # fmt: skip


def _deals(crm: CrmSnapshot) -> Iterator[_Said]:
    for deal in crm.deals:
        yield f"deal {deal.name}", _listed(deal.stage, deal.billing_status, deal.outstanding)


def _open(desk: OperationsSnapshot, words: _Words) -> Iterator[_Said]:
    """Alerts that nobody cleared; how often one was repeated is no state."""
    for alert in desk.alerts:
        if alert.cleared_at is None:
            yield f"alert {words.of(alert.incident)}", _listed(alert.owner, alert.amount)


def _metrics(record: RunRecord) -> Iterator[_Said]:
    for key, value in shown(record).items():
        yield f"metric {' '.join(filter(None, key))}", _figure(value)


def _figure(value: MetricValue) -> str:
    return "no value" if value.value is None else f"{value.value.normalize():f} {value.unit}"


def _listed(*parts: Money | Decimal | object) -> str:
    """What is stated of the parts, in their order."""
    return ", ".join(str(part) for part in parts if part not in (None, ""))
