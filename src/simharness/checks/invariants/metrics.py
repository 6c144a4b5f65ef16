"""V23 and V24: BI's metrics equal an independent recomputation, and an as-at figure knows nothing of later days."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from decimal import Decimal
from types import MappingProxyType

from simharness.checks.findings import Reporter, figure, is_currency
from simharness.checks.metrics.recompute import Books, Figures, Span, recompute
from simharness.checks.metrics.told import Told
from simharness.checks.reconciliations.ledger_to_bi import ledger_at
from simharness.checks.scope import Judged
from simharness.core.money import Money
from simharness.domain.bi import BiReading, MetricValue
from simharness.domain.fact import DealChanged
from simharness.domain.finding import CheckResult

#: Tables that the harness loaded itself from the systems as they are.
HARNESS = "harness BI"

#: Metrics whose figure stands for a day, not for what happened in a period.
AS_AT = frozenset({"ar_ageing"})

#: How what moved a balance adds up to it.
MOVEMENTS: Mapping[str, int] = MappingProxyType(
    {"opening": 1, "charged": 1, "settled": -1, "billed": 1, "recognised": -1, "credited": -1}
)


def metrics_are_right(judged: Judged) -> CheckResult:
    """V23: every figure is what the books give, the books give what happened, and a dimension sums to the whole."""
    report = Reporter("V23", judged.record.header)
    unknown: set[str] = set()
    for reading, books, told in _readings(judged):
        for value, should in _figures(reading, books):
            if should is None or (reading.source == HARNESS and _is_unknown_to_harness(books, value)):
                unknown.add(value.metric)
                continue
            report.examined += 1
            right = should.get((value.by, value.key), Decimal(0) if value.by else None)
            if value.value != right and not _leaks(books, value, right):
                _report(report, reading, value, right, f"metric {_name(value)} is not what the books give")
            elif value.value is not None and not value.by:
                happened = told.figure(value.metric, Span.parse(value.period), value.value)
                if happened != value.value:
                    _report(report, reading, value, happened, f"metric {_name(value)} is not what happened gives")
        _dimensions(report, reading)
    idle = "no BI metric was read"
    if unknown:
        idle = f"not recomputed here: {', '.join(sorted(unknown))}"
    return report.result(idle)


def as_at_is_blind(judged: Judged) -> CheckResult:
    """V24: an as-at figure with later records in the books is the figure without them."""
    report = Reporter("V24", judged.record.header)
    for reading, books, _ in _readings(judged):
        for value, should in _figures(reading, books):
            if value.metric not in AS_AT or should is None or books.last_day <= Span.parse(value.period).end:
                continue
            report.examined += 1
            right = should.get((value.by, value.key), Decimal(0))
            if value.value != right and _leaks(books, value, right):
                message = f"metric {_name(value)} as at {value.period} counts what happened later"
                _report(report, reading, value, right, message)
    return report.result("no as-at metric was read with later records in the books")


def _readings(judged: Judged) -> Iterator[tuple[BiReading, Books, Told]]:
    """Each version of BI once, with the last of its readings' metrics, the books it was made from and what happened."""
    versions: dict[tuple[str, str], BiReading] = {}
    first: dict[tuple[str, str], int] = {}
    for reading in judged.record.bi:
        first.setdefault((reading.source, reading.version), reading.step)
        if reading.metrics:
            versions[(reading.source, reading.version)] = reading
    for version, reading in versions.items():
        ledger = ledger_at(judged, reading)
        if ledger is not None:
            books = Books(judged.scope(reading.step), ledger)
            yield reading, books, Told(judged.scope(first[version]), books)


def _figures(reading: BiReading, books: Books) -> Iterator[tuple[MetricValue, Figures | None]]:
    known: dict[tuple[str, str], Figures | None] = {}
    for value in reading.metrics:
        key = (value.metric, value.period)
        if key not in known:
            known[key] = recompute(value.metric, books, Span.parse(value.period))
        yield value, known[key]


def _is_unknown_to_harness(books: Books, value: MetricValue) -> bool:
    """The harness's own tables hold no list prices, and deals only as they are now."""
    changed = value.metric == "mrr" and any(isinstance(fact, DealChanged) for fact in books.scope.facts)
    return changed or value.metric == "discount_rate"


def _leaks(books: Books, value: MetricValue, right: Decimal | None) -> bool:
    """Whether a wrong as-at figure is what the metric gives when it also reads later settlements or documents."""
    if value.metric not in AS_AT:
        return False
    span = Span.parse(value.period)
    if books.last_day <= span.end:
        return False
    return any(
        figures is not None and figures.get((value.by, value.key)) == value.value != right
        for figures in (
            recompute(value.metric, books.forgetting(settlements=True), span),
            recompute(value.metric, books.forgetting(settlements=True, records=True), span),
        )
    )


def _dimensions(report: Reporter, reading: BiReading) -> None:
    whole = {(value.metric, value.period): value for value in reading.metrics if not value.by}
    sums: defaultdict[tuple[str, str, str], dict[str, Decimal]] = defaultdict(dict)
    for value in reading.metrics:
        if value.by and value.value is not None:
            sums[(value.metric, value.period, value.by)][value.key] = value.value
    for (metric, period, by), parts in sums.items():
        total = whole.get((metric, period))
        if total is None or total.value is None:
            continue
        if by == "movement":
            added = sum((sign * parts.get(key, Decimal(0)) for key, sign in MOVEMENTS.items()), Decimal(0))
        else:
            added = sum(parts.values(), Decimal(0))
        report.examined += 1
        if added != total.value:
            report.found(
                f"{metric}:{period}:{by}:sum",
                f"metric {metric} of {period} by {by} does not sum to the whole",
                expected=figure(total.value, total.unit),
                actual=figure(added, total.unit),
                objects=[f"BI:metric:{metric} ({period}, {reading.source})"],
                at_risk=_risk(total, added, total.value),
            )


def _report(report: Reporter, reading: BiReading, value: MetricValue, right: Decimal | None, message: str) -> None:
    report.found(
        f"{value.metric}:{value.period}:{value.by}:{value.key}",
        message,
        expected=figure(right, value.unit),
        actual=figure(value.value, value.unit),
        objects=[f"BI:metric:{value.metric} ({value.period}, {reading.source})"],
        at_risk=_risk(value, right, value.value),
    )


def _risk(value: MetricValue, one: Decimal | None, other: Decimal | None) -> Money | None:
    if not is_currency(value.unit):
        return None
    return Money((one or Decimal(0)) - (other or Decimal(0)), value.unit)


def _name(value: MetricValue) -> str:
    return f"{value.metric} of {value.period}" + (f" by {value.by} {value.key or 'none'}" if value.by else "")
