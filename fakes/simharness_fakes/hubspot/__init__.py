"""HubSpot CRM, version 3: objects, associations (version 4), properties, pipelines, owners, OAuth and webhooks."""

from __future__ import annotations

from simharness.fakekit.fake import Fake
from simharness.fakekit.pack import Keys, Pack, Setup
from simharness_fakes.hubspot.profile import OPTIONS


def build(setup: Setup) -> Fake:
    """A fresh portal."""
    from simharness_fakes.hubspot.fake import Hubspot

    return Hubspot(PACK, setup)


PACK = Pack(
    vendor="hubspot",
    family="crm",
    title="HubSpot CRM",
    package="simharness_fakes.hubspot",
    hosts=("api.hubapi.com",),
    versions=("v3",),
    meets={
        "partial_batch": ("batchReadObjects", "batchCreateObjects", "batchUpdateObjects", "batchUpsertObjects"),
        "conflict": ("updateObject", "batchUpdateObjects"),
        "stale_read": ("searchObjects",),
        "page_shift": ("searchObjects",),
    },
    build=build,
    options=OPTIONS,
    keys=Keys(profile="external_id", carried="a unique property (`idProperty` of a batch upsert)", scope="portal"),
    gaps=(
        "objects: companies, contacts, deals, line items, products and quotes only; others are answered 501",
        "propertiesWithHistory and the property values of the past",
        "associations of one kind with itself (parent and child companies)",
        "a line item may hang on more than one deal; HubSpot allows one parent",
        "the vendor's dated API versions (2025-09 and later) and their paths",
        "privacy deletion, imports, exports, lists, custom object schemas",
        "archived property definitions, pipelines other than those of deals, changing and deleting pipelines",
        "authorization codes: an app is connected from the start",
    ),
    sdks=("hubspot-api-client 12.0.0",),
)
