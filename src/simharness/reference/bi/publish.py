"""Write, audit, publish: a version is built aside, checked, and shown at once; a failed audit shows nothing new."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

from simharness.reference.arithmetic.money import ZERO
from simharness.reference.arithmetic.recurring import Recurring, recurring_lines
from simharness.reference.bi import others, people, rows, settlement
from simharness.reference.bi.rows import Ledger, Row
from simharness.reference.bi.targets import Failed, Loader, target_at
from simharness.reference.invoicing.crm import Crm
from simharness.reference.ledger.journal import postings
from simharness.reference.mapping.model import Account
from simharness.reference.mapping.model import Mapping as Mapped
from simharness.reference.payroll.run import Run
from simharness.reference.vendors.http import Json
from simharness.reference.vendors.quickbooks import QuickBooks

_HERE = Path(__file__).parent
_ENTITIES = (
    "Account", "Customer", "Invoice", "CreditMemo", "SalesReceipt", "RefundReceipt", "Payment", "TaxCode", "TaxRate",
)  # fmt: skip
#: Records may bear a day that is still to come.
_AHEAD = timedelta(days=366)
#: Accounts of the mapping that BI knows by what they are for.
PURPOSES = (
    "bank", "gateway_clearing", "payouts_in_transit", "undeposited", "unmatched", "deposits", "discounts_given",
    "settlement_discounts", "fees", "bank_charges", "write_offs", "exchange_gain", "tax_payable",
    "deferred_revenue", "wages", "employer_taxes", "employer_benefits", "reimbursements",
)  # fmt: skip

Listed = Mapping[tuple[str, str], Decimal]


def publish(
    url: str,
    quickbooks: QuickBooks,
    crm: Crm,
    mapping: Mapped,
    listed: Listed,
    taken: Mapping[str, str],
    runs: Sequence[Run],
    recurring: Sequence[Recurring],
) -> str:
    """Publish the ledger as it stands; "" when a new version is visible, else what the audit or the target says.
    Raises as the clients do. `taken` are the references of invoices that other programs wrote, by id; `runs` are the
    payrolls in the books; `recurring` the recurring lines of won deals, as often as they changed.
    """
    target = target_at(url)
    now = datetime.now(UTC)
    ledger = _read(quickbooks, crm, mapping, listed, taken, now, recurring)

    def build(loader: Loader, version: str) -> list[str]:
        loader.run((_HERE / "tables.sql").read_text(encoding="utf-8"))
        _fill(loader, ledger, runs, mapping, version, now)
        return [str(problem) for (problem,) in loader.ask((_HERE / "audit.sql").read_text(encoding="utf-8"))]

    try:
        return "; ".join(target.publish(build))
    except Failed as failed:
        return str(failed)


def _read(
    quickbooks: QuickBooks,
    crm: Crm,
    mapping: Mapped,
    listed: Listed,
    taken: Mapping[str, str],
    now: datetime,
    recurring: Sequence[Recurring],
) -> Ledger:
    abroad = ("JournalEntry",) if mapping.company.policies.currencies else ()
    found = quickbooks.tables(*_ENTITIES, *abroad)
    found["Invoice"] = others.taken_over(found["Invoice"], taken)
    found["Customer"] = others.of_companies(found["Customer"], mapping.company.policies.invoices.company)
    unknown = sorted(_unlisted(found["Invoice"] + found["CreditMemo"], listed), key=int)
    dimensions = mapping.dimensions
    return Ledger(
        accounts=found["Account"],
        customers=found["Customer"],
        invoices=found["Invoice"],
        credit_memos=found["CreditMemo"],
        sales_receipts=found["SalesReceipt"],
        refund_receipts=found["RefundReceipt"],
        payments=found["Payment"],
        tax_codes=found["TaxCode"],
        tax_rates=found["TaxRate"],
        postings=postings(quickbooks, now.astimezone(mapping.zone()).date() + _AHEAD),
        recurring=recurring,
        currency=mapping.company.currency,
        listed=listed,
        prices=crm.list_prices(unknown),
        tax_accounts=_ids(found["Account"], mapping.accounts["tax_payable"]),
        roles={
            found_id: purpose
            for purpose in PURPOSES
            if purpose in mapping.accounts
            for found_id in _ids(found["Account"], mapping.accounts[purpose])
        },
        contra_account=next(iter(_ids(found["Account"], mapping.accounts["discounts_given"])), ""),
        cost_centres={name: code for code, name in dimensions.cost_centres.items()},
        locations={name: code for code, name in dimensions.locations.items()},
        journals=found.get("JournalEntry", []),
    )


def _ids(found: Iterable[Json], account: Account) -> frozenset[str]:
    """The ledger's ids of an account of the mapping: by its number, or its name."""
    return frozenset(
        str(each["Id"])
        for each in found
        if account.name == each["Name"] or (account.number and account.number == each.get("AcctNum"))
    )


def _unlisted(documents: Iterable[Json], listed: Listed) -> set[str]:
    """Deal lines on documents that this connector's memory does not know."""
    found: set[str] = set()
    for each in documents:
        note = str(each.get("PrivateNote") or "").partition(" lines:")[2].partition(" ")[0]
        found |= {line for line in note.split(",") if line.isdecimal() and (str(each["Id"]), line) not in listed}
    return found


def _fill(loader: Loader, ledger: Ledger, runs: Sequence[Run], mapping: Mapped, version: str, now: datetime) -> None:
    cents = mapping.cents()
    debits = sum((each.amount for each in ledger.postings if each.amount > 0), ZERO)
    company = mapping.company
    published = now.replace(tzinfo=None)
    entity = next((entity for entity in company.entities if entity), company.name)
    meta = (version, published, entity, company.currency, company.time_zone, len(ledger.postings), debits)
    tables: tuple[tuple[str, Callable[[], Iterator[Row]]], ...] = (
        ("meta", lambda: iter([meta])),
        ("dim_account", lambda: rows.accounts(ledger)),
        ("dim_customer", lambda: rows.customers(ledger)),
        ("fct_document", lambda: rows.documents(ledger)),
        ("fct_document_line", lambda: rows.document_lines(ledger, cents)),
        ("fct_document_tax", lambda: rows.document_taxes(ledger)),
        ("fct_payment", lambda: rows.payments(ledger)),
        ("fct_open_item", lambda: settlement.open_items(ledger)),
        ("fct_application", lambda: settlement.applications(ledger)),
        ("fct_recurring_line", lambda: recurring_lines(ledger.recurring, cents)),
        ("fct_payroll_component", lambda: people.components(runs)),
        ("fct_journal_line", lambda: rows.journal(ledger)),
    )
    for table, produce in tables:
        loader.insert(table, produce())
