"""Quarantine holds the record, never its batch: one reject and one alert each, and the way back out of it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest

from simharness.connectors.manifest import builtin_manifest, load_manifest
from simharness.connectors.port import ConnectorFailed
from simharness.domain.acts import MoveBankMoney
from simharness.domain.evidence import Alert, DeadLetter, LogRow, Reject
from simharness.domain.exchange import Outcome, Request, Response
from simharness.fakekit.bodies import read_json, write_json
from simharness.fakekit.fake import Fake
from tests.functional.test_reference_faults import FEWER, PRINTER, SERVICE, Company, answered, usd, writes

Change = Callable[[dict[str, Any]], None]


class Garbled:
    """Changes records of one kind in what a vendor answers, on the way: lists, searches and single reads alike."""

    def __init__(self, company: Company, kind: str, change: Change) -> None:
        self.kind, self.change, self.on = kind, change, True
        company.port.counts, company.port.at, company.port.lasting = (lambda _: True), 1, 1_000_000
        company.port.fault = self

    def __call__(self, fake: Fake, request: Request) -> Outcome:
        outcome = Outcome(response=fake.handle(request))
        if not self.on or self.kind not in request.path or outcome.response.status != 200:
            return outcome
        body = read_json(outcome.response.body)
        for name in ("data", "results", "added"):
            for each in body.get(name, ()) if isinstance(body, dict) else ():
                self.change(each)
        if "data" not in body and "results" not in body and "added" not in body:
            self.change(body)
        answer = Response(status=200, headers=outcome.response.headers, body=write_json(body))
        return Outcome(response=answer, delivery=outcome.delivery)


def rejects(company: Company) -> list[tuple[str, str]]:
    return [(row.source, row.code) for row in company.connector.evidence() if isinstance(row, Reject)]


def raised(company: Company) -> list[str]:
    """The sources of the alerts that are open in the end."""
    found: dict[str, bool] = {}
    for row in company.connector.evidence():
        if isinstance(row, Alert):
            found[row.source] = row.cleared_at is None
    return [source for source, is_open in found.items() if is_open]


def notes(company: Company) -> list[str]:
    ledger = company.world.snapshot().ledger()
    assert ledger is not None
    return [payment.note for payment in ledger.payments]


def charges(company: Company) -> list[str]:
    gateway = company.world.snapshot().gateway
    assert gateway is not None
    return [charge.id for charge in gateway.charges]


def without(name: str) -> Change:
    return lambda record: record.pop(name, None)


def with_value(name: str, value: Any) -> Change:
    return lambda record: record.update({name: value})


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (without("currency"), "missing_field"),
        (without("created"), "missing_field"),
        (with_value("amount", "a lot"), "unreadable_value"),
        (with_value("amount", 12.5), "unreadable_value"),
        (with_value("amount", -100), "value_not_allowed"),
        (with_value("amount", 10**20), "unreadable_value"),
        (with_value("status", "perhaps"), "value_not_allowed"),
        (with_value("currency", "zzz"), "unknown_currency"),
        (with_value("created", None), "missing_field"),
    ],
)
def test_a_charge_that_cannot_be_read_is_held_alone_and_leaves_once_it_is_mended(
    tmp_path: Path, change: Change, code: str
) -> None:
    company = Company(tmp_path)
    customer = company.customer()
    for amount in ("10.00", "20.00", "30.00"):
        company.pay(customer, amount)
    first, second, third = charges(company)

    def only_second(record: dict[str, Any]) -> None:
        if record.get("id") == second and record.get("object") == "charge":
            change(record)

    garbled = Garbled(company, "/v1/charges", only_second)
    company.rest()
    source = f"stripe:charge:{second}"
    assert sorted(notes(company)) == sorted(f"stripe:charge:{each}" for each in (first, third))
    assert rejects(company) == [(source, code)]
    assert raised(company) == [source]
    # Hours later it is still one reject and one alert, and then its source shows it mended.
    company.world.advance(timedelta(hours=3))
    company.rest()
    assert rejects(company) == [(source, code)]
    garbled.on = False
    company.rest()
    assert sorted(notes(company)) == sorted(f"stripe:charge:{each}" for each in (first, second, third))
    assert raised(company) == []
    assert rejects(company) == [(source, code)]


def test_a_charge_without_id_is_held_under_a_name_of_its_own(tmp_path: Path) -> None:
    company = Company(tmp_path)
    customer = company.customer()
    for amount in ("10.00", "20.00"):
        company.pay(customer, amount)
    lost = charges(company)[0]

    def nameless(record: dict[str, Any]) -> None:
        if record.get("id") == lost:
            del record["id"]

    Garbled(company, "/v1/charges", nameless)
    company.rest()
    ((source, code),) = rejects(company)
    assert (source.startswith("stripe:charge:nameless-"), code) == (True, "missing_field")
    assert len(notes(company)) == 1


def test_a_company_that_cannot_be_read_holds_up_nobody_else(tmp_path: Path) -> None:
    company = Company(tmp_path)
    broken, sound = company.customer("Broken"), company.customer("Sound")
    for each in (broken, sound):
        company.win(company.deal(each, PRINTER, name=f"Deal of {each}"))

    def bad_day(record: dict[str, Any]) -> None:
        if record.get("id") == broken:
            record["properties"] |= {"tax_exempt_certificate": "X-1", "tax_exempt_from": "some day"}

    garbled = Garbled(company, "/objects/companies", bad_day)
    company.rest()
    assert (f"hubspot:company:{broken}", "unreadable_value") in rejects(company)
    assert {source for source, _ in rejects(company)} <= {f"hubspot:company:{broken}", *deals_of(company)}
    assert sorted(company.statuses()) == [("invoiced", "USD 1,086.25"), ("rejected", "None")]
    garbled.on = False
    company.rest()
    assert company.statuses() == [("invoiced", "USD 1,086.25")] * 2
    assert raised(company) == []


def deals_of(company: Company) -> list[str]:
    crm = company.world.snapshot().crm
    assert crm is not None
    return [f"hubspot:deal:{deal.id}" for deal in crm.deals]


@pytest.mark.parametrize(
    "change",
    [
        with_value("source", {"object": "payout", "id": "po_1", "arrival_date": "soon"}),
        with_value("source", {"object": "charge"}),
        with_value("source", {"object": "refund", "id": "re_1", "metadata": ["reason"]}),
        with_value("fee", "2.9 %"),
    ],
)
def test_a_movement_whose_source_makes_no_sense_is_held_alone(tmp_path: Path, change: Change) -> None:
    company = Company(tmp_path)
    customer = company.customer()
    for amount in ("10.00", "20.00"):
        company.pay(customer, amount)
    gateway = company.world.snapshot().gateway
    assert gateway is not None
    strange = gateway.balance_lines[0].id

    def first(record: dict[str, Any]) -> None:
        if record.get("id") == strange:
            change(record)

    garbled = Garbled(company, "/v1/balance_transactions", first)
    company.rest()
    assert rejects(company) == [(f"stripe:balance_transaction:{strange}", "unreadable_value")]
    assert len(fees(company)) == 1
    garbled.on = False
    company.rest()
    assert len(fees(company)) == 2
    assert raised(company) == []


def fees(company: Company) -> list[str]:
    ledger = company.world.snapshot().ledger()
    assert ledger is not None
    return [entry.note for entry in ledger.entries if entry.note.startswith("stripe:fee:")]


def test_a_deal_in_a_currency_that_there_is_not_is_told_apart_from_one_the_books_do_not_keep(tmp_path: Path) -> None:
    company = Company(tmp_path)
    customer = company.customer()
    found = {}
    for name, currency in (("No such", "ZZZ"), ("Not kept", "EUR")):
        deal = company.deal(customer, PRINTER, name=name)
        company.win(deal)
        found[deal] = currency

    def paid_in(record: dict[str, Any]) -> None:
        if record.get("id") in found:
            record["properties"]["deal_currency_code"] = found[record["id"]]

    Garbled(company, "/objects/deals", paid_in)
    company.rest()
    assert sorted(code for _, code in rejects(company)) == ["currency_not_kept", "unknown_currency"]


@pytest.mark.parametrize(
    ("currency", "code"),
    [
        ({"iso_currency_code": "ZZZ"}, "unknown_currency"),
        ({"iso_currency_code": None, "unofficial_currency_code": "DOGE"}, "currency_not_kept"),
        ({"iso_currency_code": "CHF"}, "currency_not_kept"),
    ],
)
def test_a_bank_line_in_a_currency_that_nobody_keeps_is_held_alone_and_nothing_of_it_is_posted(
    tmp_path: Path, currency: dict[str, Any], code: str
) -> None:
    company = Company(tmp_path)
    customer = company.customer()
    company.win(company.deal(customer, PRINTER))
    company.rest()
    ledger = company.world.snapshot().ledger()
    assert ledger is not None
    advice = f"{ledger.documents[0].number} 10.00"
    for amount, reference in (("10.00", advice), ("20.00", "")):
        moved = MoveBankMoney(amount=usd(amount), description="PAYMENT", reference=reference)
        company.world.operate("banking", moved, "customer")

    def strange(record: dict[str, Any]) -> None:
        if str(record.get("amount")) == "-10.00":
            record.update(currency)

    Garbled(company, "/transactions/sync", strange)
    company.rest()
    ((source, found),) = rejects(company)
    assert (source.startswith("plaid:bank_line:"), found) == (True, code)
    assert [each for each in raised(company) if each == source] == [source]
    ledger = company.world.snapshot().ledger()
    assert ledger is not None
    assert [str(deposit.total) for deposit in ledger.deposits] == ["USD 20.00"]
    assert ledger.payments == ()


def twins(company: Company) -> tuple[str, str]:
    """The same deal twice, won on the same day."""
    customer = company.customer()
    first, second = (company.deal(customer, PRINTER) for _ in range(2))
    company.win(first)
    company.rest()
    company.win(second)
    company.rest()
    return first, second


def test_a_deal_that_says_the_same_in_every_word_is_billed_once(tmp_path: Path) -> None:
    company = Company(tmp_path)
    first, second = twins(company)
    assert rejects(company) == [(f"hubspot:deal:{second}", "duplicate_content")]
    assert raised(company) == [f"hubspot:deal:{second}"]
    assert company.statuses() == [("invoiced", "USD 1,086.25"), ("rejected", "None")]
    (reject,) = [row for row in company.connector.evidence() if isinstance(row, Reject)]
    assert f"as deal {first}" in reject.reason


def test_a_replay_alone_does_not_bill_a_twin_and_an_operator_who_accepts_it_does(tmp_path: Path) -> None:
    company = Company(tmp_path)
    _, second = twins(company)
    company.connector.operate("replay", {"source": f"hubspot:deal:{second}", "operator": "Dana"})
    company.rest()
    assert rejects(company) == [(f"hubspot:deal:{second}", "duplicate_content")]
    company.connector.operate("accept", {"source": f"hubspot:deal:{second}", "operator": "Dana"})
    company.rest()
    assert company.statuses() == [("invoiced", "USD 1,086.25")] * 2
    assert raised(company) == []
    acts = [
        (row.action, row.by) for row in company.connector.evidence() if isinstance(row, LogRow) and row.by == "Dana"
    ]
    assert acts == [("replay", "Dana"), ("accept", "Dana")]


def test_a_twin_that_is_mended_in_its_source_leaves_by_itself(tmp_path: Path) -> None:
    company = Company(tmp_path)
    _, second = twins(company)
    company.world.advance(timedelta(minutes=20))
    company.change(second, FEWER)
    company.rest()
    # 750.00 at 7.25 % and 1.375 %: 54.38 (54.375) + 10.31 (10.3125)
    assert company.statuses() == [("invoiced", "USD 1,086.25"), ("invoiced", "USD 814.69")]
    assert raised(company) == []


def test_a_twin_is_decided_again_when_the_first_is_not_what_it_was(tmp_path: Path) -> None:
    company = Company(tmp_path)
    first, second = twins(company)
    company.world.advance(timedelta(minutes=20))
    company.change(first, FEWER)
    company.rest()
    assert [status for status, _ in company.statuses()] == ["invoiced", "invoiced"]
    del second
    assert raised(company) == []


@pytest.mark.parametrize("difference", ["name", "line", "customer"])
def test_equal_amounts_alone_make_no_twins(tmp_path: Path, difference: str) -> None:
    company = Company(tmp_path)
    customer = company.customer()
    company.win(company.deal(customer, PRINTER))
    other = company.customer("Initech") if difference == "customer" else customer
    again = msgspec.structs.replace(PRINTER, product="Visitor kiosk") if difference == "line" else PRINTER
    company.win(company.deal(other, again, name="Second rollout" if difference == "name" else "Rollout"))
    company.rest()
    assert rejects(company) == []


def keyed(tmp_path: Path) -> Company:
    """A company whose mapping names the keys of the business, in properties that the portal has."""
    source = load_manifest(builtin_manifest()).mapping_for("us-saas", None)
    assert source is not None
    mapping = tmp_path / "us-saas"
    mapping.mkdir()
    for file in source.iterdir():
        text = file.read_text()
        if file.name == "fields.yaml":
            text = text.replace("deal:\n", "deal:\n  business_key: description\n", 1)
            text = text.replace("company:\n", "company:\n  business_key: domain\n", 1)
        (mapping / file.name).write_text(text)
    return Company(tmp_path / "run", mapping=mapping)


def stamped(values: dict[str, str], name: str) -> Change:
    def change(record: dict[str, Any]) -> None:
        if str(record.get("id")) in values:
            record["properties"][name] = values[str(record["id"])]

    return change


def test_a_deal_under_another_id_with_the_key_of_one_that_is_billed_is_held(tmp_path: Path) -> None:
    company = keyed(tmp_path)
    customer = company.customer()
    first = company.deal(customer, PRINTER, name="Order")
    second = company.deal(customer, FEWER, name="Order, entered again")
    third = company.deal(customer, FEWER, name="Another order")
    for each in (first, second, third):
        company.win(each)
    Garbled(company, "/objects/deals", stamped({first: "PO-7", second: "PO-7", third: "PO-8"}, "description"))
    company.rest()
    assert rejects(company) == [(f"hubspot:deal:{second}", "duplicate_business_key")]
    assert [status for status, _ in company.statuses()] == ["invoiced", "rejected", "invoiced"]


def test_a_company_under_another_id_with_the_key_of_a_customer_is_held(tmp_path: Path) -> None:
    company = keyed(tmp_path)
    first, second, third = (company.customer(name) for name in ("Globex", "Globex Inc.", "Initech"))
    keys = {first: "globex.test", second: "globex.test", third: "initech.test"}
    Garbled(company, "/objects/companies", stamped(keys, "domain"))
    company.rest()
    assert rejects(company) == [(f"hubspot:company:{second}", "duplicate_business_key")]
    ledger = company.world.snapshot().ledger()
    assert ledger is not None
    assert [party.name for party in ledger.parties] == ["Globex", "Initech"]


def test_one_dead_letter_is_replayed_and_the_other_stays(tmp_path: Path) -> None:
    company = Company(tmp_path)
    customer = company.customer()
    company.rest()
    body = b'{"Fault":{"Error":[{"Message":"Something is wrong","code":"6000"}],"type":"ValidationFault"}}'
    company.port.seen, company.port.counts, company.port.at, company.port.lasting = 0, writes, 1, 2
    company.port.fault = answered(400, body=body)
    deals = [company.deal(customer, PRINTER, name=name) for name in ("One", "Two")]
    for each in deals:
        company.win(each)
    company.rest()
    company.connector.operate("replay", {"source": f"hubspot:deal:{deals[1]}:v1"})
    company.rest()
    assert company.statuses() == [("rejected", "None"), ("invoiced", "USD 1,086.25")]
    letters = [row for row in company.connector.evidence() if isinstance(row, DeadLetter)]
    assert [row.source for row in letters if row.replayed_at] == [f"hubspot:deal:{deals[1]}:v1"]
    keys = {
        exchange.request.query
        for exchange in company.world.exchange_log
        if writes(exchange.request) and "/invoice" in exchange.request.path
    }
    assert len(keys) == 2, "the replay went out under the key it had"
    with pytest.raises(ConnectorFailed, match="nothing waits under 'hubspot:deal:99'"):
        company.connector.operate("replay", {"source": "hubspot:deal:99"})


@pytest.mark.parametrize(
    ("refused", "sources"),
    [(3, ["hubspot:deal:33000001:v2", "hubspot:deal:33000001:v2:invoice"]), (4, ["hubspot:deal:33000001:v2:invoice"])],
    ids=["credit-memo", "invoice"],
)
@pytest.mark.parametrize("taken_up", ["replayed", "changed back"])
def test_a_refused_document_of_a_change_waits_by_itself_until_it_is_billed_or_not_called_for_any_more(
    tmp_path: Path, refused: int, sources: list[str], taken_up: str
) -> None:
    company = Company(tmp_path)
    company.port.counts, company.port.at, company.port.fault = writes, refused, answered(403)
    deal = company.deal(company.customer(), PRINTER)
    company.win(deal)
    company.rest()
    company.world.advance(timedelta(minutes=20))
    company.change(deal, FEWER, SERVICE)
    company.rest()
    assert raised(company) == sources
    # 1,086.25, and less the credit of 250.00 with 18.13 (7.25 %) and 3.44 (1.375 %) of tax
    assert company.statuses() == [("rejected", "USD 1,086.25" if refused == 3 else "USD 814.68")]
    if taken_up == "replayed":
        company.connector.operate("replay", {"source": sources[-1]})
    else:
        company.world.advance(timedelta(minutes=20))
        company.change(deal, FEWER)
    company.rest()
    assert raised(company) == []
    assert company.statuses() == [("invoiced", "USD 1,114.68" if taken_up == "replayed" else "USD 814.68")]
