"""What the connector meant by its requests: attempts that name the same source are attempts at one intent."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, unquote_plus

from simharness.checks.references import SOURCES
from simharness.checks.scope import Scope
from simharness.domain.exchange import DeliveryKind, Exchange

#: Words of an operation's name that say that it only looks, or only logs in.
_LOOKS = frozenset({"get", "list", "search", "query", "read", "retrieve", "sync", "report", "changes"})
_LOGINS = frozenset({"token", "tokens", "discovery", "revoke"})
#: Ends of paths at which records of any kind are made.
_ANY_KIND = frozenset({"batch", "graphql", "records"})
_WORD = re.compile(r"[A-Z]?[a-z]+")
_KEY_HEADERS = ("idempotency-key", "x-idempotency-key")
#: A field of the body under which a vendor de-duplicates: whatever is sent under one value stays one record.
_KEY_FIELD = "dedup_key"
_SERVER_ERRORS = range(500, 600)
#: An answer that says by its contract that nothing was done.
_NOT_DONE = 501


@dataclass(frozen=True, slots=True)
class Attempt:
    """One request that creates something: `sources` are what its body names, whole and as the source's id."""

    exchange: Exchange
    sources: tuple[tuple[str, str], ...]
    key: str

    @property
    def operation(self) -> str:
        exchange = self.exchange
        notes = exchange.response.notes.operation if exchange.response else ""
        return notes or f"{exchange.request.method} {exchange.request.path}"

    @property
    def is_uncertain(self) -> bool:
        """Whether the connector could not know what became of it: no whole answer, or a server error."""
        kind = self.exchange.delivery.kind
        if kind not in (DeliveryKind.COMPLETE, DeliveryKind.AFTER):
            return True
        response = self.exchange.response
        return response is None or (response.status in _SERVER_ERRORS and response.status != _NOT_DONE)

    @property
    def succeeded(self) -> bool:
        response = self.exchange.response
        return response is not None and response.status < 400 and not self.is_uncertain

    @property
    def refused(self) -> bool:
        """Whether the vendor said no for good: not for lack of a login, nor because of too many requests."""
        response = self.exchange.response
        return (
            response is not None and not self.is_uncertain and 400 <= response.status < 500
            and response.status not in (401, 408, 409, 429)
        )  # fmt: skip


def attempts(scope: Scope) -> Iterator[Attempt]:
    """The connector's creating requests that name a source, in the order in which they were sent.

    A request that changes what exists already may be sent again without harm, so it is no attempt.
    """
    for exchange in scope.record.exchanges:
        if exchange.client != "connector" or exchange.outside or exchange.spilled or exchange.request.method != "POST":
            continue
        if not _words(exchange).isdisjoint(_LOOKS | _LOGINS):
            continue
        if sources := _sources(scope, exchange):
            yield Attempt(exchange, sources, key_of(exchange))


def is_lookup(exchange: Exchange) -> bool:
    """Whether an exchange read something and was answered."""
    if exchange.response is None or exchange.response.status >= 400:
        return False
    if exchange.delivery.kind not in (DeliveryKind.COMPLETE, DeliveryKind.AFTER):
        return False
    return looks(exchange)


def looks(exchange: Exchange) -> bool:
    """Whether an exchange only asks for what is there, whatever became of it."""
    words = _words(exchange)
    if exchange.request.method == "GET" or not words.isdisjoint(_LOOKS):
        return True
    return not words.isdisjoint(_ANY_KIND) and _only_asks(exchange.request.body)


def _only_asks(body: bytes) -> bool:
    """Whether every item of a batch is a query."""
    try:
        told = json.loads(body)
    except ValueError:
        return False
    lists = [value for value in told.values() if isinstance(value, list)] if isinstance(told, dict) else []
    items = [item for each in lists for item in each]
    return bool(items) and all(isinstance(item, dict) and "query" in map(str.lower, item) for item in items)


def is_login(exchange: Exchange) -> bool:
    """Whether an exchange is about a credential."""
    return not _words(exchange).isdisjoint(_LOGINS)


def kind_of(exchange: Exchange) -> str:
    """What a creating request makes, as the vendor's path says it; "" where one path makes records of any kind."""
    kind = exchange.request.path.rstrip("/").rsplit("/", 1)[-1].lower()
    return "" if kind in _ANY_KIND else kind.removesuffix("s")


def shows(lookup: Exchange, kind: str, sources: tuple[tuple[str, str], ...]) -> bool:
    """Whether a look asked for records of a kind, or was answered with one that names a source."""
    request = lookup.request
    asked = f"{request.path} {unquote_plus(request.query)} {request.body.decode(errors='replace')}".lower()
    if lookup.spilled or kind in asked:
        return True
    body = lookup.response.body if lookup.response is not None else b""
    return any(named.encode() in body for named, _ in sources)


def _words(exchange: Exchange) -> set[str]:
    """The words of the operation's name, or of the end of the path where nobody named the operation."""
    name = exchange.response.notes.operation if exchange.response else ""
    return {word.lower() for word in _WORD.findall(name or exchange.request.path.rsplit("/", 1)[-1])}


def key_of(exchange: Exchange) -> str:
    """The idempotency key of a request, also of one that was never answered."""
    if exchange.response is not None and exchange.response.notes.idempotency_key:
        return exchange.response.notes.idempotency_key
    headers = exchange.request.headers
    found = next((headers[name] for name in _KEY_HEADERS if name in headers), "")
    found = found or next(iter(parse_qs(exchange.request.query).get("requestid", [])), "")
    return found or str(_body(exchange).get(_KEY_FIELD) or "")


def _body(exchange: Exchange) -> dict[str, Any]:
    """The JSON object of a request's body; empty where there is none."""
    if not exchange.request.body.startswith(b"{"):
        return {}
    try:
        told = json.loads(exchange.request.body)
    except ValueError:
        return {}
    return told if isinstance(told, dict) else {}


def _sources(scope: Scope, exchange: Exchange) -> tuple[tuple[str, str], ...]:
    told = _body(exchange)
    if "Id" in told or "id" in told:
        return ()  # It changes a record that is there already.
    found: dict[tuple[str, str], None] = {}
    for text in _texts(told):
        for noun in ("invoice", "credit_memo", "deposit", *SOURCES):
            for named in scope.references.named_in(noun, text):
                found[named] = None
    return tuple(found)


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for inner in value.values():
            yield from _texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _texts(inner)
