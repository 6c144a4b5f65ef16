"""Benefits and garnishments on the wire, and the deductions that they are."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from simharness.core.money import Money
from simharness.domain.people import DeductionSpec
from simharness_fakes.gusto.state import CompanyBenefit, Enrolment, version_of
from simharness_fakes.gusto.wire.forms import Object, dollars

if TYPE_CHECKING:
    from simharness_fakes.gusto.fake import Gusto

ZERO, HUNDRED = Decimal(0), Decimal(100)


def company_benefit(fake: Gusto, benefit: CompanyBenefit) -> Object:
    """A benefit that the company offers."""
    enrolled = sum(1 for each in fake.state.enrolments if each.benefit == benefit.id and each.active)
    numbers = {code: number for number, code in fake.profile.benefit_types.items()}
    return {
        "uuid": benefit.id,
        "version": version_of(benefit.id, benefit.description, benefit.active),
        "enrollment_count": enrolled,
        "company_uuid": fake.state.company.id,
        "benefit_type": numbers.get(benefit.code, 0),
        "active": benefit.active,
        "description": benefit.description,
        "deletable": not enrolled,
        "supports_percentage_amounts": True,
        "responsible_for_employer_taxes": False,
        "responsible_for_employee_w2": False,
    }


def employee_benefit(enrolment: Enrolment) -> Object:
    """What somebody and the company pay into a benefit, each cheque."""
    spec = enrolment.spec
    return {
        "uuid": enrolment.id,
        "version": version_of(enrolment),
        "employee_uuid": enrolment.employee,
        "company_benefit_uuid": enrolment.benefit,
        "active": enrolment.active,
        "employee_deduction": _taken(spec),
        "deduct_as_percentage": spec.percent is not None,
        "employee_deduction_annual_maximum": _maximum(spec.annual_cap),
        "contribution": _contribution(spec),
        "elective": bool(spec.match_percent),
        "company_contribution_annual_maximum": None,
        "limit_option": None,
        "catch_up": False,
    }


def garnishment(enrolment: Enrolment) -> Object:
    """What a creditor gets of each cheque."""
    spec = enrolment.spec
    return {
        "uuid": enrolment.id,
        "version": version_of(enrolment),
        "employee_uuid": enrolment.employee,
        "active": enrolment.active,
        "amount": _taken(spec),
        "description": spec.name or spec.payee,
        "court_ordered": True,
        "times": None,
        "recurring": True,
        "annual_maximum": None,
        "total_amount": _maximum(spec.owed),
        "pay_period_maximum": None,
        "deduct_as_percentage": spec.percent is not None,
        "garnishment_type": "creditor_garnishment",
        "child_support": None,
    }


def _taken(spec: DeductionSpec) -> str:
    if spec.percent is not None:
        return dollars(spec.percent)
    return dollars(spec.amount) if spec.amount is not None else "0.00"


def _maximum(amount: Money | None) -> str | None:
    return None if amount is None else dollars(amount)


def _contribution(spec: DeductionSpec) -> Object:
    """What the company adds: an amount, its part of what the employee pays, or that part up to a share of the pay."""
    if spec.match_percent is not None:
        threshold = spec.match_to_percent if spec.match_to_percent is not None else HUNDRED
        if spec.match_percent == HUNDRED:
            return {"type": "percentage", "value": dollars(threshold)}
        tier = {"rate": dollars(spec.match_percent), "threshold": dollars(threshold)}
        return {"type": "tiered", "value": {"tiers": [tier]}}
    return {"type": "amount", "value": dollars(spec.employer_amount) if spec.employer_amount else "0.00"}
