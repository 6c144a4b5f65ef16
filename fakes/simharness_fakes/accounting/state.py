"""Everything one company's books hold, in one place that can be forked, and the questions every document asks of it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from operator import attrgetter
from types import MappingProxyType
from typing import Any, cast

from simharness.core.ids import Ids
from simharness.fakekit.tables import Several, Table
from simharness_fakes.accounting import chart
from simharness_fakes.accounting.changes import ChangeLog
from simharness_fakes.accounting.chart import Settings, Stamp
from simharness_fakes.accounting.documents import Bill, Journal, Payment, Sale
from simharness_fakes.accounting.ledger import Ledger
from simharness_fakes.accounting.movements import Deposit, Transfer
from simharness_fakes.accounting.refusals import (
    BadReference,
    BadValue,
    CurrencyMismatch,
    DuplicateNumber,
    Inactive,
    Missing,
    PeriodClosed,
)
from simharness_fakes.accounting.rounding import Rounder

NewId = Callable[[Ids, str], str]
#: What the books keep that posts.
Document = Sale | Payment | Journal | Deposit | Transfer | Bill


def numbered(ids: Ids, kind: str) -> str:
    """The default of `new_id`: 1, 2, 3 … for each kind."""
    return str(ids.next(kind))


#: What the ledger calls the accounts it opens by itself, where the chart has none of the kind.
_CONTROL_NAMES = MappingProxyType({"receivable": "Accounts receivable", "payable": "Accounts payable"})

#: The masters by kind, with the fields by which a dialect looks them up beside the name.
MASTERS = MappingProxyType(
    {
        "account": ("role", "number", "kind"),
        "item": ("sku",),
        "customer": ("reference", "email"),
        "vendor": ("reference", "email"),
        "currency": ("code",),
        "class": ("code",),
        "department": ("code",),
        "term": (),
        "payment_method": (),
        "tax_agency": (),
        "tax_rate": (),
        "tax_code": (),
        "tax_region": (),
    }
)


_id: Callable[[Any], str] = attrgetter("id")
_by_date: Callable[[Any], date] = attrgetter("date")


def _by(field: str) -> Callable[[Any], str | None]:
    def value_of(record: Any) -> str | None:
        return getattr(record, field) or None

    return value_of


def _by_name(record: Any) -> str:
    return name_key(record.name)


def _applied_to(payment: Payment) -> Several:
    return Several(dict.fromkeys(a.document for a in payment.applications))


def _customers_of(journal: Journal) -> Several:
    return Several(r.customer for r in journal.receivables)


def _moved_by(deposit: Deposit) -> Several:
    return Several(line.document for line in deposit.lines if line.document)


def _documents(**more: Callable[[Any], Any]) -> Table[Any]:
    return Table(_id, number=_by("number"), reference=_by("reference"), date=_by_date, **more)


def name_key(name: str) -> str:
    """What two names must not share: the name without surrounding space, whatever its case."""
    return name.strip().casefold()


class State:
    """The mutable heart of `Books`. Only the modules of this package touch it."""

    def __init__(self, settings: Settings, ids: Ids, new_id: NewId) -> None:
        self.settings = settings
        self.ids = ids
        self.new_id = new_id
        self.masters: dict[str, Table[Any]] = {
            kind: Table(_id, name=_by_name, **{field: _by(field) for field in fields})
            for kind, fields in MASTERS.items()
        }
        self.documents: dict[str, Table[Any]] = {
            "invoice": _documents(customer=_by("customer")),
            "payment": _documents(customer=_by("customer"), document=_applied_to),
            "credit_memo": _documents(customer=_by("customer")),
            "journal": _documents(customer=_customers_of),
            "sales_receipt": _documents(customer=_by("customer")),
            "refund_receipt": _documents(customer=_by("customer")),
            "deposit": _documents(document=_moved_by),
            "transfer": Table(_id, date=_by_date),
            "bill": _documents(vendor=_by("vendor")),
            "bill_payment": _documents(vendor=_by("vendor"), document=_applied_to),
            "vendor_credit": _documents(vendor=_by("vendor")),
            "purchase": _documents(vendor=_by("vendor")),
        }
        self.rates: Table[chart.ExchangeRate] = Table(_id, currency=_by("currency"))
        self.attachments: Table[chart.Attachment] = Table(_id)
        self.ledger = Ledger()
        self.changes = ChangeLog()
        self.names_version = 0
        self._remember_anew()

    def fork(self) -> State:
        """An independent copy; the records themselves are shared."""
        twin = State.__new__(State)
        twin.settings, twin.ids, twin.new_id = self.settings, self.ids.fork(), self.new_id
        twin.masters = {kind: table.fork() for kind, table in self.masters.items()}
        twin.documents = {kind: table.fork() for kind, table in self.documents.items()}
        twin.rates, twin.attachments = self.rates.fork(), self.attachments.fork()
        twin.ledger, twin.changes = self.ledger.fork(), self.changes.fork()
        twin.names_version = self.names_version
        twin._remember_anew()
        return twin

    @property
    def rounder(self) -> Rounder:
        """Rounding as the company declares it, in its currency."""
        return self.rounder_of(self.settings.currency)

    def rounder_of(self, currency: str) -> Rounder:
        """Rounding as the company declares it, in a document's currency."""
        rounder, rounding = self._rounders.get(currency), self.settings.rounding
        if rounder is None or rounder.rounding is not rounding:
            rounder = self._rounders[currency] = Rounder(rounding, currency)
        return rounder

    def all(self, *kinds: str) -> tuple[Any, ...]:
        """Every document of some kinds, kind by kind in order of creation."""
        return tuple(document for kind in kinds for document in self.documents[kind])

    def document(self, id: str) -> Document | None:
        """The document with this id, whatever its kind."""
        for table in self.documents.values():
            found = table.get(id)
            if found is not None:
                return cast("Document", found)
        return None

    def links(self, document_id: str) -> tuple[Payment, ...]:
        """The payments, from customers or to vendors, whose applications name a document."""
        return (
            *self.documents["payment"].find("document", document_id),
            *self.documents["bill_payment"].find("document", document_id),
        )

    def refer(self, field: str, kind: str, id: str) -> Any:
        """The active master a field of a document names; refuses `BadReference` or `Inactive`."""
        record = self.masters[kind].get(id)
        if record is None:
            raise BadReference(field, kind, id)
        if not record.active:
            raise Inactive(field, kind, id)
        return record

    def account_for(self, role: str) -> chart.Account:
        """The account of a purpose, in the company's currency: the active one with the role, else the first of that
        kind.
        """
        purposes = self._found_accounts()
        if role not in purposes:
            purposes[role] = self._find_account_for(role)
        return purposes[role]

    def _find_account_for(self, role: str) -> chart.Account:
        accounts, base = self.masters["account"], self.settings.currency
        for index in ("role", "kind"):
            for account in accounts.find(index, role):
                if account.active and account.currency in ("", base):
                    return cast("chart.Account", account)
        raise Missing("the chart of accounts", f"an account with the role {role}")

    def control_account(self, kind: str, document: Sale | Payment | Bill) -> str:
        """The account of customers' debts (receivable) or of debts to vendors (payable) in a document's currency.

        There is one for each foreign currency, and the ledger opens it with the first document that needs it, named
        after the one in the company's currency; a chart without payables gets those too.
        """
        currency, base = document.currency, self.settings.currency
        known = self._found_accounts().get(kind)
        if known is not None and known.kind == kind and currency == base:
            return known.id
        for account in self.masters["account"].find("kind", kind):
            if account.active and (account.currency or base) == currency:
                return self.account_for(kind).id if currency == base else account.id
        name = _CONTROL_NAMES[kind]
        if currency != base:
            home = next(
                (each for each in self.masters["account"].find("kind", kind) if each.currency in ("", base)), None
            )
            name = f"{home.name if home is not None else name} - {currency}"
        by = Stamp(actor=document.updated_by, at=cast("datetime", document.updated_at))
        opened = chart.Account(
            name=name,
            kind=kind,
            currency="" if currency == base else currency,
            **self.created(by, "account", "account"),
        )
        self.masters["account"].put(opened)
        (self.ledger.receivables if kind == "receivable" else self.ledger.payables).add(opened.id)
        self.master_kept("account")
        return opened.id

    def money_account(self, field: str, id: str, currency: str) -> str:
        """The account on which money of a currency is put: the one named, else undeposited funds."""
        if not id:
            return self.account_for("undeposited").id
        account = self.refer(field, "account", id)
        self.check_no_control(field, id)
        self.check_account_currency(account, currency)
        return id

    def check_account_currency(self, account: chart.Account, currency: str) -> None:
        """Refuse `CurrencyMismatch` for an account kept in another foreign currency than the document's."""
        if account.currency not in ("", self.settings.currency, currency):
            raise CurrencyMismatch(currency, account.currency)

    def check_open(self, *days: date) -> None:
        """Refuse `PeriodClosed` if any of the days is on or before the closing date."""
        closed = self.settings.closed_until
        for day in days:
            if closed is not None and day <= closed:
                raise PeriodClosed(day, closed)

    def check_no_control(self, field: str, account: str) -> None:
        """Refuse `BadValue` for an account of debts: what posts there must name its customer or vendor."""
        if account in self.ledger.receivables:
            raise BadValue(field, account, "a receivable takes only postings that name a customer")
        if account in self.ledger.payables:
            raise BadValue(field, account, "a payable takes only postings that name a vendor")

    def check_currency(self, currency: str, party: chart.Customer | chart.Vendor | None = None) -> str:
        """The currency of a document; refuses one that is not the party's or that these books do not keep."""
        base = self.settings.currency
        expected = (party.currency if party is not None else currency) or base
        if currency and currency != expected:
            raise CurrencyMismatch(currency, expected)
        if expected != base and not self.settings.multi_currency:
            raise CurrencyMismatch(expected, base)
        return expected

    def check_number(self, kind: str, table: Table[Any], number: str, own_id: str = "") -> None:
        """Refuse `DuplicateNumber` where the company wants numbers unique; documents without number are never
        duplicates.
        """
        if number and self.settings.unique_numbers:
            for other in table.find("number", number):
                if other.id != own_id:
                    raise DuplicateNumber(kind, number, other.id)

    def next_number(self, series: str, *tables: Table[Any]) -> str:
        """The next automatic number of a series that none of the tables has; "" where numbers are not automatic."""
        if not self.settings.automatic_numbers:
            return ""
        while True:
            number = str(self.ids.next(f"number:{series}", start=self.settings.first_number))
            if not [table for table in tables if table.first("number", number)]:
                return number

    def created(self, by: Stamp, kind: str, id_kind: str) -> dict[str, Any]:
        """The kept fields of a new record, and its note in the change log."""
        id = self.new_id(self.ids, id_kind)
        self.changes.add(by, kind, id, "create")
        return {
            "id": id, "version": 0, "created_at": by.at, "created_by": by.actor,
            "updated_at": by.at, "updated_by": by.actor,
        }  # fmt: skip

    def changed(self, by: Stamp, kind: str, old: chart.Kept, operation: str = "update") -> dict[str, Any]:
        """The kept fields of the next version of a record, and its note in the change log."""
        self.changes.add(by, kind, old.id, operation)
        return {
            "id": old.id, "version": old.version + 1, "created_at": old.created_at, "created_by": old.created_by,
            "updated_at": by.at, "updated_by": by.actor,
        }  # fmt: skip

    def touched(self, by: Stamp, kind: str, old: chart.Kept) -> dict[str, Any]:
        """As `changed` for a document that another one settles or moves on, where the settings make that a version."""
        return self.changed(by, kind, old) if self.settings.settling_changes_version else {}

    def master_kept(self, kind: str) -> None:
        """Count a change of what other masters may name; none names a customer, a vendor or a currency."""
        if kind not in ("customer", "vendor", "currency"):
            self.names_version += 1

    def _remember_anew(self) -> None:
        self._rounders: dict[str, Rounder] = {}
        self._purposes: dict[str, chart.Account] = {}
        self._purposes_version = self.names_version

    def _found_accounts(self) -> dict[str, chart.Account]:
        """The accounts that were found for a purpose since the chart or the settings changed."""
        if self._purposes_version != self.names_version:
            self._purposes, self._purposes_version = {}, self.names_version
        return self._purposes

    def log(self, by: Stamp, kind: str, id: str, operation: str) -> None:
        """A note in the change log."""
        self.changes.add(by, kind, id, operation)
