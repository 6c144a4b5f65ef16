"""The constants of one Gusto that a user may override without code."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import time, timedelta
from types import MappingProxyType
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from simharness.core.errors import UsageError
from simharness.fakekit.pack import Option

_KNOWLEDGE = "background knowledge, not checked again"
_DOCS = "vendor documentation"

OPTIONS = (
    Option(name="company_uuid", default="", meaning="the company's id; empty makes one up"),
    Option(name="time_zone", default="", meaning="the company's IANA zone; empty is that of the dictionary"),
    Option(
        name="debit_days",
        default="",
        meaning="business days before the pay day on which the company is debited; empty is the dictionary's",
        source="two or four, by the company's payment speed: " + _DOCS,
    ),
    Option(
        name="deadline",
        default="16:00 America/Los_Angeles",
        meaning="local time on the day of the debit until which a payroll may be submitted, as `payroll_deadline` says",
        source=_KNOWLEDGE,
    ),
    Option(
        name="calculate_after_s",
        default="5",
        meaning="seconds from a request to calculate until the payroll is calculated",
        source="the answer is 202 and the client polls: " + _DOCS + "; how long is ours",
    ),
    Option(
        name="submit_after_s",
        default="5",
        meaning="seconds from a request to submit until the payroll is processed",
        source="the answer is 202 and the client polls: " + _DOCS + "; how long is ours",
    ),
    Option(name="report_after_s", default="5", meaning="seconds from a request for a report until it is there"),
    Option(
        name="done_after_polls",
        default="2",
        meaning="what is under way is done at the latest when it is asked for so often, although no time passed",
        source="ours: calls take no virtual time",
    ),
    Option(
        name="stale_payroll_status",
        default="409",
        meaning="the status of a payroll's update with a version that is no longer the present one: 409 or 422",
        source="409 in Gusto's guide to versions of objects; its changelog says 422 for this one until 2026-02-01",
    ),
    Option(
        name="stale_list_s",
        default="60",
        meaning="seconds a list runs behind while a fault keeps it back",
        source="ours: that a list may lag is " + _KNOWLEDGE,
    ),
    Option(
        name="requests_per_minute",
        default="200",
        meaning="requests in any 60 seconds with one token before 429; 0 is no limit",
        source=_DOCS,
    ),
    Option(
        name="access_token_lifetime_s",
        default="7200",
        meaning="seconds an access token lives that was refreshed; the connection's own lives on until it is refreshed",
        source=_DOCS,
    ),
    Option(
        name="minimum_version",
        default="2024-04-01",
        meaning="the API version of requests that name none",
        source="every app has a minimum version: " + _DOCS,
    ),
    Option(
        name="benefit_types",
        default="1=section_125, 5=retirement_401k, 6=hsa, 999=post_tax",
        meaning="Gusto's numbers of benefits, and the deduction that each is",
        source=_KNOWLEDGE,
    ),
    Option(name="awkward_every", default="5", meaning="one in so many people has an awkward name; 0 is nobody"),
    Option(name="webhook_url", default="", meaning="where the subscription that is there from the start tells news"),
    Option(name="webhook_latency_s", default="1", meaning="seconds from an event to the first attempt"),
    Option(name="webhook_retries", default="16", meaning="attempts after the first one", source=_DOCS),
    Option(
        name="webhook_backoff_s",
        default="15",
        meaning="seconds before the second attempt; each further one waits twice as long",
        source="exponential backoff: " + _DOCS + "; how long is ours",
    ),
)

#: The longest that two attempts are apart.
_LONGEST_WAIT = timedelta(days=2)


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """One company's constants, read."""

    company_uuid: str
    time_zone: str
    debit_days: int | None
    deadline: time
    deadline_zone: ZoneInfo
    calculate_after: timedelta
    submit_after: timedelta
    report_after: timedelta
    polls: int
    stale_payroll_status: int
    requests_per_minute: int
    stale_list: timedelta
    token_lifetime: timedelta
    minimum_version: str
    benefit_types: Mapping[int, str]
    awkward_every: int
    webhook_url: str
    webhook_latency: timedelta
    webhook_retries: tuple[timedelta, ...]

    @classmethod
    def read(cls, options: Mapping[str, str]) -> Profile:
        """Read a user's options over the defaults; raises `UsageError` that names the option."""
        chosen = {option.name: options.get(option.name, option.default) for option in OPTIONS}
        clock, _, zone = chosen["deadline"].strip().partition(" ")
        retries = _whole("webhook_retries", chosen)
        backoff = _seconds("webhook_backoff_s", chosen)
        return cls(
            company_uuid=chosen["company_uuid"].strip(),
            time_zone=str(_zone("time_zone", chosen["time_zone"])) if chosen["time_zone"] else "",
            debit_days=_whole("debit_days", chosen) if chosen["debit_days"].strip() else None,
            deadline=_time("deadline", clock),
            deadline_zone=_zone("deadline", zone),
            calculate_after=_seconds("calculate_after_s", chosen),
            submit_after=_seconds("submit_after_s", chosen),
            report_after=_seconds("report_after_s", chosen),
            polls=_whole("done_after_polls", chosen),
            stale_payroll_status=_status("stale_payroll_status", chosen),
            requests_per_minute=_whole("requests_per_minute", chosen),
            stale_list=_seconds("stale_list_s", chosen),
            token_lifetime=_seconds("access_token_lifetime_s", chosen),
            minimum_version=chosen["minimum_version"].strip(),
            benefit_types=_types(chosen["benefit_types"]),
            awkward_every=_whole("awkward_every", chosen),
            webhook_url=chosen["webhook_url"].strip(),
            webhook_latency=_seconds("webhook_latency_s", chosen),
            webhook_retries=tuple(min(backoff * 2**n, _LONGEST_WAIT) for n in range(retries)),
        )


def _wrong(name: str, value: str, wanted: str) -> UsageError:
    return UsageError(f"option gusto.{name} is {value!r}", mend=f"give {wanted}")


def _whole(name: str, chosen: Mapping[str, str]) -> int:
    text = chosen[name].strip()
    if not (text.isascii() and text.isdigit()):
        raise _wrong(name, chosen[name], "a whole number")
    return int(text)


def _seconds(name: str, chosen: Mapping[str, str]) -> timedelta:
    return timedelta(seconds=_whole(name, chosen))


def _status(name: str, chosen: Mapping[str, str]) -> int:
    if chosen[name] not in ("409", "422"):
        raise _wrong(name, chosen[name], "409 or 422")
    return int(chosen[name])


def _time(name: str, text: str) -> time:
    try:
        return time.fromisoformat(text)
    except ValueError as error:
        raise _wrong(name, text, "a time and a zone such as 16:00 America/Los_Angeles") from error


def _zone(name: str, text: str) -> ZoneInfo:
    try:
        return ZoneInfo(text)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise _wrong(name, text, "an IANA zone such as America/Los_Angeles") from error


def _types(text: str) -> Mapping[int, str]:
    found: dict[int, str] = {}
    for part in text.split(","):
        number, _, code = (each.strip() for each in part.partition("="))
        if not (number.isascii() and number.isdigit() and code):
            raise _wrong("benefit_types", text, "pairs such as 5=retirement_401k, 6=hsa")
        found[int(number)] = code
    return MappingProxyType(found)
