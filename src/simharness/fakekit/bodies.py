"""Reading request bodies and query strings as the wire has them: JSON with decimals, bracketed forms, plain text."""

from __future__ import annotations

from decimal import Decimal
from typing import Any
from urllib.parse import unquote

import msgspec

#: JSON as a fake reads it: objects, lists, texts, ints, Decimals (never floats), booleans, None.
Json = Any

#: No API keeps a number outside what a double can hold; as text or whole number it could fill the memory.
_LARGEST, _SMALLEST = 308, -400


def _decimal(text: str) -> Decimal:
    number = Decimal(text)
    if not _SMALLEST <= number.adjusted() <= _LARGEST:
        raise OverflowError(f"the number {text[:40]} is out of range")
    return number


_DECODER = msgspec.json.Decoder(float_hook=_decimal)
_ENCODER = msgspec.json.Encoder(decimal_format="number")
_MOST_PAIRS = 2000


class Unreadable(Exception):
    """The bytes are not what their media type says; the message is the parser's word."""


def read_json(body: bytes) -> Json:
    """Parse JSON with exact decimals; an empty body is None. Raises `Unreadable`."""
    if not body.strip():
        return None
    try:
        return _DECODER.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError, ArithmeticError) as error:
        raise Unreadable(str(error)) from error


def write_json(value: Json) -> bytes:
    """JSON bytes; Decimals as numbers with their own number of decimals."""
    return _ENCODER.encode(value)


def read_pairs(text: str) -> list[tuple[str, str]]:
    """The pairs of a query string or urlencoded body in order; empty values kept. Raises `Unreadable`."""
    parts = text.split("&")
    if len(parts) > _MOST_PAIRS:
        raise Unreadable(f"there are more than {_MOST_PAIRS} fields")
    try:
        return [(_plain(name), _plain(value)) for name, _, value in (part.partition("=") for part in parts if part)]
    except UnicodeDecodeError as error:
        raise Unreadable(str(error)) from error


def _plain(text: str) -> str:
    # Most names and values have nothing to decode.
    if "+" in text:
        text = text.replace("+", " ")
    return unquote(text, errors="strict") if "%" in text else text


def read_form(body: bytes) -> Json:
    """Parse an urlencoded body with bracketed keys (`a[b]=1`, `a[0][c]=2`, `a[]=3`) to nested objects and lists of
    texts.
    """
    try:
        text = body.decode("ascii")
    except UnicodeDecodeError as error:
        raise Unreadable("a form body must be urlencoded ASCII") from error
    return nest(read_pairs(text))


def nest(pairs: list[tuple[str, str]]) -> Json:
    """Bracketed keys to nested objects; an object whose keys are 0..n-1 or empty becomes a list.
    Raises `Unreadable`.
    """
    root: dict[str, Json] = {}
    for key, value in pairs:
        names = _split(key)
        node = root
        for name in names[:-1]:
            step = node.setdefault(_slot(node, name), {})
            if not isinstance(step, dict):
                raise Unreadable(f"{key} is given as a value and as an object")
            node = step
        last = _slot(node, names[-1])
        if isinstance(node.get(last), dict):
            raise Unreadable(f"{key} is given as a value and as an object")
        node[last] = value
    return {name: _lists(child) for name, child in root.items()}


def _slot(node: dict[str, Json], name: str) -> str:
    return str(len(node)) if name == "" else name


def _split(key: str) -> list[str]:
    head, bracket, rest = key.partition("[")
    if not bracket:
        return [key]
    if not head or not rest.endswith("]"):
        raise Unreadable(f"{key} has unbalanced brackets")
    names = [head, *rest[:-1].split("][")]
    if len(names) > 12 or any("[" in name or "]" in name for name in names):
        raise Unreadable(f"{key} has unbalanced brackets")
    return names


def _lists(node: Json) -> Json:
    if not isinstance(node, dict):
        return node
    children = {name: _lists(child) for name, child in node.items()}
    if children and all(name == str(position) for position, name in enumerate(sorted(children, key=_order))):
        return [children[name] for name in sorted(children, key=_order)]
    return children


def _order(name: str) -> tuple[int, str]:
    return (int(name), "") if name.isascii() and name.isdigit() and len(name) < 9 else (10**9, name)
