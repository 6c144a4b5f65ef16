"""What must hold inside a dictionary: unique names, resolved references, words of the closed lists, one rate a day."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from datetime import date
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from simharness.core.errors import ContentError
from simharness.domain.dictionary import Dictionary
from simharness.stories.nearest import suggestion
from simharness.stories.positions import Node

#: As `domain.books.Account` and `domain.dictionary` list them.
ACCOUNT_KINDS = (
    "bank", "receivable", "undeposited", "current_asset", "fixed_asset", "payable", "credit_card", "current_liability",
    "long_term_liability", "equity", "income", "contra_income", "cost_of_sales", "expense", "other_income",
    "other_expense",
)  # fmt: skip
ACCOUNT_ROLES = (
    "bank", "receivable", "gateway_clearing", "payouts_in_transit", "undeposited", "tax_payable", "unapplied",
    "deposits", "discounts_given", "settlement_discounts", "write_offs", "allowance", "fees", "bank_charges",
    "unmatched", "exchange_gain", "equity", "due_from", "due_to", "prepaid", "accrued_expenses", "payroll_clearing",
    "pay_cheques", "accrued_wages", "deferred_revenue", "exchange_valuation", "unrealised_exchange", "wages",
    "employer_taxes", "employer_benefits", "reimbursements",
)  # fmt: skip
TAX_KINDS = ("standard", "exempt", "zero_rated", "reverse_charge", "export", "out_of_scope")
SYSTEMS = ("crm", "ledger", "gateway", "payroll", "bi", "billing")
TAX_MODELS = ("us", "global")
INVOICE_DATES = ("won", "close_date")
PAYOUTS = ("manual", "daily", "weekly", "monthly")
WRITE_OFFS = ("direct", "allowance")

#: Lists of a dictionary with the field that must be unique in each.
_UNIQUE = (
    ("accounts", "number"), ("accounts", "name"), ("revenue_types", "name"), ("products", "name"), ("products", "sku"),
    ("tax_codes", "name"), ("regions", "code"), ("terms", "name"), ("cost_centres", "code"), ("cost_centres", "name"),
    ("departments", "code"), ("discount_rules", "name"), ("locations", "code"), ("locations", "name"),
)  # fmt: skip


def inconsistencies(dictionary: Dictionary, node: Node) -> Iterator[ContentError]:
    """Everything in a dictionary that contradicts itself, each at its line; `node` is what it was read from."""
    yield from _doubles(dictionary, node)
    yield from _dangling(dictionary, node)
    yield from _words(dictionary, node)
    yield from _roles(dictionary, node)
    yield from _overlapping(dictionary, node)
    yield from _two_codes(dictionary, node)


def _doubles(dictionary: Dictionary, node: Node) -> Iterator[ContentError]:
    for group, field in _UNIQUE:
        counts = Counter(getattr(item, field) for item in getattr(dictionary, group))
        for index, item in enumerate(getattr(dictionary, group)):
            if counts[getattr(item, field)] > 1:
                yield _at(node, group, index).problem(f"{group}: the {field} {getattr(item, field)!r} is listed twice")


def _dangling(dictionary: Dictionary, node: Node) -> Iterator[ContentError]:
    accounts = [account.number for account in dictionary.accounts]
    types = [revenue.name for revenue in dictionary.revenue_types]
    products = [product.name for product in dictionary.products]
    categories = [product.tax_category for product in dictionary.products]
    codes = [code.name for code in dictionary.tax_codes]
    yield from _unresolved(node, "revenue_types", [(r.account,) for r in dictionary.revenue_types], "account", accounts)
    yield from _unresolved(node, "products", [(p.revenue_type,) for p in dictionary.products], "revenue type", types)
    yield from _unresolved(node, "tax_codes", [(c.account,) for c in dictionary.tax_codes], "account", accounts)
    taxed = [tuple(tax.code for tax in region.taxes if tax.code) for region in dictionary.regions]
    yield from _unresolved(node, "regions", taxed, "tax code", codes)
    yield from _unresolved(node, "regions", [tuple(t.category for t in r.taxes) for r in dictionary.regions],
                           "tax category", categories)  # fmt: skip
    yield from _unresolved(node, "discount_rules", [r.products for r in dictionary.discount_rules], "product", products)
    yield from _unresolved(node, "regions", [tuple(p for p, _ in r.exempt_products) for r in dictionary.regions],
                           "product", products)  # fmt: skip


def _words(dictionary: Dictionary, node: Node) -> Iterator[ContentError]:
    policy = node.get("policy") or node
    closed_words = (("tax_model", TAX_MODELS), ("invoice_date", INVOICE_DATES), ("payouts", PAYOUTS),
                    ("write_offs", WRITE_OFFS))  # fmt: skip
    for field, valid in closed_words:
        word = getattr(dictionary.policy, field)
        if word not in valid:
            yield (policy.get(field) or policy).problem(f"{word!r} is no valid {field!r}", suggestion(word, valid))
    closed: tuple[tuple[str, str, tuple[str, ...]], ...] = (
        ("accounts", "kind", ACCOUNT_KINDS),
        ("accounts", "role", ("", *ACCOUNT_ROLES)),
        ("tax_codes", "kind", TAX_KINDS),
        ("ownership", "owner", SYSTEMS),
    )
    for group, field, words in closed:
        for index, item in enumerate(getattr(dictionary, group)):
            word = getattr(item, field)
            if word not in words:
                yield _at(node, group, index).problem(f"{word!r} is no valid {field!r}", suggestion(word, words))
    try:
        ZoneInfo(dictionary.time_zone)
    except (ZoneInfoNotFoundError, ValueError):
        place = node.get("time_zone") or node
        yield place.problem(f"there is no time zone {dictionary.time_zone!r}",
                            suggestion(dictionary.time_zone, sorted(available_timezones())))  # fmt: skip
    if not re.fullmatch("[A-Z]{3}", dictionary.currency):
        yield (node.get("currency") or node).problem(f"{dictionary.currency!r} is no currency", "write its ISO code")
    yield from _currencies(dictionary, node)


def _currencies(dictionary: Dictionary, node: Node) -> Iterator[ContentError]:
    currencies = dictionary.policy.currencies
    place = node.get("policy") or node
    for currency in currencies:
        if not re.fullmatch("[A-Z]{3}", currency):
            yield place.problem(f"{currency!r} is no currency", "write its ISO code")
        if currency == dictionary.currency or currencies.count(currency) > 1:
            yield place.problem(f"{currency} is listed twice", "list each currency beside that of the books once")
    if currencies and dictionary.account_by_role("exchange_gain") is None:
        yield place.problem("no account has the role 'exchange_gain'", "add it, or bill in one currency")


def _roles(dictionary: Dictionary, node: Node) -> Iterator[ContentError]:
    roles = Counter((account.role, account.counterpart) for account in dictionary.accounts if account.role)
    for index, account in enumerate(dictionary.accounts):
        if roles[account.role, account.counterpart] > 1:
            yield _at(node, "accounts", index).problem(f"two accounts have the role {account.role!r}")
        if bool(account.counterpart) != (account.role in ("due_from", "due_to")):
            what = "names no counterpart" if not account.counterpart else "has a counterpart, and nobody owes on it"
            yield _at(node, "accounts", index).problem(f"account {account.number} {what}")
    if ("receivable", "") not in roles:
        yield (node.get("accounts") or node).problem("no account has the role 'receivable'")


def _unresolved(
    node: Node, group: str, used: list[tuple[str, ...]], what: str, known: list[str]
) -> Iterator[ContentError]:
    for index, references in enumerate(used):
        for word in references:
            if word not in known:
                yield _at(node, group, index).problem(f"{group}: unknown {what} {word!r}",
                                                      suggestion(word, dict.fromkeys(known)))  # fmt: skip


def _overlapping(dictionary: Dictionary, node: Node) -> Iterator[ContentError]:
    for index, code in enumerate(dictionary.tax_codes):
        place = _at(node, "tax_codes", index)
        if code.kind == "standard" and not code.components:
            yield place.problem(f"the standard tax code {code.name!r} has no components")
        if code.kind != "standard" and code.components:
            yield place.problem(f"the {code.kind} tax code {code.name!r} has components")
        for position, one in enumerate(code.components):
            for other in code.components[position + 1 :]:
                apart = (one.valid_until and other.valid_from and one.valid_until < other.valid_from) or (
                    other.valid_until and one.valid_from and other.valid_until < one.valid_from
                )
                if one.authority == other.authority and not apart:
                    yield place.problem(f"two rates of {one.authority} in {code.name!r} are valid on one day",
                                        "end the older one with valid_until the day before")  # fmt: skip


def _two_codes(dictionary: Dictionary, node: Node) -> Iterator[ContentError]:
    for index, region in enumerate(dictionary.regions):
        for position, one in enumerate(region.taxes):
            for other in region.taxes[position + 1 :]:
                begins = max(one.valid_from or date.min, other.valid_from or date.min)
                if one.category == other.category and one.holds(begins) and other.holds(begins):
                    yield _at(node, "regions", index).problem(
                        f"two tax codes of {one.category} in {region.code!r} are valid on one day",
                        "end the older one with valid_until the day before",
                    )


def _at(node: Node, group: str, index: int) -> Node:
    items = node.get(group)
    return items.items[index] if items is not None and index < len(items.items) else node
