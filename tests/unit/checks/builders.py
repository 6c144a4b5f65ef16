"""One small story, worked out by hand, as a record that every check passes; tests break it in one place each.

Globex (San Francisco: 7.25 % + 1.375 % on goods, services untaxed, Net 30) buys 1 badge printer at 4,000.00 less 10 %
and 2 onboardings at 250.00: nets 3,600.00 and 500.00, tax 261.00 + 49.50, total 4,410.50. Won 12 January, due
11 February. On 20 January 1,000.00 is paid by card; 3,410.50 stay open.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from msgspec import structs

from simharness.checks import check_by_id, judge
from simharness.checks.scope import Judged
from simharness.core.money import Money
from simharness.domain.bi import BiReading, BiTable, MetricValue
from simharness.domain.books import (
    Account,
    Application,
    Document,
    DocumentLine,
    Entry,
    EntryLine,
    LedgerSnapshot,
    Party,
    Payment,
    TaxGroup,
)
from simharness.domain.crm import Company, CrmSnapshot, Deal, DealLine
from simharness.domain.evidence import LogRow
from simharness.domain.exchange import Exchange, Notes, Request, Response
from simharness.domain.fact import ConnectorFinished, CustomerEntered, CustomerPaid, DealEntered, DealWon
from simharness.domain.finding import CheckResult, Finding, Judgement
from simharness.domain.record import RunHeader, RunRecord
from simharness.domain.snapshot import Checkpoint, WorldSnapshot
from simharness.domain.write import Write
from tests.unit.checks.company import ACCOUNTS, CONNECTOR, day, dictionary

#: What tests take from here beside the builders.
__all__ = ["RunRecord", "judge", "structs"]

FILE = "scenarios/billing/globex.yaml"


def usd(amount: str) -> Money:
    return Money(amount, "USD")


def at(day: str, hour: int = 18) -> datetime:
    return datetime.fromisoformat(day).replace(hour=hour, tzinfo=UTC)


def header(**changes: Any) -> RunHeader:
    given: dict[str, Any] = {
        "story": "Globex pays a part",
        "file": FILE,
        "rng_seed": 7,
        "started_at": at("2026-01-05"),
        "today": day("2026-01-05"),
        "stack": (("crm", "hubspot"), ("accounting", "quickbooks"), ("payments", "stripe")),
        "connector": CONNECTOR,
        "dictionary": dictionary(),
    }
    return RunHeader(**(given | changes))


# --- facts ------------------------------------------------------------------------------------------------------------

LINES = (
    DealLine(
        id="L1",
        product="Badge printer",
        quantity=Decimal(1),
        unit_price=usd("4000.00"),
        discount_percent=Decimal(10),
        cost_centre="CC-10",
    ),
    DealLine(id="L2", product="Onboarding", quantity=Decimal(2), unit_price=usd("250.00"), cost_centre="CC-20"),
)


def mark(step: int, verb: str, on: str, hour: int = 18) -> dict[str, Any]:
    return {"step": step, "verb": verb, "at": at(on, hour), "on": day(on), "where": f"{FILE}:{step + 10}"}


def entered(**changes: Any) -> CustomerEntered:
    given = mark(1, "crm.customer", "2026-01-05")
    given |= {"customer": "Globex", "company_id": "C1", "region": "US-CA-SF", "terms": "Net 30"}
    return CustomerEntered(**(given | changes))


def deal_entered(**changes: Any) -> DealEntered:
    given = mark(2, "crm.deal", "2026-01-05")
    given |= {"deal": "Rollout", "deal_id": "D1", "customer": "Globex", "company_id": "C1", "currency": "USD"}
    given |= {"lines": LINES, "location": "SF"}
    return DealEntered(**(given | changes))


def won(step: int = 3, on: str = "2026-01-12", **changes: Any) -> DealWon:
    return DealWon(**(mark(step, "crm.deal_won", on) | {"deal": "Rollout", "deal_id": "D1"} | changes))


def rest(step: int, on: str, **changes: Any) -> ConnectorFinished:
    return ConnectorFinished(**(mark(step, "middleware.connector_finishes", on, 19) | {"passes": 2} | changes))


def paid(**changes: Any) -> CustomerPaid:
    given = mark(5, "payments.customer_pays", "2026-01-20")
    given |= {"payment": "P-1", "customer": "Globex", "company_id": "C1", "charge_id": "ch1", "method": "card"}
    given |= {"amount": usd("1000.00"), "fee": usd("29.30"), "deal": "Rollout", "invoice_number": "1001"}
    return CustomerPaid(**(given | changes))


def facts() -> tuple[Any, ...]:
    return (entered(), deal_entered(), won(), rest(4, "2026-01-12"), paid(), rest(6, "2026-01-20"))


# --- the ledger -------------------------------------------------------------------------------------------------------


def document_line(id: str, item: str, amount: str, account: str, **changes: Any) -> DocumentLine:
    given: dict[str, Any] = {
        "id": id,
        "kind": "item",
        "amount": usd(amount),
        "item": item,
        "account": account,
        "tax_code": "TAX",
        "cost_centre": "CC-10",
    }
    return DocumentLine(**(given | changes))


def untaxed_line(id: str, item: str, amount: str, account: str) -> DocumentLine:
    return document_line(id, item, amount, account, tax_code="NON", taxable=False, cost_centre="CC-20")


def tax_groups(base: str = "3600.00", california: str = "261.00", city: str = "49.50") -> tuple[TaxGroup, ...]:
    code = "CA San Francisco"
    return (
        TaxGroup(
            code=code, rate="California", percent=Decimal("7.25"), base=usd(base), tax=usd(california), account="a2200"
        ),
        TaxGroup(
            code=code, rate="San Francisco", percent=Decimal("1.375"), base=usd(base), tax=usd(city), account="a2200"
        ),
    )


def invoice(**changes: Any) -> Document:
    given: dict[str, Any] = {
        "id": "1",
        "kind": "invoice",
        "number": "1001",
        "party": "p1",
        "date": day("2026-01-12"),
        "due": day("2026-02-11"),
        "currency": "USD",
        "lines": (
            document_line("1", "Badge printer", "3600.00", "a4010"),
            untaxed_line("2", "Onboarding", "500.00", "a4020"),
        ),
        "taxes": tax_groups(),
        "net": usd("4100.00"),
        "tax": usd("310.50"),
        "total": usd("4410.50"),
        "open": usd("3410.50"),
        "status": "partly_paid",
        "tax_code": "CA San Francisco",
        "location": "SF",
        "note": "crm:deal:D1:v1 lines:L1,L2",
        "created_by": "connector",
    }
    return Document(**(given | changes))


def credit_memo(**changes: Any) -> Document:
    """A credit of 100.00 onboarding for version 2, untaxed, unused."""
    given: dict[str, Any] = {
        "id": "3", "kind": "credit_memo", "number": "1002", "date": day("2026-01-22"), "due": None,
        "lines": (untaxed_line("1", "Onboarding", "100.00", "a4020"),),
        "taxes": (), "net": usd("100.00"), "tax": usd("0.00"), "total": usd("100.00"), "open": usd("100.00"),
        "status": "open", "note": "crm:deal:D1:v2 lines:L2",
    }  # fmt: skip
    return invoice(**(given | changes))


def payment(**changes: Any) -> Payment:
    given: dict[str, Any] = {
        "id": "2",
        "party": "p1",
        "date": day("2026-01-20"),
        "amount": usd("1000.00"),
        "unapplied": usd("0.00"),
        "applications": (Application(document="1", amount=usd("1000.00")),),
        "account": "a1150",
        "note": "pay:charge:ch1",
        "created_by": "connector",
    }
    return Payment(**(given | changes))


def posting(account: str, amount: str, **changes: Any) -> EntryLine:
    return EntryLine(**({"account": account, "amount": usd(amount)} | changes))


def entry(source: str, source_id: str, on: str, *lines: EntryLine, **changes: Any) -> Entry:
    given = {"id": source_id, "date": day(on), "source": source, "source_id": source_id, "lines": lines}
    return Entry(**({**given, "created_by": "connector"} | changes))


def invoice_entry(**changes: Any) -> Entry:
    return entry(
        "invoice",
        "1",
        "2026-01-12",
        posting("a1100", "4410.50", party="p1"),
        posting("a4010", "-3600.00", cost_centre="CC-10", location="SF"),
        posting("a4020", "-500.00", cost_centre="CC-20", location="SF"),
        posting("a2200", "-261.00"),
        posting("a2200", "-49.50"),
        **changes,
    )


def payment_entry(**changes: Any) -> Entry:
    lines = (posting("a1150", "1000.00"), posting("a1100", "-1000.00", party="p1"))
    return entry("payment", "2", "2026-01-20", *lines, **changes)


def credit_entry() -> Entry:
    lines = (posting("a1100", "-100.00", party="p1"), posting("a4020", "100.00", cost_centre="CC-20", location="SF"))
    return entry("credit_memo", "3", "2026-01-22", *lines)


def party(**changes: Any) -> Party:
    given = {
        "id": "p1",
        "name": "Globex",
        "note": "crm:company:C1",
        "balance": usd("3410.50"),
        "created_by": "connector",
    }
    return Party(**(given | changes))


def ledger(**changes: Any) -> LedgerSnapshot:
    given: dict[str, Any] = {
        "vendor": "quickbooks",
        "entity": "main",
        "currency": "USD",
        "time_zone": "America/Los_Angeles",
        "accounts": tuple(Account(id=f"a{a.number}", number=a.number, name=a.name, kind=a.kind) for a in ACCOUNTS),
        "parties": (party(),),
        "documents": (invoice(),),
        "payments": (payment(),),
        "entries": (invoice_entry(), payment_entry()),
    }
    return LedgerSnapshot(**(given | changes))


def crm(**changes: Any) -> CrmSnapshot:
    deal: dict[str, Any] = {
        "id": "D1",
        "name": "Rollout",
        "company_id": "C1",
        "currency": "USD",
        "stage": "won",
        "lines": LINES,
        "location": "SF",
        "billing_status": "partly paid",
        "outstanding": usd("3410.50"),
    }
    company = Company(id="C1", name="Globex", region="US-CA-SF", terms="Net 30")
    return CrmSnapshot(vendor="hubspot", companies=(company,), deals=(Deal(**(deal | changes)),))


# --- the wire, the log and BI -----------------------------------------------------------------------------------------


def exchange(sequence: int, operation: str, body: bytes, key: str = "", **changes: Any) -> Exchange:
    notes = Notes(operation=operation, actor="connector", idempotency_key=key)
    given: dict[str, Any] = {
        "sequence": sequence,
        "at": at("2026-01-12"),
        "vendor": "quickbooks",
        "request": Request(method="POST", host="quickbooks.api.intuit.com", path=f"/v3/{operation}", body=body),
        "response": Response(status=200, notes=notes),
    }
    return Exchange(**(given | changes))


def exchanges() -> tuple[Exchange, ...]:
    return (exchange(1, "invoice", b'{"note":"D1"}', "k1"), exchange(2, "payment", b'{"note":"ch1"}', "k2"))


def log(source: str, target: str, amount: str, key: str, **changes: Any) -> LogRow:
    given: dict[str, Any] = {
        "at": at("2026-01-12"),
        "source": source,
        "target": target,
        "action": "create",
        "outcome": "posted",
        "key": key,
        "amount": usd(amount),
    }
    return LogRow(**(given | changes))


def evidence() -> tuple[LogRow, ...]:
    return (
        log("hubspot:deal:D1:v1", "quickbooks:invoice:1", "4410.50", "k1"),
        log("stripe:charge:ch1", "quickbooks:payment:2", "1000.00", "k2"),
    )


def write(dataset: str, record_id: str, action: str, *fields: str, **changes: Any) -> Write:
    given: dict[str, Any] = {
        "at": at("2026-01-12"),
        "family": "crm",
        "vendor": "hubspot",
        "dataset": dataset,
        "record_id": record_id,
        "action": action,
        "fields": fields,
        "actor": "connector",
    }
    return Write(**(given | changes))


def writes() -> tuple[Write, ...]:
    return (write("deal", "D1", "update", "billing_status"),)


def table(name: str, columns: str, *rows: str) -> BiTable:
    """Rows with `|` between the values and `-` for NULL."""
    cells = (tuple(None if cell.strip() == "-" else cell.strip() for cell in row.split("|")) for row in rows)
    return BiTable(name=name, columns=tuple(columns.split()), rows=tuple(cells))


def tables() -> tuple[BiTable, ...]:
    return (
        table(
            "fct_document",
            "document_id kind document_date due_date net tax total open_amount is_void",
            "1|invoice|2026-01-12|2026-02-11|4100.0000|310.5000|4410.5000|3410.5000|false",
        ),
        table("fct_document_line", "document_id line_no net_amount", "1|1|3600.0000", "1|2|500.0000"),
        table("fct_document_tax", "document_id rate tax", "1|California|261.0000", "1|San Francisco|49.5000"),
        table("fct_payment", "payment_id payment_date amount unapplied", "2|2026-01-20|1000.0000|0.0000"),
        table(
            "fct_journal_line",
            "entry_id source source_id account_id amount",
            "1|invoice|1|a1100|4410.5000",
            "1|invoice|1|a4010|-3600.0000",
            "1|invoice|1|a4020|-500.0000",
            "1|invoice|1|a2200|-261.0000",
            "1|invoice|1|a2200|-49.5000",
            "2|payment|2|a1150|1000.0000",
            "2|payment|2|a1100|-1000.0000",
        ),
    )


def metric(name: str, period: str, value: str | None, unit: str = "USD", by: str = "", key: str = "") -> MetricValue:
    number = None if value is None else Decimal(value)
    return MetricValue(metric=name, period=period, value=number, unit=unit, by=by, key=key)


def metrics() -> tuple[MetricValue, ...]:
    """By hand: 3,410.50 ÷ 4,410.50 × 31 = 23.97; discount 400.00 of list 4,500.00; nothing was due on 15 January."""
    return (
        metric("net_revenue", "2026-01", "4100.00"),
        metric("net_revenue", "2026-01", "3600.00", by="cost_centre", key="CC-10"),
        metric("net_revenue", "2026-01", "500.00", by="cost_centre", key="CC-20"),
        metric("billings", "2026-01", "4100.00"),
        metric("cash_collected", "2026-01", "1000.00"),
        metric("ar_ageing", "2026-01-15", "4410.50"),
        metric("ar_ageing", "2026-01-15", "4410.50", by="bucket", key="current"),
        metric("ar_ageing", "2026-02-15", "3410.50"),
        metric("ar_ageing", "2026-02-15", "3410.50", by="bucket", key="1-30"),
        metric("dso", "2026-01", "23.97", "days"),
        metric("discount_rate", "2026-01", "0.0889", "ratio"),
        metric("tax_liability", "2026-01", "310.50"),
        metric("tax_liability", "2026-01", "0.00", by="movement", key="opening"),
        metric("tax_liability", "2026-01", "310.50", by="movement", key="charged"),
        metric("tax_liability", "2026-01", "0.00", by="movement", key="settled"),
        metric("tax_liability", "2026-01", "310.50", by="movement", key="closing"),
    )


def reading(**changes: Any) -> BiReading:
    given: dict[str, Any] = {"step": 6, "source": "connector", "version": "1", "tables": tables(), "metrics": metrics()}
    return BiReading(**(given | changes))


# --- the record -------------------------------------------------------------------------------------------------------


def record(
    *,
    books: LedgerSnapshot | None = None,
    source: CrmSnapshot | None = None,
    told: tuple[Any, ...] | None = None,
    **changes: Any,
) -> RunRecord:
    """The whole story, with the ledger, the CRM, the facts or any part of the record replaced."""
    happened = told if told is not None else facts()
    last = max(fact.step for fact in happened)
    world = WorldSnapshot(
        at=max(fact.at for fact in happened) + timedelta(minutes=1),
        crm=source or crm(),
        ledgers=(books or ledger(),),
    )
    given: dict[str, Any] = {
        "header": header(),
        "facts": happened,
        "checkpoints": (
            Checkpoint(step=2, name="before the acts", world=WorldSnapshot(at=at("2026-01-05"), ledgers=(_empty(),))),
            Checkpoint(step=last, name="connector at rest", world=world),
        ),
        "exchanges": exchanges(),
        "evidence": evidence(),
        "writes": writes(),
        "bi": (reading(),),
    }
    return RunRecord(**(given | changes))


def _empty() -> LedgerSnapshot:
    return ledger(parties=(), documents=(), payments=(), entries=())


def with_policy(story: RunRecord, **policy: Any) -> RunRecord:
    """The same record under another declared policy."""
    changed = structs.replace(story.header, dictionary=dictionary(**policy))
    return structs.replace(story, header=changed)


def with_connector(story: RunRecord, **changes: Any) -> RunRecord:
    """The same record of a connector that declares something else."""
    changed = structs.replace(story.header, connector=structs.replace(CONNECTOR, **changes))
    return structs.replace(story, header=changed)


def result(check_id: str, story: RunRecord) -> CheckResult:
    """What one check says of a record."""
    check = check_by_id(check_id)
    assert check is not None
    assert check.judge is not None
    return check.judge(Judged(story))


def findings(check_id: str, story: RunRecord) -> tuple[Finding, ...]:
    return result(check_id, story).findings


def the_finding(check_id: str, story: RunRecord) -> Finding:
    """The one finding of a check that must be red with exactly one."""
    found = result(check_id, story)
    assert found.judgement is Judgement.FOUND, found
    assert len(found.findings) == 1, found.findings
    return found.findings[0]


def passes(check_id: str, story: RunRecord) -> bool:
    return result(check_id, story).judgement is Judgement.PASSED
