"""CompanyInfo and Preferences: one record each."""

from __future__ import annotations

from simharness.fakekit.fake import Call
from simharness_fakes.quickbooks import errors
from simharness_fakes.quickbooks.fake import Quickbooks
from simharness_fakes.quickbooks.routes.serving import api, timed
from simharness_fakes.quickbooks.state import Company
from simharness_fakes.quickbooks.wire import company as wire
from simharness_fakes.quickbooks.wire.given import Given, flag
from simharness_fakes.quickbooks.wire.parts import Wire


def _read_company_info(fake: Quickbooks, company: Company, call: Call) -> Wire:
    # The vendor takes the realm or 1 as the id.
    if call.path["id"] not in (company.realm, wire.ONLY):
        raise errors.not_found("CompanyInfo", call.path["id"])
    return timed(fake, {"CompanyInfo": wire.company_info(company, company.books.settings)})


def _read_preferences(fake: Quickbooks, company: Company, call: Call) -> Wire:
    return timed(fake, {"Preferences": wire.preferences(company, company.books.settings)})


def _save_preferences(fake: Quickbooks, company: Company, call: Call) -> Wire:
    settings = company.books.settings
    token = call.body.get("SyncToken")
    if token is None or token == "":
        raise errors.missing("SyncToken")
    if str(token) != str(settings.version):
        raise errors.stale("Preferences", str(token), str(settings.version))
    given = Given(call.body, keep=flag(call.body.get("sparse")) is True)
    wanted = wire.read_preferences(given, settings)
    changed = [name for name in wire.SETTINGS if getattr(wanted, name) != getattr(settings, name)]
    if changed:
        company.books.change_settings(wanted, company.by(call.actor))
        if wanted.multi_currency and company.books.accounts.by_role("exchange_gain") is None:
            company.books.accounts.create(wire.EXCHANGE_GAIN, company.by(call.actor))
        fake.writer(company, call.actor).note("settings", company.realm, "update", changed)
    return timed(fake, {"Preferences": wire.preferences(company, company.books.settings)})


read_company_info = api(_read_company_info)
read_preferences = api(_read_preferences)
save_preferences = api(_save_preferences)
