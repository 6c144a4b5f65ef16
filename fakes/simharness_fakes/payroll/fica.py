"""Taxes on a part of the year's wages: up to a limit (social security), or above one (additional Medicare).

What is taxed of a cheque looks at the year so far: the wages, and what of them was taxed. So a cheque makes up what a
reversal before it gave back, as far as its own wages go, and no limit is ever exceeded.
"""

from __future__ import annotations

from decimal import Decimal

from simharness_fakes.payroll.rounding import ZERO

SOCIAL_SECURITY, MEDICARE, ADDITIONAL_MEDICARE = "us_social_security", "us_medicare", "us_additional_medicare"


def up_to(limit: Decimal | None, wages: Decimal, before: Decimal, taxed_before: Decimal) -> Decimal:
    """What is taxed of a cheque's wages by a tax with a limit; all of them where `limit` is None."""
    if limit is None:
        return max(wages, ZERO)
    return _within(min(limit, before + wages) - taxed_before, wages)


def above(threshold: Decimal, wages: Decimal, before: Decimal, taxed_before: Decimal) -> Decimal:
    """What is taxed of a cheque's wages by a tax on what exceeds a threshold in the year."""
    return _within(before + wages - threshold - taxed_before, wages)


def _within(amount: Decimal, wages: Decimal) -> Decimal:
    return max(min(amount, wages), ZERO)
