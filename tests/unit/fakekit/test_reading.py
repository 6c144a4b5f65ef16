"""A request is read as its operation declares it, or refused with everything that is wrong with it."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from simharness.domain.exchange import Request
from simharness.fakekit.contract import Contract, Operation
from simharness.fakekit.problems import BadMediaType, BadSyntax, Violations
from simharness.fakekit.reading import Reading, read_request

JSON, FORM = "application/json", "application/x-www-form-urlencoded"
BODY = {
    "type": "object",
    "required": ["amount"],
    "additionalProperties": False,
    "properties": {"amount": {"type": "integer"}, "noise": {"type": "string", "x-sim-inert": "SDK noise"}},
}
PARAMETERS = [
    {"name": "id", "in": "path", "required": True, "schema": {"type": "integer"}},
    {"name": "limit", "in": "query", "schema": {"type": "integer", "maximum": 100}},
    {"name": "props", "in": "query", "schema": {"type": "array", "items": {"type": "string"}}},
    {"name": "ids", "in": "query", "explode": False, "schema": {"type": "array", "items": {"type": "integer"}}},
    {"name": "created", "in": "query", "schema": {"type": "object", "properties": {"gte": {"type": "integer"}}}},
    {"name": "format", "in": "query", "schema": {"type": "string"}, "x-sim-inert": "SDK noise"},
    {"name": "X-Version", "in": "header", "schema": {"enum": ["1", "2"]}},
]


def operation(media_type: str = JSON, *, body: bool = True) -> Operation:
    spec: dict[str, Any] = {"operationId": "one", "parameters": PARAMETERS, "responses": {}}
    if body:
        spec["requestBody"] = {"required": True, "content": {media_type: {"schema": BODY}}}
    document = {"info": {"version": "1"}, "paths": {"/a/{id}": {"post": spec}}}
    return Contract(document).operations["one"]


def read(
    query: str = "", body: bytes = b'{"amount": 1}', media_type: str = JSON, path: str = "7", **headers: str
) -> Any:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    request = Request(
        method="POST",
        host="h",
        path=f"/a/{path}",
        query=query,
        headers={"content-type": media_type, **named},
        body=body,
    )
    return read_request(operation(FORM if media_type == FORM else JSON), request, {"id": path})


def test_parts_arrive_in_their_types() -> None:
    found = read("limit=5&props=a&props=b&ids=1,2&created[gte]=9&format=json", x_version="2", x_other="z")
    assert isinstance(found, Reading)
    assert found.query == {"limit": 5, "props": ["a", "b"], "ids": [1, 2], "created": {"gte": 9}, "format": "json"}
    assert found.headers == {"x-version": "2"}
    assert found.body == {"amount": 1}
    assert found.inert == ("query.format",)


@pytest.mark.parametrize("query", ["props[]=a&props[]=b", "props[0]=a&props[1]=b", "props=a&props[1]=b"])
def test_a_list_may_be_written_with_brackets(query: str) -> None:
    assert read(query).query == {"props": ["a", "b"]}


def test_a_form_is_read_in_its_types_and_its_noise_counted() -> None:
    found = read(body=b"amount=5&noise=x", media_type=FORM)
    assert found.body == {"amount": 5, "noise": "x"}
    assert found.inert == ("body.noise",)


def test_everything_wrong_is_named_at_once() -> None:
    found = read("limit=500&colour=red", body=b'{"amuont": 1}', path="x", x_version="9")
    assert isinstance(found, Violations)
    assert {(v.location, v.dotted) for v in found.items} == {
        ("path", "id"), ("query", "limit"), ("query", "colour"), ("header", "x-version"),
        ("body", "amount"), ("body", "amuont"),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("body", "media_type", "problem"),
    [
        (b"{", JSON, BadSyntax),
        (b"a[b=1", FORM, BadSyntax),
        (b"<a/>", "application/xml", BadMediaType),
        (b"{}", "", BadMediaType),
        (b"", JSON, Violations),
        (b"", FORM, Violations),
        (b"[]", JSON, Violations),
    ],
)
def test_a_body_that_cannot_be_taken_is_a_problem(body: bytes, media_type: str, problem: type) -> None:
    assert isinstance(read(body=body, media_type=media_type), problem)


@pytest.mark.parametrize("query", ["a=%FF", "created=1&created[gte]=2", "created[gte=1"])
def test_a_query_that_contradicts_itself_is_bad_syntax(query: str) -> None:
    assert isinstance(read(query), BadSyntax)


def test_a_media_type_may_carry_its_charset() -> None:
    assert isinstance(read(media_type="Application/JSON; charset=utf-8"), Reading)


def test_an_operation_without_body_reads_none() -> None:
    request = Request(method="POST", host="h", path="/a/7", headers={"content-type": JSON}, body=b"{")
    found = read_request(operation(body=False), request, {"id": "7"})
    assert isinstance(found, Reading)
    assert found.body is None


def test_what_is_asked_again_is_read_again_whatever_was_done_to_the_first_answer() -> None:
    one, text = operation(), "props=a&props=b&created[gte]=9&format=json"
    body = b'{"amount": 1, "noise": "n"}'
    request = Request(method="POST", host="h", path="/a/7", query=text, body=body)
    request = msgspec.structs.replace(request, headers={"content-type": JSON})
    first = read_request(one, request, {"id": "7"})
    assert isinstance(first, Reading)
    first.query["props"].append("c")
    first.query["created"]["gte"] = 0
    first.body["amount"] = 2
    again = read_request(one, request, {"id": "7"})
    assert isinstance(again, Reading)
    assert again.query == {"props": ["a", "b"], "created": {"gte": 9}, "format": "json"}
    assert again.body == {"amount": 1, "noise": "n"}
    assert again.inert == ("query.format", "body.noise")


def test_what_misfits_misfits_again() -> None:
    one = operation()
    request = Request(
        method="POST", host="h", path="/a/7", query="limit=101", headers={"content-type": JSON}, body=b"{}"
    )
    first, again = (read_request(one, request, {"id": "7"}) for _ in range(2))
    assert isinstance(first, Violations)
    assert [violation.location for violation in first.items] == ["query", "body"]
    assert again == first
