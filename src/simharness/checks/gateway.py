"""What each movement of a gateway's balance is to the books: a payment, a fee, a refund, a dispute, a payout.

The kinds are the gateway's own words (Stripe's balance transaction types, as its documentation lists them). A kind that
is not here is a finding and never guessed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from types import MappingProxyType
from typing import NamedTuple
from zoneinfo import ZoneInfo

from simharness.core.money import Money
from simharness.domain.gateway import BalanceLine, GatewaySnapshot

#: The noun under which a connector says in the ledger what a balance line became.
NOUNS: Mapping[str, str] = MappingProxyType(
    {
        "charge": "payment",
        "payment": "payment",
        "refund": "refund",
        "payment_refund": "refund",
        "refund_failure": "refund",
        "payment_failure_refund": "dispute",
        "payment_reversal": "dispute",
        "adjustment": "dispute",
        "payout": "payout",
        "payout_cancel": "payout",
        "payout_failure": "payout",
        "stripe_fee": "fee",
        "stripe_fx_fee": "fee",
        "tax_fee": "fee",
    }
)


class Part(NamedTuple):
    """What one posting on the clearing account answers to: the gross amount of a balance line, or its fee.

    `ids` are the sources the posting may name, the usual one first; `amount` is signed as the balance moves.
    """

    noun: str
    ids: tuple[str, ...]
    amount: Money
    line: BalanceLine

    def day(self, zone: ZoneInfo) -> date:
        """The local day on which the balance moved."""
        return self.line.created_at.astimezone(zone).date()

    @property
    def key(self) -> str:
        return self.ids[0]


def parts(line: BalanceLine, *, fees_apart: bool) -> Iterator[Part]:
    """The parts of a balance line of a known kind; without fees of their own the one part is net of the fee."""
    noun = NOUNS[line.kind]
    ids = (line.id, line.source) if noun == "fee" else (line.source or line.id,)
    gross = line.amount if fees_apart else line.net
    if gross:
        yield Part(noun, ids, gross, line)
    if line.fee and fees_apart:
        yield Part("fee", (line.id,), -line.fee, line)


def paid_days(gateway: GatewaySnapshot | None, zone: ZoneInfo) -> dict[str, date]:
    """The local day on which the money of each charge came into the balance: of a bank debit days later."""
    return {
        line.source: line.created_at.astimezone(zone).date()
        for line in (gateway.balance_lines if gateway is not None else ())
        if NOUNS.get(line.kind) == "payment"
    }
