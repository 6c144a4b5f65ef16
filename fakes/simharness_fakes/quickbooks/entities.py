"""What QuickBooks calls an entity: where its records live, how they are written and read, what can be done to them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from msgspec import Raw

from simharness.fakekit.bodies import Json, write_json
from simharness_fakes.accounting.books import Books
from simharness_fakes.quickbooks.state import Company, Form
from simharness_fakes.quickbooks.wire import (
    attachable,
    buying,
    chart,
    currency,
    moving,
    names,
    payment,
    sale,
    sale_in,
    tax,
)
from simharness_fakes.quickbooks.wire.given import Given
from simharness_fakes.quickbooks.wire.parts import Wire

Encode = Callable[[Company, Any], Wire]
Decode = Callable[[Company, Given, Any], Any]

#: Names of fields in the canonical records (the write log speaks those); others appear as `vendor:NAME`.
_LIST: Mapping[str, str] = MappingProxyType({"Name": "name", "Active": "active"})
_SALE = {
    "CustomerRef": "party", "DocNumber": "number", "TxnDate": "date", "DueDate": "due", "Line": "lines",
    "TxnTaxDetail": "taxes", "SalesTermRef": "terms", "DepartmentRef": "location", "ClassRef": "cost_centre",
    "PrivateNote": "note", "CustomerMemo": "memo", "CurrencyRef": "currency", "ExchangeRate": "rate",
    "GlobalTaxCalculation": "tax_included",
    "ApplyTaxAfterDiscount": "vendor:ApplyTaxAfterDiscount", **{name: f"vendor:{name}" for name in sale_in.SALE_KEEPS},
}.items()  # fmt: skip
_RECEIPT = {**dict(_SALE), "DepositToAccountRef": "account"}.items()
_CUSTOMER = {
    "DisplayName": "name", "Active": "active", "Notes": "note", "PrimaryEmailAddr": "email", "PrimaryPhone": "phone",
    "SalesTermRef": "terms", "CurrencyRef": "currency", "Taxable": "taxable",
    "TaxExemptionReasonId": "exemption_reason", "ResaleNum": "exemption_number", "DefaultTaxCodeRef": "tax_code",
    **{name: f"vendor:{name}" for name in names.CUSTOMER_KEEPS},
}.items()  # fmt: skip
_PAYMENT = {
    "CustomerRef": "party", "TxnDate": "date", "TotalAmt": "amount", "Line": "applications",
    "DepositToAccountRef": "account", "PaymentRefNum": "reference", "PrivateNote": "note", "ExchangeRate": "rate",
    "PaymentMethodRef": "vendor:PaymentMethodRef",
}.items()  # fmt: skip
_JOURNAL = {
    "TxnDate": "date", "Line": "lines", "DocNumber": "number", "PrivateNote": "note",
    "Adjustment": "vendor:Adjustment", "ExchangeRate": "rate",
}.items()  # fmt: skip
_DEPOSIT = {
    "DepositToAccountRef": "account", "TxnDate": "date", "Line": "lines", "PrivateNote": "note",
    "DocNumber": "vendor:DocNumber", "DepartmentRef": "vendor:DepartmentRef", "ExchangeRate": "rate",
}.items()  # fmt: skip
_TRANSFER = {
    "FromAccountRef": "source", "ToAccountRef": "target", "Amount": "amount", "TxnDate": "date", "PrivateNote": "note",
}.items()  # fmt: skip
_VENDOR = {
    "DisplayName": "name", "Active": "active", "Notes": "note", "PrimaryEmailAddr": "email", "PrimaryPhone": "phone",
    "TermRef": "terms", "CurrencyRef": "currency", **{name: f"vendor:{name}" for name in buying.VENDOR_KEEPS},
}.items()  # fmt: skip
_BOUGHT = {
    "DocNumber": "number", "TxnDate": "date", "Line": "lines", "DepartmentRef": "location", "PrivateNote": "note",
    "CurrencyRef": "currency", "ExchangeRate": "rate",
}.items()  # fmt: skip
_BILL = {**dict(_BOUGHT), "VendorRef": "party", "DueDate": "due", "SalesTermRef": "terms"}.items()
_PURCHASE = {
    **dict(_BOUGHT), "EntityRef": "party", "AccountRef": "account",
    **{name: f"vendor:{name}" for name in buying.PURCHASE_KEEPS},
}.items()  # fmt: skip
_BILL_PAYMENT = {
    "VendorRef": "party", "TxnDate": "date", "TotalAmt": "amount", "Line": "applications", "DocNumber": "number",
    "CheckPayment": "account", "CreditCardPayment": "account", "PrivateNote": "note", "ExchangeRate": "rate",
    "DepartmentRef": "vendor:DepartmentRef",
}.items()  # fmt: skip
_ITEM = {
    "Name": "name", "Active": "active", "Sku": "vendor:Sku", "Description": "vendor:Description",
    "UnitPrice": "vendor:UnitPrice", "IncomeAccountRef": "vendor:IncomeAccountRef", "Taxable": "vendor:Taxable",
    "SalesTaxCodeRef": "vendor:SalesTaxCodeRef", "TaxClassificationRef": "vendor:TaxClassificationRef",
    **{name: f"vendor:{name}" for name in chart.ITEM_KEEPS},
}.items()  # fmt: skip
_ACCOUNT = {
    "Name": "name", "Active": "active", "AcctNum": "number", "AccountType": "kind",
    **{name: f"vendor:{name}" for name in chart.ACCOUNT_KEEPS},
}.items()  # fmt: skip
_TERM = {
    "Name": "name", "Active": "active", "DueDays": "vendor:DueDays", "DiscountPercent": "vendor:DiscountPercent",
    "DiscountDays": "vendor:DiscountDays",
}.items()  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Entity:
    """One entity. `register` finds its records, `encode` writes one, `decode` reads a record or a draft from a body.

    `fields` are the fields a client decides, by the name the write log gives them; without `decode` it is read-only.
    `listed` are the masters; `figures` are what one shows beside its own values and the names of other masters. They
    compare as texts, for 0 and 0.00 look different on the wire. Of an amount, `balances` are the fields that show it.
    """

    name: str
    kind: str
    dataset: str
    register: Callable[[Books], Any]
    encode: Encode
    decode: Decode | None = None
    fields: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    can: frozenset[str] = frozenset({"create", "update"})
    listed: bool = True
    figures: Callable[[Company, Any], object] = lambda company, record: None
    balances: tuple[str, ...] = ()

    @property
    def path(self) -> str:
        """The segment of the address, in lower case."""
        return self.name.lower()

    def all(self, company: Company) -> Iterable[Any]:
        """Every record, in order of creation."""
        if self.name == "TaxCode":
            return tax.tax_codes(company)
        return self.register(company.books).all()  # type: ignore[no-any-return]  # registers and documents share `all`

    def show(self, company: Company, record: Any) -> Wire:
        """A record for reading only. A master is encoded again only after it, a name it uses or a figure changed."""
        return self._form(company, record).wire if self.listed else self.encode(company, record)

    def told(self, company: Company, record: Any) -> Json:
        """A record as `show` has it, to be put into an answer: of a master the JSON that was made before."""
        if not self.listed:
            return self.encode(company, record)
        form = self._form(company, record)
        if form.encoded is None:
            form.encoded = Raw(write_json(form.wire))
        return form.encoded

    def _form(self, company: Company, record: Any) -> Form:
        figure, version = self.figures(company, record), company.books.names_version
        figures, known = str(figure), company.shown.get((self.name, record.id))
        if known is None or known.record is not record or known.names_version != version:
            wire = self.encode(company, record)
        elif known.figures == figures:
            return known
        elif self.balances:
            wire = {**known.wire, **dict.fromkeys(self.balances, figure)}
        else:
            wire = self.encode(company, record)
        form = company.shown[self.name, record.id] = Form(record, version, figures, wire)
        return form

    def find(self, company: Company, id: str) -> Any | None:
        """The record with an id, or None."""
        if self.name == "TaxCode":
            return tax.find_tax_code(company, id)
        return self.register(company.books).find(id)


_WHOLE = frozenset({"create", "update", "delete"})
_NOTHING: frozenset[str] = frozenset()


def _fields(items: Iterable[tuple[str, str]]) -> Mapping[str, str]:
    return MappingProxyType(dict(items))


_ALL = (
    Entity(
        name="Customer", kind="customer", dataset="party", register=lambda books: books.customers,
        encode=names.customer, decode=names.read_customer, fields=_fields(_CUSTOMER),
        figures=lambda company, record: company.books.owed_by(record.id),
        balances=("Balance", "BalanceWithJobs"),
    ),
    Entity(
        name="Vendor", kind="vendor", dataset="vendor", register=lambda books: books.vendors,
        encode=buying.vendor, decode=buying.read_vendor, fields=_fields(_VENDOR),
        figures=lambda company, record: company.books.owed_to(record.id), balances=("Balance",),
    ),
    Entity(
        name="CompanyCurrency", kind="currency", dataset="currency", register=lambda books: books.currencies,
        encode=currency.currency, decode=currency.read_currency,
        fields=_fields({**_LIST, "Code": "vendor:Code"}.items()),
    ),
    Entity(
        name="Item", kind="item", dataset="item", register=lambda books: books.items,
        encode=chart.item, decode=chart.read_item, fields=_fields(_ITEM),
    ),
    Entity(
        name="Account", kind="account", dataset="account", register=lambda books: books.accounts,
        encode=chart.account, decode=chart.read_account, fields=_fields(_ACCOUNT),
        figures=chart.current_balance, balances=("CurrentBalance", "CurrentBalanceWithSubAccounts"),
    ),
    Entity(
        name="Class", kind="class", dataset="class", register=lambda books: books.classes,
        encode=names.class_, decode=names.read_class, fields=_fields(_LIST.items()),
    ),
    Entity(
        name="Department", kind="department", dataset="department", register=lambda books: books.departments,
        encode=names.department, decode=names.read_department, fields=_fields(_LIST.items()),
    ),
    Entity(
        name="Term", kind="term", dataset="term", register=lambda books: books.terms,
        encode=names.term, decode=names.read_term, fields=_fields(_TERM),
    ),
    Entity(
        name="PaymentMethod", kind="payment_method", dataset="payment_method",
        register=lambda books: books.payment_methods, encode=names.payment_method, decode=names.read_payment_method,
        fields=_fields({**_LIST, "Type": "vendor:Type"}.items()),
    ),
    Entity(
        name="TaxCode", kind="tax_code", dataset="tax_code", register=lambda books: books.tax_codes,
        encode=tax.tax_code, can=_NOTHING, fields=_fields(_LIST.items()),
    ),
    Entity(
        name="TaxRate", kind="tax_rate", dataset="tax_rate", register=lambda books: books.tax_rates,
        encode=tax.tax_rate, can=_NOTHING, fields=_fields(_LIST.items()),
        figures=lambda company, record: company.today,
    ),
    Entity(
        name="TaxAgency", kind="tax_agency", dataset="tax_agency", register=lambda books: books.tax_agencies,
        encode=tax.tax_agency, decode=tax.read_tax_agency, fields=_fields({"DisplayName": "name"}.items()),
        can=frozenset({"create"}),
    ),
    Entity(
        name="Invoice", kind="invoice", dataset="invoice", register=lambda books: books.invoices,
        encode=sale.invoice, decode=sale_in.read_sale, fields=_fields(_SALE), can=_WHOLE | {"void"}, listed=False,
    ),
    Entity(
        name="CreditMemo", kind="credit_memo", dataset="credit_memo", register=lambda books: books.credit_memos,
        encode=sale.credit_memo, decode=sale_in.read_sale, fields=_fields(_SALE), can=_WHOLE, listed=False,
    ),
    Entity(
        name="Payment", kind="payment", dataset="payment", register=lambda books: books.payments,
        encode=payment.payment, decode=payment.read_payment, fields=_fields(_PAYMENT), can=_WHOLE | {"void"},
        listed=False,
    ),
    Entity(
        name="JournalEntry", kind="journal", dataset="journal", register=lambda books: books.journals,
        encode=payment.journal, decode=payment.read_journal, fields=_fields(_JOURNAL), can=_WHOLE, listed=False,
    ),
    Entity(
        name="SalesReceipt", kind="sales_receipt", dataset="sales_receipt", register=lambda books: books.sales_receipts,
        encode=sale.receipt, decode=sale_in.read_sales_receipt, fields=_fields(_RECEIPT), can=_WHOLE | {"void"},
        listed=False,
    ),
    Entity(
        name="RefundReceipt", kind="refund_receipt", dataset="refund_receipt",
        register=lambda books: books.refund_receipts, encode=sale.receipt, decode=sale_in.read_refund_receipt,
        fields=_fields(_RECEIPT), can=_WHOLE, listed=False,
    ),
    Entity(
        name="Deposit", kind="deposit", dataset="deposit", register=lambda books: books.deposits,
        encode=moving.deposit, decode=moving.read_deposit, fields=_fields(_DEPOSIT), can=_WHOLE, listed=False,
    ),
    Entity(
        name="Transfer", kind="transfer", dataset="transfer", register=lambda books: books.transfers,
        encode=moving.transfer, decode=moving.read_transfer, fields=_fields(_TRANSFER), can=_WHOLE, listed=False,
    ),
    Entity(
        name="Bill", kind="bill", dataset="bill", register=lambda books: books.bills,
        encode=buying.bill, decode=buying.read_bill, fields=_fields(_BILL), can=_WHOLE, listed=False,
    ),
    Entity(
        name="VendorCredit", kind="vendor_credit", dataset="vendor_credit", register=lambda books: books.vendor_credits,
        encode=buying.bill, decode=buying.read_bill, fields=_fields(_BILL), can=_WHOLE, listed=False,
    ),
    Entity(
        name="BillPayment", kind="bill_payment", dataset="payment", register=lambda books: books.bill_payments,
        encode=buying.bill_payment, decode=buying.read_bill_payment, fields=_fields(_BILL_PAYMENT),
        can=_WHOLE | {"void"}, listed=False,
    ),
    Entity(
        name="Purchase", kind="purchase", dataset="purchase", register=lambda books: books.purchases,
        encode=buying.purchase, decode=buying.read_purchase, fields=_fields(_PURCHASE), can=_WHOLE, listed=False,
    ),
    Entity(
        name="Attachable", kind="attachment", dataset="attachment", register=lambda books: books.attachments,
        encode=attachable.attachable, decode=attachable.read_attachable, can=_WHOLE, listed=False,
        fields=_fields(
            {
                "FileName": "vendor:FileName", "Note": "note", "AttachableRef": "vendor:AttachableRef",
                **{name: f"vendor:{name}" for name in attachable.KEEPS},
            }.items()
        ),
    ),
)  # fmt: skip

#: By the name QuickBooks gives it.
ENTITIES: Mapping[str, Entity] = MappingProxyType({entity.name: entity for entity in _ALL})
#: By the name in lower case, as queries and addresses may write it.
BY_LOWER: Mapping[str, Entity] = MappingProxyType({entity.path: entity for entity in _ALL})
#: By the engine's kind.
BY_KIND: Mapping[str, Entity] = MappingProxyType({entity.kind: entity for entity in _ALL})
