"""What a manifest may declare: every word that nobody would ever ask for is refused where it stands.

A misspelled trigger would leave a connector idle and a misspelled noun would silence checks, both without a word.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from simharness.domain.connector import Budget, ReferenceRule

#: What a run asks of a connector: a pass of its work, the poll that finds what no webhook told, and publishing BI.
TRIGGERS = ("work", "nightly", "publish")
#: The tags of the rows of `simharness.domain.evidence`.
KINDS = ("log", "reject", "alert", "dead_letter")

_TEXTS = ("number", "reference", "note", "memo")
#: The nouns of reference rules, and the fields of each that can hold one.
_FIELDS: Mapping[str, Sequence[str]] = MappingProxyType(
    {
        "invoice": _TEXTS,
        "credit_memo": _TEXTS,
        "deposit": _TEXTS,
        "exemption": _TEXTS,
        "customer": ("reference", "note"),
        "payment": ("reference", "note"),
        "fee": ("reference", "note"),
        "refund": ("reference", "note"),
        "dispute": ("reference", "note"),
        "payout": ("reference", "note"),
        "bank_line": ("reference", "note"),
        "credit": ("reference", "note"),
        "write_off": ("reference", "note"),
        "payroll": ("reference", "note"),
        "payroll_retro": ("reference", "note"),
        "payroll_remittance": ("reference", "note"),
        "adjustment": ("reference", "note"),
        "accrual": ("reference", "note"),
        "prepaid": ("reference", "note"),
        "recognition": ("reference", "note"),
        "revaluation": ("reference", "note"),
    }
)


@dataclass(frozen=True, slots=True)
class Wrong:
    """A word of a manifest that means nothing: the text to look for in the file, what is wrong, how to mend it."""

    text: str
    what: str
    mend: str


def wrong_words(
    triggers: Mapping[str, str], references: Sequence[ReferenceRule], kinds: Sequence[str]
) -> Iterator[Wrong]:
    """Everything in these declarations that no run would understand, in the order in which they are given."""
    for name in triggers:
        yield from _unknown("trigger", name, TRIGGERS)
    for rule in references:
        yield from _wrong_rule(rule)
    for kind in kinds:
        yield from _unknown("kind of evidence", kind, KINDS)


def wrong_scopes(scopes: Mapping[str, Sequence[str]], vendors: Sequence[str]) -> Iterator[Wrong]:
    """Vendors of whom scopes are asked that no pack plays, and those of whom nothing is asked by name."""
    for vendor, asked in scopes.items():
        yield from _unknown("vendor", vendor, tuple(vendors))
        if not asked:
            yield Wrong(f"{vendor}:", f"no scope of {vendor} is named", "leave the vendor out to be given every scope")


def wrong_budget(budget: Budget | None) -> Iterator[Wrong]:
    """Figures of a budget with which nothing at all could be done."""
    for name, figure in (("per_event", budget.per_event), ("per_pass", budget.per_pass)) if budget else ():
        if figure < 1:
            yield Wrong(
                name, f"a budget of {figure} calls {name} lets nothing be done", "give a whole number from 1 on"
            )


def _wrong_rule(rule: ReferenceRule) -> Iterator[Wrong]:
    if rule.noun not in _FIELDS:
        yield from _unknown("noun of a reference", rule.noun, tuple(_FIELDS))
    else:
        yield from _unknown(f"field of a reference of {rule.noun}", rule.field, _FIELDS[rule.noun])
    try:
        groups = re.compile(rule.pattern).groupindex
    except re.error as error:
        yield Wrong(rule.pattern, f"{rule.pattern!r} is no regular expression: {error}", "look at its brackets")
        return
    if rule.noun != "exemption" and "id" not in groups:
        what = f"the pattern {rule.pattern!r} does not say where the id of the source is"
        yield Wrong(rule.pattern, what, r"give it a group of that name, as in deal:(?P<id>\d+)")


def _unknown(what: str, word: str, valid: Sequence[str]) -> Iterator[Wrong]:
    if word not in valid:
        yield Wrong(word, f"{word!r} is no {what}", f"use one of: {', '.join(valid)}")
