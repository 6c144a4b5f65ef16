"""A small company's curated tables, written by hand, for laws about metrics."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from decimal import Decimal

import duckdb

from simharness.bi.tables import ddl

D = Decimal
JAN, FEB = date(2026, 1, 12), date(2026, 2, 3)

#: One invoice of 1,000.00 (list 1,100.00) with 10 % tax in January, due 11 February; 400.00 paid on 3 February; a
#: second customer's invoice of 200.00 without tax in February, due 5 March, of which a credit of 50.00 settles part;
#: 30.00 of 60.00 paid without reference stays unapplied.
ROWS: dict[str, list[tuple[object, ...]]] = {
    "meta": [("1", datetime(2026, 2, 28), "main", "USD", "UTC", 13, D("1710.00"))],
    "dim_account": [
        ("1", "1100", "Receivable", "receivable", False),
        ("2", "2200", "Tax", "current_liability", True),
        ("3", "4010", "Hardware", "income", False),
        ("4", "4020", "Services", "income", False),
        ("5", "1150", "Clearing", "current_asset", False),
        ("6", "4900", "Discounts", "contra_income", False),
        ("7", "1000", "Bank", "bank", False),
    ],
    "dim_customer": [("g", "c1", "Globex"), ("i", "c2", "Initech")],
    "fct_document": [
        ("a", "invoice", "1", "g", "d1", JAN, date(2026, 2, 11), "USD", D(1000), D(100), D(1100), D(700), False),
        ("b", "invoice", "2", "i", "d2", FEB, date(2026, 3, 5), "USD", D(200), D(0), D(200), D(150), False),
        ("c", "credit_memo", "3", "i", "d2", FEB, None, "USD", D(50), D(0), D(50), D(0), False),
        ("v", "invoice", "4", "i", "", FEB, FEB, "USD", D(0), D(0), D(0), D(0), True),
    ],
    "fct_document_line": [
        ("a", 1, "l1", "Printer", "3", D(1), D(1100), D(100), D(1000), "T", "CC1", ""),
        ("b", 1, "l2", "Service", "4", D(1), D(200), D(0), D(200), "N", "CC2", ""),
        ("c", 1, "l2", "Service", "4", D(1), D(50), D(0), D(50), "N", "CC2", ""),
    ],
    "fct_document_tax": [("a", "T", "T", D(10), D(1000), D(100))],
    "fct_payment": [
        ("p", "g", FEB, "USD", D(400), D(0), "5"),
        ("q", "i", FEB, "USD", D(60), D(30), "5"),
    ],
    "fct_application": [
        ("payment", "p", "a", FEB, D(400)),
        ("payment", "q", "b", FEB, D(30)),
        ("credit_memo", "c", "b", FEB, D(50)),
    ],
    "fct_journal_line": [
        ("ja", 1, JAN, "1", D(1100), "g", "", "", "invoice", "a"),
        ("ja", 2, JAN, "3", D(-1000), "", "CC1", "", "invoice", "a"),
        ("ja", 3, JAN, "2", D(-100), "", "", "", "invoice", "a"),
        ("jb", 1, FEB, "1", D(200), "i", "", "", "invoice", "b"),
        ("jb", 2, FEB, "4", D(-200), "", "CC2", "", "invoice", "b"),
        ("jc", 1, FEB, "1", D(-50), "i", "", "", "credit_memo", "c"),
        ("jc", 2, FEB, "4", D(50), "", "CC2", "", "credit_memo", "c"),
        ("jp", 1, FEB, "5", D(400), "", "", "", "payment", "p"),
        ("jp", 2, FEB, "1", D(-400), "g", "", "", "payment", "p"),
        ("jq", 1, FEB, "5", D(60), "", "", "", "payment", "q"),
        ("jq", 2, FEB, "1", D(-60), "i", "", "", "payment", "q"),
        ("jt", 1, date(2026, 2, 20), "2", D(40), "", "", "", "journal", "t"),
        ("jt", 2, date(2026, 2, 20), "7", D(-40), "", "", "", "journal", "t"),
    ],
}


def fill(connection: duckdb.DuckDBPyConnection) -> None:
    """Make the curated tables and put the company into them."""
    connection.execute(ddl())
    for table, rows in ROWS.items():
        marks = ", ".join("?" * len(rows[0]))
        connection.executemany(f"INSERT INTO {table} VALUES ({marks})", rows)  # noqa: S608 - names of this module


@contextmanager
def company() -> Iterator[duckdb.DuckDBPyConnection]:
    connection = duckdb.connect(":memory:", config={"threads": 1})
    try:
        fill(connection)
        yield connection
    finally:
        connection.close()
