"""Random employees and pay histories: terms, raises told late, runs of both kinds, voids."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from hypothesis import strategies as st

from simharness.core.money import Money
from simharness.domain.payroll import Withholding
from simharness.domain.people import DeductionSpec

#: No pay day of a history lies in a year without tables.
FIRST = dt.date(2025, 1, 6)
SCHEDULES = ("weekly", "biweekly", "semimonthly", "monthly")
CENTRES = ("CC1", "CC2", "CC3")


@dataclass(frozen=True, slots=True)
class Terms:
    """The pay from a day: a salary a year or a wage an hour. Days count from the first period of the history."""

    after: int
    basis: str
    rate: Decimal


@dataclass(frozen=True, slots=True)
class Hired:
    """Somebody, and how their employer counts."""

    state: str
    schedule: str
    proration: str
    week_starts: int
    days_late: int
    terms: Terms
    shares: tuple[tuple[str, Decimal], ...]


@dataclass(frozen=True, slots=True)
class Transfer:
    """Other cost centres from a day on."""

    after: int
    shares: tuple[tuple[str, Decimal], ...]


@dataclass(frozen=True, slots=True)
class Hours:
    """Hours of the days from the first day of the coming period on."""

    worked: tuple[Decimal, ...]


@dataclass(frozen=True, slots=True)
class Extra:
    """A run beside the schedule; `days` pays the first days of the coming period with it, `back` makes its amount one
    that corrects the pay of so many periods ago.
    """

    code: str
    amount: Decimal
    supplemental: str
    deductions: bool
    days: int = 0
    back: int = 0


@dataclass(frozen=True, slots=True)
class Void:
    """A run is taken back, counted from the last that stands."""

    back: int


@dataclass(frozen=True, slots=True)
class End:
    """The last day of employment lies in the coming period."""

    day: int


Move = Terms | Withholding | tuple[DeductionSpec, ...] | Transfer | Hours | Extra | Void | End


@dataclass(frozen=True, slots=True)
class Turn:
    """What happens before a regular run, and what is entered for that run by hand."""

    moves: tuple[Move, ...]
    items: tuple[tuple[str, Decimal], ...]


@dataclass(frozen=True, slots=True)
class PayHistory:
    """An employee, the period of the year that the history begins with, and its turns."""

    hired: Hired
    begins: int
    turns: tuple[Turn, ...]


def cents(low: int, high: int) -> st.SearchStrategy[Decimal]:
    return st.integers(low, high).map(lambda minor: Decimal(minor).scaleb(-2))


def dollars(low: int, high: int) -> st.SearchStrategy[Money]:
    return cents(low, high).map(lambda amount: Money(amount, "USD"))


SALARIES = st.one_of(
    cents(1_500_000, 20_000_000), st.sampled_from([Decimal(n) for n in (78_000, 100_000, 260_000, 900_000, 3_000_000)])
)
TERMS = st.one_of(
    st.builds(Terms, st.integers(-60, 40), st.just("salary"), SALARIES),
    st.builds(Terms, st.integers(-60, 40), st.just("hourly"), cents(725, 30_000)),
)
#: Changes are mostly raises and cuts that a next cheque can bear.
CHANGES = st.one_of(
    st.builds(Terms, st.integers(-60, 40), st.just("salary"), cents(5_000_000, 12_000_000)),
    TERMS,
)
SHARES = st.one_of(
    st.sampled_from(CENTRES).map(lambda centre: ((centre, Decimal(1)),)),
    st.integers(1, 99).map(lambda p: (("CC1", Decimal(p) / 100), ("CC2", 1 - Decimal(p) / 100))),
    st.just((("CC3", Decimal("0.3333")), ("CC1", Decimal("0.3333")), ("CC2", Decimal("0.3334")))),
)
WITHHOLDINGS = st.builds(
    Withholding,
    filing_status=st.sampled_from(["single", "joint", "head_of_household"]),
    multiple_jobs=st.booleans(),
    credits=st.none() | dollars(0, 600_000),
    other_income=st.none() | dollars(0, 2_000_000),
    deductions=st.none() | dollars(0, 2_000_000),
    extra=st.none() | dollars(0, 10_000),
    exempt=st.sampled_from([False] * 9 + [True]),
)
PERCENTS = st.integers(1, 1_500).map(lambda n: Decimal(n) / 100)


@st.composite
def _deduction(draw: st.DrawFn, code: str) -> DeductionSpec:
    # What a court orders may also be as much as the law lets it have.
    flat, part = draw(st.sampled_from([(True, False), (False, True)] + [(False, False)] * (code == "garnishment")))
    match = draw(st.sampled_from([None, Decimal(50), Decimal(100), Decimal("33.3")]))
    garnishment = code == "garnishment"
    added = None if garnishment or match else draw(st.none() | dollars(1, 60_000))
    return DeductionSpec(
        code=code,
        name=code,
        amount=draw(dollars(1, 80_000)) if flat else None,
        percent=draw(PERCENTS) if part else None,
        annual_cap=None if garnishment else draw(st.none() | dollars(1, 1_000_000)),
        match_percent=None if garnishment else match,
        match_to_percent=draw(st.none() | PERCENTS) if match and not garnishment else None,
        employer_amount=added,
        employer_code="" if garnishment or not (match or added) else f"employer_{code}",
        owed=draw(st.none() | dollars(1, 300_000)) if garnishment else None,
    )


CODES = ("retirement_401k", "section_125", "hsa", "post_tax", "garnishment")
DEDUCTIONS = st.lists(st.sampled_from(CODES), unique=True, max_size=4).flatmap(
    lambda codes: st.tuples(*map(_deduction, codes))
)
AMOUNTS = st.one_of(cents(1, 500_000), st.sampled_from([Decimal(1_000), Decimal(150_000), Decimal(700_000)]))
EXTRAS = st.builds(
    Extra, st.sampled_from(["bonus", "commission", "bonus", "salary"]), AMOUNTS,
    st.sampled_from(["flat", "aggregate"]), st.booleans(), st.sampled_from([0, 0, 0, 3, 5]),
    st.sampled_from([0, 0, 1, 2]),
)  # fmt: skip
LONG_DAYS = [Decimal(hours) for hours in ("4", "7.25", "8", "8", "9.5", "13")]
WORKED = st.one_of(
    st.lists(st.sampled_from([Decimal(0), *LONG_DAYS]), max_size=31),
    # Days in a row, for what a whole workweek without a free day earns.
    st.lists(st.sampled_from(LONG_DAYS), min_size=7, max_size=16),
)
HOURS = st.builds(Hours, WORKED.map(tuple))
MOVES = st.one_of(
    CHANGES, WITHHOLDINGS, DEDUCTIONS, st.builds(Transfer, st.integers(0, 60), SHARES), HOURS, HOURS, EXTRAS, EXTRAS,
    st.builds(Void, st.integers(0, 3)), st.builds(End, st.integers(3, 40)),
)  # fmt: skip
ITEMS = st.lists(
    st.one_of(
        st.tuples(st.sampled_from(["bonus", "commission", "reimbursement"]), AMOUNTS),
        st.tuples(st.just("non_cash"), cents(1, 20_000)),
    ),
    max_size=2,
).map(tuple)
TURNS = st.builds(Turn, st.lists(MOVES, max_size=3).map(tuple), st.one_of(st.just(()), st.just(()), ITEMS))
PEOPLE = st.builds(
    Hired, st.sampled_from(["TX", "CA"]), st.sampled_from(SCHEDULES), st.sampled_from(["workdays", "calendar"]),
    st.sampled_from([0, 6]), st.integers(-40, 12), TERMS, SHARES,
)  # fmt: skip


def pay_histories() -> st.SearchStrategy[PayHistory]:
    """Two to eight pay periods of one employee, anywhere in 2025 and over its end into 2026."""
    return st.builds(PayHistory, PEOPLE, st.integers(0, 51), st.lists(TURNS, min_size=2, max_size=8).map(tuple))


#: What drawn histories seldom meet: a workweek in California without a free day.
NO_FREE_DAY = PayHistory(
    hired=Hired(
        state="CA",
        schedule="weekly",
        proration="workdays",
        week_starts=0,
        days_late=-7,
        terms=Terms(after=0, basis="hourly", rate=Decimal("21.35")),
        shares=(("CC1", Decimal(1)),),
    ),
    begins=0,
    turns=(Turn(moves=(Hours(worked=(Decimal("9.5"),) * 14),), items=()), Turn(moves=(), items=())),
)
