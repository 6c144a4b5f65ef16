"""Whose cost a cheque is: each component by itself over the cost centres, so that its parts sum to it."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from math import lcm

from simharness.checks.arithmetic.allocation import largest_remainder

#: What costs the employer: the journal has these by cost centre.
COSTS = frozenset({"earning", "employer_tax", "employer_benefit", "reimbursement"})
_CENT = Decimal("0.01")


def by_centre(amount: Decimal, centres: Sequence[tuple[str, Fraction]]) -> tuple[tuple[str, Decimal], ...]:
    """An amount over cost centres by weight; leftover cents go to the largest remainders, ties to the first."""
    if len(centres) == 1:
        return ((centres[0][0], amount),)
    whole = lcm(*(weight.denominator for _, weight in centres)) if centres else 1
    parts = largest_remainder(amount, [Decimal(int(weight * whole)) for _, weight in centres], _CENT)
    return tuple((centre, part) for (centre, _), part in zip(centres, parts, strict=True))
