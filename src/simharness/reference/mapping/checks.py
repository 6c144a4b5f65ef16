"""What a schema cannot say: names in one file of the mapping that another file must define."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from simharness.reference.mapping.model import DEFERRED, Mapping

#: The accounts the connector itself posts to or tells BI about, by role.
ROLES = (
    "receivable",
    "gateway_clearing",
    "payouts_in_transit",
    "bank",
    "undeposited",
    "unmatched",
    "deposits",
    "discounts_given",
    "settlement_discounts",
    "tax_payable",
    "fees",
    "bank_charges",
    "write_offs",
)

#: The accounts that a payroll needs beside those that payroll.yaml names.
PAYROLL_ROLES = ("payroll_clearing", "pay_cheques", "accrued_wages")


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong: in which file, where in it, and how to mend it."""

    file: str
    path: list[Any]
    message: str
    mend: str


def undefined(mapping: Mapping) -> Iterator[Problem]:
    """Everything that names what is not there."""
    zone = mapping.company.time_zone
    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError):
        yield Problem("company", ["time_zone"], f"{zone!r} is not a time zone", "write an IANA name")
    yield from _accounts(mapping)
    yield from _tax_codes(mapping)
    yield from _invoices(mapping)
    yield from _payroll(mapping)


def _accounts(mapping: Mapping) -> Iterator[Problem]:
    for role in ROLES:
        if role not in mapping.accounts:
            yield Problem("accounts", [role], f"no account has the role {role}", "add it")
    if mapping.company.policies.write_offs == "allowance" and "allowance" not in mapping.accounts:
        yield Problem("accounts", ["allowance"], "no account has the role allowance", "add it, or write off directly")
    yield from _revenue(mapping)
    for name, product in mapping.products.items():
        if product.revenue_type not in mapping.revenue:
            mend = "define it in revenue.yaml"
            yield Problem("products", [name, "revenue_type"], f"revenue type {product.revenue_type!r} is unknown", mend)


def _revenue(mapping: Mapping) -> Iterator[Problem]:
    for kind in mapping.revenue:
        revenue = mapping.revenue_of(kind)
        if revenue is None:
            continue
        if revenue.account not in mapping.accounts:
            yield Problem("revenue", [kind], f"account {revenue.account!r} is not in accounts.yaml", "define it there")
        if revenue.recognise and DEFERRED not in mapping.accounts:
            told = f"revenue of kind {kind!r} is deferred, and no account has the role {DEFERRED}"
            yield Problem("revenue", [kind], told, "add it to accounts.yaml")
        if revenue.recognise and mapping.company.policies.contra:
            told = f"revenue of kind {kind!r} is deferred, and discounts are presented contra"
            yield Problem("revenue", [kind], told, "present them net")


def _tax_codes(mapping: Mapping) -> Iterator[Problem]:
    for code, region in mapping.taxes.regions.items():
        for category in region.categories:
            place = ["regions", code, "categories", category]
            periods = region.codes_of(category)
            for period in periods:
                if period.code not in mapping.taxes.codes:
                    yield Problem("taxes", place, f"tax code {period.code!r} is unknown", "define it under codes")
            begins = [period.valid_from or date.min for period in periods]
            ends = [period.valid_until or date.max for period in periods]
            for day in begins:
                if sum(begin <= day <= end for begin, end in zip(begins, ends, strict=True)) > 1:
                    mend = "end the older one with valid_until the day before"
                    yield Problem("taxes", place, f"two tax codes of {category} are valid on one day", mend)
                    break
        for product in region.exempt_products:
            if product not in mapping.products:
                place = ["regions", code, "exempt_products", product]
                yield Problem("taxes", place, f"product {product!r} is unknown", "define it in products.yaml")
    if mapping.company.policies.tax_model == "global":
        for member in ("untaxed_code", "exempt_code"):
            tax_code = getattr(mapping.taxes, member)
            if tax_code not in mapping.taxes.codes:
                yield Problem("taxes", [member], f"tax code {tax_code!r} is unknown", "define it under codes")


def _invoices(mapping: Mapping) -> Iterator[Problem]:
    rules = mapping.company.policies.invoices
    place: list[Any] = ["policies", "invoices"]
    if rules.by != "connector" and not rules.deal:
        mend = "say how they name the deal"
        yield Problem("company", place, f"invoices by {rules.by} cannot be told without deal", mend)
    if rules.second == "void_theirs" and "void" not in mapping.owned("invoice", "crm"):
        mend = "let crm own void of invoices in ownership.yaml, or say second: alert"
        yield Problem("company", [*place, "second"], "nobody permits to void the invoices of others", mend)


def _payroll(mapping: Mapping) -> Iterator[Problem]:
    rules = mapping.payroll
    if not rules.kept:
        return
    for role in PAYROLL_ROLES:
        if role not in mapping.accounts:
            yield Problem("accounts", [role], f"no account has the role {role}", "add it, or leave payroll.yaml out")
    for department, centre in rules.departments.items():
        if centre not in mapping.dimensions.cost_centres:
            place: list[Any] = ["departments", department]
            yield Problem("payroll", place, f"cost centre {centre!r} is unknown", "define it in dimensions.yaml")
    for part in ("earnings", "taxes", "benefits", "payees"):
        for name, said in getattr(rules, part).items():
            if said.account not in mapping.accounts:
                place = [part, name, "account"]
                yield Problem("payroll", place, f"account {said.account!r} is not in accounts.yaml", "define it there")
    if rules.reimbursements not in mapping.accounts:
        told = f"account {rules.reimbursements!r} is not in accounts.yaml"
        yield Problem("payroll", ["reimbursements"], told, "define it there")
    owed = [([part, name, "payee"], said.payee) for part in ("taxes", "benefits") for name, said in
            getattr(rules, part).items()]  # fmt: skip
    if rules.garnishments is not None:
        owed.append((["garnishments", "payee"], rules.garnishments.payee))
    for where, payee in owed:
        if payee not in rules.payees:
            yield Problem("payroll", where, f"payee {payee!r} is unknown", "define it under payees")
