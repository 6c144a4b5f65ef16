"""Which tax code a line falls under, as the company's tax profile decides.

US model: one code a document, lines taxable or not; with automated tax the jurisdiction of the sale decides by the
item's tax category. Global model: every line names its code.
"""

from __future__ import annotations

from datetime import date

from simharness_fakes.accounting import chart
from simharness_fakes.accounting.documents import ItemLine, SaleDraft
from simharness_fakes.accounting.refusals import Missing, MixedRates, NoRate
from simharness_fakes.accounting.state import State
from simharness_fakes.accounting.taxation import Code, Rate


class Coder:
    """Finds the codes of one document's lines. `document_code` is the id of the document's own code, "" for none."""

    def __init__(self, state: State, draft: SaleDraft, customer: chart.Customer) -> None:
        self._state = state
        self._draft = draft
        self._day = draft.tax_date or draft.date
        self._codes: dict[str, Code] = {}
        self._customer = customer
        self._region: chart.TaxRegion | None = None
        self._global = state.settings.tax_model == "global"
        self.document_code = draft.tax_code or customer.tax_code
        if draft.tax_code:
            state.refer("tax_code", "tax_code", draft.tax_code)
        if state.settings.automated_tax and not self._global:
            name = draft.region or customer.region
            self._region = state.masters["tax_region"].first("name", name.strip().casefold()) if name else None
            if self._region is not None:
                self.document_code = ""

    def code_of(self, position: int, line: ItemLine, item: chart.Item | None) -> Code | None:
        """The code of a line (`position` counts from 1), None if it is not taxed."""
        if self._draft.tax_mode == "none":
            return None
        if self._global:
            id = line.tax_code or (item.tax_code if item else "") or self.document_code
            if not id:
                raise Missing(f"line {position}", "a tax code")
            return self._resolve(id)
        if line.tax_code and line.tax_code != self.document_code:
            raise MixedRates(tuple(self._name(id) for id in (self.document_code, line.tax_code) if id))
        taxable = line.taxable if line.taxable is not None else (item is None or item.taxable)
        if not taxable or not self._customer.taxable:
            return None
        if self._region is not None:
            id = self._by_region(self._region, item)
            self.document_code = self.document_code or id
        else:
            id = self.document_code
        return self._resolve(id) if id else None

    def _by_region(self, region: chart.TaxRegion, item: chart.Item | None) -> str:
        category = item.tax_category if item else ""
        if item is not None and item.id in region.exempt_items:
            return ""
        return next((rule.code for rule in region.rules if rule.category == category and rule.holds(self._day)), "")

    def _name(self, id: str) -> str:
        record = self._state.masters["tax_code"].get(id)
        return record.name if record is not None else id

    def _resolve(self, id: str) -> Code:
        code = self._codes.get(id)
        if code is None:
            record: chart.TaxCode = self._state.refer("tax_code", "tax_code", id)
            rates = tuple(
                rate for each in record.rates if (rate := self._rate(each)) is not None
            )  # an authority may begin or end; the code stands as long as one of its rates does
            if record.rates and not rates:
                raise NoRate(record.name, self._day)
            code = self._codes[id] = Code(id=id, rates=rates, listed=record.kind != "out_of_scope")
        return code

    def _rate(self, id: str) -> Rate | None:
        record: chart.TaxRate = self._state.refer("rates", "tax_rate", id)
        percent = percent_on(record, self._day)
        return None if percent is None else Rate(id=id, percent=percent.percent, account=record.account)


def percent_on(rate: chart.TaxRate, day: date) -> chart.RatePeriod | None:
    """The percentage that holds on a day, None if none does; of two that overlap, the one that began later."""
    found: chart.RatePeriod | None = None
    for period in rate.periods:
        begins = period.valid_from or date.min
        if (
            begins <= day
            and day <= (period.valid_until or date.max)
            and (found is None or begins >= (found.valid_from or date.min))
        ):
            found = period
    return found
