"""V29 and the second half of V17 turn red where the end of a period posts something else than was told and asked for.

A cost of 8,333.33 for 14 January to 17 February (25 workdays, 13 of them in January): 4,333.33. A cost of 1,000.00 paid
in advance for 21 January to 13 February (24 days): 458.33 and 541.67. EUR 1,000.00 in the books at 1,100.00, and 1.1234
at the end of January: 23.40.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from msgspec import structs

from simharness.core.money import Money
from simharness.domain.books import Account
from simharness.domain.close_facts import AccrualTold, PeriodEndRun, PrepaidTold
from simharness.domain.connector import ReferenceRule
from simharness.domain.dictionary import AccountSpec
from simharness.domain.fact import ExchangeRateStated
from simharness.domain.finding import Judgement
from simharness.domain.record import RunRecord
from tests.unit.checks import builders as b
from tests.unit.checks.company import CONNECTOR, dictionary

SPECS = (
    AccountSpec(number="1190", name="Currency valuation", kind="current_asset", role="exchange_valuation"),
    AccountSpec(number="1400", name="Prepaid expenses", kind="current_asset", role="prepaid"),
    AccountSpec(number="2050", name="Accrued expenses", kind="current_liability", role="accrued_expenses"),
    AccountSpec(number="6310", name="Professional fees", kind="expense"),
    AccountSpec(number="7110", name="Unrealised exchange", kind="other_income", role="unrealised_exchange"),
)
RULES = (
    ReferenceRule(noun="accrual", field="note", pattern=r"^close:(?:(?P<state>reversal):)?accrual:(?P<id>\S+)$"),
    ReferenceRule(
        noun="revaluation", field="note", pattern=r"^close:(?:(?P<state>reversal):)?revaluation:(?P<id>\S+)$"
    ),
    ReferenceRule(noun="prepaid", field="note", pattern=r"^close:prepaid:(?P<id>[^:]+)(?::(?P<state>\S+))?$"),
)


def accrual(step: int = 1, **changes: Any) -> AccrualTold:
    given = {"accrual": "audit", "account": "6310", "amount": b.usd("8333.33"), "cost_centre": "CC-10"}
    days = {"service_from": b.day("2026-01-14"), "service_to": b.day("2026-02-17")}
    return AccrualTold(**(b.mark(step, "accruing.accrual", "2026-01-20") | given | days | changes))


def prepaid(step: int = 1) -> PrepaidTold:
    days = {"service_from": b.day("2026-01-21"), "service_to": b.day("2026-02-13")}
    mark = b.mark(step, "accruing.prepaid", "2026-01-21")
    return PrepaidTold(**mark, **days, prepaid="cover", account="6310", amount=b.usd("1000.00"))


def asked(step: int = 2, period: str = "2026-01", on: str = "2026-02-02") -> PeriodEndRun:
    return PeriodEndRun(**b.mark(step, "close.period_end", on), period=period)


def rate(worth: str, step: int = 1, **changes: Any) -> ExchangeRateStated:
    return ExchangeRateStated(
        **(b.mark(step, "close.rate_of", "2026-01-31") | {"currency": "EUR"} | changes), rate=Decimal(worth)
    )


def journal(id: str, on: str, note: str, *lines: Any) -> Any:
    return b.entry("journal", id, on, *lines, note=note)


def moves(debit: str, credit: str, amount: str, centre: str = "") -> tuple[Any, ...]:
    return b.posting(f"a{debit}", amount, cost_centre=centre), b.posting(f"a{credit}", str(-b.usd(amount).amount))


def accrued(amount: str = "4333.33", on: str = "2026-01-31") -> Any:
    return journal("1", on, "close:accrual:audit:2026-01", *moves("6310", "2050", amount, "CC-10"))


def back(amount: str = "-4333.33", on: str = "2026-02-01") -> Any:
    return journal("2", on, "close:reversal:accrual:audit:2026-01", *moves("6310", "2050", amount, "CC-10"))


def part(id: str, period: str, on: str, amount: str) -> Any:
    return journal(id, on, f"close:prepaid:cover:{period}", *moves("6310", "1400", amount))


def valued(amount: str = "23.40", on: str = "2026-01-31", account: str = "1190", id: str = "2026-01:EUR") -> Any:
    return journal("8", on, f"close:revaluation:{id}", *moves(account, "7110", amount))


def taken_back(amount: str = "-23.40", on: str = "2026-02-01") -> Any:
    return journal("9", on, "close:reversal:revaluation:2026-01:EUR", *moves("1190", "7110", amount))


def owed() -> Any:
    euro = Money("1000.00", "EUR")
    lines = b.posting("aEUR", "1100.00", foreign=euro, party="p1"), b.posting("a4010", "-1100.00", foreign=-euro)
    return b.entry("invoice", "7", "2026-01-12", *lines)


def story(facts: tuple[Any, ...], *entries: Any) -> RunRecord:
    known = dictionary(currencies=("EUR",))
    header = b.header(
        dictionary=structs.replace(known, accounts=(*known.accounts, *SPECS)),
        connector=structs.replace(CONNECTOR, references=(*CONNECTOR.references, *RULES)),
    )
    base = b.ledger(parties=(), documents=(), payments=(), entries=entries)
    accounts = [Account(id=f"a{each.number}", number=each.number, name=each.name, kind=each.kind) for each in SPECS]
    accounts.append(Account(id="aEUR", number="", name="Receivable - EUR", kind="receivable", currency="EUR"))
    books = structs.replace(base, accounts=(*base.accounts, *accounts))
    rest = b.rest(9, "2026-03-02")
    return b.record(told=(*facts, rest), books=books, header=header, evidence=(), exchanges=(), writes=(), bi=())


TOLD = (accrual(), asked())
SPREAD = (prepaid(), asked(), asked(3, "2026-02", "2026-03-02"))
PARTS = (part("3", "2026-01", "2026-01-31", "458.33"), part("4", "2026-02", "2026-02-28", "541.67"))
FIRST = journal("5", "2026-01-21", "close:prepaid:cover", *moves("1400", "2050", "1000.00"))
ABROAD = (rate("1.1234"), asked())
OTHER = journal("5", "2026-01-31", "", *moves("4010", "7110", "5.00"))


def test_what_was_told_and_asked_for_passes() -> None:
    assert b.passes("V29", story(TOLD, accrued(), back()))
    assert b.passes("V16", story(TOLD, accrued(), back()))
    assert b.passes("V29", story(SPREAD, *PARTS))
    assert b.passes("V17", story(ABROAD, owed(), valued(), taken_back()))


@pytest.mark.parametrize(
    ("entries", "key", "expected"),
    [
        ((), "V29:accrual:audit:2026-01", "USD 4,333.33 on 2026-01-31"),
        ((accrued("4285.71"), back("-4285.71")), "V29:accrual:audit:2026-01:sides", "fees of CC-10 USD 4,333.33"),
        ((accrued(on="2026-01-30"), back(on="2026-01-31")), "V29:accrual:audit:2026-01:day", "2026-01-31"),
        ((accrued(),), "V29:accrual:audit:2026-01:reversal", "USD 4,333.33 taken back on 2026-02-01"),
        ((accrued(), back("-4333.32")), "V29:accrual:audit:2026-01:reversal:sides", "expenses USD 4,333.33"),
        ((accrued(), back(on="2026-02-02")), "V29:accrual:audit:2026-01:reversal:day", "2026-02-01"),
    ],
)  # fmt: skip
def test_a_wrong_accrual_is_found(entries: tuple[Any, ...], key: str, expected: str) -> None:
    found = b.the_finding("V29", story(TOLD, *entries))
    assert found.key == key
    assert expected in found.expected


@pytest.mark.parametrize("facts", [(accrual(),), (accrual(), asked(period="2026-02")), (asked(),)])
def test_nothing_is_accrued_that_nobody_asked_for(facts: tuple[Any, ...]) -> None:
    found = [each.key for each in b.findings("V29", story(facts, accrued(), back()))]
    assert found == ["V29:accrual:audit:2026-01::uncalled", "V29:accrual:audit:2026-01:reversal:uncalled"]


def test_what_was_told_after_the_asking_may_be_there_or_not() -> None:
    late = (asked(1), accrual(2))
    assert not b.findings("V29", story(late))
    assert b.passes("V29", story(late, accrued(), back()))
    assert b.findings("V29", story(late, accrued("4000.00"), back("-4000.00")))


def test_what_was_never_posted_is_not_taken_back() -> None:
    orphan = b.the_finding("V29", story((asked(1), accrual(2)), back()))
    assert orphan.key == "V29:accrual:audit:2026-01:reversal:uncalled"


@pytest.mark.parametrize(
    ("entries", "key"),
    [
        (PARTS[:1], "V29:prepaid:cover:2026-02"),
        ((PARTS[0], part("4", "2026-02", "2026-02-28", "541.66")), "V29:prepaid:cover:2026-02:sides"),
        ((PARTS[0], part("4", "2026-02", "2026-02-27", "541.67")), "V29:prepaid:cover:2026-02:day"),
        ((*PARTS, part("5", "2026-03", "2026-03-31", "0.01")), "V29:prepaid:cover:2026-03:uncalled"),
        ((*PARTS, FIRST), "V29:prepaid:cover::uncalled"),
    ],
)  # fmt: skip
def test_a_wrong_part_is_found(entries: tuple[Any, ...], key: str) -> None:
    assert b.the_finding("V29", story(SPREAD, *entries)).key == key


def test_a_period_that_was_not_asked_for_is_caught_up_with() -> None:
    later = (prepaid(), asked(3, "2026-02", "2026-03-02"))
    assert b.passes("V29", story(later, part("4", "2026-02", "2026-02-28", "1000.00")))
    assert b.the_finding("V29", story(later, *PARTS[1:])).expected.startswith("1400 Prepaid expenses USD -1,000.00")


@pytest.mark.parametrize(
    ("facts", "entries", "key"),
    [
        (ABROAD, (), "V17:revaluation:2026-01:EUR"),
        (ABROAD, (valued("30.00"), taken_back("-30.00")), "V17:revaluation:2026-01:EUR:sides"),
        (ABROAD, (valued(),), "V17:revaluation:2026-01:EUR:reversal"),
        (ABROAD, (valued(), taken_back("-23.39")), "V17:revaluation:2026-01:EUR:reversal:sides"),
        (ABROAD, (valued(), taken_back(on="2026-02-02")), "V17:revaluation:2026-01:EUR:reversal:day"),
        (ABROAD[:1], (valued(), taken_back()), "V17:revaluation:2026-01:EUR::uncalled"),
        (ABROAD[1:], (valued(), taken_back()), "V17:revaluation:2026-01:EUR:unstated"),
        ((rate("1.1234", on=b.day("2026-01-30")), asked()), (), "V17:revaluation:2026-01:EUR:unstated"),
        (ABROAD, (valued(), taken_back(), OTHER), "V17:unrealised:5"),
    ],
)  # fmt: skip
def test_a_wrong_valuation_is_found(facts: tuple[Any, ...], entries: tuple[Any, ...], key: str) -> None:
    assert key in {found.key for found in b.findings("V17", story(facts, owed(), *entries))}


def test_a_rate_may_be_stated_later_for_the_day() -> None:
    later = rate("1.1234", step=2, on=b.day("2026-02-03"), at=b.at("2026-02-03"), as_of=b.day("2026-01-31"))
    assert b.passes("V17", story((asked(1), later, asked(3)), owed(), valued(), taken_back()))


def test_a_valuation_is_taken_back_before_the_next_one() -> None:
    facts = (*ABROAD, rate("1.1234", step=3, on=b.day("2026-02-28")), asked(4, "2026-02", "2026-03-02"))
    second = valued(id="2026-02:EUR", on="2026-02-28")
    again = journal("10", "2026-03-01", "close:reversal:revaluation:2026-02:EUR", *moves("1190", "7110", "-23.40"))
    late = story(facts, owed(), structs.replace(valued(), id="6"), structs.replace(second, id="7"), taken_back(), again)
    assert [found.key for found in b.findings("V17", late)] == ["V17:revaluation:2026-02:EUR:before"]
    in_turn = story(facts, owed(), structs.replace(valued(), id="6"), taken_back(), second, again)
    assert b.passes("V17", in_turn)


def test_a_chart_without_such_accounts_asks_nothing() -> None:
    assert b.result("V29", b.record()).judgement is Judgement.NOT_EXERCISED
