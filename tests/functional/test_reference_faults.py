"""The reference connector under faults: whatever one exchange suffers, the books end as in the clean run."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from types import MappingProxyType
from urllib.parse import parse_qs

import pytest

from simharness.connectors.inprocess import InProcessConnector
from simharness.connectors.manifest import builtin_manifest, load_manifest
from simharness.connectors.port import ConnectorFailed
from simharness.core.content import content_folder
from simharness.core.money import Money
from simharness.domain import acts, events
from simharness.domain.evidence import Alert, DeadLetter, LogRow, Reject
from simharness.domain.exchange import Delivery, DeliveryKind, Outcome, Request, Response
from simharness.fakekit.fake import Fake
from simharness.fakekit.port import FaultPort
from simharness.stories.dictionaries import load_dictionary
from simharness.world.world import World

NOON = datetime(2026, 1, 12, 20, 0, tzinfo=UTC)


def usd(amount: str) -> Money:
    return Money(Decimal(amount), "USD")


class Killed(BaseException):
    """The process dies while it waits for an answer."""


Fault = Callable[[Fake, Request], Outcome]


class Nth(FaultPort):
    """Lets one exchange of those that count suffer, and `lasting` further ones."""

    def __init__(self) -> None:
        self.seen = 0
        self.at = 0
        self.lasting = 1
        self.fault: Fault | None = None
        self.counts: Callable[[Request], bool] = lambda _: True

    def pass_through(self, fake: Fake, request: Request) -> Outcome:
        if self.counts(request):
            self.seen += 1
            if self.fault is not None and self.at <= self.seen < self.at + self.lasting:
                return self.fault(fake, request)
        return super().pass_through(fake, request)


def delivered(kind: DeliveryKind) -> Fault:
    """The vendor did it, the answer went wrong."""
    return lambda fake, request: Outcome(response=fake.handle(request), delivery=Delivery(kind=kind, cut_bytes=10))


def answered(status: int, headers: Mapping[str, str] | None = None, body: bytes = b"{}") -> Fault:
    """The vendor did nothing and says so."""
    given = {"content-type": "application/json", **(headers or {})}
    return lambda fake, request: Outcome(response=Response(status=status, headers=given, body=body))


def refused_connection(fake: Fake, request: Request) -> Outcome:
    del fake, request
    return Outcome(response=Response(status=503), delivery=Delivery(kind=DeliveryKind.RESET_BEFORE))


def killed(fake: Fake, request: Request) -> Outcome:
    fake.handle(request)
    raise Killed


class Company:
    """A world with the reference connector on it; `rest` lets it finish, over kills and restarts."""

    def __init__(
        self,
        folder: Path,
        dictionary: str = "us-saas",
        mapping: Path | None = None,
        options: Mapping[str, Mapping[str, str]] = MappingProxyType({}),
        now: datetime = NOON,
    ) -> None:
        self.port = Nth()
        self.world = World(now=now, port=self.port, options=options)
        self.world.furnish(load_dictionary(content_folder("scenarios") / "dictionaries" / f"{dictionary}.yaml"))
        attachment = load_manifest(builtin_manifest())
        self.connector = InProcessConnector(
            attachment, self.world, mapping=mapping or attachment.mapping_for(dictionary, None)
        )
        self.connector.start({**self.world.connections(), "bi.url": f"duckdb://{folder / 'bi'}"}, folder / "state")

    def rest(self) -> None:
        for _ in range(30):
            try:
                self.connector.trigger("work")
                if self.connector.quiet():
                    return
            except (Killed, ConnectorFailed):
                self.connector.kill()
                self.connector.restart()
            self.world.advance(timedelta(minutes=1))
        pytest.fail("the connector does not come to rest")

    def customer(self, name: str = "Globex", region: str = "US-CA-SF") -> str:
        act = acts.CreateCompany(name=name, region=region, terms="Net 30", email="ap@globex.test")
        (saved,) = self.world.operate("crm", act, "sales")
        assert isinstance(saved, events.CompanySaved)
        return saved.company_id

    def deal(self, company_id: str, *lines: acts.LineSpec, name: str = "Rollout") -> str:
        act = acts.CreateDeal(name=name, company_id=company_id, currency="USD", lines=lines, cost_centre="CC-10")
        (saved,) = self.world.operate("crm", act, "sales")
        assert isinstance(saved, events.DealSaved)
        return saved.deal_id

    def win(self, deal_id: str) -> None:
        self.world.operate("crm", acts.WinDeal(deal_id=deal_id), "sales")

    def change(self, deal_id: str, *lines: acts.LineSpec) -> None:
        self.world.operate("crm", acts.ChangeDeal(deal_id=deal_id, lines=lines), "sales")

    def pay(self, company_id: str, amount: str, number: str = "") -> None:
        references = (("invoice_number", number),) if number else ()
        act = acts.TakePayment(
            amount=usd(amount), customer_name="Globex", customer_reference=company_id, references=references
        )
        self.world.operate("payments", act, "customer")

    def books(self) -> tuple[list[tuple[object, ...]], ...]:
        """Everything in the books that a fault may not change: figures, references and settlement, without ids."""
        ledger = self.world.snapshot().ledger()
        assert ledger is not None
        documents = sorted(
            (d.kind, d.note, str(d.net), str(d.tax), str(d.total), str(d.open), d.terms, d.memo)
            for d in ledger.documents
        )
        payments = sorted((p.note, str(p.amount), str(p.unapplied), len(p.applications)) for p in ledger.payments)
        entries = sorted(
            (e.note, str(e.date), *(f"{line.account} {line.amount}" for line in e.lines))
            for e in ledger.entries
            if e.source == "journal"
        )
        return documents, payments, sorted((p.name, p.note, p.terms, p.email) for p in ledger.parties), entries

    def statuses(self) -> list[tuple[str, str]]:
        crm = self.world.snapshot().crm
        assert crm is not None
        return [(deal.billing_status, str(deal.outstanding)) for deal in crm.deals]


PRINTER = acts.LineSpec(product="Badge printer", quantity=Decimal(4), unit_price=usd("250.00"))
FEWER = acts.LineSpec(product="Badge printer", quantity=Decimal(3), unit_price=usd("250.00"))
SERVICE = acts.LineSpec(product="Onboarding service", quantity=Decimal(1), unit_price=usd("300.00"))


def play(company: Company) -> None:
    """Two lines are billed, one shrinks, another is new, and the customer pays: every kind of write happens."""
    customer = company.customer()
    deal = company.deal(customer, PRINTER)
    company.win(deal)
    company.rest()
    company.world.advance(timedelta(minutes=20))
    company.change(deal, FEWER, SERVICE)
    company.rest()
    company.pay(customer, "500.00", "1001")
    company.rest()


def writes(request: Request) -> bool:
    return request.method == "POST" and "quickbooks.api" in request.host and not request.path.endswith("/batch")


@pytest.fixture(scope="module")
def clean(tmp_path_factory: pytest.TempPathFactory) -> Company:
    company = Company(tmp_path_factory.mktemp("clean"))
    company.port.counts = writes
    play(company)
    return company


#: customer, invoice, credit memo, further invoice, credit applied, payment, the gateway's fee
WRITES = 7


def test_the_clean_run_makes_every_kind_of_write(clean: Company) -> None:
    # 1,000.00 at 7.25 % and 1.375 %: 72.50 + 13.75; credit of 250.00: 18.13 (18.125) + 3.44 (3.4375)
    assert clean.port.seen == WRITES
    documents, _, _, fees = clean.books()
    assert [(kind, total, still_open) for kind, _, _, _, total, still_open, _, _ in documents] == [
        ("credit_memo", "USD 271.57", "USD 0.00"),
        ("invoice", "USD 1,086.25", "USD 314.68"),
        ("invoice", "USD 300.00", "USD 300.00"),
    ]
    assert clean.statuses() == [("partly paid", "USD 614.68")]
    # 500.00 at 2.9 % and 0.30
    assert [(len(fee), fee[-1].split()[-1]) for fee in fees] == [(4, "-14.80")]


@pytest.mark.sampled(every=5)
@pytest.mark.parametrize("at", range(1, WRITES + 1))
@pytest.mark.parametrize(
    ("fault", "lasting"),
    [
        pytest.param(delivered(DeliveryKind.LOST), 1, id="answer-lost"),
        pytest.param(delivered(DeliveryKind.LOST), 8, id="answer-lost-beyond-the-retries"),
        pytest.param(delivered(DeliveryKind.NO_ANSWER), 1, id="no-answer"),
        pytest.param(delivered(DeliveryKind.CUT_AT), 1, id="answer-cut"),
        pytest.param(refused_connection, 8, id="connection-refused-beyond-the-retries"),
        pytest.param(answered(503), 1, id="503"),
        pytest.param(answered(429, {"retry-after": "7"}), 1, id="429"),
        pytest.param(answered(429, {"retry-after": "600"}), 1, id="429-for-long"),
        pytest.param(killed, 1, id="killed"),
        pytest.param(killed, 2, id="killed-twice"),
    ],
)
def test_a_fault_on_a_write_leaves_the_books_of_the_clean_run(
    clean: Company, tmp_path: Path, at: int, fault: Fault, lasting: int
) -> None:
    company = Company(tmp_path)
    company.port.counts, company.port.at = writes, at
    company.port.fault, company.port.lasting = fault, lasting
    play(company)
    assert company.books() == clean.books()
    assert company.statuses() == clean.statuses()


@pytest.mark.sampled(every=3)
@pytest.mark.parametrize("at", range(1, 40, 5))
@pytest.mark.parametrize("fault", [pytest.param(answered(500), id="500"), pytest.param(killed, id="killed")])
def test_a_fault_on_any_exchange_leaves_the_books_of_the_clean_run(
    clean: Company, tmp_path: Path, at: int, fault: Fault
) -> None:
    company = Company(tmp_path)
    company.port.at, company.port.fault, company.port.lasting = at, fault, 1
    play(company)
    assert company.books() == clean.books()
    assert company.statuses() == clean.statuses()


def test_every_attempt_of_an_intent_bears_the_same_key_and_body(tmp_path: Path) -> None:
    company = Company(tmp_path)
    company.port.counts, company.port.at, company.port.lasting = writes, 2, 12
    company.port.fault = delivered(DeliveryKind.LOST)
    play(company)
    sent: dict[str, set[bytes]] = {}
    for exchange in company.world.exchange_log:
        if writes(exchange.request):
            (key,) = parse_qs(exchange.request.query)["requestid"]
            sent.setdefault(key, set()).add(bytes(exchange.request.body))
    assert len(sent) == WRITES
    assert all(len(bodies) == 1 for bodies in sent.values())


def test_an_outage_is_told_once_and_cleared_on_recovery(tmp_path: Path) -> None:
    company = Company(tmp_path)
    company.port.counts, company.port.at, company.port.lasting = writes, 2, 12
    company.port.fault = answered(503)
    play(company)
    about = [
        row for row in company.connector.evidence() if isinstance(row, Alert) and row.source.startswith("hubspot:deal")
    ]
    assert [(row.incident, row.amount, row.cleared_at is not None) for row in about] == [
        (about[0].incident, usd("1086.25"), False),
        (about[0].incident, usd("1086.25"), True),
    ]


def test_a_missing_product_is_rejected_and_the_neighbour_is_billed(tmp_path: Path) -> None:
    company = Company(tmp_path)
    customer = company.customer()
    strange = acts.LineSpec(product="Visitor kiosk", quantity=Decimal(1), unit_price=usd("10.00"))
    mapping = tmp_path / "us-saas"
    source = load_manifest(builtin_manifest()).mapping_for("us-saas", None)
    assert source is not None
    mapping.mkdir()
    for file in source.iterdir():
        text = file.read_text()
        (mapping / file.name).write_text(text.replace("item: Visitor kiosk", "item: Visitor kiosks"))
    company = Company(tmp_path / "second", mapping=mapping)
    customer = company.customer()
    for name, line in (("Strange", strange), ("Plain", PRINTER)):
        company.win(company.deal(customer, line, name=name))
    company.rest()
    evidence = company.connector.evidence()
    (rejected,) = [row for row in evidence if isinstance(row, Reject)]
    assert rejected.code == "unknown_in_ledger"
    assert "Visitor kiosks" in rejected.reason
    assert company.statuses() == [("rejected", "None"), ("invoiced", "USD 1,086.25")]
    assert len([row for row in evidence if isinstance(row, Alert)]) == 1


def test_a_refused_posting_is_a_dead_letter_until_an_operator_replays_it(tmp_path: Path) -> None:
    company = Company(tmp_path)
    customer = company.customer()
    company.win(company.deal(customer, PRINTER))
    company.port.counts, company.port.at = writes, 2
    body = b'{"Fault":{"Error":[{"Message":"Account Period Closed","code":"6210"}],"type":"ValidationFault"}}'
    company.port.fault = answered(400, body=body)
    company.rest()
    assert company.statuses() == [("rejected", "None")]
    company.rest()
    assert company.port.seen == 2, "a definite refusal is not repeated"
    company.connector.operate("replay", {})
    company.rest()
    assert company.statuses() == [("invoiced", "USD 1,086.25")]
    letters = [row for row in company.connector.evidence() if isinstance(row, DeadLetter)]
    assert [row.replayed_at is not None for row in letters] == [False, True]
    posted = [row for row in company.connector.evidence() if isinstance(row, LogRow) and "invoice" in row.target]
    assert [row.outcome for row in posted] == ["posted"]


def test_an_empty_memory_on_full_books_bills_nothing_twice(tmp_path: Path, clean: Company) -> None:
    company = Company(tmp_path)
    play(company)
    company.connector.stop()
    company.connector.start({**company.world.connections(), "bi.url": ""}, tmp_path / "another state")
    company.rest()
    assert company.books() == clean.books()
    assert company.statuses() == clean.statuses()


def test_reading_every_feed_again_changes_nothing(tmp_path: Path, clean: Company) -> None:
    company = Company(tmp_path)
    play(company)
    company.connector.operate("rewind", {})
    company.rest()
    assert company.books() == clean.books()
    assert company.statuses() == clean.statuses()


def test_customers_of_one_name_are_told_apart_and_keep_their_references(tmp_path: Path) -> None:
    company = Company(tmp_path)
    first, second = company.customer("O'Hara: Söhne"), company.customer("O'Hara: Söhne")
    third = company.customer("Other")
    company.rest()
    company.world.operate("crm", acts.ChangeCompany(company_id=third, name="o'hara- söhne"), "sales")
    company.rest()
    ledger = company.world.snapshot().ledger()
    assert ledger is not None
    assert [(party.name, party.note) for party in ledger.parties] == [
        ("O'Hara- Söhne", f"hubspot:company:{first}"),
        (f"O'Hara- Söhne ({second})", f"hubspot:company:{second}"),
        (f"o'hara- söhne ({third})", f"hubspot:company:{third}"),
    ]


def test_a_line_of_another_kind_of_revenue_is_posted_on_its_account(tmp_path: Path) -> None:
    company = Company(tmp_path)
    line = acts.LineSpec(
        product="Badge printer", quantity=Decimal(1), unit_price=usd("100.00"), revenue_type="Services"
    )
    company.win(company.deal(company.customer(), line, PRINTER))
    company.rest()
    ledger = company.world.snapshot().ledger()
    assert ledger is not None
    names = {account.id: account.name for account in ledger.accounts}
    income = {names[line.account]: str(line.amount) for line in ledger.entries[0].lines if line.amount.amount < 0}
    assert (income["Service revenue"], income["Hardware sales"]) == ("USD -100.00", "USD -1,000.00")


def test_a_charge_of_nobody_is_rejected_and_told(tmp_path: Path) -> None:
    company = Company(tmp_path)
    company.pay("", "42.00")
    company.rest()
    (rejected,) = [row for row in company.connector.evidence() if isinstance(row, Reject)]
    assert (rejected.code, rejected.amount) == ("unknown_payer", usd("42.00"))
    ledger = company.world.snapshot().ledger()
    assert ledger is not None
    assert not ledger.payments


def test_a_refused_write_back_waits_for_an_operator_and_is_told_once(tmp_path: Path) -> None:
    company = Company(tmp_path)
    company.port.counts = lambda request: request.path.endswith("/deals/batch/update")
    company.port.at, company.port.fault = 1, answered(403, body=b'{"message": "scope missing"}')
    company.win(company.deal(company.customer(), PRINTER))
    company.rest()
    company.rest()
    assert company.port.seen == 1, "a definite refusal is not repeated"
    assert company.statuses() == [("", "None")]
    (held,) = [row for row in company.connector.evidence() if isinstance(row, Reject)]
    assert (held.code, held.amount) == ("write_back_refused", usd("1086.25"))
    company.connector.operate("replay", {"source": held.source})
    company.rest()
    assert company.statuses() == [("invoiced", "USD 1,086.25")]
    alerts = [row for row in company.connector.evidence() if isinstance(row, Alert)]
    assert [row.cleared_at is not None for row in alerts] == [False, True]


def test_a_write_back_that_arrived_without_an_answer_is_held_for_nobody_when_its_repetition_is_refused(
    tmp_path: Path,
) -> None:
    company = Company(tmp_path)

    def lost_then_refused(fake: Fake, request: Request) -> Outcome:
        company.port.at, company.port.fault = 2, answered(403, body=b'{"message": "scope missing"}')
        return delivered(DeliveryKind.LOST)(fake, request)

    company.port.counts = lambda request: request.path.endswith("/deals/batch/update")
    company.port.at, company.port.fault = 1, lost_then_refused
    company.win(company.deal(company.customer(), PRINTER))
    company.rest()
    assert company.port.seen == 2
    assert company.statuses() == [("invoiced", "USD 1,086.25")]
    assert [row for row in company.connector.evidence() if isinstance(row, Reject)] == []


@pytest.mark.parametrize("dictionary", ["us-saas", "us-saas-beside"])
def test_no_call_leaves_while_a_transaction_is_open(tmp_path: Path, dictionary: str) -> None:
    # News that is delivered meanwhile is written on another connection, and would wait for the end of the call.
    company = Company(tmp_path, dictionary)
    held: list[str] = []

    def looks(request: Request) -> bool:
        app = company.connector._app
        if app is not None and app._store.connection.in_transaction():  # type: ignore[attr-defined]  # its own memory
            held.append(f"{request.method} {request.host}{request.path}")
        return False

    company.port.counts = looks
    play(company)
    assert company.port.seen == 0
    assert not held
