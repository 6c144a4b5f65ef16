"""C6: only fields that the target system does not own are written into it (ownership matrix), and only documents which
are for the connector to write.
"""

from __future__ import annotations

from collections.abc import Mapping

from simharness.checks.findings import Reporter, not_applicable, source_object
from simharness.checks.scope import Scope, system_of
from simharness.domain.dictionary import Dictionary
from simharness.domain.finding import CheckResult, Severity
from simharness.domain.policy import InvoicesBy

#: The dictionary's word for a dataset where it differs from the word of a write.
_DATASETS: Mapping[str, str] = {"party": "customer", "company": "customer"}

#: The system whose records stand in the ledger, and the right over documents of others.
_BILLING, _VOID = "billing", "void"
#: What a system derives by itself from other records: nobody writes it, though it changes in somebody's name.
_DERIVED = frozenset({"open", "status", "balance", "unapplied", "version", "updated_at"})


class Owners:
    """The ownership matrix, indexed."""

    def __init__(self, dictionary: Dictionary) -> None:
        self._owners = {(entry.dataset, entry.field): entry.owner for entry in dictionary.ownership}

    def of(self, dataset: str, field: str) -> str:
        """The system that owns a field: its own entry, else the dataset's entry `*`, else "" (nobody was named)."""
        name = _DATASETS.get(dataset, dataset)
        return self._owners.get((name, field), self._owners.get((name, "*"), ""))


def only_owned_fields(scope: Scope) -> CheckResult:
    """C6: no update by the connector changes a field that belongs to the system in which it was changed, or to the
    billing system; it writes no invoice where that does, and ends no document of others without the right to.

    Creations are left out: what a system fills in by itself on a new record cannot be told from what was sent.
    """
    if not scope.dictionary.ownership:
        return not_applicable("C6", "the dictionary declares no ownership")
    report = Reporter("C6", scope.record.header, Severity.CONDUCT)
    owners = Owners(scope.dictionary)
    for write in scope.record.writes:
        if write.action != "update" or not scope.by_connector(write.actor):
            continue
        report.examined += 1
        system = system_of(write.family)
        for field in write.fields:
            owner = owners.of(write.dataset, field)
            if owner in {system, _BILLING} and field not in _DERIVED:
                report.found(
                    f"{write.vendor}:{write.dataset}:{field}",
                    f"the connector changed {field} of {write.dataset} {write.record_id}, which the {system} owns",
                    expected=f"{write.dataset}.{field} is written by the {owner} only",
                    actual=f"written by {write.actor}",
                    objects=[source_object(write.vendor, write.dataset, write.record_id)],
                )
    _documents(scope, report, owners)
    return report.result("the connector updated nothing")


def _documents(scope: Scope, report: Reporter, owners: Owners) -> None:
    author: dict[tuple[str, str, str], str] = {}
    elsewhere = scope.book.policy.invoices_by is InvoicesBy.BILLING_SYSTEM
    for write in scope.record.writes:
        key = (write.vendor, write.dataset, write.record_id)
        if write.action == "create":
            author[key] = write.actor
        if not scope.by_connector(write.actor):
            continue
        made_here = write.action == "create" and write.dataset == "invoice" and elsewhere
        other = author.get(key, write.actor)
        ended = write.action in {"void", "delete"} and not scope.by_connector(other)
        report.examined += ended or made_here
        what = ""
        if made_here:
            what, who = "wrote", "the billing system writes every invoice"
        elif ended and owners.of(write.dataset, _VOID) in {"", system_of(write.family), _BILLING}:
            what, who = f"ended ({write.action})", f"{other} wrote it, and nobody gave the connector the right"
        if what:
            report.found(
                f"{write.vendor}:{write.dataset}:{write.record_id}:{write.action}",
                f"the connector {what} {write.dataset} {write.record_id}",
                expected=who,
                actual=f"done by {write.actor}",
                objects=[source_object(write.vendor, write.dataset, write.record_id)],
            )
