"""The vendor's own Python SDK, unmodified, over a socket."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from gusto_embedded import Gusto, models

from simharness.core.content import content_folder
from simharness.stories.dictionaries import load_dictionary
from simharness.world.doors.host import WorldHost
from simharness.world.doors.server import Served
from simharness.world.world import World
from tests.fakes.conftest import furnished

pytestmark = pytest.mark.socket


@pytest.fixture(scope="module")
def office() -> Iterator[Served]:
    """A world with a payroll, on sockets."""
    dictionary = load_dictionary(content_folder("scenarios") / "dictionaries" / "us-people.yaml")
    with Served(WorldHost(lambda: furnished(dictionary, vendor="gusto"))) as doors:
        yield doors


@pytest.fixture
def world(office: Served) -> World:
    office._host.reset()
    return office._host.world


@pytest.fixture
def client(office: Served, world: World) -> Gusto:
    return Gusto(server_url=office.urls["gusto"], company_access_auth=company(world)["access_token"])


def company(world: World) -> dict[str, str]:
    return dict(world.fake("payroll").connection(""))


def bearer(world: World) -> dict[str, str]:
    return {"authorization": f"Bearer {company(world)['access_token']}"}


def employed(client: Gusto, company_id: str, department: models.Department, email: str) -> models.Employee:
    """Somebody with a place of work, a job, a salary of 60,000 and a department."""
    person = client.employees.create(
        company_id=company_id, first_name="Ann", last_name="Lee", email=email, date_of_birth="1990-02-03",
        ssn="900-10-1000", self_onboarding=False,
    )  # fmt: skip
    place = client.locations.create(
        company_id=company_id, phone_number="5551234567", street_1="1 Main", city="Austin", state="TX", zip_code="78701"
    )
    client.employee_addresses.create_work_address(
        employee_id=person.uuid, location_uuid=place.uuid, effective_date=None
    )
    client.employee_addresses.create(
        employee_id=person.uuid, street_1="2 Main", city="Austin", state="TX", zip_code="78701"
    )
    job = client.jobs_and_compensations.create_job(employee_id=person.uuid, title="Engineer", hire_date="2026-01-01")
    first = job.compensations[0]
    client.jobs_and_compensations.update_compensation(
        compensation_id=first.uuid, version=first.version, rate="60000.00",
        payment_unit=models.PutV1CompensationsCompensationIDPaymentUnit.YEAR,
        flsa_status=models.FlsaStatusType.EXEMPT,
    )  # fmt: skip
    client.departments.add_people(department_uuid=department.uuid, employees=[{"uuid": person.uuid}])
    return client.employees.get(employee_id=person.uuid)


def test_a_payroll_from_hiring_to_processed(client: Gusto, world: World) -> None:
    c = company(world)["company_uuid"]
    assert client.companies.get(company_id=c).name == "Acme Access Inc."
    department = next(each for each in client.departments.get_all(company_uuid=c) if each.title == "Sales")
    person = employed(client, c, department, "ann@private.example")
    assert (person.department, person.onboarded, person.jobs[0].rate) == ("Sales", True, "60000.00")

    unprocessed = client.payrolls.list(
        company_id=c, processing_statuses=[models.ProcessingStatuses.UNPROCESSED],
        payroll_types=[models.PayrollTypes.REGULAR], include=None,
    )  # fmt: skip
    first = unprocessed[0]
    assert (first.check_date, first.pay_period.start_date) == ("2026-01-15", "2026-01-01")
    prepared = client.payrolls.prepare(company_id=c, payroll_id=first.payroll_uuid)
    part = prepared.employee_compensations[0]
    bonus = [{"name": "Bonus", "amount": "500.00", "job_uuid": person.jobs[0].uuid}]
    changed = {"employee_uuid": part.employee_uuid, "version": part.version, "fixed_compensations": bonus}
    updated = client.payrolls.update(company_id=c, payroll_id=first.payroll_uuid, employee_compensations=[changed])
    assert updated.employee_compensations[0].version != part.version
    with pytest.raises(models.APIError) as stale:
        client.payrolls.update(company_id=c, payroll_id=first.payroll_uuid, employee_compensations=[changed])
    assert stale.value.status_code == 409

    client.payrolls.calculate(company_id=c, payroll_id=first.payroll_uuid)
    waiting = client.payrolls.get(company_id=c, payroll_id=first.payroll_uuid)
    assert waiting.calculated_at is None
    assert waiting.processing_request.status is models.PayrollProcessingRequestStatus.CALCULATING
    calculated = client.payrolls.get(
        company_id=c, payroll_id=first.payroll_uuid,
        include=[models.GetV1CompaniesCompanyIDPayrollsPayrollIDQueryParamInclude.TAXES],
    )  # fmt: skip
    assert calculated.calculated_at is not None
    # Half a month of 60,000 a year, and the bonus.
    assert calculated.totals.gross_pay == "3000.00"
    client.payrolls.submit(company_id=c, payroll_id=first.payroll_uuid)
    client.payrolls.get(company_id=c, payroll_id=first.payroll_uuid)
    done = client.payrolls.get(company_id=c, payroll_id=first.payroll_uuid)
    assert done.processed
    assert done.employee_compensations[0].gross_pay == 3000.0
    receipt = client.payrolls.get_receipt(payroll_uuid=first.payroll_uuid)
    assert receipt.totals.company_debit == done.totals.company_debit
    (stub,) = client.payrolls.get_pay_stubs(employee_id=person.uuid)
    assert stub.gross_pay == "3000.00"


def test_an_off_cycle_payroll_is_made_cancelled_and_deleted(client: Gusto, world: World) -> None:
    c = company(world)["company_uuid"]
    department = client.departments.create(company_uuid=c, title="Research")
    person = employed(client, c, department, "ann@private.example")
    made = client.payrolls.create_off_cycle(
        company_id=c, off_cycle=True, off_cycle_reason=models.OffCycleReason.BONUS, start_date="2026-01-05",
        end_date="2026-01-05", check_date="2026-01-09", employee_uuids=[person.uuid], fixed_withholding_rate=True,
    )  # fmt: skip
    part = client.payrolls.prepare(company_id=c, payroll_id=made.payroll_uuid).employee_compensations[0]
    client.payrolls.update(
        company_id=c, payroll_id=made.payroll_uuid,
        employee_compensations=[
            {
                "employee_uuid": person.uuid, "version": part.version,
                "fixed_compensations": [{"name": "Bonus", "amount": "1000.00"}],
            }
        ],
    )  # fmt: skip
    client.payrolls.submit(company_id=c, payroll_id=made.payroll_uuid)
    for _ in range(2):
        client.payrolls.get(company_id=c, payroll_id=made.payroll_uuid)
    (listed,) = client.payrolls.list(company_id=c, payroll_types=[models.PayrollTypes.OFF_CYCLE])
    assert (listed.processed, listed.off_cycle_reason) == (True, models.OffCycleReasonType.BONUS)
    client.payrolls.cancel(company_id=c, payroll_id=made.payroll_uuid)
    assert client.payrolls.list(company_id=c, payroll_types=[models.PayrollTypes.OFF_CYCLE]) == []
    client.payrolls.delete(company_id=c, payroll_id=made.payroll_uuid)
    with pytest.raises(models.APIError) as gone:
        client.payrolls.get(company_id=c, payroll_id=made.payroll_uuid)
    assert gone.value.status_code == 404


def test_what_is_taken_from_a_cheque(client: Gusto, world: World) -> None:
    c = company(world)["company_uuid"]
    department = client.departments.create(company_uuid=c, title="Research")
    person = employed(client, c, department, "ann@private.example")
    plan = client.company_benefits.create(company_id=c, description="401(k)", benefit_type=5)
    share = client.employee_benefits.create(
        employee_id=person.uuid, company_benefit_uuid=plan.uuid, employee_deduction="5.00", deduct_as_percentage=True,
        elective=True, contribution={"type": "percentage", "value": "4.00"},
    )  # fmt: skip
    assert (share.employee_deduction, share.contribution.value) == ("5.00", "4.00")
    owed = client.garnishments.create(
        employee_id=person.uuid, amount="100.00", court_ordered=True, description="Creditor", total_amount="250.00"
    )
    assert owed.total_amount == "250.00"
    kind = client.earning_types.create(company_id=c, name="Referral")
    assert [each.name for each in client.earning_types.list(company_id=c).custom] == [kind.name]
    (employee,) = world.fake("payroll").snapshot()[0].employees
    assert employee.id == person.uuid
    ended = client.employee_employments.create_termination(employee_id=person.uuid, effective_date="2026-02-27")
    assert (ended.active, ended.cancelable) == (False, True)
    client.employee_employments.delete_termination(employee_id=person.uuid)


def test_refusals_reach_the_client_as_its_errors(client: Gusto, office: Served, world: World) -> None:
    c = company(world)["company_uuid"]
    client.departments.create(company_uuid=c, title="Twice")
    with pytest.raises(models.UnprocessableEntityErrorObject) as refused:
        client.departments.create(company_uuid=c, title="Twice")
    assert refused.value.data.errors[0].error_key == "title"
    left = 200
    while left:
        answer = client.sdk_configuration.client.get(f"{office.urls['gusto']}/v1/token_info", headers=bearer(world))
        left = int(answer.headers["x-ratelimit-remaining"])
    with pytest.raises(models.APIError) as limited:
        client.pay_schedules.get_all(company_id=c)
    assert limited.value.status_code == 429
    assert int(limited.value.raw_response.headers["retry-after"]) == 60
    stranger = Gusto(server_url=office.urls["gusto"], company_access_auth="nobody")
    with pytest.raises(models.APIError) as unknown:
        stranger.companies.get(company_id=c)
    assert unknown.value.status_code == 401


def test_tokens_subscriptions_and_events(client: Gusto, world: World) -> None:
    values = company(world)
    info = client.introspection.get_info()
    assert info.resource.uuid == values["company_uuid"]
    assert "payrolls:run" in info.scope.split()
    fresh = client.introspection.refresh_token(
        client_id=values["client_id"], client_secret=values["client_secret"], refresh_token=values["refresh_token"],
        grant_type="refresh_token",
    )  # fmt: skip
    assert company(world)["access_token"] == fresh.access_token != values["access_token"]
    made = client.webhooks.create_subscription(
        security={"system_access_auth": fresh.access_token}, url="https://connector.test/gusto",
        subscription_types=["Payroll", "Employee"],
    )  # fmt: skip
    assert made.status is models.WebhookSubscriptionStatus.PENDING
    client.departments.create(company_uuid=values["company_uuid"], title="New")
    told = client.events.get(security={"system_access_auth": fresh.access_token})
    assert told[-1].event_type == "department.created"
