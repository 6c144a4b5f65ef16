"""The reference connector is told of news: it believes what is signed, looks at the record itself, and acts once."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import httpx
import pytest
from msgspec import structs

from simharness.connectors.inprocess import InProcessConnector
from simharness.connectors.listening import BASE_URL, Listening
from simharness.connectors.manifest import builtin_manifest, load_manifest
from simharness.core.content import content_folder
from simharness.domain import acts
from simharness.domain.evidence import Alert
from simharness.domain.exchange import Request, Response
from simharness.fakekit.port import FaultPort
from simharness.reference.webhooks import signatures
from simharness.stories.dictionaries import load_dictionary
from simharness.world.doors.host import WorldHost
from simharness.world.doors.server import Served
from simharness.world.world import World
from tests.functional.test_reference_faults import NOON, PRINTER, Company, usd


class Listener(Company):
    """A company whose connector listens, and to nothing but webhooks unless said."""

    def __init__(self, folder: Path, listens: str = "webhooks") -> None:
        self.world = World(now=NOON, port=FaultPort())
        self.world.furnish(load_dictionary(content_folder("scenarios") / "dictionaries" / "us-saas.yaml"))
        attachment = load_manifest(builtin_manifest())
        mapping = attachment.mapping_for("us-saas", None)
        self.connector = InProcessConnector(attachment, self.world, mapping=mapping)
        ears = {"listens": listens, "webhooks.base_url": BASE_URL, "bi.url": ""}
        self.connector.start({**self.world.connections(), **ears}, folder / "state")
        self.listening = Listening(self.world, self.connector, attachment.subscriptions(listens))
        self.listening.begin()

    def rest(self) -> None:
        for _ in range(30):
            self.connector.trigger("work")
            if self.connector.quiet() and not self.listening.under_way():
                return
            self.world.advance(timedelta(minutes=1))
        pytest.fail("the connector does not come to rest")

    def told(self, vendor: str) -> list[Request]:
        return [each.request for each in self.world.deliveries if each.vendor == vendor]

    def invoices(self) -> list[str]:
        ledger = self.world.snapshot().ledger()
        assert ledger is not None
        return [str(each.total) for each in ledger.documents]

    def deliver(self, request: Request) -> int:
        answer = self.connector.deliver(request)
        assert answer is not None
        return answer.status

    def ask(self, method: str, path: str, body: object = None) -> None:
        """Somebody does something in the CRM that no act is for."""
        token = self.world.connections()["hubspot.access_token"]
        headers = {"authorization": f"Bearer {token}", "content-type": "application/json"}
        content = json.dumps(body).encode() if body is not None else b""
        request = Request(method=method, host="api.hubapi.com", path=path, headers=headers, body=content)
        outcome = self.world.exchange(request, client="sales")
        assert outcome is not None
        assert outcome.response.status < 300, outcome.response.body


@pytest.fixture
def company(tmp_path: Path) -> Listener:
    return Listener(tmp_path)


def sold(company: Listener) -> tuple[str, str]:
    """A deal that was won a moment ago, and its customer."""
    customer = company.customer()
    deal = company.deal(customer, PRINTER)
    company.win(deal)
    return deal, customer


def test_every_vendor_is_heard_and_no_feed_of_the_crm_or_the_gateway_is_read(company: Listener) -> None:
    _, customer = sold(company)
    company.rest()
    company.pay(customer, "500.00", "1001")
    company.world.operate("banking", acts.MoveBankMoney(amount=usd("10.00"), reference="for nothing"), "bank")
    company.rest()
    # 1,000.00 at 7.25 % and 1.375 %: 72.50 + 13.75
    assert company.invoices() == ["USD 1,086.25"]
    assert company.statuses() == [("partly paid", "USD 586.25")]
    ledger = company.world.snapshot().ledger()
    assert ledger is not None
    notes = [entry.note for entry in ledger.entries]
    assert any(note.startswith("plaid:bank_line:") for note in notes)
    answers = {(each.vendor, each.response.status) for each in company.world.deliveries if each.response}
    assert answers == {(vendor, 200) for vendor in ("hubspot", "quickbooks", "stripe", "plaid")}
    paths = {each.request.path for each in company.world.exchange_log}
    assert not {path for path in paths if path.endswith("/search") or path == "/v1/charges"}


def test_without_a_webhook_nothing_is_known_until_the_nightly_poll(company: Listener) -> None:
    company.listening.switch("crm", on=False)
    sold(company)
    company.rest()
    assert company.invoices() == []
    company.connector.trigger("nightly")
    company.rest()
    assert company.invoices() == ["USD 1,086.25"]
    searched = [each for each in company.world.exchange_log if each.request.path.endswith("/search")]
    company.rest()
    assert len([e for e in company.world.exchange_log if e.request.path.endswith("/search")]) == len(searched)


def test_an_event_that_is_told_again_is_known_by_its_id_and_asks_nobody(company: Listener) -> None:
    sold(company)
    company.rest()
    before = len(company.world.exchange_log)
    for request in company.told("hubspot"):
        assert company.deliver(request) == 200
    assert company.connector.quiet()
    company.connector.trigger("work")
    asked = [e.request.path for e in list(company.world.exchange_log)[before:] if e.vendor == "hubspot"]
    assert asked == []
    assert company.invoices() == ["USD 1,086.25"]


@pytest.mark.parametrize("vendor", ["hubspot", "stripe", "quickbooks", "plaid"])
def test_a_body_that_was_tampered_with_is_refused_and_told_to_a_person(company: Listener, vendor: str) -> None:
    _, customer = sold(company)
    company.rest()
    company.pay(customer, "500.00", "1001")
    company.world.operate("banking", acts.MoveBankMoney(amount=usd("10.00"), reference="for nothing"), "bank")
    company.world.advance(timedelta(minutes=2))
    genuine = company.told(vendor)[-1]
    body = genuine.body.replace(b'"', b' "', 1)
    assert company.deliver(structs.replace(genuine, body=body)) == 401
    assert company.deliver(structs.replace(genuine, headers={})) == 401
    company.rest()
    alerts = [row.source for row in company.connector.evidence() if isinstance(row, Alert)]
    assert {source for source in alerts if source.startswith("webhook:")} == {f"webhook:{vendor}"}


def forged(company: Listener, deal: str) -> tuple[int, int]:
    """What an event that nobody signed is answered with, and how often the CRM is asked for it in the next pass."""
    genuine = company.told("hubspot")[-1]
    event = {**json.loads(genuine.body)[0], "eventId": 7, "objectId": int(deal), "subscriptionType": "deal.creation"}
    before = len(company.world.exchange_log)
    status = company.deliver(structs.replace(genuine, body=json.dumps([event]).encode()))
    company.connector.trigger("work")
    return status, len([e for e in list(company.world.exchange_log)[before:] if e.vendor == "hubspot"])


def test_a_connector_that_checks_no_signature_is_told_from_one_that_does(
    company: Listener, monkeypatch: pytest.MonkeyPatch
) -> None:
    deal, _ = sold(company)
    company.rest()
    monkeypatch.setattr(signatures, "hubspot", lambda *_: None)
    status, asked = forged(company, deal)
    assert status == 200
    assert asked > 0


def test_a_forged_event_changes_nothing_and_a_genuine_one_clears_the_alarm(company: Listener) -> None:
    customer = company.customer()
    deal = company.deal(customer, PRINTER)
    company.rest()
    assert forged(company, deal) == (401, 0)
    (raised,) = [row for row in company.connector.evidence() if isinstance(row, Alert)]
    assert raised.cleared_at is None
    company.win(deal)
    company.rest()
    assert [row.cleared_at is None for row in company.connector.evidence() if isinstance(row, Alert)] == [True, False]
    assert company.invoices() == ["USD 1,086.25"]


def test_what_was_recorded_on_the_wire_cannot_be_sent_again_later(company: Listener) -> None:
    _, customer = sold(company)
    company.rest()
    company.pay(customer, "500.00", "1001")
    company.rest()
    company.world.advance(timedelta(minutes=10))
    assert [company.deliver(company.told(vendor)[0]) for vendor in ("hubspot", "stripe")] == [401, 401]


def test_what_is_signed_and_cannot_be_read_is_refused_as_such(company: Listener) -> None:
    fake = company.world.fake("accounting")
    body = b'{"eventNotifications": 7}'
    headers = {"intuit-signature": fake.hooks.signature(body)}  # type: ignore[attr-defined]  # of this vendor's fake
    request = Request(method="POST", host="connector.test", path="/quickbooks", headers=headers, body=body)
    assert company.deliver(request) == 400
    assert company.deliver(structs.replace(request, path="/xero")) == 404
    assert company.deliver(structs.replace(request, method="PUT")) == 405


def test_a_deal_that_was_deleted_before_anybody_looked_is_billed_to_nobody(company: Listener) -> None:
    deal, _ = sold(company)
    company.ask("DELETE", f"/crm/v3/objects/deals/{deal}")
    company.rest()
    assert company.invoices() == []
    assert [row for row in company.connector.evidence() if isinstance(row, Alert)] == []


def test_a_deal_that_was_merged_meanwhile_is_billed_as_its_survivor(company: Listener) -> None:
    deal, customer = sold(company)
    other = company.deal(customer, PRINTER, name="The same once more")
    company.win(other)
    merge = {"primaryObjectId": deal, "objectIdToMerge": other}
    company.ask("POST", "/crm/v3/objects/deals/merge", merge)
    company.rest()
    assert len(company.invoices()) == 1


def test_a_refund_that_is_told_before_its_charge_waits_for_nothing(company: Listener) -> None:
    _, customer = sold(company)
    company.rest()
    company.world.advance(timedelta(hours=1))
    company.listening.switch("payments", on=False)
    company.pay(customer, "500.00", "1001")
    company.world.advance(timedelta(minutes=1))
    company.listening.switch("payments", on=True)
    gateway = company.world.snapshot().gateway
    assert gateway is not None
    refund = acts.RefundPayment(
        charge_id=gateway.charges[0].id, amount=usd("100.00"), references=(("reason", "overpayment"),)
    )
    company.world.operate("payments", refund, "support")
    company.rest()
    ledger = company.world.snapshot().ledger()
    assert ledger is not None
    assert [str(payment.amount) for payment in ledger.payments if payment.note.startswith("stripe:charge:")] == [
        "USD 500.00"
    ]


def test_a_lost_answer_makes_the_vendor_tell_again_and_nothing_twice(tmp_path: Path) -> None:
    company = Listener(tmp_path)
    inner = company.world.receiver
    lost: list[Request] = []

    def deaf_once(request: Request) -> Response | None:
        answer = inner(request) if inner is not None else None
        if request.path == "/hubspot" and not lost:
            lost.append(request)
            return None
        return answer

    company.world.receiver = deaf_once
    sold(company)
    company.rest()
    told = company.told("hubspot")
    first, again = (json.loads(each.body) for each in told if json.loads(each.body)[0]["eventId"] == 100000001)
    assert [one["attemptNumber"] for one in (first[0], again[0])] == [0, 1]
    assert company.invoices() == ["USD 1,086.25"]


def test_what_was_answered_survives_a_kill_before_anybody_looked(company: Listener) -> None:
    sold(company)
    company.world.advance(timedelta(seconds=2))
    assert {each.response and each.response.status for each in company.world.deliveries} == {200}
    company.connector.kill()
    company.connector.restart()
    company.rest()
    assert company.invoices() == ["USD 1,086.25"]


def test_what_comes_while_it_is_down_is_told_again(company: Listener) -> None:
    company.connector.kill()
    sold(company)
    company.world.advance(timedelta(seconds=2))
    assert {each.response for each in company.world.deliveries} == {None}
    company.connector.restart()
    company.rest()
    assert company.invoices() == ["USD 1,086.25"]


def test_by_polling_and_by_webhooks_at_once_everything_is_there_once(tmp_path: Path) -> None:
    company = Listener(tmp_path, "both")
    _, customer = sold(company)
    company.rest()
    company.pay(customer, "1086.25", "1001")
    company.rest()
    ledger = company.world.snapshot().ledger()
    assert ledger is not None
    assert company.invoices() == ["USD 1,086.25"]
    assert [str(payment.amount) for payment in ledger.payments] == ["USD 1,086.25"]
    assert company.statuses() == [("paid", "USD 0.00")]


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@pytest.fixture
def served() -> Iterator[tuple[World, Served]]:
    # A process of its own lives in real time, and a signature that is older than five minutes is none.
    world = World(now=datetime.now(UTC))
    world.furnish(load_dictionary(content_folder("scenarios") / "dictionaries" / "us-saas.yaml"))
    with Served(WorldHost(lambda: world)) as doors:
        yield world, doors


def test_a_process_takes_webhooks_over_http_and_works_when_they_come(
    served: tuple[World, Served], tmp_path: Path
) -> None:
    world, doors = served
    here = f"127.0.0.1:{free_port()}"
    attachment = load_manifest(builtin_manifest())
    values = {
        f"{fake.vendor}.{name}": value
        for fake in world.fakes.values()
        for name, value in fake.connection(doors.urls[fake.vendor]).items()
    }
    values |= {"mapping": str(attachment.mapping_for("us-saas", None)), "state_dir": str(tmp_path), "bi.url": ""}
    values |= {"listens": "webhooks", "webhooks.base_url": f"http://{here}"}
    env = {name: attachment.render(template, values) for name, template in attachment.manifest.env.items()}
    own = {"CONNECTOR_WEBHOOK_BIND": here, "CONNECTOR_STATE_DIR": str(tmp_path)}
    # Without webhooks it would work again after an hour.
    command = [sys.executable, "-m", "simharness.reference", "serve", "3600"]
    process = subprocess.Popen(command, env={**os.environ, **env, **own}, stderr=subprocess.PIPE)
    try:
        patiently(lambda: httpx.get(f"http://{here}/hubspot").status_code == 405)
        answers: list[int] = []

        def post(request: Request) -> Response:
            url = f"http://{request.host}{request.path}"
            answer = httpx.post(url, content=request.body, headers=dict(request.headers))
            answers.append(answer.status_code)
            return Response(status=answer.status_code)

        world.receiver = post
        events = attachment.manifest.webhooks["hubspot"].events
        world.operate("crm", acts.Subscribe(url=f"http://{here}/hubspot", events=events), "administrator")
        company_act = acts.CreateCompany(name="Globex", region="US-CA-SF", terms="Net 30")
        (saved,) = world.operate("crm", company_act, "sales")
        made = acts.CreateDeal(name="A", company_id=saved.company_id, currency="USD", lines=(PRINTER,))  # type: ignore[union-attr]  # what this act answers with
        (deal,) = world.operate("crm", made, "sales")
        world.operate("crm", acts.WinDeal(deal_id=deal.deal_id), "sales")  # type: ignore[union-attr]  # the same
        world.advance(timedelta(seconds=1))
        assert answers == [200]

        def billed() -> bool:
            ledger = world.snapshot().ledger()
            return ledger is not None and [each.net.amount for each in ledger.documents] == [Decimal("1000.00")]

        patiently(billed)
    finally:
        process.terminate()
        told = process.communicate(timeout=60)[1]
    assert told == b""


def patiently(holds: object) -> None:
    """Wait until something holds in another process; a minute at most."""
    for _ in range(300):
        try:
            if holds():  # type: ignore[operator]  # a function without parameters
                return
        except httpx.TransportError:
            pass
        time.sleep(0.2)
    pytest.fail("it never came to hold")
