"""Bodies are read exactly: no float, no lost pair, no guess about brackets."""

from __future__ import annotations

import contextlib
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simharness.fakekit.bodies import Unreadable, read_form, read_json, read_pairs, write_json

NAMES = st.text(min_size=1, max_size=6).filter(lambda name: not set(name) & set("[]") and not name.isdigit())
TREES = st.dictionaries(
    NAMES,
    st.recursive(
        st.text(max_size=6),
        lambda inner: st.one_of(
            st.dictionaries(NAMES, inner, min_size=1, max_size=3), st.lists(inner, min_size=1, max_size=3)
        ),
        max_leaves=6,
    ),
    max_size=4,
)


def pairs(value: Any, name: str) -> list[tuple[str, str]]:
    if isinstance(value, dict):
        return [pair for key, part in value.items() for pair in pairs(part, f"{name}[{key}]" if name else key)]
    if isinstance(value, list):
        return [pair for place, part in enumerate(value) for pair in pairs(part, f"{name}[{place}]")]
    return [(name, value)]


@given(TREES)
def test_a_bracketed_form_is_the_tree_it_was_made_from(tree: dict[str, Any]) -> None:
    assert read_form(urlencode(pairs(tree, "")).encode()) == tree


@pytest.mark.parametrize(
    ("form", "tree"),
    [
        (b"a[]=1&a[]=2", {"a": ["1", "2"]}),
        (b"a[1]=y&a[0]=x", {"a": ["x", "y"]}),
        (b"a[0]=x&a[2]=y", {"a": {"0": "x", "2": "y"}}),
        (b"a[0][b]=1&a[1][b]=2", {"a": [{"b": "1"}, {"b": "2"}]}),
        (b"a=1&a=2", {"a": "2"}),
        (b"a=&b[c]=", {"a": "", "b": {"c": ""}}),
        (b"a=1+2&b=%2B", {"a": "1 2", "b": "+"}),
        (b"", {}),
    ],
)
def test_forms_read_as_the_vendors_write_them(form: bytes, tree: object) -> None:
    assert read_form(form) == tree


@pytest.mark.parametrize(
    "form",
    [
        b"a=1&a[b]=2",
        b"a[b]=1&a=2",
        b"a[b=1",
        b"[a]=1",
        b"a]b[c=1",
        b"a[[b]]=1",
        b"a" + b"[x]" * 12 + b"=1",
        "ä=1".encode(),
        b"a=%FF",
    ],
)
def test_a_form_that_contradicts_itself_is_unreadable(form: bytes) -> None:
    with pytest.raises(Unreadable):
        read_form(form)


@given(st.binary(max_size=40))
def test_no_bytes_at_all_break_the_reader(body: bytes) -> None:
    for read in (read_form, read_json):
        with contextlib.suppress(Unreadable):
            read(body)


@given(st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**15), max_value=10**15, places=4))
def test_json_numbers_keep_every_digit(amount: Decimal) -> None:
    read = read_json(write_json({"amount": amount}))
    assert read["amount"] == amount
    assert not isinstance(read["amount"], float)


def test_json_has_no_floats_and_an_empty_body_is_nothing() -> None:
    assert repr(read_json(b"[0.1, 1e3, 2]")) == "[Decimal('0.1'), Decimal('1E+3'), 2]"
    assert read_json(b"  ") is None
    assert write_json(Decimal("12.00")) == b"12.00"


@pytest.mark.parametrize("body", [b"{", b"\xff", b"NaN", b"[" * 100_000, b'{"a":1e999999999999999999999}'])
def test_what_is_no_json_is_unreadable(body: bytes) -> None:
    with pytest.raises(Unreadable):
        read_json(body)


@pytest.mark.parametrize("number", [b"1e309", b"-1e5000", b"1e99999999", b"1e-99999999", b"0e99999999"])
def test_a_number_nobody_could_keep_is_unreadable(number: bytes) -> None:
    with pytest.raises(Unreadable, match="out of range"):
        read_json(b'{"id": ' + number + b"}")


def test_pairs_keep_order_repetition_and_empty_values() -> None:
    assert read_pairs("b=2&a=&b=1") == [("b", "2"), ("a", ""), ("b", "1")]
    with pytest.raises(Unreadable):
        read_pairs("&".join(["a=1"] * 2001))
