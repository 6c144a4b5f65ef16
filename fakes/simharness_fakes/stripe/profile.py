"""One Stripe account's constants, read from the options a user may override."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from decimal import Decimal, InvalidOperation

from simharness.core.errors import UsageError
from simharness.core.money import Money
from simharness_fakes.payments.availability import Availability, days_after
from simharness_fakes.payments.disputes import DisputeTerms
from simharness_fakes.payments.fees import FeeSchedule
from simharness_fakes.payments.payouts import INTERVALS, PayoutTerms, Schedule
from simharness_fakes.payments.refunds import RefundTerms
from simharness_fakes.payments.reserves import ReserveTerms
from simharness_fakes.payments.till import Terms
from simharness_fakes.stripe.options import OPTIONS
from simharness_fakes.stripe.wire.versions import KNOWN

#: Stripe's names of the days on which weekly payouts may be sent; the index is the weekday.
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday")


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """One account's constants, read."""

    account: str
    currency: str
    settlement: tuple[str, ...]
    card: Terms
    ach: Terms
    ach_days: int
    ach_hour: int
    booked_early: bool
    strict_availability: bool
    refunds: RefundTerms
    disputes: DisputeTerms
    reserve: ReserveTerms
    payouts: PayoutTerms
    schedule: Schedule
    payout_submit: timedelta
    payout_lists_itself: bool
    traced_early: bool
    authorization: timedelta
    test_clock: timedelta
    minimums: Mapping[str, Money]
    version: str
    requests_per_second: int
    roll_overlap: timedelta
    stale_list: timedelta
    webhook_url: str
    webhook_latency: timedelta
    webhook_retries: tuple[timedelta, ...]

    def bank_answers(self, now: datetime) -> datetime:
        """The instant at which a bank answers what is sent to it now: a debit, or the refund of one."""
        day = days_after(now.astimezone(UTC).date(), self.ach_days)
        return datetime.combine(day, time(self.ach_hour), tzinfo=UTC)

    @classmethod
    def read(cls, options: Mapping[str, str]) -> Profile:
        """Read a user's options over the defaults; raises `UsageError` that names the option."""
        chosen = {option.name: options.get(option.name, option.default) for option in OPTIONS}
        if chosen["api_version"] not in KNOWN:
            raise _wrong("api_version", chosen["api_version"], f"one of {', '.join(KNOWN)}")
        return cls(
            account=chosen["account"],
            currency=chosen["currency"].upper(),
            settlement=tuple(
                filter(None, (each.strip() for each in chosen["settlement_currencies"].upper().split(",")))
            ),
            card=_card(chosen),
            ach=_ach(chosen),
            ach_days=_whole("ach_days", chosen),
            ach_hour=_hour("ach_hour", chosen),
            booked_early=_word("ach_booked", chosen, "success", "submission") == "submission",
            strict_availability=_word("reversal_availability", chosen, "with_charge", "at_once") == "with_charge",
            refunds=RefundTerms(returns_fee=_yes("refund_fee_returned", chosen), fee=_amounts("refund_fee", chosen)),
            disputes=DisputeTerms(
                fee=_amounts("dispute_fee", chosen),
                returns_fee=_yes("dispute_fee_returned", chosen),
                return_fee=_amounts("ach_return_fee", chosen),
                answer_days=_whole("dispute_answer_days", chosen),
            ),
            reserve=ReserveTerms(percent=_decimal("reserve_percent", chosen), days=_whole("reserve_days", chosen)),
            payouts=PayoutTerms(
                arrival_days=_whole("payout_arrival_days", chosen), collects=_yes("debit_negative_balances", chosen)
            ),
            schedule=_schedule(chosen),
            payout_submit=timedelta(hours=_whole("payout_submit_hours", chosen)),
            payout_lists_itself=_yes("payout_lists_itself", chosen),
            traced_early=_word("payout_trace", chosen, "created", "paid") == "created",
            authorization=timedelta(days=_whole("authorization_days", chosen)),
            test_clock=timedelta(seconds=_whole("test_clock_seconds", chosen)),
            minimums={money.currency: money for money in _amounts("minimum_amounts", chosen)},
            version=chosen["api_version"],
            requests_per_second=_whole("requests_per_second", chosen),
            roll_overlap=timedelta(hours=_whole("roll_overlap_h", chosen)),
            stale_list=timedelta(seconds=_whole("stale_list_s", chosen)),
            webhook_url=chosen["webhook_url"],
            webhook_latency=timedelta(seconds=_whole("webhook_latency_s", chosen)),
            webhook_retries=_delays("webhook_retries_s", chosen),
        )


