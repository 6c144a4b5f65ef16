"""The fake with its operations bound; apart from `fake`, because the handlers know the fake."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from simharness.fakekit.fake import Handler
from simharness_fakes.quickbooks.fake import Quickbooks
from simharness_fakes.quickbooks.routes import ROUTES


class Api(Quickbooks):
    """QuickBooks as it is met over the wire."""

    routes: ClassVar[Mapping[str, Handler]] = ROUTES
