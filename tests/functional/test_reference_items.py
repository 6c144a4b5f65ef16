"""Items, discounts and products of the reference connector in a whole company."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from msgspec import structs

from simharness.connectors.manifest import builtin_manifest, load_manifest
from simharness.domain import acts
from simharness.domain.evidence import Alert, Reject
from tests.functional.test_reference_bi import published, question
from tests.functional.test_reference_faults import PRINTER, SERVICE, Company, usd

DISCOUNTED = structs.replace(PRINTER, discount_percent=Decimal(10))
HALVED = structs.replace(PRINTER, discount_percent=Decimal(50))


@dataclass
class Shown:
    """What a document shows of a line."""

    item: str
    amount: str
    account: str
    cost_centre: str


def shown(company: Company) -> list[list[Shown]]:
    """The lines of every document, in the ledger's order."""
    ledger = company.world.snapshot().ledger()
    assert ledger is not None
    names = {account.id: account.name for account in ledger.accounts}
    return [
        [Shown(line.item, str(line.amount), names[line.account], line.cost_centre) for line in document.lines]
        for document in ledger.documents
    ]


def test_a_discount_stands_below_what_it_reduces_on_an_item_of_its_own(tmp_path: Path) -> None:
    company = Company(tmp_path, dictionary="us-saas-contra")
    company.win(company.deal(company.customer(), DISCOUNTED, SERVICE))
    company.rest()
    assert shown(company) == [
        [
            Shown("Badge printer", "USD 1,000.00", "Hardware sales", "CC-10"),
            Shown("Badge printer - Discounts given", "USD -100.00", "Discounts given", "CC-10"),
            Shown("Onboarding service", "USD 300.00", "Service revenue", "CC-10"),
        ]
    ]


def test_bi_shows_a_discount_of_its_own_without_list_price_and_deal_line(tmp_path: Path) -> None:
    company = Company(tmp_path, dictionary="us-saas-contra")
    deal = company.deal(company.customer(), DISCOUNTED, SERVICE)
    company.win(deal)
    company.rest()
    company.connector.trigger("publish")
    (version,) = published(tmp_path)
    rows = question(
        tmp_path,
        version,
        "SELECT product, crm_line_id <> '', list_amount, discount_amount, net_amount FROM fct_document_line"
        " ORDER BY line_no",
    )
    assert [(product, known, *map(int, amounts)) for product, known, *amounts in rows] == [
        ("Badge printer", True, 1000, 0, 1000),
        ("Badge printer - Discounts given", False, 0, 100, -100),
        ("Onboarding service", True, 300, 0, 300),
    ]


def test_a_new_installation_knows_the_discounts_of_the_one_before(tmp_path: Path) -> None:
    """It takes over what was billed under contra presentation, and credits the same difference."""
    books = []
    for name, anew in (("same", False), ("new", True)):
        company = Company(tmp_path / name, dictionary="us-saas-contra")
        deal = company.deal(company.customer(), DISCOUNTED, SERVICE)
        company.win(deal)
        company.rest()
        if anew:
            company.connector.stop()
            company.connector.start({**company.world.connections(), "bi.url": ""}, tmp_path / "another state")
            company.rest()
        company.change(deal, HALVED, SERVICE)
        company.rest()
        books.append([[(line.item, line.amount) for line in document] for document in shown(company)])
    same, new = books
    # the discount rises from 100.00 to 500.00; the list price stays
    assert same[1] == [("Badge printer", "USD 0.00"), ("Badge printer - Discounts given", "USD 400.00")]
    assert new == same


def test_an_item_beside_another_is_taxed_like_it_where_the_ledger_calculates(tmp_path: Path) -> None:
    company = Company(tmp_path, dictionary="us-saas-ast")
    rented = acts.LineSpec(
        product="Badge printer", quantity=Decimal(1), unit_price=usd("1000.00"), revenue_type="Services"
    )
    company.win(company.deal(company.customer(), rented))
    company.rest()
    assert [line.account for (line,) in shown(company)] == ["Service revenue"]
    # a printer is taxed as goods on whatever account: 72.50 + 13.75
    assert company.statuses() == [("invoiced", "USD 1,086.25")]


def test_what_sales_typed_by_hand_is_rejected_by_name_and_told_to_a_person(tmp_path: Path) -> None:
    company = Company(tmp_path)
    customer = company.customer()
    strange = acts.LineSpec(product="Flux capacitor", quantity=Decimal(1), unit_price=usd("121.00"), custom=True)
    wishes = company.deal(customer, PRINTER, strange, name="Wishes")
    plain = company.deal(customer, PRINTER, name="Plain")
    for deal in (wishes, plain):
        company.win(deal)
    company.rest()
    rejects = [row for row in company.connector.evidence() if isinstance(row, Reject)]
    alerts = [row for row in company.connector.evidence() if isinstance(row, Alert)]
    assert [(row.source, row.code, "'Flux capacitor'" in row.reason) for row in rejects] == [
        (f"hubspot:deal:{wishes}", "unknown_product", True)
    ]
    assert [(row.source, row.owner, row.cleared_at) for row in alerts] == [
        (f"hubspot:deal:{wishes}", "finance-operations", None)
    ]
    assert company.statuses() == [("rejected", "None"), ("invoiced", "USD 1,086.25")]
    company.change(wishes, PRINTER)
    company.rest()
    assert company.statuses() == [("invoiced", "USD 1,086.25")] * 2
    cleared = [row for row in company.connector.evidence() if isinstance(row, Alert) and row.cleared_at]
    assert [row.source for row in cleared] == [f"hubspot:deal:{wishes}"]


def test_a_number_that_the_ledger_does_not_know_is_no_slip_of_the_pen_to_overlook(tmp_path: Path) -> None:
    source = load_manifest(builtin_manifest()).mapping_for("us-saas", None)
    assert source is not None
    mapping = shutil.copytree(source, tmp_path / "us-saas")
    accounts = mapping / "accounts.yaml"
    accounts.write_text(accounts.read_text().replace('number: "4010"', 'number: "4999"'))
    company = Company(tmp_path / "company", mapping=mapping)
    company.win(company.deal(company.customer(), PRINTER))
    company.rest()
    (rejected,) = [row for row in company.connector.evidence() if isinstance(row, Reject)]
    told = "the ledger has no active account 4999; its 'Hardware sales' is 4010"
    assert (rejected.code, rejected.reason) == ("unknown_in_ledger", told)
    assert not shown(company)
