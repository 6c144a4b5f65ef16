"""One write into the ledger as it is stored before it is sent, and what is asked about it on its way."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any, Protocol

from simharness.reference.errors import Refused
from simharness.reference.vendors.http import Json

#: The ledger takes keys of at most this length.
KEY_LENGTH = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Intent:
    """One write: what it is about (`source`), what to send, and what to remember once it is done (`context`, JSON).

    `wait_s`: one that stands for a refused posting is sent only after so long, when a list that runs behind shows why.
    """

    kind: str
    source: str
    entity: str
    reference: str
    body: bytes
    action: str = "create"
    customer_id: str = ""
    amount: Decimal | None = None
    context: str = ""
    key: str = ""
    wait_s: int = 0

    @classmethod
    def of(cls, row: Mapping[str, Any]) -> Intent:
        """The intent of a stored row."""
        return cls(
            kind=row["kind"],
            source=row["source"],
            entity=row["entity"],
            reference=row["reference"],
            body=bytes(row["body"]),
            action=row["action"],
            customer_id=row["customer_id"],
            amount=Decimal(row["amount"]) if row["amount"] else None,
            context=row["context"],
            key=row["key"],
        )

    def keyed(self, entity: str = "") -> Intent:
        """With its key: the source, and a digest of the whole body and of the entity into whose books it goes."""
        facts = f"{self.kind}\0{self.source}\0" + (f"{entity}\0" if entity else "")
        digest = hashlib.sha256(facts.encode() + self.body).hexdigest()[:12]
        return replace(self, key=f"{self.source.partition(':')[2]}-{digest}"[-KEY_LENGTH:])


class Handler(Protocol):
    """Who knows what a kind of intent means."""

    def posted(self, intent: Intent, record: Json) -> None:
        """The ledger has it; remember that. Runs in the transaction that settles the intent."""

    def corrected(self, intent: Intent, refusal: Refused) -> Intent | Json | None:
        """Another intent to send instead, the record where the ledger already has it, or None: the refusal stands."""

    def failed(self, intent: Intent, reason: str) -> None:
        """The refusal stands; runs in the transaction that settles the intent."""


class Gate(Protocol):
    """Who knows whether a posting may still be sent, at the moment it would be."""

    def waits(self, intent: Intent, since_s: int) -> bool:
        """Whether it must not be sent in this pass. It is to be sent since an instant."""

    def is_elsewhere(self, intent: Intent) -> bool:
        """Whether another program has made the record meanwhile."""

    def dropped(self, intent: Intent) -> None:
        """It was never sent and never will be; runs in the transaction that drops it."""
