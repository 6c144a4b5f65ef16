"""Two versions of the API: 2025-06-15 lies over 2024-04-01 and differs from it where the vendor says so."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from simharness.domain.exchange import Request
from simharness.fakekit.contract import load
from tests.fakes.gusto.company import NEW, Company

PAYROLLS = "/v1/companies/{c}/payrolls"


@pytest.fixture
def crowd() -> Company:
    """A company that pays 27 people."""
    c = Company()
    for _ in range(27):
        c.hire()
    return c


def test_people_of_a_payroll_come_in_pages_at_the_newer_version_alone(crowd: Company) -> None:
    path = f"{PAYROLLS}/{crowd.ran().payroll_id}"
    assert len(crowd.get(path)["employee_compensations"]) == 27
    response = crowd.ask("GET", path, version=NEW)
    told = {name: response.headers[name] for name in ("x-page", "x-per-page", "x-total-count", "x-total-pages")}
    assert told == {"x-page": "1", "x-per-page": "25", "x-total-count": "27", "x-total-pages": "2"}
    assert len(crowd.get(path, "page=2", NEW)["employee_compensations"]) == 2
    # At the older version the same parameters do nothing, and the record says so.
    older = crowd.ask("GET", path, query="page=2&per=1")
    assert len(crowd.get(path, "page=2&per=1")["employee_compensations"]) == 27
    assert set(older.notes.inert) == {"query.page", "query.per"}


def test_what_is_prepared_comes_in_pages_and_an_update_answers_whom_it_was_about(crowd: Company) -> None:
    payroll = crowd.get(PAYROLLS, "processing_statuses=unprocessed")[0]["uuid"]
    prepared = crowd.good("PUT", f"{PAYROLLS}/{payroll}/prepare", version=NEW)["employee_compensations"]
    assert len(prepared) == 25
    part = {"employee_uuid": prepared[0]["employee_uuid"], "version": prepared[0]["version"], "excluded": True}
    body = {"employee_compensations": [part]}
    newer = crowd.good("PUT", f"{PAYROLLS}/{payroll}", body, version=NEW)["employee_compensations"]
    assert [each["employee_uuid"] for each in newer] == [part["employee_uuid"]]
    part = {**part, "version": newer[0]["version"], "excluded": False}
    older = crowd.good("PUT", f"{PAYROLLS}/{payroll}", {"employee_compensations": [part]})
    assert len(older["employee_compensations"]) == 27


@pytest.mark.parametrize(
    "asked",
    [
        lambda c, version: c.ask("GET", PAYROLLS, query="page=1&per=101", version=version),
        lambda c, version: c.ask("GET", f"{PAYROLLS}/{c.ran().payroll_id}", query="per=101", version=version),
        lambda c, version: c.ask("PUT", f"{PAYROLLS}/{unprocessed(c)}", many(c), version=version),
    ],
    ids=["list", "payroll", "update"],
)
def test_a_hundred_is_the_most_at_the_newer_version(asked: Callable[[Company, str], Any]) -> None:
    c = Company()
    c.hire()
    told = asked(c, NEW)
    assert told.status == 422
    assert told.notes.violations
    assert asked(c, "").notes.violations == ()


def unprocessed(c: Company) -> str:
    found = c.get(PAYROLLS, "processing_statuses=unprocessed&end_date=2026-02-28")
    return str(found[0]["uuid"])


def many(c: Company) -> dict[str, Any]:
    return {"employee_compensations": [{"employee_uuid": "x", "version": "x"}] * 101}


def test_nobody_is_an_error_for_not_having_been_rehired_at_the_newer_version() -> None:
    c = Company()
    employee = c.hire()
    path = f"/v1/employees/{employee}/rehire"
    assert c.ask("GET", path).status == 404
    quiet = c.ask("GET", path, version=NEW)
    assert (quiet.status, quiet.body) == (204, b"")
    assert c.ask("GET", "/v1/employees/nobody/rehire", version=NEW).status == 404


def test_a_version_that_there_is_not_is_refused_by_name() -> None:
    c = Company()
    told = c.refused(406, "GET", "/v1/companies/{c}", version="2031-01-01")
    assert told["category"] == "invalid_api_version"
    assert "2031-01-01" in told["message"]


def test_without_a_version_the_minimum_of_the_app_holds() -> None:
    c = Company(options={"minimum_version": NEW})
    employee = c.hire()
    headers = {"authorization": f"Bearer {c.token}"}
    request = Request(method="GET", host="x", path=f"/v1/employees/{employee}/rehire", headers=headers)
    assert c.fake.handle(request).status == 204


def test_both_versions_have_the_same_operations() -> None:
    older, newer = load("simharness_fakes.gusto"), load("simharness_fakes.gusto", NEW)
    assert set(older.operations) == set(newer.operations)
    assert (older.version, newer.version) == ("2024-04-01", NEW)
