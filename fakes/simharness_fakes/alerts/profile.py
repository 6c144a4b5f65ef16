"""The sink's constants, each an option a user may override."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from simharness.core.errors import UsageError
from simharness.fakekit.pack import Option

_KNOWLEDGE = "background knowledge, not checked again"

OPTIONS = (
    Option(
        name="service",
        default="finance-operations",
        meaning="the service of the connector's routing key: who owns an alert that names no owner",
    ),
    Option(
        name="requests_per_minute",
        default="0",
        meaning="events in any minute and routing key before 429; 0 is no limit, because calls take no virtual time",
        source=f"{_KNOWLEDGE}: 120 a minute",
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """One account's constants, read."""

    service: str
    requests_per_minute: int

    @classmethod
    def read(cls, options: Mapping[str, str]) -> Profile:
        """Read a user's options over the defaults; raises `UsageError` that names the option."""
        chosen = {option.name: options.get(option.name, option.default).strip() for option in OPTIONS}
        if not chosen["service"]:
            raise UsageError("option alerts.service is empty", mend="name the team that owns the alerts")
        count = chosen["requests_per_minute"]
        if not (count.isascii() and count.isdigit()):
            raise UsageError(f"option alerts.requests_per_minute is {count!r}", mend="give a whole number")
        return cls(service=chosen["service"], requests_per_minute=int(count))
