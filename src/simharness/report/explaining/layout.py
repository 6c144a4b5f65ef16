"""Laying tables and T-accounts out as aligned plain text that fits a width."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from textwrap import wrap

from simharness.core.money import exponent
from simharness.report.explaining.explanation import Posting, Table, TAccount

#: What is laid out fits a hundred columns with the indent of the terminal; only commands, to be copied, are longer.
WIDTH = 98
_GAP = 2
_AMOUNT = re.compile(r"\b([A-Z]{3}) ([-+]?\d)")
#: A column is not made narrower than this.
_NARROW = 10


def hanging(indent: str, head: str, text: str, further: str | None = None) -> list[str]:
    """A text behind a head, further lines below its beginning or, if it is said, behind an indent of their own."""
    first, rest = f"{indent}{head}", f"{indent}{'':<{len(head)}}" if further is None else further
    text = _AMOUNT.sub("\\1\u00a0\\2", text)  # a currency stays with its figure
    lines = wrap(text, WIDTH - len(first), break_on_hyphens=False) or [""]
    if len(lines) > 1 and len(rest) != len(first):
        below = " ".join(lines[1:])
        lines[1:] = wrap(below, WIDTH - len(rest), break_on_hyphens=False)
    whole = [f"{first}{lines[0]}".rstrip(), *(f"{rest}{line}" for line in lines[1:])]
    return [line.replace("\u00a0", " ") for line in whole]


def table_lines(table: Table, indent: str) -> Iterator[str]:
    """A table under its title, cells wrapped where it would be too wide; an empty first column is left out."""
    columns, rows, right = table.columns, table.rows, set(table.right)
    if not any((columns[0], *(row[0] for row in rows))):
        columns, rows, right = columns[1:], tuple(row[1:] for row in rows), {number - 1 for number in right}
    if table.title:
        yield from hanging(indent, "", table.title)
    cells = (columns, *rows)
    widths = _widths([max(len(row[number]) for row in cells) for number in range(len(columns))], len(indent))
    for row in cells:
        wrapped = [wrap(cell, width, break_on_hyphens=False) or [""] for cell, width in zip(row, widths, strict=True)]
        for line in range(max(map(len, wrapped))):
            parts = (
                f"{part:>{width}}" if number in right else f"{part:<{width}}"
                for number, (part, width) in enumerate(
                    (cell[line] if line < len(cell) else "", width) for cell, width in zip(wrapped, widths, strict=True)
                )
            )
            yield f"{indent}{(' ' * _GAP).join(parts)}".rstrip()


def _widths(natural: Sequence[int], indent: int) -> list[int]:
    """The widths of columns; the widest give way until all fit."""
    widths = [max(width, 1) for width in natural]
    room = WIDTH - indent - _GAP * (len(widths) - 1)
    while sum(widths) > room and max(widths) > _NARROW:
        widths[widths.index(max(widths))] -= 1
    return widths


def t_account_lines(account: TAccount, indent: str) -> Iterator[str]:
    """An account as two T's beside each other: as it should be, and as it is."""
    postings = [*account.postings, *([account.balance] if account.balance is not None else [])]
    figures = [
        _figure(value, account.currency)
        for row in postings
        for value in (row.expected, row.actual)
        if value is not None
    ]
    wide = max([len("credit"), *map(len, figures)])
    one = 2 * wide + 3
    remarks = max((len(row.remark) for row in postings), default=0)
    room = WIDTH - len(indent) - 2 * one - 3 * _GAP - remarks
    name = f"{account.name} ({account.currency})"
    first = min(max([len(row.label) for row in postings] + [len(name)]), max(room, _NARROW))
    if len(name) > first:
        yield f"{indent}{name}"
        name = ""
    gap = " " * _GAP
    yield f"{indent}{name:<{first}}{gap}{'expected':^{one}}{gap}{'actual':^{one}}".rstrip()
    sides = f"{'debit':>{wide}} | {'credit':>{wide}}"
    yield f"{indent}{'':<{first}}{gap}{sides}{gap}{sides}"
    rule = f"{indent}{'':<{first}}{gap}{'-' * wide}-+-{'-' * wide}{gap}{'-' * wide}-+-{'-' * wide}"
    yield rule
    for row in account.postings:
        yield _row(row, account.currency, indent, first, wide)
    if account.balance is not None:
        if account.postings:
            yield rule
        yield _row(account.balance, account.currency, indent, first, wide)


def _row(row: Posting, currency: str, indent: str, first: int, wide: int) -> str:
    label = row.label if len(row.label) <= first else f"{row.label[: first - 1]}…"
    gap = " " * _GAP
    should = _sides(row.expected, currency, wide, row.anything)
    line = f"{indent}{label:<{first}}{gap}{should}{gap}{_sides(row.actual, currency, wide)}"
    return f"{line}{gap}{row.remark}".rstrip()


def _sides(value: Decimal | None, currency: str, wide: int, anything: str = "") -> str:
    figure = _figure(value, currency) if value is not None else ""
    debit, credit = (figure, "") if value is None or value >= 0 else ("", figure)
    if anything:
        debit, credit = ("any" if "debit" in anything else ""), ("any" if "credit" in anything else "")
    return f"{debit:>{wide}} | {credit:>{wide}}"


def _figure(value: Decimal, currency: str) -> str:
    places = exponent(currency)
    short = value.quantize(Decimal(1).scaleb(-places))
    return f"{abs(short if short == value else value):,}"
