"""What of QuickBooks is not documented for sure: constants a user can correct without code."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

import msgspec

from simharness.core.errors import UsageError
from simharness.fakekit.idempotency import PROFILES, Again, Profile, Rule
from simharness.fakekit.pack import Option

_KNOWN = "background knowledge, not re-checked"
_SECONDARY = "secondary pages"
_VENDOR = "the vendor's documentation"

OPTIONS = (
    Option(name="realm_id", default="9341450000000001", meaning="the id of the first company"),
    Option(name="tax_model", default="us", meaning="us or global, until a dictionary furnishes the company"),
    Option(
        name="automated_sales_tax", default="no",
        meaning="yes: the ledger calculates US tax and overrides what is sent, until the company is furnished",
    ),
    Option(name="requests_per_minute", default="500", meaning="requests a company takes a minute", source=_VENDOR),
    Option(
        name="batches_per_minute", default="40", source=_SECONDARY,
        meaning="batch requests a company takes a minute",
    ),
    Option(name="batch_items", default="30", meaning="items a batch may have (some pages say 50)", source=_SECONDARY),
    Option(name="retry_after", default="no", meaning="yes: a throttled answer carries Retry-After", source=_KNOWN),
    Option(name="access_token_s", default="3600", meaning="life of an access token in seconds", source=_KNOWN),
    Option(name="refresh_token_s", default="8726400", meaning="life of a refresh token in seconds", source=_KNOWN),
    Option(
        name="refresh_rotation_s", default="86400", source=_KNOWN,
        meaning="a refresh token at least so old is replaced when it is used",
    ),
    Option(
        name="refresh_grace_s", default="86400", source=_KNOWN,
        meaning="how long a replaced refresh token still works, in seconds",
    ),
    Option(
        name="requestid_other_body", default="replay", source=_KNOWN,
        meaning="a requestid repeated with another body: replay the first answer, or refuse",
    ),
    Option(
        name="requestid_window_s", default="", source=_KNOWN,
        meaning="how long a requestid is remembered, in seconds; empty: always",
    ),
    Option(name="cdc_days", default="30", meaning="how far change data capture looks back", source=_KNOWN),
    Option(name="webhook_url", default="", meaning="where the app listens to webhooks; empty: nowhere"),
    Option(
        name="webhook_form", default="legacy", source=_SECONDARY, meaning="legacy (eventNotifications) or cloudevents",
    ),
    Option(
        name="webhook_aggregation_s", default="60", source=_VENDOR,
        meaning="for how long changes are collected before they are told, in seconds",
    ),
    Option(name="webhook_latency_s", default="1", meaning="how long a webhook travels, in seconds", source=_KNOWN),
    Option(
        name="webhook_timeout_s", default="3", source=_SECONDARY,
        meaning="in how many seconds an attempt has to be answered, else it has failed",
    ),
    Option(
        name="webhook_retries_s", default="1200,1800,3000", source=_KNOWN,
        meaning="the delays before further attempts, in seconds",
    ),
    Option(
        name="stale_query_s", default="60",
        meaning="seconds a query runs behind while a fault keeps it back", source="that it may is background knowledge",
    ),
    Option(name="cdc_results", default="1000", meaning="how many records change data capture gives", source=_KNOWN),
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """The options of one fake, read and checked."""

    realm_id: str
    tax_model: str
    automated_sales_tax: bool
    requests_per_minute: int
    batches_per_minute: int
    batch_items: int
    retry_after: bool
    access_token: timedelta
    refresh_token: timedelta
    refresh_rotation: timedelta
    refresh_grace: timedelta
    refuse_other_body: bool
    requestid_window: timedelta | None
    cdc_look_back: timedelta
    cdc_results: int
    stale_query: timedelta
    webhook_url: str
    webhook_form: str
    webhook_aggregation: timedelta
    webhook_latency: timedelta
    webhook_timeout: timedelta
    webhook_retries: tuple[timedelta, ...]

    @property
    def profile(self) -> Profile:
        """How a requestid is remembered; what the vendor leaves open is chosen by two of the options."""
        own = PROFILES["quickbooks"]
        refused = Rule(again=Again.REFUSE, status=400, assumed=True)
        other = refused if self.refuse_other_body else own.other_body
        return msgspec.structs.replace(own, other_body=other, window=self.requestid_window)

    @classmethod
    def read(cls, given: Mapping[str, str]) -> Options:
        """From texts; raises `UsageError` naming an option that does not exist or a value it does not take."""
        known = {option.name: option.default for option in OPTIONS}
        for name in given:
            if name not in known:
                raise UsageError(f"quickbooks has no option {name!r}", mend=f"one of: {', '.join(known)}")
        values = {**known, **given}
        window = values["requestid_window_s"]
        return cls(
            realm_id=values["realm_id"],
            tax_model=_one_of(values, "tax_model", ("us", "global")),
            automated_sales_tax=_one_of(values, "automated_sales_tax", ("yes", "no")) == "yes",
            requests_per_minute=_whole(values, "requests_per_minute"),
            batches_per_minute=_whole(values, "batches_per_minute"),
            batch_items=_whole(values, "batch_items"),
            retry_after=_one_of(values, "retry_after", ("yes", "no")) == "yes",
            access_token=_seconds(values, "access_token_s"),
            refresh_token=_seconds(values, "refresh_token_s"),
            refresh_rotation=_seconds(values, "refresh_rotation_s"),
            refresh_grace=_seconds(values, "refresh_grace_s"),
            refuse_other_body=_one_of(values, "requestid_other_body", ("replay", "refuse")) == "refuse",
            requestid_window=_seconds(values, "requestid_window_s") if window else None,
            cdc_look_back=timedelta(days=_whole(values, "cdc_days")),
            cdc_results=_whole(values, "cdc_results"),
            stale_query=_seconds(values, "stale_query_s"),
            webhook_url=values["webhook_url"],
            webhook_form=_one_of(values, "webhook_form", ("legacy", "cloudevents")),
            webhook_aggregation=_seconds(values, "webhook_aggregation_s"),
            webhook_latency=_seconds(values, "webhook_latency_s"),
            webhook_timeout=_seconds(values, "webhook_timeout_s"),
            webhook_retries=_delays(values, "webhook_retries_s"),
        )


def _one_of(values: Mapping[str, str], name: str, allowed: tuple[str, ...]) -> str:
    if values[name] not in allowed:
        raise UsageError(f"quickbooks option {name}={values[name]!r}", mend=f"one of: {', '.join(allowed)}")
    return values[name]


def _whole(values: Mapping[str, str], name: str) -> int:
    if not values[name].isdecimal():
        raise UsageError(f"quickbooks option {name}={values[name]!r}", mend="give a whole number")
    return int(values[name])


def _seconds(values: Mapping[str, str], name: str) -> timedelta:
    return timedelta(seconds=_whole(values, name))


def _delays(values: Mapping[str, str], name: str) -> tuple[timedelta, ...]:
    parts = [part.strip() for part in values[name].split(",") if part.strip()]
    if not all(part.isdecimal() for part in parts):
        raise UsageError(f"quickbooks option {name}={values[name]!r}", mend="give whole numbers, separated by commas")
    return tuple(timedelta(seconds=int(part)) for part in parts)
