"""Answering a query: which records, in which order, which page, which fields.

Records that an index gives are few; without one an entity is read in order of creation, no further than the page needs.
Name lists show inactive records only to a query that asks about `Active` (background knowledge). Texts compare without
regard to case (background knowledge).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from itertools import islice
from typing import Any, cast

from simharness.fakekit.contract import Contract
from simharness.fakekit.schema import resolve
from simharness_fakes.quickbooks import errors
from simharness_fakes.quickbooks.entities import BY_LOWER, Entity
from simharness_fakes.quickbooks.query.fields import FILTERABLE, Field
from simharness_fakes.quickbooks.query.parse import MOST_RESULTS, Literal, Order, Query, Term
from simharness_fakes.quickbooks.state import Company
from simharness_fakes.quickbooks.wire import company as company_wire
from simharness_fakes.quickbooks.wire import currency as currency_wire
from simharness_fakes.quickbooks.wire.parts import Wire
from simharness_fakes.quickbooks.wire.times import read_day, read_instant

Test = Callable[[Any], bool]
#: The fields an entity has on the wire.
Properties = Callable[[str], frozenset[str]]
#: Fields to be shown: their names on the wire, and which part of each, "" for the whole.
Columns = list[tuple[str, str]]

_COMPARE: Mapping[str, Callable[[Any, Any], bool]] = {
    "=": lambda left, right: left == right,
    "<": lambda left, right: left < right,
    ">": lambda left, right: left > right,
    "<=": lambda left, right: left <= right,
    ">=": lambda left, right: left >= right,
}
_SINGLES = ("companyinfo", "preferences")
_LONGEST_ID = 40
_NUMBER = re.compile(r"-?(\d{1,30}(\.\d{0,30})?|\.\d{1,30})", re.ASCII)


def declared(contract: Contract) -> Properties:
    """The fields that a contract gives to an entity."""

    def properties(entity: str) -> frozenset[str]:
        schemas = cast("Mapping[str, Any]", contract.components["schemas"])
        return frozenset(resolve(schemas[entity], contract.components)["properties"])

    return properties


def run(company: Company, query: Query, properties: Properties) -> Wire:
    """The value of `QueryResponse`. `properties` are the fields an entity has on the wire."""
    if query.limit > MOST_RESULTS:
        raise errors.query_invalid(f"value {query.limit} is too large. Max allowed value is {MOST_RESULTS}.")
    if query.entity.lower() in _SINGLES:
        return _single(company, query)
    if query.entity.lower() == "exchangerate":
        return _rates(company, query, properties)
    entity = BY_LOWER.get(query.entity.lower())
    if entity is None:
        raise errors.query_invalid(f"Entity {query.entity} is not found")
    terms = [(term, _field(entity.name, term.name, properties)) for term in query.where]
    keys = [(order, _field(entity.name, order.name, properties)) for order in query.order]
    columns = _columns(entity.name, query.columns, properties)
    found = _matches(company, entity, terms)
    if query.count:
        return {"totalCount": _count(company, entity, terms, found)}
    if keys and not _natural(keys):
        found = iter(_sorted(company, list(found), keys))
    page = list(islice(found, query.start - 1, query.start - 1 + query.limit))
    if not page:
        return {}
    if columns:
        shown = [_part(entity.show(company, record), columns) for record in page]
    else:
        shown = [entity.told(company, record) for record in page]
    return {entity.name: shown, "startPosition": query.start, "maxResults": len(shown)}


def _single(company: Company, query: Query) -> Wire:
    settings = company.books.settings
    if query.entity.lower() == "companyinfo":
        name, wire = "CompanyInfo", company_wire.company_info(company, settings)
    else:
        name, wire = "Preferences", company_wire.preferences(company, settings)

    def properties(entity: str) -> frozenset[str]:
        return frozenset(wire)

    terms = [(term, _field(name, term.name, properties)) for term in query.where]
    fits = all(_test(company, term, field)(settings) for term, field in terms)
    if query.count:
        return {"totalCount": int(fits)}
    if not fits or query.start > 1 or query.limit < 1:
        return {}
    columns = _columns(name, query.columns, properties)
    return {name: [_part(wire, columns) if columns else wire], "startPosition": 1, "maxResults": 1}


def _rates(company: Company, query: Query, properties: Properties) -> Wire:
    """Rates as at a day: of each currency the last one on or before `AsOfDate` (today where it is not asked for)."""
    terms = [(term, _field("ExchangeRate", term.name, properties)) for term in query.where]
    columns = _columns("ExchangeRate", query.columns, properties)
    _columns("ExchangeRate", [order.name for order in query.order], properties)
    day, codes = company.today, [each.code for each in company.books.currencies.all()]
    for term, field in terms:
        if term.operator not in ("=", "IN") or (field.kind == "day" and len(term.values) != 1):
            raise errors.query_invalid(f"Operator {term.operator} is not supported for property '{field.name}'")
        if field.kind == "day":
            day = _value(term.values[0], field)
        else:
            codes = [literal.text.upper() for literal in term.values]
    found = [rate for code in codes if (rate := company.books.rates.on(code, day)) is not None]
    if query.count:
        return {"totalCount": len(found)}
    page = found[query.start - 1 : query.start - 1 + query.limit]
    if not page:
        return {}
    shown = [currency_wire.exchange_rate(company, rate) for rate in page]
    if columns:
        shown = [_part(wire, columns) for wire in shown]
    return {"ExchangeRate": shown, "startPosition": query.start, "maxResults": len(shown)}


def _field(entity: str, name: str, properties: Properties) -> Field:
    field = FILTERABLE[entity].get(name.lower().removesuffix(".value"))
    if field is not None:
        return field
    _columns(entity, [name], properties)
    raise errors.query_invalid(f"property '{name}' is not queryable")


# --- records ----------------------------------------------------------------------------------------------------------


def _matches(company: Company, entity: Entity, terms: list[tuple[Term, Field]]) -> Iterator[Any]:
    tests = [_test(company, term, field) for term, field in terms]
    if entity.listed and not any(field.name == "Active" for _, field in terms):
        tests.append(lambda record: record.active)
    if (edge := company.stands_at) is not None:
        by_change = any(field.name == "MetaData.LastUpdatedTime" for _, field in terms)
        tests.append(lambda record: _was_there(record, edge, changed=by_change))
    records = _indexed(company, entity, terms)
    if records is None:
        records = entity.all(company)
    for test in tests:
        records = filter(test, records)
    return iter(records)


def _was_there(record: Any, edge: datetime, *, changed: bool) -> bool:
    """Whether a query that stands still at an instant shows a record: one that was there, and for a question about
    changes one that was not changed since.
    """
    at = record.updated_at if changed else record.created_at
    return at is None or at <= edge


def _count(company: Company, entity: Entity, terms: list[tuple[Term, Field]], found: Iterator[Any]) -> int:
    if not terms and not entity.listed:
        return len(entity.register(company.books))
    return sum(1 for _ in found)


def _indexed(company: Company, entity: Entity, terms: list[tuple[Term, Field]]) -> Iterable[Any] | None:
    """The records an index gives for one of the terms, in order of creation; None where no term has an index."""
    for term, field in sorted(terms, key=lambda pair: _RANK.get(pair[1].name, 9)):
        records = _by_index(company, entity, term, field)
        if records is not None:
            return sorted(records, key=lambda record: _id_key(record.id))
    return None


_RANK: Mapping[str, int] = {
    "Id": 0, "DocNumber": 1, "DisplayName": 1, "Name": 1, "FullyQualifiedName": 1, "CustomerRef": 2, "TxnDate": 3,
    "MetaData.LastUpdatedTime": 4,
}  # fmt: skip


def _by_index(company: Company, entity: Entity, term: Term, field: Field) -> Iterable[Any] | None:
    register = entity.register(company.books)
    exact = term.operator in ("=", "IN")
    texts = [literal.text for literal in term.values]
    if field.name == "Id" and exact:
        found = (entity.find(company, text) for text in dict.fromkeys(texts))
        return [record for record in found if record is not None]
    if entity.listed:
        if field.name in ("Name", "DisplayName", "FullyQualifiedName") and exact and entity.name != "TaxCode":
            named = {record.id: record for text in texts if (record := register.by_name(text)) is not None}
            return list(named.values())
    elif field.name == "CustomerRef" and exact:
        return [record for text in dict.fromkeys(texts) for record in register.by_customer(text)]
    elif field.name == "DocNumber" and exact:
        return [record for text in dict.fromkeys(texts) for record in register.by_number(text)]
    elif field.name == "TxnDate" and term.operator != "LIKE":
        return _by_date(register, term, field)
    if field.name == "MetaData.LastUpdatedTime" and term.operator in ("=", ">", ">=") and entity.name != "TaxCode":
        since = _value(term.values[0], field)
        changes = company.books.changes_since(since, (entity.kind,))
        found = (register.find(change.id) for change in changes)
        return [record for record in found if record is not None]
    return None


def _by_date(register: Any, term: Term, field: Field) -> Iterable[Any]:
    days = [_value(literal, field) for literal in term.values]
    if term.operator in ("=", "IN"):
        return [record for day in dict.fromkeys(days) for record in register.find_by("date", day)]
    first, last = (date.min, days[0]) if term.operator.startswith("<") else (days[0], date.max)
    found: Iterable[Any] = register.by_date(first, last)
    return found


def _id_key(id: str) -> tuple[int, int, str]:
    # No id that the books give is longer; Python reads no number of thousands of digits.
    return (0, int(id), "") if id.isascii() and id.isdecimal() and len(id) <= _LONGEST_ID else (-1, 0, id)


# --- conditions -------------------------------------------------------------------------------------------------------


def _test(company: Company, term: Term, field: Field) -> Test:
    get = field.get
    if term.operator == "LIKE":
        if field.kind not in ("text", "id"):
            raise errors.query_invalid(f"Operator LIKE is not supported for property '{field.name}'")
        parts = term.values[0].text.casefold().split("%")
        return lambda record: _like(str(get(company, record) or "").casefold(), parts)
    values = [_value(literal, field) for literal in term.values]
    if term.operator == "IN":
        return lambda record: _comparable(get(company, record), field) in values
    compare, value = _COMPARE[term.operator], values[0]

    def test(record: Any) -> bool:
        found = _comparable(get(company, record), field)
        return found is not None and compare(found, value)

    return test


def _like(text: str, parts: list[str]) -> bool:
    """Whether the parts between the wildcards follow each other in the text; read once, whatever the pattern."""
    first, last = parts[0], parts[-1]
    if len(parts) == 1:
        return text == first
    end = len(text) - len(last)
    if not text.startswith(first) or not text.endswith(last) or end < len(first):
        return False
    at = len(first)
    for part in parts[1:-1]:
        at = text.find(part, at, end)
        if at < 0:
            return False
        at += len(part)
    return True


def _comparable(value: Any, field: Field) -> Any:
    if field.kind == "text":
        return str(value or "").casefold()
    if field.kind == "id":
        return _id_key(str(value or ""))
    if field.kind == "instant" and value is not None:
        return value.replace(microsecond=0)  # what a client has seen of it
    return value


def _value(literal: Literal, field: Field) -> Any:
    """A literal as the field's type; refuses one that is none of it."""
    text = literal.text
    value: Any = None
    if field.kind == "text":
        return text.casefold()
    if field.kind == "id":
        return _id_key(text)
    if field.kind == "flag":
        value = {"true": True, "false": False}.get(text.lower())
    elif field.kind == "day":
        value = read_day(text)
    elif field.kind == "instant":
        value = read_instant(text)
    else:
        value = _number(text)
    if value is None:
        raise errors.query_invalid(f"value '{text}' is not valid for property '{field.name}'")
    return value


