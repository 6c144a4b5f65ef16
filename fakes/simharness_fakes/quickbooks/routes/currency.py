"""Rates of exchange: one a currency and day, asked for as at a day."""

from __future__ import annotations

from simharness.fakekit.fake import Call
from simharness_fakes.quickbooks import errors
from simharness_fakes.quickbooks.fake import Quickbooks
from simharness_fakes.quickbooks.routes.serving import api, timed
from simharness_fakes.quickbooks.state import Company
from simharness_fakes.quickbooks.wire import currency as wire
from simharness_fakes.quickbooks.wire.given import Given
from simharness_fakes.quickbooks.wire.parts import Wire


def _read_exchange_rate(fake: Quickbooks, company: Company, call: Call) -> Wire:
    code = call.query["sourcecurrencycode"]
    day = Given(call.query).day("asofdate") or company.today
    found = company.books.rates.on(code, day)
    if found is None:
        raise errors.not_found("ExchangeRate", f"{code} as of {day}")
    return timed(fake, {"ExchangeRate": wire.exchange_rate(company, found)})


def _save_exchange_rate(fake: Quickbooks, company: Company, call: Call) -> Wire:
    record = wire.save_exchange_rate(company, Given(call.body), call.actor)
    action = "update" if record.version else "create"
    fake.writer(company, call.actor).note("exchange_rate", record.id, action, ["rate"])
    return timed(fake, {"ExchangeRate": wire.exchange_rate(company, record)})


read_exchange_rate = api(_read_exchange_rate)
save_exchange_rate = api(_save_exchange_rate)
