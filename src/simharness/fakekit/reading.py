"""Reading a request as its operation declares: parameters and body decoded, coerced and validated."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from simharness.domain.exchange import Request
from simharness.fakekit.bodies import Json, Unreadable, read_form, read_json, read_pairs
from simharness.fakekit.contract import Operation, ParameterRule
from simharness.fakekit.problems import BadMediaType, BadSyntax, Fit, Problem, Violation, Violations

_FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True, slots=True)
class Reading:
    """A readable, valid request in parts; `inert` names the noise that was accepted without effect."""

    path: Mapping[str, str]
    query: Mapping[str, Json]
    headers: Mapping[str, Json]
    body: Json
    media_type: str
    inert: tuple[str, ...]


def read_request(operation: Operation, request: Request, path: Mapping[str, str]) -> Reading | Problem:
    """Decode and validate; the first problem found is returned, violations all together."""
    misfits: list[Violation] = []
    inert: list[str] = []
    # The path has a value for each of its names, so where any text will do nothing is left to be asked.
    if not operation.path.texts:
        misfits += _misfits(operation.path, _coerced(operation.path, path), "path")
    query: Mapping[str, Json] = {}
    if request.query or operation.query.required:
        try:
            query = _coerced(operation.query, _query(operation.query, request.query))
        except Unreadable as error:
            return BadSyntax(detail=str(error))
        misfits += _misfits(operation.query, query, "query")
        inert += [f"query.{name}" for name in query if name in operation.query.inert]
    headers: Mapping[str, Json] = {}
    if operation.header.names:
        headers = {name: value for name, value in request.headers.items() if name in operation.header.names}
        if headers or operation.header.required:
            headers = _coerced(operation.header, headers)
            misfits += _misfits(operation.header, headers, "header")
            inert += [f"header.{name}" for name in headers if name in operation.header.inert]
    read = _body(operation, request)
    if isinstance(read, Problem):
        return read
    body, media_type, body_misfits, body_inert = read
    misfits += body_misfits
    inert += body_inert
    if misfits:
        return Violations(operation=operation.id, items=tuple(misfits))
    return Reading(path=path, query=query, headers=headers, body=body, media_type=media_type, inert=tuple(inert))


def _misfits(rule: ParameterRule, values: Mapping[str, Json], location: str) -> tuple[Violation, ...]:
    return () if rule.validator.fits(values) else rule.validator.violations(values, location)


def _coerced(rule: ParameterRule, values: Mapping[str, Json]) -> Mapping[str, Json]:
    if rule.coerce is None:
        return values
    coerced: Mapping[str, Json] = rule.coerce(dict(values))
    return coerced


def _query(rule: ParameterRule, text: str) -> dict[str, Json]:
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
    if not operation.bodies:
        return None, "", (), ()
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
    misfits = () if rule.validator.fits(body) else rule.validator.violations(body, "body")
    return body, media_type, misfits, tuple(f"body.{name}" for name in rule.inert.present(body))


def _decode(media_type: str, body: bytes) -> Json:
    if media_type == _FORM:
        return read_form(body)
    if media_type == "application/json" or media_type.endswith("+json"):
        return read_json(body)
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError as error:
        raise Unreadable(str(error)) from error
