"""What Stripe keeps back of every charge as a security, when it does: held when the money is taken, released later."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from simharness_fakes.payments import reserves as engine
from simharness_fakes.stripe import agenda
from simharness_fakes.stripe.state import Charge

if TYPE_CHECKING:
    from simharness_fakes.stripe.fake import Stripe

#: What is planned: what was held of a charge is released.
RELEASES = "reserve_releases"


def hold(fake: Stripe, charge: Charge) -> None:
    """Keep a part of what was just captured of a charge back, if this account has such a reserve."""
    terms = fake.profile.reserve
    held = engine.share(fake.till, terms, charge)
    if held:
        ids = (fake.new_id("txn"), fake.new_id("txn"))
        engine.hold(fake.till, held, ids, charge, fake.setup.clock.now)
        agenda.plan(fake, terms.released_at(fake.setup.clock.now), RELEASES, charge.id)


def release(fake: Stripe, charge_id: str) -> None:
    """What was held of a charge may be paid out now."""
    charge = fake.state.charges.get(charge_id)
    if charge is not None:
        now: datetime = fake.setup.clock.now
        held = engine.share(fake.till, fake.profile.reserve, charge)
        engine.release(fake.till, held, (fake.new_id("txn"), fake.new_id("txn")), charge, now)
