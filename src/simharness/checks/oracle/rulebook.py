"""The dictionary, indexed for judging: which account, which tax, which terms belong to what was sold where."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

from simharness.checks.arithmetic.rounding import minor_unit
from simharness.checks.arithmetic.tax import Policy, Share
from simharness.domain.dictionary import AccountSpec, Dictionary, ProductSpec, Region, TaxCode, Terms


@dataclass(frozen=True, slots=True, kw_only=True)
class Treatment:
    """How one product is taxed in one region: the code ("" is not taxable) and why, where the product is exempt."""

    code: str
    reason: str = ""


class Rulebook:
    """Look-ups in one dictionary. A name that the dictionary does not hold gives None, never a guess.

    `entities` are those that keep books beside each other; empty where there is one, and nobody asks whose a deal is.
    """

    def __init__(self, dictionary: Dictionary, entities: Collection[str] = ()) -> None:
        self.dictionary = dictionary
        self.entities = entities
        self.policy = dictionary.policy
        self._shares: dict[tuple[str, date], tuple[Share, ...]] = {}

    @cached_property
    def products(self) -> dict[str, ProductSpec]:
        return {product.name: product for product in self.dictionary.products}

    @cached_property
    def regions(self) -> dict[str, Region]:
        return {region.code: region for region in self.dictionary.regions}

    @cached_property
    def codes(self) -> dict[str, TaxCode]:
        return {code.name: code for code in self.dictionary.tax_codes}

    @cached_property
    def terms(self) -> dict[str, Terms]:
        return {terms.name: terms for terms in self.dictionary.terms}

    @cached_property
    def accounts(self) -> dict[str, AccountSpec]:
        return {account.number: account for account in self.dictionary.accounts}

    @cached_property
    def income_accounts(self) -> dict[str, str]:
        """Account number of each revenue type."""
        return {kind.name: kind.account for kind in self.dictionary.revenue_types}

    @cached_property
    def recognition(self) -> dict[str, str]:
        """How each revenue type that is deferred becomes revenue: by the day or by the month."""
        return {kind.name: kind.recognise for kind in self.dictionary.revenue_types if kind.recognise}

    @cached_property
    def tax_policy(self) -> Policy:
        return Policy(
            unit=minor_unit(self.dictionary.currency),
            rounding=self.policy.rounding,
            tax=self.policy.tax,
            inclusive=self.policy.inclusive,
        )

    def tax_policy_in(self, currency: str) -> Policy:
        """The tax arithmetic of documents in a currency: the same, to that currency's smallest coin."""
        return replace(self.tax_policy, unit=minor_unit(currency))

    @cached_property
    def currencies(self) -> frozenset[str]:
        """Those that customers are billed in."""
        return frozenset({self.dictionary.currency, *self.policy.currencies})

    def account_with(self, role: str) -> str:
        """The number of the account with a role, "" when the chart has none."""
        return self._roles.get(role, "")

    @cached_property
    def _roles(self) -> dict[str, str]:
        """The number of the first account of each role.

        An entity without a gateway is paid through another's: what that one owes it is its clearing account.
        """
        found = {account.role: account.number for account in reversed(self.dictionary.accounts) if account.role}
        if "due_from" in found:
            found.setdefault("gateway_clearing", found["due_from"])
        return found

    def treatment(self, region: str, product: ProductSpec, day: date) -> Treatment:
        """How the region taxes the product on a day: its own exemption first, then its category."""
        place = self.regions[region]
        for name, reason in place.exempt_products:
            if name == product.name:
                return Treatment(code="", reason=reason)
        for tax in place.taxes:
            if tax.category == product.tax_category and tax.holds(day):
                return Treatment(code=tax.code)
        return Treatment(code="")

    def shares(self, code: str, day: date) -> tuple[Share, ...]:
        """The authorities' percentages of a code on a day, in the dictionary's order."""
        known = self._shares.get((code, day))
        if known is None:
            spec = self.codes.get(code)
            known = tuple(
                Share(authority=part.authority, percent=part.percent)
                for part in (spec.components if spec else ())
                if (part.valid_from is None or part.valid_from <= day)
                and (part.valid_until is None or day <= part.valid_until)
            )
            self._shares[(code, day)] = known
        return known
