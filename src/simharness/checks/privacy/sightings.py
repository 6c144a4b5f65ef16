"""C8: no personal data reach a place where they must not be."""

from __future__ import annotations

from collections import Counter
from types import MappingProxyType

from simharness.checks.findings import Reporter, not_applicable
from simharness.checks.scope import Judged
from simharness.domain.finding import CheckResult, Severity

_WORDS = MappingProxyType(
    {
        "files": "unencrypted in the connector's own files",
        "log": "in the connector's log",
        "reject": "in a rejected record",
        "alert": "in an alert",
        "dead_letter": "in a dead letter",
        "bi": "in a table of BI",
        "operations": "in the alert system",
    }
)


def nobody_is_shown(judged: Judged) -> CheckResult:
    """C8: what was seen when the run was searched. One finding a field and sink, with the persons' ids; the text itself
    is in no record and no report.
    """
    record = judged.record
    if not record.watches:
        return not_applicable("C8", "the record tells of no search for personal data")
    report = Reporter("C8", record.header, Severity.CONDUCT)
    for watch in record.watches:
        if watch.canaries:
            report.examined += sum(texts for _, texts in watch.sinks)
        places = Counter((each.field, each.sink) for each in watch.sightings)
        for (field, sink), count in places.items():
            seen = [each for each in watch.sightings if (each.field, each.sink) == (field, sink)]
            where = _WORDS.get(sink, f"in the {sink}")
            report.found(
                f"{field}:{sink}",
                f"the {field.replace('_', ' ')} of a person stands {where}: {seen[0].place}",
                expected="personal data stay in the system that holds them",
                actual=f"seen {count} times" if count > 1 else "seen once",
                objects=[*dict.fromkeys(f"person:{each.subject}" for each in seen)][:10],
            )
    return report.result("nobody's personal data are in this world")
