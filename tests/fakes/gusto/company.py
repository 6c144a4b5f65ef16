"""A company in Gusto on its own, every answer held against the contract of the version that was asked for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from simharness.core.clock import Clock
from simharness.core.content import content_folder
from simharness.core.ids import Ids
from simharness.core.money import Money
from simharness.core.rng import Rng
from simharness.domain import people
from simharness.domain.acts import Furnish
from simharness.domain.events import DomainEvent, EmployeeSaved, PayrollCalculated, PayrollProcessed
from simharness.domain.exchange import Request, Response
from simharness.domain.payroll import PayrollSnapshot
from simharness.fakekit.bodies import read_json, write_json
from simharness.fakekit.contract import load
from simharness.fakekit.pack import Setup
from simharness.stories.dictionaries import load_dictionary
from simharness_fakes.gusto import PACK
from simharness_fakes.gusto.fake import BASE, Gusto
from tests.fakes.driving import misfits

#: A Monday, 17:00 UTC: 9:00 in the company.
MONDAY = datetime(2026, 1, 5, 17, 0, tzinfo=UTC)
NEW = "2025-06-15"


def usd(amount: str | int) -> Money:
    return Money(Decimal(amount), "USD")


@dataclass
class Company:
    """A furnished company. `posted` are the webhooks it sent, answered with `receiver`; `announced` what the world is
    told.
    """

    options: Mapping[str, str] = field(default_factory=dict)
    scopes: tuple[str, ...] = ()
    posted: list[Request] = field(default_factory=list)
    announced: list[DomainEvent] = field(default_factory=list)
    receiver: int | None = 200

    def __post_init__(self) -> None:
        self.clock = Clock(MONDAY)
        rng = Rng(11)
        self.setup = Setup(
            clock=self.clock, rng=rng, ids=Ids(rng), post=self._post, options=self.options, scopes=self.scopes,
            announce=self.announced.extend,
        )  # fmt: skip
        fake = PACK.build(self.setup)
        assert isinstance(fake, Gusto)
        self.fake = fake
        fake.operate(
            Furnish(dictionary=load_dictionary(content_folder("scenarios") / "dictionaries" / "us-people.yaml")),
            "setup",
        )
        self.id = fake.state.company.id
        self.token = fake.connection("")["access_token"]

    def ask(
        self, method: str, path: str, body: Any = None, *, query: str = "", version: str = "", token: str | None = None
    ) -> Response:
        """One request; `{c}` in the path is the company."""
        headers = {"content-type": "application/json", "host": "api.gusto-demo.com"}
        if version:
            headers["x-gusto-api-version"] = version
        if token != "":
            headers["authorization"] = f"Bearer {token or self.token}"
        request = Request(
            method=method,
            host="api.gusto-demo.com",
            path=path.replace("{c}", self.id),
            query=query,
            headers=headers,
            body=b"" if body is None else write_json(body),
        )
        response = self.fake.handle(request)
        if response.notes.operation:
            contract = load(PACK.package, "" if version in ("", BASE) else version)
            assert misfits(contract.operations[response.notes.operation], response) == (), response.body
        return response

    def get(self, path: str, query: str = "", version: str = "") -> Any:
        """A good answer to a GET."""
        return self.good("GET", path, query=query, version=version)

    def good(self, method: str, path: str, body: Any = None, *, query: str = "", version: str = "") -> Any:
        """A good answer."""
        response = self.ask(method, path, body, query=query, version=version)
        assert 200 <= response.status < 300, (response.status, response.body)
        return read_json(response.body)

    def refused(self, status: int, method: str, path: str, body: Any = None, **more: Any) -> dict[str, str]:
        """The first error of a refusal."""
        response = self.ask(method, path, body, **more)
        assert response.status == status, (response.status, response.body)
        found: dict[str, str] = read_json(response.body)["errors"][0]
        return found

    def do(self, act: Any) -> DomainEvent:
        """What people do."""
        (event,) = self.fake.operate(act, "people")
        return event

    def hire(self, department: str = "Sales", state: str = "TX", salary: int = 60000, **more: Any) -> str:
        """Somebody with a salary."""
        act = people.HireEmployee(
            name="Ann", department=department, state=state, hired=date(2026, 1, 1), salary=usd(salary), **more
        )
        event = self.do(act)
        assert isinstance(event, EmployeeSaved)
        return event.employee_id

    def run_of(self, act: Any) -> str:
        """The id of the payroll that an act made."""
        event = self.do(act)
        assert isinstance(event, PayrollCalculated | PayrollProcessed)
        return event.payroll_id

    def deductions(self, employee: str) -> tuple[people.DeductionSpec, ...]:
        """What the engine takes from somebody's cheques."""
        return self.fake.state.office.state.employee(employee).deductions

    def ran(self, act: Any | None = None) -> PayrollProcessed:
        """A payroll, calculated and approved."""
        event = self.do(act or people.RunPayroll())
        assert isinstance(event, PayrollCalculated)
        done = self.do(people.ApprovePayroll(payroll_id=event.payroll_id))
        assert isinstance(done, PayrollProcessed)
        return done

    def ledger(self, payroll: str, aggregation: str = "department") -> list[dict[str, Any]]:
        """The tables of a general ledger report."""
        asked = self.good("POST", f"/v1/payrolls/{payroll}/reports/general_ledger", {"aggregation": aggregation})
        url = ""
        while not url:
            answer = self.get(f"/v1/reports/{asked['request_uuid']}")
            url = "".join(answer["report_urls"])
        return list(self.get(url.removeprefix("https://api.gusto-demo.com"))["data"])

    @property
    def snapshot(self) -> PayrollSnapshot:
        (found,) = self.fake.snapshot()
        assert isinstance(found, PayrollSnapshot)
        return found

    def _post(self, request: Request) -> Response | None:
        self.posted.append(request)
        return None if self.receiver is None else Response(status=self.receiver)
