"""Journal entries, transfers and deposits in QuickBooks' dialect, by the accounts' roles in the mapping."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from simharness.reference.ledger.catalogue import Catalogue
from simharness.reference.mapping.model import Account, Mapping
from simharness.reference.vendors.http import Json


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """One line of a journal: `amount` is debit positive. A line on the receivable names its customer.

    The account is that of a role, or any `account` that is named; `cost_centre` is a code of the mapping.
    """

    amount: Decimal
    role: str = ""
    customer_id: str = ""
    account: Account | None = None
    cost_centre: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DepositLine:
    """A payment moved on from undeposited funds, or (`role`) money straight from an account; negative takes it off."""

    amount: Decimal
    payment_id: str = ""
    role: str = ""


class Entries:
    """Writes bodies without note and date. Raises `Rejected` for an account that the ledger does not have."""

    def __init__(self, mapping: Mapping, catalogue: Catalogue) -> None:
        self._mapping, self._catalogue = mapping, catalogue
        self.currency, self.cents = mapping.company.currency, mapping.cents()

    def account(self, role: str, currency: str = "") -> str:
        """The ledger's id of the account with a role. There is a receivable for each foreign currency, and a bank
        account where the mapping has one (`bank_EUR`).
        """
        if currency not in ("", self.currency):
            if role == "receivable":
                return self._catalogue.receivable(currency)
            role = f"bank_{currency}" if role == "bank" else role
        return self._catalogue.account(self._mapping.accounts[role])

    def has(self, role: str) -> bool:
        """Whether the mapping names an account for a role."""
        return role in self._mapping.accounts

    def journal(self, *sides: Side, words: str = "", terms: Json | None = None) -> Json:
        """A journal entry; sides of zero are left out. `terms` are currency and rate, the books' own without."""
        kept: Json = terms or {"CurrencyRef": {"value": self.currency}}
        currency = str(kept["CurrencyRef"]["value"])
        return {
            **kept,
            "Line": [self._line(side, words, currency) for side in sides if side.amount],
        }

    def transfer(self, source: str, target: str, amount: Decimal) -> Json:
        """Money moved from one account to another; a negative amount moves the other way."""
        if amount < 0:
            source, target, amount = target, source, -amount
        return {
            "CurrencyRef": {"value": self.currency},
            "FromAccountRef": {"value": self.account(source)},
            "ToAccountRef": {"value": self.account(target)},
            "Amount": amount,
        }

    def deposit(self, lines: Iterable[DepositLine], terms: Json | None = None, *, into: str = "") -> Json:
        """Money put on the bank account, on that of a currency (`into`) if it is not the books'. `terms` are currency
        and rate, the books' own without.
        """
        return {
            **(terms or {"CurrencyRef": {"value": self.currency}}),
            "DepositToAccountRef": {"value": self.account("bank", into)},
            "Line": [self._deposit_line(line) for line in lines if line.amount],
        }

    def _deposit_line(self, line: DepositLine) -> Json:
        if line.payment_id:
            linked = [{"TxnId": line.payment_id, "TxnType": "Payment", "TxnLineId": "0"}]
            return {"Amount": line.amount, "LinkedTxn": linked}
        detail = {"AccountRef": {"value": self.account(line.role)}}
        return {"Amount": line.amount, "DetailType": "DepositLineDetail", "DepositLineDetail": detail}

    def _line(self, side: Side, words: str, currency: str) -> Json:
        named = side.account
        account = self._catalogue.account(named) if named is not None else self.account(side.role, currency)
        detail: Json = {
            "PostingType": "Debit" if side.amount > 0 else "Credit",
            "AccountRef": {"value": account},
        }
        if side.cost_centre:
            names = self._mapping.dimensions.cost_centres
            name = names.get(side.cost_centre, side.cost_centre)
            detail["ClassRef"] = {"value": self._catalogue.id_of("Class", name)}
        if side.customer_id:
            detail["Entity"] = {"Type": "Customer", "EntityRef": {"value": side.customer_id}}
        line: Json = {
            "Amount": abs(side.amount),
            "DetailType": "JournalEntryLineDetail",
            "JournalEntryLineDetail": detail,
        }
        if words:
            line["Description"] = words
        return line
