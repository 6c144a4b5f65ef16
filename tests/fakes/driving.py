"""Driving a fake with generated requests: from a schemathesis case to `Fake.handle` and back."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode, urlsplit

import requests
import schemathesis
from schemathesis.core.transport import Response as CheckedResponse

from simharness.domain.exchange import Request, Response
from simharness.fakekit.contract import Operation
from simharness.fakekit.fake import Fake

BASE_URL = "http://127.0.0.1"

_FORM = "application/x-www-form-urlencoded"

#: Names under which answers carry ids worth asking for again.
_ID_NAMES = frozenset({"id", "Id", "uuid", "request_uuid", "cursor", "code", "name", "Name"})


def bracketed(value: Any, name: str = "") -> list[tuple[str, str]]:
    """A body as the pairs of a form with bracketed names: `a[b]=1`, `a[0]=x`, booleans in lower case."""
    if isinstance(value, Mapping):
        return [pair for key, part in value.items() for pair in bracketed(part, f"{name}[{key}]" if name else str(key))]
    if isinstance(value, list):
        return [pair for place, part in enumerate(value) for pair in bracketed(part, f"{name}[{place}]")]
    if isinstance(value, bool):
        return [(name, str(value).lower())]
    return [(name, "" if value is None else str(value))]


def unsayable(case: schemathesis.Case) -> bool:
    """Whether a form would lose a part of the body: nothing, an empty list and an empty object cannot be written."""
    return case.media_type == _FORM and _holds_nothing(case.body)


def _holds_nothing(value: Any) -> bool:
    if isinstance(value, Mapping):
        return any(part is None or part in ({}, []) or _holds_nothing(part) for part in value.values())
    return isinstance(value, list) and any(part is None or part in ({}, []) or _holds_nothing(part) for part in value)


def prepared(case: schemathesis.Case, headers: Mapping[str, str]) -> tuple[Request, requests.PreparedRequest]:
    """A case as the fake and as the checks read it."""
    kwargs = case.as_transport_kwargs(base_url=BASE_URL)
    kwargs.pop("verify", None)
    if case.media_type == _FORM and isinstance(case.body, Mapping):
        # As the vendors' SDKs write forms; schemathesis would flatten what lies nested in them.
        kwargs["data"] = urlencode(bracketed(case.body)).encode()
    wire = requests.Request(**kwargs).prepare()
    wire.headers.update(headers)
    split = urlsplit(str(wire.url))
    body = wire.body if isinstance(wire.body, bytes) else str(wire.body or "").encode()
    request = Request(
        method=str(wire.method),
        host="127.0.0.1",
        path=split.path,
        query=split.query,
        headers={name.lower(): str(value) for name, value in wire.headers.items()},
        body=body,
    )
    return request, wire


def checked(response: Response, wire: requests.PreparedRequest) -> CheckedResponse:
    """A fake's answer as schemathesis checks it."""
    headers = {name: [value] for name, value in response.headers.items()}
    return CheckedResponse(
        status_code=response.status, headers=headers, content=response.body, request=wire, elapsed=0.0, verify=False
    )


def misfits(operation: Operation, response: Response) -> tuple[str, ...]:
    """How an answer breaks the contract, in words."""
    media_type = response.headers.get("content-type", "").partition(";")[0]
    body: Any = response.body
    if "json" in media_type:
        from simharness.fakekit.bodies import read_json

        body = read_json(response.body)
    elif media_type.startswith("text/"):
        body = response.body.decode()
    found = operation.response_violations(response.status, media_type, body)
    return tuple(f"{v.dotted or 'body'}: {v.message[:300]}" for v in found)


def connection(fake: Fake) -> dict[str, str]:
    """The credentials of the connector's app; also under names without underscores, as path parameters may be spelt."""
    values = dict(fake.connection(""))
    return {**values, **{name.replace("_", ""): value for name, value in values.items()}}


def auth_headers(fake: Fake) -> dict[str, str]:
    """The headers an SDK would send."""
    values = fake.connection("")
    if fake.vendor == "plaid":
        return {"plaid-client-id": values["client_id"], "plaid-secret": values["secret"]}
    token = values.get("access_token") or values.get("api_key", "")
    return {"authorization": f"Bearer {token}"}


def harvest(response: Response, pool: dict[str, None]) -> None:
    """Remember ids an answer names, so that later requests can ask for something that exists."""
    if response.status >= 300 or "json" not in response.headers.get("content-type", ""):
        return
    stack: list[Any] = [json.loads(response.body or b"null")]
    while stack and len(pool) < 400:
        value = stack.pop()
        if isinstance(value, dict):
            for name, child in value.items():
                if name in _ID_NAMES and isinstance(child, str):
                    pool[child] = None
                stack.append(child)
        elif isinstance(value, list):
            stack.extend(value[:20])
