"""A client of the fake QuickBooks that checks every answer against the contract."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from simharness.domain.acts import Act
from simharness.domain.exchange import Request, Response
from simharness.fakekit.bodies import read_json, write_json
from simharness.world.world import World
from simharness_fakes.quickbooks.fake import Quickbooks
from tests.fakes.driving import misfits

D = Decimal


@dataclass
class Client:
    """Calls one company as the connector; `ok` and `fault` say what is expected."""

    fake: Quickbooks
    token: str = ""
    realm: str = ""
    sent: list[Response] = field(default_factory=list)

    def __post_init__(self) -> None:
        connection = self.fake.connection("")
        self.token = self.token or connection["access_token"]
        self.realm = self.realm or connection["realm_id"]

    def renew(self) -> None:
        """A fresh access token, after time has passed."""
        self.token = self.fake.tokens.authorise("connector", self.realm).access_token

    def call(
        self,
        method: str,
        path: str,
        body: object = None,
        *,
        query: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        media_type: str = "application/json",
    ) -> Response:
        content = b"" if body is None else body.encode() if isinstance(body, str) else write_json(body)
        request = Request(
            method=method,
            host="quickbooks.api.intuit.com",
            path=f"/v3/company/{self.realm}/{path}",
            query=urlencode(query or {}),
            headers={"authorization": f"Bearer {self.token}", "content-type": media_type, **(headers or {})},
            body=content,
        )
        response = self.fake.handle(request)
        operation = self.fake.contract.operations.get(response.notes.operation)
        if operation is not None:
            assert misfits(operation, response) == ()
        self.sent.append(response)
        return response

    def ok(self, method: str, path: str, body: object = None, **more: Any) -> Any:
        response = self.call(method, path, body, **more)
        assert response.status == 200, response.body
        return read_json(response.body)

    def fault(self, code: str, method: str, path: str, body: object = None, **more: Any) -> Mapping[str, str]:
        """The first error of a refused request, whose code must be the expected one."""
        response = self.call(method, path, body, **more)
        assert response.status == 400, response.body
        found = read_json(response.body)["Fault"]
        assert found["type"] == "ValidationFault"
        error: Mapping[str, str] = found["Error"][0]
        assert error["code"] == code, error
        return error

    def save(self, entity: str, body: Mapping[str, Any], **query: str) -> Any:
        return self.ok("POST", entity.lower(), body, query=query)[entity]

    def read(self, entity: str, id: str) -> Any:
        return self.ok("GET", f"{entity.lower()}/{id}")[entity]

    def query(self, text: str) -> Any:
        return self.ok("POST", "query", text, media_type="application/text")["QueryResponse"]

    def one(self, entity: str, where: str) -> Any:
        (found,) = self.query(f"select * from {entity} where {where}")[entity]  # noqa: S608 - asked of a fake
        return found

    def id_of(self, entity: str, name: str) -> str:
        return str(self.one(entity, f"Name = '{name}'")["Id"])

    # -- what stories need -----------------------------------------------------------------------------------------

    def customer(self, name: str = "Globex", **more: Any) -> str:
        return str(self.save("Customer", {"DisplayName": name, **more})["Id"])

    def line(self, item: str, amount: str, *, taxed: bool = True, **detail: Any) -> dict[str, Any]:
        shown = {"ItemRef": {"value": self.id_of("Item", item)}, "TaxCodeRef": {"value": "TAX" if taxed else "NON"}}
        return {
            "Amount": D(amount),
            "DetailType": "SalesItemLineDetail",
            "SalesItemLineDetail": {**shown, **detail},
        }

    def invoice(self, customer: str, *lines: Mapping[str, Any], **more: Any) -> Any:
        return self.save("Invoice", self.sale(customer, *lines, **more))

    def sale(self, customer: str, *lines: Mapping[str, Any], **more: Any) -> dict[str, Any]:
        return {"CustomerRef": {"value": customer}, "Line": list(lines), **more}

    def paid(self, customer: str, amount: str, *links: tuple[str, str, str], **more: Any) -> Any:
        lines = [{"Amount": D(a), "LinkedTxn": [{"TxnId": id, "TxnType": kind}]} for kind, id, a in links]
        body = {"CustomerRef": {"value": customer}, "TotalAmt": D(amount), "Line": lines, **more}
        return self.save("Payment", body)


def ledger_of(world: World) -> Quickbooks:
    fake = world.fake("accounting")
    assert isinstance(fake, Quickbooks)
    return fake


def operate(world: World, act: Act, actor: str = "controller") -> None:
    world.operate("accounting", act, actor)
