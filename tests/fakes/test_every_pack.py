"""Laws every registered pack keeps, whatever its vendor: it follows its contract, and refuses as the vendor would."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from functools import lru_cache

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import AcceptedNegativeData, negative_data_rejection

from simharness.core.content import content_folder
from simharness.core.money import Money
from simharness.domain.events import EmployeeSaved, PayrollCalculated
from simharness.domain.exchange import UNMODELLED, Request
from simharness.domain.payroll import PayrollSnapshot
from simharness.domain.people import ApprovePayroll, DeductionSpec, HireEmployee, RunPayroll, SetDeductions
from simharness.fakekit.contract import Contract, Operation
from simharness.fakekit.fake import Fake
from simharness.fakekit.schema import Validator, resolve
from simharness.stories.dictionaries import load_dictionary
from simharness.world.registry import installed_packs
from tests.fakes.conftest import furnished
from tests.fakes.driving import BASE_URL, auth_headers, checked, connection, harvest, misfits, prepared, unsayable

#: Requests an operation group is asked; half of them follow the contract and half do not.
CASES = 200


def fresh(vendor: str) -> Fake:
    dictionary = load_dictionary(content_folder("scenarios") / "dictionaries" / "us-saas.yaml")
    fake = furnished(dictionary, vendor=vendor).fake(installed_packs()[vendor].family)
    if fake.pack.family == "payroll":
        staffed(fake)
    return fake


def staffed(fake: Fake) -> None:
    """Somebody who is paid, so that there is something to ask a payroll for."""
    pay, hired = Money(Decimal("60000.00"), "USD"), date(2026, 1, 1)
    department = next(snapshot for snapshot in fake.snapshot() if isinstance(snapshot, PayrollSnapshot)).departments[0]
    hire = HireEmployee(name="Ann", department=department.name, state="TX", hired=hired, salary=pay)
    (saved,) = fake.operate(hire, "people")
    assert isinstance(saved, EmployeeSaved)
    taken = (DeductionSpec(code="retirement_401k", percent=Decimal(5)), DeductionSpec(code="garnishment", amount=pay))
    fake.operate(SetDeductions(employee_id=saved.employee_id, deductions=taken), "people")
    (calculated,) = fake.operate(RunPayroll(), "people")
    assert isinstance(calculated, PayrollCalculated)
    fake.operate(ApprovePayroll(payroll_id=calculated.payroll_id), "people")


@lru_cache(maxsize=8)
def contract_of(vendor: str) -> Contract:
    return fresh(vendor).contract


@lru_cache(maxsize=8)
def schema_of(vendor: str) -> schemathesis.BaseSchema:
    document = {**contract_of(vendor).document, "servers": [{"url": BASE_URL}]}
    return schemathesis.openapi.from_dict(document)


def groups() -> list[tuple[str, str]]:
    found = {(v, op.tags[0] if op.tags else "untagged") for v in installed_packs() for op in contract_of(v)}
    return sorted(found)


def operations() -> list[tuple[str, str]]:
    return [(vendor, operation.id) for vendor in installed_packs() for operation in contract_of(vendor)]


def cases(vendor: str, group: str, mode: GenerationMode) -> st.SearchStrategy[schemathesis.Case]:
    chosen = schema_of(vendor).include(tag=group) if group != "untagged" else schema_of(vendor)
    strategies = [found.ok().as_strategy(generation_mode=mode) for found in chosen.get_all_operations()]
    return st.one_of(strategies)


_SETTINGS = settings(
    max_examples=CASES // 2,
    deadline=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
    derandomize=True,
    database=None,
)


@pytest.mark.parametrize(("vendor", "group"), groups())
@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE], ids=["valid", "invalid"])
def test_every_answer_follows_the_contract(vendor: str, group: str, mode: GenerationMode) -> None:
    fake = fresh(vendor)
    known = connection(fake)
    headers = auth_headers(fake)
    pool: dict[str, None] = {}
    warm_up(fake, group, pool)

    @_SETTINGS
    @given(case=cases(vendor, group, mode), data=st.data())
    def law(case: schemathesis.Case, data: st.DataObject) -> None:
        for name in case.path_parameters or {}:
            own = known.get(name.lower())
            # Drawn whatever the pool holds: a draw that depends on earlier cases could not be repeated.
            lot = data.draw(st.integers(0, 999))
            if own is not None and mode is GenerationMode.POSITIVE:
                case.path_parameters[name] = own
            elif pool and mode is GenerationMode.POSITIVE and lot % 2:
                harvested = list(pool)[lot // 2 % len(pool)]
                if fits(vendor, case, name, harvested):
                    case.path_parameters[name] = harvested
        if mode is GenerationMode.POSITIVE and isinstance(case.body, dict):
            # Some vendors name what a request is about in its body.
            case.body.update({name: known[name] for name in case.body if name in known})
        request, wire = prepared(case, headers)
        response = fake.handle(request)
        harvest(response, pool)
        asked = f"{request.method} {request.path}?{request.query}\n{request.body!r}"
        told = f"{asked}\n-> {response.status} {response.body!r}"
        operation = contract_of(vendor).operations[case.operation.definition.raw["operationId"]]
        if response.notes.operation != operation.id:
            return  # a generated path parameter made it another path; the laws about paths hold elsewhere
        assert UNMODELLED not in response.headers, told
        assert misfits(operation, response) == (), told
        # `misfits` judges status, media type and body by the contract's own validator; what is left is a failure
        # that a contract could declare.
        case.validate_response(checked(response, wire), checks=[not_a_server_error])
        if mode is GenerationMode.POSITIVE:
            assert response.notes.violations == (), told
        elif not unsayable(case):
            try:
                case.validate_response(checked(response, wire), checks=[negative_data_rejection])
            except AcceptedNegativeData:
                pytest.fail(f"accepted what its own contract forbids: {told}")

    law()


def fits(vendor: str, case: schemathesis.Case, name: str, value: str) -> bool:
    """Whether a harvested id may stand in a path: some path parameters are words of a closed list."""
    operation = contract_of(vendor).operations[case.operation.definition.raw["operationId"]]
    parameter = next(p for p in operation.parameters if p.location == "path" and p.name == name)
    return Validator(parameter.schema, operation.components).fits(value)


def warm_up(fake: Fake, group: str, pool: dict[str, None]) -> None:
    """Let the plain list operations of a group name what exists, once for each word a path parameter may be."""
    for operation in contract_of(fake.vendor):
        if operation.method == "GET" and group in operation.tags:
            path = operation.template
            for name, value in connection(fake).items():
                path = path.replace("{" + name + "}", value)
            path = path.replace("{realmId}", fake.connection("").get("realm_id", ""))
            for each in spelt_out(operation, path):
                if "{" not in each:
                    harvest(fake.handle(Request(method="GET", host="x", path=each, headers=auth_headers(fake))), pool)


def spelt_out(operation: Operation, path: str) -> list[str]:
    """The path with every word that a path parameter of a closed list may be."""
    paths = [path]
    for parameter in operation.parameters:
        words = resolve(parameter.schema, operation.components).get("enum", ())
        if parameter.location == "path" and words:
            paths = [each.replace("{" + parameter.name + "}", word) for each in paths for word in words]
    return paths


def plain_request(fake: Fake, operation: Operation, method: str, headers: dict[str, str]) -> Request:
    path = operation.template.replace("{realmId}", fake.connection("").get("realm_id", ""))
    segments = ["1" if s.startswith("{") else s for s in path.split("/")]
    return Request(method=method, host="x", path="/".join(segments), headers=headers)


@pytest.mark.parametrize(("vendor", "operation_id"), operations())
def test_no_operation_answers_without_a_credential(vendor: str, operation_id: str) -> None:
    fake = fresh(vendor)
    operation = fake.contract.operations[operation_id]
    if operation.open:
        pytest.skip("declared open: it gives out credentials or describes itself")
    response = fake.handle(plain_request(fake, operation, operation.method, {}))
    assert response.status == fake.contract.document.get("x-sim-unauthenticated", 401)
    assert misfits(operation, response) == ()


@pytest.mark.parametrize("vendor", list(installed_packs()))
def test_an_undeclared_method_is_refused_and_noted(vendor: str) -> None:
    fake = fresh(vendor)
    for operation in fake.contract:
        request = plain_request(fake, operation, "TRACE", auth_headers(fake))
        response = fake.handle(request)
        assert response.status == 405, operation.id
        assert response.notes.unmodelled == (f"TRACE {request.path}",)


@pytest.mark.parametrize("vendor", list(installed_packs()))
def test_an_undeclared_path_is_loud(vendor: str) -> None:
    fake = fresh(vendor)
    response = fake.handle(Request(method="GET", host="x", path="/no/such/thing", headers=auth_headers(fake)))
    assert response.status == 501
    assert response.headers[UNMODELLED] == "GET /no/such/thing"


@pytest.mark.parametrize("vendor", list(installed_packs()))
def test_every_declared_operation_has_a_handler_and_every_handler_an_operation(vendor: str) -> None:
    fake = fresh(vendor)
    assert set(fake.routes) == set(fake.contract.operations)


@pytest.mark.parametrize("vendor", list(installed_packs()))
def test_equal_seeds_give_equal_answers(vendor: str) -> None:
    one, two = fresh(vendor), fresh(vendor)
    for operation in one.contract:
        request = plain_request(one, operation, operation.method, auth_headers(one))
        assert one.handle(request) == two.handle(request), operation.id
