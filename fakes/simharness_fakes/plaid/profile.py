"""The constants of one Plaid client that a user may override without code."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from simharness.core.errors import UsageError
from simharness.fakekit.pack import Option

_KNOWLEDGE = "background knowledge, not checked again"
_SYNC = "Plaid's reference of transactions/sync, as the SDK carries it"

OPTIONS = (
    Option(name="institution_id", default="ins_109508", meaning="the one institution there is", source=_KNOWLEDGE),
    Option(name="institution_name", default="First Platypus Bank", meaning="its name", source=_KNOWLEDGE),
    Option(name="time_zone", default="", meaning="the bank's IANA zone; empty is that of the dictionary"),
    Option(name="second_currency", default="", meaning="ISO code of a second account that is furnished; empty is none"),
    Option(
        name="ready_after_s",
        default="0",
        meaning="seconds from linking until transactions are there; until then sync answers an empty cursor",
        source=_SYNC,
    ),
    Option(
        name="update_interval_s",
        default="0",
        meaning="seconds between two looks at the bank, but for transactions/refresh; 0 sees every change at once",
        source="one to four times a day: " + _SYNC,
    ),
    Option(
        name="enrich_after_s",
        default="0",
        meaning="seconds until a line's counterparty is known; after that the line is `modified`; 0 knows it at once",
        source=_KNOWLEDGE,
    ),
    Option(
        name="classic_webhooks",
        default="yes",
        meaning="`yes` sends INITIAL_, HISTORICAL_ and DEFAULT_UPDATE and TRANSACTIONS_REMOVED beside those of sync",
        source=_KNOWLEDGE,
    ),
    Option(
        name="public_token_minutes",
        default="30",
        meaning="minutes until a public token cannot be exchanged any more",
        source=_KNOWLEDGE,
    ),
    Option(
        name="public_token_again",
        default="refuse",
        meaning="exchanging a public token again: `refuse`, or `repeat` the access token",
        source="secondary: public tokens can be used once",
    ),
    Option(
        name="login_after_s",
        default="60",
        meaning="seconds until the account holder has logged in again after a link token for update mode was made",
        source="ours: nobody can click in the Link window of a fake",
    ),
    Option(
        name="requests_per_minute",
        default="0",
        meaning="requests in any minute before 429; 0 is no limit, because calls take no virtual time",
        source=_KNOWLEDGE,
    ),
    Option(name="webhook_url", default="", meaning="the webhook of the item that is linked from the start"),
    Option(name="webhook_latency_s", default="1", meaning="seconds from an event to the first attempt"),
    Option(
        name="webhook_retries_s",
        default="30, 120, 480, 1920, 7680, 30720",
        meaning="seconds before the second, third, … attempt: four times longer each, within 24 hours",
        source=_KNOWLEDGE,
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """One client's constants, read."""

    institution_id: str
    institution_name: str
    time_zone: str
    second_currency: str
    ready_after: timedelta
    update_interval: timedelta
    enrich_after: timedelta
    classic_webhooks: bool
    public_token_lifetime: timedelta
    public_token_repeats: bool
    login_after: timedelta
    requests_per_minute: int
    webhook_url: str
    webhook_latency: timedelta
    webhook_retries: tuple[timedelta, ...]

    @classmethod
    def read(cls, options: Mapping[str, str]) -> Profile:
        """Read a user's options over the defaults; raises `UsageError` that names the option."""
        chosen = {option.name: options.get(option.name, option.default) for option in OPTIONS}
        return cls(
            institution_id=chosen["institution_id"],
            institution_name=chosen["institution_name"],
            time_zone=_zone(chosen["time_zone"]),
            second_currency=_currency(chosen["second_currency"]),
            ready_after=_seconds("ready_after_s", chosen),
            update_interval=_seconds("update_interval_s", chosen),
            enrich_after=_seconds("enrich_after_s", chosen),
            classic_webhooks=_word("classic_webhooks", chosen, ("yes", "no")) == "yes",
            public_token_lifetime=timedelta(minutes=_whole("public_token_minutes", chosen)),
            public_token_repeats=_word("public_token_again", chosen, ("refuse", "repeat")) == "repeat",
            login_after=_seconds("login_after_s", chosen),
            requests_per_minute=_whole("requests_per_minute", chosen),
            webhook_url=chosen["webhook_url"],
            webhook_latency=_seconds("webhook_latency_s", chosen),
            webhook_retries=_delays("webhook_retries_s", chosen),
        )


def _wrong(name: str, value: str, wanted: str) -> UsageError:
    return UsageError(f"option plaid.{name} is {value!r}", mend=f"give {wanted}")


def _whole(name: str, chosen: Mapping[str, str]) -> int:
    text = chosen[name].strip()
    if not (text.isascii() and text.isdigit()):
        raise _wrong(name, chosen[name], "a whole number")
    return int(text)


def _seconds(name: str, chosen: Mapping[str, str]) -> timedelta:
    return timedelta(seconds=_whole(name, chosen))


def _word(name: str, chosen: Mapping[str, str], words: tuple[str, ...]) -> str:
    if chosen[name] not in words:
        raise _wrong(name, chosen[name], " or ".join(words))
    return chosen[name]


def _delays(name: str, chosen: Mapping[str, str]) -> tuple[timedelta, ...]:
    parts = [part.strip() for part in chosen[name].split(",") if part.strip()]
    if not all(part.isascii() and part.isdigit() for part in parts):
        raise _wrong(name, chosen[name], "whole seconds, separated by commas")
    return tuple(timedelta(seconds=int(part)) for part in parts)


def _currency(text: str) -> str:
    code = text.strip().upper()
    if code and not (len(code) == 3 and code.isascii() and code.isalpha()):
        raise _wrong("second_currency", text, "an ISO code such as EUR")
    return code


def _zone(text: str) -> str:
    if text:
        try:
            ZoneInfo(text)
        except (ZoneInfoNotFoundError, ValueError) as error:
            raise _wrong("time_zone", text, "an IANA zone such as America/New_York") from error
    return text
