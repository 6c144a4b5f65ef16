"""From what was told to the cheques: parts of periods, retro pay, voids, cost centres."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from simharness.checks.payroll import Cheque, Ended, Laws, OffCycle, Placed, Step, TakenBack, read_laws
from simharness.checks.payroll.split import by_centre
from tests.unit.checks.payroll.people import beside, cheques, month, person, salary, tax

LAWS = read_laws()


def earned(cheque: Cheque) -> list[tuple[str, Decimal, dt.date | None]]:
    """Earnings with the first day of their service where they have their own."""
    return [(line.code, line.amount, line.service[0] if line.service else None) for line in cheque.lines
            if line.kind == "earning"]  # fmt: skip


def test_who_comes_or_goes_in_mid_period_is_paid_for_the_workdays(laws: Laws) -> None:
    # March 2025 has 21 workdays, 15 of them from Tuesday the 11th on; until Friday the 7th there are 5.
    begun = cheques(laws, person(hired=dt.date(2025, 3, 11)), salary("63000"), month(3))
    assert begun["2025-03"].gross == Decimal("3750.00")
    left = cheques(laws, person(), salary("63000"), Ended(last_day=dt.date(2025, 3, 7)), month(3), month(4))
    assert left["2025-03"].gross == Decimal("1250.00")
    assert "2025-04" not in left


def test_where_the_employer_counts_calendar_days_these_count(laws: Laws) -> None:
    who = type(person())(
        state="TX", schedule="monthly", hired=dt.date(2025, 4, 11), rates=person().rates, proration="calendar"
    )
    assert cheques(laws, who, salary("60000"), month(4))["2025-04"].gross == Decimal("3333.33")


def test_a_raise_in_mid_period_pays_each_day_at_its_rate(laws: Laws) -> None:
    told = (salary("63000"), salary("84000", dt.date(2025, 3, 11)), month(3))
    # 6 of 21 workdays at 5,250 and 15 at 7,000.
    assert cheques(laws, person(), *told)["2025-03"].gross == Decimal("6500.00")


def test_a_raise_that_is_told_late_is_made_up_for_period_by_period(laws: Laws) -> None:
    told = (salary("60000"), month(1), month(2), salary("66000", dt.date(2025, 1, 1)), month(3))
    assert earned(cheques(laws, person(), *told)["2025-03"]) == [
        ("salary", Decimal("5500.00"), None),
        ("retro", Decimal("500.00"), dt.date(2025, 1, 1)),
        ("retro", Decimal("500.00"), dt.date(2025, 2, 1)),
    ]


def test_an_earlier_correction_counts_as_already_paid(laws: Laws) -> None:
    since = dt.date(2025, 1, 1)
    told = (salary("60000"), month(1), salary("63000", since), month(2), salary("66000", since), month(3))
    paid = cheques(laws, person(), *told)
    assert earned(paid["2025-02"])[1:] == [("retro", Decimal("250.00"), dt.date(2025, 1, 1))]
    assert earned(paid["2025-03"])[1:] == [
        ("retro", Decimal("250.00"), dt.date(2025, 1, 1)),
        ("retro", Decimal("250.00"), dt.date(2025, 2, 1)),
    ]


def test_retro_pay_that_was_taken_back_is_found_missing_again(laws: Laws) -> None:
    told = (salary("60000"), month(1), salary("63000"), month(2), TakenBack(run="2025-02"), month(3))
    assert earned(cheques(laws, person(), *told)["2025-03"])[1:] == [("retro", Decimal("250.00"), dt.date(2025, 1, 1))]


def test_a_correction_paid_beside_the_schedule_counts_as_already_paid(laws: Laws) -> None:
    correction = replace(
        beside("c", dt.date(2025, 2, 10), "250", code="salary"),
        service_from=dt.date(2025, 1, 1), service_to=dt.date(2025, 1, 31),
    )  # fmt: skip
    told = (salary("60000"), month(1), correction, salary("66000", dt.date(2025, 1, 1)), month(2))
    assert earned(cheques(laws, person(), *told)["2025-02"])[1:] == [("retro", Decimal("250.00"), dt.date(2025, 1, 1))]
    # Without a change of terms nobody takes it back.
    kept = cheques(laws, person(), salary("60000"), month(1), correction, month(2))["2025-02"]
    assert earned(kept) == [("salary", Decimal("5000.00"), None)]


def test_a_correction_whose_days_are_stated_counts_for_them_whenever_it_is_paid(laws: Laws) -> None:
    january = dt.date(2025, 1, 1), dt.date(2025, 1, 31)
    correction = replace(beside("c", dt.date(2025, 3, 10), "100", code="retro"), corrects=january)
    told = (salary("60000"), month(1), month(2), correction, salary("66000", dt.date(2025, 1, 1)), month(3))
    due = earned(cheques(laws, person(), *told)["2025-03"])[1:]
    assert due == [("retro", Decimal("400.00"), january[0]), ("retro", Decimal("500.00"), dt.date(2025, 2, 1))]


def test_an_earning_of_the_companys_own_is_taxed_as_a_bonus(laws: Laws) -> None:
    who = replace(person(), kept=frozenset({"relocation"}))
    paid = cheques(laws, who, salary("60000"), month(1), beside("b", dt.date(2025, 2, 14), "1000", code="relocation"))
    assert (paid["b"].method, tax(paid["b"], "us_federal_income_tax")) == ("flat", 220)


def test_final_pay_before_the_pay_day_leaves_the_regular_run_the_rest(laws: Laws) -> None:
    # March 2025 has 21 workdays, 5 of them until the 7th; the last day is the 12th, three workdays later.
    final = OffCycle(
        run="final", service_from=dt.date(2025, 3, 1), service_to=dt.date(2025, 3, 7), cheque_on=dt.date(2025, 3, 7),
        days_of=month(3).period,
    )  # fmt: skip
    paid = cheques(laws, person(), salary("63000"), Ended(last_day=dt.date(2025, 3, 12)), final, month(3), month(4))
    assert {run: cheque.gross for run, cheque in paid.items()} == {"final": 1250, "2025-03": 750}


def test_a_last_day_cuts_its_period_and_who_was_gone_before_a_period_is_not_in_its_run(laws: Laws) -> None:
    told = (salary("63000"), month(2), month(3), Ended(last_day=dt.date(2025, 4, 7)), month(4))
    assert cheques(laws, person(), *told)["2025-04"].gross == Decimal("1193.18")  # 5 of 22 workdays
    late = (salary("63000"), month(3), Ended(last_day=dt.date(2025, 3, 24)), month(4))
    assert "2025-04" not in cheques(laws, person(), *late)


def test_two_employees_at_78000_the_second_split_60_40(laws: Laws) -> None:
    half = dt.date(2025, 1, 1)
    places = (
        Placed(from_day=half, shares=(("CC1", Decimal(1)),)),
        Placed(from_day=half, shares=(("CC1", Decimal("0.6")), ("CC2", Decimal("0.4")))),
    )
    centres = [cheques(laws, person(), salary("78000"), place, month(1))["2025-01"].centres for place in places]

    def over_both(amount: int) -> dict[str, Decimal]:
        sums: dict[str, Decimal] = {}
        for weights in centres:
            for centre, part in by_centre(Decimal(amount), weights):
                sums[centre] = sums.get(centre, Decimal(0)) + part
        return sums

    salaries, deductions = over_both(78_000), over_both(200)
    assert salaries == {"CC1": 124_800, "CC2": 31_200}
    assert deductions == {"CC1": 320, "CC2": 80}
    assert sum(salaries.values()) - sum(deductions.values()) == 155_600


def test_a_transfer_in_mid_period_divides_the_cost_by_what_the_days_earned(laws: Laws) -> None:
    told = (
        Placed(from_day=dt.date(2024, 1, 1), shares=(("CC1", Decimal(1)),)),
        Placed(from_day=dt.date(2025, 3, 11), shares=(("CC2", Decimal("0.5")), ("CC3", Decimal("0.5")))),
        salary("63000"),
        month(3),
    )
    # 6 of 21 workdays before: 1,500; 3,750 after, in halves.
    centres = cheques(laws, person(), *told)["2025-03"].centres
    assert by_centre(Decimal(5250), centres) == (("CC1", 1500), ("CC2", 1875), ("CC3", 1875))


RATES = st.integers(2_400, 40_000).map(lambda tens: str(tens * 10))
DAYS = st.dates(dt.date(2024, 12, 1), dt.date(2025, 6, 30))


@given(st.lists(st.tuples(st.integers(0, 5), RATES, DAYS), max_size=5))
def test_after_each_run_every_period_is_paid_as_if_all_had_been_known(changes: list[tuple[int, str, dt.date]]) -> None:
    told = [salary("60000")]
    steps: list[Step] = [*told]
    for number in range(1, 7):
        raises = [salary(rate, day) for at, rate, day in changes if at == number - 1]
        steps += [*raises, month(number)]
        told += raises
    paid = cheques(LAWS, person(), *steps)
    knowing = cheques(LAWS, person(), *told, *map(month, range(1, 7)))
    for number in range(1, 7):
        first = dt.date(2025, number, 1)
        by_run = sum(
            li.amount for cheque in paid.values() for li in cheque.lines if li.service and li.service[0] == first
        )
        own = paid[f"2025-{number:02}"].total("earning", "salary")
        assert own + by_run == knowing[f"2025-{number:02}"].total("earning", "salary")


@given(st.integers(0, 11), st.integers(1, 30_000_000), st.sampled_from(["flat", "aggregate"]), RATES)
def test_a_void_leaves_the_rest_of_the_year_as_if_it_had_never_been(
    after: int, minor: int, how: str, rate: str
) -> None:
    months = [month(number) for number in range(1, 13)]
    day = dt.date(2025, max(after, 1), 15)
    bonus = beside("b", day, str(Decimal(minor) / 100), supplemental=how)
    with_it = cheques(LAWS, person(), salary(rate), *months[:after], bonus, TakenBack(run="b"), *months[after:])
    without = cheques(LAWS, person(), salary(rate), *months)
    assert {run: cheque.lines for run, cheque in with_it.items() if run != "b"} == {
        run: cheque.lines for run, cheque in without.items()
    }


@given(st.lists(st.integers(0, 900_000), min_size=1, max_size=4), st.data())
def test_parts_over_cost_centres_sum_to_the_amount_and_mirror_its_negative(
    weights: list[int], data: st.DataObject
) -> None:
    amount = Decimal(data.draw(st.integers(0, 10_000_000))).scaleb(-2)
    centres = tuple((f"CC{number}", Fraction(w + 1, 7)) for number, w in enumerate(weights))
    parts = by_centre(amount, centres)
    assert sum(part for _, part in parts) == amount
    assert by_centre(-amount, centres) == tuple((centre, -part) for centre, part in parts)
