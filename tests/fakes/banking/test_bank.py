"""Laws of the banking engine: balances, the one movement behind pending and posted, and the feed of changes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simharness.core.clock import Clock
from simharness.core.money import Money
from simharness_fakes.banking.bank import Bank
from simharness_fakes.banking.feed import Feed, Kind
from simharness_fakes.banking.lines import Line
from simharness_fakes.banking.refusals import BadAmount, FutureDay, NoAccount, NoLine, NotPending, WrongCurrency

#: 23:30 on Monday in New York, already Tuesday in UTC.
LATE = datetime(2026, 1, 6, 4, 30, tzinfo=UTC)


def bank() -> Bank:
    made = Bank(Clock(LATE), "America/New_York")
    made.open("a1", "Bank", "0001234567", "USD")
    return made


def line(made: Bank, line_id: str, amount: str, status: str = "posted") -> Line:
    money = Money.parse(amount)
    return Line(id=line_id, account="a1", amount=money, date=made.today, status=status, created_at=LATE)


def test_a_line_is_booked_on_the_banks_own_day() -> None:
    made = bank()
    made.move(line(made, "l1", "USD 5.00"))
    assert made.line("l1").date.isoformat() == "2026-01-05"


def test_pending_lines_do_not_count_in_the_balance_until_they_are_posted() -> None:
    made = bank()
    made.move(line(made, "l1", "USD 100.00"))
    made.move(line(made, "p1", "USD -30.00", "pending"))
    account = made.account("")
    assert (account.booked, account.announced) == (Money.parse("USD 100.00"), Money.parse("USD -30.00"))
    made.post("p1", "l2", Money.parse("USD -32.50"))
    account = made.account("a1")
    assert (account.booked, account.announced) == (Money.parse("USD 67.50"), Money.parse("USD 0.00"))


def test_a_posted_line_takes_the_place_of_the_pending_one() -> None:
    made = bank()
    made.move(line(made, "p1", "USD -30.00", "pending"))
    posted = made.post("p1", "l2", description="CARD 1234")
    assert [each.id for each in made.lines] == ["l2"]
    assert (posted.replaces, posted.amount, posted.description) == ("p1", Money.parse("USD -30.00"), "CARD 1234")
    with pytest.raises(NoLine):
        made.post("p1", "l3")
    with pytest.raises(NotPending):
        made.post("l2", "l3")
    with pytest.raises(NotPending):
        made.drop("l2")


@pytest.mark.parametrize(
    ("amount", "refusal"), [("USD 0.00", BadAmount), ("USD 0.001", BadAmount), ("EUR 1.00", WrongCurrency)]
)
def test_what_the_bank_refuses_changes_nothing(amount: str, refusal: type[Exception]) -> None:
    made = bank()
    made.move(line(made, "p1", "USD -30.00", "pending"))
    before = (made.snapshot("bank"), made.feed.end)
    with pytest.raises(refusal):
        made.move(line(made, "l1", amount))
    with pytest.raises(refusal):
        made.post("p1", "l2", Money.parse(amount))
    assert (made.snapshot("bank"), made.feed.end) == before


def test_nothing_is_booked_without_an_account_or_on_a_day_to_come() -> None:
    with pytest.raises(NoAccount):
        Bank(Clock(LATE)).account("")
    made = bank()
    with pytest.raises(NoAccount):
        made.account("a2")
    with pytest.raises(FutureDay):
        made.check(made.account("a1"), Money.parse("USD 1.00"), made.today + timedelta(days=1))


def test_the_feed_tells_net_changes_between_any_two_places() -> None:
    feed, made = Feed(), bank()
    old, new, other = (line(made, name, "USD 1.00") for name in ("old", "new", "other"))
    feed.tell(Kind.ADDED, old)
    start = feed.end
    feed.tell(Kind.ADDED, new)
    feed.tell(Kind.MODIFIED, new)
    feed.tell(Kind.ADDED, other)
    feed.tell(Kind.REMOVED, other)
    feed.tell(Kind.MODIFIED, old)
    assert [(c.kind, c.line.id) for c in feed.between(start, feed.end)] == [(Kind.ADDED, "new"), (Kind.MODIFIED, "old")]
    feed.tell(Kind.REMOVED, old)
    assert [(c.kind, c.line.id) for c in feed.between(start, feed.end)] == [(Kind.ADDED, "new"), (Kind.REMOVED, "old")]
    assert feed.between(feed.end, feed.end) == ()


@given(steps=st.lists(st.tuples(st.sampled_from("mpxd"), st.integers(0, 9), st.integers(-99, 99).filter(bool))))
def test_what_the_feed_says_of_a_place_is_what_the_bank_was_then(steps: list[tuple[str, int, int]]) -> None:
    made = bank()
    seen = [(made.feed.end, set(made.lines), tuple(made.accounts))]
    for number, (what, pick, cents) in enumerate(steps):
        waiting = [each.id for each in made.lines if each.status == "pending"]
        amount = str(Money.from_minor(cents, "USD"))
        if what in "mp":
            made.move(line(made, f"l{number}", amount, "pending" if what == "p" else "posted"))
        elif waiting and what == "x":
            made.post(waiting[pick % len(waiting)], f"l{number}", Money.parse(amount))
        elif waiting:
            made.drop(waiting[pick % len(waiting)])
        seen.append((made.feed.end, set(made.lines), tuple(made.accounts)))
    for place, lines, accounts in seen:
        assert set(made.lines_at(place)) == lines
        assert made.accounts_at(place) == accounts


def test_a_forked_bank_goes_its_own_way() -> None:
    made = bank()
    made.move(line(made, "l1", "USD 5.00"))
    twin = made.fork(Clock(LATE))
    twin.move(line(made, "l2", "USD 6.00"))
    assert (len(made.lines), made.feed.end, str(made.account("").booked)) == (1, 1, "USD 5.00")
    assert (len(twin.lines), twin.feed.end, str(twin.account("").booked)) == (2, 2, "USD 11.00")
