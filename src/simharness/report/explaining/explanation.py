"""Why something is wrong, as data: what a person needs to understand a finding, before anybody lays it out."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from simharness.domain.finding import Finding


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Things side by side. The first column names a row; columns of `right` (from 0) hold figures."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    right: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Posting:
    """A row of a T-account, debit positive: what should be there and what is; None is nothing on that side.

    `anything` says that any amount will do: `debit` or `credit`.
    """

    label: str
    expected: Decimal | None = None
    actual: Decimal | None = None
    anything: str = ""
    remark: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TAccount:
    """An account twice, as it should be and as it is. `balance` is its last row; None where only postings count."""

    name: str
    currency: str
    postings: tuple[Posting, ...]
    balance: Posting | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """One line of the chain from a deal to a metric; `is_missing`: it ought to be there and is not."""

    noun: str
    text: str
    is_missing: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Chain:
    """What became of one deal, payment or payroll. `about` names it."""

    about: str
    links: tuple[Link, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """A finding with everything that explains it.

    `place` and `sentence` are the step in the story's file; `about` is what it does not say (no step, an act). `rule`
    is what a check demands; "" for what the story itself says. `difference` is the money difference in words. `deeds`
    are what the connector did, in words, `calls` the requests beneath them, one a line.
    """

    finding: Finding
    rule: str
    place: str
    sentence: str
    about: str
    difference: str
    tables: tuple[Table | TAccount, ...]
    chains: tuple[Chain, ...]
    deeds: tuple[str, ...]
    calls: tuple[str, ...]
