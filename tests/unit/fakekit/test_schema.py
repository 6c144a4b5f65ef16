"""A schema says where and how a value misfits, reads texts as its types, and knows which fields are noise."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simharness.fakekit.problems import Fit
from simharness.fakekit.schema import Inert, Validator, coercer

COMPONENTS: dict[str, Any] = {
    "schemas": {
        "Amount": {"type": "integer", "minimum": 1},
        "Address": {"type": "object", "properties": {"city": {"type": "string"}}, "additionalProperties": False},
    }
}
INVOICE: dict[str, Any] = {
    "type": "object",
    "required": ["amount"],
    "additionalProperties": False,
    "properties": {
        "amount": {"$ref": "#/components/schemas/Amount"},
        "kind": {"enum": ["card", "bank"]},
        "day": {"type": "string", "format": "date"},
        "memo": {"type": "string", "maxLength": 3},
        "paid": {"type": "boolean"},
        "rate": {"type": "number"},
        "lines": {"type": "array", "items": {"type": "object", "properties": {"qty": {"type": "integer"}}}},
        "address": {"anyOf": [{"$ref": "#/components/schemas/Address"}, {"type": "string", "maxLength": 0}]},
        "created": {"anyOf": [{"type": "integer"}, {"type": "object", "properties": {"gte": {"type": "integer"}}}]},
    },
}
VALIDATOR = Validator(INVOICE, COMPONENTS)


@pytest.mark.parametrize(
    ("value", "path", "fit"),
    [
        ({}, "amount", Fit.MISSING),
        ({"amount": 1, "amuont": 2}, "amuont", Fit.UNKNOWN),
        ({"amount": "x"}, "amount", Fit.TYPE),
        ({"amount": 0}, "amount", Fit.RANGE),
        ({"amount": 1, "kind": "cash"}, "kind", Fit.ENUM),
        ({"amount": 1, "day": "2026-02-30"}, "day", Fit.FORMAT),
        ({"amount": 1, "memo": "long"}, "memo", Fit.LENGTH),
        ({"amount": 1, "lines": [{"qty": 1}, {"qty": "x"}]}, "lines.1.qty", Fit.TYPE),
        ({"amount": 1, "address": {"town": "Paris"}}, "address.town", Fit.UNKNOWN),
        ({"amount": 1, "address": "Paris"}, "address", Fit.LENGTH),
        ({"amount": 1, "created": {"gte": "x"}}, "created.gte", Fit.TYPE),
    ],
)
def test_a_misfit_is_named_by_place_and_kind(value: object, path: str, fit: Fit) -> None:
    assert not VALIDATOR.fits(value)
    (violation,) = VALIDATOR.violations(value, "body")
    assert (violation.location, violation.dotted, violation.fit) == ("body", path, fit)
    assert violation.message


def test_every_misfit_is_named() -> None:
    found = VALIDATOR.violations({"memo": "long", "x": 1, "y": 2}, "body")
    assert {(v.dotted, v.fit) for v in found} == {
        ("amount", Fit.MISSING), ("memo", Fit.LENGTH), ("x", Fit.UNKNOWN), ("y", Fit.UNKNOWN),
    }  # fmt: skip


@pytest.mark.parametrize(
    "value",
    [
        {"amount": 1},
        {"amount": 3, "kind": "card", "day": "2026-02-28", "address": ""},
        {"amount": 1, "rate": Decimal("0.5")},
    ],
)
def test_what_fits_has_no_violations(value: object) -> None:
    assert VALIDATOR.fits(value)
    assert VALIDATOR.violations(value, "body") == ()


@pytest.mark.parametrize(
    ("texts", "values"),
    [
        ({"amount": "12"}, {"amount": 12}),
        ({"amount": "-12"}, {"amount": -12}),
        ({"rate": "2.90"}, {"rate": Decimal("2.90")}),
        ({"paid": "true"}, {"paid": True}),
        ({"lines": [{"qty": "3", "memo": "3"}]}, {"lines": [{"qty": 3, "memo": "3"}]}),
        ({"created": "5"}, {"created": 5}),
        ({"created": {"gte": "5"}}, {"created": {"gte": 5}}),
        ({"memo": "12"}, {"memo": "12"}),
        ({"address": ["x"]}, {"address": {"0": "x"}}),
        ({"unknown": "12"}, {"unknown": "12"}),
    ],
)
def test_texts_become_what_the_schema_says(texts: object, values: object) -> None:
    coerce = coercer(INVOICE, COMPONENTS)
    assert coerce is not None
    assert coerce(texts) == values


ODD = st.one_of(
    st.text(max_size=6), st.sampled_from(["--1", "+1", "1e5", "NaN", "²", "", "1_0", "٣", "true ", "Infinity"])
)


@given(ODD)
def test_a_text_that_is_not_of_its_type_is_left_for_validation_to_name(text: str) -> None:
    coerce = coercer(INVOICE, COMPONENTS)
    assert coerce is not None
    read = coerce({"amount": text, "paid": text})
    assert read["amount"] == text or (text.isascii() and int(text) == read["amount"])
    assert read["paid"] == text or text.lower() in ("true", "false")
    rate = coerce({"rate": text})["rate"]
    assert rate == text or (text.isascii() and not set(text) & set(" _") and Decimal(text) == rate)
    assert VALIDATOR.fits({"amount": 1, "rate": rate}) == isinstance(rate, Decimal)


def test_nothing_to_coerce_is_none() -> None:
    assert coercer({"type": "string"}, {}) is None
    assert coercer({}, {}) is None


def test_noise_is_found_by_its_name_wherever_it_lies() -> None:
    schema = {
        "type": "object",
        "properties": {
            "sync": {"type": "string", "x-sim-inert": "SDK noise"},
            "lines": {"type": "array", "items": {"properties": {"hint": {"x-sim-inert": "SDK noise"}, "qty": {}}}},
            "plain": {"type": "object", "properties": {"sync": {}}},
        },
    }
    inert = Inert(schema, {})
    assert inert.present({"sync": 1, "lines": [{"qty": 1}, {"hint": 1}, {"hint": 2}], "plain": {"sync": 1}}) == (
        "sync",
        "lines.*.hint",
    )
    assert inert.present({"lines": [], "plain": {"sync": 1}}) == ()
    assert Inert({"type": "object"}, {}).present({"sync": 1}) == ()
