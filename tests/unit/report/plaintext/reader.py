"""A small reader of what Beancount and hledger files say, written from their documentation and not from our writer."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from urllib.parse import unquote

Notes = dict[str, list[str]]

_STRING = r'"((?:[^"\\]|\\.)*)"'
_ACCOUNT = r"((?:Assets|Liabilities|Equity|Income|Expenses)(?::[A-Z0-9][^\W_]*(?:-[^\W_]+)*)+)"
_FIGURE = r"(-?[0-9]+(?:\.[0-9]+)?) ([A-Z]{3})"
_BEANCOUNT_OPEN = re.compile(rf"([0-9-]{{10}}) open {_ACCOUNT} ([A-Z]{{3}})")
_BEANCOUNT_BALANCE = re.compile(rf"([0-9-]{{10}}) balance {_ACCOUNT}  (-?[0-9.]+) ~ 0 ([A-Z]{{3}})")
_BEANCOUNT_ENTRY = re.compile(rf"([0-9-]{{10}}) \* (?:{_STRING} )?{_STRING}((?: \^[A-Za-z0-9_./-]+)*)")
_BEANCOUNT_NOTE = re.compile(rf" +([a-z][a-z-]+): {_STRING}")
_BEANCOUNT_OPTION = re.compile(rf'option "[a-z_]+" {_STRING}')
_HLEDGER_OPEN = re.compile(rf"account {_ACCOUNT}  ; type:([ALERX])")
_HLEDGER_ENTRY = re.compile(r"([0-9-]{10}) \* \(([^()]*)\) ([^;]*)")
_HLEDGER_NOTE = re.compile(r" +; ([a-z][a-z-]+):([^,\[\];]*)")
_HLEDGER_BALANCE = re.compile(rf"    {_ACCOUNT}  {_FIGURE} == {_FIGURE}")
_POSTING = re.compile(rf" +{_ACCOUNT}  {_FIGURE}")


@dataclass
class Entry:
    day: date
    payee: str
    narration: str
    links: list[str] = field(default_factory=list)
    notes: Notes = field(default_factory=dict)
    postings: list[tuple[str, Decimal, str, Notes]] = field(default_factory=list)


@dataclass
class Books:
    accounts: dict[str, Notes] = field(default_factory=dict)
    types: dict[str, str] = field(default_factory=dict)
    entries: list[Entry] = field(default_factory=list)
    asserted: dict[str, Decimal] = field(default_factory=dict)
    asserted_on: set[date] = field(default_factory=set)

    def balances(self) -> dict[str, Decimal]:
        """What the postings of every account come to."""
        sums: dict[str, Decimal] = defaultdict(Decimal)
        for entry in self.entries:
            for account, amount, _, _ in entry.postings:
                sums[account] += amount
        return {account: sums[account] for account in self.accounts}


def read_beancount(text: str) -> Books:
    """Every line must be one of the forms above, or the file does not say what we think."""
    books, notes = Books(), {}
    for line in _content(text):
        if _BEANCOUNT_OPTION.fullmatch(line):
            continue
        if found := _BEANCOUNT_OPEN.fullmatch(line):
            notes = books.accounts[found[2]] = {}
            books.types[found[2]] = found[2].partition(":")[0][0]
        elif found := _BEANCOUNT_ENTRY.fullmatch(line):
            links = [link.removeprefix("^") for link in found[4].split()]
            books.entries.append(Entry(date.fromisoformat(found[1]), _plain(found[2] or ""), _plain(found[3]), links))
            notes = books.entries[-1].notes
        elif found := _POSTING.fullmatch(line):
            notes = {}
            books.entries[-1].postings.append((found[1], Decimal(found[2]), found[3], notes))
        elif found := _BEANCOUNT_BALANCE.fullmatch(line):
            books.asserted[found[2]] = Decimal(found[3])
            books.asserted_on.add(date.fromisoformat(found[1]))
        else:
            found = _matched(_BEANCOUNT_NOTE, line)
            notes.setdefault(found[1], []).append(_plain(found[2]))
    return books


def read_hledger(text: str) -> Books:
    """As `read_beancount`; the last entry is the one that asserts."""
    books, notes = Books(), {}
    for line in _content(text):
        if re.fullmatch(r"; .*|decimal-mark \.|commodity 1000\.0* [A-Z]{3}", line):
            continue
        if found := _HLEDGER_OPEN.fullmatch(line):
            notes = books.accounts[found[1]] = {}
            # hledger says revenue where the others say income, and X where they say expenses.
            books.types[found[1]] = {"R": "I", "X": "E", "E": "E"}.get(found[2], found[2])
            assert (found[2] == "E") == found[1].startswith("Equity")
        elif found := _HLEDGER_ENTRY.fullmatch(line):
            payee, bar, narration = found[3].partition(" | ")
            said = (unquote(payee), unquote(narration)) if bar else ("", unquote(payee))
            books.entries.append(Entry(date.fromisoformat(found[1]), *said))
            notes = books.entries[-1].notes
            notes["code"] = [unquote(found[2])]
        elif found := _HLEDGER_BALANCE.fullmatch(line):
            assert (Decimal(found[2]), found[3]) == (0, found[5])
            books.asserted[found[1]] = Decimal(found[4])
        elif found := _POSTING.fullmatch(line):
            notes = {}
            books.entries[-1].postings.append((found[1], Decimal(found[2]), found[3], notes))
        else:
            found = _matched(_HLEDGER_NOTE, line)
            notes.setdefault(found[1], []).append(unquote(found[2]))
    books.asserted_on.add(books.entries.pop().day)
    for entry in books.entries:
        entry.links = entry.notes.pop("document")
    return books


def _content(text: str) -> list[str]:
    assert text.endswith("\n")
    lines = text.split("\n")
    assert lines == [*text.splitlines(), ""], "a name broke a line"
    return [line for line in lines if line]


def _matched(form: re.Pattern[str], line: str) -> re.Match[str]:
    found = form.fullmatch(line)
    assert found, f"this line says nothing we know: {line!r}"
    return found


def _plain(text: str) -> str:
    return unquote(re.sub(r"\\(.)", r"\1", text))
