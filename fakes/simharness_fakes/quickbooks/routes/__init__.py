"""What each operation of the contract does: operation id → handler."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from simharness.fakekit.fake import Handler
from simharness_fakes.quickbooks.entities import ENTITIES
from simharness_fakes.quickbooks.routes import company, currency, entity, oauth, querying, reports

ROUTES: Mapping[str, Handler] = MappingProxyType(
    {
        **{f"read{name}": entity.reader(each) for name, each in ENTITIES.items()},
        **{f"save{name}": entity.saver(each) for name, each in ENTITIES.items() if each.can},
        "makeTaxCode": entity.make_tax_code,
        "query": querying.query,
        "queryByPost": querying.query,
        "changes": querying.changes,
        "batch": querying.batch,
        "readCompanyInfo": company.read_company_info,
        "readExchangeRate": currency.read_exchange_rate,
        "saveExchangeRate": currency.save_exchange_rate,
        "readPreferences": company.read_preferences,
        "savePreferences": company.save_preferences,
        "reportTrialBalance": reports.trial_balance,
        "reportProfitAndLoss": reports.profit_and_loss,
        "reportBalanceSheet": reports.balance_sheet,
        "reportGeneralLedger": reports.general_ledger,
        "reportAgedReceivables": reports.aged_receivables,
        "reportAgedPayables": reports.aged_payables,
        "tokens": oauth.tokens,
        "revoke": oauth.revoke,
        "discovery": oauth.discovery,
        "sandboxDiscovery": oauth.discovery,
    }
)
