"""What people and banks do at a Stripe account, in neutral words, for tests that look at the money."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from simharness.core.money import Money
from simharness.domain.acts import Act, TakePayment
from simharness.domain.gateway import GatewaySnapshot
from tests.fakes.stripe.account import Account


def act(account: Account, what: Act, actor: str = "controller") -> Any:
    """The one event of an act."""
    (event,) = account.fake.operate(what, actor)
    return event


def pay(account: Account, amount: str, *, method: str = "card", currency: str = "USD", **references: str) -> str:
    """A customer's payment; the charge's id."""
    references_given = tuple(sorted(references.items()))
    taken = TakePayment(
        amount=Money(amount, currency), customer_name="Globex", method=method, references=references_given
    )
    return str(act(account, taken, "customer").charge_id)


def usd(amount: str) -> Money:
    """Dollars."""
    return Money(amount, "USD")


def gateway(account: Account) -> GatewaySnapshot:
    """The account in neutral words."""
    (snapshot,) = account.fake.snapshot()
    assert isinstance(snapshot, GatewaySnapshot)
    return snapshot


def holds(account: Account, currency: str = "USD") -> Money:
    """Available, pending and reserved money together; it must be the sum of all balance lines."""
    seen = gateway(account)
    parts = (*seen.available, *seen.pending, *seen.reserved)
    together = sum((m.amount for m in parts if m.currency == currency), Decimal(0))
    lines = sum((line.net.amount for line in seen.balance_lines if line.net.currency == currency), Decimal(0))
    assert together == lines
    return Money(together, currency)


def events(account: Account, *prefixes: str) -> list[str]:
    """The types of what was told, oldest first, that begin with one of the prefixes."""
    told = [event.kind for event in account.fake.state.events]
    return [kind for kind in told if kind.startswith(prefixes or "")]
