"""A world of one vendor under a plan, and the requests that each kind of fault needs to meet it."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from simharness.core.money import Money
from simharness.domain.dictionary import Dictionary
from simharness.domain.events import EmployeeSaved
from simharness.domain.exchange import Outcome, Request
from simharness.domain.fault import Fault, Plan, Struck, Trigger
from simharness.domain.payroll import PayrollSnapshot
from simharness.domain.people import HireEmployee
from simharness.fakekit.fake import Fake
from simharness.fakekit.faults import Injector
from simharness.world.registry import installed_packs
from simharness.world.world import World
from tests.fakes.conftest import TODAY
from tests.fakes.driving import auth_headers

VENDORS = tuple(installed_packs())


class Vendor:
    """One vendor alone in a world, whose faults act once `plan` says so."""

    def __init__(self, name: str, dictionary: Dictionary, *, only_acts: bool = False, **options: str) -> None:
        self.port = Injector(Plan(), only_acts=only_acts)
        family = installed_packs()[name].family
        self.world = World(now=TODAY, stack={family: name}, port=self.port, options={name: options})
        self.world.furnish(dictionary)
        self.fake: Fake = self.world.fakes[family]
        self.keys = self.fake.connection("")

    def plan(self, kind: str, *, times: int = 1, amount: int = 0) -> None:
        """Let the next request suffer."""
        self.port.add(Fault(kind=kind, trigger=Trigger(vendor=self.fake.vendor), times=times, amount=amount))

    def send(self, request: Request) -> Outcome:
        outcome = self.world.exchange(request)
        assert outcome is not None
        return outcome

    def json(self, request: Request) -> Any:
        """The body of an answer that has to be good."""
        response = self.send(request).response
        assert response.status < 300, response.body
        return json.loads(response.body)

    @property
    def struck(self) -> tuple[Struck, ...]:
        return self.world.struck

    def request(self, method: str, path: str, body: Any = None, query: str = "", **headers: str) -> Request:
        """A request of the connector: JSON, or the text or form it is given."""
        sent = {**auth_headers(self.fake), **headers}
        content = b""
        if body is not None:
            sent.setdefault("content-type", "application/json")
            content = body.encode() if isinstance(body, str) else json.dumps(body).encode()
        return Request(method=method, host=self.fake.pack.hosts[0], path=path, query=query, headers=sent, body=content)

    @property
    def books(self) -> str:
        return f"/v3/company/{self.keys['realm_id']}"


Ask = Callable[[Vendor], Request]


def _hubspot_company(vendor: Vendor, name: str = "Acme") -> str:
    made = vendor.json(vendor.request("POST", "/crm/v3/objects/companies", {"properties": {"name": name}}))
    return str(made["id"])


def _hubspot_update(vendor: Vendor) -> Request:
    path = f"/crm/v3/objects/companies/{_hubspot_company(vendor)}"
    return vendor.request("PATCH", path, {"properties": {"phone": "1"}})


def hubspot_batch(vendor: Vendor, count: int = 3) -> Request:
    ids = [_hubspot_company(vendor, f"Company {number}") for number in range(count)]
    inputs = [{"id": each, "properties": {"phone": "1"}} for each in ids]
    return vendor.request("POST", "/crm/v3/objects/companies/batch/update", {"inputs": inputs})


def hubspot_search(vendor: Vendor, after: int = 0) -> Request:
    body = {"limit": 1, "after": after, "sorts": ["hs_lastmodifieddate"], "filterGroups": []}
    return vendor.request("POST", "/crm/v3/objects/companies/search", body)


def _hubspot_page(vendor: Vendor) -> Request:
    for number in range(3):
        _hubspot_company(vendor, f"Company {number}")
        vendor.world.clock.advance_to(vendor.world.clock.now.replace(second=number + 1))
    return hubspot_search(vendor, after=1)


def _books_customer(vendor: Vendor, name: str = "Acme") -> dict[str, Any]:
    made = vendor.json(vendor.request("POST", f"{vendor.books}/customer", {"DisplayName": name}))
    return dict(made["Customer"])


def books_update(vendor: Vendor) -> Request:
    customer = _books_customer(vendor)
    told = {"Id": customer["Id"], "SyncToken": customer["SyncToken"], "sparse": True, "Notes": "net 30"}
    return vendor.request("POST", f"{vendor.books}/customer", told)


def books_batch(vendor: Vendor) -> Request:
    items = [{"bId": str(n), "operation": "create", "Customer": {"DisplayName": f"Company {n}"}} for n in range(3)]
    return vendor.request("POST", f"{vendor.books}/batch", {"BatchItemRequest": items})


def books_query(vendor: Vendor, tail: str = "") -> Request:
    text = f"select * from Customer {tail}"  # noqa: S608 - a query of QuickBooks, of words of the test
    return vendor.request("POST", f"{vendor.books}/query", text, **{"content-type": "application/text"})


def _books_page(vendor: Vendor) -> Request:
    for number in range(3):
        _books_customer(vendor, f"Company {number}")
        vendor.world.clock.advance_to(vendor.world.clock.now.replace(second=number + 1))
    return books_query(vendor, "orderby MetaData.LastUpdatedTime startposition 2 maxresults 1")


def _stripe(vendor: Vendor, method: str, path: str, body: str | None = None) -> Request:
    return vendor.request(method, path, body, **{"content-type": "application/x-www-form-urlencoded"})


def _stripe_list(vendor: Vendor) -> Request:
    vendor.json(_stripe(vendor, "POST", "/v1/customers", "name=Acme"))
    return _stripe(vendor, "GET", "/v1/customers")


def plaid_sync(vendor: Vendor, cursor: str = "", count: int = 100) -> Request:
    body = {"access_token": vendor.keys["access_token"], "count": count, **({"cursor": cursor} if cursor else {})}
    return vendor.request("POST", "/transactions/sync", body)


def _plaid_lines(vendor: Vendor) -> Request:
    lines = [{"amount": 5 + n, "date_posted": "2026-01-05", "date_transacted": "2026-01-05", "description": "coffee",
              "iso_currency_code": "USD"} for n in range(3)]  # fmt: skip
    body = {"access_token": vendor.keys["access_token"], "transactions": lines}
    return vendor.request("POST", "/sandbox/transactions/create", body)


def _plaid_page(vendor: Vendor) -> Request:
    vendor.json(_plaid_lines(vendor))
    return plaid_sync(vendor, cursor=vendor.json(plaid_sync(vendor, count=1))["next_cursor"], count=1)


def _gusto(vendor: Vendor, method: str, path: str, body: Any = None) -> Request:
    return vendor.request(method, path, body)


def _gusto_hired(vendor: Vendor) -> str:
    (payroll,) = (each for each in vendor.fake.snapshot() if isinstance(each, PayrollSnapshot))
    hire = HireEmployee(
        name="Ann", department=payroll.departments[0].name, state="TX", hired=date(2026, 1, 1),
        salary=Money(Decimal("60000.00"), "USD"),
    )  # fmt: skip
    (saved,) = vendor.world.operate("payroll", hire, "people")
    assert isinstance(saved, EmployeeSaved)
    return saved.employee_id


def gusto_update(vendor: Vendor) -> Request:
    path = f"/v1/employees/{_gusto_hired(vendor)}"
    version = vendor.json(_gusto(vendor, "GET", path))["version"]
    return _gusto(vendor, "PUT", path, {"version": version, "email": "ann@example.com"})


def gusto_list(vendor: Vendor) -> Request:
    _gusto_hired(vendor)
    return _gusto(vendor, "GET", f"/v1/companies/{vendor.keys['company_uuid']}/employees")


def _alert(vendor: Vendor) -> Request:
    payload = {"summary": "books differ", "source": "connector", "severity": "error"}
    event = {"routing_key": vendor.keys["routing_key"], "event_action": "trigger", "payload": payload}
    return vendor.request("POST", "/v2/enqueue", event)


def _books_write(vendor: Vendor) -> Request:
    return vendor.request("POST", f"{vendor.books}/customer", {"DisplayName": "Acme"})


def _books_stale(vendor: Vendor) -> Request:
    _books_customer(vendor)
    return books_query(vendor)


def _hubspot_stale(vendor: Vendor) -> Request:
    _hubspot_company(vendor)
    return hubspot_search(vendor)


#: A request that writes (where the vendor takes any), by vendor.
WRITES: Mapping[str, Ask] = MappingProxyType(
    {
        "hubspot": lambda v: v.request("POST", "/crm/v3/objects/companies", {"properties": {"name": "Acme"}}),
        "quickbooks": _books_write,
        "stripe": lambda v: _stripe(v, "POST", "/v1/customers", "name=Acme"),
        "plaid": _plaid_lines,
        "gusto": lambda v: _gusto(
            v, "POST", f"/v1/companies/{v.keys['company_uuid']}/departments", {"title": "Field service"}
        ),
        "alerts": _alert,
        "signon": lambda v: v.request("GET", "/oauth2/v1/keys"),
    }
)

#: What a kind needs of a request beyond that, by kind and vendor.
SPECIAL: Mapping[str, Mapping[str, Ask]] = MappingProxyType(
    {
        "conflict": {"hubspot": _hubspot_update, "quickbooks": books_update, "gusto": gusto_update},
        "stale_read": {
            "hubspot": _hubspot_stale, "quickbooks": _books_stale, "stripe": _stripe_list, "gusto": gusto_list,
        },
        "partial_batch": {"hubspot": hubspot_batch, "quickbooks": books_batch},
        "page_shift": {"hubspot": _hubspot_page, "quickbooks": _books_page, "plaid": _plaid_page},
    }
)  # fmt: skip


def met_by(kind: str, vendor: Vendor) -> Request:
    """A request of the vendor's that a kind of fault meets, where it can meet any."""
    return SPECIAL.get(kind, {}).get(vendor.fake.vendor, WRITES[vendor.fake.vendor])(vendor)
