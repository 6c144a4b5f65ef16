"""Cheques that a bookkeeper entered in the ledger as payments to undeposited funds, found by their numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from simharness.reference.arithmetic.exchange import terms
from simharness.reference.arithmetic.money import ZERO
from simharness.reference.bank.changing import Change, Changing
from simharness.reference.bank.feed import Line
from simharness.reference.bank.matching import Unmatched
from simharness.reference.ledger.entries import DepositLine, Entries
from simharness.reference.vendors.http import Json
from simharness.reference.vendors.quickbooks import QuickBooks, quoted


@dataclass(frozen=True, slots=True, kw_only=True)
class Cheque:
    """One cheque's payment and the customer who wrote it."""

    payment_id: str
    customer_id: str


class ChequeBook:
    """Reads payments by cheque number. Everything that does not fit raises `Unmatched` with the reason."""

    def __init__(self, quickbooks: QuickBooks, entries: Entries, changing: Changing) -> None:
        self._quickbooks, self._entries, self._changing = quickbooks, entries, changing

    def deposited(self, numbers: Sequence[str], line: Line) -> tuple[list[DepositLine], Json]:
        """The payments of cheques that the bank took in together, and the terms of their deposit. They have to make the
        line's amount, those in a foreign currency at a rate that the ledger finds likely.
        """
        found = [self._payment(number) for number in numbers]
        for number, payment in zip(numbers, found, strict=True):
            if _is_deposited(payment):
                raise Unmatched(f"cheque {number} was deposited before")
        lines = [DepositLine(payment_id=str(each["Id"]), amount=Decimal(each["TotalAmt"])) for each in found]
        total = sum((each.amount for each in lines), ZERO)
        currencies = {str(payment["CurrencyRef"]["value"]) for payment in found}
        if len(currencies) > 1:
            raise Unmatched(f"the cheques {', '.join(numbers)} are in {' and '.join(sorted(currencies))}")
        if currencies != {line.currency}:
            if line.currency != self._entries.currency:
                raise Unmatched(f"the cheques {', '.join(numbers)} are in {currencies.pop()}")
            return lines, self._changing.terms(Change(total, currencies.pop(), line.amount, line.day))
        if total != line.amount:
            raise Unmatched(f"the cheques {', '.join(numbers)} come to {total} in the ledger")
        return lines, terms(line.currency, None)

    def returned(self, numbers: Sequence[str], line: Line) -> Cheque:
        """The payment of a cheque that came back with its whole amount."""
        if len(numbers) != 1:
            raise Unmatched("it names several cheques that came back")
        payment = self._payment(numbers[0])
        currency = str(payment["CurrencyRef"]["value"])
        if Decimal(payment["TotalAmt"]) != -line.amount or currency != line.currency:
            raise Unmatched(f"cheque {numbers[0]} is {currency} {payment['TotalAmt']} in the ledger")
        return Cheque(payment_id=str(payment["Id"]), customer_id=str(payment["CustomerRef"]["value"]))

    def _payment(self, number: str) -> Json:
        """The one payment to undeposited funds with a cheque number."""
        undeposited = self._entries.account("undeposited")
        found = [
            row
            for row in self._quickbooks.query("Payment", f"PaymentRefNum = {quoted(number)}")
            if str(row.get("DepositToAccountRef", {}).get("value")) == undeposited and Decimal(row["TotalAmt"])
        ]
        if len(found) != 1:
            raise Unmatched(f"the ledger has {len(found) or 'no'} payments by cheque {number}")
        return found[0]


def _is_deposited(payment: Json) -> bool:
    return any(each.get("TxnType") == "Deposit" for each in payment.get("LinkedTxn", []))
