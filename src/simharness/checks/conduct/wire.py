"""C9 and C11: no call leaves the world, and requests conform to the contract."""

from __future__ import annotations

from simharness.checks.findings import Reporter
from simharness.checks.scope import Scope
from simharness.domain.exchange import UNMODELLED, Exchange
from simharness.domain.finding import CheckResult, Severity

_UNMODELLED_STATUS = 501


def no_call_leaves(scope: Scope) -> CheckResult:
    """C9: every host the connector called belongs to a fake of the world."""
    report = Reporter("C9", scope.record.header, Severity.CONDUCT)
    for exchange in scope.record.exchanges:
        if exchange.client != "connector":
            continue
        report.examined += 1
        if exchange.outside:
            request = exchange.request
            report.found(
                request.host,
                f"the connector called {request.host}, which belongs to no system of the story",
                expected="calls to " + (", ".join(sorted(set(scope.vendors.values()))) or "no system"),
                actual=f"{request.method} {request.host}{request.path}",
                objects=[f"exchange:{exchange.sequence}"],
            )
    return report.result("the connector made no call")


def requests_conform(scope: Scope) -> CheckResult:
    """C11: no request breaks the vendor's contract, uses what is not modelled, or what the vendor calls deprecated."""
    report = Reporter("C11", scope.record.header, Severity.CONDUCT)
    for exchange in scope.record.exchanges:
        if exchange.client != "connector" or exchange.outside or exchange.response is None:
            continue
        report.examined += 1
        _contract(report, exchange)
    return report.result("the connector made no call to a system of the story")


def _contract(report: Reporter, exchange: Exchange) -> None:
    response = exchange.response
    if response is None:
        return
    notes, request = response.notes, exchange.request
    operation = notes.operation or f"{request.method} {request.path}"
    objects = [f"{exchange.vendor}:operation:{operation}", f"exchange:{exchange.sequence}"]
    for violation in notes.violations:
        report.found(
            f"{exchange.vendor}:{operation}:{violation}",
            f"a request to {operation} does not conform to the contract of {exchange.vendor}",
            expected="a request that conforms",
            actual=violation,
            objects=objects,
        )
    unmodelled = notes.unmodelled or (
        (response.headers[UNMODELLED],)
        if response.status == _UNMODELLED_STATUS and UNMODELLED in response.headers
        else ()
    )
    for what in unmodelled:
        report.found(
            f"{exchange.vendor}:{operation}:unmodelled:{what}",
            f"{operation} of {exchange.vendor} was asked for what the fake does not model: {what}",
            expected="a modelled request",
            actual=f"status {response.status}",
            objects=objects,
        )
    if "deprecation" in response.headers or "sunset" in response.headers:
        when = response.headers.get("deprecation") or response.headers["sunset"]
        report.found(
            f"{exchange.vendor}:{operation}:deprecated",
            f"{operation} of {exchange.vendor} is deprecated",
            expected="an operation that stays",
            actual=when,
            objects=objects,
            severity=Severity.NOTICE,
        )
