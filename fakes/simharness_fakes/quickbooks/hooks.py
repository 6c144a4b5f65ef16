"""Webhooks: what changed in the companies, signed, in either of the vendor's forms.

Where an app listens, and to changes of which entities, is entered on the vendor's developer pages, which have no API:
here it is an option, and what whoever administers the app does. Changes of some time travel together, each record once
an operation.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Mapping
from datetime import UTC, datetime
from types import MappingProxyType
from typing import TYPE_CHECKING

from simharness.domain.acts import ActRefused, Subscribe, TellAgain
from simharness.domain.events import DomainEvent
from simharness.fakekit.bodies import Json, write_json
from simharness.fakekit.webhooks import Hooks, Sent, addressed
from simharness_fakes.accounting.documents import Change
from simharness_fakes.quickbooks.entities import BY_KIND
from simharness_fakes.quickbooks.wire.times import PACIFIC

if TYPE_CHECKING:
    from simharness_fakes.quickbooks.fake import Quickbooks

_OPERATIONS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "create": ("Create", "created"), "update": ("Update", "updated"),
        "delete": ("Delete", "deleted"), "void": ("Void", "voided"),
    }
)  # fmt: skip
#: The entities the vendor tells of, among those modelled here. Source: its documentation of webhooks.
TOLD = frozenset(
    {
        "Account", "Bill", "BillPayment", "Class", "CreditMemo", "Customer", "Department", "Deposit", "Invoice", "Item",
        "JournalEntry", "Payment", "PaymentMethod", "Purchase", "RefundReceipt", "SalesReceipt", "Term", "Transfer",
        "Vendor", "VendorCredit", "TaxAgency",
    }
)  # fmt: skip
#: Where CloudEvents of the vendor say they come from; what follows the dot is opaque.
_SOURCE = "intuit.simharness"


class WebhookDesk:
    """Follows the companies' logs of changes and tells the app about them."""

    def __init__(self, fake: Quickbooks) -> None:
        self._fake = fake
        self.sent = Sent()
        self._url, self._told = fake.options.webhook_url, TOLD
        self._seen: dict[str, int] = {}
        self._waiting: dict[tuple[str, str, str, str], Change] = {}

    def look(self) -> None:
        """Take note of what changed since the last look; the first change of a batch sets its time of departure."""
        if not self._url:
            return
        before = len(self._waiting)
        for realm, company in self._fake.companies.items():
            for change in company.books.changes_after(self._seen.get(realm, 0)):
                self._seen[realm] = change.sequence
                entity = BY_KIND.get(change.kind)
                if entity is not None and entity.name in self._told and change.operation in _OPERATIONS:
                    self._waiting[realm, entity.name, change.id, change.operation] = change
        if len(self._waiting) > before == 0:
            wait = self._fake.options.webhook_aggregation
            self._fake.setup.clock.after(wait, self._flush, "quickbooks webhook", awaited=True)

    def perform(self, act: Subscribe | TellAgain) -> tuple[DomainEvent, ...]:
        """Whoever administers the app says where it listens and to which entities, or all is told once more.

        Raises `ActRefused` for an entity that the vendor does not tell of.
        """
        if isinstance(act, TellAgain):
            self.sent.again()
            return ()
        wanted = frozenset(act.events)
        if strange := sorted(wanted - TOLD):
            raise ActRefused(f"QuickBooks tells nothing of {strange[0]}", mend=f"one of: {', '.join(sorted(TOLD))}")
        self.pass_over()
        self._url, self._told = act.url, wanted or TOLD
        return ()

    def pass_over(self) -> None:
        """Say nothing of what changed since the last look: the company was furnished before the app was connected."""
        for realm, company in self._fake.companies.items():
            for change in company.books.changes_after(self._seen.get(realm, 0))[-1:]:
                self._seen[realm] = change.sequence

    def fork(self, fake: Quickbooks) -> WebhookDesk:
        """The desk of a copy: it tells what changes from now on, as this one does."""
        twin = WebhookDesk(fake)
        twin._seen = dict(self._seen)
        twin._url, twin._told = self._url, self._told
        return twin

    def signature(self, body: bytes) -> str:
        """The value of `intuit-signature`: base64 of HMAC-SHA256 under the verifier token over the body."""
        key = self._fake.tokens.verifier_token.encode()
        return base64.b64encode(hmac.digest(key, body, hashlib.sha256)).decode()

    def _flush(self) -> None:
        waiting, self._waiting = self._waiting, {}
        if not self._url:
            return
        cloud = self._fake.options.webhook_form == "cloudevents"
        body = write_json(self._cloud_events(waiting) if cloud else _notifications(waiting))
        headers = {
            "content-type": "application/json; charset=utf-8",
            "user-agent": "intuit_notification_server/1.0",
            "intuit-signature": self.signature(body),
        }
        request = addressed(self._url, headers, body)
        setup = self._fake.setup
        hooks = Hooks(
            setup.clock, setup.post, latency=self._fake.options.webhook_latency,
            schedule=self._fake.options.webhook_retries, patience=self._fake.options.webhook_timeout, sent=self.sent,
        )  # fmt: skip
        hooks.send(lambda attempt, now: request, "quickbooks webhook")

    def _cloud_events(self, waiting: Mapping[tuple[str, str, str, str], Change]) -> list[Json]:
        return [
            {
                "specversion": "1.0",
                "id": self._fake.setup.ids.uuid("quickbooks event"),
                "source": _SOURCE,
                "type": f"qbo.{name.lower()}.{_OPERATIONS[operation][1]}.v1",
                "datacontenttype": "application/json",
                "time": change.at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
                "intuitentityid": id,
                "intuitaccountid": realm,
                "data": {},
            }
            for (realm, name, id, operation), change in waiting.items()
        ]


def _notifications(waiting: Mapping[tuple[str, str, str, str], Change]) -> Json:
    """The older form: a notification for each company with its changed entities."""
    realms: dict[str, list[Json]] = {}
    for (realm, name, id, operation), change in waiting.items():
        told = {
            "name": name,
            "id": id,
            "operation": _OPERATIONS[operation][0],
            "lastUpdated": _moment(change.at),
        }
        realms.setdefault(realm, []).append(told)
    return {
        "eventNotifications": [
            {"realmId": realm, "dataChangeEvent": {"entities": entities}} for realm, entities in realms.items()
        ]
    }


def _moment(moment: datetime) -> str:
    return moment.astimezone(PACIFIC).strftime("%Y-%m-%dT%H:%M:%S%z")
