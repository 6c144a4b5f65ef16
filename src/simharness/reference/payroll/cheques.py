"""Pay cheques by number, with what each is worth, so that the bank's lines can be told and doubted.

What one cheque is worth is what one person is paid: it is kept in the vault, and only until the cheques are old.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from simharness.reference.vault.vault import Vault

_KIND = "pay_cheque:"


@dataclass(frozen=True, slots=True, kw_only=True)
class PayCheque:
    """A cheque that somebody gets; `person` is the payroll's id of who."""

    number: str
    person: str
    net: Decimal


class PayCheques:
    """What the vault keeps of pay cheques. `keep_days`: how long after their day."""

    def __init__(self, vault: Vault, keep_days: int) -> None:
        self._vault, self._days = vault, timedelta(days=keep_days)

    def keep(self, cheques: Iterable[PayCheque], dated: date) -> None:
        """Keep cheques of a day. Joins an open transaction."""
        for each in cheques:
            self._vault.keep(each.person, f"{_KIND}{each.number}", {"net": str(each.net)}, dated + self._days)

    def worth(self, number: str) -> Decimal | None:
        """What the cheque of a number is worth; None where it is not known, or not any more."""
        found = next((data for _, data in self._vault.each(f"{_KIND}{number}")), None)
        return Decimal(found["net"]) if found is not None else None
