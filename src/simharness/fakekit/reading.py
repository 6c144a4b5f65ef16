"""Reading a request as its operation declares: parameters and body decoded, coerced and validated."""

from __future__ import annotations

from collections.abc import Mapping

from simharness.domain.base import Record
from simharness.domain.exchange import Request
from simharness.fakekit.bodies import Json, Unreadable, read_form, read_json, read_pairs
from simharness.fakekit.contract import Operation, ParameterRule
from simharness.fakekit.problems import BadMediaType, BadSyntax, Fit, Problem, Violation, Violations

_FORM = "application/x-www-form-urlencoded"


class Reading(Record, frozen=True, kw_only=True):
    """A readable, valid request in parts; `inert` names the noise that was accepted without effect."""

    path: Mapping[str, str]
    query: Mapping[str, Json]
    headers: Mapping[str, Json]
    body: Json
    media_type: str
    inert: tuple[str, ...] = ()


def read_request(operation: Operation, request: Request, path: Mapping[str, str]) -> Reading | Problem:
    """Decode and validate; the first problem found is returned, violations all together."""
    misfits: tuple[Violation, ...] = ()
    inert: tuple[str, ...] = ()
    # The path has a value for each of its names, so where any text will do nothing is left to be asked.
    if not operation.path.texts:
        misfits = _misfits(operation.path, _coerced(operation.path, path), "path")
    query: Mapping[str, Json] = {}
    if request.query or operation.query.required:
        try:
            query, found = _query(operation.query, request.query)
        except Unreadable as error:
            return BadSyntax(detail=str(error))
        misfits += found
        inert = _named("query", operation.query, query)
    headers: Mapping[str, Json] = {}
    if operation.header.names:
        headers = {name: request.headers[name] for name in operation.header.names if name in request.headers}
        if headers or operation.header.required:
            headers = _coerced(operation.header, headers)
            misfits += _misfits(operation.header, headers, "header")
            inert += _named("header", operation.header, headers)
    body, media_type = None, ""
    if operation.bodies:
        read = _body(operation, request)
        if isinstance(read, Problem):
            return read
        body, media_type, body_misfits, body_inert = read
        misfits += body_misfits
        inert += body_inert
    if misfits:
        return Violations(operation=operation.id, items=misfits)
    return Reading(path=path, query=query, headers=headers, body=body, media_type=media_type, inert=inert)


def _named(location: str, rule: ParameterRule, values: Mapping[str, Json]) -> tuple[str, ...]:
    return tuple(f"{location}.{name}" for name in values if name in rule.inert) if rule.inert else ()


def _misfits(rule: ParameterRule, values: Mapping[str, Json], location: str) -> tuple[Violation, ...]:
    return () if rule.validator.fits(values) else rule.validator.violations(values, location)


def _coerced(rule: ParameterRule, values: Mapping[str, Json]) -> Mapping[str, Json]:
    if rule.coerce is None:
        return values
    coerced: Mapping[str, Json] = rule.coerce(dict(values))
    return coerced


def _query(rule: ParameterRule, text: str) -> tuple[Mapping[str, Json], tuple[Violation, ...]]:
    """The values of a query string and how they misfit. Raises `Unreadable`."""
    seen = rule.seen.get(text)
    if seen is None:
        values = _coerced(rule, _pairs(rule, text))
        misfits = _misfits(rule, values, "query")
        if misfits:
            return values, misfits
        rule.seen.keep(text, values)
        seen = values
    # Whoever asks gets values of his own, which he may change.
    return {name: _own(value) for name, value in seen.items()}, ()


def _own(value: Json) -> Json:
    if isinstance(value, list):
        return [_own(part) for part in value]
    return {name: _own(part) for name, part in value.items()} if isinstance(value, dict) else value


def _pairs(rule: ParameterRule, text: str) -> dict[str, Json]:
    if not text:
        return {}
    values: dict[str, Json] = {}
    for name, value in read_pairs(text):
        head = _array_name(rule, name)
        if head is not None:
            parts = [value] if rule.arrays[head] else value.split(",")
            values.setdefault(head, []).extend(parts)
        elif "[" in name and name.partition("[")[0] in rule.names:
            _nested(values, name, value)
        else:
            values[name] = value
    return values


def _array_name(rule: ParameterRule, name: str) -> str | None:
    head, bracket, rest = name.partition("[")
    if head not in rule.arrays:
        return None
    return head if not bracket or rest.rstrip("]").isdigit() or rest == "]" else None


def _nested(values: dict[str, Json], name: str, value: str) -> None:
    head, _, rest = name.partition("[")
    node = values.setdefault(head, {})
    if not isinstance(node, dict) or not rest.endswith("]"):
        raise Unreadable(f"{name} is given as a value and as an object")
    node[rest[:-1]] = value


def _body(operation: Operation, request: Request) -> Problem | tuple[Json, str, tuple[Violation, ...], tuple[str, ...]]:
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if not request.body:
        if operation.body_required and _FORM not in operation.bodies:
            missing = Violation(location="body", path=(), fit=Fit.MISSING, message="a request body is required")
            return None, media_type, (missing,), ()
        if _FORM not in operation.bodies:
            return None, media_type, (), ()
        media_type = _FORM
    if media_type not in operation.bodies:
        return BadMediaType(media_type=media_type, accepted=tuple(operation.bodies))
    try:
        body = _decode(media_type, request.body)
    except Unreadable as error:
        return BadSyntax(detail=str(error))
    rule = operation.body(media_type)
    if rule.coerce is not None and media_type == _FORM:
        body = rule.coerce(body)
    inert = rule.seen.get(request.body)
    if inert is not None:
        return body, media_type, (), inert
    inert = tuple(f"body.{name}" for name in rule.inert.present(body))
    if not rule.validator.fits(body):
        return body, media_type, rule.validator.violations(body, "body"), inert
    rule.seen.keep(request.body, inert)
    return body, media_type, (), inert


def _decode(media_type: str, body: bytes) -> Json:
    if media_type == _FORM:
        return read_form(body)
    if media_type == "application/json" or media_type.endswith("+json"):
        return read_json(body)
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError as error:
        raise Unreadable(str(error)) from error
