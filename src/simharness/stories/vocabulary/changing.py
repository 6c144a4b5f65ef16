"""What a table says of a deal beyond its lines: single fields that change, and under which codes lines are taxed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from types import MappingProxyType
from typing import Any, Protocol

import msgspec

from simharness.core.errors import UsageError
from simharness.domain.acts import ActRefused, LineSpec
from simharness.domain.base import Record
from simharness.domain.crm import DealLine
from simharness.domain.dictionary import Dictionary
from simharness.stories import words
from simharness.stories.cast import Deal
from simharness.stories.stage import Stage
from simharness.stories.vocabulary import terms as t


class FieldChange(Record, frozen=True, kw_only=True):
    """A field of a deal with its new value: discount, entity, or a field of a line as `quantity of Badge printer`
    (`quantity` alone where the deal has one line). `old`: what stood there, where that is said.
    """

    field: str
    old: str = ""
    new: str


class Changed(Record, frozen=True, kw_only=True):
    """What a deal becomes by its changes; None is as it was."""

    lines: tuple[LineSpec, ...] | None = None
    discount: t.Discount | None = None
    entity: str | None = None


def _decimal(text: str) -> dict[str, Any]:
    return {"quantity": words.decimal(text)}


def _price(text: str) -> dict[str, Any]:
    return {"unit_price": words.money(text)}


def _discount(text: str) -> dict[str, Any]:
    said = words.discount(text)
    return {"discount_percent": t.percent_of(said) or None, "discount_amount": t.amount_of(said) or None}


def _centre(text: str) -> dict[str, Any]:
    return {"cost_centre": text}


def _product(text: str) -> dict[str, Any]:
    return {"product": text}


#: How a field of a line is read, and what of the line it changes.
_OF_LINE: Mapping[str, Callable[[str], dict[str, Any]]] = MappingProxyType(
    {"quantity": _decimal, "unit price": _price, "discount": _discount, "cost centre": _centre, "product": _product}
)
_OF_DEAL = ("discount", "entity")


def changed(deal: Deal, changes: tuple[FieldChange, ...], dictionary: Dictionary) -> Changed:
    """What the changes make of a deal; `ActRefused` for a line or a word that is not there, or another old value."""
    lines, discount, entity = list(deal.lines), None, None
    for change in changes:
        field, _, product = change.field.partition(" of ")
        if product or field not in _OF_DEAL:
            index = _index(deal, field, product)
            lines[index] = _changed_line(lines[index], change, field, dictionary)
        elif field == "discount":
            percent = deal.discount_percent
            _check_old(change, words.Percent(value=percent) if percent is not None else deal.discount_amount)
            discount = words.discount(change.new)
        else:
            _check_old(change, deal.entity)
            entity = change.new
    kept = tuple(lines) == deal.lines
    specs = None if kept else tuple(_spec(line, dictionary) for line in lines)
    return Changed(lines=specs, discount=discount, entity=entity)


def _changed_line(line: DealLine, change: FieldChange, field: str, dictionary: Dictionary) -> DealLine:
    read = _OF_LINE[field]
    values = read(change.new)
    _check_word(dictionary, field, change.new)
    actual = {name: getattr(line, name) for name in values}
    if change.old and read(change.old) != actual:
        raise _other_than(change, next((each for each in actual.values() if each), None))
    return msgspec.structs.replace(line, **values)


def _check_old(change: FieldChange, actual: object) -> None:
    said = change.old if isinstance(actual, str) or not change.old else words.discount(change.old)
    if change.old and said != actual:
        raise _other_than(change, f"{actual.value}%" if isinstance(actual, words.Percent) else actual)


def _other_than(change: FieldChange, actual: object) -> ActRefused:
    return ActRefused(f"the {change.field} is {actual or 'empty'}, and the table says {change.old} under old")


def _check_word(dictionary: Dictionary, field: str, word: str) -> None:
    products, centres = [each.name for each in dictionary.products], [each.code for each in dictionary.cost_centres]
    known = {"product": products, "cost centre": centres}.get(field)
    if known is not None and word not in known:
        raise ActRefused(f"the dictionary has no {field} {word!r}")


def _index(deal: Deal, field: str, product: str) -> int:
    if not product and len(deal.lines) != 1:
        raise ActRefused(f"the deal {deal.name!r} has {len(deal.lines)} lines: write {field} of which product")
    found = [index for index, line in enumerate(deal.lines) if line.product == product or not product]
    if len(found) != 1:
        what = "no line" if not found else "several lines"
        raise ActRefused(f"the deal {deal.name!r} has {what} of {product!r}")
    return found[0]


def _spec(line: DealLine, dictionary: Dictionary) -> LineSpec:
    said = {name: getattr(line, name) for name in LineSpec.__struct_fields__ if name != "custom"}
    return LineSpec(**said, custom=all(each.name != line.product for each in dictionary.products))


class Taxed(Protocol):
    """A line that may say under which code it is taxed."""

    @property
    def product(self) -> str | None: ...

    @property
    def tax_code(self) -> str | None: ...


def check_codes(stage: Stage, customer: str, lines: Iterable[Taxed]) -> None:
    """What lines say of their tax codes is what the dictionary says today; raises `ActRefused` where it is not."""
    region = stage.cast.present(customer).region
    for line in lines:
        if line.tax_code and line.product:
            code = _code_of(stage.dictionary, region, line.product, stage.today)
            if code != line.tax_code:
                where = f"{line.product} is taxed under {code!r}" if code else f"{line.product} is not taxed"
                raise ActRefused(f"in {region or 'no region'} {where}, and the line says {line.tax_code!r}")


def _code_of(dictionary: Dictionary, region: str, product: str, day: date) -> str:
    exempt = next((code.name for code in dictionary.tax_codes if code.kind == "exempt"), "")
    category = next((each.tax_category for each in dictionary.products if each.name == product), "")
    for found in dictionary.regions:
        if found.code == region and any(product == each for each, _ in found.exempt_products):
            return exempt
        if found.code == region:
            return next((tax.code for tax in found.taxes if tax.category == category and tax.holds(day)), exempt)
    return ""


def wrong_changes(changes: tuple[FieldChange, ...]) -> str | None:
    """What cannot be read of the changes, or None."""
    for change in changes:
        field, _, product = change.field.partition(" of ")
        if field not in _OF_LINE and (field not in _OF_DEAL or product):
            known = ", ".join((*_OF_DEAL, *(f"{each} of PRODUCT" for each in _OF_LINE)))
            return f"{change.field!r} is no field of a deal that can change: it can be {known}"
        for text in (change.old, change.new):
            try:
                if text and field in _OF_LINE:
                    _OF_LINE[field](text)
            except UsageError as error:
                return f"{change.field}: {error.what}; {error.mend}"
    return None
