"""Benefits of the company and of people, garnishments, earning types."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from msgspec.structs import replace

from simharness.core.money import Money
from simharness.domain.exchange import Response
from simharness.domain.people import DeductionSpec
from simharness.fakekit.bodies import Json
from simharness.fakekit.fake import Call
from simharness_fakes.gusto import enrolling, entering, errors, hooks
from simharness_fakes.gusto.routes.answers import answer, fresh, listed, nothing, of_company
from simharness_fakes.gusto.state import CompanyBenefit, Enrolment, derived
from simharness_fakes.gusto.wire import benefits as wire
from simharness_fakes.gusto.wire.forms import Object, decimal
from simharness_fakes.payroll.deductions import GARNISHMENT
from simharness_fakes.payroll.earnings import TYPES, EarningType

if TYPE_CHECKING:
    from simharness_fakes.gusto.fake import Gusto

_MOST = Decimal(10) ** 9
_HUNDRED = Decimal(100)
_CENT = Decimal("0.01")


def company_benefits(fake: Gusto, call: Call) -> Response:
    """The benefits that the company offers."""
    of_company(fake, call)
    found = [each for each in fake.state.benefits if call.query.get("active") in (None, each.active)]
    return listed(call, found, lambda each: wire.company_benefit(fake, each))


def company_benefit(fake: Gusto, call: Call) -> Response:
    """One of them."""
    return answer(wire.company_benefit(fake, _benefit(fake, call.path["company_benefit_id"])))


def create_company_benefit(fake: Gusto, call: Call) -> Response:
    """The company offers one more."""
    of_company(fake, call)
    code = fake.profile.benefit_types.get(call.body["benefit_type"])
    if code is None:
        known = ", ".join(str(each) for each in fake.profile.benefit_types)
        raise errors.invalid("benefit_type", f"is not modelled; there are {known}")
    description = str(call.body["description"]).strip()
    if not description:
        raise errors.invalid("description", "is required")
    benefit = CompanyBenefit(
        id=fake.new_id("company benefit"), code=code, description=description, active=call.body.get("active", True)
    )
    fake.state.benefits.put(benefit)
    fake.wrote("company_benefit", benefit.id, "create", ("vendor:description",), call.actor)
    hooks.tell(fake, "company_benefit.created", "CompanyBenefit", benefit.id)
    return answer(wire.company_benefit(fake, benefit), 201)


def update_company_benefit(fake: Gusto, call: Call) -> Response:
    """Another name, or it is offered no more."""
    old = _benefit(fake, call.path["company_benefit_id"])
    fresh(call.body["version"], wire.company_benefit(fake, old)["version"], "company benefit")
    description = str(call.body.get("description", old.description)).strip()
    benefit = replace(old, active=call.body.get("active", old.active), description=description or old.description)
    fake.state.benefits.put(benefit)
    if benefit != old:
        fake.wrote("company_benefit", benefit.id, "update", ("vendor:description",), call.actor)
        hooks.tell(fake, "company_benefit.updated", "CompanyBenefit", benefit.id)
    return answer(wire.company_benefit(fake, benefit))


def delete_company_benefit(fake: Gusto, call: Call) -> Response:
    """A benefit that nobody has goes."""
    benefit = _benefit(fake, call.path["company_benefit_id"])
    if any(each.benefit == benefit.id for each in fake.state.enrolments):
        raise errors.impossible("a benefit that somebody has cannot be deleted")
    fake.state.benefits.remove(benefit.id)
    fake.wrote("company_benefit", benefit.id, "delete", (), call.actor)
    hooks.tell(fake, "company_benefit.destroyed", "CompanyBenefit", benefit.id)
    return nothing()


def employee_benefits(fake: Gusto, call: Call) -> Response:
    """What somebody has of the company's benefits."""
    person = fake.person(call.path["employee_id"])
    return listed(call, enrolling.of(fake, person.id, garnishments=False), wire.employee_benefit)


def employee_benefit(fake: Gusto, call: Call) -> Response:
    """One of them."""
    return answer(wire.employee_benefit(enrolling.find(fake, call.path["employee_benefit_id"], garnishments=False)))


def create_employee_benefit(fake: Gusto, call: Call) -> Response:
    """Somebody has one more."""
    person = fake.person(call.path["employee_id"])
    benefit = fake.state.benefits.get(call.body["company_benefit_uuid"])
    if benefit is None:
        raise errors.invalid("company_benefit_uuid", "the company offers no such benefit")
    spec = _paid_in(fake, call.body, DeductionSpec(code=benefit.code, name=benefit.description))
    enrolment = Enrolment(
        id=fake.new_id("enrolment"), employee=person.id, benefit=benefit.id, spec=spec,
        active=call.body.get("active", True),
    )  # fmt: skip
    return answer(wire.employee_benefit(_enrolled(fake, call, enrolment, "employee_benefit", "created")), 201)


