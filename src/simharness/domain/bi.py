"""What BI showed: published tables and metric values, as read from the sink at a checkpoint."""

from __future__ import annotations

from decimal import Decimal

from simharness.domain.base import Record


class BiTable(Record, frozen=True, kw_only=True):
    """One curated table, rows ordered by its key; values as canonical text (ISO days, plain decimals),
    None for NULL.
    """

    name: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str | None, ...], ...]


class MetricValue(Record, frozen=True, kw_only=True):
    """A number BI shows. `period` is `2026-01` or a day; `unit` is a currency, `days` or `ratio`; `by`/`key` for a
    breakdown.
    """

    metric: str
    period: str
    value: Decimal | None
    unit: str
    by: str = ""
    key: str = ""


class BiReading(Record, frozen=True, kw_only=True):
    """BI as it stood after a step. `source` is `connector`, or `harness BI` when the harness loaded
    the tables itself. `entity`: whose books it shows, where several are published.
    """

    step: int
    source: str
    version: str
    tables: tuple[BiTable, ...] = ()
    metrics: tuple[MetricValue, ...] = ()
    entity: str = ""
