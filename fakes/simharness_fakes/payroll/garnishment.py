"""What creditors may take of a cheque: the lesser of a share of disposable pay and what exceeds the protected pay.

Disposable pay is what is left after the deductions that law requires (taxes), not after voluntary ones. A longer period
protects as many weeks as it has on average. Source: Consumer Credit Protection Act, title III (15 USC 1673).
"""

from __future__ import annotations

from decimal import Decimal

from simharness_fakes.payroll.authority import GarnishmentLimit
from simharness_fakes.payroll.rounding import ZERO, cents, percent_of

_WEEKS = 52


def most(disposable: Decimal, periods: int, limit: GarnishmentLimit) -> Decimal:
    """The most that all garnishments together may take of one period's disposable pay, in cents."""
    protected = limit.protected_weekly * _WEEKS / periods
    return cents(max(min(percent_of(disposable, limit.percent), disposable - protected), ZERO))
