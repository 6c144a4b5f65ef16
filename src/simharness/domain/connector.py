"""What is known of a connector from its manifest: the declared part of the black box, as far as checks may see it."""

from __future__ import annotations

from simharness.domain.base import Record


class ReferenceRule(Record, frozen=True, kw_only=True):
    """Where the connector keeps the source's id on a target record.

    `noun`: invoice, credit_memo, deposit (an invoice in advance; its id is the deal's), customer, payment, exemption;
    and what says of which source a posting is, read in an entry's note: fee, refund, dispute, payout, bank_line,
    write_off, credit, payroll (a run's one journal), payroll_retro (what of a run was posted in another month, which
    `state` names), payroll_remittance (the provider took the taxes of a run over); and of a close adjustment,
    accrual, prepaid, recognition, revaluation (`state` tells a period, or a reversal).
    `field`: number, reference, note, memo.
    `pattern` is a regular
    expression
    searched in that field with named groups: `id` (the source id), optional `version`, optional `lines` (source line
    ids in document line order, comma separated), optional `reason` and `certificate` (noun `exemption`).
    """

    noun: str
    field: str
    pattern: str


class Budget(Record, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How many calls a connector declares to need: for each of its passes over the systems of one entity, and for each
    event, that is each record that is made or changed in a system, and each step of a story.
    """

    per_event: int
    per_pass: int


class ConnectorInfo(Record, frozen=True, kw_only=True):
    """Name, release and declarations of the connector under test.

    `evidence` lists the kinds it offers (log, reject, alert, dead_letter); `acts` are the operator's acts it offers
    under
    our names (rewind: read every feed from its beginning). `scopes` are what it asks each vendor for; a vendor that is
    not named issues it a key with every scope.
    """

    name: str
    release: str = ""
    mapping: str = ""
    mapping_digest: str = ""
    references: tuple[ReferenceRule, ...] = ()
    evidence: tuple[str, ...] = ()
    publishes_bi: bool = False
    writes_status: bool = False
    acts: tuple[str, ...] = ()
    scopes: tuple[tuple[str, tuple[str, ...]], ...] = ()
    budget: Budget | None = None
