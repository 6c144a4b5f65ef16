"""The metrics: one `.sql` file each over the curated tables, with title, unit and formula in its header.

A file answers rows of (by, key, value); the row with both empty is the number itself, the others break it down.
`$start` and `$end` are the first and last day of the period, both included, always bound and never formatted in.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from difflib import get_close_matches
from importlib.resources import files
from importlib.resources.abc import Traversable

import duckdb

from simharness.core.errors import ContentError, HarnessFault, UsageError, Where
from simharness.domain.bi import MetricValue

_HEADER = re.compile(r"^-- (title|unit|formula): (.+)$", re.MULTILINE)
_PARAMETER = re.compile(r"\$(start|end)\b")
_UNITS = ("money", "days", "ratio")


@dataclass(frozen=True, slots=True, kw_only=True)
class Metric:
    """One metric as its file says it. `unit` is money (then the entity's currency), days or ratio."""

    name: str
    title: str
    unit: str
    formula: str
    sql: str


def catalogue() -> Mapping[str, Metric]:
    """Every shipped metric by name, sorted."""
    folder = files("simharness.bi") / "metrics"
    names = sorted(f.name for f in folder.iterdir() if f.name.endswith(".sql"))
    return {name.removesuffix(".sql"): read_metric(folder / name) for name in names}


def read_metric(file: Traversable) -> Metric:
    """Read one metric file; raises `ContentError` when its header is not complete."""
    text = file.read_text(encoding="utf-8")
    header = {match[1]: match[2].strip() for match in _HEADER.finditer(text)}
    for field in ("title", "unit", "formula"):
        if field not in header:
            raise ContentError(
                f"the metric has no {field}", where=Where(str(file), 1), mend=f"begin the file with -- {field}: …"
            )
    if header["unit"] not in _UNITS:
        raise ContentError(
            f"{header['unit']!r} is no unit", where=Where(str(file), 1), mend=f"write one of {', '.join(_UNITS)}"
        )
    return Metric(
        name=file.name.removesuffix(".sql"),
        title=header["title"],
        unit=header["unit"],
        formula=header["formula"],
        sql=text,
    )


def find(name: str, metrics: Mapping[str, Metric]) -> Metric:
    """The metric of a name (`net revenue` and `net_revenue` alike); raises `UsageError` with the nearest name."""
    wanted = name.strip().lower().replace(" ", "_")
    if wanted in metrics:
        return metrics[wanted]
    near = get_close_matches(wanted, metrics, n=1)
    hint = f"did you mean {near[0]!r}?" if near else f"there are {', '.join(metrics)}"
    raise UsageError(f"there is no metric {name!r}", mend=hint)


def days_of(period: str) -> tuple[date, date]:
    """First and last day of `2026-01` or of `2026-01-31`; raises `UsageError` for anything else."""
    try:
        if len(period) == len("2026-01"):
            year, month = (int(part) for part in period.split("-"))
            return date(year, month, 1), date(year, month, calendar.monthrange(year, month)[1])
        day = date.fromisoformat(period)
    except ValueError as error:
        raise UsageError(f"{period!r} is no period", mend="write a month as 2026-01 or a day as 2026-01-31") from error
    return day, day


def evaluate(connection: duckdb.DuckDBPyConnection, metric: Metric, period: str, currency: str) -> list[MetricValue]:
    """The metric's rows for a period, the number itself first. Raises `HarnessFault` when the SQL fails."""
    start, end = days_of(period)
    bound = {"start": start, "end": end}
    used = {name: bound[name] for name in _PARAMETER.findall(_without_comments(metric.sql))}
    try:
        rows = connection.execute(metric.sql, used).fetchall()
    except duckdb.Error as error:
        raise HarnessFault(f"metric {metric.name} cannot be evaluated: {error}") from error
    unit = currency if metric.unit == "money" else metric.unit
    return [
        MetricValue(metric=metric.name, period=period, value=_decimal(metric, value), unit=unit, by=by, key=key)
        for by, key, value in rows
    ]


def _decimal(metric: Metric, value: object) -> Decimal | None:
    if value is None or isinstance(value, Decimal):
        return value
    if isinstance(value, int):
        return Decimal(value)
    raise HarnessFault(f"metric {metric.name} answers {value!r}, which is not exact", mend="cast it to DECIMAL")


def _without_comments(sql: str) -> str:
    return "\n".join(line.partition("--")[0] for line in sql.splitlines())