def update_employee_benefit(fake: Gusto, call: Call) -> Response:
    """Somebody, or the company, pays something else into it."""
    old = enrolling.find(fake, call.path["employee_benefit_id"], garnishments=False)
    fresh(call.body["version"], wire.employee_benefit(old)["version"], "employee benefit")
    new = replace(old, spec=_paid_in(fake, call.body, old.spec), active=call.body.get("active", old.active))
    return answer(wire.employee_benefit(_enrolled(fake, call, new, "employee_benefit", "updated")))


def delete_employee_benefit(fake: Gusto, call: Call) -> Response:
    """Somebody has it no more."""
    old = enrolling.find(fake, call.path["employee_benefit_id"], garnishments=False)
    enrolling.remove(fake, old)
    fake.wrote("employee", old.employee, "update", ("deductions",), call.actor)
    hooks.tell(fake, "employee_benefit.destroyed", "EmployeeBenefit", old.id)
    return nothing()


def garnishments(fake: Gusto, call: Call) -> Response:
    """What creditors get of somebody's cheques."""
    person = fake.person(call.path["employee_id"])
    return listed(call, enrolling.of(fake, person.id, garnishments=True), wire.garnishment)


def garnishment(fake: Gusto, call: Call) -> Response:
    """One of them."""
    return answer(wire.garnishment(enrolling.find(fake, call.path["garnishment_id"], garnishments=True)))


def create_garnishment(fake: Gusto, call: Call) -> Response:
    """One more creditor."""
    person = fake.person(call.path["employee_id"])
    spec = _seized(fake, call.body, DeductionSpec(code=GARNISHMENT))
    new = Enrolment(
        id=fake.new_id("enrolment"), employee=person.id, benefit="", spec=spec, active=call.body.get("active", True)
    )
    return answer(wire.garnishment(_enrolled(fake, call, new, "garnishment", "created")), 201)


def update_garnishment(fake: Gusto, call: Call) -> Response:
    """A creditor gets something else, or nothing any more."""
    old = enrolling.find(fake, call.path["garnishment_id"], garnishments=True)
    fresh(call.body["version"], wire.garnishment(old)["version"], "garnishment")
    new = replace(old, spec=_seized(fake, call.body, old.spec), active=call.body.get("active", old.active))
    return answer(wire.garnishment(_enrolled(fake, call, new, "garnishment", "updated")))


def earning_types(fake: Gusto, call: Call) -> Response:
    """The earning types that everybody has, and the company's own."""
    of_company(fake, call)
    default = [kind for kind in TYPES.values() if kind.times is None and not kind.base]
    return answer(
        {
            "default": [_type(fake, each) for each in default],
            "custom": [_type(fake, each) for each in entering.own_types(fake)],
        }
    )


def create_earning_type(fake: Gusto, call: Call) -> Response:
    """One more earning type of the company, which is taxed as a bonus is."""
    of_company(fake, call)
    name = _free_name(fake, call.body["name"], "")
    code = "_".join("".join(c if c.isalnum() else " " for c in name.casefold()).split()) or "earning"
    while code in fake.state.office.state.types:
        code += "_"
    kind = fake.state.office.add_earning_type(EarningType(code=code, name=name, supplemental=True))
    fake.wrote("earning_type", _type(fake, kind)["uuid"], "create", ("name",), call.actor)
    return answer(_type(fake, kind), 201)


def update_earning_type(fake: Gusto, call: Call) -> Response:
    """Another name; what was paid by it keeps the old one."""
    of_company(fake, call)
    old = _own_type(fake, call)
    kind = replace(old, name=_free_name(fake, call.body["name"], old.code))
    fake.state.office.state.types[old.code] = kind
    fake.wrote("earning_type", _type(fake, kind)["uuid"], "update", ("name",), call.actor)
    return answer(_type(fake, kind))


def delete_earning_type(fake: Gusto, call: Call) -> Response:
    """The company keeps it no more; what was paid by it stays."""
    of_company(fake, call)
    kind = _own_type(fake, call)
    fake.state.hidden_types[kind.code] = None
    fake.wrote("earning_type", _type(fake, kind)["uuid"], "delete", (), call.actor)
    return nothing()


def _enrolled(fake: Gusto, call: Call, enrolment: Enrolment, noun: str, what: str) -> Enrolment:
    before = fake.state.enrolments.get(enrolment.id)
    if before == enrolment:
        return enrolment
    enrolling.put(fake, enrolment)
    fake.wrote("employee", enrolment.employee, "update", ("deductions",), call.actor)
    entity_type = "EmployeeBenefit" if noun == "employee_benefit" else "Employee"
    hooks.tell(fake, f"{noun}.{what}", entity_type, enrolment.id)
    return enrolment


