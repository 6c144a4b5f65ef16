"""The harness's own loader, for connectors that publish no BI: canonical records to curated tables, one to one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal
from types import MappingProxyType

from simharness.bi.payroll import components
from simharness.bi.session import Row, Session
from simharness.core.errors import HarnessFault
from simharness.core.money import exponent
from simharness.domain.books import Document, LedgerSnapshot
from simharness.domain.crm import Deal, DealLine
from simharness.domain.dictionary import Dictionary
from simharness.domain.policy import Rounding
from simharness.domain.snapshot import WorldSnapshot

#: Documents of customers.
_SALES = ("invoice", "credit_memo", "sales_receipt", "refund_receipt")
#: How often a line of a deal bills: so many times in so many months. Source: the CRM's billing frequencies.
_FREQUENCIES = MappingProxyType(
    {
        "weekly": (52, 12),
        "biweekly": (26, 12),
        "monthly": (1, 1),
        "quarterly": (1, 3),
        "per_six_months": (1, 6),
        "annually": (1, 12),
        "yearly": (1, 12),
        "per_two_years": (1, 24),
        "per_three_years": (1, 36),
        "per_four_years": (1, 48),
        "per_five_years": (1, 60),
    }
)


def version_of(world: WorldSnapshot) -> str:
    """How the tables of a snapshot are called: by its instant."""
    return world.at.strftime("%Y%m%dT%H%M%SZ")


def load(session: Session, world: WorldSnapshot, dictionary: Dictionary) -> None:
    """Fill the empty curated tables from the ledger of the dictionary's entity, else the main one, and from the CRM.
    What an account is for, the dictionary says.

    Lines carry no list price: what a ledger keeps is net, so discounts are zero unless a connector's own BI knows
    better.
    """
    ledger = world.ledger(dictionary.entity) or world.ledger()
    if ledger is None:
        raise HarnessFault("this world has no ledger to load BI from")
    documents = [each for each in ledger.documents if each.kind in _SALES]
    debits = sum((line.amount.amount for e in ledger.entries for line in e.lines if line.amount.amount > 0), Decimal(0))
    count = sum(len(entry.lines) for entry in ledger.entries)
    naive = world.at.replace(tzinfo=None)
    meta = (version_of(world), naive, ledger.entity, ledger.currency, ledger.time_zone, count, debits)
    session.insert("meta", [meta])
    session.insert("dim_account", _accounts(ledger, dictionary))
    session.insert("dim_customer", ((party.id, "", party.name, party.currency) for party in ledger.parties))
    session.insert("fct_document", (_document(document) for document in documents))
    session.insert("fct_document_line", _lines(documents))
    session.insert("fct_document_tax", _taxes(documents))
    session.insert("fct_payment", _payments(ledger))
    session.insert("fct_open_item", _open_items(ledger))
    session.insert("fct_application", _applications(ledger))
    alone = len(world.ledgers) == 1
    deals = [deal for deal in (world.crm.deals if world.crm else ()) if alone or deal.entity == ledger.entity]
    session.insert("fct_recurring_line", _recurring(deals, dictionary.policy.rounding))
    payroll = world.payroll(dictionary.entity)
    session.insert("fct_payroll_component", components(payroll) if payroll is not None else ())
    session.insert("fct_journal_line", _journal(ledger))


def _accounts(ledger: LedgerSnapshot, dictionary: Dictionary) -> Iterator[Row]:
    taxes = {code.account for code in dictionary.tax_codes}
    roles = {account.number: account.role for account in dictionary.accounts if account.role in _ROLES}
    for account in ledger.accounts:
        role = roles.get(account.number, "") if account.number else ""
        yield account.id, account.number, account.name, account.kind, account.number in taxes, role


#: Purposes that the curated tables tell; others are seen by the kind of the account.
_ROLES = (
    "bank", "gateway_clearing", "payouts_in_transit", "undeposited", "unmatched", "deposits", "discounts_given",
    "settlement_discounts", "fees", "bank_charges", "write_offs", "exchange_gain", "tax_payable",
    "deferred_revenue", "wages", "employer_taxes", "employer_benefits", "reimbursements",
)  # fmt: skip


def _document(document: Document) -> Row:
    return (
        document.id,
        document.kind,
        document.number,
        document.party,
        "",
        document.date,
        document.due,
        document.currency,
        document.net.amount,
        document.tax.amount,
        document.total.amount,
        document.open.amount,
        document.status == "void",
        document.rate or Decimal(1),
    )


def _lines(documents: Iterable[Document]) -> Iterator[Row]:
    for document in documents:
        kept = [line for line in document.lines if line.kind in ("item", "discount")]
        for number, line in enumerate(kept, start=1):
            net = -line.amount.amount if line.kind == "discount" else line.amount.amount
            yield (
                document.id, number, "", line.item, line.account, line.quantity, net, Decimal(0), net, line.tax_code,
                line.cost_centre, document.location,
            )  # fmt: skip


def _taxes(documents: Iterable[Document]) -> Iterator[Row]:
    for document in documents:
        for tax in document.taxes:
            yield document.id, tax.code, tax.rate, tax.percent, tax.base.amount, tax.tax.amount


def _payments(ledger: LedgerSnapshot) -> Iterator[Row]:
    for payment in ledger.payments:
        if payment.kind == "customer" and payment.status != "void" and payment.amount:
            yield (
                payment.id, payment.party, payment.date, payment.amount.currency, payment.amount.amount,
                payment.unapplied.amount, payment.account, payment.rate or Decimal(1),
            )  # fmt: skip


def _item_id(entry: str, party: str) -> str:
    return f"{entry}:{party}"


def _open_items(ledger: LedgerSnapshot) -> Iterator[Row]:
    for item in ledger.open_items:
        rate = Decimal(1) if item.rate is None else item.rate
        yield (
            _item_id(item.entry, item.party), item.entry, item.party, item.date, item.amount.currency,
            item.amount.amount, item.open.amount, rate,
        )  # fmt: skip


def _applications(ledger: LedgerSnapshot) -> Iterator[Row]:
    """Who settled what: within a payment, the credits it uses up settle its debits first, in order."""
    kinds = {document.id: document for document in ledger.documents}
    days = {(document.kind, document.id): document.date for document in ledger.documents}
    days |= {("journal", _item_id(item.entry, item.party)): item.date for item in ledger.open_items}
    sums: dict[tuple[str, str, str, str, date], Decimal] = {}
    for payment in ledger.payments:
        if payment.kind != "customer" or payment.status == "void":
            continue
        parts = [
            (kinds[a.document].kind, a.document, a.amount.amount)
            if a.document in kinds
            else ("journal", _item_id(a.document, payment.party), a.amount.amount)
            for a in payment.applications
        ]
        credits = [(kind, source, -amount) for kind, source, amount in parts if amount < 0]
        for kind, settled, amount in parts:
            rest, day = amount, max(payment.date, days.get((kind, settled), payment.date))
            while rest > 0 and credits:
                source_kind, source, left = credits.pop(0)
                part = min(rest, left)
                on = max(day, days.get((source_kind, source), day))
                _add(sums, (source_kind, source, kind, settled, on), part)
                rest -= part
                if left > part:
                    credits.insert(0, (source_kind, source, left - part))
            if rest > 0:
                _add(sums, ("payment", payment.id, kind, settled, day), rest)
    return ((*key, amount) for key, amount in sums.items())


def _add(
    sums: dict[tuple[str, str, str, str, date], Decimal], key: tuple[str, str, str, str, date], part: Decimal
) -> None:
    sums[key] = sums.get(key, Decimal(0)) + part


def _recurring(deals: Iterable[Deal], rounding: Rounding) -> Iterator[Row]:
    for deal in deals:
        for line in deal.lines if deal.stage == "won" else ():
            if line.recurring in _FREQUENCIES:
                yield (
                    line.id, 0, deal.id, line.product, line.recurring, line.service_from, line.service_to,
                    line.unit_price.currency, _a_month(line, rounding),
                )  # fmt: skip


def _a_month(line: DealLine, rounding: Rounding) -> Decimal:
    def rounded(value: Decimal) -> Decimal:
        half = ROUND_HALF_EVEN if rounding is Rounding.HALF_EVEN else ROUND_HALF_UP
        return value.quantize(Decimal(1).scaleb(-exponent(line.unit_price.currency)), half)

    amount = rounded(line.quantity * line.unit_price.amount)
    if line.discount_amount is not None:
        amount -= line.discount_amount.amount
    elif line.discount_percent is not None:
        amount -= rounded(amount * line.discount_percent / 100)
    times, months = _FREQUENCIES[line.recurring]
    return rounded(amount * times / months)


def _journal(ledger: LedgerSnapshot) -> Iterator[Row]:
    for entry in ledger.entries:
        for number, line in enumerate(entry.lines, start=1):
            yield (
                entry.id, number, entry.date, line.account, line.amount.amount, line.party, line.cost_centre,
                line.location, entry.source, entry.source_id,
            )  # fmt: skip
