"""The life of a run: what it may become, what it may not, and that what is taken back leaves nothing behind."""

from __future__ import annotations

from datetime import date

import pytest

from simharness.domain.payroll import PayCheque
from simharness_fakes.payroll import register
from simharness_fakes.payroll.earnings import EarningType, PayItem
from simharness_fakes.payroll.employees import PayTerm
from simharness_fakes.payroll.refusals import (
    AlreadyReversed,
    BadValue,
    DoesNotAddUp,
    NotFound,
    Outdated,
    PastDeadline,
    PeriodTaken,
    Refusal,
    StaleVersion,
    UnknownEarning,
    WrongStatus,
)
from tests.fakes.payroll.company import (
    Company,
    D,
    amount,
    company,
    component,
    counter,
    earning,
    on,
    only,
    tax,
    usd,
)

JAN, FEB, MAR = date(2025, 1, 31), date(2025, 2, 28), date(2025, 3, 31)


def raise_to(c: Company, employee: str, rate: str, day: date) -> None:
    c.office.change_pay(employee, PayTerm(from_day=day, basis="salary", rate=usd(rate)))


# --- life -------------------------------------------------------------------------------------------------------------


def test_three_dates_stand_on_every_run_and_every_line_of_its_register() -> None:
    # Paid on Friday 31 January: collected two business days before.
    c = company()
    c.hire("60000")
    run = c.regular(JAN)
    assert (run.service_from, run.service_to, run.debit_on, run.cheque_on) == (
        date(2025, 1, 1), JAN, date(2025, 1, 29), JAN,
    )  # fmt: skip
    for line in register.lines(run.canonical()):
        assert (line.service_from, line.debit_on, line.cheque_on) == (date(2025, 1, 1), date(2025, 1, 29), JAN)


def test_a_run_is_approved_once_whoever_does_it() -> None:
    c = company()
    employee = c.hire("60000")
    run = c.calculated(JAN)
    c.office.process(run.id, on(c.today))
    with pytest.raises(WrongStatus, match="is processed"):
        c.office.process(run.id, on(c.today))
    assert c.ytd(employee, "gross") == 5000


def test_a_draft_is_not_approved_and_a_change_makes_it_a_draft_again() -> None:
    c = company()
    employee = c.hire("60000")
    draft = c.office.draft_regular(on(c.today), schedule=c.schedule)
    with pytest.raises(WrongStatus, match="is draft"):
        c.office.process(draft.id, on(c.today))
    run = c.office.calculate(draft.id, on(c.today))
    changed = c.office.change_run(run.id, str(run.version), items=(_bonus(employee),))
    assert (changed.status, changed.cheques) == ("draft", ())
    with pytest.raises(WrongStatus):
        c.office.process(run.id, on(c.today))


def test_a_stale_version_is_refused_and_an_empty_change_makes_no_new_one() -> None:
    c = company()
    employee = c.hire("60000")
    run = c.office.draft_regular(on(c.today), schedule=c.schedule)
    assert c.office.change_run(run.id, "1", items=()).version == 1
    assert c.office.change_run(run.id, "1", items=(_bonus(employee),)).version == 2
    with pytest.raises(StaleVersion) as refused:
        c.office.change_run(run.id, "1", items=())
    assert (refused.value.given, refused.value.current) == ("1", "2")
    with pytest.raises(UnknownEarning):
        c.office.change_run(run.id, "2", items=(PayItem(employee=employee, code="tips", amount=usd(1)),))
    with pytest.raises(NotFound):
        c.office.change_run(run.id, "2", items=(_bonus("nobody"),))
    assert c.office.state.run(run.id).version == 2


def test_a_period_has_one_regular_run_until_that_is_cancelled() -> None:
    c = company()
    c.hire("60000")
    run = c.calculated(JAN)
    with pytest.raises(PeriodTaken):
        c.calculated(JAN)
    c.office.cancel(run.id, on(c.today))
    again = c.regular(JAN)
    assert again.id != run.id
    assert [each.status for each in c.office.snapshot("x", JAN).payrolls] == ["cancelled", "processed"]


def test_a_day_that_pays_no_period_is_refused() -> None:
    with pytest.raises(BadValue, match="no period is paid on it"):
        company().calculated(date(2025, 1, 30))


