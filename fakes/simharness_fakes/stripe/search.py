"""Stripe's search language, as far as it is modelled: clauses `field:'text'`, `field~'text'`, `-field:'text'`,
`metadata['key']:'text'`, `field:null` and comparisons of numbers, joined by AND or by OR (never both).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

Matches = Callable[[dict[str, Any]], bool]

_TEXT = frozenset({"email", "name", "phone"})
_NUMBER = frozenset({"created"})
_CLAUSE = re.compile(
    r"""\s*(?P<not>-)?(?P<field>[a-z_]+)(\[(?P<q>['"])(?P<key>[^'"]+)(?P=q)\])?\s*(?P<op>:|~|<=|>=|<|>)\s*
    ((?P<q2>['"])(?P<text>(?:\\.|(?!(?P=q2)).)*)(?P=q2)|(?P<number>\d{1,12})|(?P<null>null))\s*""",
    re.VERBOSE,
)
_JOINER = re.compile(r"(AND|OR)\b", re.IGNORECASE)
_MIN_SUBSTRING = 3


class BadQuery(Exception):
    """The query cannot be understood; the message says where."""


def parse(query: str) -> Matches:
    """What decides whether an object matches; raises `BadQuery`."""
    clauses: list[Matches] = []
    joiners: set[str] = set()
    at = 0
    while True:
        found = _CLAUSE.match(query, at)
        if found is None:
            raise BadQuery(f"We were unable to parse your search query at position {at}: {query[at : at + 20]!r}")
        clauses.append(_clause(found))
        at = found.end()
        if at == len(query):
            break
        joiner = _JOINER.match(query, at)
        if joiner is None:
            raise BadQuery(f"Expected AND or OR at position {at} of your search query")
        joiners.add(joiner[1].upper())
        at = joiner.end()
    if len(joiners) > 1:
        raise BadQuery("A search query cannot combine AND and OR")
    every = "OR" not in joiners

    def matches(value: dict[str, Any]) -> bool:
        return all(c(value) for c in clauses) if every else any(c(value) for c in clauses)

    return matches


def _clause(found: re.Match[str]) -> Matches:
    field, key, operator = found["field"], found["key"], found["op"]
    if field in _NUMBER and key is None:
        return _negated(found, _number(field, operator, found["number"] or found["text"]))
    if not (field in _TEXT and key is None) and not (field == "metadata" and key is not None):
        raise BadQuery(f"Field {field!r} is an unsupported search field for this resource")
    if found["number"] is not None or operator not in (":", "~"):
        raise BadQuery(f"Field {field!r} is compared with quoted text by : or ~")
    if found["null"]:
        return _negated(found, lambda value: not _part(value, field, key))
    wanted = re.sub(r"\\(.)", r"\1", found["text"]).lower()
    if operator == "~":
        if len(wanted) < _MIN_SUBSTRING:
            raise BadQuery(f"A substring search needs at least {_MIN_SUBSTRING} characters")
        return _negated(found, lambda value: wanted in _part(value, field, key))
    return _negated(found, lambda value: wanted == _part(value, field, key))


def _part(value: dict[str, Any], field: str, key: str | None) -> str:
    part = value[field] if key is None else value["metadata"].get(key)
    return str(part or "").lower()


def _number(field: str, operator: str, text: str | None) -> Matches:
    if text is None or not text.isascii() or not text.isdigit() or operator == "~":
        raise BadQuery(f"Field {field!r} is compared with a number")
    wanted = int(text)

    def matches(value: dict[str, Any]) -> bool:
        actual = value[field]
        return bool(
            {
                ":": actual == wanted,
                "<": actual < wanted,
                ">": actual > wanted,
                "<=": actual <= wanted,
                ">=": actual >= wanted,
            }[operator]
        )

    return matches


def _negated(found: re.Match[str], matches: Matches) -> Matches:
    return (lambda value: not matches(value)) if found["not"] else matches