def _card(chosen: Mapping[str, str]) -> Terms:
    business = _word("availability_calendar", chosen, "business", "calendar") == "business"
    return Terms(
        fees=FeeSchedule(percent=_decimal("fee_percent", chosen), fixed=_amounts("fee_fixed", chosen)),
        availability=Availability(days=_whole("availability_days", chosen), business=business),
    )


def _ach(chosen: Mapping[str, str]) -> Terms:
    """A debit takes days to succeed; then its money is available at once."""
    return Terms(
        fees=FeeSchedule(percent=_decimal("ach_fee_percent", chosen), most=_amounts("ach_fee_most", chosen)),
        availability=Availability(days=0),
        taken="payment",
        refunded="payment_refund",
    )


def _schedule(chosen: Mapping[str, str]) -> Schedule:
    weekdays = [part.strip() for part in chosen["payout_weekdays"].split(",")]
    days = [part.strip() for part in chosen["payout_month_days"].split(",")]
    if not all(day in WEEKDAYS for day in weekdays):
        raise _wrong("payout_weekdays", chosen["payout_weekdays"], f"days of {', '.join(WEEKDAYS)}")
    if not all(day.isdigit() and 1 <= int(day) <= 31 for day in days):
        raise _wrong("payout_month_days", chosen["payout_month_days"], "days from 1 to 31, separated by commas")
    return Schedule(
        interval=_word("payout_interval", chosen, *INTERVALS),
        weekdays=tuple(WEEKDAYS.index(day) for day in weekdays),
        month_days=tuple(int(day) for day in days),
        at=time(_hour("payout_hour", chosen)),
    )


def _wrong(name: str, value: str, wanted: str) -> UsageError:
    return UsageError(f"option stripe.{name} is {value!r}", mend=f"give {wanted}")


def _word(name: str, chosen: Mapping[str, str], *words: str) -> str:
    if chosen[name] not in words:
        raise _wrong(name, chosen[name], f"one of {', '.join(words)}")
    return chosen[name]


def _yes(name: str, chosen: Mapping[str, str]) -> bool:
    return _word(name, chosen, "yes", "no") == "yes"


def _decimal(name: str, chosen: Mapping[str, str]) -> Decimal:
    try:
        return Decimal(chosen[name])
    except InvalidOperation as error:
        raise _wrong(name, chosen[name], "a number such as 2.9") from error


def _whole(name: str, chosen: Mapping[str, str]) -> int:
    if not chosen[name].strip().isdigit():
        raise _wrong(name, chosen[name], "a whole number")
    return int(chosen[name])


def _hour(name: str, chosen: Mapping[str, str]) -> int:
    hour = _whole(name, chosen)
    if hour > 23:
        raise _wrong(name, chosen[name], "an hour from 0 to 23")
    return hour


def _amounts(name: str, chosen: Mapping[str, str]) -> tuple[Money, ...]:
    return tuple(Money.parse(part) for part in chosen[name].split(",") if part.strip())


def _delays(name: str, chosen: Mapping[str, str]) -> tuple[timedelta, ...]:
    parts = [part.strip() for part in chosen[name].split(",") if part.strip()]
    if not all(part.isdigit() for part in parts):
        raise _wrong(name, chosen[name], "whole seconds, separated by commas")
    return tuple(timedelta(seconds=int(part)) for part in parts)
