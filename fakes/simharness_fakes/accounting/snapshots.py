"""The books in canonical records (`simharness.domain.books`), for stories and checks."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, Protocol, TypeVar

from simharness.core.money import Money
from simharness.domain import books as canonical
from simharness_fakes.accounting import chart
from simharness_fakes.accounting.documents import Bill, BillLine, Entry, Journal, Line, Payment, Sale, TaxLine
from simharness_fakes.accounting.movements import Deposit, DepositLine, Transfer
from simharness_fakes.accounting.sales import KINDS
from simharness_fakes.accounting.settlement import is_credit
from simharness_fakes.accounting.state import State


class _Record(Protocol):
    @property
    def id(self) -> str: ...


_R = TypeVar("_R", bound=_Record)
_T = TypeVar("_T")


class Memory:
    """What was already told: the canonical form of each record, as long as the record and the names it uses stay.

    Records are immutable, so the same object tells the same; a snapshot of large books costs what changed since the
    last.
    """

    __slots__ = ("_names", "_told")

    def __init__(self) -> None:
        self._names: object = None
        self._told: dict[tuple[str, str], tuple[object, Any]] = {}

    def open(self, names: Mapping[str, Mapping[str, str]]) -> None:
        """Begin a snapshot; other names than last time make everything be told anew."""
        if names != self._names:
            self._names = names
            self._told.clear()

    def tell(self, kind: str, record: _R, told_by: Callable[[_R], _T]) -> _T:
        """The canonical form of a record, from memory where it is the same record."""
        known = self._told.get((kind, record.id))
        if known is not None and known[0] is record:
            told: _T = known[1]
            return told
        told = told_by(record)
        self._told[kind, record.id] = (record, told)
        return told


def snapshot(state: State, vendor: str, memory: Memory) -> canonical.LedgerSnapshot:
    """Everything the books hold, each kind in order of creation, documents and entries in order of their ids' creation.

    Classes and departments are given by finance's code where they have one, else by name; items, terms and tax codes by
    name. US model: a line's tax code is TAX or NON. A payment's application is negative where it uses up a credit, so
    that unapplied = amount − Σ applications always holds.
    """
    teller = _Teller(state)
    settings = state.settings
    memory.open(teller.names)
    kept = sorted(state.all(*KINDS, "bill", "vendor_credit", "purchase"), key=teller.order_of)
    payments = sorted(state.all("payment", "bill_payment"), key=teller.order_of)
    return canonical.LedgerSnapshot(
        vendor=vendor,
        entity=settings.entity,
        currency=settings.currency,
        time_zone=settings.time_zone,
        accounts=tuple(teller.account(each) for each in state.masters["account"]),
        parties=tuple(teller.party(each) for each in state.masters["customer"]),
        documents=tuple(memory.tell("document", each, teller.document) for each in kept),
        vendors=tuple(teller.vendor(each) for each in state.masters["vendor"]),
        payments=tuple(memory.tell("payment", each, teller.payment) for each in payments),
        deposits=tuple(memory.tell("deposit", each, teller.deposit) for each in state.all("deposit")),
        transfers=tuple(memory.tell("transfer", each, teller.transfer) for each in state.all("transfer")),
        open_items=tuple(
            item for each in state.all("journal") for item in memory.tell("open", each, teller.open_items)
        ),
        entries=tuple(memory.tell("entry", each, teller.entry) for each in state.ledger.entries),
        closed_until=settings.closed_until,
    )


class _Teller:
    """Tells records in canonical words."""

    def __init__(self, state: State) -> None:
        self._state = state
        self._currency = state.settings.currency
        self._entity = state.settings.entity
        self._us = state.settings.tax_model == "us"
        self.names = {
            kind: {record.id: getattr(record, "code", "") or record.name for record in state.masters[kind]}
            for kind in ("class", "department", "item", "term", "tax_code", "tax_rate")
        }

    def order_of(self, document: chart.Kept) -> tuple[datetime, int, str]:
        """Documents of several kinds in the order in which they were made."""
        return (
            document.created_at or datetime.min.replace(tzinfo=UTC),
            int(document.id) if document.id.isdecimal() else 0,
            document.id,
        )

    def account(self, record: chart.Account) -> canonical.Account:
        return canonical.Account(
            id=record.id,
            number=record.number,
            name=record.name,
            kind=record.kind,
            currency=record.currency or self._currency,
            active=record.active,
        )

    def party(self, record: chart.Customer) -> canonical.Party:
        return canonical.Party(
            id=record.id, name=record.name, currency=record.currency or self._currency, taxable=record.taxable,
            exemption_reason=record.exemption_reason, exemption_number=record.exemption_number,
            reference=record.reference, note=record.note, email=record.email, phone=record.phone,
            terms=self._name("term", record.terms), active=record.active,
            balance=self._money(self._state.ledger.customer_balance(record.id)[1], record.currency),
            version=str(record.version), created_by=record.created_by, updated_by=record.updated_by,
        )  # fmt: skip

    def vendor(self, record: chart.Vendor) -> canonical.Party:
        return canonical.Party(
            id=record.id, name=record.name, currency=record.currency or self._currency, reference=record.reference,
            note=record.note, email=record.email, phone=record.phone, terms=self._name("term", record.terms),
            active=record.active,
            balance=self._money(self._state.ledger.vendor_balance(record.id)[1], record.currency),
            version=str(record.version), created_by=record.created_by, updated_by=record.updated_by,
        )  # fmt: skip

    def document(self, document: Sale | Bill) -> canonical.Document:
        return self.sale(document) if isinstance(document, Sale) else self.bill(document)

    def sale(self, sale: Sale) -> canonical.Document:
        return canonical.Document(
            id=sale.id, kind=sale.kind, number=sale.number, party=sale.customer, date=sale.date, due=sale.due,
            currency=sale.currency, lines=tuple(self._line(each, sale.currency) for each in sale.lines),
            taxes=tuple(self._tax(each, sale.currency) for each in sale.taxes),
            net=self._money(sale.net, sale.currency), tax=self._money(sale.tax, sale.currency),
            total=self._money(sale.total, sale.currency), open=self._money(sale.open, sale.currency),
            status=status_of(sale), rate=sale.rate,
            terms=self._name("term", sale.terms), tax_code=self._name("tax_code", sale.tax_code),
            cost_centre=self._name("class", sale.cost_centre), location=self._name("department", sale.location),
            reference=sale.reference, note=sale.note, memo=sale.memo, entity=self._entity, account=sale.account,
            tax_included=sale.tax_mode == "inclusive", tax_overridden=sale.tax_overridden, version=str(sale.version),
            created_at=sale.created_at, created_by=sale.created_by, updated_by=sale.updated_by,
        )  # fmt: skip

    def bill(self, bill: Bill) -> canonical.Document:
        total = self._money(bill.total, bill.currency)
        return canonical.Document(
            id=bill.id, kind=bill.kind, number=bill.number, party=bill.vendor, date=bill.date, due=bill.due,
            currency=bill.currency, lines=tuple(self._bill_line(each, bill.currency) for each in bill.lines), taxes=(),
            net=total, tax=self._money(Decimal(0), bill.currency), total=total,
            open=self._money(bill.open, bill.currency), status=status_of(bill), terms=self._name("term", bill.terms),
            location=self._name("department", bill.location), reference=bill.reference, note=bill.note,
            entity=self._entity, account=bill.account, rate=bill.rate, version=str(bill.version),
            created_at=bill.created_at, created_by=bill.created_by, updated_by=bill.updated_by,
        )  # fmt: skip

    def _bill_line(self, line: BillLine, currency: str) -> canonical.DocumentLine:
        return canonical.DocumentLine(
            id=line.id, kind="item", amount=self._money(line.amount, currency), description=line.description,
            item=self._name("item", line.item), quantity=line.quantity, unit_price=line.unit_price,
            account=line.account, cost_centre=self._name("class", line.cost_centre), taxable=False,
        )  # fmt: skip

    def payment(self, payment: Payment) -> canonical.Payment:
        applications = tuple(
            canonical.Application(
                document=each.document,
                amount=self._money(
                    -each.amount if is_credit(self._state, each.document, payment.party) else each.amount,
                    payment.currency,
                ),
            )
            for each in payment.applications
        )
        return canonical.Payment(
            id=payment.id, party=payment.party, date=payment.date,
            amount=self._money(payment.amount, payment.currency),
            unapplied=self._money(payment.unapplied, payment.currency), applications=applications,
            account=payment.deposit_account, kind="vendor" if payment.vendor else "customer", rate=payment.rate,
            number=payment.number or payment.reference, deposited=bool(payment.deposit),
            reference=payment.reference or payment.number, note=payment.note,
            status="void" if payment.void else "open", entity=self._entity, version=str(payment.version),
            created_at=payment.created_at, created_by=payment.created_by, updated_by=payment.updated_by,
        )  # fmt: skip

    def deposit(self, deposit: Deposit) -> canonical.Deposit:
        return canonical.Deposit(
            id=deposit.id, date=deposit.date, account=deposit.account,
            total=self._money(deposit.total, deposit.currency),
            lines=tuple(self._deposit_line(line, deposit.currency) for line in deposit.lines),
            note=deposit.note, entity=self._entity,
            created_at=deposit.created_at, created_by=deposit.created_by,
        )  # fmt: skip

    def _deposit_line(self, line: DepositLine, currency: str) -> canonical.DepositLine:
        return canonical.DepositLine(
            amount=self._money(line.amount, currency), payment=line.document,
            account="" if line.document else line.account, party=line.customer,
            memo=line.description,
        )  # fmt: skip

    def transfer(self, transfer: Transfer) -> canonical.Transfer:
        return canonical.Transfer(
            id=transfer.id, date=transfer.date, source=transfer.source, target=transfer.target,
            amount=self._money(transfer.amount, transfer.currency), note=transfer.note, entity=self._entity,
            created_at=transfer.created_at, created_by=transfer.created_by,
        )  # fmt: skip

    def open_items(self, journal: Journal) -> tuple[canonical.OpenItem, ...]:
        return tuple(
            canonical.OpenItem(
                entry=journal.id, party=each.customer, date=journal.date,
                amount=self._money(each.amount, journal.currency), open=self._money(each.open, journal.currency),
                note=journal.note, rate=journal.rate,
            )
            for each in journal.receivables
        )  # fmt: skip

    def entry(self, entry: Entry) -> canonical.Entry:
        document = self._state.document(entry.id)
        return canonical.Entry(
            id=entry.id, date=entry.date, source=entry.source, source_id=entry.id, number=entry.number, note=entry.note,
            entity=self._entity, created_at=document.created_at if document else None,
            created_by=document.created_by if document else "",
            lines=tuple(
                canonical.EntryLine(
                    account=posting.account, amount=self._money(posting.amount),
                    foreign=None if posting.foreign is None else self._money(posting.foreign, entry.currency),
                    party=posting.customer or posting.vendor,
                    cost_centre=self._name("class", posting.cost_centre),
                    location=self._name("department", posting.location), memo=posting.memo,
                )
                for posting in entry.postings
            ),
        )  # fmt: skip

    def _line(self, line: Line, currency: str) -> canonical.DocumentLine:
        code = self._name("tax_code", line.tax_code)
        if self._us and line.kind == "item":
            code = "TAX" if line.tax_code else "NON"
        return canonical.DocumentLine(
            id=line.id, kind=line.kind, amount=self._money(line.net, currency), description=line.description,
            item=self._name("item", line.item), quantity=line.quantity, unit_price=line.unit_price,
            account=line.account, tax_code=code, cost_centre=self._name("class", line.cost_centre),
            taxable=line.taxable,
        )  # fmt: skip

    def _tax(self, tax: TaxLine, currency: str) -> canonical.TaxGroup:
        return canonical.TaxGroup(
            code=self._name("tax_code", tax.code), rate=self._name("tax_rate", tax.rate), percent=tax.percent,
            base=self._money(tax.base, currency), tax=self._money(tax.tax, currency), account=tax.account,
        )  # fmt: skip

    def _name(self, kind: str, id: str) -> str:
        return self.names[kind].get(id, id)

    def _money(self, amount: Decimal, currency: str = "") -> Money:
        return Money(amount, currency or self._currency)


def status_of(sale: Sale | Bill) -> str:
    """open, partly_paid, paid or void; a credit memo is paid when it is used up."""
    if sale.void:
        return "void"
    if not sale.open:
        return "paid"
    return "open" if sale.open == sale.total else "partly_paid"
