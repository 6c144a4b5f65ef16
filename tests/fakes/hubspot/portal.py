"""A HubSpot portal on its own, driven by JSON, every answer held against the contract."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

import msgspec

from simharness.core.clock import Clock
from simharness.core.content import content_folder
from simharness.core.ids import Ids
from simharness.core.money import Money
from simharness.core.rng import Rng
from simharness.domain import acts
from simharness.domain.acts import Act, LineSpec
from simharness.domain.crm import CrmSnapshot
from simharness.domain.events import CompanySaved, DealSaved, DomainEvent
from simharness.domain.exchange import Request, Response
from simharness.fakekit.pack import Setup
from simharness.stories.dictionaries import load_dictionary
from simharness_fakes.hubspot import PACK
from simharness_fakes.hubspot.fake import Hubspot
from tests.fakes.driving import misfits

MONDAY = datetime(2026, 1, 5, 17, 0, tzinfo=UTC)
FORM = "application/x-www-form-urlencoded"


@dataclass
class Answer:
    """A response with its JSON."""

    status: int
    headers: Mapping[str, str]
    json: Any
    raw: Response

    @property
    def ids(self) -> list[str]:
        return [one["id"] for one in self.json["results"]]


@dataclass
class SalesTeam:
    """A furnished portal on Monday 5 January 2026, nine in the morning in Los Angeles.

    `posted` are the webhooks it sent, answered with `receiver`.
    """

    options: Mapping[str, str] = field(default_factory=dict)
    posted: list[Request] = field(default_factory=list)
    receiver: int | None = 200
    locale: str = "en_US"

    def __post_init__(self) -> None:
        self.clock = Clock(MONDAY)
        rng = Rng(11)
        setup = Setup(
            clock=self.clock, rng=rng, ids=Ids(rng), post=self._post, options=self.options, locale=self.locale
        )
        fake = PACK.build(setup)
        assert isinstance(fake, Hubspot)
        self.fake = fake
        self.token = fake.connection("")["access_token"]
        self.dictionary = load_dictionary(content_folder("scenarios") / "dictionaries" / "us-saas.yaml")
        self.act(acts.Furnish(dictionary=self.dictionary), "setup")

    def ask(self, method: str, path: str, body: Any = None, /, *, hapikey: str = "", **query: Any) -> Answer:
        """One call; a list in the query is repeated."""
        words = {**query, **({"hapikey": hapikey} if hapikey else {})}
        request = Request(
            method=method,
            host="api.hubapi.com",
            path=path,
            query=urlencode(words, doseq=True),
            headers={"authorization": f"Bearer {self.token}", "content-type": "application/json"},
            body=b"" if body is None else msgspec.json.encode(body),
        )
        return self.send(request)

    def form(self, path: str, **values: str) -> Answer:
        """One form, without a credential."""
        body = urlencode(values).encode()
        return self.send(
            Request(method="POST", host="api.hubapi.com", path=path, headers={"content-type": FORM}, body=body)
        )

    def send(self, request: Request) -> Answer:
        """Any request; the answer must follow the contract."""
        response = self.fake.handle(request)
        operation = self.fake.contract.operations.get(response.notes.operation)
        if operation is not None:
            assert misfits(operation, response) == (), response.body
        parsed = msgspec.json.decode(response.body) if response.body else None
        return Answer(response.status, response.headers, parsed, response)

    def search(self, kind: str, *filters: tuple[str, str, Any], **body: Any) -> Answer:
        """Search with one group of (property, operator, value) filters; a list is `values`, a pair a range."""
        body["filterGroups"] = [{"filters": [_filter(*one) for one in filters]}] if filters else []
        return self.ask("POST", f"/crm/v3/objects/{kind}/search", body)

    def act(self, act: Act, actor: str = "sales") -> tuple[DomainEvent, ...]:
        return self.fake.operate(act, actor)

    def company(self, name: str = "Globex", **fields: Any) -> str:
        (saved,) = self.act(acts.CreateCompany(name=name, **fields))
        assert isinstance(saved, CompanySaved)
        return saved.company_id

    def deal(self, company_id: str, *lines: LineSpec, name: str = "Rollout", **fields: Any) -> DealSaved:
        act = acts.CreateDeal(
            name=name,
            company_id=company_id,
            currency="USD",
            lines=lines or (line("Badge printer", 1, "4000.00"),),
            **fields,
        )
        (saved,) = self.act(act)
        assert isinstance(saved, DealSaved)
        return saved

    def later(self, **delta: float) -> None:
        """Let time pass; a fresh access token is used afterwards."""
        self.clock.advance(timedelta(**delta))
        self.refresh()

    def refresh(self) -> None:
        known = self.fake.connection("")
        answer = self.form(
            "/oauth/v1/token",
            grant_type="refresh_token",
            client_id=known["client_id"],
            client_secret=known["client_secret"],
            refresh_token=known["refresh_token"],
        )
        assert answer.status == 200, answer.json
        self.token = answer.json["access_token"]

    def snapshot(self) -> CrmSnapshot:
        (found,) = self.fake.snapshot()
        assert isinstance(found, CrmSnapshot)
        return found

    def _post(self, request: Request) -> Response | None:
        self.posted.append(request)
        return None if self.receiver is None else Response(status=self.receiver)


def line(product: str, quantity: int | str, price: str, **fields: Any) -> LineSpec:
    """A line in dollars."""
    return LineSpec(product=product, quantity=Decimal(quantity), unit_price=Money(price, "USD"), **fields)


def _filter(name: str, operator: str, value: Any) -> dict[str, Any]:
    told = {"propertyName": name, "operator": operator}
    if isinstance(value, list):
        return {**told, "values": value}
    if isinstance(value, tuple):
        return {**told, "value": value[0], "highValue": value[1]}
    return told if value is None else {**told, "value": value}
