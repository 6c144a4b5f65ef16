"""What is asked for in advance, and how a final invoice takes it off: each part at the rate it was taxed with."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simharness.reference import mapping
from simharness.reference.arithmetic.mirror import Given
from simharness.reference.arithmetic.money import Cents
from simharness.reference.arithmetic.pricing import DealLine, Discount
from simharness.reference.arithmetic.tax import Rate, Treatment
from simharness.reference.errors import Rejected
from simharness.reference.invoicing import changes
from simharness.reference.invoicing.billing import CREDIT_MEMO, INVOICE, Biller, DocumentPlan
from simharness.reference.invoicing.crm import CompanyFacts, Deal
from simharness.reference.invoicing.deposits import Advance, Deposit, advances, netting
from simharness.reference.mapping import load
from simharness.reference.mapping.model import Certificate

D = Decimal
SHIPPED = Path(mapping.__file__).parent.parent / "mappings"
ESTONIA = Biller(load(SHIPPED / "ee-saas"))
US = Biller(load(SHIPPED / "us-saas"))
TALLINN = CompanyFacts(id="1", name="Tallinn", region="EE", terms="Net 14")
CENTS = Cents("EUR")
JUNE, JULY, AUGUST = (datetime(2025, month, 16, 12, tzinfo=UTC) for month in (6, 7, 8))


def line(name: str, price: str, product: str = "Visitor kiosk") -> DealLine:
    return DealLine(id=name, product=product, quantity=D(1), unit_price=D(price))


def deal(*lines: DealLine, **more: object) -> Deal:
    base = Deal(
        id="7", company_id="1", currency="EUR", won_at=JUNE, close_at=None, modified=AUGUST, discount=Discount(),
        cost_centre="", location="", entity="", lines=lines, deposit=Discount(percent=D(30)),
    )  # fmt: skip
    return replace(base, **more)  # type: ignore[arg-type]  # fields by name


def invoiced(plan: DocumentPlan, customer: CompanyFacts = TALLINN) -> Deposit:
    """What is remembered of a deposit invoice."""
    return Deposit(
        invoice_id="1", day=plan.day, lines=plan.advances, region=customer.region, certificate=customer.certificate
    )


def parts(plan: DocumentPlan) -> list[tuple[str, Decimal, str]]:
    sold = [(name, part.amount, part.code) for name, part in plan.parts]
    return sold + [("", advance.amount, advance.code) for advance in plan.advances]


def test_the_deposit_the_rest_and_a_reduction_bear_each_their_own_rate() -> None:
    order = deal(line("1", "10000"))
    asked = ESTONIA.deposit(order, TALLINN)
    assert (asked.kind, asked.reference, asked.day) == (INVOICE, "hubspot:deal:7:deposit", date(2025, 6, 16))
    assert (asked.taxes.net, asked.taxes.tax) == (D(3000), D(660))
    deposit = invoiced(asked)
    (final,) = ESTONIA.plan(
        replace(order, delivered_on=date(2025, 7, 15)), TALLINN, {}, 0, deposit=deposit, held=deposit.lines
    )
    assert final.day == date(2025, 7, 15)
    assert parts(final) == [("1", D(3000), "EE 22"), ("1", D(7000), "EE 24"), ("", D(-3000), "EE 22")]
    assert (final.taxes.net, final.taxes.tax) == (D(7000), D(1680))
    billed = changes.after({}, final.lines, up=True)
    reduced = replace(order, discount=Discount(percent=D(10)), delivered_on=date(2025, 7, 15))
    (credit,) = ESTONIA.plan(reduced, TALLINN, billed, 1, deposit=deposit)
    assert credit.kind == CREDIT_MEMO
    assert parts(credit) == [("1", D(300), "EE 22"), ("1", D(700), "EE 24")]
    assert [(each.code, each.tax) for each in credit.taxes.lines] == [("EE 22", D(66)), ("EE 24", D(168))]


def test_tax_that_is_due_at_the_sale_leaves_the_deposit_alone() -> None:
    austin = CompanyFacts(id="1", name="Monarch", region="US-TX-AUS", terms="Net 30")
    order = deal(line("1", "1000", "Badge printer"), currency="USD", won_at=datetime(2026, 1, 12, 20, tzinfo=UTC))
    asked = US.deposit(order, austin)
    assert (asked.taxes.net, asked.taxes.tax, asked.tax_code) == (D(300), D(0), "")
    (final,) = US.plan(
        replace(order, delivered_on=date(2026, 2, 9)), austin, {}, 0,
        deposit=invoiced(asked, austin), held=asked.advances,
    )  # fmt: skip
    assert (final.taxes.net, final.taxes.tax) == (D(700), D("82.50"))  # 8.25 % of all


def test_a_deposit_is_shared_by_the_rates_of_what_it_is_for() -> None:
    order = deal(line("1", "1200"), line("2", "800", "Access handbook"), deposit=Discount(amount=D(500)))
    assert [(each.code, each.amount) for each in ESTONIA.deposit(order, TALLINN).advances] == [
        ("EE 22", D(300)),
        ("EE 9", D(200)),
    ]


@pytest.mark.parametrize("amount", ["10000.01", "-1"])
def test_a_deposit_is_at_most_the_whole_and_more_than_nothing(amount: str) -> None:
    with pytest.raises(Rejected) as refused:
        ESTONIA.deposit(deal(line("1", "10000"), deposit=Discount(amount=D(amount))), TALLINN)
    assert refused.value.code == "deposit_out_of_range"


def test_a_code_whose_rate_changed_cannot_bear_both() -> None:
    books = load(SHIPPED / "ee-saas")
    old = books.taxes.codes["EE 24"].rates[0]
    rates = (
        msgspec.structs.replace(old, valid_until=date(2025, 9, 30)),
        msgspec.structs.replace(old, percent=D(25), valid_from=date(2025, 10, 1)),
    )
    codes = {**books.taxes.codes, "EE 24": msgspec.structs.replace(books.taxes.codes["EE 24"], rates=rates)}
    biller = Biller(msgspec.structs.replace(books, taxes=msgspec.structs.replace(books.taxes, codes=codes)))
    order = deal(line("1", "10000"), won_at=AUGUST)
    deposit = invoiced(biller.deposit(order, TALLINN))
    with pytest.raises(Rejected) as refused:
        biller.plan(replace(order, delivered_on=date(2025, 10, 2)), TALLINN, {}, 0, deposit=deposit, held=deposit.lines)
    assert refused.value.code == "rate_changed_within_code"


def test_a_certificate_that_ran_out_since_the_deposit_exempts_what_was_paid_under_it() -> None:
    certificate = Certificate(number="EX-1", jurisdictions=("EE",), reason="Embassy", valid_until=date(2025, 6, 30))
    embassy = msgspec.structs.replace(TALLINN, certificate=certificate)
    order = deal(line("1", "10000"))
    deposit = invoiced(ESTONIA.deposit(order, embassy), embassy)
    (final,) = ESTONIA.plan(
        replace(order, delivered_on=date(2025, 7, 15)), embassy, {}, 0, deposit=deposit, held=deposit.lines
    )
    assert parts(final) == [("1", D(3000), "Exempt"), ("1", D(7000), "EE 24"), ("", D(-3000), "Exempt")]
    assert final.taxes.tax == D(1680)
    assert final.memo == "Tax exempt: Embassy (certificate EX-1)"


AMOUNTS = st.integers(1, 10**7).map(lambda cents: D(cents).scaleb(-2))
CODES = st.sampled_from(["A", "B", "C"])


@given(st.lists(st.tuples(AMOUNTS, CODES), min_size=1, max_size=8), st.integers(1, 100))
def test_what_is_asked_for_can_be_taken_off_to_the_cent(sold: list[tuple[Decimal, str]], percent: int) -> None:
    lines = [(amount, Treatment(code, (Rate(code, D(20)),))) for amount, code in sold]
    total = sum((amount for amount, _ in sold), D(0))
    asked = CENTS.percent(total, D(percent))
    if not asked:
        return
    made = advances(asked, lines, CENTS)
    assert sum(each.amount for each in made) == asked
    amounts = {str(place): amount for place, (amount, _) in enumerate(sold)}
    codes = {str(place): code for place, (_, code) in enumerate(sold)}
    off, early = netting(made, amounts, codes, CENTS)
    assert [(-each.amount, each.code) for each in off] == [(each.amount, each.code) for each in made]
    assert sum((part for part, _ in early.values()), D(0)) == asked
    assert all(0 < part <= amounts[key] for key, (part, _) in early.items())


def test_never_more_is_taken_off_than_the_lines_of_the_code_come_to() -> None:
    held = (Advance(amount=D(500), code="A"), Advance(amount=D(100), code="B"))
    off, early = netting(held, {"1": D(300)}, {"1": "A"}, CENTS)
    assert [(each.amount, each.code) for each in off] == [(D(-300), "A")]
    assert {key: part for key, (part, _) in early.items()} == {"1": D(300)}


def test_what_was_given_back_is_not_held_any_more() -> None:
    rates = (("A", D(20)),)
    deposit = Deposit(invoice_id="1", day=date(2025, 6, 1), lines=(Advance(amount=D(120), code="A", rates=rates),))
    half = [Given(nets=(D(50),))]
    assert [each.amount for each in deposit.held(half, CENTS, included=False)] == [D(70)]
    assert [each.amount for each in deposit.held(half, CENTS, included=True)] == [D(60)]  # 50.00 and their 10.00 of tax
    assert [each.amount for each in deposit.held([*half, *half], CENTS, included=True)] == [D(0)]


def test_billing_anew_keeps_what_was_taxed_with_the_deposit() -> None:
    books = load(SHIPPED / "ee-saas")
    policies = msgspec.structs.replace(books.company.policies, deal_edits="credit_and_rebill")
    biller = Biller(msgspec.structs.replace(books, company=msgspec.structs.replace(books.company, policies=policies)))
    order = deal(line("1", "10000"), delivered_on=date(2025, 7, 15))
    deposit = invoiced(biller.deposit(order, TALLINN))
    (final,) = biller.plan(order, TALLINN, {}, 0, deposit=deposit, held=deposit.lines)
    billed = changes.after({}, final.lines, up=True)
    smaller = replace(order, lines=(line("1", "8000"),))
    credit, invoice = biller.plan(smaller, TALLINN, billed, 1, deposit=deposit)
    assert parts(credit) == [("1", D(3000), "EE 22"), ("1", D(7000), "EE 24")]
    assert parts(invoice) == [("1", D(3000), "EE 22"), ("1", D(5000), "EE 24")]
