"""What the postings that were given up would have moved, account by account: it explains what is other because of them.

Sums over an account differ by what some of them moved there. What is worked out from the books at the end of a period
takes over what they left, or is estimated without them and goes back.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from decimal import Decimal

from simharness.checks.convergence.said import Said

_ZERO = Decimal(0)
#: So many postings may be given up for every sum of some of them to be looked at; of more, each and all together.
_FEW = 10
#: Nouns of sources whose postings are worked out from the books when a period ends.
_OF_PERIODS = frozenset({"recognition", "prepaid", "accrual", "revaluation"})


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

    def explains_period(self, was: Iterable[Said], ended: Iterable[Said]) -> bool:
        """Whether other entries of the ends of periods, all of one source, only follow from what was given up.

        On one account they took over exactly what some of it would have moved, or together they come to nothing.
        """
        differs: defaultdict[tuple[str, str], Decimal] = defaultdict(Decimal)
        for sign, items in ((-1, was), (1, ended)):
            for item in items:
                for account, amount in item.posts:
                    differs[item.system, account] += sign * amount
        if not any(differs.values()):
            return True
        return any(amount and amount in self._sums.get(where, ()) for where, amount in differs.items())


def period_source(item: Said) -> str:
    """Ledger and source of an entry of the end of a period, "" for anything else."""
    noun, _, rest = item.group.partition(":")
    return f"{item.system} {noun}:{rest.partition(':')[0]}" if noun in _OF_PERIODS and item.posts else ""


def _sums(amounts: list[Decimal]) -> frozenset[Decimal]:
    if len(amounts) > _FEW:
        return frozenset({*amounts, sum(amounts, _ZERO)})
    found = {_ZERO}
    for amount in amounts:
        found |= {each + amount for each in found}
    return frozenset(found)
