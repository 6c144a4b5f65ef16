"""What days earn: shares of a period, hours and overtime, and whose cost they are. Every figure is worked by hand."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simharness.core.money import Money
from simharness.domain.payroll import CostSplit, PayCheque
from simharness_fakes.payroll import overtime, splits
from simharness_fakes.payroll.authority import DailyOvertime
from simharness_fakes.payroll.earnings import PayItem, Rules
from simharness_fakes.payroll.employees import PayTerm
from simharness_fakes.payroll.refusals import BadValue, SplitsDoNotSum
from simharness_fakes.payroll.rounding import allocate
from tests.fakes.payroll.company import D, amount, company, component, earning, on, only, usd

JAN, FEB, MAR = date(2025, 1, 31), date(2025, 2, 28), date(2025, 3, 31)
CALIFORNIA = DailyOvertime(over=D(8), double_over=D(12))


def week(*hours: str, monday: date = date(2025, 1, 6)) -> dict[date, str]:
    return {monday + timedelta(days=day): count for day, count in enumerate(hours)}


# --- salary -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("frequency", "gross"),
    [("weekly", "1153.85"), ("biweekly", "2307.69"), ("semimonthly", "2500"), ("monthly", "5000")],
)
def test_a_salary_is_divided_by_the_periods_of_a_year(frequency: str, gross: str) -> None:
    c = company(frequency)
    c.hire("60000")
    assert only(c.regular()).pay.gross == usd(gross)


def test_who_is_hired_in_mid_period_gets_the_share_of_the_workdays() -> None:
    # From Monday 13 January there are 15 of January's 23 workdays: 5,000 × 15 ÷ 23 = 3,260.869...
    c = company()
    c.hire("60000", hired=date(2025, 1, 13))
    assert only(c.regular(JAN)).pay.gross == usd("3260.87")


def test_by_calendar_days_where_the_company_declares_it() -> None:
    # From the 13th there are 19 of 31 days: 3,064.516...
    c = company(rules=Rules(proration="calendar"))
    c.hire("60000", hired=date(2025, 1, 13))
    assert only(c.regular(JAN)).pay.gross == usd("3064.52")


def test_who_leaves_is_paid_to_the_last_day_and_not_after() -> None:
    # To Friday 14 February: 10 of 20 workdays.
    c = company()
    employee = c.hire("60000")
    c.regular(JAN)
    c.office.end_employment(employee, date(2025, 2, 14))
    assert only(c.regular(FEB)).pay.gross == usd(2500)
    assert c.regular(MAR).cheques == ()


def test_a_final_pay_beside_the_schedule_is_not_paid_again() -> None:
    c = company()
    employee = c.hire("60000")
    c.office.end_employment(employee, date(2025, 1, 15))
    c.today = date(2025, 1, 13)
    final = c.office.draft_off_cycle(
        on(c.today), cheque_on=date(2025, 1, 15), employees=(employee,), reason="dismissal", with_base=True,
        service=(date(2025, 1, 1), date(2025, 1, 15)),
    )  # fmt: skip
    c.office.calculate(final.id, on(c.today))
    # 11 of 23 workdays: 2,391.304...
    assert only(c.office.process(final.id, on(c.today))).pay.gross == usd("2391.30")
    assert c.regular(JAN).cheques == ()


def test_a_raise_in_mid_period_holds_from_its_day() -> None:
    # 12 workdays to the 16th at 5,000 a month, 11 from the 17th at 5,500: (60,000 × 12 + 66,000 × 11) ÷ (12 × 23).
    c = company()
    employee = c.hire("60000")
    c.office.change_pay(employee, PayTerm(from_day=date(2025, 1, 17), basis="salary", rate=usd(66000)))
    assert only(c.regular(JAN)).pay.gross == usd("5239.13")


# --- hours ------------------------------------------------------------------------------------------------------------


def test_more_than_forty_hours_in_a_week_are_paid_half_more() -> None:
    # Five days of 9 hours at 20: 40 straight are 800, 5 × 30 are 150.
    c = company("weekly")
    c.hourly("20", week("9", "9", "9", "9", "9", monday=date(2024, 12, 30)))
    cheque = only(c.regular(date(2025, 1, 3)))
    assert (amount(cheque, "hourly"), amount(cheque, "overtime")) == (800, 150)
    assert [line.hours for line in cheque.pay.components if line.kind == "earning"] == [40, 5]


def test_california_pays_by_the_day_and_counts_no_hour_twice() -> None:
    # 13, 9, 8, 8, 8: the first day is 8 + 4 half more + 1 double, the second 8 + 1 half more. Straight are 40 by then,
    # so six hours of Saturday are half more though no day limit is passed.
    split = overtime.worked(
        {day: D(count) for day, count in week("13", "9", "8", "8", "8", "6").items()},
        date(2025, 1, 6), date(2025, 1, 12), CALIFORNIA, 0,
    )  # fmt: skip
    assert [(each.straight, each.half_more, each.double) for each in split] == [
        (8, 4, 1), (8, 1, 0), (8, 0, 0), (8, 0, 0), (8, 0, 0), (0, 6, 0),
    ]  # fmt: skip


def test_california_pays_a_long_day_although_the_week_is_short() -> None:
    # 13 hours at 20 on one day: 160 straight, 4 × 30 = 120, 1 × 40.
    c = company("weekly", left_out=("us_ca_income_tax",))
    c.hourly("20", {date(2024, 12, 30): "13"}, state="CA")
    cheque = only(c.regular(date(2025, 1, 3)))
    assert [amount(cheque, code) for code in ("hourly", "overtime", "double_overtime")] == [160, 120, 40]


def test_a_workweek_over_two_periods_counts_as_one_week() -> None:
    # The week of Monday 13 January: 27 hours fall to the 15th, 18 after it; the fortieth is worked on Friday.
    c = company("semimonthly")
    c.hourly("20", week("9", "9", "9", "9", "9", monday=date(2025, 1, 13)))
    first, second = only(c.regular()), only(c.regular())
    assert (amount(first, "hourly"), amount(first, "overtime")) == (540, 0)
    assert (amount(second, "hourly"), amount(second, "overtime")) == (260, 150)


def test_hours_that_were_entered_for_a_run_replace_the_time_sheet_of_their_kind() -> None:
    c = company("weekly")
    employee = c.hourly("20", {date(2024, 12, 30): "8"})
    items = (
        PayItem(employee=employee, code="hourly", hours=D(32)),
        PayItem(employee=employee, code="overtime", hours=D("1.5")),
        PayItem(employee=employee, code="pto", hours=D(8)),
    )
    cheque = only(c.regular(date(2025, 1, 3), items))
    assert [amount(cheque, code) for code in ("hourly", "overtime", "pto")] == [640, 45, 160]


def test_hours_of_somebody_with_a_salary_are_refused() -> None:
    c = company()
    employee = c.hire("60000")
    with pytest.raises(BadValue, match="not paid by the hour"):
        c.calculated(JAN, (PayItem(employee=employee, code="hourly", hours=D(1)),))


@given(st.lists(st.decimals(0, 24, places=2), min_size=14, max_size=14), st.booleans())
def test_no_hour_is_lost_or_paid_twice(hours: list[D], california: bool) -> None:
    sheet = {date(2025, 1, 6) + timedelta(days=day): count for day, count in enumerate(hours)}
    split = overtime.worked(sheet, date(2025, 1, 6), date(2025, 1, 19), CALIFORNIA if california else None, 0)
    assert sum(each.straight + each.half_more + each.double for each in split) == sum(hours)
    for monday in (date(2025, 1, 6), date(2025, 1, 13)):
        assert sum(each.straight for each in split if overtime.week_start(each.day, 0) == monday) <= 40
    assert all(min(each.straight, each.half_more, each.double) >= 0 for each in split)
    assert not california or all(each.straight <= 8 and each.straight + each.half_more <= 12 for each in split)


# --- whose cost -------------------------------------------------------------------------------------------------------


def test_two_employees_with_one_split_between_two_cost_centres() -> None:
    # The worked case: 78,000 each with 200 deducted, the second 60/40.
    def cheque(employee: str, *shares: tuple[str, str]) -> PayCheque:
        return PayCheque(
            id=employee, employee=employee, gross=usd(78000), net=usd(77800),
            components=(earning("salary", "78000"), component("deduction", "post_tax", "200")),
            splits=tuple(CostSplit(cost_centre=centre, share=D(share)) for centre, share in shares),
        )  # fmt: skip

    sums: dict[tuple[str, str], Money] = {}
    for each in (cheque("a", ("CC1", "1")), cheque("b", ("CC1", "0.6"), ("CC2", "0.4"))):
        for line in each.components:
            for centre, part in splits.by_centre(each, line):
                sums[(line.kind, centre)] = sums.get((line.kind, centre), usd(0)) + part
    assert sums == {
        ("earning", "CC1"): usd(124800), ("earning", "CC2"): usd(31200),
        ("deduction", "CC1"): usd(320), ("deduction", "CC2"): usd(80),
    }  # fmt: skip
    assert sums[("earning", "CC1")] + sums[("earning", "CC2")] - usd(400) == usd(155600)


def test_a_transfer_in_mid_period_shares_the_month_by_its_workdays() -> None:
    # 20 February workdays, 12 to Tuesday the 18th: 3,000 to sales and 2,000 to support.
    c = company()
    employee = c.hire("60000")
    support = c.office.add_department("Support", "CC2").id
    c.office.transfer(employee, support, date(2025, 2, 19))
    cheque = only(c.regular(FEB))
    assert [(each.cost_centre, each.share, each.service_from, each.service_to) for each in cheque.pay.splits] == [
        ("CC1", D("0.6"), date(2025, 2, 1), date(2025, 2, 18)),
        ("CC2", D("0.4"), date(2025, 2, 19), date(2025, 2, 28)),
    ]
    assert splits.by_centre(cheque.pay, cheque.pay.components[0]) == (("CC1", usd(3000)), ("CC2", usd(2000)))
    assert cheque.pay.department == support


def test_a_cost_centre_of_two_parts_of_the_period_has_one_share_and_the_first_of_equals_the_cent() -> None:
    # Of April's 22 workdays 7 are in CC1, 7 in CC2 and 8 in halves of both: each bears a half. Of 72.51 the cent
    # that is left goes to the first that the cheque names.
    c = company()
    employee = c.hire("60000", splits=(("CC1", D(1)),))
    days = (date(2025, 4, 10), date(2025, 4, 21))
    c.office.transfer(employee, c.department, days[0], (("CC2", D(1)),))
    c.office.transfer(employee, c.department, days[1], (("CC2", D("0.5")), ("CC1", D("0.5"))))
    c.today = date(2025, 4, 1)
    cheque = only(c.regular(date(2025, 4, 30))).pay
    assert len(cheque.splits) == 4
    assert splits.by_centre(cheque, earning("bonus", "72.51")) == (("CC1", usd("36.26")), ("CC2", usd("36.25")))


def test_hours_that_say_no_day_are_shared_by_the_workdays_of_each_place() -> None:
    # A month of 160 hours entered at once; 12 of February's 20 workdays are in sales, 8 in support.
    c = company()
    employee = c.hire("20", basis="hourly")
    c.office.transfer(employee, c.office.add_department("Support", "CC2").id, date(2025, 2, 19))
    cheque = only(c.regular(FEB, (PayItem(employee=employee, code="hourly", hours=D(160)),)))
    assert splits.by_centre(cheque.pay, cheque.pay.components[0]) == (("CC1", usd(1920)), ("CC2", usd(1280)))


def test_an_item_with_a_cost_centre_of_its_own_follows_it() -> None:
    c = company()
    employee = c.hire("60000", splits=(("CC1", D("0.5")), ("CC2", D("0.5"))))
    run = c.regular(JAN, (PayItem(employee=employee, code="bonus", amount=usd(100), cost_centre="CC9"),))
    cheque = only(run).pay
    assert splits.by_centre(cheque, cheque.components[0]) == (("CC1", usd(2500)), ("CC2", usd(2500)))
    assert splits.by_centre(cheque, cheque.components[1]) == (("CC9", usd(100)),)


def test_shares_that_are_not_one_together_are_refused() -> None:
    with pytest.raises(SplitsDoNotSum, match=r"0\.99"):
        company().hire("60000", splits=(("CC1", D("0.5")), ("CC2", D("0.49"))))


def test_a_cent_that_is_left_goes_to_the_largest_remainder_and_to_the_first_of_equals() -> None:
    assert allocate(D("0.05"), [D("0.5"), D("0.3"), D("0.2")]) == (D("0.03"), D("0.01"), D("0.01"))
    assert allocate(D("0.01"), [D("0.5"), D("0.5")]) == (D("0.01"), D("0.00"))


@given(
    st.decimals(-(10**7), 10**7, places=2),
    st.lists(st.integers(1, 50), min_size=1, max_size=8),
)
def test_parts_sum_to_the_whole_and_mirror_for_its_negative(total: D, weights: list[int]) -> None:
    shares = [D(weight) / sum(weights) for weight in weights]
    shares[0] += 1 - sum(shares)
    parts = allocate(total, shares)
    assert sum(parts) == total
    assert allocate(-total, shares) == tuple(-part for part in parts)
    assert all(abs(part - total * share) < D("0.01") for part, share in zip(parts, shares, strict=True))
