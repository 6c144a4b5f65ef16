"""Ledger items that post where the mapping says.

In QuickBooks an item decides the income account of its lines. Where the mapping wants a product on another account than
its item posts to (a line may name another kind of revenue, a discount may stand on the contra account), the connector
keeps an item of its own beside it: `Badge printer - Service revenue`, `Badge printer - Discounts given`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import msgspec

from simharness.reference.errors import NotYet, Refused, Rejected
from simharness.reference.invoicing.crm import Deal
from simharness.reference.invoicing.deposits import ITEM, ROLE
from simharness.reference.invoicing.schedules import MONTHLY
from simharness.reference.ledger.catalogue import Catalogue
from simharness.reference.mapping.model import DEFERRED, Mapping
from simharness.reference.posting.intent import Intent
from simharness.reference.posting.outbox import Outbox
from simharness.reference.vendors.http import Json
from simharness.reference.vendors.quickbooks import QuickBooks

#: The role of the account on which discounts stand where they are presented contra.
CONTRA = "discounts_given"
#: The ledger takes item names of at most this length.
_NAME_LENGTH = 100
#: What an item tells automated sales tax; an item beside another is taxed like it.
_TAXED_BY = "TaxClassificationRef"
#: How evidence names an item that the mapping asks for.
_SOURCE = "mapping:item:"

_encode = msgspec.json.Encoder().encode


class Items:
    """Finds the item with which a product posts to an account; `ensure` makes those that are missing."""

    def __init__(self, catalogue: Catalogue, quickbooks: QuickBooks, outbox: Outbox, mapping: Mapping) -> None:
        self._catalogue, self._quickbooks = catalogue, quickbooks
        self._outbox, self._mapping = outbox, mapping

    def ensure(self, deals: Iterable[Deal]) -> None:
        """Make the items that the deals' lines need and the ledger does not have. What it refuses is left to `find`."""
        deals = list(deals)
        wanted = {pair for deal in deals for pair in self._wanted(deal)}
        if any(deal.deposit.given for deal in deals):
            wanted.add((ITEM, ROLE))
        for product, role in sorted(wanted):
            try:
                if role == ROLE:
                    self._put_own(product, role)
                    continue
                base_id, posts_to = self._catalogue.item(self._mapping.products[product].item)
                if posts_to != self._account(role):
                    self._make(product, role, base_id)
            except Rejected:
                continue  # the deal that needs it is rejected, with its reason
        self._outbox.deliver()

    def _wanted(self, deal: Deal) -> Iterator[tuple[str, str]]:
        """The products of a deal that the mapping knows, each with the roles of the accounts it posts to."""
        contra = self._mapping.company.policies.contra
        for line in deal.lines:
            product = self._mapping.products.get(line.product)
            if product is None:
                continue
            revenue = self._mapping.revenue_of(line.revenue_type or product.revenue_type)
            if revenue is not None:
                yield line.product, revenue.account
                served = line.service_from and (line.service_to or line.schedule == MONTHLY)
                if revenue.recognise and served:
                    yield line.product, DEFERRED
            if contra and (line.discount.given or deal.discount.given):
                yield line.product, CONTRA

    def contra_account(self) -> str:
        """The ledger's id of the account on which discounts stand, "" where they are presented net."""
        return self._account(CONTRA) if self._mapping.company.policies.contra else ""

    def find(self, product: str, role: str) -> str:
        """The id of the item with which a product posts to an account. Raises `Rejected` when there is none, `NotYet`
        while it is on its way, as after a restart in the middle of that.
        """
        name = self._mapping.products[product].item
        item_id, posts_to = self._catalogue.item(name)
        if posts_to == self._account(role):
            return item_id
        self._await(self._variant(product, role))
        item_id, posts_to = self._catalogue.item(self._variant(product, role))
        if posts_to != self._account(role):
            account = self._mapping.accounts[role].name
            raise Rejected("account_mismatch", f"item {item_id} of the ledger does not post to {account!r}")
        return item_id

    def deposit(self) -> str:
        """The id of the item of deposits. Raises `Rejected` where it posts elsewhere than to their account, `NotYet`
        while it is on its way.
        """
        self._await(ITEM)
        return self._posting(ITEM, ROLE)

    def own(self, name: str, role: str) -> str:
        """The id of an item of the connector's own that posts to an account; it is made where the ledger has none.

        Raises `NotYet` while it is on its way, as after a restart in the middle of that.
        """
        if self._put_own(name, role):
            self._outbox.deliver()
            self._await(name)
        return self._posting(name, role)

    def _await(self, name: str) -> None:
        if self._outbox.pending(f"{_SOURCE}{name}"):
            raise NotYet(f"the item {name!r} is on its way into the ledger")

    def _put_own(self, name: str, role: str) -> bool:
        """Whether an item of the connector's own is missing in the ledger, and is now on its way."""
        account_id = self._account(role)
        missing = not self._catalogue.knows("Item", name)
        if missing:
            self._create(name, {"Name": name, "Type": "Service", "IncomeAccountRef": {"value": account_id}}, account_id)
        return missing

    def _posting(self, name: str, role: str) -> str:
        item_id, posts_to = self._catalogue.item(name)
        if posts_to != self._account(role):
            account = self._mapping.accounts[role].name
            raise Rejected("account_mismatch", f"item {item_id} of the ledger does not post to {account!r}")
        return item_id

    def untaxed_code(self) -> str:
        """What a line that bears no tax carries as its tax code."""
        if self._mapping.company.policies.tax_model == "us":
            return "NON"
        return self._catalogue.id_of("TaxCode", self._mapping.taxes.untaxed_code)

    def _make(self, product: str, role: str, base_id: str) -> None:
        name = self._variant(product, role)
        if self._catalogue.knows("Item", name):
            return
        account_id = self._account(role)
        body: Json = {"Name": name, "Type": "Service", "IncomeAccountRef": {"value": account_id}}
        base = self._quickbooks.read("Item", base_id)
        if _TAXED_BY in base:
            body[_TAXED_BY] = {"value": base[_TAXED_BY]["value"]}
        self._create(name, body, account_id)

    def retry(self, source: str) -> None:
        """Whatever an operator takes up again may need an item that was refused: those are sent again as well."""
        del source
        self._outbox.replay("item", "")

    def _create(self, name: str, body: Json, account_id: str) -> None:
        source = f"{_SOURCE}{name}"
        if self._outbox.is_dead(source):
            return  # it was refused for good: it waits for an operator, and what needs it is rejected until then
        self._outbox.put(
            Intent(
                kind="item",
                source=source,
                entity="Item",
                reference=name,
                body=_encode(body),
                context=account_id,
            )
        )

    def _variant(self, product: str, role: str) -> str:
        suffix = f" - {self._mapping.accounts[role].name}"
        return self._mapping.products[product].item[: _NAME_LENGTH - len(suffix)] + suffix

    def _account(self, role: str) -> str:
        return self._catalogue.account(self._mapping.accounts[role])

    # What the outbox asks.

    def posted(self, intent: Intent, record: Json) -> None:
        """The item is there under its name."""
        self._catalogue.remember("Item", intent.reference, str(record["Id"]), intent.context)

    def corrected(self, intent: Intent, refusal: Refused) -> Intent | Json | None:
        """An item is not corrected by guessing."""
        del intent, refusal
        return None

    def failed(self, intent: Intent, reason: str) -> None:
        """The deals that need it are rejected."""
        del intent, reason
