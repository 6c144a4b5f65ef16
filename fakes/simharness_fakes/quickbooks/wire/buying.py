"""Vendors, bills, vendor credits, payments to vendors and purchases."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from types import MappingProxyType

from simharness.fakekit.bodies import Json
from simharness_fakes.accounting import chart
from simharness_fakes.accounting.documents import Apply, Bill, BillDraft, BillLine, Payment, PaymentDraft
from simharness_fakes.quickbooks import errors
from simharness_fakes.quickbooks.state import Company
from simharness_fakes.quickbooks.wire.given import Given, kept, reference
from simharness_fakes.quickbooks.wire.names import display_name
from simharness_fakes.quickbooks.wire.parts import (
    Wire,
    carried,
    currency_ref,
    head,
    home,
    put,
    rate_given,
    ref,
)
from simharness_fakes.quickbooks.wire.sale import private_note

#: Kept and given back, without effect on the books.
VENDOR_KEEPS = frozenset(
    {
        "Title", "GivenName", "MiddleName", "FamilyName", "Suffix", "CompanyName", "PrintOnCheckName", "BillAddr",
        "AlternatePhone", "Mobile", "Fax", "WebAddr", "AcctNum", "Vendor1099",
    }
)  # fmt: skip
PURCHASE_KEEPS = frozenset({"PaymentType", "PaymentMethodRef", "PrintStatus"})
#: What a payment to a vendor settles or uses up, by the engine's kind.
_TYPES: Mapping[str, str] = MappingProxyType({"bill": "Bill", "vendor_credit": "VendorCredit"})


def vendor(company: Company, record: chart.Vendor) -> Wire:
    """A Vendor as QuickBooks writes it."""
    books, wire = company.books, head(record)
    wire.update(
        DisplayName=record.name,
        PrintOnCheckName=record.name,
        Active=record.active,
        Balance=books.owed_to(record.id),
        CurrencyRef=currency_ref(record.currency or books.settings.currency),
    )
    wire.update(carried(record))
    put(wire, "Notes", record.note)
    if record.email:
        wire["PrimaryEmailAddr"] = {"Address": record.email}
    if record.phone:
        wire["PrimaryPhone"] = {"FreeFormNumber": record.phone}
    if record.terms:
        wire["TermRef"] = ref(books.terms, record.terms)
    return wire


def read_vendor(company: Company, given: Given, old: chart.Vendor | None) -> chart.Vendor:
    """A Vendor from a body; its currency is fixed when it is created."""
    before = old or chart.Vendor(name="")
    currency = given.ref("CurrencyRef") or before.currency
    base = company.books.settings.currency
    if old is not None and (currency or base) != (old.currency or base):
        raise errors.business("The currency of a vendor cannot be changed", "CurrencyRef")
    return chart.Vendor(
        name=display_name(given, before.name),
        currency=currency,
        terms=given.ref("TermRef", before.terms),
        reference=before.reference,
        note=given.text("Notes", before.note),
        email=given.inner("PrimaryEmailAddr", "Address", before.email),
        phone=given.inner("PrimaryPhone", "FreeFormNumber", before.phone),
        active=given.flag("Active", before.active, default=True),
        carried=kept(given, VENDOR_KEEPS, before.carried),
    )


# --- bills, vendor credits, purchases ---------------------------------------------------------------------------------


def bill(company: Company, record: Bill) -> Wire:
    """A Bill or a VendorCredit."""
    books, wire = company.books, _bought(company, record)
    wire.update(
        VendorRef=ref(books.vendors, record.vendor),
        Balance=record.open,
        LinkedTxn=[_paid_by(company, payment) for payment in books.links(record.id)],
    )
    entry = books.entry(record.id)
    for posting in entry.postings if entry is not None else ():
        if posting.vendor:
            wire["APAccountRef"] = ref(books.accounts, posting.account)
    if record.due is not None:
        wire["DueDate"] = record.due.isoformat()
        wire.update(home(company, record.rate, HomeBalance=record.open_base))
    if record.terms:
        wire["SalesTermRef"] = ref(books.terms, record.terms)
    return wire


def _paid_by(company: Company, payment: Payment) -> Wire:
    kind = "BillPaymentCreditCard" if _by_card(company, payment.deposit_account) else "BillPaymentCheck"
    return {"TxnId": payment.id, "TxnType": kind}


def purchase(company: Company, record: Bill) -> Wire:
    """A Purchase: paid when it was bought."""
    books, wire = company.books, _bought(company, record)
    wire["AccountRef"] = ref(books.accounts, record.account)
    if record.vendor:
        wire["EntityRef"] = {**ref(books.vendors, record.vendor), "type": "Vendor"}
    wire.update(carried(record))
    return wire


def _bought(company: Company, record: Bill) -> Wire:
    books, wire = company.books, head(record)
    wire.update(
        TxnDate=record.date.isoformat(),
        CurrencyRef=currency_ref(record.currency),
        Line=[_line(company, number, line) for number, line in enumerate(record.lines, start=1)],
        TotalAmt=record.total,
    )
    wire.update(home(company, record.rate, HomeTotalAmt=record.base))
    put(wire, "DocNumber", record.number)
    put(wire, "PrivateNote", private_note(record.note, void=record.void))
    if record.location:
        wire["DepartmentRef"] = ref(books.departments, record.location)
    return wire


def _line(company: Company, number: int, line: BillLine) -> Wire:
    books = company.books
    detail: Wire = {"BillableStatus": "NotBillable"}
    kind = "ItemBasedExpenseLineDetail" if line.item else "AccountBasedExpenseLineDetail"
    if line.item:
        detail["ItemRef"] = ref(books.items, line.item)
        put(detail, "UnitPrice", line.unit_price)
        put(detail, "Qty", line.quantity)
    else:
        detail["AccountRef"] = ref(books.accounts, line.account)
    if line.cost_centre:
        detail["ClassRef"] = ref(books.classes, line.cost_centre)
    if line.customer:
        detail["CustomerRef"] = ref(books.customers, line.customer)
    wire: Wire = {"Id": line.id, "LineNum": number, "Amount": line.amount, "DetailType": kind, kind: detail}
    put(wire, "Description", line.description)
    return wire


def read_bill(company: Company, given: Given, old: Bill | None) -> BillDraft:
    """A draft of a bill or a vendor credit."""
    sparse = old if given.keep else None
    vendor_id = given.ref("VendorRef", sparse.vendor if sparse else "")
    if not vendor_id:
        raise errors.missing("VendorRef")
    return _draft(company, given, old, vendor_id)


def read_purchase(company: Company, given: Given, old: Bill | None) -> BillDraft:
    """A draft of a purchase: how and from which account it was paid, perhaps to whom."""
    sparse = old if given.keep else None
    keeps = kept(given, PURCHASE_KEEPS, old.carried if old is not None else None) or {}
    account = given.ref("AccountRef", sparse.account if sparse else "")
    for name, value in (("AccountRef", account), ("PaymentType", keeps.get("PaymentType"))):
        if not value:
            raise errors.missing(name)
    found = company.books.accounts.find(account)
    if found is not None and (found.kind == "credit_card") != (keeps["PaymentType"] == "CreditCard"):
        raise errors.business("The account does not fit the payment type.", "AccountRef")
    return _draft(company, given, old, given.ref("EntityRef", sparse.vendor if sparse else ""), account, keeps)


def _draft(
    company: Company,
    given: Given,
    old: Bill | None,
    vendor_id: str,
    account: str = "",
    keeps: Mapping[str, Json] | None = None,
) -> BillDraft:
    sparse = old if given.keep else None
    if "Line" in given:
        lines = tuple(_read_line(company, position, body) for position, body in enumerate(given.body["Line"] or ()))
    elif sparse is not None:
        lines = sparse.lines
    else:
        raise errors.missing("Line")
    return BillDraft(
        vendor=vendor_id,
        date=given.day("TxnDate", sparse.date if sparse else None) or company.today,
        lines=lines,
        number=given.text("DocNumber", sparse.number if sparse else ""),
        due=given.day("DueDate", sparse.due if sparse else None),
        terms=given.ref("SalesTermRef", sparse.terms if sparse else ""),
        currency=given.ref("CurrencyRef", sparse.currency if sparse else ""),
        rate=rate_given(given, sparse.rate if sparse else None),
        account=account,
        location=given.ref("DepartmentRef", sparse.location if sparse else ""),
        note=given.text("PrivateNote", sparse.note if sparse else ""),
        carried=keeps,
    )


def _read_line(company: Company, position: int, body: Mapping[str, Json]) -> BillLine:
    line = Given(body, path=f"Line.{position}.")
    kind = line.needed("DetailType")
    detail = Given(line.body.get(kind) or {}, path=f"{line.path}{kind}.")
    amount = line.number("Amount")
    if amount is None:
        raise errors.missing(line.path + "Amount")
    item, quantity, price = "", None, None
    if kind == "ItemBasedExpenseLineDetail":
        item, account = _item_account(company, detail)
        quantity, price = detail.number("Qty"), detail.number("UnitPrice")
        if not quantity and not price:
            quantity = price = None  # zero is what an SDK sends for both when only the amount is meant
    else:
        account = detail.ref("AccountRef")
        if not account:
            raise errors.missing(detail.path + "AccountRef")
    return BillLine(
        account=account,
        amount=amount,
        item=item,
        quantity=quantity,
        unit_price=price,
        customer=detail.ref("CustomerRef"),
        cost_centre=detail.ref("ClassRef"),
        description=line.text("Description"),
    )


def _item_account(company: Company, detail: Given) -> tuple[str, str]:
    """The item a line names and the account on which buying it posts."""
    id = detail.ref("ItemRef")
    if not id:
        raise errors.missing(detail.path + "ItemRef")
    item = company.books.items.find(id)
    if item is None:
        raise errors.bad_reference(detail.path + "ItemRef", id, "Item")
    account = reference(carried(item).get("ExpenseAccountRef"))
    if not account:
        raise errors.business(f"Item {item.name} has no expense account.", detail.path + "ItemRef")
    return id, account


# --- payments to vendors ----------------------------------------------------------------------------------------------


def bill_payment(company: Company, record: Payment) -> Wire:
    """A BillPayment; a line for each document it settles or uses."""
    books, wire = company.books, head(record)
    account = ref(books.accounts, record.deposit_account)
    wire.update(VendorRef=ref(books.vendors, record.vendor), TotalAmt=record.amount)
    if _by_card(company, record.deposit_account):
        wire.update(PayType="CreditCard", CreditCardPayment={"CCAccountRef": account})
    else:
        wire.update(PayType="Check", CheckPayment={"BankAccountRef": account, "PrintStatus": "NotSet"})
    wire.update(
        TxnDate=record.date.isoformat(),
        CurrencyRef=currency_ref(record.currency),
        Line=[_settled(company, application) for application in record.applications],
    )
    wire.update(home(company, record.rate))
    put(wire, "DocNumber", record.number)
    put(wire, "PrivateNote", private_note(record.note, void=record.void))
    if record.location:
        wire["DepartmentRef"] = ref(books.departments, record.location)
    return wire


def _by_card(company: Company, account: str) -> bool:
    found = company.books.accounts.find(account)
    return found is not None and found.kind == "credit_card"


def _settled(company: Company, application: Apply) -> Wire:
    document = company.books.document(application.document)
    kind = _TYPES.get(document.kind, "Bill") if document is not None else "Bill"
    return {"Amount": application.amount, "LinkedTxn": [{"TxnId": application.document, "TxnType": kind}]}


def read_bill_payment(company: Company, given: Given, old: Payment | None) -> PaymentDraft:
    """A draft from a body; its lines are replaced as a whole or, in a sparse update without lines, not at all."""
    sparse = old if given.keep else None
    vendor_id = given.ref("VendorRef", sparse.vendor if sparse else "")
    if not vendor_id:
        raise errors.missing("VendorRef")
    amount = given.number("TotalAmt", sparse.amount if sparse else None)
    if amount is None:
        raise errors.missing("TotalAmt")
    return PaymentDraft(
        vendor=vendor_id,
        date=given.day("TxnDate", sparse.date if sparse else None) or company.today,
        amount=amount,
        applications=sparse.applications if sparse and "Line" not in given else _applications(company, given),
        deposit_account=_paid_from(company, given, sparse),
        currency=given.ref("CurrencyRef", sparse.currency if sparse else ""),
        rate=rate_given(given, sparse.rate if sparse else None),
        number=given.text("DocNumber", sparse.number if sparse else ""),
        location=given.ref("DepartmentRef", sparse.location if sparse else ""),
        note=given.text("PrivateNote", sparse.note if sparse else ""),
    )


def _paid_from(company: Company, given: Given, sparse: Payment | None) -> str:
    """The bank or card that a payment to a vendor comes from, as its type says."""
    if sparse is not None and "PayType" not in given:
        return sparse.deposit_account
    card = given.needed("PayType") == "CreditCard"
    section, field = ("CreditCardPayment", "CCAccountRef") if card else ("CheckPayment", "BankAccountRef")
    account = Given(given.body.get(section) or {}).ref(field)
    if not account:
        raise errors.missing(f"{section}.{field}")
    if company.books.accounts.find(account) is not None and _by_card(company, account) != card:
        raise errors.business("The account does not fit the payment type.", f"{section}.{field}")
    return account


def _applications(company: Company, given: Given) -> tuple[Apply, ...]:
    found: list[Apply] = []
    for position, body in enumerate(given.body.get("Line") or ()):
        line = Given(body, path=f"Line.{position}.")
        amount: Decimal | None = line.number("Amount")
        links: Sequence[Json] = line.body.get("LinkedTxn") or ()
        if amount is None or len(links) != 1:
            raise errors.missing(line.path + ("Amount" if amount is None else "LinkedTxn"))
        link = Given(links[0], path=line.path + "LinkedTxn.")
        id, kind = link.needed("TxnId"), link.needed("TxnType")
        target = company.books.document(id)
        if target is None or _TYPES.get(target.kind) != kind:
            raise errors.bad_reference(link.path + "TxnId", id, kind)
        if amount:
            found.append(Apply(document=id, amount=amount))
    return tuple(found)
