"""The rules that `simharness check` holds stories and features to, by the name that editors see.

A mistake fails the check and keeps its story from being played; a hint is about style, and fails only when asked to.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

Severity = Literal["mistake", "hint"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A rule in one sentence. `features_only`: what it is about exists in feature files only."""

    name: str
    says: str
    severity: Severity = "mistake"
    features_only: bool = False


#: What a mistake is that belongs to no narrower rule.
GENERAL = "story"
RULES: tuple[Rule, ...] = (
    Rule(name="unreadable", says="a file can be opened and read"),
    Rule(name="encoding", says="a file is plain text in UTF-8"),
    Rule(name="yaml", says="a story in YAML is well-formed YAML"),
    Rule(name="gherkin", says="a feature is well-formed Gherkin", features_only=True),
    Rule(name="no-story", says="a file holds at least one story"),
    Rule(name="dictionary", says="the dictionary that a story names has no mistakes of its own"),
    Rule(name="unknown-sentence", says="a step is a sentence of the vocabulary", features_only=True),
    Rule(name="ambiguous-sentence", says="a step reads as one sentence only", features_only=True),
    Rule(name="technical-word", says="a step speaks of business, not of screens or of the wire", features_only=True),
    Rule(
        name="wrong-keyword",
        says="what is so stands under Given, what is done under When, what must be true under Then",
        features_only=True,
    ),
    Rule(name="table", says="a table stands where the sentence takes one, and only there", features_only=True),
    Rule(name="header", says="the headers of a table are those that its sentence knows, each once", features_only=True),
    Rule(name="cell", says="a cell says something that its column can say", features_only=True),
    Rule(name="text-below", says="a text stands only below a sentence that takes one", features_only=True),
    Rule(name="examples", says="an outline has rows, and a column for each value it puts in", features_only=True),
    Rule(name="money", says="money has its currency, and a dot before its decimals: EUR 1,200.00"),
    Rule(name="date", says="a day is written year-month-day: 2026-01-31"),
    Rule(name="period", says="a month is written year-month: 2026-01"),
    Rule(name="value", says="a value has the form of its kind: a percentage, a number, a word of a list"),
    Rule(name="missing", says="what a sentence cannot do without is said"),
    Rule(name="unknown-word", says="a name is one of the dictionary, or was brought in by an earlier step"),
    Rule(name="unknown-tag", says="a tag is one of those that mean something"),
    Rule(name="expired-waiver", says="a waiver has not expired"),
    Rule(name="no-then", says="a story claims something"),
    Rule(name="checks-nothing", says="what must be true is compared with something", features_only=True),
    Rule(name="idle-connector", says="the connector gets to work"),
    Rule(name="time-order", says="steps stand in the order in which they happen"),
    Rule(name="same-name", says="two stories of a file have two names"),
    Rule(name="secret", says="no file holds a key, a token or a password"),
    Rule(name="personal-data", says="no file holds what identifies a person or an account in real life"),
    Rule(name=GENERAL, says="the parts of a story fit together"),
    Rule(
        name="technical-name",
        severity="hint",
        says="what a feature, rule or scenario is called speaks of business; names in quotes are as they are in life",
        features_only=True,
    ),
    Rule(name="length", severity="hint", says="a scenario has three to seven steps of its own", features_only=True),
    Rule(name="background", severity="hint", says="a background has at most four steps", features_only=True),
    Rule(name="when-blocks", severity="hint", says="a scenario has one block of When", features_only=True),
    Rule(
        name="first-column",
        severity="hint",
        says="the first column of examples names the reason for each row",
        features_only=True,
    ),
    Rule(
        name="many-rows",
        severity="hint",
        says="examples have at most twenty rows; sweeps over boundaries are stories in YAML",
        features_only=True,
    ),
)
BY_NAME: Mapping[str, Rule] = MappingProxyType({rule.name: rule for rule in RULES})


def severity_of(rule: str) -> Severity:
    """Whether what breaks a rule is a mistake or a hint."""
    return BY_NAME[rule or GENERAL].severity


def rules_table() -> str:
    """All rules as a Markdown table, as the documentation has them."""
    rows = (f"| `{rule.name}` | {rule.severity} | {rule.says} | {_where(rule)} |\n" for rule in RULES)
    return f"| Rule | | What it asks for | In |\n|---|---|---|---|\n{''.join(rows)}"


def _where(rule: Rule) -> str:
    return "features" if rule.features_only else "all"
