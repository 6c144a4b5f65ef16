"""A Stripe account on its own, driven by bracketed forms, every answer held against the contract."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

import msgspec

from simharness.core.clock import Clock
from simharness.core.ids import Ids
from simharness.core.rng import Rng
from simharness.domain.exchange import Request, Response
from simharness.fakekit.pack import Setup
from simharness_fakes.stripe import PACK
from simharness_fakes.stripe.fake import Stripe
from tests.fakes.driving import bracketed, misfits

MONDAY = datetime(2026, 1, 5, 17, 0, tzinfo=UTC)


@dataclass
class Answer:
    """A response with its JSON."""

    status: int
    headers: Mapping[str, str]
    json: Any
    raw: Response

    @property
    def error(self) -> Any:
        return self.json["error"]


@dataclass
class Account:
    """A fresh account at noon of a Monday (UTC 17:00); `posted` are the webhooks it sent, answered with `receiver`."""

    options: Mapping[str, str] = field(default_factory=dict)
    posted: list[Request] = field(default_factory=list)
    receiver: int | None = 200

    def __post_init__(self) -> None:
        self.clock = Clock(MONDAY)
        rng = Rng(11)
        setup = Setup(clock=self.clock, rng=rng, ids=Ids(rng), post=self._post, options=self.options)
        fake = PACK.build(setup)
        assert isinstance(fake, Stripe)
        self.fake = fake

    def ask(self, method: str, path: str, params: Mapping[str, Any] | None = None, **headers: str) -> Answer:
        """One call; parameters go into the query or the form. Header names have underscores for hyphens."""
        text = urlencode(bracketed(params or {}))
        request = Request(
            method=method,
            host="api.stripe.com",
            path=f"/v1/{path}",
            query=text if method == "GET" else "",
            headers={
                "authorization": f"Bearer {self.fake.api_key}",
                "content-type": "application/x-www-form-urlencoded",
                **{name.replace("_", "-"): value for name, value in headers.items()},
            },
            body=b"" if method == "GET" else text.encode(),
        )
        response = self.fake.handle(request)
        operation, _ = self.fake.contract.find(method, request.path)
        if operation is not None:
            assert misfits(operation, response) == ()
        return Answer(response.status, response.headers, msgspec.json.decode(response.body), response)

    def post(self, path: str, /, **params: Any) -> Any:
        """A POST that must succeed."""
        answer = self.ask("POST", path, params)
        assert answer.status == 200, answer.json
        return answer.json

    def get(self, path: str, /, **params: Any) -> Any:
        """A GET that must succeed."""
        answer = self.ask("GET", path, params)
        assert answer.status == 200, answer.json
        return answer.json

    def pay(self, amount: int, currency: str = "usd", **more: Any) -> Any:
        """A confirmed payment by a good card; the intent."""
        return self.post(
            "payment_intents", amount=amount, currency=currency, payment_method="pm_card_visa", confirm=True, **more
        )

    def _post(self, request: Request) -> Response | None:
        self.posted.append(request)
        return None if self.receiver is None else Response(status=self.receiver)
