"""QuickBooks' errors: codes, words and the two fault envelopes, and which refusal of the ledger becomes which code.

Codes 120, 500, 610, 2020, 2170, 2500, 5010, 6000, 6140, 6210, 6240: the vendor's page of error codes. Codes 620, 800,
1040, 1050, 2010, 2030, 2090, 4000, 4001, 6070, 6090, 6100: secondary pages that list the vendor's codes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any

from simharness.domain.base import Record
from simharness.fakekit.bodies import Json
from simharness.fakekit.problems import Fit, Violation, Violations
from simharness_fakes.accounting import refusals
from simharness_fakes.quickbooks.wire.times import instant

VALIDATION, SYSTEM = "ValidationFault", "SystemFault"


class Error(Record, frozen=True, kw_only=True):
    """One error of a fault. `element` names the field it is about, where there is one."""

    code: str
    message: str
    detail: str
    element: str = ""


class Refused(Exception):
    """Raised while a request is carried out; becomes a fault, or one item's fault in a batch."""

    def __init__(self, *errors: Error, kind: str = VALIDATION, status: int = 400) -> None:
        self.errors, self.kind, self.status = errors, kind, status
        super().__init__("; ".join(error.detail for error in errors))

    def fault(self) -> dict[str, Json]:
        """The value of `Fault`."""
        return {"Error": [_error(error) for error in self.errors], "type": self.kind}


def _error(error: Error) -> dict[str, Json]:
    shown: dict[str, Json] = {"Message": error.message, "Detail": error.detail, "code": error.code}
    if error.element:
        shown["element"] = error.element
    return shown


def envelope(refused: Refused, now: datetime) -> dict[str, Json]:
    """The body of a refused request."""
    return {"Fault": refused.fault(), "time": instant(now, millis=True)}


def gate_envelope(error: Error, kind: str, now: datetime) -> dict[str, Json]:
    """The body the API's gateway sends (credentials, limits): names in lower case, time in milliseconds."""
    found = {"message": error.message, "detail": error.detail, "code": error.code, "element": None}
    return {
        "warnings": None, "intuitObject": None, "fault": {"error": [found], "type": kind}, "report": None,
        "queryResponse": None, "batchItemResponse": [], "attachableResponse": [], "syncErrorResponse": None,
        "requestId": None, "time": int(now.timestamp() * 1000), "status": None, "cdcresponse": [],
    }  # fmt: skip


# --- what a handler refuses -------------------------------------------------------------------------------------------


def missing(element: str) -> Refused:
    """A required field was not given."""
    return Refused(
        Error(
            code="2020",
            message="Required param missing, need to supply the required value for the API",
            detail=f"Required parameter {element} is missing in the request",
            element=element,
        )
    )


def unsupported_property(name: str) -> Refused:
    """A field the entity does not have."""
    return Refused(_unsupported_property(name))


def bad_value(element: str, value: object, why: str) -> Refused:
    """A value that the field does not take."""
    return Refused(
        Error(
            code="2090", message="Invalid Number" if why == "number" else "Invalid value", element=element,
            detail=f"{element}: {value!s} is not a valid {why}",
        )
    )  # fmt: skip


def bad_enum(element: str, value: object) -> Refused:
    """A value outside an enumeration."""
    return Refused(_bad_enum(element, str(value)))


def bad_reference(element: str, value: str, what: str) -> Refused:
    """A reference to nothing."""
    return Refused(_bad_reference(element, value, what))


def not_found(what: str, value: str) -> Refused:
    """The record does not exist."""
    return Refused(
        Error(code="610", message="Object Not Found", detail=f"Object Not Found : {what} {value} does not exist")
    )


def stale(name: str, given: str, current: str) -> Refused:
    """Somebody else changed the record in between."""
    return Refused(
        Error(
            code="5010", message="Stale Object Error", element="SyncToken",
            detail=f"Stale Object Error : You and another user were working on this {name} at the same time. "
            f"SyncToken {given} was given, it is {current}.",
        )
    )  # fmt: skip


def business(detail: str, element: str = "") -> Refused:
    """A business rule without a code of its own."""
    return Refused(_business(detail, element))


def unsupported_operation(operation: str) -> Refused:
    """An operation the entity does not have."""
    return Refused(
        Error(code="500", message="Unsupported Operation", detail=f"Operation {operation} is not supported.")
    )


