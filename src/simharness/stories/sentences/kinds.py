"""The kinds of parameters that sentences have: how each is written, what it is in words, and an example.

The forms are wide on purpose: `1.200,00 EUR` is taken for money, so that its reader can say how money is written.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from cucumber_expressions.expression import CucumberExpression
from cucumber_expressions.parameter_type import ParameterType
from cucumber_expressions.parameter_type_registry import ParameterTypeRegistry

from simharness.stories.vocabulary.terms import STATUSES

#: How people count documents of one deal.
ORDINALS: Mapping[str, int] = MappingProxyType(
    {"first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "sixth": 6, "seventh": 7, "eighth": 8, "ninth": 9}
)
_QUOTED = '"[^"]*"'
_NTH = f"(?:(?:{'|'.join(ORDINALS)}) )?"
_MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"
_MONEY = r"-?(?:[A-Za-z$€£]{1,3} ?)?-?\d[\d.,']*(?: (?:[A-Z]{3}|euros?|dollars?))?"
_DATE = rf"\d[\d./-]*\d|\d{{1,2}}(?:st|nd|rd|th|\.)? (?:{_MONTHS}),? \d{{4}}|(?:{_MONTHS}) \d{{1,2}},? \d{{4}}"
_SYSTEMS = (
    "the CRM", "payroll", "the ledger", "the gateway", "the bank", "BI", "the billing system", "the alerts", "the log",
    "the error queue", "the files",
)  # fmt: skip
_RECONCILIATIONS = (
    "CRM to invoices", "invoices to ledger", "gateway to ledger", "payouts to bank", "payroll to journals",
    "payroll to bank", "tax to liability", "ledger to BI",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """A kind of parameter: its form as a regular expression without groups that capture."""

    name: str
    form: str
    says: str
    example: str


KINDS: tuple[Kind, ...] = (
    Kind(name="money", form=_MONEY, says="an amount, its currency first", example="USD 1,200.00"),
    Kind(name="figure", form=r"-?\d[\d.,]* ?(?:days|ratio|%)", says="days, a ratio or a percentage", example="5%"),
    Kind(name="currency", form="[A-Za-z]{3}", says="the ISO code of a currency", example="USD"),
    Kind(name="date", form=_DATE, says="a day, year-month-day", example="2026-01-31"),
    Kind(
        name="period", form=rf"{_DATE}|(?:{_MONTHS}) \d{{4}}", says="a month, year-month, or a day", example="2026-01"
    ),
    Kind(name="percent", form=r"-?\d[\d.,]* ?%", says="a percentage", example="10%"),
    Kind(
        name="account",
        form=r'\d{3,6}(?: [^"]+?)?|"[^"]+"|[A-Z][^"]*?',
        says="an account by number, name or both",
        example="1100 Accounts receivable",
    ),
    Kind(
        name="duration",
        form=r"(?:\d+ )?(?:second|minute|hour|day)s?",
        says="seconds, minutes, hours or days",
        example="10 minutes",
    ),
    Kind(name="system", form="|".join(_SYSTEMS), says=f"one of {', '.join(_SYSTEMS)}", example="the ledger"),
    Kind(
        name="entity",
        form="[a-z][a-z_' ]*",
        says="a kind of record (customer, deal, invoice, payment), or one field of it",
        example="customer terms",
    ),
    Kind(name="invoice_status", form="|".join(STATUSES), says=f"one of {', '.join(STATUSES)}", example="paid"),
    Kind(
        name="reconciliation",
        form="|".join(_RECONCILIATIONS),
        says=f"one of {', '.join(_RECONCILIATIONS)}",
        example="CRM to invoices",
    ),
    Kind(
        name="invoice",
        form=rf"the {_NTH}(?:invoice|credit note|credit memo) of {_QUOTED}|invoice {_QUOTED}",
        says="the invoice (or credit note) of a deal, the second invoice of it, or an invoice by its number",
        example='the invoice of "Globex rollout"',
    ),
    Kind(
        name="payment",
        form=rf"payment {_QUOTED}|the {_NTH}payment of {_QUOTED}",
        says="a payment by the name it was given, or the first, second … payment of a deal",
        example='payment "P-1"',
    ),
)
#: What Cucumber expressions bring themselves.
BUILT_IN: Mapping[str, str] = MappingProxyType(
    {"string": 'a text in "quotes"', "int": "a whole number", "word": "one word"}
)
BY_NAME: Mapping[str, Kind] = MappingProxyType({kind.name: kind for kind in KINDS})


def told_kind(name: str) -> str:
    """What a kind of parameter is in words, with an example where there is one."""
    kind = BY_NAME.get(name)
    return BUILT_IN.get(name, "a word") if kind is None else f"{kind.says}: {kind.example}"


def registry() -> ParameterTypeRegistry:
    """The parameter types for Cucumber expressions; every value stays the text that was written."""
    types = ParameterTypeRegistry()  # type: ignore[no-untyped-call] # its initializer takes nothing and says no type
    for kind in KINDS:
        types.define_parameter_type(ParameterType(kind.name, kind.form, str, str, True, False))
    return types


def expression(pattern: str, types: ParameterTypeRegistry) -> CucumberExpression:
    """A pattern ready to be matched."""
    return CucumberExpression(pattern, types)  # type: ignore[no-untyped-call] # its initializer says no types
