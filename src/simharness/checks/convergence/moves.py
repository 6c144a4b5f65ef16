"""What the postings that were given up would have moved, account by account: it explains what is other because of them.

Sums over an account differ by what some of them moved there. What is worked out from the books at the end of a period
takes over what they left, or is estimated without them and goes back; what was billed in advance is taken over while
the service goes by.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container, Iterable
from decimal import Decimal

from simharness.checks.convergence.said import Said

_ZERO = Decimal(0)
#: So many postings may be given up for every sum of some of them to be looked at; of more, each and all together.
_FEW = 10
#: How the groups of what is had back end.
_RECOVERED = ":recovered"
_RECOGNITION = "recognition"
#: Nouns of sources whose postings are worked out from the books when a period ends.
_OF_PERIODS = frozenset({_RECOGNITION, "prepaid", "accrual", "revaluation"})


class Moves:
    """What postings that are missing moved on each account of each ledger; debits are positive."""

    def __init__(self, missing: Iterable[Said]) -> None:
        moved: defaultdict[tuple[str, str], list[Decimal]] = defaultdict(list)
        for item in missing:
            for account, amount in item.posts:
                moved[item.system, account].append(amount)
        self._sums = {where: _sums(amounts) for where, amounts in moved.items()}

    def explains(self, amount: Decimal) -> bool:
        """Whether some of the postings moved exactly so much, either way, on one account."""
        return bool(amount) and any({amount, -amount} & sums for sums in self._sums.values())

    def explains_period(self, was: Iterable[Said], ended: Iterable[Said], *, in_part: bool = False) -> bool:
        """Whether other entries of the ends of periods, all of one source, only follow from what was given up.

        On one account they took over exactly what some of it would have moved, or together they come to nothing. With
        `in_part` they may have taken over less than that so far, as what is recognised while a service goes by does.
        """
        differs = _difference(was, ended)
        if not any(differs.values()):
            return True
        return any(self._is_left(where, amount, in_part=in_part) for where, amount in differs.items())

    def explains_lines(self, was: Said, ended: Said, accounts: Container[str]) -> bool:
        """Whether an entry is other on one of some accounts by exactly what some of it would have moved there."""
        differs = _difference((was,), (ended,))
        return any(where[1] in accounts and self._is_left(where, amount) for where, amount in differs.items())

    def _is_left(self, where: tuple[str, str], amount: Decimal, *, in_part: bool = False) -> bool:
        """Whether what is moved on an account besides is what was left there, or a part of it."""
        sums = self._sums.get(where, frozenset())
        if not amount or not in_part:
            return bool(amount) and amount in sums
        return any(0 < amount <= each or each <= amount < 0 for each in sums)


def _difference(was: Iterable[Said], ended: Iterable[Said]) -> dict[tuple[str, str], Decimal]:
    """What is moved further, account by account."""
    differs: defaultdict[tuple[str, str], Decimal] = defaultdict(Decimal)
    for sign, items in ((-1, was), (1, ended)):
        for item in items:
            for account, amount in item.posts:
                differs[item.system, account] += sign * amount
    return differs


def cancels(documents: tuple[Iterable[Said], Iterable[Said]], entries: tuple[Iterable[Said], Iterable[Said]]) -> bool:
    """Whether other entries take over, on each account that both move otherwise, exactly what other documents put there
    besides, or did not; there has to be one.
    """
    put, taken = _difference(*documents), _difference(*entries)
    both = [where for where, amount in put.items() if amount and taken.get(where)]
    return bool(both) and all(put[where] + taken[where] == _ZERO for where in both)


def period_source(item: Said) -> str:
    """Ledger and source of an entry of the end of a period, "" for anything else."""
    noun, _, rest = item.group.partition(":")
    return f"{item.system} {noun}:{rest.partition(':')[0]}" if noun in _OF_PERIODS and item.posts else ""


def recovery_source(item: Said) -> str:
    """Ledger and source of what is had back of a debt that was written off, "" for anything else."""
    return f"{item.system} {item.group}" if item.group.endswith(_RECOVERED) else ""


def recognised_line(item: Said) -> str:
    """Id of the line of a deal whose service an entry of the end of a period recognises, "" for anything else."""
    noun, _, rest = item.group.partition(":")
    return rest.partition(":")[0] if noun == _RECOGNITION and item.posts else ""


def _sums(amounts: list[Decimal]) -> frozenset[Decimal]:
    if len(amounts) > _FEW:
        return frozenset({*amounts, sum(amounts, _ZERO)})
    found = {_ZERO}
    for amount in amounts:
        found |= {each + amount for each in found}
    return frozenset(found)
