"""T-accounts of the accounts that a finding is about: debits left, credits right, as it should be and as it is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from simharness.checks.expectations.ledger import before_block, given
from simharness.core.money import Money
from simharness.domain.books import Entry, LedgerSnapshot
from simharness.domain.expectation import (
    AccountHolds,
    AccountMoves,
    BalancesAre,
    ClearingEmpty,
    ClearingEqualsGateway,
    LedgerPosts,
    PayrollJournalIs,
    PostingLine,
)
from simharness.report.explaining.explanation import Posting, TAccount
from simharness.report.explaining.figures import amount
from simharness.report.explaining.subject import DOCUMENTS, Subject
from simharness.report.words import money_text

#: A T-account of more postings than these begins with the sum of the earlier ones.
_POSTINGS = 10
#: So many accounts are drawn.
_ACCOUNTS = 6

_ONE_BALANCE = (BalancesAre, AccountHolds, AccountMoves, ClearingEqualsGateway, ClearingEmpty)


class _Line(NamedTuple):
    """A posting as the ledger holds it, with the day and the document that it stands in."""

    account: str
    amount: Decimal
    cost_centre: str
    label: str


def t_accounts(subject: Subject) -> Iterator[TAccount]:
    """The accounts concerned of a statement about balances or postings; none for any other."""
    said = subject.said
    if isinstance(said, _ONE_BALANCE):
        for account_id in subject.accounts[:_ACCOUNTS]:
            yield _balance(subject, account_id)
    elif isinstance(said, LedgerPosts):
        before, now = before_block(subject.case), subject.case.ledger
        yield from _compared(subject, said.lines, _added(subject, before, now))
    elif isinstance(said, PayrollJournalIs):
        yield from _compared(subject, said.lines, list(_lines(subject, subject.entries)))


def balance_difference(account: object) -> str:
    """How a balance misses what it should be, by its sides; "" for what is no T-account with two balances."""
    total = account.balance if isinstance(account, TAccount) else None
    if not isinstance(account, TAccount) or total is None or total.expected is None or total.actual is None:
        return ""
    apart = Money(abs(total.actual - total.expected), account.currency)
    if (total.expected < 0) != (total.actual < 0) and total.expected and total.actual:
        side, sign = ("debit", "without a minus") if total.actual > 0 else ("credit", "with a minus")
        found = money_text(Money(total.actual, account.currency))
        return f"{money_text(apart)}, since it stands on the other side: a {side} is written {sign}, here {found}"
    side = "credit" if total.expected < 0 or total.actual < 0 else "debit"
    word = "more" if abs(total.actual) > abs(total.expected) else "less"
    return f"{money_text(apart)} {word} than expected on the {side} side"


def _balance(subject: Subject, account_id: str) -> TAccount:
    """What was posted on one account, down to its balance."""
    said, finding, case = subject.said, subject.finding, subject.case
    as_of = said.on if isinstance(said, ClearingEmpty) else getattr(said, "as_of", None)
    before = given(case) if isinstance(said, AccountMoves) else None
    lines = [line for line in _added(subject, before, case.ledger, as_of) if line.account == account_id]
    kept = lines[-_POSTINGS:]
    earlier = lines[: len(lines) - len(kept)]
    postings = [Posting(label=line.label, actual=line.amount) for line in kept]
    if earlier:
        summed = sum((line.amount for line in earlier), Decimal(0))
        postings.insert(0, Posting(label=f"{len(earlier)} earlier postings", actual=summed))
    should, found = amount(finding.expected), amount(finding.actual)
    total = Posting(
        label="movement" if isinstance(said, AccountMoves) else "balance",
        expected=should.amount if should is not None else None,
        actual=found.amount if found is not None else sum((line.amount for line in lines), Decimal(0)),
        anything="debit or credit" if should is None else "",
    )
    return TAccount(
        name=case.scope.account_label(account_id),
        currency=case.zero().currency,
        postings=tuple(postings),
        balance=_remarked(total, case.zero().currency),
    )


def _compared(subject: Subject, stated: Iterable[PostingLine], posted: Sequence[_Line]) -> Iterator[TAccount]:
    """Each account on which the stated postings are not the ones found."""
    case, finding = subject.case, subject.finding
    should: dict[str, list[PostingLine]] = {}
    for line in stated:
        account = case.account(line.account)
        should.setdefault(account.id if account is not None else line.account, []).append(line)
    for account_id in list(dict.fromkeys([*should, *(line.account for line in posted)]))[:_ACCOUNTS]:
        label = case.scope.account_label(account_id)
        if label in finding.expected or label in finding.actual:
            found = [line for line in posted if line.account == account_id]
            rows = tuple(_side_by_side(should.get(account_id, []), found, case.zero().currency))
            yield TAccount(name=label, currency=case.zero().currency, postings=rows)


def _side_by_side(should: Sequence[PostingLine], found: Sequence[_Line], currency: str) -> Iterator[Posting]:
    """Stated lines beside found ones: those of one amount first, then what is left of each side in its order."""
    rest = list(found)
    open_lines: list[PostingLine] = []
    for line in should:
        same = next((each for each in rest if line.amount is not None and _answers(line, each)), None)
        if same is None:
            open_lines.append(line)
        else:
            rest.remove(same)
            yield Posting(label=same.label, expected=same.amount, actual=same.amount)
    for line in open_lines:
        is_debit = _is_debit(line)
        other = next((each for each in rest if (each.amount > 0) == is_debit), None)
        if other is not None:
            rest.remove(other)
        centre = f" {line.cost_centre}" if line.cost_centre and line.cost_centre != "*" else ""
        row = Posting(
            label=other.label if other is not None else f"as the step says{centre}",
            expected=line.amount.amount if line.amount is not None else None,
            actual=other.amount if other is not None else None,
            anything=line.side if line.amount is None else "",
        )
        remark = f"{line.cost_centre or 'no cost centre'} expected" if _other_centre(line, other) else ""
        yield _remarked(row, currency, remark)
    for each in rest:
        yield _remarked(Posting(label=each.label, actual=each.amount), currency)


def _answers(line: PostingLine, found: _Line) -> bool:
    return line.amount is not None and line.amount.amount == found.amount and not _other_centre(line, found)


def _other_centre(line: PostingLine, found: _Line | None) -> bool:
    if line.cost_centre is None or found is None:
        return False
    return not found.cost_centre if line.cost_centre == "*" else line.cost_centre != found.cost_centre


def _is_debit(line: PostingLine) -> bool:
    return line.side == "debit" if line.amount is None else line.amount.amount > 0


def _remarked(row: Posting, currency: str, remark: str = "") -> Posting:
    """The row with what is wrong about it."""
    if row.anything:
        remark = remark or ("" if row.actual else "there is none")
    elif row.expected is None:
        remark = "not expected"
    elif row.actual is None:
        remark = "missing"
    elif row.actual != row.expected:
        apart = Money(abs(row.actual) - abs(row.expected), currency)
        same_side = (row.actual < 0) == (row.expected < 0) or not row.actual or not row.expected
        figure = f"{abs(apart.amount):,}"
        remark = f"{figure} {'more' if apart.amount > 0 else 'less'}" if same_side else "the other side"
    return Posting(label=row.label, expected=row.expected, actual=row.actual, anything=row.anything, remark=remark)


def _added(
    subject: Subject, before: LedgerSnapshot | None, now: LedgerSnapshot | None, as_of: date | None = None
) -> list[_Line]:
    """The postings that are there now and were not before, dated on or before a day; what went away counts back."""
    earlier = Counter(_lines(subject, before.entries if before is not None else ()))
    added = []
    for line in _lines(
        subject, (entry for entry in (now.entries if now is not None else ()) if as_of is None or entry.date <= as_of)
    ):
        if earlier[line]:
            earlier[line] -= 1
        else:
            added.append(line)
    gone = [line for line, count in earlier.items() for _ in range(count)]
    return [*(line._replace(amount=-line.amount, label=f"gone: {line.label}") for line in gone), *added]


def _lines(subject: Subject, entries: Iterable[Entry]) -> Iterator[_Line]:
    for entry in entries:
        label = entry_label(subject, entry)
        for line in entry.lines:
            if line.amount:
                yield _Line(line.account, line.amount.amount, line.cost_centre, label)


def entry_label(subject: Subject, entry: Entry) -> str:
    """Day, kind and number of what posted an entry; journals and payments are known by their ids."""
    kind = entry.source.replace("_", " ")
    number = subject.numbers.get((entry.source, entry.source_id), "") if entry.source in DOCUMENTS else ""
    return f"{entry.date} {kind} {number or entry.source_id or entry.id}"
