"""A curl line for a fake that is known to work: its request was tried on a world like the one that is served."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator, Mapping
from itertools import islice, product

from simharness.domain.exchange import Request
from simharness.fakekit.contract import Operation
from simharness.fakekit.fake import Fake

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

    `fake` is only asked, so it should belong to a world that nobody else uses.
    """
    connection = fake.connection(url)
    token = next((connection[key] for key in _TOKENS if key in connection), "")
    tried = islice(_paths(fake, connection), _TRIED)
    sizes = {path: len(_answer(fake, path, token)) for path in tried}
    path = max((path for path in sizes if sizes[path] <= _READABLE), default="", key=lambda path: sizes[path])
    if not sizes.get(path):
        return ""
    headers = [f"Authorization: Bearer {token}", "Accept: application/json"]
    return " ".join(["curl -s", *(f"-H {shlex.quote(header)}" for header in headers), shlex.quote(url + path)])


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


def _answer(fake: Fake, path: str, token: str) -> bytes:
    host = fake.pack.hosts[0] if fake.pack.hosts else ""
    headers = {"host": host, "accept": "application/json", "authorization": f"Bearer {token}"}
    response = fake.handle(Request(method="GET", host=host, path=path, headers=headers))
    return response.body if response.status == 200 else b""
