"""Canonical records of what a finance team has around its systems: who was alerted about what."""

from __future__ import annotations

from datetime import datetime

from simharness.core.money import Money
from simharness.domain.base import Record


class RaisedAlert(Record, frozen=True, kw_only=True):
    """An alert as the alert system holds it: one an incident, with the item and amount it names.

    `repeats` counts further alerts of the same incident while it was open; `cleared_at` is set on recovery.
    """

    id: str
    incident: str
    raised_at: datetime
    owner: str
    item: str
    text: str
    amount: Money | None = None
    repeats: int = 0
    cleared_at: datetime | None = None


class OperationsSnapshot(Record, frozen=True, kw_only=True):
    """Everything canonical one alert system holds, in order of first raising."""

    vendor: str
    alerts: tuple[RaisedAlert, ...] = ()
