"""What the alert system is told: every incident once, and its end. Stored with the alert, sent afterwards, in order.

Sending never stops the work: where there is no answer, the notice stays and the next pass tries again; what the alert
system refuses for good waits for an operator's replay.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec
import sqlalchemy as sa

from simharness.reference.errors import Refused, Unavailable
from simharness.reference.memory import store as tables
from simharness.reference.memory.store import Store
from simharness.reference.vendors.alerts import AlertSink

_encode = msgspec.json.Encoder(order="sorted").encode
DUE, REFUSED = "due", "refused"


class Notices:
    """The alerts on their way to one alert system."""

    def __init__(self, store: Store, sink: AlertSink) -> None:
        self._store, self._sink = store, sink
        self._nothing_due = -1

    def raise_(self, alert: Mapping[str, Any]) -> None:
        """Tell of a new incident, as its line of evidence has it. Joins an open transaction."""
        details = {"item": alert["source"], "owner": alert["owner"]}
        if "amount" in alert:
            details["amount"] = alert["amount"]
        payload = {"summary": alert["reason"], "timestamp": alert["at"], "custom_details": details}
        self._put(alert["incident"], "trigger", payload)

    def clear(self, incident: str) -> None:
        """Tell that an incident is over. Joins an open transaction."""
        self._put(incident, "resolve", {})

    def busy(self) -> bool:
        """Whether anything waits to be told."""
        return bool(self._due())

    def deliver(self) -> None:
        """Tell what waits, oldest first; stops quietly where there is no answer."""
        for row in self._due():
            sequence, attempts = row["sequence"], row["attempts"]
            try:
                self._sink.send(row["action"], row["incident"], msgspec.json.decode(bytes(row["body"])))
            except Unavailable as error:
                self._set(sequence, attempts=attempts + error.attempts, problem=str(error))
                return
            except Refused as refusal:
                self._set(sequence, state=REFUSED, attempts=attempts + refusal.attempts, problem=str(refusal))
            else:
                with self._store.transaction():
                    table = tables.notice
                    self._store.connection.execute(sa.delete(table).where(table.c.sequence == sequence))

    def replay(self, incident: str) -> None:
        """Send again, in the next pass, what the alert system refused: about one incident, or all for ""."""
        table = tables.notice
        self._nothing_due = -1
        again = sa.update(table).where(table.c.state == REFUSED).values(state=DUE)
        with self._store.transaction():
            self._store.connection.execute(again.where(table.c.incident == incident) if incident else again)

    def refused(self) -> list[Mapping[str, Any]]:
        """What the alert system refused for good: incident, action, problem."""
        table = tables.notice
        return self._store.rows(sa.select(table).where(table.c.state == REFUSED).order_by(table.c.sequence))

    def _put(self, incident: str, action: str, payload: Mapping[str, Any]) -> None:
        self._nothing_due = -1
        row = {"incident": incident, "action": action, "body": _encode(payload), "state": DUE}
        self._store.add(tables.notice, [row])

    def _due(self) -> list[Mapping[str, Any]]:
        """What waits. That nothing does is remembered until something is put in or a transaction given up."""
        if self._nothing_due == self._store.rollbacks:
            return []
        table = tables.notice
        found = self._store.rows(sa.select(table).where(table.c.state == DUE).order_by(table.c.sequence))
        if not found:
            self._nothing_due = self._store.rollbacks
        return found

    def _set(self, sequence: int, **values: Any) -> None:
        table = tables.notice
        with self._store.transaction():
            self._store.connection.execute(sa.update(table).where(table.c.sequence == sequence).values(**values))
