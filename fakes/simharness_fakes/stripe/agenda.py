"""What happens by itself: plans on the world's clock, kept with the account so that a fork goes through with them."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from simharness_fakes.stripe.state import Plan

if TYPE_CHECKING:
    from simharness_fakes.stripe.fake import Stripe


def plan(fake: Stripe, at: datetime, what: str, subject: str = "") -> None:
    """Let something happen at an instant, in place of the same that was planned for this subject before."""
    planned = Plan(at=at, what=what, subject=subject)
    fake.state.plans[_key(planned)] = planned
    _put(fake, planned)


def drop(fake: Stripe, what: str, subject: str = "") -> None:
    """Let something that was planned not happen."""
    fake.state.plans.pop(f"{what} {subject}", None)


def resume(fake: Stripe) -> None:
    """Put the plans of an account that was copied into another world on that world's agenda."""
    for planned in list(fake.state.plans.values()):
        _put(fake, planned)


def _put(fake: Stripe, planned: Plan) -> None:
    def happen() -> None:
        # Compared by identity: a plan that was dropped or made anew in the meantime must not happen.
        if fake.state.plans.get(_key(planned)) is planned:
            del fake.state.plans[_key(planned)]
            fake.by_itself(planned)

    fake.setup.clock.at(planned.at, happen, f"stripe {_key(planned)}")


def _key(planned: Plan) -> str:
    return f"{planned.what} {planned.subject}"
