"""What a connector declares about its own work: the published NDJSON schema, one object a line, told
apart by `type`.

A connector whose log is a hash chain gives every row `previous`, the digest of the row before it in the file ("" in
the first row there ever was), and `digest`, its own. How a digest is taken is the connector's affair.

A connector that keeps the books of several entities gives every row the `entity` whose books it is about, since the
ids of one ledger mean something else in another; "" in a world of one.
"""

from __future__ import annotations

from datetime import datetime

from simharness.core.money import Money
from simharness.domain.base import Tagged


class LogRow(Tagged, frozen=True, kw_only=True, tag="log"):
    """Something the connector wrote into another system: who sent what, when, with which key, and what came of it.

    `source` is `system:kind:id` of the business fact, `target` is `system:kind:id` of what was written.
    `outcome`: posted, updated, found (was there already), failed. `by` is who sent it: a worker, or an operator.
    """

    at: datetime
    source: str
    target: str
    action: str
    outcome: str
    key: str = ""
    amount: Money | None = None
    attempts: int = 1
    detail: str = ""
    by: str = ""
    entity: str = ""
    previous: str = ""
    digest: str = ""


class Reject(Tagged, frozen=True, kw_only=True, tag="reject"):
    """A source record the connector refused at its edge; `reason` is for people, `code` is stable."""

    at: datetime
    source: str
    code: str
    reason: str
    amount: Money | None = None
    entity: str = ""
    previous: str = ""
    digest: str = ""


class Alert(Tagged, frozen=True, kw_only=True, tag="alert"):
    """A person was told. `incident` is stable over repetitions; `cleared_at` is set when it was resolved."""

    at: datetime
    incident: str
    source: str
    owner: str
    reason: str
    amount: Money | None = None
    cleared_at: datetime | None = None
    entity: str = ""
    previous: str = ""
    digest: str = ""


class DeadLetter(Tagged, frozen=True, kw_only=True, tag="dead_letter"):
    """A posting that failed for good and waits for an operator."""

    at: datetime
    source: str
    reason: str
    attempts: int
    amount: Money | None = None
    replayed_at: datetime | None = None
    entity: str = ""
    previous: str = ""
    digest: str = ""


Evidence = LogRow | Reject | Alert | DeadLetter
