"""The settings of the balance: when it is paid out, and whether what is missing is collected."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from simharness.domain.exchange import Response
from simharness.fakekit.bodies import Json
from simharness.fakekit.fake import Call
from simharness_fakes.payments.payouts import MONTHLY, WEEKLY, Schedule
from simharness_fakes.stripe import errors, paying_out
from simharness_fakes.stripe.events import tell
from simharness_fakes.stripe.profile import WEEKDAYS
from simharness_fakes.stripe.routes.answers import answer
from simharness_fakes.stripe.state import BalanceSettings
from simharness_fakes.stripe.wire import money

if TYPE_CHECKING:
    from simharness_fakes.stripe.fake import Stripe


def retrieve(fake: Stripe, call: Call) -> Response:
    """The settings as they are."""
    return answer(fake, call, money.balance_settings(_settings(fake)))


def update(fake: Stripe, call: Call) -> Response:
    """Change the schedule of payouts or whether a negative balance is collected."""
    before = _settings(fake)
    given = (call.body or {}).get("payments", {})
    wanted = _schedule(fake, before.schedule, given.get("payouts", {}).get("schedule", {}))
    fake.state.collects = given.get("debit_negative_balances", before.collects)
    if wanted != before.schedule:
        paying_out.schedule(fake, wanted)
    after = _settings(fake)
    if after != before:
        fake.wrote("balance_settings", after.id, "update", ("vendor:payments",))
        tell(fake, "balance_settings.updated", after, before)
    return answer(fake, call, money.balance_settings(after))


def _settings(fake: Stripe) -> BalanceSettings:
    return BalanceSettings(
        id=fake.profile.account,
        schedule=fake.state.schedule,
        collects=fake.state.collects,
        delay_days=fake.profile.card.availability.days,
    )


def _schedule(fake: Stripe, before: Schedule, given: Json) -> Schedule:
    interval = given.get("interval", before.interval)
    for name, only in (("weekly_payout_days", WEEKLY), ("monthly_payout_days", MONTHLY)):
        if name in given and interval != only:
            message = f"You can only give {name} with the interval {only}."
            raise errors.refusal(fake, message, param=f"payments[payouts][schedule][{name}]")
        if name not in given and given.get("interval") == only:
            message = f"The interval {only} needs {name}."
            raise errors.refusal(fake, message, code="parameter_missing", param=f"payments[payouts][schedule][{name}]")
    weekdays = tuple(WEEKDAYS.index(day) for day in given.get("weekly_payout_days", ()))
    return replace(
        before,
        interval=interval,
        weekdays=weekdays or before.weekdays,
        month_days=tuple(given.get("monthly_payout_days", ())) or before.month_days,
    )
