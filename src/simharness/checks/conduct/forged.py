"""F3: whoever listens takes nothing that its vendor did not sign."""

from __future__ import annotations

from simharness.checks.findings import Reporter, not_applicable
from simharness.checks.scope import Scope
from simharness.domain.finding import CheckResult, Severity

_FORGED = "webhook_tampered"
_TAKEN = range(200, 300)


def forged_news_is_refused(scope: Scope) -> CheckResult:
    """F3: every delivery whose body was changed after it was signed is answered with something else than 2xx.

    What nobody answered was not taken either.
    """
    report = Reporter("F3", scope.record.header, Severity.CONDUCT)
    forged = [each for each in scope.record.deliveries if each.fault == _FORGED]
    if not forged:
        return not_applicable("F3", "nothing was forged")
    for each in forged:
        report.examined += 1
        if each.response is not None and each.response.status in _TAKEN:
            report.found(
                each.vendor,
                f"the connector took a webhook of {each.vendor} whose body is not the one that was signed",
                expected="a refusal, such as 401",
                actual=str(each.response.status),
                objects=[f"{each.vendor}:webhook", f"delivery:{each.sequence}"],
            )
    return report.result()
