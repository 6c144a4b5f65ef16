"""What the head of a story lays over its dictionaries: accounts, tax codes, rates, exempt products, owners of fields.

What a story says that the dictionary says already changes nothing. Everything else becomes the truth of this story
only: the systems are furnished from it and the checks judge by it, whatever the connector's mapping says.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from types import MappingProxyType
from typing import Annotated

from msgspec.structs import replace as amended

from simharness.domain.base import Record
from simharness.domain.dictionary import AccountSpec, Dictionary, Ownership, Region, TaxCode, TaxComponent
from simharness.stories.consistency import ACCOUNT_KINDS, SYSTEMS, inconsistencies
from simharness.stories.nearest import suggestion
from simharness.stories.positions import Node
from simharness.stories.rates import rate_on, with_rate
from simharness.stories.vocabulary.terms import OneOf
from simharness.stories.words import Percent

#: Why a product is exempt where only the story says that it is.
_EXEMPT = "Exempt product"
_OWNERS: Mapping[str, str] = MappingProxyType({"billing system": "billing"})


class AccountRow(Record, frozen=True, kw_only=True):
    """An account of the chart: one of the dictionary with another name or type, or one more."""

    code: str
    name: str
    type: Annotated[str, OneOf(ACCOUNT_KINDS, "type of account")]
    role: str = ""


class TaxCodeRow(Record, frozen=True, kw_only=True):
    """A tax code with its rate from a day on (unless said from ever); `account` is that of tax payable unless said."""

    code: str
    rate: Percent
    account: str = ""
    valid_from: date | None = None


class Overlay(Record, frozen=True, kw_only=True):
    """Keys of a story's head that speak of its dictionaries. `books` and `release` only have to be true."""

    books: tuple[tuple[str, str], ...] = ()
    chart_of_accounts: tuple[AccountRow, ...] = ()
    tax_codes: tuple[TaxCodeRow, ...] = ()
    tax_in: tuple[tuple[str, Percent], ...] = ()
    exempt_products: tuple[tuple[str, tuple[str, ...]], ...] = ()
    owns: tuple[tuple[Annotated[str, OneOf(SYSTEMS, "system that owns fields")], tuple[str, ...]], ...] = ()
    release: str = ""


def laid_over(books: Sequence[Dictionary], said: Overlay, today: date, node: Node) -> tuple[Dictionary, ...]:
    """The dictionaries of a story (the first entity's first) as its head wants them; `node` is the story's tree.

    The chart and the tax codes are laid over the first one, the rest over each that knows the word. Raises
    `ContentError` at the line that says what cannot be.
    """
    if not any(getattr(said, name) for name in Overlay.__struct_fields__):
        return tuple(books)  # Most stories say nothing of their books, and share the dictionary itself.
    _check_books(books, said, node)
    first, *further = books
    first = _with_accounts(first, said.chart_of_accounts)
    first = _with_codes(first, said.tax_codes, today, _items(node, "tax_codes"))
    found = (first, *further)
    for index, (code, percent) in enumerate(said.tax_in):
        found = _with_rate(found, code, percent.value, today, _key(node, "tax_in", index))
    for index, (product, places) in enumerate(said.exempt_products):
        for place in places:
            found = _with_exempt(found, product, place, _key(node, "exempt_products", index))
    for index, (system, things) in enumerate(said.owns):
        for thing in things:
            found = _with_owner(found, _OWNERS.get(system, system), thing, _key(node, "owns", index))
    for before, after in zip(books, found, strict=True):
        if before != after:
            found_wrong = list(inconsistencies(after, _places(after, said, node)))
            for problem in (*(each for each in found_wrong if each.where != node.where), *found_wrong):
                raise problem
    return found


def _check_books(books: Sequence[Dictionary], said: Overlay, node: Node) -> None:
    for index, (name, currency) in enumerate(said.books):
        place = _key(node, "books", index)
        owner = next((each for each in books if name in (each.entity, each.company_name, each.name)), None)
        if owner is None:
            known = [word for each in books for word in (each.company_name or each.entity, each.entity)]
            what = f"the dictionary {books[0].name!r} keeps no books of {name!r}"
            raise place.problem(what, suggestion(name, dict.fromkeys(known)))
        if owner.currency != currency.upper():
            what = f"the books of {name!r} are kept in {owner.currency}, says the dictionary {owner.name!r}"
            raise place.problem(what, f"write {owner.currency}, or take another dictionary")


def _with_accounts(dictionary: Dictionary, rows: Iterable[AccountRow]) -> Dictionary:
    accounts = {account.number: account for account in dictionary.accounts}
    for row in rows:
        known = accounts.get(row.code)
        if known is None:
            accounts[row.code] = AccountSpec(number=row.code, name=row.name, kind=row.type, role=row.role)
        else:
            accounts[row.code] = amended(known, name=row.name, kind=row.type, role=row.role or known.role)
    return amended(dictionary, accounts=tuple(accounts.values()))


def _with_codes(dictionary: Dictionary, rows: Sequence[TaxCodeRow], today: date, places: Sequence[Node]) -> Dictionary:
    codes = {code.name: code for code in dictionary.tax_codes}
    for row, place in zip(rows, places, strict=True):
        account = _account(dictionary, row, place)
        known = codes.get(row.code)
        if known is None:
            codes[row.code] = _new_code(row, account)
        else:
            changed = with_rate(known, row.rate.value, row.valid_from, today, place.problem)
            codes[row.code] = amended(changed, account=account if row.account else known.account)
    return amended(dictionary, tax_codes=tuple(codes.values()))