def bad_tax_code(value: str) -> Refused:
    """US company: a line's code is TAX or NON."""
    return Refused(
        Error(
            code="6100", message="Invalid Line TaxCode in the request", element="TaxCodeRef",
            detail=f"Valid Line TaxCodes for US should be TAX or NON. Supplied value:{value}",
        )
    )  # fmt: skip


def bad_discount(detail: str) -> Refused:
    """A discount line that lacks something."""
    return Refused(
        Error(code="6090", message="Discount Line missing required info.", detail=detail, element="DiscountLineDetail")
    )


def query_syntax(detail: str) -> Refused:
    """A query that cannot be parsed."""
    return Refused(Error(code="4000", message="Error parsing query", detail=f"QueryParserError: {detail}"))


def query_invalid(detail: str) -> Refused:
    """A query that names what does not exist or cannot be filtered by."""
    return Refused(Error(code="4001", message="Invalid query", detail=f"QueryValidationError: {detail}"))


def too_many(limit: int, given: int) -> Refused:
    """More items in a batch than allowed."""
    return Refused(
        Error(
            code="1040", message="Batch size exceeds allowed limit", element="BatchItemRequest",
            detail=f"Batch request size exceeds {limit}. Supplied: {given}",
        )
    )  # fmt: skip


def too_long(element: str, value: str, limit: int) -> Refused:
    """A text that is longer than the field takes."""
    return Refused(_bad_length(element, f"max {limit} supported, supplied length {len(value)}"))


def _bad_length(element: str, why: str) -> Error:
    return Error(
        code="2050", message="String length is either shorter or longer than supported by specification",
        detail=f"{element}: {why}", element=element,
    )  # fmt: skip


def _unsupported_property(name: str) -> Error:
    return Error(
        code="2010", message="Request has invalid or unsupported property", element=name,
        detail=f"Property Name:{name} specified is unsupported or invalid",
    )  # fmt: skip


def _bad_enum(element: str, value: str) -> Error:
    return Error(code="2170", message="Invalid Enumeration", detail=f"Invalid Enumeration : {value}", element=element)


def _bad_reference(element: str, value: str, what: str) -> Error:
    return Error(
        code="2500", message="Invalid Reference Id", element=element,
        detail=f"Invalid Reference Id : {what} element id {value} not found",
    )  # fmt: skip


def _business(detail: str, element: str = "") -> Error:
    return Error(
        code="6000", message="A business validation error has occurred while processing your request",
        detail=f"Business Validation Error: {detail}", element=element,
    )  # fmt: skip


# --- what the contract refuses ----------------------------------------------------------------------------------------


def from_violations(problem: Violations) -> Refused:
    """One error for each misfit of the request, in document order."""
    return Refused(*(_from_violation(item) for item in problem.items))


def _from_violation(item: Violation) -> Error:
    name = item.dotted
    if item.fit is Fit.MISSING:
        return missing(name or "the request body").errors[0]
    if item.fit is Fit.UNKNOWN:
        return _unsupported_property(name)
    if item.fit is Fit.ENUM:
        return _bad_enum(name, item.value)
    if item.fit is Fit.LENGTH:
        return _bad_length(name, item.message)
    if item.fit is Fit.RANGE:
        return Error(code="2090", message="Invalid Number", detail=f"{name}: {item.message}", element=name)
    return Error(
        code="2010", message="Request has invalid or unsupported property", element=name,
        detail=f"Property Name:{name} has a value that cannot be read: {item.message}",
    )  # fmt: skip


# --- what the ledger refuses ------------------------------------------------------------------------------------------

#: The engine's kinds as QuickBooks calls them.
TITLES: Mapping[str, str] = MappingProxyType(
    {
        "account": "Account", "item": "Item", "customer": "Customer", "class": "Class", "department": "Department",
        "term": "Term", "payment_method": "PaymentMethod", "tax_agency": "TaxAgency", "tax_rate": "TaxRate",
        "tax_code": "TaxCode", "invoice": "Invoice", "credit_memo": "CreditMemo", "payment": "Payment",
        "journal": "JournalEntry", "sales_receipt": "SalesReceipt", "refund_receipt": "RefundReceipt",
        "deposit": "Deposit", "transfer": "Transfer", "vendor": "Vendor", "bill": "Bill",
        "vendor_credit": "VendorCredit", "bill_payment": "BillPayment", "purchase": "Purchase",
        "currency": "CompanyCurrency", "exchange_rate": "ExchangeRate", "attachment": "Attachable", "document": "Txn",
    }
)  # fmt: skip


