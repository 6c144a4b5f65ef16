"""Write, audit, publish: a version is built aside, checked, and shown by an atomic rename; a failed audit shows
nothing new.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import duckdb

from simharness.reference.bi import rows
from simharness.reference.bi.journal import postings
from simharness.reference.bi.rows import Ledger, Row
from simharness.reference.crm import Crm
from simharness.reference.errors import ConfigurationError
from simharness.reference.mapping.model import Account
from simharness.reference.mapping.model import Mapping as Mapped
from simharness.reference.money import ZERO
from simharness.reference.vendors.http import Json
from simharness.reference.vendors.quickbooks import QuickBooks

_SCHEME, _SUFFIX = "duckdb://", ".duckdb"
_HERE = Path(__file__).parent
#: Rows of one INSERT.
_BATCH = 200

Listed = Mapping[tuple[str, str], Decimal]


def publish(url: str, quickbooks: QuickBooks, crm: Crm, mapping: Mapped, listed: Listed) -> str:
    """Publish the ledger as it stands; "" when a new version is visible, else what the audit found. Raises as the
    clients do.
    """
    folder = _folder(url)
    folder.mkdir(parents=True, exist_ok=True)
    now = datetime.now(UTC)
    ledger = _read(quickbooks, crm, mapping, listed, now)
    version = f"{_latest(folder) + 1:08d}"
    aside = folder / f"{version}{_SUFFIX}.tmp"
    aside.unlink(missing_ok=True)
    connection = duckdb.connect(str(aside), config={"threads": 1})
    try:
        connection.execute((_HERE / "tables.sql").read_text(encoding="utf-8"))
        _fill(connection, ledger, mapping, version, now)
        problems = connection.execute((_HERE / "audit.sql").read_text(encoding="utf-8")).fetchall()
    finally:
        connection.close()
    if problems:
        aside.unlink()
        return "; ".join(str(problem) for (problem,) in problems)
    aside.rename(folder / f"{version}{_SUFFIX}")
    return ""


def _read(quickbooks: QuickBooks, crm: Crm, mapping: Mapped, listed: Listed, now: datetime) -> Ledger:
    found = quickbooks.tables("Account", "Customer", "Invoice", "CreditMemo", "Payment", "TaxCode", "TaxRate")
    unknown = sorted(_unlisted(found["Invoice"] + found["CreditMemo"], listed), key=int)
    dimensions = mapping.dimensions
    return Ledger(
        accounts=found["Account"],
        customers=found["Customer"],
        invoices=found["Invoice"],
        credit_memos=found["CreditMemo"],
        payments=found["Payment"],
        tax_codes=found["TaxCode"],
        tax_rates=found["TaxRate"],
        postings=postings(quickbooks, now.astimezone(mapping.zone()).date()),
        listed=listed,
        prices=crm.list_prices(unknown),
        tax_accounts=_ids(found["Account"], mapping.accounts["tax_payable"]),
        contra_account=next(iter(_ids(found["Account"], mapping.accounts["discounts_given"])), ""),
        cost_centres={name: code for code, name in dimensions.cost_centres.items()},
        locations={name: code for code, name in dimensions.locations.items()},
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
        note = str(each.get("PrivateNote") or "").partition(" lines:")[2]
        found |= {line for line in note.split(",") if line.isdecimal() and (str(each["Id"]), line) not in listed}
    return found


def _fill(connection: duckdb.DuckDBPyConnection, ledger: Ledger, mapping: Mapped, version: str, now: datetime) -> None:
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
        ("fct_application", lambda: rows.applications(ledger)),
        ("fct_journal_line", lambda: rows.journal(ledger)),
    )
    connection.begin()
    for table, produce in tables:
        _insert(connection, table, list(produce()))
    connection.commit()


def _insert(connection: duckdb.DuckDBPyConnection, table: str, found: list[Row]) -> None:
    """Rows in batches: one statement a row costs more than the row."""
    for start in range(0, len(found), _BATCH):
        batch = found[start : start + _BATCH]
        one = f"({', '.join('?' * len(batch[0]))})"
        places = ", ".join([one] * len(batch))
        connection.execute(
            f"INSERT INTO {table} VALUES {places}",  # noqa: S608 - a table of tables.sql; values are bound
            [value for row in batch for value in row],
        )


def _latest(folder: Path) -> int:
    numbers = [each.name.removesuffix(_SUFFIX) for each in folder.iterdir() if each.name.endswith(_SUFFIX)]
    return max((int(number) for number in numbers if number.isdecimal()), default=0)


def _folder(url: str) -> Path:
    if not url.startswith(_SCHEME):
        raise ConfigurationError(f"{url!r} is no sink", where="CONNECTOR_BI_URL", mend="use duckdb:///folder")
    return Path(url.removeprefix(_SCHEME))