def _account(dictionary: Dictionary, row: TaxCodeRow, place: Node) -> str:
    if not row.account:
        usual = dictionary.account_by_role("tax_payable")
        if usual is None:
            raise place.problem("no account has the role 'tax_payable'", "name the account of the tax code")
        return usual.number
    names = {word: a.number for a in dictionary.accounts for word in (a.number, a.name, f"{a.number} {a.name}")}
    if row.account not in names:
        raise place.problem(f"unknown account {row.account!r}", suggestion(row.account, names))
    return names[row.account]


def _new_code(row: TaxCodeRow, account: str) -> TaxCode:
    if not row.rate.value:
        return TaxCode(name=row.code, account=account, kind="zero_rated")
    component = TaxComponent(authority=row.code, percent=row.rate.value, valid_from=row.valid_from)
    return TaxCode(name=row.code, account=account, components=(component,))


def _with_rate(
    books: tuple[Dictionary, ...], region: str, percent: Decimal, today: date, place: Node
) -> tuple[Dictionary, ...]:
    """One of a region's rates is that already, or its only rate becomes it."""
    owner, found = _region(books, region, place)
    names = dict.fromkeys(tax.code for tax in found.taxes if tax.code and tax.holds(today))
    codes = [code for code in owner.tax_codes if code.name in names]
    rates = {code.name: rate_on(code, today) for code in codes}
    if percent in rates.values() or (not codes and not percent):
        return books
    if len(codes) != 1:
        shown = " and ".join(f"{name} at {rate.normalize():f}%" for name, rate in rates.items()) or "no tax at all"
        raise place.problem(f"{region} has {shown}", "say the rate of a code under `the tax codes:`")
    code = with_rate(codes[0], percent, None, today, place.problem)
    new = amended(owner, tax_codes=tuple(code if each.name == code.name else each for each in owner.tax_codes))
    return tuple(new if each is owner else each for each in books)


def _region(books: Sequence[Dictionary], code: str, place: Node) -> tuple[Dictionary, Region]:
    for each in books:
        for region in each.regions:
            if region.code == code:
                return each, region
    known = [region.code for each in books for region in each.regions]
    raise place.problem(f"unknown region {code!r}", suggestion(code, known))


def _with_exempt(books: tuple[Dictionary, ...], product: str, where: str, place: Node) -> tuple[Dictionary, ...]:
    """Every region of a jurisdiction exempts the product: US-CA is all of California."""
    known = [each.name for each in books[0].products]
    if not any(product == each.name for one in books for each in one.products):
        raise place.problem(f"unknown product {product!r}", suggestion(product, known))
    codes = [region.code for each in books for region in each.regions]
    meant = [code for code in codes if code == where or code.startswith(f"{where}-")]
    if not meant:
        raise place.problem(f"unknown region {where!r}", suggestion(where, codes))
    return tuple(
        amended(each, regions=tuple(_exempting(r, product) if r.code in meant else r for r in each.regions))
        for each in books
    )


def _exempting(region: Region, product: str) -> Region:
    if any(product == each for each, _ in region.exempt_products):
        return region
    return amended(region, exempt_products=(*region.exempt_products, (product, _EXEMPT)))


def _with_owner(books: tuple[Dictionary, ...], system: str, thing: str, place: Node) -> tuple[Dictionary, ...]:
    if system not in SYSTEMS:
        raise place.problem(f"{system!r} owns no fields", suggestion(system, SYSTEMS))
    datasets = dict.fromkeys(each.dataset for one in books for each in one.ownership)
    head, _, rest = thing.replace("'s ", " ").removeprefix("the ").partition(" ")
    dataset = head if head in datasets else head.removesuffix("s")
    if dataset not in datasets:
        raise place.problem(f"nobody owns {thing!r}: it is no kind of record", suggestion(head, datasets))
    field = rest.strip().replace(" ", "_")
    fields = [each.field for one in books for each in one.ownership if each.dataset == dataset]
    if field and field not in fields:
        words = (each.replace("_", " ") for each in dict.fromkeys(fields))
        raise place.problem(f"a {dataset} has no field {rest!r}", suggestion(rest, words))
    return tuple(amended(each, ownership=tuple(_owned(each.ownership, dataset, field, system))) for each in books)


def _owned(rules: Iterable[Ownership], dataset: str, field: str, system: str) -> Iterator[Ownership]:
    for rule in rules:
        meant = rule.dataset == dataset and field in ("", rule.field)
        yield amended(rule, owner=system) if meant else rule


def _places(after: Dictionary, said: Overlay, node: Node) -> Node:
    """A tree in which whatever the story added to a dictionary stands at the story's line."""
    by_code = {
        row.code: place for row, place in zip(said.chart_of_accounts, _items(node, "chart_of_accounts"), strict=True)
    }
    by_tax = {row.code: place for row, place in zip(said.tax_codes, _items(node, "tax_codes"), strict=True)}
    accounts = tuple(by_code.get(each.number, node) for each in after.accounts)
    codes = tuple(by_tax.get(each.name, node) for each in after.tax_codes)
    pairs = tuple(
        (replace(node, kind="text", text=key, pairs=(), items=()), replace(node, kind="list", pairs=(), items=items))
        for key, items in (("accounts", accounts), ("tax_codes", codes))
    )
    return replace(node, pairs=pairs, items=())


def _items(node: Node, key: str) -> tuple[Node, ...]:
    found = node.get(key)
    return found.items if found is not None else ()


def _key(node: Node, key: str, index: int) -> Node:
    found = node.get(key)
    return found.pairs[index][0] if found is not None and index < len(found.pairs) else node
