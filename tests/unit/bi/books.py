"""A small company's curated tables, written by hand, for laws about metrics; on DuckDB and on PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from decimal import Decimal

import duckdb

from simharness.bi.postgres import PostgresSink
from simharness.bi.session import DuckDbSession, Session
from simharness.bi.sink import in_duckdb
from simharness.bi.tables import ddl
from tests.postgres import Server

D = Decimal
ONE = D(1)
JAN, FEB, DAY20 = date(2026, 1, 12), date(2026, 2, 3), date(2026, 2, 20)
MAR, APR = date(2026, 3, 10), date(2026, 4, 2)
FIRST, PAID, LAST = date(2026, 5, 1), date(2026, 5, 29), date(2026, 5, 31)
#: Net pay of a payroll in May and what it is made of: of 1,050.00, 50.00 are not in cash; 100.00 go to a plan, 76.50 to
#: taxes, 43.50 to a creditor, 20.00 are given back for expenses: 800.00. The employer adds 76.50 of taxes.
PAYROLL = (
    ("earning", "salary", "CC1", True, D(800)),
    ("earning", "salary", "CC2", True, D(200)),
    ("earning", "non_cash", "CC1", False, D(50)),
    ("deduction", "retirement_401k", "", True, D(100)),
    ("employee_tax", "us_medicare", "", True, D("76.50")),
    ("garnishment", "garnishment", "", True, D("43.50")),
    ("reimbursement", "reimbursement", "CC1", True, D(20)),
    ("employer_tax", "us_medicare", "CC1", True, D("76.50")),
    ("net", "direct_deposit", "", True, D(800)),
)

#: One invoice of 1,000.00 (list 1,100.00) with 10 % tax in January, due 11 February; 400.00 paid on 3 February; a
#: second customer's invoice of 200.00 without tax in February, due 5 March, of which a credit of 50.00 settles part;
#: 30.00 of 60.00 paid without reference stays unapplied. The gateway keeps 11.90 and 2.04. In March 100.00 of the
#: 400.00 is disputed: a debit on the receivable, to which the payment's application moves; 30.00 overpaid go back.
#: In April 120.00 of the second invoice is written off, and a sale of 80.00 for cash is refunded on the same day.
#: Both run a subscription: 40.00 a month from 12 January on, and 1,000.00 a year in February only.
ROWS: dict[str, list[tuple[object, ...]]] = {
    "meta": [("1", datetime(2026, 4, 30), "main", "USD", "UTC", 39, D("3023.94"))],
    "dim_account": [
        ("1", "1100", "Receivable", "receivable", False, ""),
        ("2", "2200", "Tax", "current_liability", True, "tax_payable"),
        ("3", "4010", "Hardware", "income", False, ""),
        ("4", "4020", "Services", "income", False, ""),
        ("5", "1150", "Clearing", "current_asset", False, "gateway_clearing"),
        ("6", "4900", "Discounts", "contra_income", False, "discounts_given"),
        ("7", "1000", "Bank", "bank", False, "bank"),
        ("8", "6100", "Fees", "expense", False, "fees"),
        ("9", "6200", "Bad debt", "expense", False, "write_offs"),
        ("60", "6000", "Wages", "expense", False, "wages"),
        ("61", "6010", "Payroll taxes", "expense", False, "employer_taxes"),
        ("63", "6030", "Reimbursements", "expense", False, "reimbursements"),
        ("21", "2100", "Payroll clearing", "current_liability", False, ""),
        ("10", "2400", "Deferred", "current_liability", False, "deferred_revenue"),
        ("11", "1900", "Other", "current_asset", False, ""),
    ],
    "dim_customer": [("g", "c1", "Globex", "USD"), ("i", "c2", "Initech", "USD")],
    "fct_document": [
        ("a", "invoice", "1", "g", "d1", JAN, date(2026, 2, 11), "USD", D(1000), D(100), D(1100), D(800), False, ONE),
        ("b", "invoice", "2", "i", "d2", FEB, date(2026, 3, 5), "USD", D(200), D(0), D(200), D(30), False, ONE),
        ("c", "credit_memo", "3", "i", "d2", FEB, None, "USD", D(50), D(0), D(50), D(0), False, ONE),
        ("v", "invoice", "4", "i", "", FEB, FEB, "USD", D(0), D(0), D(0), D(0), True, ONE),
        ("s", "sales_receipt", "5", "i", "", APR, None, "USD", D(80), D(0), D(80), D(0), False, ONE),
        ("r", "refund_receipt", "6", "i", "", APR, None, "USD", D(80), D(0), D(80), D(0), False, ONE),
    ],
    "fct_document_line": [
        ("a", 1, "l1", "Printer", "3", D(1), D(1100), D(100), D(1000), "T", "CC1", ""),
        ("b", 1, "l2", "Service", "4", D(1), D(200), D(0), D(200), "N", "CC2", ""),
        ("c", 1, "l2", "Service", "4", D(1), D(50), D(0), D(50), "N", "CC2", ""),
        ("s", 1, "", "Service", "4", D(1), D(80), D(0), D(80), "N", "CC2", ""),
        ("r", 1, "", "Service", "4", D(1), D(80), D(0), D(80), "N", "CC2", ""),
    ],
    "fct_document_tax": [("a", "T", "T", D(10), D(1000), D(100))],
    "fct_payment": [
        ("p", "g", FEB, "USD", D(400), D(0), "5", ONE),
        ("q", "i", FEB, "USD", D(60), D(0), "5", ONE),
    ],
    "fct_open_item": [
        ("jd:g", "jd", "g", MAR, "USD", D(100), D(0), ONE),
        ("jo:i", "jo", "i", MAR, "USD", D(30), D(0), ONE),
        ("jw:i", "jw", "i", APR, "USD", D(-120), D(-30), ONE),
    ],
    "fct_application": [
        ("payment", "p", "invoice", "a", FEB, D(300)),
        ("payment", "p", "journal", "jd:g", MAR, D(100)),
        ("payment", "q", "invoice", "b", FEB, D(30)),
        ("payment", "q", "journal", "jo:i", MAR, D(30)),
        ("credit_memo", "c", "invoice", "b", FEB, D(50)),
        ("journal", "jw:i", "invoice", "b", APR, D(90)),
    ],
    "fct_recurring_line": [
        ("l3", 0, "d1", "Seat", "monthly", JAN, None, "USD", D(40)),
        # 1,000.00 / 12 = 83.333… → 83.33
        ("l4", 0, "d2", "Support", "annually", date(2026, 2, 1), date(2026, 2, 28), "USD", D("83.33")),
        ("l5", 0, "d3", "Seat", "monthly", JAN, None, "EUR", D(9)),
    ],
    "fct_payroll_component": [
        ("r1", kind, code, centre, PAID, FIRST, LAST, cash, amount) for kind, code, centre, cash, amount in PAYROLL
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
        ("jt", 1, DAY20, "2", D(40), "", "", "", "journal", "t"),
        ("jt", 2, DAY20, "7", D(-40), "", "", "", "journal", "t"),
        ("jf", 1, FEB, "8", D("13.94"), "", "", "", "journal", "f"),
        ("jf", 2, FEB, "5", D("-13.94"), "", "", "", "journal", "f"),
        ("jd", 1, MAR, "1", D(100), "g", "", "", "journal", "jd"),
        ("jd", 2, MAR, "5", D(-100), "", "", "", "journal", "jd"),
        ("jo", 1, MAR, "1", D(30), "i", "", "", "journal", "jo"),
        ("jo", 2, MAR, "5", D(-30), "", "", "", "journal", "jo"),
        ("jw", 1, APR, "9", D(120), "", "", "", "journal", "jw"),
        ("jw", 2, APR, "1", D(-120), "i", "", "", "journal", "jw"),
        ("js", 1, APR, "7", D(80), "", "", "", "sales_receipt", "s"),
        ("js", 2, APR, "4", D(-80), "", "CC2", "", "sales_receipt", "s"),
        ("jr", 1, APR, "7", D(-80), "", "", "", "refund_receipt", "r"),
        ("jr", 2, APR, "4", D(80), "", "CC2", "", "refund_receipt", "r"),
        ("jy", 1, LAST, "60", D(800), "", "CC1", "", "journal", "y"),
        ("jy", 2, LAST, "60", D(200), "", "CC2", "", "journal", "y"),
        ("jy", 3, LAST, "61", D("76.50"), "", "CC1", "", "journal", "y"),
        ("jy", 4, LAST, "63", D(20), "", "CC1", "", "journal", "y"),
        ("jy", 5, LAST, "21", D("-1096.50"), "", "", "", "journal", "y"),
        ("ju", 1, JAN, "10", D(-300), "", "", "", "invoice", "ju"),
        ("ju", 2, JAN, "11", D(300), "", "", "", "invoice", "ju"),
        ("jk", 1, FEB, "10", D(50), "", "", "", "credit_memo", "jk"),
        ("jk", 2, FEB, "11", D(-50), "", "", "", "credit_memo", "jk"),
        ("jn", 1, FEB, "10", D(100), "", "", "", "journal", "jn"),
        ("jn", 2, FEB, "11", D(-100), "", "", "", "journal", "jn"),
    ],
}


def fill(session: Session) -> None:
    """Make the curated tables and put the company into them."""
    session.run(ddl())
    for table, rows in ROWS.items():
        session.insert(table, rows)


def fill_file(connection: duckdb.DuckDBPyConnection) -> None:
    """The same in an open DuckDB file."""
    fill(DuckDbSession(connection))


@contextmanager
def company(server: Server | None = None) -> Iterator[Session]:
    """A session on the company's tables, in memory or on a PostgreSQL server."""
    if server is None:
        with in_duckdb() as session:
            fill(session)
            yield session
        return
    sink = PostgresSink(server.database())
    sink.publish("1", fill)
    with sink.open("1") as session:
        yield session
