"""Days of documents (rules: section 6, V13)."""

from __future__ import annotations

from datetime import date, timedelta


def due_on(day: date, terms_days: int) -> date:
    """The day a document falls due: its date plus the days of its terms."""
    return day + timedelta(days=terms_days)


def days_past_due(due: date, as_at: date) -> int:
    """How many days after its due day a document stands; zero or less means not yet due."""
    return (as_at - due).days
