"""Compiled JSON Schema: validation that says how a value misfits, coercion of texts, and which present fields are
inert.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

import jsonschema_rs

from simharness.fakekit.bodies import Json
from simharness.fakekit.problems import Fit, Violation

Schema = Mapping[str, Any]
Coerce = Callable[[Json], Json]

_FITS: Mapping[str, Fit] = {
    "required": Fit.MISSING, "additionalProperties": Fit.UNKNOWN, "unevaluatedProperties": Fit.UNKNOWN, "type":
    Fit.TYPE,
    "enum": Fit.ENUM, "const": Fit.ENUM, "format": Fit.FORMAT, "pattern": Fit.FORMAT, "minimum": Fit.RANGE,
    "maximum": Fit.RANGE, "exclusiveMinimum": Fit.RANGE, "exclusiveMaximum": Fit.RANGE, "multipleOf": Fit.RANGE,
    "minLength": Fit.LENGTH, "maxLength": Fit.LENGTH, "minItems": Fit.LENGTH, "maxItems": Fit.LENGTH,
}  # fmt: skip

_NUMBER = re.compile(r"-?\d+(\.\d+)?([eE][+-]?\d{1,3})?", re.ASCII)


class Validator:
    """A schema of a contract, compiled once. References (`#/components/…`) resolve in the contract's components."""

    __slots__ = ("_validator",)

    def __init__(self, schema: Schema, components: Schema) -> None:
        document = {"allOf": [dict(schema)], "components": _reached(schema, components)}
        self._validator = jsonschema_rs.Draft202012Validator(document, validate_formats=True)

    def fits(self, value: Json) -> bool:
        """Whether the value follows the schema (the quick question)."""
        return self._validator.is_valid(value)

    def violations(self, value: Json, location: str) -> tuple[Violation, ...]:
        """Every misfit, in document order; a missing or unknown field is named in the path."""
        found: list[Violation] = []
        for error in self._validator.iter_errors(value):
            found.extend(_violations(error, location))
        return tuple(found)


def _reached(schema: Schema, components: Schema) -> Schema:
    """The components that a schema names, itself or by way of others. All the rest would only be read in vain."""
    reached: dict[str, dict[str, Any]] = {}
    waiting: list[Any] = [schema]
    while waiting:
        node = waiting.pop()
        if isinstance(node, Mapping):
            reference = node.get("$ref")
            if isinstance(reference, str):
                _, _, kind, name = reference.split("/")
                known = reached.setdefault(kind, {})
                if name not in known:
                    known[name] = components[kind][name]
                    waiting.append(known[name])
            waiting += node.values()
        elif isinstance(node, list):
            waiting += node
    return reached


def _violations(error: jsonschema_rs.ValidationError, location: str) -> list[Violation]:
    if (branch := _nearest_branch(error)) is not None:
        return [violation for inner in branch for violation in _violations(inner, location)]
    path = tuple(str(part) for part in error.instance_path)
    keyword = str(error.schema_path[-1]) if error.schema_path else ""
    keywords = [str(part) for part in error.schema_path]
    keyword = next((k for k in reversed(keywords) if k in _FITS), keyword)
    fit = _FITS.get(keyword, Fit.OTHER)
    names = _named(error, fit)
    value = "" if fit is Fit.MISSING else _short(error.instance)
    places = [(*path, name) for name in names] or [path]
    return [Violation(location=location, path=p, fit=fit, message=error.message, value=value) for p in places]


def _nearest_branch(error: jsonschema_rs.ValidationError) -> list[jsonschema_rs.ValidationError] | None:
    """Of alternatives that all misfit, the one that came nearest: whose kind of value was right, then the first."""
    if str(error.schema_path[-1] if error.schema_path else "") not in ("anyOf", "oneOf"):
        return None
    branches = [list(branch) for branch in getattr(error.kind, "context", ()) if branch]
    if not branches:
        return None
    here = len(error.instance_path)

    def is_other_kind(branch: list[jsonschema_rs.ValidationError]) -> bool:
        return any(len(e.instance_path) == here and str(e.schema_path[-1]) in ("type", "const", "enum") for e in branch)

    return min(branches, key=is_other_kind)


def _named(error: jsonschema_rs.ValidationError, fit: Fit) -> tuple[str, ...]:
    kind = error.kind
    if fit is Fit.MISSING:
        name = getattr(kind, "property", None)
        return (str(name),) if name is not None else ()
    if fit is Fit.UNKNOWN:
        return tuple(str(name) for name in getattr(kind, "unexpected", ()))
    return ()


def _short(value: Json) -> str:
    text = str(value)
    return text if len(text) <= 80 else text[:77] + "..."


