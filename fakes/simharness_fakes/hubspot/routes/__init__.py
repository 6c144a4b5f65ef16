"""Which handler answers which operation of the contract."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from simharness.fakekit.fake import Handler
from simharness_fakes.hubspot.routes import account, associations, batch, objects, schema, webhooks

ROUTES: Mapping[str, Handler] = MappingProxyType(
    {**objects.ROUTES, **batch.ROUTES, **associations.ROUTES, **schema.ROUTES, **account.ROUTES, **webhooks.ROUTES}
)
