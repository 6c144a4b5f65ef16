"""The reference connector beside programs that write invoices themselves: one invoice a deal, whatever goes wrong."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from simharness.domain import acts, events
from simharness.domain.evidence import Alert, LogRow
from simharness.domain.exchange import DeliveryKind, Outcome, Request
from simharness.fakekit.fake import Fake
from tests.functional.test_reference_faults import (
    FEWER,
    PRINTER,
    Company,
    Fault,
    answered,
    delivered,
    killed,
    refused_connection,
    usd,
)

BESIDE, VOIDING, BILLING = "us-saas-beside", "us-saas-beside-void", "us-saas-billing"


def sell(company: Company, *, name: str = "Rollout") -> str:
    """A customer in Oregon, where nothing is taxed, and a deal of 1,000.00 that is won."""
    deal = company.deal(company.customer(name=f"{name} Inc", region="US-OR"), PRINTER, name=name)
    company.win(deal)
    return deal


def sync(company: Company, deal: str, *, name: str = "Rollout Inc", amount: str = "1000.00") -> str:
    """Another program writes an invoice of the deal; the customer is found by name, or made."""
    ledger = company.world.snapshot().ledger()
    assert ledger is not None
    party = next((each.id for each in ledger.parties if each.name == name), "")
    if not party:
        act: acts.Act = acts.EnterParty(name=name, note=f"HubSpot company {company_of(company, deal)}")
        (saved,) = company.world.operate("accounting", act, "native-sync")
        assert isinstance(saved, events.PartySaved)
        party = saved.party_id
    line = acts.InvoiceLine(product="Badge printer", amount=usd(amount), tax_code="")
    number = f"HS-{1001 + sum(each.number.startswith('HS-') for each in ledger.documents)}"
    act = acts.EnterInvoice(party_id=party, lines=(line,), number=number, note=f"HubSpot deal {deal}")
    (entered,) = company.world.operate("accounting", act, "native-sync")
    assert isinstance(entered, events.InvoiceEntered)
    return entered.invoice_id


def company_of(company: Company, deal: str) -> str:
    crm = company.world.snapshot().crm
    assert crm is not None
    return next(each.company_id for each in crm.deals if each.id == deal)


def invoices(company: Company) -> list[tuple[str, str, str]]:
    """Who wrote each invoice that is not void, how it names the deal, and its amount."""
    ledger = company.world.snapshot().ledger()
    assert ledger is not None
    found = [each for each in ledger.documents if each.kind == "invoice" and each.status != "void"]
    return [(each.created_by, each.note.split(" lines:")[0], str(each.total)) for each in found]


def open_alerts(company: Company) -> dict[str, str]:
    """What every open incident says, by its name."""
    told: dict[str, str] = {}
    for row in company.connector.evidence():
        if isinstance(row, Alert):
            told[row.incident] = row.reason
            if row.cleared_at is not None:
                del told[row.incident]
    return told


def of_invoices(request: Request) -> bool:
    return request.method == "POST" and request.path.endswith("/invoice")


def suffer(company: Company, fault: Fault, *, at: int = 1, lasting: int = 1) -> None:
    company.port.counts, company.port.fault = of_invoices, fault
    company.port.seen, company.port.at, company.port.lasting = 0, at, lasting


def work(company: Company) -> None:
    """The pass that decides about a deal, and the one that bills it: the ledger is looked through again between."""
    company.connector.trigger("work")
    company.world.advance(timedelta(minutes=1))
    company.connector.trigger("work")


def behind(fake: Fake, request: Request) -> Outcome:
    """A list as it was before the latest writes."""
    return Outcome(response=fake.stale(request, fake.setup.clock.now - timedelta(minutes=1)))


def test_what_a_list_that_runs_behind_does_not_show_is_not_written_again(tmp_path: Path) -> None:
    company = Company(tmp_path, BESIDE)
    deal = sell(company)
    sync(company, deal)
    company.port.counts = lambda request: request.path.endswith("/query")
    company.port.fault, company.port.at, company.port.lasting = behind, 1, 999
    company.connector.trigger("work")
    company.port.fault = None
    company.rest()
    assert invoices(company) == [("native-sync", f"HubSpot deal {deal}", "USD 1,000.00")]
    ledger = company.world.snapshot().ledger()
    assert ledger is not None
    assert len(ledger.parties) == 1
    assert company.statuses() == [("invoiced", "USD 1,000.00")]
    assert open_alerts(company) == {}


def test_a_posting_that_never_arrived_is_dropped_once_another_program_has_billed_the_deal(tmp_path: Path) -> None:
    company = Company(tmp_path, BESIDE)
    deal = sell(company)
    suffer(company, refused_connection, lasting=99)
    work(company)
    assert invoices(company) == []
    company.port.fault = None
    company.world.advance(timedelta(minutes=5))
    sync(company, deal)
    company.rest()
    assert invoices(company) == [("native-sync", f"HubSpot deal {deal}", "USD 1,000.00")]
    assert company.statuses() == [("invoiced", "USD 1,000.00")]
    assert open_alerts(company) == {}


def test_a_posting_whose_answer_was_lost_is_found_and_the_second_invoice_told(tmp_path: Path) -> None:
    company = Company(tmp_path, BESIDE)
    deal = sell(company)
    suffer(company, delivered(DeliveryKind.LOST), lasting=99)
    work(company)
    company.port.fault = None
    company.world.advance(timedelta(minutes=5))
    second = sync(company, deal)
    company.rest()
    ours = ("connector", f"hubspot:deal:{deal}:v1", "USD 1,000.00")
    assert invoices(company) == [ours, ("native-sync", f"HubSpot deal {deal}", "USD 1,000.00")]
    told = open_alerts(company)
    assert list(told) == [f"second:quickbooks:invoice:{second}"]
    assert "HS-1001 over USD 1000.00" in told[f"second:quickbooks:invoice:{second}"]
    assert "1001 over USD 1000.00" in told[f"second:quickbooks:invoice:{second}"]


def test_nothing_is_posted_while_the_ledger_cannot_be_looked_through(tmp_path: Path) -> None:
    company = Company(tmp_path, BESIDE)
    company.rest()
    deal = sell(company)
    sync(company, deal)
    company.port.counts = lambda request: request.path.endswith("/query")
    company.port.fault, company.port.at, company.port.lasting = answered(503), 1, 999
    company.connector.trigger("work")
    assert invoices(company) == [("native-sync", f"HubSpot deal {deal}", "USD 1,000.00")]
    company.port.fault = None
    company.rest()
    assert invoices(company) == [("native-sync", f"HubSpot deal {deal}", "USD 1,000.00")]
    assert company.statuses() == [("invoiced", "USD 1,000.00")]


@pytest.mark.parametrize(("dictionary", "left"), [(BESIDE, 2), (VOIDING, 1)])
def test_two_that_write_at_the_same_instant_are_seen_in_the_next_pass(
    tmp_path: Path, dictionary: str, left: int
) -> None:
    company = Company(tmp_path, dictionary)
    company.rest()
    deal = sell(company)

    def meanwhile(fake: Fake, request: Request) -> Outcome:
        sync(company, deal)
        return Outcome(response=fake.handle(request))

    suffer(company, meanwhile)
    company.rest()
    assert len(invoices(company)) == left
    assert invoices(company)[-1] == ("connector", f"hubspot:deal:{deal}:v1", "USD 1,000.00")
    assert len(open_alerts(company)) == left - 1
    assert company.statuses() == [("invoiced", "USD 1,000.00")]


FAULTS = [
    pytest.param(delivered(DeliveryKind.LOST), 1, id="answer-lost"),
    pytest.param(delivered(DeliveryKind.LOST), 8, id="answer-lost-beyond-the-retries"),
    pytest.param(refused_connection, 8, id="connection-refused-beyond-the-retries"),
    pytest.param(answered(503), 1, id="503"),
    pytest.param(killed, 1, id="killed"),
]


@pytest.mark.parametrize(("fault", "lasting"), FAULTS)
def test_whatever_happens_to_a_void_the_second_invoice_ends_void_once(
    tmp_path: Path, fault: Fault, lasting: int
) -> None:
    company = Company(tmp_path, VOIDING)
    deal = sell(company)
    company.rest()
    sync(company, deal)
    suffer(company, fault, lasting=lasting)
    company.rest()
    assert invoices(company) == [("connector", f"hubspot:deal:{deal}:v1", "USD 1,000.00")]
    assert [each.actor for each in company.world.writes if each.action == "void"] == ["connector"]
    assert open_alerts(company) == {}


@pytest.mark.parametrize(("fault", "lasting"), FAULTS)
def test_whatever_happens_to_its_completion_an_invoice_is_taken_once_and_completed(
    tmp_path: Path, fault: Fault, lasting: int
) -> None:
    company = Company(tmp_path, BESIDE)
    deal = sell(company)
    sync(company, deal)
    suffer(company, fault, lasting=lasting)
    company.rest()
    assert invoices(company) == [("native-sync", f"HubSpot deal {deal}", "USD 1,000.00")]
    ledger = company.world.snapshot().ledger()
    assert ledger is not None
    assert [line.cost_centre for line in ledger.documents[0].lines] == ["CC-10"]
    taken = [row for row in company.connector.evidence() if isinstance(row, LogRow) and row.action == "adopt"]
    assert [(row.source, row.target, row.outcome) for row in taken] == [
        (f"hubspot:deal:{deal}:v1", f"quickbooks:invoice:{ledger.documents[0].id}", "found")
    ]
    assert open_alerts(company) == {}


def test_a_second_invoice_of_which_something_is_settled_is_left_to_a_person(tmp_path: Path) -> None:
    company = Company(tmp_path, VOIDING)
    deal = sell(company)
    company.rest()
    second = sync(company, deal)
    ledger = company.world.snapshot().ledger()
    assert ledger is not None
    cheque = acts.TakeCheque(
        party_id=ledger.parties[0].id, amount=usd("10.00"), number="1", applications=((second, usd("10.00")),)
    )
    company.world.operate("accounting", cheque, "bookkeeper")
    company.rest()
    assert len(invoices(company)) == 2
    told = open_alerts(company)[f"second:quickbooks:invoice:{second}"]
    assert told.endswith("something is settled of it, so a person has to decide")


def test_the_other_invoice_is_the_deals_once_a_person_has_voided_the_connectors(tmp_path: Path) -> None:
    company = Company(tmp_path, BESIDE)
    deal = sell(company)
    company.rest()
    sync(company, deal)
    company.rest()
    ledger = company.world.snapshot().ledger()
    assert ledger is not None
    own = next(each.id for each in ledger.documents if each.created_by == "connector")
    company.world.operate("accounting", acts.VoidInvoice(invoice_id=own), "bookkeeper")
    company.rest()
    assert invoices(company) == [("native-sync", f"HubSpot deal {deal}", "USD 1,000.00")]
    assert company.statuses() == [("invoiced", "USD 1,000.00")]
    assert open_alerts(company) == {}


def test_a_deal_whose_taken_invoice_is_voided_is_billed_by_the_connector(tmp_path: Path) -> None:
    company = Company(tmp_path, BESIDE)
    deal = sell(company)
    taken = sync(company, deal)
    company.rest()
    company.world.operate("accounting", acts.VoidInvoice(invoice_id=taken), "bookkeeper")
    company.rest()
    assert invoices(company) == [("connector", f"hubspot:deal:{deal}:v1", "USD 1,000.00")]
    assert company.statuses() == [("invoiced", "USD 1,000.00")]


def test_a_deal_whose_invoice_the_billing_system_voids_waits_for_another(tmp_path: Path) -> None:
    company = Company(tmp_path, BILLING)
    deal = sell(company)
    taken = sync(company, deal)
    company.rest()
    company.world.operate("accounting", acts.VoidInvoice(invoice_id=taken), "billing")
    company.rest()
    assert company.statuses() == [("", "None")]
    company.world.advance(timedelta(days=3))
    company.rest()
    assert list(open_alerts(company)) == [f"missing:hubspot:deal:{deal}"]
    sync(company, deal)
    company.rest()
    assert company.statuses() == [("invoiced", "USD 1,000.00")]
    assert open_alerts(company) == {}


def test_a_second_invoice_in_a_closed_month_is_told_and_not_tried_again(tmp_path: Path) -> None:
    company = Company(tmp_path, VOIDING)
    deal = sell(company)
    company.rest()
    second = sync(company, deal)
    company.world.advance(timedelta(days=30))
    company.world.operate("accounting", acts.ClosePeriod(until=company.world.clock.now.date()), "controller")
    company.rest()
    assert len(invoices(company)) == 2
    assert f"second:quickbooks:invoice:{second}" in open_alerts(company)
    company.port.counts, company.port.seen = of_invoices, 0
    company.world.advance(timedelta(hours=1))
    company.rest()
    assert company.port.seen == 0


def test_an_empty_memory_on_full_books_takes_every_invoice_as_it_was(tmp_path: Path) -> None:
    company = Company(tmp_path, BESIDE)
    taken, own = sell(company, name="North"), sell(company, name="South")
    sync(company, taken, name="North Inc")
    company.rest()
    before = company.books()
    company.connector.stop()
    company.connector.start(
        {**company.world.connections(), "bi.url": f"duckdb://{tmp_path / 'bi'}"}, tmp_path / "another"
    )
    company.rest()
    assert company.books() == before
    assert {note for _, note, _ in invoices(company)} == {f"HubSpot deal {taken}", f"hubspot:deal:{own}:v1"}
    assert company.statuses() == [("invoiced", "USD 1,000.00")] * 2


def test_an_edit_after_a_lost_memory_waits_for_a_person_where_the_first_invoice_is_not_the_connectors(
    tmp_path: Path,
) -> None:
    company = Company(tmp_path, BESIDE)
    deal = sell(company)
    sync(company, deal)
    company.rest()
    company.world.advance(timedelta(minutes=20))
    company.change(deal, FEWER)
    company.rest()
    before = company.books()
    company.connector.stop()
    company.connector.start(
        {**company.world.connections(), "bi.url": f"duckdb://{tmp_path / 'bi'}"}, tmp_path / "another"
    )
    company.rest()
    assert company.books() == before
    assert any("no first invoice" in text for text in open_alerts(company).values())


def test_a_deal_that_is_not_won_any_more_is_not_waited_for(tmp_path: Path) -> None:
    company = Company(tmp_path, BILLING)
    deal = sell(company)
    company.rest()
    company.world.operate("crm", acts.ReopenDeal(deal_id=deal), "sales")
    company.world.advance(timedelta(days=10))
    company.rest()
    assert open_alerts(company) == {}


def test_a_billing_system_that_bills_twice_is_told_of(tmp_path: Path) -> None:
    company = Company(tmp_path, BILLING)
    deal = sell(company)
    sync(company, deal)
    second = sync(company, deal)
    company.rest()
    assert list(open_alerts(company)) == [f"second:quickbooks:invoice:{second}"]
    assert company.statuses() == [("invoiced", "USD 1,000.00")]


def test_an_invoice_that_was_wrong_is_taken_once_its_writer_has_mended_it(tmp_path: Path) -> None:
    company = Company(tmp_path, BESIDE)
    deal = sell(company)
    wrong = sync(company, deal, amount="999.99")
    company.rest()
    assert company.statuses()[0][0] == "rejected"
    company.world.operate("accounting", acts.VoidInvoice(invoice_id=wrong), "native-sync")
    sync(company, deal)
    company.rest()
    assert invoices(company) == [("native-sync", f"HubSpot deal {deal}", "USD 1,000.00")]
    assert open_alerts(company) == {}