def test_a_run_that_is_late_is_refused_until_its_pay_day_is_moved() -> None:
    c = company()
    c.hire("60000")
    run = c.calculated(JAN)
    late = on(date(2025, 1, 30))
    with pytest.raises(PastDeadline):
        c.office.process(run.id, late)
    moved = c.office.move_pay_day(run.id, date(2025, 2, 3), late)
    assert (moved.debit_on, moved.status) == (date(2025, 1, 30), "draft")
    assert c.office.process(c.office.calculate(run.id, late).id, late).cheque_on == date(2025, 2, 3)


def test_a_run_that_was_calculated_before_another_of_the_same_people_is_calculated_again() -> None:
    # Both see 150,000 of the year: together they would take social security on more than the wage base.
    c = company()
    employee = c.hire("600000")
    for _ in range(3):
        c.regular()
    one, other = (c.beside_calculated(employee, "20000", cheque_on=date(2025, 4, 10 + day)) for day in (0, 1))
    c.office.process(one.id, on(c.today))
    with pytest.raises(Outdated):
        c.office.process(other.id, on(c.today))
    again = c.office.process(c.office.calculate(other.id, on(c.today)).id, on(c.today))
    assert amount(only(again), "us_social_security") == D("378.20")  # 6.2 % of the 6,100 that were left
    assert c.ytd(employee, "taxed:us_social_security") == 176100


def test_people_may_be_left_out_of_a_run() -> None:
    c = company()
    one, other = c.hire("60000"), c.hire("72000")
    run = c.office.draft_regular(on(c.today), schedule=c.schedule)
    c.office.change_run(run.id, excluded=(one,))
    assert [each.pay.employee for each in c.office.calculate(run.id, on(c.today)).cheques] == [other]


def test_the_provider_collects_net_pay_and_the_taxes_of_both_sides() -> None:
    # 4,187.37 goes by direct deposit and 4,187.37 by cheque; taxes of each are 812.63 withheld and 547.50 on top.
    c = company()
    c.hire("60000")
    c.hire("60000", method="check")
    run = c.regular(JAN)
    assert run.net_debit("USD") == usd("4187.37")
    assert run.tax_debit("USD") == usd("2720.26")
    totals = register.totals(run.canonical(), "USD")
    assert (totals.gross, totals.net, totals.cost) == (usd(10000), usd("8374.74"), usd("11095.00"))


def test_a_period_that_is_skipped_has_no_run_and_is_not_proposed_again() -> None:
    c = company()
    employee = c.hire("60000")
    january = c.calculated()
    c.office.skip(january.id)
    with pytest.raises(PeriodTaken):
        c.calculated(JAN)
    assert c.regular().cheque_on == FEB
    assert c.ytd(employee, "gross") == 5000
    with pytest.raises(WrongStatus):
        c.office.skip(c.beside_calculated(employee, "5", cheque_on=FEB).id)


def test_what_stands_in_the_way_of_a_run_is_named_for_each_employee_and_changes_nothing() -> None:
    c = company()
    c.hire("60000")
    lost = c.hire("60000", state="")
    nowhere = c.hire("60000", department=c.office.add_department("Annex").id)
    foreign = c.hire("60000", state="NY")
    run = c.office.draft_regular(on(c.today), schedule=c.schedule)
    found = c.office.blockers(run.id)
    assert [(employee, type(why).__name__) for employee, why in found] == [
        (lost, "WithoutState"), (nowhere, "WithoutCostCentre"), (foreign, "MissingTable"),
    ]  # fmt: skip
    c.office.change_run(run.id, excluded=(lost, nowhere, foreign))
    assert only(c.office.calculate(run.id, on(c.today))).pay.id == "cheque-1"


def test_the_provider_collects_on_a_business_day_even_if_the_run_comes_late() -> None:
    # Drafted on Saturday 8 February for Tuesday the 11th: two business days before is Friday, so Monday it is.
    c = company()
    employee = c.hire("60000")
    c.today = date(2025, 2, 8)
    assert c.beside_calculated(employee, "100", cheque_on=date(2025, 2, 11)).debit_on == date(2025, 2, 10)
    assert c.beside_calculated(employee, "100", cheque_on=date(2025, 2, 20)).debit_on == date(2025, 2, 18)


# --- taking back ------------------------------------------------------------------------------------------------------


def sums(c: Company, employee: str) -> dict[str, D]:
    return dict(c.office.year_to_date(employee, 2025))


