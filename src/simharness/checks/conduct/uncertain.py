"""C3: what may have happened is looked up or repeated with its key, and never made anew."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict

from simharness.checks.conduct.intents import Attempt, attempts, is_lookup, kind_of, shows
from simharness.checks.findings import Reporter
from simharness.checks.listed import Listed
from simharness.checks.scope import Scope
from simharness.domain.exchange import Exchange
from simharness.domain.fact import ConnectorFinished
from simharness.domain.finding import CheckResult, Severity


def uncertain_is_settled(scope: Scope) -> CheckResult:
    """C3 for every creating request whose answer did not arrive whole, or that ended in a server error.

    The next attempt at the same intent carries the same key, or comes after the vendor was asked what is there. Where
    no attempt follows, a look must, or somebody must have been told. A look asks for records of the kind, or shows the
    source; to have read something else of that vendor finds nothing out.
    """
    report = Reporter("C3", scope.record.header, Severity.CONDUCT)
    by_intent: defaultdict[tuple[str, str, tuple[tuple[str, str], ...]], list[Attempt]] = defaultdict(list)
    for attempt in attempts(scope):
        # By what was asked for: an answer that never came, or a bare error, names no operation.
        asked = f"{attempt.exchange.request.method} {attempt.exchange.request.path}"
        by_intent[attempt.exchange.vendor, asked, attempt.sources].append(attempt)
    lookups: defaultdict[str, list[Exchange]] = defaultdict(list)
    for exchange in scope.record.exchanges:
        if exchange.client == "connector" and is_lookup(exchange):
            lookups[exchange.vendor].append(exchange)
    rested = max((fact.at for fact in scope.facts if isinstance(fact, ConnectorFinished) and not fact.failure),
                 default=None)  # fmt: skip
    for (vendor, asked, _), mine in by_intent.items():
        operation = next((each.operation for each in mine if each.operation != asked), asked)
        for at, attempt in enumerate(mine):
            if not attempt.is_uncertain:
                continue
            report.examined += 1
            after = mine[at + 1] if at + 1 < len(mine) else None
            looked = _looked(lookups[vendor], attempt, after.exchange if after else None)
            if after is not None and not looked and (not attempt.key or after.key != attempt.key):
                _made_anew(report, vendor, operation, attempt, after)
            settled_later = rested is not None and rested >= attempt.exchange.at
            if after is None and not looked and settled_later and not _told(scope.judged.listed, attempt):
                _left(report, vendor, operation, attempt)
    return report.result("every creating request was answered")


def _looked(lookups: list[Exchange], attempt: Attempt, second: Exchange | None) -> bool:
    """Whether one of the looks between two attempts could show what became of the first."""
    kind = kind_of(attempt.exchange)
    for at in range(bisect_right(lookups, attempt.exchange.sequence, key=_sequence), len(lookups)):
        if second is not None and lookups[at].sequence > second.sequence:
            return False
        if shows(lookups[at], kind, attempt.sources):
            return True
    return False


def _sequence(exchange: Exchange) -> int:
    return exchange.sequence


def _told(listed: Listed, attempt: Attempt) -> bool:
    return listed.told(*(id for _, id in attempt.sources))


def _made_anew(report: Reporter, vendor: str, operation: str, attempt: Attempt, after: Attempt) -> None:
    source = attempt.sources[0][0]
    report.found(
        f"{vendor}:{operation}:{source}:{attempt.exchange.sequence}",
        f"{operation} of {vendor} may have been done for {source}, and was sent anew without looking",
        expected=f"a look at what is there, or key {attempt.key or '(the first had none)'} again",
        actual=f"key {after.key or 'none'}",
        objects=[f"exchange:{attempt.exchange.sequence}", f"exchange:{after.exchange.sequence}"],
    )


def _left(report: Reporter, vendor: str, operation: str, attempt: Attempt) -> None:
    source = attempt.sources[0][0]
    report.found(
        f"{vendor}:{operation}:{source}:{attempt.exchange.sequence}",
        f"{operation} of {vendor} may have been done for {source}, and the connector rested without finding out",
        expected="a look at what is there, or a repetition with the same key",
        actual="neither, and nobody was told",
        objects=[f"exchange:{attempt.exchange.sequence}"],
    )
