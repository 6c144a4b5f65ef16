"""Accounts and items."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from types import MappingProxyType

from simharness_fakes.accounting import chart
from simharness_fakes.quickbooks.errors import Error, Refused, bad_enum, missing
from simharness_fakes.quickbooks.state import Company
from simharness_fakes.quickbooks.wire.given import Given, kept
from simharness_fakes.quickbooks.wire.parts import Wire, carried, currency_ref, head, put, ref

#: kind → (AccountType, AccountSubType written where none is kept, Classification).
_TYPES: Mapping[str, tuple[str, str, str]] = MappingProxyType(
    {
        "bank": ("Bank", "Checking", "Asset"),
        "receivable": ("Accounts Receivable", "AccountsReceivable", "Asset"),
        "undeposited": ("Other Current Asset", "UndepositedFunds", "Asset"),
        "current_asset": ("Other Current Asset", "OtherCurrentAssets", "Asset"),
        "fixed_asset": ("Fixed Asset", "OtherFixedAssets", "Asset"),
        "payable": ("Accounts Payable", "AccountsPayable", "Liability"),
        "credit_card": ("Credit Card", "CreditCard", "Liability"),
        "current_liability": ("Other Current Liability", "OtherCurrentLiabilities", "Liability"),
        "long_term_liability": ("Long Term Liability", "OtherLongTermLiabilities", "Liability"),
        "equity": ("Equity", "OpeningBalanceEquity", "Equity"),
        "income": ("Income", "SalesOfProductIncome", "Revenue"),
        "contra_income": ("Income", "DiscountsRefundsGiven", "Revenue"),
        "cost_of_sales": ("Cost of Goods Sold", "SuppliesMaterialsCogs", "Expense"),
        "expense": ("Expense", "OtherMiscellaneousServiceCost", "Expense"),
        "other_income": ("Other Income", "OtherMiscellaneousIncome", "Revenue"),
        "other_expense": ("Other Expense", "OtherMiscellaneousExpense", "Expense"),
    }
)
#: Sub-types that make another kind than their type alone.
_BY_SUBTYPE: Mapping[str, str] = MappingProxyType(
    {"UndepositedFunds": "undeposited", "DiscountsRefundsGiven": "contra_income"}
)
_BY_TYPE: Mapping[str, str] = MappingProxyType(
    {shown: kind for kind, (shown, _, _) in reversed(tuple(_TYPES.items())) if kind not in _BY_SUBTYPE.values()}
)
_NATURAL_DEBIT = ("Asset",)

ACCOUNT_KEEPS = frozenset({"AccountSubType", "Description", "TaxCodeRef"})
ITEM_KEEPS = frozenset({"Type", "PurchaseDesc", "PurchaseCost", "ExpenseAccountRef", "PurchaseTaxCodeRef"})


def classification(record: chart.Account) -> str:
    """Asset, Liability, Equity, Revenue or Expense."""
    return _TYPES[record.kind][2]


def account_type(record: chart.Account) -> str:
    """The AccountType of an account."""
    return _TYPES[record.kind][0]


def account_subtype(record: chart.Account) -> str:
    """The AccountSubType as given, else the usual one of the kind."""
    usual = "SalesTaxPayable" if record.role == "tax_payable" else _TYPES[record.kind][1]
    return str(carried(record).get("AccountSubType", usual))


def current_balance(company: Company, record: chart.Account) -> Decimal:
    """The balance in the account's natural direction and own currency; income and expense accounts show zero."""
    group = classification(record)
    if group in ("Revenue", "Expense"):
        return Decimal(0)
    foreign = record.currency not in ("", company.books.settings.currency)
    balance = company.books.foreign_balance(record.id) if foreign else company.books.balance(record.id)
    return balance if group in _NATURAL_DEBIT else -balance


def account(company: Company, record: chart.Account) -> Wire:
    """An Account as QuickBooks writes it."""
    wire = head(record)
    wire.update(carried(record))
    wire.update(
        Name=record.name,
        SubAccount=False,
        FullyQualifiedName=record.name,
        Active=record.active,
        Classification=classification(record),
        AccountType=account_type(record),
        AccountSubType=account_subtype(record),
    )
    wire["CurrentBalance"] = wire["CurrentBalanceWithSubAccounts"] = current_balance(company, record)
    wire["CurrencyRef"] = currency_ref(record.currency or company.books.settings.currency)
    put(wire, "AcctNum", record.number)
    return wire


def read_account(company: Company, given: Given, old: chart.Account | None) -> chart.Account:
    """An Account from a body; its type or sub-type must say what it is."""
    before = old or chart.Account(name="", kind="")
    return chart.Account(
        name=given.needed("Name", before.name),
        kind=_kind(given, old),
        number=given.text("AcctNum", before.number),
        role=before.role,
        currency=given.ref("CurrencyRef") or before.currency,
        active=given.flag("Active", before.active, default=True),
        carried=kept(given, ACCOUNT_KEEPS, before.carried),
    )


def _kind(given: Given, old: chart.Account | None) -> str:
    subtype, shown = given.text("AccountSubType"), given.text("AccountType")
    if subtype in _BY_SUBTYPE:
        return _BY_SUBTYPE[subtype]
    if shown in _BY_TYPE:
        return _BY_TYPE[shown]
    if shown:
        raise bad_enum("AccountType", shown)
    if old is not None:
        return old.kind
    raise Refused(
        Error(
            code="6010", message="Invalid Account.AccountType && Account.SubType", element="AccountType",
            detail="Either an Account.AccountType or an Account.AccountSubType must be specified",
        )
    )  # fmt: skip


def item_type(record: chart.Item) -> str:
    """Service or NonInventory; items of the dictionary are services."""
    return str(carried(record).get("Type", "Service"))


def item(company: Company, record: chart.Item) -> Wire:
    """An Item as QuickBooks writes it."""
    books, wire = company.books, head(record)
    wire.update(
        Name=record.name,
        Active=record.active,
        FullyQualifiedName=record.name,
        Taxable=record.taxable,
        UnitPrice=record.unit_price if record.unit_price is not None else Decimal(0),
        Type=item_type(record),
        IncomeAccountRef=ref(books.accounts, record.income_account),
        PurchaseCost=Decimal(0),
        TrackQtyOnHand=False,
    )
    wire.update(carried(record))
    put(wire, "Description", record.description)
    put(wire, "Sku", record.sku)
    if record.tax_code:
        wire["SalesTaxCodeRef"] = ref(books.tax_codes, record.tax_code)
    if record.tax_category:
        wire["TaxClassificationRef"] = {"value": record.tax_category}
    return wire


def read_item(company: Company, given: Given, old: chart.Item | None) -> chart.Item:
    """An Item from a body; the price of an item is a default for lines that give none."""
    before = old or chart.Item(name="", income_account="")
    income = given.ref("IncomeAccountRef", before.income_account)
    if not income:
        raise missing("IncomeAccountRef")
    category = given.ref("TaxClassificationRef", before.tax_category)
    return chart.Item(
        name=given.needed("Name", before.name),
        income_account=income,
        sku=given.text("Sku", before.sku),
        description=given.text("Description", before.description),
        unit_price=given.number("UnitPrice", before.unit_price),
        taxable=given.flag("Taxable", before.taxable, default=False),
        tax_category=category or before.tax_category,
        tax_code=given.ref("SalesTaxCodeRef", before.tax_code),
        active=given.flag("Active", before.active, default=True),
        carried=kept(given, ITEM_KEEPS, before.carried),
    )