def test_a_reversal_is_the_exact_negative_and_restores_the_year() -> None:
    c = company()
    employee = c.hire("60000")
    c.regular(JAN)
    before, standing = sums(c, employee), c.office.state.sums.standing(employee)
    run = c.beside(employee, "1234.56", cheque_on=date(2025, 2, 14))
    back = c.office.reverse(run.id, on(date(2025, 2, 20)), reason="wrong person")
    paid, taken = only(run).pay, only(back).pay
    assert (taken.gross, taken.net, taken.reverses) == (-paid.gross, -paid.net, paid.id)
    assert [(line.kind, line.code, line.amount) for line in taken.components] == [
        (line.kind, line.code, -line.amount) for line in paid.components
    ]
    assert sums(c, employee) == before
    assert c.office.state.sums.standing(employee) == standing
    assert (back.reverses, back.tax_year, back.net_debit("USD")) == (run.id, 2025, -run.net_debit("USD"))


def test_what_is_taken_back_on_a_weekend_is_given_back_on_monday() -> None:
    c = company()
    c.hire("60000")
    back = c.office.reverse(c.regular(JAN).id, on(date(2025, 2, 8)))
    assert (back.cheque_on, back.debit_on) == (date(2025, 2, 8), date(2025, 2, 10))


def test_a_cheque_is_taken_back_once() -> None:
    c = company()
    one, other = c.hire("60000"), c.hire("60000")
    run = c.regular(JAN)
    c.office.reverse(run.id, on(FEB), employees=(one,))
    with pytest.raises(AlreadyReversed):
        c.office.reverse(run.id, on(FEB), employees=(one,))
    rest = c.office.reverse(run.id, on(FEB))
    assert [each.pay.employee for each in rest.cheques] == [other]
    with pytest.raises(AlreadyReversed):
        c.office.reverse(run.id, on(FEB))
    with pytest.raises(WrongStatus):
        c.office.reverse(rest.id, on(FEB))


def test_a_reversal_in_the_new_year_gives_the_old_year_back() -> None:
    c = company()
    employee = c.hire("60000")
    run = c.regular(JAN)
    back = c.office.reverse(run.id, on(date(2026, 1, 9)))
    assert (back.cheque_on, back.tax_year) == (date(2026, 1, 9), 2025)
    assert sums(c, employee) == {}
    assert dict(c.office.year_to_date(employee, 2026)) == {}


def test_a_run_is_cancelled_before_the_provider_collects_and_not_after() -> None:
    c = company()
    employee = c.hire("60000")
    run = c.regular(JAN)
    with pytest.raises(PastDeadline):
        c.office.cancel(run.id, on(date(2025, 1, 29)))
    assert c.ytd(employee, "gross") == 5000
    c.office.cancel(run.id, on(date(2025, 1, 28)), reopen=True)
    assert sums(c, employee) == {}
    assert c.office.process(c.office.calculate(run.id, on(c.today)).id, on(c.today)).status == "processed"


def test_the_wage_base_crossed_by_a_bonus_that_is_voided_is_reached_again() -> None:
    # 150,000 after March; a bonus of 40,000 takes the 26,100 that were left (1,618.20), so April's wages bear nothing.
    # The bonus is voided: May's 50,000 bear what the year lacks of 176,100.
    c = company()
    employee = c.hire("600000")
    for _ in range(3):
        c.regular()
    bonus = c.beside(employee, "40000", cheque_on=date(2025, 4, 15))
    assert amount(only(bonus), "us_social_security") == D("1618.20")
    assert amount(only(c.regular()), "us_social_security") == 0
    c.office.reverse(bonus.id, on(date(2025, 5, 2)))
    assert c.ytd(employee, "taxed:us_social_security") == 150000
    assert amount(only(c.regular()), "us_social_security") == D("1618.20")
    assert c.ytd(employee, "employee_tax:us_social_security") == D("10918.20")


def test_what_another_provider_paid_counts_for_the_year_and_only_if_it_adds_up() -> None:
    c = company()
    employee = c.hire("600000")
    lines = (
        earning("salary", "150000"), component("deduction", "section_125", "1000"),
        component("employee_tax", "us_social_security", "9238", base=usd(149000)),
    )  # fmt: skip
    pay = PayCheque(id="old", employee=employee, components=lines, gross=usd(150000), net=usd(139762))
    service = (date(2025, 1, 1), MAR)
    with pytest.raises(DoesNotAddUp):
        c.office.enter_external(
            (PayCheque(id="old", employee=employee, components=lines, gross=usd(150000), net=usd(139763)),),
            service, MAR, on(MAR),
        )  # fmt: skip
    assert sums(c, employee) == {}
    c.office.enter_external((pay,), service, MAR, on(MAR))
    assert c.ytd(employee, "wages:us_social_security") == 149000
    bonus = c.beside(employee, "50000", cheque_on=date(2025, 4, 15))
    assert amount(only(bonus), "us_social_security") == D("1680.20")  # 6.2 % of 176,100 − 149,000


