"""What programs beside the connector write is theirs to leave out, and finance's figures where they copy them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from msgspec import structs

from simharness.core.content import content_folder
from simharness.core.money import Money
from simharness.domain.acts import ActRefused
from simharness.domain.crm import Certificate, DealLine
from simharness.domain.policy import TaxCalculator
from simharness.stories.cast import Customer, Deal
from simharness.stories.dictionaries import load_dictionary
from simharness.stories.paperwork import WORDS, Paper, paper_of

DICTIONARY = load_dictionary(content_folder("scenarios") / "dictionaries" / "us-saas.yaml")
DAY = date(2026, 1, 12)


def usd(amount: str) -> Money:
    return Money(amount, "USD")


LINES = (
    DealLine(
        id="1", product="Badge printer", quantity=Decimal(3), unit_price=usd("33.35"), discount_percent=Decimal(10),
        cost_centre="CC-10",
    ),
    DealLine(id="2", product="Consulting hour", quantity=Decimal(2), unit_price=usd("110.00")),
)  # fmt: skip


def paper(*copies: str, region: str = "US-NY-NYC", certificates: tuple[Certificate, ...] = ()) -> Paper:
    customer = Customer(
        name="Globex", company_id="7", current_name="Globex", region=region, terms="", certificates=certificates
    )
    deal = Deal(name="Rollout", deal_id="9", customer="Globex", lines=LINES)
    return paper_of(deal, customer, DICTIONARY, DAY, copies, LINES)


def test_a_sync_that_copies_lines_only_bills_at_list_price_without_tax_or_class() -> None:
    lines = paper("lines").lines
    # 3 x 33.35 = 100.05
    assert [(line.amount, line.tax_code, line.cost_centre) for line in lines] == [
        (usd("100.05"), "", ""),
        (usd("220.00"), "", ""),
    ]
    assert (lines[0].quantity, lines[0].unit_price) == (Decimal(3), usd("33.35"))


def test_who_copies_everything_bills_as_finance_does() -> None:
    lines = paper(*WORDS).lines
    # 100.05 less 10.01 (10.005, half up); an amount that quantity and price do not make stands alone
    assert [(line.amount, line.tax_code, line.cost_centre) for line in lines] == [
        (usd("90.04"), "NY New York City", "CC-10"),
        (usd("220.00"), "", ""),
    ]
    assert (lines[0].quantity, lines[0].unit_price) == (None, None)


@pytest.mark.parametrize(
    ("valid_until", "code", "memo"),
    [
        (date(2026, 1, 12), "", "Tax exempt: Government entity (certificate NY-1)"),
        (date(2026, 1, 11), "NY New York City", ""),
    ],
)
def test_a_certificate_exempts_as_long_as_it_is_valid(valid_until: date, code: str, memo: str) -> None:
    shown = Certificate(number="NY-1", jurisdictions=("US-NY",), reason="Government entity", valid_until=valid_until)
    found = paper(*WORDS, certificates=(shown,))
    assert (found.lines[0].tax_code, found.memo) == (code, memo)


def test_a_certificate_of_a_place_that_only_begins_like_it_exempts_nothing() -> None:
    shown = Certificate(number="NY-1", jurisdictions=("US-N",), reason="Government entity")
    assert paper(*WORDS, certificates=(shown,)).lines[0].tax_code == "NY New York City"


def test_a_ledger_that_calculates_is_told_no_code() -> None:
    automated = structs.replace(
        DICTIONARY, policy=structs.replace(DICTIONARY.policy, tax_calculator=TaxCalculator.LEDGER)
    )
    customer = Customer(name="Globex", company_id="7", current_name="Globex", region="US-OR", terms="")
    deal = Deal(name="Rollout", deal_id="9", customer="Globex", lines=LINES)
    assert paper_of(deal, customer, automated, DAY, ("lines",), LINES).lines[0].tax_code is None


def test_what_no_program_can_bill_is_refused() -> None:
    customer = Customer(name="Globex", company_id="7", current_name="Globex", region="US-OR", terms="")
    deal = Deal(name="Rollout", deal_id="9", customer="Globex", lines=LINES, discount_percent=Decimal(5))
    with pytest.raises(ActRefused, match="none of a whole deal"):
        paper_of(deal, customer, DICTIONARY, DAY, WORDS, LINES)
    inclusive = structs.replace(DICTIONARY, policy=structs.replace(DICTIONARY.policy, prices_include_tax=True))
    with pytest.raises(ActRefused, match="without tax only"):
        paper_of(structs.replace(deal, discount_percent=None), customer, inclusive, DAY, ("lines",), LINES)
