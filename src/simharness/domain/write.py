"""Writes into a system as the system itself saw them: who changed which fields of what.

Fakes keep this log for every write, over the wire or by `operate`; ownership and permission checks read it.
"""

from __future__ import annotations

from datetime import datetime

from simharness.domain.base import Record


class Write(Record, frozen=True, kw_only=True):
    """One committed write. `dataset`: company, deal, deal_line, party, invoice, credit_memo, payment, journal, item,
    charge, ...

    `fields` are the canonical names of the fields whose value really changed (all set fields on a create), sorted;
    a vendor field without canonical name appears as `vendor:NAME`. `action`: create, update, void, delete, merge.
    """

    at: datetime
    family: str
    vendor: str
    dataset: str
    record_id: str
    action: str
    fields: tuple[str, ...]
    actor: str
    entity: str = ""
