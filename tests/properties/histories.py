"""Random histories of a company: what is sold with which discounts, and how it is paid, credited and given back."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from itertools import chain

from hypothesis import strategies as st

#: Before and after the two rates that change in the dictionaries.
DAYS = (date(2026, 1, 12), date(2026, 3, 31), date(2026, 4, 1))
NAMES = ("us-saas", "eu-saas", "eu-saas-per-line", "eu-saas-half-even", "eu-saas-inclusive")


@dataclass(frozen=True, slots=True)
class Line:
    """`product` counts into the dictionary's products; the discount is in per cent, 0 is none."""

    product: int
    quantity: Decimal
    price: Decimal
    discount: Decimal


@dataclass(frozen=True, slots=True)
class Order:
    """What one customer buys: `region` counts into the dictionary's; the discount of the whole is in per cent or, where
    `flat`, that share of the lines as an amount.
    """

    customer: int
    region: int
    day: date
    lines: tuple[Line, ...]
    discount: Decimal
    flat: bool


@dataclass(frozen=True, slots=True)
class Pay:
    """Money for an order, in per cent of what it costs (more than 100 is too much), by card or to undeposited funds."""

    order: int
    percent: int
    card: bool


@dataclass(frozen=True, slots=True)
class OnAccount:
    """Money that names no invoice."""

    customer: int
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Credit:
    """A credit memo over a share of each line, which settles what is open."""

    order: int
    percents: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class GiveBack:
    """A refund receipt over a share of each line, and the money back through the gateway."""

    order: int
    percents: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class ReturnExcess:
    """What a card payment was too much goes back through the gateway."""

    order: int


Move = Pay | OnAccount | Credit | GiveBack | ReturnExcess


@dataclass(frozen=True, slots=True)
class History:
    """Everything that happens to one company, in order."""

    orders: tuple[Order, ...]
    moves: tuple[Move, ...]


_cents = st.integers(1, 500_000).map(lambda cents: Decimal(cents).scaleb(-2))
#: Halves, quarters and eighths make many half cents; some prices have parts of a cent.
_prices = _cents | st.integers(1, 2_000_000).map(lambda parts: Decimal(parts).scaleb(-3))
_quantities = st.integers(1, 60).map(Decimal) | st.integers(1, 400).map(lambda eighths: Decimal(eighths) / 8)
_discounts = st.just(Decimal(0)) | st.integers(1, 190).map(lambda halves: Decimal(halves) / 2)
_which = st.integers(0, 6)
_percents = st.tuples(*[st.integers(0, 100)] * 4)
_parts = st.tuples(*[st.integers(0, 50)] * 4)

_lines = st.builds(Line, _which, _quantities, _prices, _discounts)
_several = st.lists(_lines, min_size=1, max_size=4).map(tuple)
#: Lines of the same amount, whose shares of a discount have the same remainder: the first takes the cent.
_alike = st.builds(
    lambda line, products: tuple(replace(line, product=product) for product in products),
    _lines, st.lists(_which, min_size=2, max_size=4),
)  # fmt: skip
_orders = st.builds(
    Order, st.integers(0, 1), _which, st.sampled_from(DAYS), _several | _alike,
    _discounts, st.booleans(),
)  # fmt: skip
_pays = st.builds(Pay, _which, st.integers(1, 140), st.booleans())
_single = st.one_of(
    _pays, _pays, st.builds(OnAccount, st.integers(0, 1), _cents), st.builds(Credit, _which, _percents),
    st.builds(GiveBack, _which, _percents), st.builds(ReturnExcess, _which),
).map(lambda move: (move,))  # fmt: skip


@st.composite
def _there_and_back(draw: st.DrawFn) -> tuple[Move, ...]:
    """A card payment of which the gateway gives something back: what was too much, or a part of the sale."""
    order, percent = draw(_which), draw(st.integers(50, 140))
    back = ReturnExcess(order) if percent > 100 else GiveBack(order, draw(_parts))
    return (Pay(order, percent, card=True), back)


_moves = st.lists(_single | _there_and_back(), min_size=1, max_size=6).map(lambda found: tuple(chain(*found)))

histories = st.builds(
    History, st.lists(_orders, min_size=1, max_size=3).map(tuple), _moves
)  # fmt: skip