# --- retro pay --------------------------------------------------------------------------------------------------------


def test_a_raise_across_two_paid_months_after_an_earlier_correction() -> None:
    # 5,000 a month was paid for January and February, 5,500 was due: 500 each. January had 200 as a correction before,
    # so 300 are left for it; March pays 5,500.
    c = company()
    employee = c.hire("60000")
    c.regular(JAN)
    correction = PayItem(
        employee=employee, code="retro", amount=usd(200), service_from=date(2025, 1, 1), service_to=JAN
    )
    run = c.office.draft_off_cycle(on(c.today), cheque_on=date(2025, 2, 14), items=(correction,), reason="correction")
    c.office.calculate(run.id, on(c.today))
    c.office.process(run.id, on(c.today))
    c.regular(FEB)
    raise_to(c, employee, "66000", date(2025, 1, 1))
    cheque = only(c.regular(MAR))
    retro = [line for line in cheque.pay.components if line.code == "retro"]
    assert [(line.amount, line.service_from, line.service_to) for line in retro] == [
        (usd(300), date(2025, 1, 1), JAN), (usd(500), date(2025, 2, 1), FEB),
    ]  # fmt: skip
    assert amount(cheque, "salary") == 5500
    # Retro pay is supplemental: 22 % of 800 beside 511.166... on 5,500: 5,578.50 + 22 % of 2,525, by twelve.
    assert tax(cheque) == D("687.17")
    assert amount(only(c.regular()), "retro") == 0


def test_the_register_says_for_which_days_retro_pay_is() -> None:
    c = company()
    employee = c.hire("60000")
    c.regular(JAN)
    raise_to(c, employee, "66000", date(2025, 1, 1))
    rows = register.lines(c.regular(FEB).canonical())
    assert [(row.service_from, row.service_to) for row in rows if row.code == "retro"] == [(date(2025, 1, 1), JAN)]
    assert [(row.service_from, row.service_to) for row in rows if row.code == "salary"] == [(date(2025, 2, 1), FEB)]


def test_a_correction_in_a_later_run_belongs_to_its_own_month() -> None:
    # February's run holds 100 of salary for January by hand. Then January and February are found 500 too low each: of
    # January's 400 are left, and February's own pay has nothing of the 100.
    c = company()
    employee = c.hire("60000")
    c.regular(JAN)
    late = PayItem(employee=employee, code="salary", amount=usd(100), service_from=date(2025, 1, 1), service_to=JAN)
    c.regular(FEB, (late,))
    raise_to(c, employee, "66000", date(2025, 1, 1))
    cheque = only(c.regular(MAR))
    assert [line.amount for line in cheque.pay.components if line.code == "retro"] == [usd(400), usd(500)]


def test_a_raise_that_is_taken_back_is_recovered() -> None:
    c = company()
    employee = c.hire("60000")
    c.regular(JAN)
    raise_to(c, employee, "66000", date(2025, 1, 1))
    assert amount(only(c.regular(FEB)), "retro") == 500
    raise_to(c, employee, "60000", date(2025, 1, 1))
    cheque = only(c.regular(MAR))
    assert [line.amount for line in cheque.pay.components if line.code == "retro"] == [usd(-500), usd(-500)]


def test_retro_pay_that_is_reversed_is_due_again() -> None:
    c = company()
    employee = c.hire("60000")
    c.regular(JAN)
    raise_to(c, employee, "66000", date(2025, 1, 1))
    february = c.regular(FEB)
    c.office.reverse(february.id, on(MAR))
    assert amount(only(c.regular(MAR)), "retro") == 500


def test_what_is_due_may_be_paid_beside_the_schedule_and_is_not_paid_again() -> None:
    c = company()
    employee = c.hire("60000")
    c.regular(JAN)
    raise_to(c, employee, "66000", date(2025, 1, 1))
    run = c.office.draft_off_cycle(
        on(c.today), cheque_on=date(2025, 2, 14), employees=(employee,), reason="correction", with_retro=True
    )
    cheque = only(c.office.process(c.office.calculate(run.id, on(c.today)).id, on(c.today)))
    assert [(line.code, line.amount) for line in cheque.pay.components if line.kind == "earning"] == [
        ("retro", usd(500))
    ]
    assert amount(only(c.regular(FEB)), "retro") == 0


