"""Laws of line amounts and discounts."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simharness.reference.arithmetic.money import Cents
from simharness.reference.arithmetic.pricing import DealLine, Discount, price
from simharness.reference.errors import Rejected

D = Decimal
USD = Cents("USD")


def line(quantity: str, unit_price: str, discount: Discount | None = None, name: str = "1") -> DealLine:
    return DealLine(
        id=name,
        product="Badge printer",
        quantity=D(quantity),
        unit_price=D(unit_price),
        discount=discount or Discount(),
    )


def test_a_percentage_is_taken_of_the_rounded_list_amount() -> None:
    # 3 x 33.335 = 100.005 -> 100.01; 12.5 % of 100.01 = 12.50125 -> 12.50
    (priced,) = price([line("3", "33.335", Discount(percent=D("12.5")))], Discount(), USD)
    assert (priced.list_amount, priced.line_discount, priced.amount) == (D("100.01"), D("12.50"), D("87.51"))


def test_a_discount_a_unit_counts_for_every_unit() -> None:
    (priced,) = price([line("8", "219.95", Discount(per_unit=D("10")))], Discount(), USD)
    assert (priced.list_amount, priced.line_discount) == (D("1759.60"), D("80.00"))


def test_san_francisco_document_discount() -> None:
    lines = [line("8", "219.95", name="1"), line("1", "2000", name="2")]
    goods, service = price(lines, Discount(percent=D(5)), USD)
    assert goods.document_discount + service.document_discount == D("187.98")
    assert (goods.amount, service.amount) == (D("1671.62"), D("1900.00"))


def test_a_discount_of_nothing_is_rejected() -> None:
    with pytest.raises(Rejected) as caught:
        price([line("1", "10", Discount(percent=D(100)))], Discount(amount=D(5)), USD)
    assert caught.value.code == "discount_without_base"


DISCOUNTS = st.one_of(
    st.just(Discount()),
    st.integers(0, 100).map(lambda p: Discount(percent=D(p))),
    st.integers(0, 500).map(lambda c: Discount(amount=D(c) / 100)),
)
LINES = st.lists(
    st.builds(
        lambda quantity, cents, discount: line(str(D(quantity) / 1000), str(D(cents) / 100), discount),
        st.integers(1000, 10**6),
        st.integers(1000, 10**6),
        DISCOUNTS,
    ),
    min_size=1,
    max_size=60,
)


@given(LINES, st.integers(0, 99))
def test_the_document_discount_is_what_was_declared(lines: list[DealLine], percent: int) -> None:
    plain = price(lines, Discount(), USD)
    discounted = price(lines, Discount(percent=D(percent)), USD)
    before, after = sum(p.amount for p in plain), sum(p.amount for p in discounted)
    assert before - after == USD.percent(D(before), D(percent))
    assert [p.list_amount for p in plain] == [p.list_amount for p in discounted]