def _title(kind: str) -> str:
    return TITLES.get(kind, kind)


def _duplicate_name(refusal: refusals.DuplicateName) -> Error:
    return Error(
        code="6240", message="Duplicate Name Exists Error",
        detail=f"The name supplied already exists. : Id={refusal.other}",
    )  # fmt: skip


def _duplicate_number(refusal: refusals.DuplicateNumber) -> Error:
    if refusal.kind == "account":
        return _business(f"Another account is already using this number: Id={refusal.other}", "AcctNum")
    return Error(
        code="6140", message="Duplicate Document Number Error", element="DocNumber",
        detail="Duplicate Document Number Error : You must specify a different number. This number has already been "
        f"used. DocNumber={refusal.number} is assigned to TxnType={_title(refusal.kind)} with TxnId={refusal.other}",
    )  # fmt: skip


def _amount_mismatch(refusal: refusals.AmountMismatch) -> Error:
    return Error(
        code="6070", message="Amount calculation incorrect in the request", element=f"Line.{refusal.line - 1}.Amount",
        detail=f"Amount is not equal to UnitPrice * Qty. Supplied value:{refusal.given}",
    )  # fmt: skip


def _period_closed(refusal: refusals.PeriodClosed) -> Error:
    return Error(
        code="6210", message="Account Period Closed, Cannot Update Through Services API", element="TxnDate",
        detail="The account period has closed and the account books cannot be updated through the QBO Services API. "
        f"Please use the QBO website to make these changes. TxnDate={refusal.day}, closed until {refusal.closed_until}",
    )  # fmt: skip


def _inactive(refusal: refusals.Inactive) -> Error:
    return Error(
        code="610", message="Object Not Found",
        detail="Object Not Found : Something you're trying to use has been made inactive. Check the fields with "
        f"accounts, customers, items, vendors or employees. {_title(refusal.kind)} {refusal.id}",
    )  # fmt: skip


def _has_links(refusal: refusals.HasLinks) -> Error:
    return Error(
        code="800", message="Object cannot be deleted",
        detail=f"{_title(refusal.kind)} {refusal.id} is linked to transactions {', '.join(refusal.links)}",
    )  # fmt: skip


def _deposited(refusal: refusals.Deposited) -> Error:
    return Error(
        code="6540", message="Deposited Transaction cannot be changed",
        detail="You cannot change this transaction since it was deposited. To change it, first edit the deposit it "
        f"appears on and remove it from there. {_title(refusal.kind)} {refusal.id} is in Deposit {refusal.deposit}",
    )  # fmt: skip


def _cannot_link(refusal: refusals.Refusal) -> Error:
    return Error(code="620", message="Txn ID Cannot Be Linked", detail=f"Transaction cannot be linked: {refusal}")


def _bad_ref(refusal: refusals.BadReference) -> Error:
    if refusal.field == "application":
        return _cannot_link(refusal)
    return _bad_reference(
        _title(refusal.kind), refusal.id, "Names" if refusal.kind == "customer" else _title(refusal.kind)
    )


_BY_TYPE: Mapping[type[refusals.Refusal], Callable[[Any], Error]] = MappingProxyType(
    {
        refusals.Missing: lambda r: missing(f"{r.what} ({r.subject})").errors[0],
        refusals.NotFound: lambda r: not_found(_title(r.kind), r.id).errors[0],
        refusals.BadReference: _bad_ref,
        refusals.Inactive: _inactive,
        refusals.DuplicateName: _duplicate_name,
        refusals.DuplicateNumber: _duplicate_number,
        refusals.AmountMismatch: _amount_mismatch,
        refusals.PeriodClosed: _period_closed,
        refusals.HasLinks: _has_links,
        refusals.Deposited: _deposited,
        refusals.WrongCustomer: _cannot_link,
    }
)


def from_refusal(refusal: refusals.Refusal) -> Refused:
    """The fault of a refusal of the ledger; those without a code of their own are business validation errors (6000)."""
    word = _BY_TYPE.get(type(refusal))
    return Refused(word(refusal) if word else _business(str(refusal)))
