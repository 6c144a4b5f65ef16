"""Every verb a story can use, one module an area. Doors look verbs up here and nowhere else."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from simharness.stories.vocabulary import (
    access,
    accruing,
    bank,
    beside,
    bi,
    cheques,
    close,
    close_claims,
    crediting,
    crm,
    delivery,
    evidence,
    faults,
    gateway,
    group,
    hearing,
    invoicing,
    journals,
    ledger,
    merging,
    middleware,
    news,
    opening,
    payment,
    paymonth,
    payroll,
    people,
    periods,
    reconcile,
    register,
    selling,
    staff,
    statement,
    tax,
)
from simharness.stories.vocabulary.verb import PHASES, Phase, Verb

VERBS: tuple[Verb, ...] = (
    *crm.VERBS,
    *selling.VERBS,
    *delivery.VERBS,
    *merging.VERBS,
    *tax.VERBS,
    *invoicing.VERBS,
    *opening.VERBS,
    *crediting.VERBS,
    *payment.VERBS,
    *cheques.VERBS,
    *gateway.VERBS,
    *group.VERBS,
    *bank.VERBS,
    *statement.VERBS,
    *people.VERBS,
    *staff.VERBS,
    *payroll.VERBS,
    *paymonth.VERBS,
    *register.VERBS,
    *ledger.VERBS,
    *journals.VERBS,
    *close.VERBS,
    *accruing.VERBS,
    *periods.VERBS,
    *close_claims.VERBS,
    *bi.VERBS,
    *reconcile.VERBS,
    *beside.VERBS,
    *middleware.VERBS,
    *evidence.VERBS,
    *hearing.VERBS,
    *faults.VERBS,
    *news.VERBS,
    *access.VERBS,
)

BY_NAME: Mapping[str, Verb] = MappingProxyType({verb.name: verb for verb in VERBS})

_HEADS: Mapping[Phase, Mapping[str, Verb]] = MappingProxyType(
    {
        phase: MappingProxyType({head: verb for verb in VERBS if phase in verb.phases for head in verb.heads})
        for phase in PHASES
    }
)


def heads(phase: Phase) -> Mapping[str, Verb]:
    """The keys that tell a verb in a phase of a YAML story."""
    return _HEADS[phase]