def resolve(schema: Schema, components: Schema) -> Schema:
    """Follow `$ref` into the components until a schema without one is reached."""
    while "$ref" in schema:
        _, _, kind, name = str(schema["$ref"]).split("/")
        schema = components[kind][name]
    return schema


def coercer(schema: Schema, components: Schema, depth: int = 0) -> Coerce | None:
    """How texts of a form or query become the schema's types; None if nothing needs to change.

    A text that cannot be read as its type is left as it is, so that validation names it.
    """
    schema = resolve(schema, components)
    kinds = schema.get("type")
    kinds = (kinds,) if isinstance(kinds, str) else tuple(kinds or ())
    if depth > 8:
        return None
    if "integer" in kinds:
        return _to_int
    if "number" in kinds:
        return _to_decimal
    if "boolean" in kinds:
        return _to_bool
    if "array" in kinds:
        return _array_coercer(coercer(schema.get("items", {}), components, depth + 1))
    if "object" in kinds or "properties" in schema:
        inner = {
            name: c for name, sub in schema.get("properties", {}).items() if (c := coercer(sub, components, depth + 1))
        }
        return _object_coercer(inner)
    branches = (*schema.get("anyOf", ()), *schema.get("oneOf", ()))
    return _in_turn([c for branch in branches if (c := coercer(branch, components, depth + 1)) is not None])


def _to_int(value: Json) -> Json:
    if isinstance(value, str) and value.isascii() and value.removeprefix("-").isdigit() and len(value) < 30:
        return int(value)
    return value


def _to_decimal(value: Json) -> Json:
    # `Decimal` also reads blanks, underscores and the digits of every script; the wire does not.
    return Decimal(value) if isinstance(value, str) and _NUMBER.fullmatch(value) else value


def _to_bool(value: Json) -> Json:
    return (
        {"true": True, "false": False, "True": True, "False": False}.get(value, value)
        if isinstance(value, str)
        else value
    )


def _array_coercer(item: Coerce | None) -> Coerce:
    def coerce(value: Json) -> Json:
        if not isinstance(value, list):
            return value
        return [item(part) for part in value] if item else value

    return coerce


def _in_turn(coercers: list[Coerce]) -> Coerce | None:
    """One after the other: each leaves alone what is not of its kind."""
    if len(coercers) < 2:
        return coercers[0] if coercers else None

    def coerce(value: Json) -> Json:
        for each in coercers:
            value = each(value)
        return value

    return coerce


def _object_coercer(inner: Mapping[str, Coerce]) -> Coerce:
    def coerce(value: Json) -> Json:
        if isinstance(value, list):
            # A form cannot tell an object with the keys 0, 1, … from a list; the schema can.
            value = {str(position): part for position, part in enumerate(value)}
        if not isinstance(value, dict):
            return value
        return {name: inner[name](part) if name in inner else part for name, part in value.items()}

    return coerce


class Inert:
    """Which fields of a schema are marked `x-sim-inert`; `present` names those that a value carries."""

    __slots__ = ("_tree",)

    def __init__(self, schema: Schema, components: Schema) -> None:
        self._tree = _inert_tree(schema, components, 0)

    def present(self, value: Json) -> tuple[str, ...]:
        """Dotted names of inert fields in the value, in its own order; list positions are written as `*`."""
        if self._tree is None:
            return ()
        found: dict[str, None] = {}
        _walk(self._tree, value, "", found)
        return tuple(found)


_Tree = dict[str, Any]


def _inert_tree(schema: Schema, components: Schema, depth: int) -> _Tree | None:
    schema = resolve(schema, components)
    if depth > 6:
        return None
    tree: _Tree = {}
    for part in (schema, *(resolve(s, components) for s in schema.get("allOf", ()))):
        for name, sub in part.get("properties", {}).items():
            if "x-sim-inert" in sub or "x-sim-inert" in resolve(sub, components):
                tree[name] = True
            elif (inner := _inert_tree(sub, components, depth + 1)) is not None:
                tree[name] = inner
    items = schema.get("items")
    if isinstance(items, dict) and (inner := _inert_tree(items, components, depth + 1)) is not None:
        tree["*"] = inner
    return tree or None


def _walk(tree: _Tree, value: Json, prefix: str, found: dict[str, None]) -> None:
    if isinstance(value, list) and "*" in tree:
        for part in value:
            _walk(tree["*"], part, f"{prefix}*.", found)
    elif isinstance(value, dict):
        for name, part in value.items():
            inner = tree.get(name)
            if inner is True:
                found[f"{prefix}{name}"] = None
            elif inner is not None:
                _walk(inner, part, f"{prefix}{name}.", found)
