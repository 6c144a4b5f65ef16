"""V25: document numbers are unique and run without unexplained gaps."""

from __future__ import annotations

import re
from collections import defaultdict
from itertools import pairwise

from simharness.checks.findings import Reporter, document_object
from simharness.checks.scope import Scope
from simharness.domain.books import Document, LedgerSnapshot
from simharness.domain.finding import CheckResult

_NUMBERED = re.compile(r"^(.*?)(\d+)$", re.DOTALL)


def numbers_are_unique(scope: Scope) -> CheckResult:
    """V25: no two documents of a kind share a number, and no number between the first and the last is missing.

    A gap is explained by another kind of record under the number, or by a document that was deleted.
    """
    report = Reporter("V25", scope.record.header)
    for ledger in scope.checkpoint.world.ledgers if scope.checkpoint else ():
        kinds: defaultdict[str, defaultdict[str, list[Document]]] = defaultdict(lambda: defaultdict(list))
        for document in ledger.documents:
            if document.number:
                report.examined += 1
                kinds[document.kind][document.number].append(document)
        for kind, numbers in kinds.items():
            for number, documents in numbers.items():
                if len(documents) > 1:
                    report.found(
                        f"{ledger.entity}:{kind}:{number}:duplicate",
                        f"{len(documents)} {kind.replace('_', ' ')}s bear the number {number}",
                        expected="one",
                        actual=str(len(documents)),
                        objects=[document_object(ledger.vendor, document) for document in documents],
                        at_risk=documents[1].total,
                    )
            _gaps(scope, report, ledger, kind, list(numbers))
    return report.result("no document bears a number")


def _gaps(scope: Scope, report: Reporter, ledger: LedgerSnapshot, kind: str, numbers: list[str]) -> None:
    series: defaultdict[tuple[str, int], set[int]] = defaultdict(set)
    for number in numbers:
        found = _NUMBERED.match(number)
        if found is not None:
            width = len(found[2]) if found[2].startswith("0") else 0
            series[(found[1], width)].add(int(found[2]))
    taken = {document.number for document in ledger.documents} | {entry.number for entry in ledger.entries}
    deleted = sum(
        1 for write in scope.record.writes if write.action == "delete" and write.dataset in _NUMBERED_DATASETS
    )
    for (prefix, width), used in series.items():
        if max(used) - min(used) + 1 == len(used):
            continue
        missing = [value for value in _between(used) if f"{prefix}{value:0{width}d}" not in taken]
        if len(missing) > deleted:
            shown = ", ".join(f"{prefix}{value:0{width}d}" for value in missing[:5])
            report.found(
                f"{ledger.entity}:{kind}:{prefix}:gap:{missing[0]}",
                f"the numbers of {kind.replace('_', ' ')}s have gaps that nothing explains",
                expected=f"{len(used) + len(missing)} numbers from {prefix}{min(used)} to {prefix}{max(used)}",
                actual=f"missing {shown}" + (f" and {len(missing) - 5} more" if len(missing) > 5 else ""),
            )


_NUMBERED_DATASETS = frozenset({"invoice", "credit_memo"})

#: A jump of more than this is another series, not a gap.
_JUMP = 1000


def _between(used: set[int]) -> list[int]:
    """The numbers missing between neighbours."""
    ordered = sorted(used)
    missing: list[int] = []
    for low, high in pairwise(ordered):
        if high - low <= _JUMP:
            missing += range(low + 1, high)
    return missing
