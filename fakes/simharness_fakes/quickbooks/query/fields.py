"""What a query can filter and sort by, entity by entity. Everything else an entity has can only be selected.

Source of the lists: background knowledge of the vendor's entity pages (fields marked filterable and sortable there).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from simharness_fakes.quickbooks.state import Company
from simharness_fakes.quickbooks.wire import chart
from simharness_fakes.quickbooks.wire.parts import carried

Get = Callable[[Company, Any], Any]


@dataclass(frozen=True, slots=True)
class Field:
    """A field that can be filtered by. `kind`: id, text, number, day, instant, flag."""

    name: str
    kind: str
    get: Get


def _attribute(name: str, kind: str, attribute: str) -> Field:
    return Field(name, kind, lambda company, record: getattr(record, attribute))


def _kept(name: str, kind: str = "text") -> Field:
    return Field(name, kind, lambda company, record: carried(record).get(name, ""))


_COMMON = (
    _attribute("Id", "id", "id"),
    _attribute("MetaData.CreateTime", "instant", "created_at"),
    _attribute("MetaData.LastUpdatedTime", "instant", "updated_at"),
)
_NAMED = (
    *_COMMON,
    _attribute("Name", "text", "name"),
    _attribute("FullyQualifiedName", "text", "name"),
    _attribute("Active", "flag", "active"),
)
_SALE = (
    *_COMMON,
    _attribute("DocNumber", "text", "number"),
    _attribute("TxnDate", "day", "date"),
    _attribute("CustomerRef", "id", "customer"),
    _attribute("TotalAmt", "number", "total"),
    _attribute("Balance", "number", "open"),
    _attribute("SalesTermRef", "id", "terms"),
)

_RECEIPT = tuple(field for field in _SALE if field.name != "SalesTermRef")

_BOUGHT = (
    *_COMMON,
    _attribute("DocNumber", "text", "number"),
    _attribute("TxnDate", "day", "date"),
    _attribute("VendorRef", "id", "vendor"),
    _attribute("TotalAmt", "number", "total"),
)

#: Fields by entity, by name in lower case.
FILTERABLE: Mapping[str, Mapping[str, Field]] = MappingProxyType(
    {
        entity: MappingProxyType({field.name.lower(): field for field in fields})
        for entity, fields in {
            "Customer": (
                *_COMMON,
                _attribute("DisplayName", "text", "name"),
                _attribute("FullyQualifiedName", "text", "name"),
                Field("PrintOnCheckName", "text", lambda c, r: carried(r).get("PrintOnCheckName", r.name)),
                _kept("CompanyName"),
                _kept("GivenName"),
                _kept("MiddleName"),
                _kept("FamilyName"),
                _attribute("PrimaryEmailAddr", "text", "email"),
                _attribute("Active", "flag", "active"),
                _attribute("Taxable", "flag", "taxable"),
                Field("Job", "flag", lambda company, record: False),
                Field("Balance", "number", lambda company, record: company.books.owed_by(record.id)),
            ),
            "Vendor": (
                *_COMMON,
                _attribute("DisplayName", "text", "name"),
                Field("PrintOnCheckName", "text", lambda c, r: carried(r).get("PrintOnCheckName", r.name)),
                _kept("CompanyName"),
                _kept("GivenName"),
                _kept("FamilyName"),
                _attribute("PrimaryEmailAddr", "text", "email"),
                _attribute("Active", "flag", "active"),
                Field("Balance", "number", lambda company, record: company.books.owed_to(record.id)),
            ),
            "CompanyCurrency": (
                *_COMMON,
                _attribute("Name", "text", "name"),
                _attribute("Code", "text", "code"),
                _attribute("Active", "flag", "active"),
            ),
            "ExchangeRate": (
                _attribute("SourceCurrencyCode", "text", "currency"),
                _attribute("AsOfDate", "day", "day"),
            ),
            "Item": (
                *_NAMED,
                _attribute("Sku", "text", "sku"),
                Field("Type", "text", lambda company, record: chart.item_type(record)),
                _attribute("UnitPrice", "number", "unit_price"),
                _attribute("Taxable", "flag", "taxable"),
            ),
            "Account": (
                *_NAMED,
                _attribute("AcctNum", "text", "number"),
                Field("AccountType", "text", lambda company, record: chart.account_type(record)),
                Field("AccountSubType", "text", lambda company, record: chart.account_subtype(record)),
                Field("Classification", "text", lambda company, record: chart.classification(record)),
                Field("CurrentBalance", "number", chart.current_balance),
            ),
            "Class": _NAMED,
            "Department": _NAMED,
            "Term": (*_NAMED, _attribute("DueDays", "number", "days")),
            "PaymentMethod": (*_NAMED, _attribute("Type", "text", "kind")),
            "TaxCode": _NAMED,
            "TaxRate": _NAMED,
            "TaxAgency": (
                *_COMMON,
                _attribute("DisplayName", "text", "name"),
                _attribute("Name", "text", "name"),
                _attribute("Active", "flag", "active"),
            ),
            "Invoice": (*_SALE, _attribute("DueDate", "day", "due")),
            "CreditMemo": _SALE,
            "Payment": (
                *_COMMON,
                _attribute("TxnDate", "day", "date"),
                _attribute("CustomerRef", "id", "customer"),
                _attribute("TotalAmt", "number", "amount"),
                _attribute("PaymentRefNum", "text", "reference"),
                _attribute("PaymentMethodRef", "id", "method"),
                _attribute("DepositToAccountRef", "id", "deposit_account"),
            ),
            "JournalEntry": (
                *_COMMON,
                _attribute("DocNumber", "text", "number"),
                _attribute("TxnDate", "day", "date"),
            ),
            "SalesReceipt": (*_RECEIPT, _attribute("DepositToAccountRef", "id", "account")),
            "RefundReceipt": (*_RECEIPT, _attribute("DepositToAccountRef", "id", "account")),
            "Deposit": (
                *_COMMON,
                _attribute("DocNumber", "text", "number"),
                _attribute("TxnDate", "day", "date"),
                _attribute("TotalAmt", "number", "total"),
                _attribute("DepositToAccountRef", "id", "account"),
            ),
            "Transfer": (
                *_COMMON,
                _attribute("TxnDate", "day", "date"),
                _attribute("Amount", "number", "amount"),
            ),
            "Bill": (
                *_BOUGHT,
                _attribute("DueDate", "day", "due"),
                _attribute("Balance", "number", "open"),
                _attribute("SalesTermRef", "id", "terms"),
            ),
            "VendorCredit": (*_BOUGHT, _attribute("Balance", "number", "open")),
            "Purchase": (
                *(field for field in _BOUGHT if field.name != "VendorRef"),
                _attribute("EntityRef", "id", "vendor"),
                _attribute("AccountRef", "id", "account"),
                _kept("PaymentType"),
            ),
            "BillPayment": (
                *_COMMON,
                _attribute("DocNumber", "text", "number"),
                _attribute("TxnDate", "day", "date"),
                _attribute("VendorRef", "id", "vendor"),
                _attribute("TotalAmt", "number", "amount"),
            ),
            "Attachable": (
                *_COMMON,
                _attribute("FileName", "text", "file_name"),
                _attribute("Note", "text", "note"),
            ),
            "CompanyInfo": (
                Field("Id", "id", lambda company, record: "1"),
                _attribute("CompanyName", "text", "company"),
            ),
            "Preferences": (),
        }.items()
    }
)
