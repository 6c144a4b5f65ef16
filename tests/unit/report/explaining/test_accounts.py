"""Receivables of the worked story: 4,410.50 debit on 12 January, 1,000.00 credit on 20 January, 3,410.50 stay."""

from __future__ import annotations

from decimal import Decimal

from simharness.domain.expectation import AccountHolds, AccountMoves, BalancesAre, LedgerPosts, PostingLine
from simharness.report.explaining.explanation import Explanation, Posting, TAccount
from tests.unit.checks.builders import entry, ledger, posting, usd
from tests.unit.checks.company import day
from tests.unit.report.explaining.claims import explained, mark

INVOICE, PAYMENT = "2026-01-12 invoice 1001", "2026-01-20 payment 2"


def accounts(told: Explanation) -> list[TAccount]:
    return [each for each in told.tables if isinstance(each, TAccount)]


def amount(text: str) -> Decimal:
    return Decimal(text)


def test_a_balance_is_the_account_alone_with_every_posting_that_makes_it() -> None:
    stated = (("1100 Accounts receivable", usd("3400.00")),)
    told = explained(BalancesAre(**mark("ledger.balances"), balances=stated, exact=False))
    assert accounts(told) == [
        TAccount(
            name="1100 Accounts receivable",
            currency="USD",
            postings=(
                Posting(label=INVOICE, actual=amount("4410.50")),
                Posting(label=PAYMENT, actual=amount("-1000.00")),
            ),
            balance=Posting(label="balance", expected=amount("3400.00"), actual=amount("3410.50"), remark="10.50 more"),
        )
    ]
    assert told.difference == "USD 10.50 more than expected on the debit side"


def test_a_balance_in_credit_is_less_when_it_is_nearer_to_zero() -> None:
    told = explained(AccountHolds(**mark("ledger.account"), account="4010", amount=usd("-3610.00")))
    (account,) = accounts(told)
    assert account.balance is not None
    assert account.balance.remark == "10.00 less"
    assert told.difference == "USD 10.00 less than expected on the credit side"


def test_a_balance_on_the_other_side_is_told_as_such() -> None:
    told = explained(AccountHolds(**mark("ledger.account"), account="4010", amount=usd("100.00")))
    (account,) = accounts(told)
    assert account.balance is not None
    assert account.balance.remark == "the other side"
    assert told.difference == (
        "USD 3,700.00, since it stands on the other side: a credit is written with a minus, here USD -3,600.00"
    )


def test_as_of_a_day_later_postings_are_left_out() -> None:
    told = explained(
        AccountHolds(**mark("ledger.account"), account="1100", amount=usd("1.00"), as_of=day("2026-01-19"))
    )
    (account,) = accounts(told)
    assert [each.label for each in account.postings] == [INVOICE]
    assert account.balance is not None
    assert account.balance.actual == amount("4410.50")


def test_a_movement_counts_from_the_first_act_on() -> None:
    told = explained(AccountMoves(**mark("ledger.moves"), account="1150 Gateway clearing", amount=usd("999.00")))
    (account,) = accounts(told)
    assert account.balance == Posting(
        label="movement", expected=amount("999.00"), actual=amount("1000.00"), remark="1.00 more"
    )


def test_many_postings_begin_with_the_sum_of_the_earlier_ones() -> None:
    lines = (posting("a1000", "1.00"), posting("a2300", "-1.00"))
    entries = tuple(entry("journal", str(number), "2026-01-20", *lines) for number in range(10, 25))
    told = explained(
        AccountHolds(**mark("ledger.account"), account="1000 Bank", amount=usd("9.00")),
        books=ledger(entries=entries),
    )
    (account,) = accounts(told)
    assert account.postings[0] == Posting(label="5 earlier postings", actual=amount("5.00"))
    assert [each.label for each in account.postings[1:]] == [f"2026-01-20 journal {n}" for n in range(15, 25)]


def line(account: str, amount: str | None = None, **changes: str) -> PostingLine:
    return PostingLine(account=account, amount=usd(amount) if amount is not None else None, **changes)


#: What is posted: 4,410.50 receivable against 3,600.00 hardware, 500.00 service and 310.50 tax; then 1,000.00 paid.
RIGHT = (
    line("1100", "4410.50"), line("4010", "-3600.00"), line("4020", "-500.00"), line("2200", "-310.50"),
    line("1150", "1000.00"), line("1100", "-1000.00"),
)  # fmt: skip


def posts(*lines: PostingLine) -> list[TAccount]:
    return accounts(explained(LedgerPosts(**mark("ledger.posts"), lines=lines)))


def test_of_postings_only_the_accounts_that_differ_are_drawn_right_lines_beside_their_like() -> None:
    wrong = (line("1100", "4420.50"), *RIGHT[1:])
    assert posts(*wrong) == [
        TAccount(
            name="1100 Accounts receivable",
            currency="USD",
            postings=(
                Posting(label=PAYMENT, expected=amount("-1000.00"), actual=amount("-1000.00")),
                Posting(label=INVOICE, expected=amount("4420.50"), actual=amount("4410.50"), remark="10.00 less"),
            ),
        )
    ]


def test_what_is_missing_and_what_nobody_expected_are_told() -> None:
    swapped = (*RIGHT[:2], line("4900", "-500.00"), *RIGHT[3:])
    discounts, service = posts(*swapped)
    assert discounts.postings == (Posting(label="as the step says", expected=amount("-500.00"), remark="missing"),)
    assert service.postings == (Posting(label=INVOICE, actual=amount("-500.00"), remark="not expected"),)


def test_a_posting_under_another_cost_centre_names_the_expected_one() -> None:
    other = (RIGHT[0], line("4010", "-3600.00", cost_centre="CC-20"), *RIGHT[2:])
    (account,) = posts(*other)
    assert [each.remark for each in account.postings] == ["CC-20 expected"]
    assert account.postings[0].actual == amount("-3600.00")


def test_any_amount_will_do_where_a_cell_says_so_but_there_has_to_be_one() -> None:
    absent = (*RIGHT, line("6100", side="debit"))
    (account,) = posts(*absent)
    assert account.postings == (Posting(label="as the step says", anything="debit", remark="there is none"),)
