"""A QuickBooks company (a realm): its books, and what the dialect asks of them. No HTTP."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from msgspec import Raw

from simharness.core.clock import Clock, day_in
from simharness.core.ids import Ids
from simharness_fakes.accounting import chart
from simharness_fakes.accounting.books import Books
from simharness_fakes.accounting.chart import Stamp

#: Codes a line carries in a US company. They are no codes of the chart: TAX means "as the document says".
TAX, NON = "TAX", "NON"


@dataclass(slots=True)
class Form:
    """A master as it was shown last: which version of the record, with which names of others and which figures.

    `encoded` is the form in JSON, made when first asked for. Nobody changes a form.
    """

    record: object
    names_version: int
    figures: str
    wire: dict[str, Any]
    encoded: Raw | None = None


class Company:
    """One realm. The books know nothing of it."""

    def __init__(self, realm: str, books: Books, clock: Clock, founded: datetime) -> None:
        self.realm, self.books, self.clock, self.founded = realm, books, clock, founded
        #: The codes of lines that every US company has, by id.
        self.line_codes: dict[str, chart.TaxCode] = {}
        #: The instant at which queries stand still, None for those that show everything.
        self.stands_at: datetime | None = None
        #: Masters as they were shown last, by entity and id.
        self.shown: dict[tuple[str, str], Form] = {}

    @classmethod
    def founded_now(cls, realm: str, settings: chart.Settings, ids: Ids, clock: Clock) -> Company:
        """An empty company whose books start at the clock's instant."""
        return cls(realm, Books(settings, ids), clock, clock.now)

    def by(self, actor: str) -> Stamp:
        """Who writes now."""
        return Stamp(actor=actor, at=self.clock.now)

    @property
    def today(self) -> date:
        """The day in the company's own zone."""
        return day_in(self.clock.now, self.books.settings.time_zone)

    @property
    def us(self) -> bool:
        """Whether the company has the US tax model."""
        return self.books.settings.tax_model == "us"

    @property
    def automated(self) -> bool:
        """Whether automated sales tax is on."""
        return self.us and self.books.settings.automated_tax

    def fork(self, clock: Clock) -> Company:
        """An independent copy on another clock."""
        return Company(self.realm, self.books.fork(), clock, self.founded)
