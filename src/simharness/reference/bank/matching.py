"""What a bank line is, told by its reference and date: never by its amount alone.

The amount has to agree once the reference has spoken; where it does not, the line stays unexplained and says why.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from simharness.reference.bank.feed import Line
from simharness.reference.credit.givebacks import read_amount
from simharness.reference.mapping.model import BankRules

#: One item of a remittance advice: a document's number, and how much of the money is for it.
_ITEM = re.compile(r"^(?P<number>\S+)\s+(?:(?P<currency>[A-Z]{3})\s+)?(?P<amount>[\d,]+(?:\.\d+)?)$")


class Unmatched(Exception):
    """The words of a line fit and its figures do not; `reason` is for people."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason)


@dataclass(frozen=True, slots=True)
class Cheques:
    """Cheques that arrived together, or (`returned`) one that came back, by their numbers."""

    numbers: tuple[str, ...]
    returned: bool = False


@dataclass(frozen=True, slots=True)
class Charge:
    """What the bank keeps for itself."""


@dataclass(frozen=True, slots=True)
class Between:
    """Money that one entity of a group sends another."""

    payer: str
    payee: str


@dataclass(frozen=True, slots=True)
class Advice:
    """What the sender of a wire says it is for: (invoice number, amount), in his order, in one `currency` ("" is not
    said). `fee`: what the banks say they kept, in the currency of the account.
    """

    items: tuple[tuple[str, Decimal], ...]
    currency: str = ""
    fee: Decimal = Decimal(0)

    @property
    def total(self) -> Decimal:
        """What he meant to pay."""
        return sum((amount for _, amount in self.items), Decimal(0))


@dataclass(frozen=True, slots=True)
class Unexplained:
    """Nothing says what it is; `reason` is for people."""

    reason: str


Meaning = Cheques | Charge | Between | Advice | Unexplained


def meaning(line: Line, rules: BankRules) -> Meaning:
    """What the words of a line say (payouts are known by their trace, before this is asked)."""
    for words in (line.reference, line.name):
        text = " ".join(words.split())
        if line.amount < 0 and (numbers := _numbers(text, rules.returned_cheque)):
            return Cheques(numbers, returned=True)
        if line.amount > 0 and (numbers := _numbers(text, rules.cheques)):
            return Cheques(numbers)
        if _begins(text, rules.intercompany) and len(parties := text.split()[len(rules.intercompany.split()) :]) == 2:
            return Between(*parties)
        if line.amount < 0 and _begins(text, rules.fee):
            return Charge()
    if line.amount > 0 and (advice := _advice(line, rules.fee)):
        return advice
    told = f"its reference {line.reference!r}" if line.reference else "it has no reference, which"
    return Unexplained(f"{told} names nothing that is known here")


def _begins(text: str, word: str) -> bool:
    return text.upper().split(" ")[: len(word.split())] == word.upper().split()


def _numbers(text: str, word: str) -> tuple[str, ...]:
    """The numbers after a word, where everything after it is one."""
    if not _begins(text, word):
        return ()
    rest = text.split(" ")[len(word.split()) :]
    numbers = tuple(each.strip(",;") for each in rest)
    return numbers if all(each.isdecimal() for each in numbers) else ()


def _advice(line: Line, fee_word: str) -> Advice | None:
    found: list[tuple[str, Decimal]] = []
    currencies: set[str] = set()
    fee = Decimal(0)
    for part in filter(None, (each.strip() for each in line.reference.split(";"))):
        match = _ITEM.match(part)
        amount = read_amount(match["amount"].replace(",", "")) if match else None
        if match is None or amount is None or amount <= 0:
            return None
        if _begins(part, fee_word) and match["currency"] in (None, line.currency):
            fee += amount
        else:
            found.append((match["number"], amount))
            currencies |= {match["currency"]} if match["currency"] else set()
    if not found or len(currencies) > 1:
        return None
    return Advice(tuple(found), next(iter(currencies), ""), fee)
