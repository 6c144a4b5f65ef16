"""The constants of one Stripe account that a user may override without code."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal, InvalidOperation

from simharness.core.errors import UsageError
from simharness.core.money import Money
from simharness.fakekit.pack import Option
from simharness_fakes.payments.availability import Availability
from simharness_fakes.payments.fees import FeeSchedule
from simharness_fakes.stripe.wire.versions import KNOWN, NEWEST

_PRICE = "the gateway's public price of US cards"
_CURRENCIES = "Stripe's page on supported currencies"
_KNOWLEDGE = "background knowledge, not checked again"

OPTIONS = (
    Option(name="account", default="acct_1SimHarness0001", meaning="the account's id"),
    Option(name="currency", default="USD", meaning="the account's own currency"),
    Option(name="fee_percent", default="2.9", meaning="percentage of a successful charge", source=_PRICE),
    Option(
        name="fee_fixed",
        default="USD 0.30, EUR 0.25, GBP 0.20, CAD 0.30, AUD 0.30, NZD 0.30, CHF 0.30, JPY 30",
        meaning="fixed part of the fee, one amount a currency; a currency that is not listed has none",
        source=f"USD: {_PRICE}; others: {_KNOWLEDGE}",
    ),
    Option(name="availability_days", default="2", meaning="days until a charge is available (T+n)", source=_KNOWLEDGE),
    Option(
        name="availability_calendar",
        default="business",
        meaning="`business` leaves out Saturdays and Sundays, `calendar` counts every day",
        source=_KNOWLEDGE,
    ),
    Option(
        name="minimum_amounts",
        default=(
            "USD 0.50, AED 2.00, AUD 0.50, BGN 1.00, BRL 0.50, CAD 0.50, CHF 0.50, CZK 15.00, DKK 2.50, EUR 0.50, "
            "GBP 0.30, HKD 4.00, HUF 175.00, INR 0.50, JPY 50, MXN 10.00, MYR 2.00, NOK 3.00, NZD 0.50, PLN 2.00, "
            "RON 2.00, SEK 3.00, SGD 0.50, THB 10.00"
        ),
        meaning="smallest charge of a currency; a currency that is not listed has no minimum",
        source=_CURRENCIES,
    ),
    Option(name="api_version", default=NEWEST, meaning="the account's default API version", source="the SDK's version"),
    Option(
        name="requests_per_second",
        default="0",
        meaning=(
            "requests in any second before 429 rate_limit; 0 is no limit, because calls take no virtual time and "
            "minutes of a connector's work would fall into one second"
        ),
        source="Stripe's page on rate limits: 100 in live mode, 25 in test mode",
    ),
    Option(name="webhook_url", default="", meaning="a webhook endpoint that exists from the start, for every event"),
    Option(name="webhook_latency_s", default="1", meaning="seconds from an event to the first attempt"),
    Option(
        name="webhook_retries_s",
        default="300, 1800, 7200, 18000, 36000, 43200, 43200, 43200, 43200",
        meaning="seconds before the second, third, … attempt; about three days in all",
        source="secondary pages say up to three days with growing delays; the steps are ours",
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """One account's constants, read."""

    account: str
    currency: str
    fees: FeeSchedule
    availability: Availability
    minimums: Mapping[str, Money]
    version: str
    requests_per_second: int
    webhook_url: str
    webhook_latency: timedelta
    webhook_retries: tuple[timedelta, ...]

    @classmethod
    def read(cls, options: Mapping[str, str]) -> Profile:
        """Read a user's options over the defaults; raises `UsageError` that names the option."""
        chosen = {option.name: options.get(option.name, option.default) for option in OPTIONS}
        calendar = chosen["availability_calendar"]
        if calendar not in ("business", "calendar"):
            raise _wrong("availability_calendar", calendar, "business or calendar")
        if chosen["api_version"] not in KNOWN:
            raise _wrong("api_version", chosen["api_version"], f"one of {', '.join(KNOWN)}")
        return cls(
            account=chosen["account"],
            currency=chosen["currency"].upper(),
            fees=FeeSchedule(percent=_decimal("fee_percent", chosen), fixed=_amounts("fee_fixed", chosen)),
            availability=Availability(days=_whole("availability_days", chosen), business=calendar == "business"),
            minimums={money.currency: money for money in _amounts("minimum_amounts", chosen)},
            version=chosen["api_version"],
            requests_per_second=_whole("requests_per_second", chosen),
            webhook_url=chosen["webhook_url"],
            webhook_latency=timedelta(seconds=_whole("webhook_latency_s", chosen)),
            webhook_retries=_delays("webhook_retries_s", chosen),
        )


def _wrong(name: str, value: str, wanted: str) -> UsageError:
    return UsageError(f"option stripe.{name} is {value!r}", mend=f"give {wanted}")


def _decimal(name: str, chosen: Mapping[str, str]) -> Decimal:
    try:
        return Decimal(chosen[name])
    except InvalidOperation as error:
        raise _wrong(name, chosen[name], "a number such as 2.9") from error


def _whole(name: str, chosen: Mapping[str, str]) -> int:
    if not chosen[name].strip().isdigit():
        raise _wrong(name, chosen[name], "a whole number")
    return int(chosen[name])


def _amounts(name: str, chosen: Mapping[str, str]) -> tuple[Money, ...]:
    return tuple(Money.parse(part) for part in chosen[name].split(",") if part.strip())


def _delays(name: str, chosen: Mapping[str, str]) -> tuple[timedelta, ...]:
    parts = [part.strip() for part in chosen[name].split(",") if part.strip()]
    if not all(part.isdigit() for part in parts):
        raise _wrong(name, chosen[name], "whole seconds, separated by commas")
    return tuple(timedelta(seconds=int(part)) for part in parts)
