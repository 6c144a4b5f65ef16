"""Companies that the CRM merges: nothing is billed twice, what is new goes to the survivor."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from simharness.domain import acts
from tests.functional.test_reference_faults import Company, usd

PRINTER = acts.LineSpec(product="Badge printer", quantity=Decimal(1), unit_price=usd("100.00"))
ROLL = acts.LineSpec(product="Badge roll", quantity=Decimal(10), unit_price=usd("6.00"))


def merge(company: Company, gone: str, into: str) -> None:
    company.world.operate("crm", acts.MergeCompanies(company_id=gone, into_id=into), "sales")


def invoices(company: Company) -> list[tuple[str, str]]:
    """The company that each invoice's customer refers to, and its total."""
    ledger = company.world.snapshot().ledger()
    assert ledger is not None
    note_of = {party.id: party.note.removeprefix("hubspot:company:") for party in ledger.parties}
    return [(note_of[document.party], str(document.total)) for document in ledger.documents]


def payers(company: Company) -> list[str]:
    ledger = company.world.snapshot().ledger()
    assert ledger is not None
    note_of = {party.id: party.note.removeprefix("hubspot:company:") for party in ledger.parties}
    return [note_of[payment.party] for payment in ledger.payments]


@pytest.fixture
def merged(tmp_path: Path) -> tuple[Company, str, str]:
    """Two companies with a billed deal each, and money of the first without a reference; then they are one."""
    company = Company(tmp_path)
    gone, survivor = company.customer("Initech West", "US-OR"), company.customer("Initech", "US-OR")
    company.win(company.deal(gone, PRINTER, name="First"))
    company.win(company.deal(survivor, ROLL, name="Second"))
    company.pay(gone, "30.00")
    company.rest()
    merge(company, gone, survivor)
    company.rest()
    return company, gone, survivor


def test_what_was_billed_stays_and_what_is_new_is_the_survivors(merged: tuple[Company, str, str]) -> None:
    company, gone, survivor = merged
    assert invoices(company) == [(gone, "USD 100.00"), (survivor, "USD 60.00")]
    company.win(company.deal(gone, PRINTER, name="Third"))
    company.pay(gone, "20.00")
    company.rest()
    assert invoices(company)[2:] == [(survivor, "USD 100.00")]
    assert sorted(payers(company)) == sorted([gone, survivor])


def test_an_empty_memory_after_a_merge_posts_nothing_twice(merged: tuple[Company, str, str], tmp_path: Path) -> None:
    company, gone, survivor = merged
    before = company.books()
    company.connector.stop()
    company.connector.start({**company.world.connections(), "bi.url": ""}, tmp_path / "another state")
    company.rest()
    assert company.books() == before
    crm = company.world.snapshot().crm
    assert crm is not None
    first = next(deal for deal in crm.deals if deal.name == "First")
    company.change(first.id, PRINTER, ROLL)
    company.rest()
    assert invoices(company) == [(gone, "USD 100.00"), (survivor, "USD 60.00"), (gone, "USD 60.00")]


def test_what_was_refused_of_a_company_is_billed_to_the_survivor(tmp_path: Path) -> None:
    company = Company(tmp_path)
    gone, survivor = company.customer("Initech West", ""), company.customer("Initech", "US-OR")
    company.win(company.deal(gone, PRINTER))
    company.rest()
    assert invoices(company) == []
    merge(company, gone, survivor)
    company.rest()
    assert invoices(company) == [(survivor, "USD 100.00")]


def test_a_survivor_that_the_ledger_does_not_know_takes_the_customer_over(tmp_path: Path) -> None:
    company = Company(tmp_path)
    gone = company.customer("Initech West", "US-OR")
    company.win(company.deal(gone, PRINTER, name="First"))
    company.rest()
    survivor = company.customer("Initech", "US-OR")
    merge(company, gone, survivor)
    company.win(company.deal(survivor, ROLL, name="Second"))
    company.rest()
    assert invoices(company) == [(gone, "USD 100.00"), (gone, "USD 60.00")]
    assert [name for name, *_ in company.books()[2]] == ["Initech"]


def test_a_survivor_under_a_new_id_goes_on_with_its_own_customer(tmp_path: Path) -> None:
    company = Company(tmp_path, options={"hubspot": {"merge_makes_new_id": "true"}})
    gone, survivor = company.customer("Initech West", "US-OR"), company.customer("Initech", "US-OR")
    company.win(company.deal(gone, PRINTER, name="First"))
    company.win(company.deal(survivor, ROLL, name="Second"))
    company.rest()
    merge(company, gone, survivor)
    company.rest()
    company.win(company.deal(survivor, PRINTER, name="Third"))
    company.pay(gone, "20.00")
    company.rest()
    assert invoices(company) == [(gone, "USD 100.00"), (survivor, "USD 60.00"), (survivor, "USD 100.00")]
    assert payers(company) == [survivor]
