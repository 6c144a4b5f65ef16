"""The constants of this fake that a user may override, each with its source and how sure it is."""

from __future__ import annotations

from simharness.fakekit.pack import Option

_LIMITS = "vendor documentation and its changelog; the present figures are background knowledge"

OPTIONS: tuple[Option, ...] = (
    Option(name="portal_id", default="48211", meaning="the portal's id"),
    Option(name="currency", default="USD", meaning="currency of the portal until it is furnished"),
    Option(name="time_zone", default="UTC", meaning="IANA zone of the portal until it is furnished"),
    Option(
        name="rate_limit_per_10_s",
        default="110",
        meaning="requests an app may make in any ten seconds; 190 for a private app",
        source=_LIMITS,
    ),
    Option(name="daily_limit", default="250000", meaning="requests a day (of UTC)", source=_LIMITS),
    Option(
        name="search_limit_per_s",
        default="5",
        meaning="searches in any second; an older changelog says 4",
        source=_LIMITS,
    ),
    Option(
        name="access_token_lifetime_s",
        default="1800",
        meaning="seconds an access token lives; the first one is issued when the fake is built",
        source="vendor documentation",
    ),
    Option(
        name="search_lag_s",
        default="0",
        meaning="seconds a search runs behind what was written",
        source="that there is a lag is background knowledge; its length differs",
    ),
    Option(
        name="stale_search_s",
        default="60",
        meaning="seconds a search runs behind while a fault keeps its index back",
        source="that the index may take a moment is background knowledge; how long is ours",
    ),
    Option(
        name="search_not_equal_matches_unset",
        default="false",
        meaning="whether NEQ and NOT_IN find objects without a value",
        source="background knowledge, not checked",
    ),
    Option(
        name="merge_makes_new_id",
        default="false",
        meaning="whether a merge makes a new id instead of keeping the primary one",
        source="background knowledge: it depends on the kind of object and the year",
    ),
    Option(name="webhook_latency_ms", default="1000", meaning="milliseconds until events are sent, in one batch"),
    Option(
        name="webhook_retry_delays_s",
        default="60,300,900,1800,3600,7200,14400,18000,18000,21600",
        meaning="seconds before each further attempt: ten within a day",
        source="the number and the day from a secondary page; the spacing is ours",
    ),
    Option(
        name="webhook_timeout_ms",
        default="1000",
        meaning="milliseconds in which an attempt has to be answered, else it has failed",
        source="older documentation, by a secondary page",
    ),
    Option(
        name="webhook_final_statuses",
        default="",
        meaning="statuses after which no attempt follows; older documentation says 400,401,403,404,405",
        source="secondary page",
    ),
    Option(name="invent_contacts", default="true", meaning="whether a company that is entered comes with a contact"),
    Option(name="awkward_every", default="5", meaning="every so many invented people has an awkward name; 0 for none"),
)
