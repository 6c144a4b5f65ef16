"""A vendor's contract: our own OpenAPI 3.1 document, compiled once a process.

Operations are found by method and path and bound to handlers by `operationId`. Extensions:
`x-sim-inert: reason` on a field, parameter or header (accepted, counted, without effect) ·
`x-sim-scope: name` on an operation (the scope a credential needs) · `x-sim-open: true` (no credential needed) ·
`x-sim-reads: true` on an operation that only reads although its method says otherwise ·
`x-sim-host: name` at the document (further hosts are in the pack).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any
from urllib.parse import unquote

import yaml

from simharness.core.errors import HarnessFault
from simharness.fakekit.bodies import Json
from simharness.fakekit.memory import Memory
from simharness.fakekit.problems import Fit, Violation
from simharness.fakekit.schema import Coerce, Inert, Schema, Validator, coercer, resolve

#: What a schema of a text may say without refusing any text.
_ANY_TEXT = frozenset({"type", "description", "title", "example", "examples", "default", "x-sim-inert"})
_READING = frozenset({"GET", "HEAD", "OPTIONS"})
_METHODS = ("get", "post", "put", "patch", "delete", "head", "options")


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    """A declared query, path or header parameter. `array` parameters may be repeated or comma separated (`explode`)."""

    name: str
    location: str
    required: bool
    schema: Schema
    inert: bool
    array: bool
    explode: bool


@dataclass(frozen=True)
class Operation:
    """One operation of a contract with its compiled validators (compiled at first use)."""

    id: str
    method: str
    template: str
    spec: Mapping[str, Any]
    components: Schema
    parameters: tuple[Parameter, ...]
    tags: tuple[str, ...] = field(default=())

    @cached_property
    def scope(self) -> str:
        """The scope a credential needs, or empty."""
        return str(self.spec.get("x-sim-scope", ""))

    @cached_property
    def open(self) -> bool:
        """Whether the operation needs no credential."""
        return bool(self.spec.get("x-sim-open", False))

    @cached_property
    def reads(self) -> bool:
        """Whether the operation changes nothing: by its method, or as the contract says."""
        return self.method in _READING or bool(self.spec.get("x-sim-reads", False))

    @cached_property
    def variables(self) -> tuple[str, ...]:
        """The names of the variable segments of the path, in order."""
        return tuple(s[1:-1] for s in self.template.strip("/").split("/") if s.startswith("{"))

    @cached_property
    def bodies(self) -> Mapping[str, Schema]:
        """Accepted media types with their schemas."""
        body = resolve(self.spec.get("requestBody", {}), self.components)
        return {media: spec.get("schema", {}) for media, spec in body.get("content", {}).items()}

    @cached_property
    def body_required(self) -> bool:
        """Whether a body must be sent."""
        return bool(resolve(self.spec.get("requestBody", {}), self.components).get("required", False))

    def body(self, media_type: str) -> BodyRule:
        """The compiled rule of one accepted media type."""
        rule = self._body_rules.get(media_type)
        if rule is None:
            schema = self.bodies[media_type]
            rule = self._body_rules[media_type] = BodyRule(
                validator=Validator(schema, self.components),
                coerce=coercer(schema, self.components),
                inert=Inert(schema, self.components),
            )
        return rule

    @cached_property
    def _body_rules(self) -> dict[str, BodyRule]:
        return {}

    @cached_property
    def query(self) -> ParameterRule:
        """The compiled rule of all query parameters together; unknown names misfit."""
        return ParameterRule.of("query", self)

    @cached_property
    def path(self) -> ParameterRule:
        """The compiled rule of all path parameters together."""
        return ParameterRule.of("path", self)

    @cached_property
    def header(self) -> ParameterRule:
        """The compiled rule of the declared headers (names in lower case)."""
        return ParameterRule.of("header", self)

    def response_violations(self, status: int, media_type: str, body: Json) -> tuple[Violation, ...]:
        """How an answer misfits the contract: an undeclared status is one violation, else the body
        against its schema.
        """
        responses = self.spec.get("responses", {})
        declared = responses.get(str(status)) or responses.get(f"{status // 100}XX") or responses.get("default")
        if declared is None:
            return (_undeclared(self, f"status {status}"),)
        content = resolve(declared, self.components).get("content", {})
        if not content:
            return () if body in (None, b"", "") else (_undeclared(self, f"a body with status {status}"),)
        if media_type not in content:
            return (_undeclared(self, f"media type {media_type!r} with status {status}"),)
        validators: dict[tuple[int, str], Validator] = self.__dict__.setdefault("_response_rules", {})
        key = (status, media_type)
        if key not in validators:
            validators[key] = Validator(content[media_type].get("schema", {}), self.components)
        return validators[key].violations(body, "response")


def _undeclared(operation: Operation, what: str) -> Violation:
    return Violation(location="response", path=(), fit=Fit.UNKNOWN, message=f"{operation.id} declares no {what}")


@dataclass(frozen=True, slots=True)
class BodyRule:
    """Validation, coercion and inert fields of one request body.

    `seen` keeps the inert fields of bodies that were found valid.
    """

    validator: Validator
    coerce: Coerce | None
    inert: Inert
    seen: Memory[bytes, tuple[str, ...]] = field(default_factory=Memory)


@dataclass(frozen=True, slots=True)
class ParameterRule:
    """Validation and coercion of all parameters in one location.

    `required`: at least one must be given. `texts`: every text is a valid value of every one of them. `seen` keeps the
    values of texts (query strings) that were found valid.
    """

    validator: Validator
    coerce: Coerce | None
    inert: frozenset[str]
    arrays: Mapping[str, bool]
    names: tuple[str, ...]
    required: bool
    texts: bool
    seen: Memory[str, Mapping[str, Json]] = field(default_factory=Memory)

    @classmethod
    def of(cls, location: str, operation: Operation) -> ParameterRule:
        """Compile the parameters of one location of an operation."""
        chosen = [p for p in operation.parameters if p.location == location]
        schema: dict[str, Any] = {
            "type": "object",
            "properties": {p.name: p.schema for p in chosen},
            "required": [p.name for p in chosen if p.required],
        }
        if location == "query":
            schema["additionalProperties"] = False
        return cls(
            validator=Validator(schema, operation.components),
            coerce=coercer(schema, operation.components),
            inert=frozenset(p.name for p in chosen if p.inert),
            arrays={p.name: p.explode for p in chosen if p.array},
            names=tuple(p.name for p in chosen),
            required=any(p.required for p in chosen),
            texts=all(p.schema.get("type") == "string" and _ANY_TEXT.issuperset(p.schema) for p in chosen),
        )


class _Node:
    __slots__ = ("operations", "static", "template", "variable")

    def __init__(self) -> None:
        self.static: dict[str, _Node] = {}
        self.variable: _Node | None = None
        self.template = ""
        self.operations: dict[str, Operation] = {}


class Contract:
    """All operations of one vendor's API version, found by method and path.

    A literal path segment is preferred to a variable one. Variable segments match a whole segment, percent-decoded.
    """

    def __init__(self, document: Mapping[str, Any]) -> None:
        self.document = document
        self.components: Schema = document.get("components", {})
        self._root = _Node()
        self._seen: Memory[str, tuple[_Node, tuple[str, ...]]] = Memory()
        self.operations: dict[str, Operation] = {}
        for template, item in document.get("paths", {}).items():
            for method in _METHODS:
                if method in item:
                    self._add(template, method, item)

    @property
    def version(self) -> str:
        """The vendor's API version this document describes."""
        return str(self.document["info"]["version"])

    def find(self, method: str, path: str) -> tuple[Operation, dict[str, str]] | tuple[None, tuple[str, ...]]:
        """The operation and its path parameters; or None with the methods the path does have (empty: no such path)."""
        seen = self._seen.get(path)
        if seen is None:
            node, matched = self._match(self._root, path.strip("/").split("/"))
            if node is None:
                return None, ()
            seen = node, tuple(matched)
            self._seen.keep(path, seen)
        node, values = seen
        operation = node.operations.get(method) or node.operations.get(method.upper())
        if operation is None:
            return None, tuple(sorted(node.operations))
        return operation, dict(zip(operation.variables, values, strict=True)) if values else {}

    def __iter__(self) -> Iterator[Operation]:
        return iter(self.operations.values())

    def _match(self, node: _Node, segments: list[str]) -> tuple[_Node | None, list[str]]:
        """The node of a path and the values of its variable segments."""
        values: list[str] = []
        for at, segment in enumerate(segments, 1):
            child, variable = node.static.get(segment), node.variable
            if child is not None and variable is not None:
                # Two ways lead on: the literal one first.
                found, more = self._match(child, segments[at:])
                if found is not None:
                    return found, values + more
                child = None
            if child is None:
                if variable is None or not segment:
                    return None, values
                child = variable
                values.append(unquote(segment) if "%" in segment else segment)
            node = child
        return (node if node.operations else None), values

    def _add(self, template: str, method: str, item: Mapping[str, Any]) -> None:
        spec = item[method]
        operation_id = spec.get("operationId")
        if not operation_id or operation_id in self.operations:
            raise HarnessFault(f"{method.upper()} {template} needs an operationId of its own, has {operation_id!r}")
        parameters = [
            _parameter(resolve(p, self.components), self.components)
            for p in (*item.get("parameters", ()), *spec.get("parameters", ()))
        ]
        operation = Operation(
            id=operation_id,
            method=method.upper(),
            template=template,
            spec=spec,
            components=self.components,
            parameters=tuple(parameters),
            tags=tuple(spec.get("tags", ())),
        )
        node = self._root
        for segment in template.strip("/").split("/"):
            if segment.startswith("{"):
                node.variable = node.variable or _Node()
                node = node.variable
            else:
                node = node.static.setdefault(segment, _Node())
        node.operations[operation.method] = operation
        self.operations[operation_id] = operation


