"""The constants of one Stripe account that a user may override without code, with their source."""

from __future__ import annotations

from simharness.fakekit.pack import Option
from simharness_fakes.stripe.wire.versions import NEWEST

_PRICE = "the gateway's public price of US cards"
_CURRENCIES = "Stripe's page on supported currencies"
_KNOWLEDGE = "background knowledge, not checked again"

OPTIONS = (
    Option(name="account", default="acct_1SimHarness0001", meaning="the account's id"),
    Option(name="currency", default="USD", meaning="the account's own currency"),
    Option(
        name="settlement_currencies",
        default="",
        meaning=(
            "currencies in which the account has a balance, its own first; money of others is changed at the gateway's "
            "rate. Without any: those of the furnished books, and before that every currency as it comes"
        ),
        source="Stripe's page on currency conversion: a charge is converted unless there is a bank account for it",
    ),
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
        name="reversal_availability",
        default="with_charge",
        meaning=(
            "`with_charge`: what a refund or dispute takes of a charge that is still pending is pending as long; "
            "`at_once`: it leaves what is available, which may become negative"
        ),
        source=_KNOWLEDGE,
    ),
    Option(
        name="refund_fee_returned",
        default="no",
        meaning="whether a refund gives the charge's fee back",
        source=_KNOWLEDGE,
    ),
    Option(name="refund_fee", default="", meaning="what a refund costs, one amount a currency", source=_KNOWLEDGE),
    Option(
        name="dispute_fee",
        default="USD 15.00, EUR 20.00, GBP 20.00",
        meaning="what a dispute costs, one amount a currency",
        source=f"USD: secondary pages that show such events; others: {_KNOWLEDGE}",
    ),
    Option(
        name="dispute_fee_returned",
        default="no",
        meaning="whether a dispute that is won gives its fee back",
        source=_KNOWLEDGE,
    ),
    Option(
        name="dispute_answer_days", default="9", meaning="days in which a dispute can be answered", source=_KNOWLEDGE
    ),
    Option(name="ach_fee_percent", default="0.8", meaning="percentage of a bank debit", source=_KNOWLEDGE),
    Option(name="ach_fee_most", default="USD 5.00", meaning="the most a bank debit costs", source=_KNOWLEDGE),
    Option(
        name="ach_days",
        default="4",
        meaning="business days in which a bank debit, or the refund of one, is processing",
        source="Stripe's page on ACH direct debit: up to four",
    ),
    Option(
        name="ach_hour",
        default="9",
        meaning="hour (UTC) at which a bank answers, so that the day is the same in Europe and America",
        source=_KNOWLEDGE,
    ),
    Option(
        name="ach_booked",
        default="success",
        meaning=(
            "when a bank debit is on the balance: on its `success`, or pending from its `submission` on, so that one "
            "that fails leaves two balance transactions"
        ),
        source="Stripe's support page on balance transactions of debits: moved from success to submission in 2024",
    ),
    Option(
        name="ach_return_fee", default="USD 4.00", meaning="what a bank debit costs that comes back", source=_KNOWLEDGE
    ),
    Option(
        name="payout_interval",
        default="manual",
        meaning="`manual`, `daily`, `weekly` or `monthly` from the start",
        source="ours: Stripe's new accounts pay out daily",
    ),
    Option(
        name="payout_weekdays",
        default="monday",
        meaning="days of weekly payouts (Stripe's weekly_payout_days)",
        source=_KNOWLEDGE,
    ),
    Option(
        name="payout_month_days",
        default="1",
        meaning="days of monthly payouts; on a weekend the next business day",
        source=_KNOWLEDGE,
    ),
    Option(name="payout_hour", default="12", meaning="hour (UTC) of automatic payouts", source=_KNOWLEDGE),
    Option(
        name="payout_arrival_days",
        default="2",
        meaning="business days until the bank books a payout",
        source=_KNOWLEDGE,
    ),
    Option(
        name="payout_submit_hours",
        default="1",
        meaning="hours until a payout is sent to the bank and cannot be canceled any more",
        source=_KNOWLEDGE,
    ),
    Option(
        name="payout_trace",
        default="created",
        meaning="when trace_id has its value: `created`, or `paid`, once the bank has booked the payout",
        source="ours, so that a bank line can be matched before; the SDK says it is pending until the payout is paid",
    ),
    Option(
        name="payout_lists_itself",
        default="yes",
        meaning="whether an automatic payout's balance transactions include its own, with which they sum to zero",
        source=_KNOWLEDGE,
    ),
    Option(
        name="debit_negative_balances",
        default="yes",
        meaning="whether an automatic payout collects a negative balance from the bank account",
        source="Stripe's page on negative balances",
    ),
    Option(
        name="reserve_percent", default="0", meaning="percentage of every charge kept back as a security", source="ours"
    ),
    Option(name="reserve_days", default="90", meaning="days until what was kept back is released", source=_KNOWLEDGE),
    Option(
        name="authorization_days",
        default="7",
        meaning="days until a card payment that was not captured is released",
        source="Stripe's page on placing a hold",
    ),
    Option(
        name="test_clock_seconds",
        default="2",
        meaning="seconds a test clock is advancing before it is ready",
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
    Option(
        name="roll_overlap_h",
        default="24",
        meaning="hours for which a key, or an endpoint's secret, that was rolled stays valid beside the new one",
        source="Stripe's pages: a secret up to 24 hours; for a key one chooses at once, or hours up to 7 days",
    ),
    Option(
        name="stale_list_s",
        default="60",
        meaning="seconds a list or search runs behind while a fault keeps it back",
        source="Stripe's pages: a search finds what is new in under a minute; that lists may lag is not checked",
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
