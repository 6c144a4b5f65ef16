"""Small records put together by hand: a story with a sale of 100.00 and 8.00 tax, and one that could not be played."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

from msgspec import structs

from simharness.core.money import Money
from simharness.domain.bi import BiReading, MetricValue
from simharness.domain.books import Account, Entry, EntryLine, LedgerSnapshot
from simharness.domain.connector import ConnectorInfo
from simharness.domain.dictionary import Dictionary
from simharness.domain.evidence import LogRow
from simharness.domain.exchange import Exchange, Notes, Request, Response
from simharness.domain.fact import DealWon
from simharness.domain.fault import Fault
from simharness.domain.fault_facts import FaultSet
from simharness.domain.finding import CheckResult, Finding, Judgement, Severity
from simharness.domain.played import Broken, Played
from simharness.domain.policy import BooksPolicy
from simharness.domain.record import RunHeader, RunRecord, ToldStep
from simharness.domain.snapshot import Checkpoint, WorldSnapshot
from simharness.domain.write import Write

AT = datetime(2026, 1, 12, 17, 0, tzinfo=UTC)
DAY = date(2026, 1, 12)


def usd(amount: str) -> Money:
    return Money(Decimal(amount), "USD")


def ledger() -> LedgerSnapshot:
    accounts = (
        Account(id="1", number="1100", name="Accounts receivable", kind="receivable"),
        Account(id="2", number="4010", name="Hardware sales", kind="income"),
        Account(id="3", number="2200", name="Sales tax payable", kind="current_liability"),
    )
    lines = (
        EntryLine(account="1", amount=usd("108.00")),
        EntryLine(account="2", amount=usd("-100.00"), cost_centre="CC1"),
        EntryLine(account="3", amount=usd("-8.00")),
    )
    entry = Entry(id="7", date=DAY, source="invoice", source_id="7", lines=lines)
    return LedgerSnapshot(
        vendor="quickbooks", entity="us", currency="USD", time_zone="UTC", accounts=accounts, entries=(entry,)
    )


def record(story: str = "A sale", *, file: str = "stories/sale.yaml", line: int = 1, body: bytes = b"{}") -> RunRecord:
    dictionary = Dictionary(
        name="us", version="1", entity="us", currency="USD", time_zone="UTC", policy=BooksPolicy(),
        accounts=(), revenue_types=(), products=(),
    )  # fmt: skip
    header = RunHeader(
        story=story, file=file, line=line, rng_seed=7, tags=("money", "billing"), started_at=AT, today=DAY,
        stack=(("crm", "hubspot"), ("accounting", "quickbooks")), dictionary=dictionary, fingerprint="abc",
        connector=ConnectorInfo(name="sample", release="1.2", mapping="us", mapping_digest="d1"),
    )  # fmt: skip
    request = Request(method="POST", host="books.example", path="/invoice", body=body)
    notes = Notes(operation="createInvoice", actor="connector", idempotency_key="k1")
    metric = MetricValue(metric="net_revenue", period="2026-01", value=Decimal("100.00"), unit="USD")
    return RunRecord(
        header=header,
        facts=(DealWon(step=3, verb="crm.deal_won", at=AT, on=DAY, where=f"{file}:9", deal="D", deal_id="1"),),
        checkpoints=(Checkpoint(step=4, name="claims", world=WorldSnapshot(at=AT, ledgers=(ledger(),))),),
        exchanges=(
            Exchange(sequence=1, at=AT, vendor="quickbooks", request=request,
                     response=Response(status=200, body=b"{}", notes=notes)),
            Exchange(sequence=2, at=AT, vendor="", request=request, response=None, outside=True),
        ),
        writes=(Write(at=AT, family="accounting", vendor="quickbooks", dataset="invoice", record_id="7",
                      action="create", fields=("net", "tax"), actor="connector"),),
        evidence=(LogRow(at=AT, source="hubspot:deal:1:v1", target="quickbooks:invoice:7", action="create",
                         outcome="posted", amount=usd("108.00")),),
        bi=(BiReading(step=4, source="connector", version="v1", metrics=(metric,)),),
    )  # fmt: skip


def finding(check: str = "V6", *, at_risk: str = "8.00", message: str = "the invoice total is off") -> Finding:
    return Finding(
        check=check, severity=Severity.MONEY, key=f"{check}:invoice:7", message=message, expected="USD 108.00",
        actual="USD 100.00", objects=("quickbooks:invoice:7 (1001)", "hubspot:deal:1 (D)"), at_risk=usd(at_risk),
        step=3, where="stories/sale.yaml:9", reproduce="simharness run stories/sale.yaml -k 'A sale' --rng-seed 7",
    )  # fmt: skip


def played(*findings: Finding, story: str = "A sale", file: str = "stories/sale.yaml", line: int = 1) -> Played:
    results = [
        CheckResult(check="V1", judgement=Judgement.PASSED, examined=3),
        CheckResult(check="C5", judgement=Judgement.NOT_APPLICABLE, reason="the connector offers no log"),
        CheckResult(check="V27", judgement=Judgement.NOT_EXERCISED, reason="nobody was renamed"),
    ]
    if findings:
        results.append(CheckResult(check="V6", judgement=Judgement.FOUND, findings=findings, examined=1))
    return Played(record=record(story, file=file, line=line), results=tuple(results))


def untried(*findings: Finding) -> Played:
    """A story that lets the ledger go down, which strikes nowhere."""
    story, where = played(*findings), "stories/sale.yaml:7"
    down = FaultSet(
        step=2, verb="fault.system_down", at=AT, on=DAY, where=where, told="is down for 10 minutes",
        system="ledger", fault=Fault(kind="outage", amount=600),
    )  # fmt: skip
    said = ToldStep(step=2, phase="given", verb=down.verb, where=where, text="Given the ledger is down for 10 minutes")
    record = structs.replace(story.record, facts=(*story.record.facts, down), steps=(said,))
    return structs.replace(story, record=record)


def broken() -> Broken:
    return Broken(story="A wreck", where="stories/wreck.yaml:4", message="the pack fell over\n  To mend it: mend it")


def unusable() -> Broken:
    """A mistake in the place of the story that it keeps from being played."""
    return Broken(
        story="what stands at stories/typo.yaml:7",
        where="stories/typo.yaml:7",
        message="stories/typo.yaml:7: unknown verb",
        unusable=True,
    )
