"""What is taken from a cheque: deductions, what the employer adds to them, and garnishments under their cap."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from fractions import Fraction

from simharness.checks.payroll.cents import NOTHING, cents, exact
from simharness.checks.payroll.cheque import Cheque, Line
from simharness.checks.payroll.law import GarnishmentCap, Laws
from simharness.domain.people import DeductionSpec

GARNISHMENT = "garnishment"


def _asked(spec: DeductionSpec, pay: Decimal) -> Fraction:
    return exact(spec.amount) + exact(spec.percent) / 100 * exact(pay)


def _taken(spec: DeductionSpec, cheques: Iterable[Cheque]) -> Fraction:
    """What the cheques that stand took under this code and name."""
    lines = (line for cheque in cheques for line in cheque.lines)
    return sum((exact(li.amount) for li in lines if (li.code, li.name) == (spec.code, spec.name)), NOTHING)


def deduction_lines(
    specs: Iterable[DeductionSpec], pay: Decimal, available: Decimal, year: Sequence[Cheque]
) -> tuple[Line, ...]:
    """Deductions in their order and the employer's share of them, together at most what is `available`.

    `pay` is the pay in cash that percentages are of; `year` are the standing cheques of the tax year, for the caps.
    """
    lines = []
    available = max(available, Decimal(0))
    for spec in specs:
        asked = _asked(spec, pay)
        if spec.annual_cap is not None:
            asked = min(asked, max(NOTHING, exact(spec.annual_cap) - _taken(spec, year)))
        taken = min(cents(asked), available)
        available -= taken
        lines.append(Line(kind="deduction", code=spec.code, name=spec.name, amount=taken))
        if spec.employer_amount is not None or spec.match_percent is not None:
            added = cents(exact(spec.employer_amount) + _match(spec, pay, exact(taken)))
            lines.append(Line(kind="employer_benefit", code=spec.employer_code, name=spec.name, amount=added))
    return tuple(line for line in lines if line.amount)


def _match(spec: DeductionSpec, pay: Decimal, taken: Fraction) -> Fraction:
    if spec.match_percent is None:
        return NOTHING
    counted = taken if spec.match_to_percent is None else min(taken, exact(spec.match_to_percent) / 100 * exact(pay))
    return counted * exact(spec.match_percent) / 100


def subject_wages(laws: Laws, code: str, gross: Decimal, deductions: Iterable[Line]) -> Fraction:
    """The wages of a cheque that are subject to a tax: gross less the deductions that cut it, never below zero."""
    cut = sum(
        (exact(line.amount) for line in deductions if line.kind == "deduction" and code in laws.cut_by(line.code)),
        NOTHING,
    )
    return max(NOTHING, exact(gross) - cut) if gross >= 0 else exact(gross)


def garnishment_cap(cap: GarnishmentCap, disposable: Fraction, weeks: Fraction) -> Fraction:
    """The most that may be taken of disposable pay: a share of it, or what exceeds the free sum of its weeks."""
    return max(NOTHING, min(exact(cap.share) * disposable, disposable - exact(cap.free_a_week) * weeks))


def garnishment_lines(
    specs: Iterable[DeductionSpec], disposable: Decimal, most: Fraction, standing: Sequence[Cheque]
) -> tuple[Line, ...]:
    """Garnishments in their order, together at most `most`, and each at most what is still owed.

    Their percentages are of disposable pay; one without amount or percentage is for as much as may be taken.
    `standing` are the standing cheques of all years.
    """
    lines: list[Line] = []
    left = cents(most)
    for spec in specs:
        asked = left if spec.amount is None and spec.percent is None else cents(_asked(spec, disposable))
        if spec.owed is not None:
            asked = min(asked, cents(max(NOTHING, exact(spec.owed) - _taken(spec, standing))))
        taken = min(asked, left)
        left -= taken
        if taken:
            lines.append(Line(kind="garnishment", code=GARNISHMENT, name=spec.name, amount=taken))
    return tuple(lines)
