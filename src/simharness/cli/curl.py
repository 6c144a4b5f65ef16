"""A curl line for a fake that is known to work: its request was tried on a world like the one that is served."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator, Mapping
from itertools import islice, product
from typing import Any

import msgspec

from simharness.domain.exchange import Request
from simharness.fakekit.contract import Operation
from simharness.fakekit.fake import Fake
from simharness.fakekit.schema import resolve

#: How paths say that an operation reads, where everything is a POST.
_READS = re.compile(r"/(get|sync|list|search|query)$")
_VARIABLE = re.compile(r"\{([^}]+)\}")
#: The keys of a connection under which packs give the token of the connector's app.
_TOKENS = ("access_token", "api_key")
#: The id that systems which count give to their first record.
_FIRST_ID = "1"
#: Bytes of an answer that a person still likes to see on a terminal.
_READABLE = 3000
#: Requests that stay under every vendor's limit a minute, for the clock stands still meanwhile.
_TRIED = 60
#: Of a list of values a contract allows, so many are tried: the later ones are other names of the same things.
_CHOICES = 6


def example(fake: Fake, url: str) -> str:
    """A curl line for the reading operation with the fullest readable answer; "" when none answers.

    A vendor that takes everything by POST gets a line with a body made of its contract, for one that reads if there is
    any. `fake` is only asked, so it should belong to a world that nobody else uses.
    """
    connection = fake.connection(url)
    token = next((connection[key] for key in _TOKENS if key in connection), "")
    gets = [Request(method="GET", host="", path=path) for path in islice(_paths(fake, connection), _TRIED)]
    for candidates in (gets, _posts(fake, connection, reading=True), _posts(fake, connection, reading=False)):
        sizes = [(len(_answer(fake, request, token)), request) for request in candidates]
        readable = [pair for pair in sizes if 0 < pair[0] <= _READABLE]
        if readable:
            return _line(max(readable, key=lambda pair: pair[0])[1], url, token)
    return ""


def _line(request: Request, url: str, token: str) -> str:
    headers = ["Accept: application/json"]
    if request.method == "GET":
        headers = [f"Authorization: Bearer {token}", *headers]
    else:
        headers = ["Content-Type: application/json", *headers]
    words = ["curl -s", *(f"-H {shlex.quote(header)}" for header in headers)]
    if request.body:
        words.append(f"-d {shlex.quote(request.body.decode())}")
    return " ".join([*words, shlex.quote(url + request.path)])


def _paths(fake: Fake, connection: Mapping[str, str]) -> Iterator[str]:
    """Paths of reading operations, plain ones first, with everything in them that can be known: what the connection
    tells, the values a contract lists, and the first id.
    """
    known = {key.replace("_", ""): value for key, value in connection.items()}
    for operation in sorted(fake.contract, key=lambda operation: operation.template.count("{")):
        if operation.method == "GET" and not _asks_for_more(operation):
            names = _VARIABLE.findall(operation.template)
            choices = [_values(operation, name, known) for name in names]
            for values in product(*choices):
                yield operation.template.format(**dict(zip(names, values, strict=True)))


def _values(operation: Operation, name: str, known: Mapping[str, str]) -> list[str]:
    told = known.get(name.replace("_", "").lower())
    if told:
        return [told]
    schema = next((p.schema for p in operation.parameters if p.location == "path" and p.name == name), {})
    return [str(value) for value in schema.get("enum", [_FIRST_ID])][:_CHOICES]


def _asks_for_more(operation: Operation) -> bool:
    return any(parameter.required and parameter.location != "path" for parameter in operation.parameters)


def _posts(fake: Fake, connection: Mapping[str, str], *, reading: bool) -> list[Request]:
    """Requests with a JSON body that says what the contract requires; `reading` picks by the words of the path."""
    found: list[Request] = []
    for operation in fake.contract:
        reads = _READS.search(operation.template) is not None
        schema = operation.bodies.get("application/json")
        if operation.method != "POST" or reads != reading or "{" in operation.template or schema is None:
            continue
        body = _filled(schema, operation, connection)
        found.append(Request(method="POST", host="", path=operation.template, body=msgspec.json.encode(body)))
    return found


def _filled(schema: Mapping[str, Any], operation: Operation, known: Mapping[str, str], name: str = "") -> object:
    """The least a schema takes: required parts, what is known by name, the first of listed words."""
    schema = resolve(schema, operation.components)
    if name in known:
        return known[name]
    if "enum" in schema:
        return schema["enum"][0]
    if schema.get("type") == "object":
        parts: Mapping[str, Any] = schema.get("properties", {})
        # The first word of a list decides what else must be said, so the branch it leads to is asked as well.
        needed = {*schema.get("required", ()), *schema.get("then", {}).get("required", ())}
        wanted = [part for part in parts if part in needed or part in known]
        return {part: _filled(parts[part], operation, known, part) for part in wanted}
    return {"array": [], "integer": 1, "number": 1, "boolean": True}.get(str(schema.get("type")), name or "example")


def _answer(fake: Fake, request: Request, token: str) -> bytes:
    host = fake.pack.hosts[0] if fake.pack.hosts else ""
    headers = {"host": host, "accept": "application/json"}
    headers |= {"content-type": "application/json"} if request.body else {"authorization": f"Bearer {token}"}
    response = fake.handle(msgspec.structs.replace(request, host=host, headers=headers))
    return response.body if response.status in (200, 202) else b""
