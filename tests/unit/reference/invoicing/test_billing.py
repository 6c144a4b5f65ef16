"""What is billed, and when: laws of first billing and of later edits."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simharness.reference import mapping
from simharness.reference.arithmetic.pricing import DealLine, Discount
from simharness.reference.errors import Rejected
from simharness.reference.invoicing import billing, changes
from simharness.reference.invoicing.billing import CREDIT_MEMO, INVOICE, BilledLine, Biller, DocumentPlan
from simharness.reference.invoicing.crm import CompanyFacts, Deal
from simharness.reference.mapping import load
from simharness.reference.mapping.model import Certificate, Mapping

D = Decimal
SHIPPED = Path(mapping.__file__).parent.parent / "mappings"
US = load(SHIPPED / "us-saas")
GLOBEX = CompanyFacts(id="1", name="Globex", region="US-CA-SF", terms="Net 30")


def line(name: str, quantity: str, unit_price: str, product: str = "Badge printer", **more: Discount) -> DealLine:
    return DealLine(id=name, product=product, quantity=D(quantity), unit_price=D(unit_price), **more)


def deal(*lines: DealLine, won_at: datetime | None = None, **more: object) -> Deal:
    base = Deal(
        id="7",
        company_id="1",
        currency="USD",
        won_at=won_at or datetime(2026, 1, 12, 20, tzinfo=UTC),
        close_at=None,
        modified=datetime(2026, 2, 3, 20, tzinfo=UTC),
        discount=Discount(),
        cost_centre="",
        location="",
        entity="",
        lines=lines,
    )
    return replace(base, **more)  # type: ignore[arg-type]  # fields by name


def policy(**changes: object) -> Mapping:
    policies = msgspec.structs.replace(US.company.policies, **changes)
    return msgspec.structs.replace(US, company=msgspec.structs.replace(US.company, policies=policies))


def billed_after(plans: tuple[DocumentPlan, ...], before: dict[str, BilledLine]) -> dict[str, BilledLine]:
    for plan in plans:
        before = changes.after(before, plan.lines, up=plan.kind == billing.INVOICE)
    return before


def test_the_first_invoice_covers_every_line_on_the_local_day_of_winning() -> None:
    # 04:00 UTC on 1 February is still 31 January in Los Angeles
    won = deal(line("11", "2", "250"), line("12", "1", "300", "Onboarding service"))
    (plan,) = Biller(US).plan(replace(won, won_at=datetime(2026, 2, 1, 4, tzinfo=UTC)), GLOBEX, {}, 0)
    assert (plan.kind, plan.version, plan.day, plan.due) == (INVOICE, 1, date(2026, 1, 31), date(2026, 3, 2))
    assert plan.reference == "hubspot:deal:7:v1 lines:11,12"
    assert (plan.taxes.net, plan.taxes.tax) == (D(800), D("36.25") + D("6.88"))  # 500 x 7.25 %, x 1.375 % = 6.875


def test_what_went_up_is_billed_and_what_went_down_is_credited_at_its_own_rate() -> None:
    biller = Biller(US)
    seattle = msgspec.structs.replace(GLOBEX, region="US-WA-SEA")
    before = deal(
        line("1", "4", "250"), line("2", "1", "100"), line("3", "1", "50"), won_at=datetime(2026, 3, 20, 20, tzinfo=UTC)
    )
    billed = billed_after(biller.plan(before, seattle, {}, 0), {})
    edited = replace(
        before,
        lines=(line("1", "3", "250"), line("2", "2", "100"), line("4", "1", "80")),
        modified=datetime(2026, 4, 10, 20, tzinfo=UTC),
    )
    credit, invoice = biller.plan(edited, seattle, billed, 1)
    assert (credit.kind, credit.version, credit.day) == (CREDIT_MEMO, 2, date(2026, 4, 10))
    assert [(name, each.amount) for name, each in credit.lines] == [("1", D(250)), ("3", D(50))]
    assert credit.taxes.tax == D("31.05")  # 300 x 6.5 % = 19.50, x 3.85 % = 11.55: March's rates
    assert (invoice.kind, invoice.version) == (INVOICE, 2)
    assert [(name, each.amount) for name, each in invoice.lines] == [("2", D(100)), ("4", D(80))]
    assert invoice.taxes.tax == D("18.99")  # 180 x 6.5 % = 11.70, x 4.05 % = 7.29: April's
    # Each may be refused by itself, so each has a source of its own; the documents name deal and version.
    assert (credit.source, invoice.source) == ("hubspot:deal:7:v2", "hubspot:deal:7:v2:invoice")
    assert (credit.reference, invoice.reference) == ("hubspot:deal:7:v2 lines:1,3", "hubspot:deal:7:v2 lines:2,4")


AMOUNTS = st.integers(1, 10**6).map(lambda cents: D(cents).scaleb(-2))
EDITS = st.lists(
    st.tuples(
        st.dictionaries(st.sampled_from(["1", "2", "3", "4"]), st.tuples(st.integers(1, 40), AMOUNTS), min_size=1),
        st.integers(0, 60),
    ),
    min_size=1,
    max_size=6,
)


@given(EDITS, st.sampled_from(["delta", "credit_and_rebill"]))
def test_after_any_edits_each_line_is_billed_as_the_deal_says(
    edits: list[tuple[dict[str, tuple[int, Decimal]], int]], edit_policy: str
) -> None:
    biller = Biller(policy(deal_edits=edit_policy))
    billed: dict[str, BilledLine] = {}
    version = 0
    for lines, percent in edits:
        now = deal(
            *(line(name, str(quantity), str(price)) for name, (quantity, price) in sorted(lines.items())),
            discount=Discount(percent=D(percent)),
        )
        plans = biller.plan(now, GLOBEX, billed, version)
        assert all(each.amount > 0 for plan in plans for _, each in plan.lines) or version == 0
        billed = billed_after(plans, billed)
        version = max([version, *(plan.version for plan in plans)])
        wanted = {name: each.amount for name, each in biller.plan(now, GLOBEX, {}, 0)[0].lines}
        assert {name: each.amount for name, each in billed.items() if each.amount} == {
            name: amount for name, amount in wanted.items() if amount
        }
        assert biller.plan(now, GLOBEX, billed, version) == (), "the same deal again bills nothing"


def test_an_edit_is_refused_where_the_books_refuse_edits() -> None:
    biller = Biller(policy(deal_edits="refuse"))
    billed = billed_after(biller.plan(deal(line("1", "1", "10")), GLOBEX, {}, 0), {})
    assert biller.plan(deal(line("1", "1", "10")), GLOBEX, billed, 1) == ()
    with pytest.raises(Rejected) as caught:
        biller.plan(deal(line("1", "2", "10")), GLOBEX, billed, 1)
    assert caught.value.code == "edited_after_billing"


@pytest.mark.parametrize(
    ("won_at", "concerned"),
    [(datetime(2026, 1, 1, 8, tzinfo=UTC), True), (datetime(2026, 1, 1, 7, 59, tzinfo=UTC), False)],
)
def test_deals_won_before_the_local_cut_over_day_are_not_billed(won_at: datetime, concerned: bool) -> None:
    assert Biller(US).concerns(deal(line("1", "1", "10"), won_at=won_at)) is concerned


def test_a_deal_of_another_entity_is_not_billed() -> None:
    assert not Biller(US).concerns(deal(line("1", "1", "10"), entity="Acme GmbH"))


@pytest.mark.parametrize(
    ("now", "customer", "code"),
    [
        (deal(), GLOBEX, "no_lines"),
        (deal(line("1", "1", "10"), currency="EUR"), GLOBEX, "currency_not_kept"),
        (deal(line("1", "1", "10", "Time machine")), GLOBEX, "unknown_product"),
        (deal(line("1", "1", "10")), msgspec.structs.replace(GLOBEX, region=""), "unknown_region"),
        (deal(line("1", "1", "10")), msgspec.structs.replace(GLOBEX, region="US-XX"), "unknown_region"),
        (deal(line("1", "1", "10")), msgspec.structs.replace(GLOBEX, terms="Net 7"), "unknown_terms"),
        (deal(line("1", "-1", "10")), GLOBEX, "negative_total"),
    ],
)
def test_what_cannot_be_billed_is_rejected_by_a_stable_code(now: Deal, customer: CompanyFacts, code: str) -> None:
    with pytest.raises(Rejected) as caught:
        Biller(US).plan(now, customer, {}, 0)
    assert caught.value.code == code


def test_an_exempt_customer_pays_no_tax_and_the_document_says_why() -> None:
    certificate = Certificate(number="R-1", jurisdictions=("US-NY",), reason="Resale")
    customer = msgspec.structs.replace(GLOBEX, region="US-NY-NYC", certificate=certificate)
    (plan,) = Biller(US).plan(deal(line("1", "1", "10"), line("2", "1", "5", "Hearing loop kit")), customer, {}, 0)
    assert plan.taxes.tax == 0
    assert plan.memo == "Tax exempt: Assistive device; Resale (certificate R-1)"


def test_a_deal_that_cannot_be_billed_still_tells_what_it_is_worth() -> None:
    biller = Biller(US)
    lines = (line("1", "2", "250"), line("2", "1", "121", "Flux capacitor"))
    assert biller.worth(deal(*lines, discount=Discount(percent=D(10)))) == D("558.90")  # 621.00 - 62.10
    assert biller.worth(deal(*lines, currency="EUR")) is None
    assert Biller(policy(currencies=("EUR",))).worth(deal(*lines, currency="EUR")) == D("621.00")


def test_a_currency_that_is_kept_is_billed_to_its_smallest_coin() -> None:
    several = policy(currencies=("EUR", "JPY", "KWD"))
    oregon = msgspec.structs.replace(GLOBEX, region="US-OR")
    for currency, amount in (("EUR", "3.33"), ("JPY", "3"), ("KWD", "3.333")):
        (plan,) = Biller(several).plan(deal(line("1", "1", "3.3333"), currency=currency), oregon, {}, 0)
        assert (plan.currency, plan.taxes.total) == (currency, D(amount))
