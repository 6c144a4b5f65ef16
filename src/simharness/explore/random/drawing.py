"""What random stories are drawn from: awkward amounts, fractions of things, days, and plans of faults.

Of every choice the plainest comes first, since that is where a story that breaks something is shrunk to.
"""

from __future__ import annotations

from decimal import Decimal

from hypothesis import strategies as st

from simharness.core.money import Money, exponent
from simharness.domain.fault import Fault, Plan, Trigger
from simharness.domain.fault_kinds import KINDS, Place
from simharness.explore.random.company import Company
from simharness.stories.vocabulary.crm import Line
from simharness.stories.words import Percent

#: Prices in minor units: round ones, and those of which shares, discounts and taxes end in half a cent.
_AWKWARD = (10_000, 100, 1, 5, 999, 1_995, 3_333, 12_345, 49_999, 100_001)
_MOST_OF_A_PRICE = 500_000
#: The calls of a story at which a fault strikes: most stories make more than so many.
_LATEST_CALL = 60

#: Days between two acts: mostly none, or a few; sometimes over the end of a month or a quarter.
DAYS = st.sampled_from((0, 0, 0, 1, 2, 5, 9, 20, 31))
#: How much of what is open somebody pays, in hundredths: all, parts, and more than that.
SHARES = st.sampled_from((100, 50, 33, 1, 67, 99, 101, 107, 150))
#: How much of something is given back, in hundredths.
PARTS = st.sampled_from((100, 50, 10, 33, 99))
_quantities = (
    st.sampled_from((1, 2, 3)).map(Decimal)
    | st.integers(1, 60).map(Decimal)
    | st.integers(1, 200).map(lambda eighths: Decimal(eighths) / 8)
)
DISCOUNTS = st.none() | st.integers(1, 190).map(lambda halves: Percent(value=Decimal(halves) / 2))


def prices(currency: str) -> st.SearchStrategy[Money]:
    """Prices of one thing; in a currency of two decimals sometimes with a part of a cent."""
    places = exponent(currency)
    coins = st.sampled_from(_AWKWARD) | st.integers(1, _MOST_OF_A_PRICE)
    found = coins.map(lambda minor: Money.from_minor(minor, currency))
    if places != 2:
        return found
    finer = st.integers(1, 10 * _MOST_OF_A_PRICE).map(lambda parts: Money(Decimal(parts).scaleb(-3), currency))
    return found | finer


def lines(company: Company, currency: str) -> st.SearchStrategy[tuple[Line, ...]]:
    """One to three lines of what a company sells; sometimes several of one amount, whose shares end alike."""
    one = st.builds(
        Line,
        product=st.sampled_from(company.products),
        quantity=_quantities,
        unit_price=prices(currency),
        discount=DISCOUNTS,
        cost_centre=st.none() | st.sampled_from(company.cost_centres),
    )
    return st.lists(one, min_size=1, max_size=3).map(tuple)


def able_kinds(kinds: tuple[str, ...] | None) -> tuple[str, ...]:
    """The kinds, of those named or of all, that can strike a call and after which success is possible."""
    return tuple(
        kind.name
        for kind in KINDS.values()
        if kind.survivable and kind.place is not Place.DELIVERY and (kinds is None or kind.name in kinds)
    )


def plans(kinds: tuple[str, ...]) -> st.SearchStrategy[Plan]:
    """Plans of one fault or two, of some kinds, at random calls."""
    fault = st.builds(
        Fault,
        kind=st.sampled_from(kinds),
        trigger=st.integers(1, _LATEST_CALL).map(lambda nth: Trigger(nth=nth)),
    )
    return st.lists(fault, min_size=1, max_size=2).map(lambda faults: Plan(faults=tuple(faults)))
