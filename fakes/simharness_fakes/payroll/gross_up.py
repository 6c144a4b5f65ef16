"""What must be earned so that a wanted net is paid: tried out by calculating the cheque, never by a formula."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from simharness.core.money import Money
from simharness_fakes.payroll import calculating
from simharness_fakes.payroll.earnings import PayItem
from simharness_fakes.payroll.refusals import BadValue
from simharness_fakes.payroll.rounding import CENT
from simharness_fakes.payroll.runs import DRAFT, OFF_CYCLE, Run
from simharness_fakes.payroll.state import State

#: Several taxes may round up at one cent of gross, so the net wavers by some cents about its course.
_NEAR = 10
#: No gross is looked for beyond this many times the net: all that may be withheld comes to much less.
_MOST = 16


def gross_up(
    state: State, employee: str, net: Money, cheque_on: date, *, code: str = "bonus", supplemental: str = "flat"
) -> Money:
    """The least amount whose off-cycle cheque pays the wanted net, or the next more that can be paid.

    Refuses (`BadValue`) a net that is nothing.
    """
    if net.amount <= 0:
        raise BadValue("net", net, "it is more than nothing")

    def paid(units: int) -> Decimal:
        return _net(state, employee, Money(units * CENT, net.currency), cheque_on, code, supplemental)

    low = int(net.amount / CENT)
    high = low * _MOST
    while low < high:
        middle = (low + high) // 2
        if paid(middle) < net.amount:
            low = middle + 1
        else:
            high = middle
    near = range(max(low - _NEAR, 1), low + 1)
    return Money(next(units for units in near if paid(units) >= net.amount) * CENT, net.currency)


def _net(state: State, employee: str, gross: Money, cheque_on: date, code: str, supplemental: str) -> Decimal:
    run = Run(
        id="",
        kind=OFF_CYCLE,
        status=DRAFT,
        service_from=cheque_on,
        service_to=cheque_on,
        debit_on=cheque_on,
        cheque_on=cheque_on,
        tax_year=cheque_on.year,
        items=(PayItem(employee=employee, code=code, amount=gross),),
        employees=(employee,),
        with_base=False,
        with_retro=False,
        with_deductions=False,
        supplemental=supplemental,
    )
    (cheque,) = calculating.tried(state, run)
    return cheque.pay.net.amount
