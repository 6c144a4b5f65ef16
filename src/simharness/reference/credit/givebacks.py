"""Part of an invoice as a document body: what refunds of a sale and credit notes have in common."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal, InvalidOperation

import msgspec

from simharness.reference.arithmetic.exchange import rate_of, terms
from simharness.reference.arithmetic.mirror import Given, Mirror, body, original
from simharness.reference.arithmetic.money import ZERO
from simharness.reference.errors import Rejected
from simharness.reference.invoicing.billed import Deferred
from simharness.reference.invoicing.invoices import Invoices
from simharness.reference.invoicing.items import Items
from simharness.reference.ledger.catalogue import Catalogue
from simharness.reference.mapping.model import Mapping as Mapped
from simharness.reference.memory.relief import Reliefs
from simharness.reference.recognition.deferrals import Deferrals
from simharness.reference.vendors.http import Json


class Givebacks:
    """Works out parts of invoices, what was given back of them before taken into account."""

    def __init__(
        self,
        invoices: Invoices,
        reliefs: Reliefs,
        catalogue: Catalogue,
        mapping: Mapped,
        items: Items,
        deferrals: Deferrals,
    ) -> None:
        self._invoices, self._reliefs, self._catalogue = invoices, reliefs, catalogue
        self._mapping, self._items, self._deferrals = mapping, items, deferrals

    def invoice(self, number: str) -> Json:
        """The invoice with a number. Raises `Rejected` where the ledger has none."""
        found = self._invoices.numbered(number) if number else None
        if found is None:
            raise Rejected("unknown_invoice", f"the ledger has no invoice {number!r}")
        return found

    def rate(self, invoice: Json) -> Decimal | None:
        """The rate at which it is given back: the invoice's own, or (None) what the day says, by policy."""
        original_rate = self._mapping.company.policies.credit_rates == "original"
        return rate_of(invoice, self._mapping.company.currency) if original_rate else None

    def part(
        self, invoice: Json, lines: Mapping[int, Decimal], amount: Decimal | None, day: date
    ) -> tuple[Json, Given, tuple[Deferred, ...]]:
        """The body and the figures of giving back so much net of these lines, or an amount with tax, or all that is
        left; and what of it was deferred, and not given yet on the day. Raises `Rejected` above what is left, and where
        lines and amount do not agree.
        """
        currency = str(invoice["CurrencyRef"]["value"])
        mirror = Mirror(self._mapping.tax_policy(currency))
        whole = original(invoice, self._rates_of(), self._mapping.cents(currency))
        before = self._reliefs.given(str(invoice["Id"]))
        deposit = self._invoices.deposit_of(str(invoice["Id"]))
        if deposit is not None:  # what a final invoice took off is not there any more
            before = [*before, mirror.at_own_rates(whole, deposit.taken_off())]
        if lines:
            given = mirror.of_lines(whole, before, lines)
            if amount is not None and given.total != amount:
                raise Rejected("lines_do_not_sum", f"the lines come to {given.total} with tax, not to {amount}")
        elif amount is not None:
            given = mirror.of_amount(whole, before, amount)
        else:
            given = whole.rest(before)
        if given.total <= 0:
            raise Rejected("above_invoice", f"nothing is left of invoice {invoice.get('DocNumber')} to give back")
        taken, apart = self._of_deferred(str(invoice["Id"]), given, day)
        return body(whole, given, apart) | terms(currency, self.rate(invoice)), given, taken

    def _of_deferred(
        self, invoice_id: str, given: Given, day: date
    ) -> tuple[tuple[Deferred, ...], dict[int, tuple[Decimal, str]]]:
        """What is taken of deferred revenue, which goes first; and by position what lowers revenue, with its item."""
        taken: list[Deferred] = []
        apart: dict[int, tuple[Decimal, str]] = {}
        for position, part in self._deferrals.on(invoice_id).items():
            net = given.nets[position]
            if net <= 0:
                continue
            amount = max(ZERO, min(net, self._deferrals.remaining(part.key, day)))
            taken += [msgspec.structs.replace(part, amount=-amount)] if amount else []
            if amount < net:
                apart[position] = (net - amount, self._items.find(part.product, part.income))
        return tuple(taken), apart

    def _rates_of(self) -> dict[str, list[str]]:
        """The ledger's rates of its tax codes, as far as it has them."""
        if self._mapping.company.policies.tax_model != "global":
            return {}
        found: dict[str, list[str]] = {}
        for name, code in self._mapping.taxes.codes.items():
            if self._catalogue.knows("TaxCode", name):
                rates = {period.rate for period in code.rates if self._catalogue.knows("TaxRate", period.rate)}
                found[self._catalogue.id_of("TaxCode", name)] = [self._catalogue.id_of("TaxRate", r) for r in rates]
        return found


def read_lines(text: str) -> dict[int, Decimal]:
    """`1=100.00,2=50.00`: the net given back of lines by position, from 1. Raises `Rejected` for anything else."""
    found: dict[int, Decimal] = {}
    for part in filter(None, (each.strip() for each in text.split(","))):
        position, _, amount = (each.strip() for each in part.partition("="))
        number = read_amount(amount)
        if not position.isdecimal() or int(position) in found or number is None:
            raise Rejected("unreadable_lines", f"{text!r} does not say POSITION=AMOUNT a line, separated by commas")
        found[int(position)] = number
    return found


def read_amount(text: str) -> Decimal | None:
    """A plain decimal; None for anything else."""
    try:
        number = Decimal(text)
    except InvalidOperation:
        return None
    return number if number.is_finite() else None