def _benefit(fake: Gusto, id: str) -> CompanyBenefit:
    found = fake.state.benefits.get(id)
    if found is None:
        raise errors.missing()
    return found


def _paid_in(fake: Gusto, body: dict[str, Json], old: DeductionSpec) -> DeductionSpec:
    """What is paid into a benefit as a request says it."""
    spec = _taken(fake, body, old, "employee_deduction")
    if "employee_deduction_annual_maximum" in body:
        spec = replace(spec, annual_cap=_money(fake, body, "employee_deduction_annual_maximum"))
    if "contribution" in body:
        spec = replace(spec, **_contribution(fake, body))
    return spec


def _contribution(fake: Gusto, body: dict[str, Json]) -> dict[str, Json]:
    told, elective = body["contribution"], body.get("elective", False)
    kind, value = told.get("type", "amount"), told.get("value", "0.00")
    nothing: dict[str, Json] = {"match_percent": None, "match_to_percent": None, "employer_amount": None}
    if kind == "tiered":
        tiers = value.get("tiers", []) if isinstance(value, dict) else []
        if len(tiers) != 1:
            raise errors.impossible("a contribution of several tiers is not modelled", "contribution")
        rate = _share(tiers[0].get("rate"), "contribution.value.tiers.0.rate")
        threshold = _share(tiers[0].get("threshold"), "contribution.value.tiers.0.threshold")
        return {**nothing, "match_percent": rate, "match_to_percent": threshold}
    if isinstance(value, dict):
        raise errors.invalid("contribution.value", "is a text unless the contribution is tiered")
    if kind == "percentage":
        if not elective:
            raise errors.impossible("a share of the pay that nobody matches is not modelled", "elective")
        return {**nothing, "match_percent": _HUNDRED, "match_to_percent": _share(value, "contribution.value")}
    if elective and decimal(value):
        raise errors.impossible("an amount that matches is not modelled", "elective")
    amount = _money(fake, {"contribution.value": value}, "contribution.value")
    return {**nothing, "employer_amount": amount if amount and amount.amount else None}


def _seized(fake: Gusto, body: dict[str, Json], old: DeductionSpec) -> DeductionSpec:
    """A garnishment as a request says it; its creditor is what describes it."""
    spec = _taken(fake, body, old, "amount")
    if "description" in body:
        spec = replace(spec, name=body["description"], payee=body["description"])
    if "total_amount" in body:
        spec = replace(spec, owed=_money(fake, body, "total_amount"))
    return spec


def _taken(fake: Gusto, body: dict[str, Json], old: DeductionSpec, field: str) -> DeductionSpec:
    if field not in body and "deduct_as_percentage" not in body:
        return old
    before = old.percent if old.percent is not None else old.amount.amount if old.amount else Decimal(0)
    by_percent = body.get("deduct_as_percentage", old.percent is not None)
    told = body.get(field, str(before))
    if by_percent:
        return replace(old, percent=_share(told, field), amount=None)
    return replace(old, percent=None, amount=_money(fake, {field: told}, field))


def _share(text: Json, field: str) -> Decimal:
    value = decimal(text)
    if value is None or not 0 <= value <= _HUNDRED:
        raise errors.invalid(field, "is a percentage from 0 to 100")
    return value


def _money(fake: Gusto, body: dict[str, Json], field: str) -> Money | None:
    if body[field] is None:
        return None
    value = decimal(body[field])
    if value is None or not 0 <= value < _MOST or value != value.quantize(_CENT):
        raise errors.invalid(field, "is an amount in whole cents that is not negative")
    return Money(value.quantize(_CENT), fake.state.office.state.settings.currency)


def _type(fake: Gusto, kind: EarningType) -> Object:
    return {"uuid": derived(fake.state.company.id, "earning type", kind.code), "name": kind.name}


def _own_type(fake: Gusto, call: Call) -> EarningType:
    wanted = call.path["earning_type_uuid"]
    found = next((each for each in entering.own_types(fake) if _type(fake, each)["uuid"] == wanted), None)
    if found is None:
        raise errors.missing()
    return found


def _free_name(fake: Gusto, given: Json, own: str) -> str:
    name = str(given).strip()
    kinds = fake.state.office.state.types.items()
    taken = {kind.name.casefold() for code, kind in kinds if code != own} | {"reimbursement"}
    if not name or name.casefold() in taken:
        raise errors.invalid("name", "is empty, or another earning type has it")
    return name
