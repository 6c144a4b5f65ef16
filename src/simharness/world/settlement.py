"""What happens in one system because something happened in another, some time later.

A gateway's payout becomes a bank line, net pay leaves an account: such effects belong to no vendor, so the world
carries
them. A rule names the event, the delay and the act it becomes in the other family.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from simharness.domain.acts import Act
from simharness.domain.events import DomainEvent


@dataclass(frozen=True, slots=True, kw_only=True)
class SettlementRule:
    """`event` of a family becomes `act` in `family`, `delay` later. `act` returns None when nothing is
    to be carried.
    """

    event: type
    family: str
    delay: timedelta
    act: Callable[[DomainEvent], Act | None]
    actor: str = "settlement"
