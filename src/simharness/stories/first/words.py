"""The words that fill a template: who and how much as somebody said it, everything else as the dictionary has it."""

from __future__ import annotations

import re
from datetime import date, timedelta

from simharness.core.errors import UsageError
from simharness.core.money import Money, exponent
from simharness.domain.dictionary import Dictionary
from simharness.stories.first.templates import First
from simharness.stories.tags import problem_of
from simharness.stories.words import money

#: The day on which the deals of templates are won.
_WON = date(2026, 1, 12)
_NAME = re.compile(r"[^\"\\|<>\n]+")
#: Who it is about, and how much, where nobody says it.
_CUSTOMER, _EMPLOYEE = "Globex", "Ada Byron"
_PRICE_UNITS, _SALARY_UNITS = 1200, 78000


def default_amount(first: First, dictionary: Dictionary) -> str:
    """An amount that suits the template, in the currency of the books."""
    return f"{Money(_SALARY_UNITS if first.employs else _PRICE_UNITS, dictionary.currency)}"


def default_name(first: First) -> str:
    """A customer, or an employee where it is about one."""
    return _EMPLOYEE if first.employs else _CUSTOMER


def words_for(dictionary: Dictionary, customer: str, amount: str, owner: str) -> dict[str, str]:
    """The words of a template; raises `UsageError` for a name, an amount or an owner that no feature can have."""
    if not _NAME.fullmatch(customer):
        raise UsageError(f"{customer!r} is no name for a feature", mend="leave out quotes, strokes and brackets")
    tag = f"owner:{owner}"
    wrong = problem_of(tag) if owner else None
    if wrong is not None:
        what, mend = wrong
        raise UsageError(what, mend=mend)
    worth = _worth(amount, dictionary)
    part = _half(worth)
    terms = dictionary.terms[0] if dictionary.terms else None
    payroll = dictionary.payroll
    return {
        "amount": str(worth),
        "customer": customer,
        "deal": f"{customer} order",
        "department": payroll.departments[0].department if payroll and payroll.departments else "",
        "dictionary": dictionary.name,
        "due": (_WON + timedelta(days=terms.days if terms else 0)).isoformat(),
        "nothing": str(Money.zero(worth.currency)),
        "owner": f" @{tag}" if owner else "",
        "part": str(part),
        "rest": str(worth - part),
    }


def _worth(amount: str, dictionary: Dictionary) -> Money:
    worth = money(amount)
    if worth.currency != dictionary.currency:
        kept = f"the books of {dictionary.name!r} are kept in {dictionary.currency}"
        raise UsageError(f"{worth} is in another currency: {kept}", mend=f"write {dictionary.currency} {worth.amount}")
    if not worth.is_exact() or worth.amount <= 0 or not _half(worth):
        raise UsageError(f"{worth} is no amount to begin with", mend="take one of some units, in whole cents")
    return worth


def _half(amount: Money) -> Money:
    """Half of an amount, down to the smallest coin."""
    coin = 10 ** exponent(amount.currency)
    return Money.from_minor(int(amount.amount * coin) // 2, amount.currency)
