"""Income tax on supplemental wages (bonus, commission, retro pay): flat, or from the aggregate.

Flat is allowed only if income tax was withheld from regular wages this year or last, those of the same cheque included;
otherwise the aggregate is used.
What exceeds a million in the year bears the mandatory rate, whatever the employee stated. Source: Publication 15,
section 7.
"""

from __future__ import annotations

from decimal import Decimal

from simharness.domain.base import Record
from simharness.domain.payroll import Withholding
from simharness_fakes.payroll import federal
from simharness_fakes.payroll.authority import Federal
from simharness_fakes.payroll.fica import above
from simharness_fakes.payroll.rounding import ZERO, percent_of

FLAT, AGGREGATE = "flat", "aggregate"


class Earlier(Record, frozen=True, kw_only=True):
    """What the year so far says. `wages` and `tax`: of the last regular cheque and the aggregate ones after it.

    `paid` are the supplemental wages of the year, `mandatory` what of them bore the mandatory rate. `withheld`: income
    tax was withheld from regular wages this year or last.
    """

    wages: Decimal = ZERO
    tax: Decimal = ZERO
    paid: Decimal = ZERO
    mandatory: Decimal = ZERO
    withheld: bool = False


class Outcome(Record, frozen=True, kw_only=True):
    """The income tax of a cheque, not rounded, and by which method its supplemental part was taxed.

    `flat` is what of the tax was taken at flat rates, `ordinary` are the wages that were taxed by the tables,
    `supplemental` all such wages, `mandatory` those that bore the mandatory rate; `regular_tax` is what regular wages
    alone bear.
    """

    tax: Decimal
    method: str
    ordinary: Decimal
    supplemental: Decimal = ZERO
    flat: Decimal = ZERO
    mandatory: Decimal = ZERO
    regular_tax: Decimal = ZERO


def income_tax(
    regular: Decimal,
    extra: Decimal,
    *,
    wanted: str,
    periods: int,
    stated: Withholding,
    earlier: Earlier,
    tables: Federal,
) -> Outcome:
    """The income tax of a cheque with regular and supplemental wages, either of which may be nothing."""
    alone = federal.withheld(regular, periods, stated, tables) if regular else ZERO
    if not extra:
        return Outcome(tax=alone, method="", ordinary=regular, regular_tax=alone)
    rates = tables.supplemental
    top = above(rates.threshold, extra, earlier.paid, earlier.mandatory)
    rest = extra - top
    flat = percent_of(top, rates.mandatory)
    if not rest or (wanted == FLAT and (earlier.withheld or alone > 0) and rest > 0):
        flat += ZERO if stated.exempt else percent_of(rest, rates.flat)
        return Outcome(
            tax=flat + alone,
            method=FLAT,
            ordinary=regular,
            supplemental=extra,
            flat=flat,
            mandatory=top,
            regular_tax=alone,
        )
    before = Earlier() if regular else earlier
    whole = federal.withheld(before.wages + regular + rest, periods, stated, tables)
    return Outcome(
        tax=flat + max(whole - before.tax, ZERO),
        method=AGGREGATE,
        ordinary=regular + rest,
        supplemental=extra,
        flat=flat,
        mandatory=top,
        regular_tax=alone,
    )
