"""Expectations on lineage: whether references alone lead from a thing of the story to where it ended."""

from __future__ import annotations

from collections.abc import Iterator

from simharness.checks.expectations.case import Case
from simharness.domain.books import LedgerSnapshot
from simharness.domain.claims import TracesTo

_LEDGER, _BI = "the ledger", "BI"
#: One thing on the way: what kind it is, and its id.
_Node = tuple[str, str]


def traces_to(case: Case, said: TracesTo) -> None:
    """The target is among what can be reached from the subject, link by link; amounts, days and names are no links."""
    ids = case.names.ids_of(said.subject)
    if not ids:
        message = f"the story has no {said.subject!r} to be traced"
        case.wrong("absent", message, said.subject, "nothing of that name")
        return
    reached = _reached(case, ids)
    if not _is_there(case, said, reached):
        shown = ", ".join(_told(case, node) for node in sorted(reached)) or "nothing"
        message = f"no reference leads from {said.subject!r} to {said.target!r}"
        case.wrong("trace", message, f"a way to {said.target}", f"the way leads to {shown}")


def _reached(case: Case, ids: frozenset[str]) -> set[_Node]:
    """Everything that names the ids, and what names that in turn."""
    ledger = case.ledger
    if ledger is None:
        return set()
    reached: set[_Node] = set()
    for id in ids:
        reached |= {("document", linked.document.id) for linked in case.scope.links.documents_of.get(id, ())}
        reached |= {("payment", payment.id) for payment in case.scope.links.payments_of.get(id, ())}
        reached |= {("party", party.id) for party in case.scope.links.parties_of.get(id, ())}
        reached |= {
            ("entry", effect.entry.id) for (_, named), effects in case.scope.effects.of.items() if named == id
            for effect in effects
        }  # fmt: skip
    todo = list(reached)
    while todo:
        for further in _next(ledger, todo.pop()):
            if further not in reached:
                reached.add(further)
                todo.append(further)
    return reached


def _next(ledger: LedgerSnapshot, node: _Node) -> Iterator[_Node]:
    """What a record of the ledger leads to: its own entry, what settles it, the deposit that moved it on."""
    kind, id = node
    if kind == "document":
        sources = {document.kind for document in ledger.documents if document.id == id}
        yield from (("entry", e.id) for e in ledger.entries if e.source_id == id and e.source in sources)
        yield from (
            ("payment", payment.id) for payment in ledger.payments
            if any(item.document == id for item in payment.applications)
        )  # fmt: skip
    elif kind == "payment":
        yield from (("entry", e.id) for e in ledger.entries if e.source_id == id and e.source == "payment")
        yield from (
            ("deposit", deposit.id) for deposit in ledger.deposits if any(line.payment == id for line in deposit.lines)
        )
    elif kind == "deposit":
        yield from (("entry", e.id) for e in ledger.entries if e.source_id == id and e.source == "deposit")
    elif kind == "party":
        yield from (("document", document.id) for document in ledger.documents if document.party == id)


def _is_there(case: Case, said: TracesTo, reached: set[_Node]) -> bool:
    ledger = case.ledger
    if ledger is None:
        return False
    entries = [entry for entry in ledger.entries if ("entry", entry.id) in reached]
    if said.target == _LEDGER:
        return bool(entries)
    if said.target == _BI:
        return _in_bi(case, {id for kind, id in reached if kind in ("document", "payment", "entry")})
    account = case.account(said.target)
    if account is not None:
        return any(line.account == account.id for entry in entries for line in entry.lines)
    targets = case.names.ids_of(said.target)
    if targets:
        return bool(reached & _reached(case, targets))
    return any(d.number == said.target and ("document", d.id) in reached for d in ledger.documents)


def _in_bi(case: Case, ids: set[str]) -> bool:
    """Whether a published row bears one of the ledger's ids in a column of ids."""
    reading = case.judged.reading(case.expectation.step)
    wanted = ("document_id", "payment_id", "entry_id")
    return any(
        row[at] in ids
        for table in (reading.tables if reading is not None else ())
        for at, column in enumerate(table.columns)
        if column in wanted
        for row in table.rows
    )


def _told(case: Case, node: _Node) -> str:
    kind, id = node
    numbers = {d.id: f"{d.kind.replace('_', ' ')} {d.number}" for d in (case.ledger.documents if case.ledger else ())}
    return numbers.get(id, f"{kind} {id}") if kind == "document" else f"{kind} {id}"
