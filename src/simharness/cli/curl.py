"""A curl line for a fake that is known to work: its request was tried on a world like the one that is served."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator, Mapping

from simharness.domain.exchange import Request
from simharness.fakekit.contract import Operation
from simharness.fakekit.fake import Fake

_VARIABLE = re.compile(r"\{([^}]+)\}")
#: The keys of a connection under which packs give the token of the connector's app.
_TOKENS = ("access_token", "api_key")


def example(fake: Fake, url: str) -> str:
    """A curl line for the reading operation with the fullest answer; "" when none answers without further knowledge.

    `fake` is only asked, so it should belong to a world that nobody else uses.
    """
    connection = fake.connection(url)
    token = next((connection[key] for key in _TOKENS if key in connection), "")
    answers = [(len(_answer(fake, path, token)), path) for path in _paths(fake, connection)]
    size, path = max(answers, default=(0, ""), key=lambda answer: answer[0])
    if not size:
        return ""
    header = f" -H {shlex.quote(f'Authorization: Bearer {token}')}" if token else ""
    return f"curl -s{header} {shlex.quote(url + path)}"


def _paths(fake: Fake, connection: Mapping[str, str]) -> Iterator[str]:
    """Paths of reading operations that need nothing but what the connection tells."""
    known = {key.replace("_", ""): value for key, value in connection.items()}
    for operation in fake.contract:
        if operation.method == "GET" and not _asks_for_more(operation):
            names = _VARIABLE.findall(operation.template)
            values = {name: known.get(name.replace("_", "").lower(), "") for name in names}
            if all(values.values()):
                yield operation.template.format(**values)


def _asks_for_more(operation: Operation) -> bool:
    return any(parameter.required and parameter.location != "path" for parameter in operation.parameters)


def _answer(fake: Fake, path: str, token: str) -> bytes:
    host = fake.pack.hosts[0] if fake.pack.hosts else ""
    headers = {"host": host, "accept": "*/*", **({"authorization": f"Bearer {token}"} if token else {})}
    response = fake.handle(Request(method="GET", host=host, path=path, headers=headers))
    return response.body if response.status == 200 else b""
