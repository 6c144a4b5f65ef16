"""The metrics: one `.sql` file each over the curated tables, with title, unit and formula in its header.

A file answers rows of (by, key, value), or of the value alone; the row with both empty is the number itself, the others
break it down. `$start` and `$end` are the first and last day of the period, both included, always bound and never
formatted in. A team's own files may be written for another database, said in the first line: `-- dialect: snowflake`.
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
from pathlib import Path

from simharness.bi.dialects import DIALECTS, translated
from simharness.bi.session import DUCKDB, Session
from simharness.core.errors import ContentError, HarnessFault, UsageError, Where
from simharness.domain.bi import MetricValue

_HEADER = re.compile(r"^-- (title|unit|formula|dialect): (.+)$", re.MULTILINE)
_NAME = re.compile(r"[a-z][a-z0-9_]*")
_UNITS = ("money", "days", "ratio")


@dataclass(frozen=True, slots=True, kw_only=True)
class Metric:
    """One metric as its file says it. `unit` is money (then the entity's currency), days or ratio; `where` its file."""

    name: str
    title: str
    unit: str
    formula: str
    sql: str
    where: Where
    dialect: str = DUCKDB

    def sql_for(self, dialect: str) -> str:
        """The query in a dialect; raises `ContentError` with file and line where it cannot be said in it."""
        if dialect == self.dialect:
            return self.sql
        return translated(self.sql, read=self.dialect, write=dialect, where=self.where)


def catalogue() -> Mapping[str, Metric]:
    """Every shipped metric by name, sorted."""
    folder = files("simharness.bi") / "metrics"
    names = sorted(f.name for f in folder.iterdir() if f.name.endswith(".sql"))
    return {name.removesuffix(".sql"): read_metric(folder / name) for name in names}


def metrics_in(folder: Path) -> Mapping[str, Metric]:
    """A team's own metrics by name, sorted, each one parsed. Raises `UsageError` for a folder without any,
    `ContentError` with file and line for a file that cannot be used.
    """
    files = sorted(folder.glob("*.sql")) if folder.is_dir() else []
    if not files:
        raise UsageError(f"there is no metric in {folder}", mend="name a folder that holds .sql files")
    own = {file.stem: read_metric(file) for file in files}
    for name, metric in own.items():
        if name in catalogue() or not _NAME.fullmatch(name):
            mend = "name the file in small letters, digits and underscores, unlike the shipped metrics"
            raise ContentError(f"{name!r} cannot be the name of a metric of yours", where=metric.where, mend=mend)
        # The file is parsed as what it says it is, whatever it will run on.
        translated(metric.sql, read=metric.dialect, write=DUCKDB, where=metric.where)
    return own


def read_metric(file: Traversable) -> Metric:
    """Read one metric file; raises `ContentError` when its header is not complete."""
    where = Where(str(file), 1)
    try:
        text = file.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise ContentError("the metric is not UTF-8 text", where=where, mend="save the file as UTF-8") from error
    header = {match[1]: match[2].strip() for match in _HEADER.finditer(text)}
    for field in ("title", "unit", "formula"):
        if field not in header:
            mend = f"begin the file with -- {field}: …"
            raise ContentError(f"the metric has no {field}", where=where, mend=mend)
    dialect = header.get("dialect", DUCKDB).lower()
    for word, words, what in ((header["unit"], _UNITS, "unit"), (dialect, DIALECTS, "dialect")):
        if word not in words:
            raise ContentError(f"{word!r} is no {what}", where=where, mend=f"write one of {', '.join(words)}")
    return Metric(
        name=file.name.removesuffix(".sql"),
        title=header["title"],
        unit=header["unit"],
        formula=header["formula"],
        sql=text,
        where=where,
        dialect=dialect,
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


def evaluate(session: Session, metric: Metric, period: str, currency: str) -> list[MetricValue]:
    """The metric's rows for a period, the number itself first, the others by name. Raises `HarnessFault` when the SQL
    fails or gives what is no row of a metric.
    """
    start, end = days_of(period)
    try:
        columns, rows = session.ask(metric.sql_for(session.dialect), {"start": start, "end": end})
    except HarnessFault as error:
        raise HarnessFault(f"metric {metric.name} cannot be evaluated: {error.what}", where=metric.where) from error
    if len(columns) not in (1, len(("by", "key", "value"))):
        what = f"metric {metric.name} answers {len(columns)} columns"
        raise HarnessFault(what, where=metric.where, mend="answer by, key and value, or the value alone")
    unit = currency if metric.unit == "money" else metric.unit
    values = [
        MetricValue(
            metric=metric.name,
            period=period,
            value=_decimal(metric, row[-1]),
            unit=unit,
            by=_text(row[0]) if len(row) > 1 else "",
            key=_text(row[1]) if len(row) > 1 else "",
        )
        for row in rows
    ]
    return sorted(values, key=lambda value: (value.by, value.key))


def _text(value: object) -> str:
    return "" if value is None else str(value)


def _decimal(metric: Metric, value: object) -> Decimal | None:
    if value is None:
        return None
    if isinstance(value, Decimal):
        # Databases differ in how many noughts they keep behind the last digit.
        return Decimal(format(value.normalize(), "f"))
    if isinstance(value, int):
        return Decimal(value)
    mend = "cast it to DECIMAL"
    raise HarnessFault(f"metric {metric.name} answers {value!r}, which is not exact", where=metric.where, mend=mend)
