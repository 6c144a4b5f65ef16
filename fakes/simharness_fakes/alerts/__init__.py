"""An alert sink in the dialect of an event API: trigger, acknowledge and resolve by a deduplication key."""

from __future__ import annotations

from simharness.fakekit.pack import Keys, Pack
from simharness_fakes.alerts.fake import build
from simharness_fakes.alerts.profile import OPTIONS

PACK = Pack(
    vendor="alerts",
    family="operations",
    title="Alert sink",
    package="simharness_fakes.alerts",
    hosts=("events.pagerduty.com",),
    versions=("v2",),
    meets={"partial_batch": (), "conflict": (), "stale_read": (), "page_shift": ()},
    build=build,
    options=OPTIONS,
    keys=Keys(profile="external_id", carried="the field `dedup_key` of an event", scope="routing key"),
    gaps=(
        "reading incidents back, people, schedules and escalation: the vendor's other API, another host and credential",
        "change events (/v2/change/enqueue) and the first version of the events API",
        "outgoing webhooks about what people did with an incident",
        "links and images are accepted and shown to nobody",
    ),
)