def _parameter(spec: Mapping[str, Any], components: Schema) -> Parameter:
    schema = resolve(spec.get("schema", {}), components)
    location = str(spec["in"])
    return Parameter(
        name=str(spec["name"]).lower() if location == "header" else str(spec["name"]),
        location=location,
        required=bool(spec.get("required", False)),
        schema=schema,
        inert="x-sim-inert" in spec,
        array=schema.get("type") == "array",
        explode=bool(spec.get("explode", True)),
    )


@lru_cache(maxsize=64)
def load(package: str, version: str = "") -> Contract:
    """The contract of a pack, compiled once a process: every YAML file in the package's `contract/` folder, merged.

    With `version`, the overlay files of `contract/overlays/VERSION/` are merged on top (a null removes a key).
    """
    folder = files(package) / "contract"
    document: dict[str, Any] = {}
    for source in _yaml_files(folder):
        document = _merge(document, yaml.load(source.read_bytes(), Loader=yaml.CSafeLoader))
    if version:
        for source in _yaml_files(folder / "overlays" / version):
            document = _merge(document, yaml.load(source.read_bytes(), Loader=yaml.CSafeLoader))
    if "paths" not in document:
        raise HarnessFault(f"{package} has no contract: no YAML file with paths in its contract folder")
    return Contract(document)


def _yaml_files(folder: Traversable) -> list[Traversable]:
    return sorted((f for f in folder.iterdir() if f.name.endswith(".yaml")), key=lambda f: f.name)


def _merge(base: dict[str, Any], top: Mapping[str, Any]) -> dict[str, Any]:
    merged = dict(base)
    for key, value in top.items():
        if value is None:
            merged.pop(key, None)
        elif isinstance(value, dict) and isinstance(merged.get(key), dict):
            merged[key] = _merge(merged[key], value)
        else:
            merged[key] = value
    return merged