def _number(text: str) -> Decimal | None:
    return Decimal(text) if _NUMBER.fullmatch(text) else None


# --- order and columns ------------------------------------------------------------------------------------------------


def _natural(keys: list[tuple[Order, Field]]) -> bool:
    """Whether an order is the one records have anyway: ids count up, so by id is as they were created."""
    order, field = keys[0]
    return field.name == "Id" and not order.descending


def _sorted(company: Company, records: list[Any], keys: list[tuple[Order, Field]]) -> list[Any]:
    for order, field in reversed(keys):
        records.sort(key=lambda record: _sort_key(field.get(company, record), field), reverse=order.descending)
    return records


def _sort_key(value: Any, field: Field) -> tuple[bool, Any]:
    found = _comparable(value, field)
    return (found is not None, 0 if found is None else found)


def _columns(entity: str, names: Sequence[str], properties: Properties) -> Columns:
    """The fields that a query names, as they are written on the wire; refuses one that the entity does not have."""
    if not names:
        return []
    spelled = {name.lower(): name for name in properties(entity)}
    columns: Columns = []
    for name in names:
        head, _, inner = name.partition(".")
        if head.lower() not in spelled:
            raise errors.query_invalid(f"Property {name} not found for Entity {entity}")
        columns.append((spelled[head.lower()], inner))
    return columns


def _part(wire: Wire, columns: Columns) -> Wire:
    chosen: Wire = {"domain": "QBO", "sparse": True}
    for name, inner in columns:
        if name in wire:
            chosen[name] = _inner(chosen.get(name), wire[name], inner) if inner else wire[name]
    if "Id" in wire:
        chosen.setdefault("Id", wire["Id"])
    return chosen


def _inner(already: Any, value: Any, inner: str) -> Any:
    if not isinstance(value, dict):
        return value
    part = {name: each for name, each in value.items() if name.lower() == inner.lower()}
    return {**already, **part} if isinstance(already, dict) else part