def test_what_another_provider_paid_does_not_settle_what_is_due() -> None:
    c = company()
    employee = c.hire("60000")
    c.regular(JAN)
    raise_to(c, employee, "66000", date(2025, 1, 1))
    old = PayCheque(id="old", employee=employee, components=(earning("bonus", "10"),), gross=usd(10), net=usd(10))
    c.office.enter_external((old,), (JAN, JAN), JAN, on(JAN))
    assert amount(only(c.regular(FEB)), "retro") == 500


def test_hours_that_come_late_are_made_up() -> None:
    c = company("weekly")
    employee = c.hourly("20", {date(2024, 12, 30): "8"})
    c.regular(date(2025, 1, 3))
    c.office.enter_hours(employee, [(date(2024, 12, 31), D(5)), (date(2025, 1, 6), D(8))])
    cheque = only(c.regular(date(2025, 1, 10)))
    assert (amount(cheque, "hourly"), amount(cheque, "retro")) == (160, 100)


def test_a_raise_after_the_calculation_makes_the_run_outdated() -> None:
    c = company()
    employee = c.hire("60000")
    c.regular(JAN)
    run = c.calculated(FEB)
    raise_to(c, employee, "66000", date(2025, 1, 1))
    with pytest.raises(Outdated):
        c.office.process(run.id, on(c.today))


# --- twins and records ------------------------------------------------------------------------------------------------


def test_a_fork_goes_its_own_way() -> None:
    c = company()
    employee = c.hire("60000")
    c.regular(JAN)
    before = c.office.snapshot("x", JAN)
    twin = Company(office=c.office.fork(counter()), schedule=c.schedule, department=c.department)
    twin.office.state.new_id = lambda kind: f"twin-{kind}-{len(twin.office.state.runs)}"
    twin.regular(FEB)
    twin.office.add_earning_type(EarningType(code="tips", name="Tips"))
    twin.office.change_department(c.department, cost_centre="CC2")
    assert c.office.snapshot("x", JAN) == before
    assert (c.ytd(employee, "gross"), twin.ytd(employee, "gross")) == (5000, 10000)
    assert "tips" not in c.office.state.types


def test_a_snapshot_names_nobody_and_says_what_holds_on_its_day() -> None:
    c = company(entity="US")
    employee = c.hire("60000")
    raise_to(c, employee, "66000", date(2025, 3, 1))
    c.office.end_employment(employee, MAR)
    early, late = (c.office.snapshot("somebody", day).employees[0] for day in (FEB, date(2025, 4, 1)))
    assert (early.pay, early.active, early.schedule) == (usd(60000), True, "monthly")
    assert (late.pay, late.active, late.ended) == (usd(66000), False, MAR)
    shown = c.office.snapshot("somebody", FEB)
    assert (shown.vendor, shown.entity, shown.departments[0].cost_centre) == ("somebody", "US", "CC1")


def test_a_refusal_leaves_everything_as_it_was() -> None:
    c = company()
    employee = c.hire("60000")
    c.regular(JAN)
    before = c.office.snapshot("x", JAN)
    wrong = [
        lambda: c.office.add_department("Sales"),
        lambda: c.office.add_earning_type(EarningType(code="bonus", name="Bonus")),
        lambda: c.office.hire(
            department="nowhere", state="TX", hired=JAN, pay=PayTerm(from_day=JAN, basis="salary", rate=usd(1))
        ),
        lambda: c.office.set_method(employee, "shells"),
        lambda: c.office.end_employment(employee, date(2020, 1, 1)),
        lambda: c.office.enter_hours(employee, [(JAN, D(25))]),
        lambda: c.office.set_state("nobody", "TX"),
        lambda: c.office.draft_off_cycle(on(JAN), cheque_on=FEB, supplemental="perhaps"),
        lambda: c.office.draft_off_cycle(on(JAN), cheque_on=FEB, service=(FEB, JAN)),
        lambda: c.office.draft_off_cycle(on(JAN), cheque_on=FEB, employees=("nobody",)),
        lambda: raise_to(c, employee, "-1", JAN),
    ]
    for each in wrong:
        with pytest.raises(Refusal):
            each()
    assert c.office.snapshot("x", JAN) == before


def _bonus(employee: str) -> PayItem:
    return PayItem(employee=employee, code="bonus", amount=usd(1000))
