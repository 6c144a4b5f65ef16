"""The examples of the dictionary are right in themselves: they add up, and income stands on the credit side."""

from __future__ import annotations

import re
from decimal import Decimal
from functools import cache

import pytest

from simharness.stories.dictionaries import load_dictionary
from simharness.stories.guide.entries import entries
from simharness.stories.guide.entry import Entry
from tests.repo import tree

_MONEY = re.compile(r"USD (-?[\d,]+\.\d\d)")
_ACCOUNT = re.compile(r"\b(\d{4}) ")
_ON_CREDIT = ("income", "payable", "current_liability", "long_term_liability", "equity", "other_income")
_SALES_TAX = Decimal("0.08625")


@cache
def _entries() -> dict[str, Entry]:
    return {entry.pattern: entry for entry in entries()}


def _amounts(text: str) -> list[Decimal]:
    return [Decimal(found.replace(",", "")) for found in _MONEY.findall(text)]


def _column(entry: Entry, header: str) -> list[Decimal]:
    headers, *rows = entry.tables[0].rows
    return [amount for row in rows for amount in _amounts(row[headers.index(header)])]


def _said(verb: str, *, header: str = "") -> list[Entry]:
    """The sentences of a verb, or those of it whose table has a column."""
    found = [each for each in _entries().values() if each.verb == verb]
    return [each for each in found if not header or (each.tables and header in each.tables[0].rows[0])]


@pytest.mark.parametrize("verb", ["ledger.posts", "payroll.journal_of", "close.adjustment", "close.adjustment_posted"])
def test_debits_are_credits(verb: str) -> None:
    for entry in _said(verb, header="debit"):
        assert sum(_column(entry, "debit")) == sum(_column(entry, "credit")) > 0, entry.pattern


@pytest.mark.parametrize("verb", ["ledger.balances", "close.trial_balance"])
def test_balances_come_to_nothing(verb: str) -> None:
    assert [sum(_column(entry, "balance")) for entry in _said(verb, header="balance")] == [0]


def test_what_stands_on_the_credit_side_is_negative_where_debit_is_positive() -> None:
    kinds = {
        each.number: each.kind for each in load_dictionary(tree.ROOT / "scenarios/dictionaries/us-people.yaml").accounts
    }
    seen = 0
    for verb in ("ledger.balances", "ledger.account_moves", "ledger.account_holds", "close.trial_balance"):
        for entry in _said(verb):
            for line in (entry.example, *(" ".join(row) for table in entry.tables for row in table.rows)):
                for number, amount in zip(_ACCOUNT.findall(line), _amounts(line), strict=False):
                    assert (amount < 0) == (kinds[number] in _ON_CREDIT), line
                    seen += 1
    assert seen >= 8


@pytest.mark.parametrize("verb", ["crediting.credit", "gateway.refunds"])
def test_a_credit_is_its_lines_with_their_tax(verb: str) -> None:
    found = _said(verb, header="line")
    assert found
    for entry in found:
        assert _amounts(entry.example) == [sum(_column(entry, "amount")) * (1 + _SALES_TAX)], entry.pattern


def test_an_invoice_totals_what_its_deal_sells_and_the_tax() -> None:
    by_pattern = _entries()
    (net,), (tax,), (total,) = (
        _amounts(by_pattern[pattern].example)
        for pattern in ("{invoice} nets {money}", "{invoice} carries {money} of tax", "{invoice} totals {money}")
    )
    headers, *rows = by_pattern["a deal {string} with {string} and these lines:"].tables[0].rows
    sold = Decimal(0)
    for row in rows:
        cells = dict(zip(headers, row, strict=True))
        less = Decimal(cells["discount"].rstrip("%") or 0) / 100
        sold += Decimal(cells["quantity"]) * _amounts(cells["unit price"])[0] * (1 - less)
    assert (net, tax, total) == (sold, sold * _SALES_TAX, net + tax)
    assert sum(_column(by_pattern["{invoice} has these lines:"], "net")) == net


def test_a_wire_is_its_invoices_less_the_fee() -> None:
    for entry in _said("bank.wire_arrives", header="amount"):
        arrived, *fee = _amounts(entry.example)
        assert arrived + sum(fee) == sum(_column(entry, "amount")), entry.pattern
