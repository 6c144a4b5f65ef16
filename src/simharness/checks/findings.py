"""How findings are made: one reporter a check, so that each names id, figures, objects, step and reproduction."""

from __future__ import annotations

import shlex
from collections.abc import Iterable
from decimal import Decimal

from simharness.checks.oracle.model import Origin
from simharness.core.money import Money, exponent
from simharness.domain.books import Document, Party, Payment
from simharness.domain.finding import CheckResult, Finding, Judgement, Severity
from simharness.domain.record import RunHeader


class Reporter:
    """Collects the findings of one check on one record and counts what it examined."""

    def __init__(self, check: str, header: RunHeader, severity: Severity = Severity.MONEY) -> None:
        self.check = check
        self.header = header
        self.severity = severity
        self.examined = 0
        self._findings: dict[str, Finding] = {}

    def found(
        self,
        key: str,
        message: str,
        *,
        expected: object = "",
        actual: object = "",
        objects: Iterable[str] = (),
        at_risk: Money | None = None,
        origin: Origin | None = None,
        severity: Severity | None = None,
    ) -> None:
        """Report one thing that is wrong; a second report under the same key is the same thing."""
        full = f"{self.check}:{key}"
        if full in self._findings:
            return
        self._findings[full] = Finding(
            check=self.check,
            severity=severity or self.severity,
            key=full,
            message=message,
            expected=str(expected),
            actual=str(actual),
            objects=tuple(objects),
            at_risk=abs(at_risk) if at_risk is not None else None,
            step=origin.step if origin else 0,
            where=origin.where if origin else "",
            reproduce=reproduction(self.header),
        )

    def concerns(self, subject: str) -> bool:
        """Whether a finding so far names an object, so that one mistake is not told twice."""
        return any(subject in finding.objects for finding in self._findings.values())

    def result(self, idle: str = "there was nothing to examine") -> CheckResult:
        """The judgement: found, passed, or not exercised (with `idle` as the reason) when nothing was examined."""
        if self._findings:
            return CheckResult(
                check=self.check,
                judgement=Judgement.FOUND,
                findings=tuple(self._findings.values()),
                examined=max(self.examined, 1),
            )
        if not self.examined:
            return CheckResult(check=self.check, judgement=Judgement.NOT_EXERCISED, reason=idle)
        return CheckResult(check=self.check, judgement=Judgement.PASSED, examined=self.examined)


def not_applicable(check: str, reason: str) -> CheckResult:
    """The check cannot be made on this record, and why."""
    return CheckResult(check=check, judgement=Judgement.NOT_APPLICABLE, reason=reason)


def reproduction(header: RunHeader) -> str:
    """The command that brings the run back; "" for a record that did not come from a file."""
    if not header.file:
        return ""
    return f"simharness run {shlex.quote(header.file)} -k {shlex.quote(header.story)} --rng-seed {header.rng_seed}"


def document_object(vendor: str, document: Document) -> str:
    """`quickbooks:invoice:12 (1001)`."""
    return _named(f"{vendor}:{document.kind}:{document.id}", document.number)


def payment_object(vendor: str, payment: Payment) -> str:
    """`quickbooks:payment:12`."""
    return f"{vendor}:payment:{payment.id}"


def party_object(vendor: str, party: Party) -> str:
    """`quickbooks:customer:12 (Globex)`."""
    return _named(f"{vendor}:customer:{party.id}", party.name)


def source_object(vendor: str, kind: str, source_id: str, name: str = "") -> str:
    """`hubspot:deal:7 (Globex rollout)`."""
    return _named(f"{vendor}:{kind}:{source_id}", name)


def amount(value: Decimal, currency: str) -> Money:
    """A computed figure as money in the currency's own number of decimals; finer digits other than zeros are kept."""
    short = value.quantize(Decimal(1).scaleb(-exponent(currency)))
    return Money(short if short == value else value, currency)


def figure(value: Decimal | None, unit: str) -> str:
    """A metric's value for people: money where the unit is a currency, else the number with its unit."""
    if value is None:
        return "no value"
    return str(amount(value, unit)) if is_currency(unit) else f"{value} {unit}"


def is_currency(unit: str) -> bool:
    """Whether a metric's unit is a currency and not days or a ratio."""
    return len(unit) == 3 and unit.isupper()


def _named(reference: str, name: str) -> str:
    return f"{reference} ({name})" if name else reference
