"""The books of a company furnished from finance's dictionary.

Cost centres become classes and locations become departments, both by their name (a ledger has no codes for them; the
code is kept beside the name). The dictionary's own departments belong to payroll and are not furnished here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

import msgspec

from simharness.domain.dictionary import Dictionary, ProductSpec, TaxCode
from simharness.domain.policy import TaxCalculator
from simharness_fakes.accounting import chart
from simharness_fakes.accounting.masters import Register
from simharness_fakes.accounting.refusals import BadReference

if TYPE_CHECKING:
    from simharness_fakes.accounting.books import Books

T = TypeVar("T", bound=chart.Kept)


def furnish(books: Books, dictionary: Dictionary, by: chart.Stamp) -> None:
    """Create what is missing and change what differs, found by name; what the dictionary does not list stays."""
    _settings(books, dictionary, by)
    for spec in dictionary.accounts:
        account = chart.Account(
            name=spec.name, kind=spec.kind, number=spec.number, role=spec.role, currency=spec.currency
        )
        _ensure(books.accounts, account, by)
    for terms in dictionary.terms:
        term = chart.Term(
            name=terms.name,
            days=terms.days,
            discount_percent=terms.discount_percent,
            discount_days=terms.discount_days,
        )
        _ensure(books.terms, term, by)
    for dimension in dictionary.cost_centres:
        _ensure(books.classes, chart.Class(name=dimension.name or dimension.code, code=dimension.code), by)
    for dimension in dictionary.locations:
        _ensure(books.departments, chart.Department(name=dimension.name or dimension.code, code=dimension.code), by)
    for code in dictionary.tax_codes:
        _tax_code(books, code, by)
    taxed = {rule.category for region in dictionary.regions for rule in region.taxes if rule.code}
    for product in dictionary.products:
        _item(books, dictionary, product, product.tax_category in taxed, by)
    for region in dictionary.regions:
        rules = tuple(
            chart.RegionRule(
                category=rule.category,
                code=_id(books.tax_codes, rule.code) if rule.code else "",
                valid_from=rule.valid_from,
                valid_until=rule.valid_until,
            )
            for rule in region.taxes
        )
        exempt = tuple(_id(books.items, product) for product, _ in region.exempt_products)
        _ensure(
            books.tax_regions,
            chart.TaxRegion(name=region.code, title=region.name, rules=rules, exempt_items=exempt),
            by,
        )


def _settings(books: Books, dictionary: Dictionary, by: chart.Stamp) -> None:
    """The dictionary's policies. A chart that says where exchange gains go is one of books in several currencies."""
    policy = dictionary.policy
    wanted = msgspec.structs.replace(
        books.settings,
        company=dictionary.company_name or books.settings.company,
        entity=dictionary.entity,
        currency=dictionary.currency,
        time_zone=dictionary.time_zone,
        tax_model=policy.tax_model,
        automated_tax=policy.tax_calculator is TaxCalculator.LEDGER,
        rounding=policy.rounding,
        tax_policy=policy.tax,
        inclusive_policy=policy.inclusive,
        multi_currency=books.settings.multi_currency
        or any(each.role == "exchange_gain" for each in dictionary.accounts),
    )
    if wanted != books.settings:
        books.change_settings(wanted, by)


def _tax_code(books: Books, code: TaxCode, by: chart.Stamp) -> None:
    authorities = dict.fromkeys(component.authority for component in code.components)
    rates: list[str] = []
    for authority in authorities:
        agency = _ensure(books.tax_agencies, chart.TaxAgency(name=authority), by)
        rate = chart.TaxRate(
            name=code.name if len(authorities) == 1 else f"{code.name} {authority}",
            agency=agency.id,
            account=_tax_account(books, code),
            periods=tuple(
                chart.RatePeriod(percent=each.percent, valid_from=each.valid_from, valid_until=each.valid_until)
                for each in code.components
                if each.authority == authority
            ),
        )
        rates.append(_ensure(books.tax_rates, rate, by).id)
    _ensure(books.tax_codes, chart.TaxCode(name=code.name, kind=code.kind, rates=tuple(rates)), by)


def _tax_account(books: Books, code: TaxCode) -> str:
    account = books.accounts.by_number(code.account) if code.account else books.accounts.by_role("tax_payable")
    if account is None:
        raise BadReference(f"tax code {code.name} account", "account", code.account)
    return account.id


def _item(books: Books, dictionary: Dictionary, product: ProductSpec, taxable: bool, by: chart.Stamp) -> None:
    number = next((each.account for each in dictionary.revenue_types if each.name == product.revenue_type), "")
    account = books.accounts.by_number(number)
    if account is None:
        raise BadReference(f"product {product.name} revenue type {product.revenue_type}", "account", number)
    item = chart.Item(
        name=product.name,
        sku=product.sku,
        income_account=account.id,
        taxable=taxable,
        tax_category=product.tax_category,
    )
    _ensure(books.items, item, by)


def _ensure(register: Register[T], wanted: T, by: chart.Stamp) -> T:
    """The record of that name with the wanted fields; fields the dictionary says nothing of keep their value."""
    old = register.by_name(_name(wanted))
    if old is None:
        return register.create(wanted, by)
    ours = {field: value for field, value in _fields(wanted).items() if field not in _KEPT}
    same = msgspec.structs.replace(old, **{field: value for field, value in ours.items() if field in _said(wanted)})
    return old if same == old else register.update(old.id, same, by)


_KEPT = frozenset(chart.Kept.__struct_fields__)


def _fields(record: chart.Kept) -> dict[str, Any]:
    return {field: getattr(record, field) for field in record.__struct_fields__}


def _said(record: chart.Kept) -> frozenset[str]:
    """The fields that differ from their default, which are those a dictionary gave."""
    fresh = {field.name: field.default for field in msgspec.structs.fields(type(record))}
    return frozenset(field for field, value in _fields(record).items() if value != fresh[field]) | {"active"}


def _name(record: Any) -> str:
    return str(record.name)


def _id(register: Register[Any], name: str) -> str:
    found = register.by_name(name)
    if found is None:
        raise BadReference("region", register.kind, name)
    return str(found.id)
