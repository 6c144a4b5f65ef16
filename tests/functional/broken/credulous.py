"""A connector that takes what a webhook says for the record itself, as often as it is told; and one that dies of it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import httpx

from simharness.reference.app import build as reference


class Credulous:
    """The reference connector, but what the gateway tells it is posted at once, from the payload."""

    def __init__(self, env: Mapping[str, str], state_dir: Path, transport: httpx.BaseTransport) -> None:
        self._app = reference(env, state_dir, transport)
        self._told = 0
        self._company = f"{env['QUICKBOOKS_BASE_URL']}/v3/company/{env['QUICKBOOKS_REALM_ID']}"
        login = {"authorization": f"Bearer {env['QUICKBOOKS_ACCESS_TOKEN']}"}
        self._client = httpx.Client(transport=transport, headers=login)

    def trigger(self, name: str) -> None:
        self._app.trigger(name)

    def deliver(
        self, method: str, path: str, headers: Mapping[str, str], body: bytes
    ) -> tuple[int, Mapping[str, str], bytes]:
        if path != "/stripe":
            return self._app.deliver(method, path, headers, body)
        event = json.loads(body)
        if event["type"] == "charge.succeeded":
            self._post(event["data"]["object"])
        return 200, {}, b""

    def quiet(self) -> bool:
        return self._app.quiet()

    def operate(self, action: str, args: Mapping[str, str]) -> None:
        self._app.operate(action, args)

    def close(self) -> None:
        self._app.close()

    def _post(self, charge: Mapping[str, Any]) -> None:
        found = self._client.get(f"{self._company}/query", params={"query": "select * from Customer"}).json()
        self._told += 1
        body = {
            "TotalAmt": charge["amount"] / 100,
            "CustomerRef": {"value": found["QueryResponse"]["Customer"][0]["Id"]},
            "PrivateNote": f"stripe:charge:{charge['id']}",
        }
        params = {"requestid": f"told-{self._told}"}
        self._client.post(f"{self._company}/payment", json=body, params=params).raise_for_status()


class Dying(Credulous):
    """Whatever it is told, it dies of."""

    def deliver(
        self, method: str, path: str, headers: Mapping[str, str], body: bytes
    ) -> tuple[int, Mapping[str, str], bytes]:
        raise RuntimeError("no such column: deliveries")


class Forgetful(Credulous):
    """Of what it is told before it works again it keeps the last alone, so that the order decides what is posted."""

    _last: Mapping[str, Any] | None = None

    def trigger(self, name: str) -> None:
        last, self._last = self._last, None
        if last is not None:
            self._post(last)
        super().trigger(name)

    def deliver(
        self, method: str, path: str, headers: Mapping[str, str], body: bytes
    ) -> tuple[int, Mapping[str, str], bytes]:
        if path != "/stripe":
            return super().deliver(method, path, headers, body)
        event = json.loads(body)
        if event["type"] == "charge.succeeded":
            self._last = event["data"]["object"]
        return 200, {}, b""


def build(env: Mapping[str, str], state_dir: Path, transport: httpx.BaseTransport) -> Credulous:
    """What a manifest names."""
    return Credulous(env, state_dir, transport)


def forgetful(env: Mapping[str, str], state_dir: Path, transport: httpx.BaseTransport) -> Forgetful:
    """One whose books depend on what it was told last."""
    return Forgetful(env, state_dir, transport)


def dying(env: Mapping[str, str], state_dir: Path, transport: httpx.BaseTransport) -> Dying:
    """The other one."""
    return Dying(env, state_dir, transport)
