"""What a dictionary holds, as somebody who writes a feature reads it: the words that may stand in its sentences."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType

from simharness.domain.dictionary import Dictionary, Dimension, Region, TaxCode, TaxComponent, Terms
from simharness.domain.policy import TaxPolicy

_WIDTH = 120
_ROUNDED: Mapping[TaxPolicy, str] = MappingProxyType(
    {
        TaxPolicy.PER_GROUP: "once a tax code, over the document",
        TaxPolicy.PER_LINE: "on every line",
        TaxPolicy.PER_COMPONENT: "for each authority of a tax code by itself",
    }
)


def listing(known: Iterable[tuple[Dictionary, str, str]]) -> Iterator[str]:
    """A line a dictionary: its name, the currency of its books, which one it is a variant of, and what it is about."""
    rows = list(known)
    width = max((len(dictionary.name) for dictionary, _, _ in rows), default=0)
    for dictionary, extends, about in rows:
        first = f"{dictionary.name:<{width}}  {dictionary.currency}  "
        told = f"{about} (as {extends})" if extends else about
        yield from _wrapped(told, first, " " * len(first))


def described(dictionary: Dictionary, extends: str, about: str) -> Iterator[str]:
    """Everything in a dictionary that a sentence can name, by what it is."""
    yield f"{dictionary.name}: {dictionary.company_name or dictionary.entity}, books in {dictionary.currency}"
    yield from _wrapped(f"{about} (As {extends}, but for that.)" if extends else about)
    yield ""
    for title, items in _sections(dictionary):
        told = list(items)
        if told:
            yield title
            yield from (line for item in told for line in _wrapped(item, "  ", "    "))


def _wrapped(text: str, first: str = "", further: str = "") -> list[str]:
    return textwrap.wrap(text, _WIDTH, initial_indent=first, subsequent_indent=further, break_on_hyphens=False)


def _sections(dictionary: Dictionary) -> Iterator[tuple[str, Iterable[str]]]:
    policy, payroll = dictionary.policy, dictionary.payroll
    called = {one.number: f"{one.number} {one.name}" for one in dictionary.accounts}
    revenue = {one.name: called[one.account] for one in dictionary.revenue_types}
    yield "currencies", [", ".join((dictionary.currency, *policy.currencies))]
    yield (
        "products, with what they are for tax and where their revenue goes",
        (f"{one.name}: {one.tax_category}, {revenue[one.revenue_type]}" for one in dictionary.products),
    )
    yield "accounts", (f"{one.number} {one.name}: {one.kind.replace('_', ' ')}" for one in dictionary.accounts)
    yield "regions, with what is taxed there", map(_region, dictionary.regions)
    yield f"tax codes; tax is rounded {_ROUNDED[policy.tax]}", map(_tax_code, dictionary.tax_codes)
    yield "terms", map(_terms, dictionary.terms)
    yield "discount rules", (f"{one.name}: {one.percent} %" for one in dictionary.discount_rules)
    yield "cost centres", map(_dimension, dictionary.cost_centres)
    yield "departments", map(_dimension, dictionary.departments)
    yield "locations", map(_dimension, dictionary.locations)
    schedules = payroll.schedules if payroll is not None else ()
    yield "pay schedules", (f"{one.name}: {one.frequency}, as paid on {one.anchor_pay}" for one in schedules)


def _region(region: Region) -> str:
    taxed = dict.fromkeys(f"{tax.category} ({tax.code})" for tax in region.taxes if tax.code)
    exempt = "".join(f", but not {product}" for product, _ in region.exempt_products)
    return f"{region.code} {region.name}: {', '.join(taxed) or 'nothing'}{exempt}"


def _tax_code(code: TaxCode) -> str:
    parts = ", ".join(map(_component, code.components))
    return f"{code.name}: {parts or code.kind.replace('_', ' ')}"


def _component(component: TaxComponent) -> str:
    since = f" from {component.valid_from}" if component.valid_from else ""
    until = f" until {component.valid_until}" if component.valid_until else ""
    return f"{component.authority} {component.percent} %{since}{until}"


def _terms(terms: Terms) -> str:
    discount = f", {terms.discount_percent} % off within {terms.discount_days}" if terms.discount_percent else ""
    return f"{terms.name}: {terms.days} days{discount}"


def _dimension(one: Dimension) -> str:
    return f"{one.code} {one.name}"
