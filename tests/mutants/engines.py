"""Defects planted in the fakes' engines: the checks find them with a sound connector, since they share no code with
an engine. A check that asked an engine what is right would find none.
"""

from __future__ import annotations

from datetime import timedelta
from decimal import ROUND_DOWN, ROUND_UP, Decimal
from typing import Any

from msgspec.structs import replace

from tests.mutants.business import EXCHANGE
from tests.mutants.conduct import MONEY, PAYDAY, SALE, STORY
from tests.mutants.mutant import Mutant, Override, Reach, Try, constant, instead

CALCULATED = "tests/mutants/stories/calculated.yaml"
_BOOKS = "simharness_fakes.accounting"
_PAY = "simharness_fakes.payroll"


def _cut(reach: Reach, original: Any, rounder: Any, amount: Decimal) -> Decimal:
    cut = amount.quantize(rounder.unit, ROUND_DOWN)
    if cut != original(rounder, amount):
        reach()
    return cut


def _up(reach: Reach, original: Any, amount: Decimal) -> Decimal:
    up = amount.quantize(Decimal("0.01"), ROUND_UP)
    if up != original(amount):
        reach()
    return up


def _other_side(reach: Reach, original: Any, *args: Any) -> Any:
    entry = original(*args)
    reach()
    return replace(entry, postings=tuple(replace(each, amount=-each.amount) for each in entry.postings))


def _next_day(reach: Reach, original: Any, *args: Any) -> Any:
    entry = original(*args)
    reach()
    return replace(entry, date=entry.date + timedelta(days=1))


def _without_class(reach: Reach, original: Any, *args: Any) -> Any:
    entry = original(*args)
    if any(each.cost_centre for each in entry.postings):
        reach()
    return replace(entry, postings=tuple(replace(each, cost_centre="") for each in entry.postings))


def _unbalanced(reach: Reach, original: Any, ledger: Any, document: str, entry: Any) -> None:
    original(ledger, document, entry)
    if entry is not None and len(entry.postings) > 2:
        reach()
        ledger.entries.put(replace(entry, postings=entry.postings[:-1]))


def _stays_open(reach: Reach, original: Any, *args: Any) -> None:
    del original, args
    reach()


def _credits_forgotten(reach: Reach, original: Any, sums: Any, party: str, amount: Decimal, own: Decimal) -> None:
    if amount < 0:
        reach()
        return
    original(sums, party, amount, own)


def _another_base(reach: Reach, original: Any, *args: Any) -> Any:
    lines = original(*args)
    if any(line.tax for line in lines):
        reach()
    return tuple(replace(line, base=line.base + 100) if line.tax else line for line in lines)


def _first_rate_only(reach: Reach, original: Any, *args: Any) -> Any:
    lines = original(*args)
    if len(lines) > 1:
        reach()
    return lines[:1]


def _base_cut(reach: Reach, original: Any, state: Any, amount: Decimal, rate: Decimal | None) -> Decimal:
    right = original(state, amount, rate)
    if rate is None:
        return right
    cut = (amount * rate).quantize(Decimal("0.01"), ROUND_DOWN) - Decimal("0.01")
    reach()
    return cut


def _gross(reach: Reach, original: Any, balance: Any, movement: Any) -> Any:
    kept = original(balance, movement)
    if movement.fee.amount:
        reach()
        balance._pending[movement.fee.currency] += movement.fee.amount
    return kept


def _leaves_a_gap(reach: Reach, original: Any, state: Any, series: str, *tables_: Any) -> str:
    reach()
    original(state, series, *tables_)
    return str(original(state, series, *tables_))


def _counts_on(reach: Reach, original: Any, sums: Any, employee: str, year: int, tallies: Any, sign: int) -> None:
    if sign < 0:
        reach()
        return
    original(sums, employee, year, tallies, sign)


def _no_limit(reach: Reach, original: Any, limit: Any, wages: Decimal, *before: Decimal) -> Decimal:
    right = original(limit, wages, *before)
    if right != max(wages, Decimal(0)):
        reach()
    return max(wages, Decimal(0))


def _planted(name: str, story: str, override: Override, *checks: str) -> Mutant:
    return Mutant(name=name, checks=checks, tries=(Try(story=story),), overrides=(override,))


MUTANTS = (
    _planted("cents cut instead of rounded", CALCULATED, instead(f"{_BOOKS}.rounding:Rounder.round", _cut), "V6"),
    _planted("a tax group with another base", CALCULATED, instead(f"{_BOOKS}.taxation:_lines", _another_base), "V7"),
    _planted("a tax group without its second rate", CALCULATED, instead(f"{_BOOKS}.taxation:_lines", _first_rate_only),
             "V6"),
    _planted("invoices posted on the other side", SALE, instead(f"{_BOOKS}.sales:entry_of", _other_side), "R2", "V9"),
    _planted("credit memos posted like invoices", MONEY,
             constant(f"{_BOOKS}.sales:_SELLING", ("invoice", "sales_receipt", "credit_memo")), "R2"),
    _planted("journals posted on the other side", SALE, instead(f"{_BOOKS}.journals:entry_of", _other_side), "V10",
             "R3"),
    _planted("transfers the wrong way round", MONEY, instead(f"{_BOOKS}.transfers:entry_of", _other_side), "V10", "R4"),
    _planted("entries a day late", SALE, instead(f"{_BOOKS}.sales:entry_of", _next_day), "V13", "R2"),
    _planted("entries without cost centre", SALE, instead(f"{_BOOKS}.sales:entry_of", _without_class), "V21"),
    _planted("an entry that does not balance", SALE, instead(f"{_BOOKS}.ledger:Ledger.post", _unbalanced), "V1"),
    _planted("an open balance that payments leave as it is", SALE,
             instead(f"{_BOOKS}.settlement:_move", _stays_open), "V8"),
    _planted("a customer's balance that no payment lowers", SALE, instead(f"{_BOOKS}.ledger:_add", _credits_forgotten),
             "V9"),
    _planted("foreign money a cent short in base", EXCHANGE, instead(f"{_BOOKS}.exchange:in_base", _base_cut), "V17"),
    _planted("document numbers with gaps", STORY, instead(f"{_BOOKS}.state:State.next_number", _leaves_a_gap), "V25"),
    _planted("a gateway balance without fees", SALE,
             instead("simharness_fakes.payments.balance:Balance.post", _gross), "V10"),
    _planted("withholding rounded up", PAYDAY, instead(f"{_PAY}.taxes:cents", _up), "V15"),
    _planted("a year to date that a reversal leaves as it is", "scenarios/payroll/reversals.yaml",
             instead(f"{_PAY}.accumulators:Accumulators._add", _counts_on), "V15"),
    _planted("a wage base without limit", "scenarios/payroll/wage_bases.yaml",
             instead(f"{_PAY}.fica:up_to", _no_limit), "V15"),
)  # fmt: skip
