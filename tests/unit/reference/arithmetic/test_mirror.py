"""Parts of an invoice: its own lines and its own tax, never more than the invoice, the last part takes the cent."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simharness.reference.arithmetic.mirror import Given, Mirror, Original, body, original
from simharness.reference.arithmetic.money import Cents
from simharness.reference.arithmetic.tax import TaxPolicy
from simharness.reference.errors import Rejected
from simharness.reference.vendors.http import Json

CENTS = Cents("USD")
STATE, CITY = "11", "12"


def line(amount: str, code: str, item: str = "1") -> Json:
    detail = {"ItemRef": {"value": item}, "TaxCodeRef": {"value": code}, "ClassRef": {"value": "7"}}
    return {"DetailType": "SalesItemLineDetail", "Amount": Decimal(amount), "SalesItemLineDetail": detail}


def tax(rate: str, percent: str, base: str, amount: str) -> Json:
    detail = {
        "TaxRateRef": {"value": rate}, "TaxPercent": Decimal(percent), "NetAmountTaxable": Decimal(base),
    }  # fmt: skip
    return {"Amount": Decimal(amount), "TaxLineDetail": detail}


def invoice(lines: list[Json], taxes: list[Json]) -> Json:
    return {
        "Id": "5",
        "DocNumber": "1001",
        "CustomerRef": {"value": "3"},
        "CurrencyRef": {"value": "USD"},
        "DepartmentRef": {"value": "9"},
        "Line": [*lines, {"DetailType": "SubTotalLineDetail", "Amount": Decimal(0)}],
        "TxnTaxDetail": {"TxnTaxCodeRef": {"value": "2"}, "TaxLine": taxes},
    }


def mixed() -> Original:
    """1,000.00 of hardware at 7.25 % and 1.375 %, 500.00 of service that is not taxed."""
    taxes = [tax(STATE, "7.25", "1000", "72.50"), tax(CITY, "1.375", "1000", "13.75")]
    return original(invoice([line("1000.00", "TAX"), line("500.00", "NON", "2")], taxes), {}, CENTS)


MIRROR = Mirror(TaxPolicy(CENTS, "per_component"))


def amounts(found: Given) -> tuple[tuple[str, ...], dict[str, str]]:
    return tuple(str(net) for net in found.nets), {rate: str(each) for rate, each in found.taxes.items()}


def test_a_line_is_given_back_with_its_own_tax_and_never_a_blended_rate() -> None:
    taxed = MIRROR.of_lines(mixed(), [], {1: Decimal("100.00")})
    assert amounts(taxed) == (("100.00", "0"), {STATE: "7.25", CITY: "1.38"})
    untaxed = MIRROR.of_lines(mixed(), [], {2: Decimal("100.00")})
    assert untaxed.tax == 0


def test_an_amount_is_shared_by_all_lines_in_proportion() -> None:
    # Half of 1,586.25 is 793.13: 543.13 fall on the taxed 1,086.25 and 250.00 on the rest.
    half = MIRROR.of_amount(mixed(), [], Decimal("793.13"))
    assert half.total == Decimal("793.13")
    assert amounts(half) == (("500.00", "250.00"), {STATE: "36.25", CITY: "6.88"})


def test_the_whole_is_the_invoice_itself() -> None:
    whole = MIRROR.of_amount(mixed(), [], Decimal("1586.25"))
    assert amounts(whole) == (("1000.00", "500.00"), {STATE: "72.50", CITY: "13.75"})


def test_the_last_part_takes_the_cent_of_its_tax() -> None:
    third = Decimal("333.33")
    before: list[Given] = []
    for net in (third, third, Decimal("333.34")):
        before.append(MIRROR.of_lines(mixed(), before, {1: net}))
    # 24.17 (24.1664) twice and 4.58 (4.5833) twice; what is left of 72.50 and 13.75 is 24.16 and 4.59.
    assert [str(each.taxes[STATE]) for each in before] == ["24.17", "24.17", "24.16"]
    assert [str(each.taxes[CITY]) for each in before] == ["4.58", "4.58", "4.59"]


@pytest.mark.parametrize(
    ("lines", "code"),
    [({1: "1000.01"}, "above_invoice"), ({3: "1.00"}, "no_such_line"), ({1: "-5.00"}, "above_invoice")],
)
def test_more_than_a_line_has_is_refused(lines: dict[int, str], code: str) -> None:
    with pytest.raises(Rejected) as caught:
        MIRROR.of_lines(mixed(), [], {number: Decimal(amount) for number, amount in lines.items()})
    assert caught.value.code == code


def test_more_than_the_invoice_is_refused_whatever_was_given_back_before() -> None:
    before = [MIRROR.of_amount(mixed(), [], Decimal("1500.00"))]
    with pytest.raises(Rejected, match=r"86\.25 left"):
        MIRROR.of_amount(mixed(), before, Decimal("100.00"))


def test_the_document_bears_the_accounts_dimensions_and_rates_of_the_original() -> None:
    whole = mixed()
    made = body(whole, MIRROR.of_lines(whole, [], {1: Decimal("100.00")}))
    (item,) = made["Line"]
    assert item["SalesItemLineDetail"] == {
        "ItemRef": {"value": "1"}, "ClassRef": {"value": "7"}, "TaxCodeRef": {"value": "TAX"},
    }  # fmt: skip
    assert made["DepartmentRef"] == {"value": "9"}
    assert made["TxnTaxDetail"]["TotalTax"] == Decimal("8.63")
    assert made["TxnTaxDetail"]["TxnTaxCodeRef"] == {"value": "2"}
    assert [each["TaxLineDetail"]["TaxPercent"] for each in made["TxnTaxDetail"]["TaxLine"]] == [
        Decimal("7.25"),
        Decimal("1.375"),
    ]


@settings(max_examples=200, deadline=None)
@given(
    nets=st.lists(st.integers(1, 500_000), min_size=1, max_size=5),
    percent=st.integers(0, 2500),
    parts=st.lists(st.integers(1, 400_000), min_size=1, max_size=5),
    policy=st.sampled_from(["per_group", "per_component", "per_line"]),
)
def test_parts_sum_to_what_was_asked_and_never_pass_the_invoice(
    nets: list[int], percent: int, parts: list[int], policy: str
) -> None:
    mirror, rate = Mirror(TaxPolicy(CENTS, policy)), Decimal(percent) / 100
    bases = [Decimal(net) / 100 for net in nets]
    taxed = sum(bases[::2], Decimal(0))
    lines = [line(str(base), "TAX" if i % 2 == 0 else "NON") for i, base in enumerate(bases)]
    whole = original(invoice(lines, [tax(STATE, str(rate), str(taxed), str(CENTS.percent(taxed, rate)))]), {}, CENTS)
    before: list[Given] = []
    for part in parts:
        rest = whole.rest(before)
        asked = min(Decimal(part) / 100, rest.total)
        if asked <= 0:
            break
        before.append(mirror.of_amount(whole, before, asked))
        assert before[-1].total == asked
        assert all(0 <= net <= left for net, left in zip(before[-1].nets, rest.nets, strict=True))
    if (left := whole.rest(before)).total > 0:
        before.append(mirror.of_amount(whole, before, left.total))
    assert whole.rest(before).total == 0
    assert set(whole.rest(before).nets) == {Decimal(0)}
