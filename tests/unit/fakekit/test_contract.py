"""A contract finds operations by method and path and judges answers by what it declares."""

from __future__ import annotations

from typing import Any

import pytest

from simharness.core.errors import HarnessFault
from simharness.fakekit.contract import Contract, _merge
from simharness.fakekit.problems import Fit


def operation(name: str, **more: Any) -> dict[str, Any]:
    return {"operationId": name, "responses": {"200": {"description": "ok"}}, **more}


def contract(paths: dict[str, Any], **components: Any) -> Contract:
    return Contract({"info": {"title": "t", "version": "v1"}, "paths": paths, "components": components})


def test_a_literal_segment_goes_before_a_variable_one_and_backtracks() -> None:
    known = contract(
        {
            "/deals/{id}": {"get": operation("one")},
            "/deals/search": {"post": operation("search"), "get": operation("words")},
            "/deals/{id}/lines": {"get": operation("lines")},
            "/{kind}/search/lines": {"get": operation("odd")},
        }
    )

    def found(method: str, path: str) -> tuple[str, object]:
        hit, values = known.find(method, path)
        return (hit.id if hit else "", values)

    assert found("GET", "/deals/search") == ("words", {})
    assert found("GET", "/deals/7") == ("one", {"id": "7"})
    assert found("GET", "/deals/a%2Fb%20c") == ("one", {"id": "a/b c"})
    assert found("GET", "/deals/search/lines") == ("lines", {"id": "search"})
    assert found("GET", "/x/search/lines") == ("odd", {"kind": "x"})
    assert found("DELETE", "/deals/search") == ("", ("GET", "POST"))
    assert found("GET", "/deals") == ("", ())
    assert found("GET", "/deals/7/lines/8") == ("", ())
    assert found("GET", "/deals//lines") == ("", ())


def test_every_operation_needs_a_name_of_its_own() -> None:
    for second in ({"responses": {}}, operation("one")):
        with pytest.raises(HarnessFault, match="GET /b"):
            contract({"/a": {"get": operation("one")}, "/b": {"get": second}})


def test_parameters_of_the_path_hold_for_its_operations_and_references_resolve() -> None:
    expand = {"name": "expand", "in": "query", "schema": {"$ref": "#/components/schemas/Many"}}
    known = contract(
        {
            "/a": {
                "parameters": [{"$ref": "#/components/parameters/Version"}],
                "get": operation("one", parameters=[expand]),
            }
        },
        parameters={"Version": {"name": "X-Version", "in": "header", "required": True, "schema": {"type": "string"}}},
        schemas={"Many": {"type": "array", "items": {"type": "string"}}},
    )  # fmt: skip
    found = known.operations["one"]
    assert [(p.name, p.location, p.required, p.array) for p in found.parameters] == [
        ("x-version", "header", True, False),
        ("expand", "query", False, True),
    ]


def test_an_answer_is_judged_by_its_status_media_type_and_schema() -> None:
    json = {"application/json": {"schema": {"type": "object", "required": ["id"], "additionalProperties": False}}}
    responses = {
        "200": {"description": "", "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Thing"}}}},
        "204": {"description": ""},
        "4XX": {"$ref": "#/components/responses/Refused"},
    }
    known = contract(
        {"/a": {"get": {"operationId": "one", "responses": responses}}},
        schemas={"Thing": {"type": "object", "required": ["id"]}},
        responses={"Refused": {"description": "", "content": json}},
    )
    judged = known.operations["one"].response_violations
    assert judged(200, "application/json", {"id": 1}) == ()
    assert [v.dotted for v in judged(200, "application/json", {})] == ["id"]
    assert judged(204, "", b"") == ()
    assert judged(404, "application/json", {"id": 1}) != ()  # `id` is required and at the same time undeclared
    for status, media_type, body in ((500, "application/json", {}), (200, "text/html", "<p>"), (204, "", b"x")):
        (violation,) = judged(status, media_type, body)
        assert violation.fit is Fit.UNKNOWN


def test_overlays_replace_add_and_take_away() -> None:
    base = {"a": {"b": 1, "c": 2}, "d": [1]}
    assert _merge(base, {"a": {"b": None, "e": 3}, "d": [2]}) == {"a": {"c": 2, "e": 3}, "d": [2]}
    assert base == {"a": {"b": 1, "c": 2}, "d": [1]}


def test_scope_and_openness_are_declared() -> None:
    known = contract(
        {"/a": {"get": operation("one", **{"x-sim-scope": "read"}), "post": operation("two", **{"x-sim-open": True})}}
    )
    assert [(o.scope, o.open) for o in known] == [("read", False), ("", True)]
    assert known.version == "v1"
