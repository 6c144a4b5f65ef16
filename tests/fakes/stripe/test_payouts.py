"""What paying out does: an automatic payout is the sum of its lines, nothing is paid twice, a failure restores."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta

import pytest

from simharness.core.clock import Clock
from simharness.core.money import Money
from simharness.core.rng import Rng
from simharness.domain.acts import ActRefused, DisputePayment, FailPayout, PayOut, RefundPayment, SchedulePayouts
from simharness.domain.events import DomainEvent, PayoutSent
from simharness.fakekit.pack import Setup
from simharness_fakes.payments.payouts import Schedule
from simharness_fakes.stripe import PACK
from tests.fakes.stripe.account import MONDAY, Account
from tests.fakes.stripe.till import act, events, gateway, holds, pay, usd


def until(account: Account, day: int, hour: int = 13) -> None:
    """Let time pass until a day of January 2026."""
    account.clock.advance_to(datetime(2026, 1, day, hour, tzinfo=UTC))


# -- by hand -----------------------------------------------------------------------------------------------------------


def test_a_manual_payout_takes_what_is_available_and_is_linked_to_nothing() -> None:
    account = Account()
    pay(account, "1500.00")  # 1,456.20 net, available on Wednesday
    until(account, 7)
    event = act(account, PayOut(amount=usd("1000.00")))
    assert (event.automatic, event.arrival) == (False, date(2026, 1, 9))
    payout = account.get(f"payouts/{event.payout_id}", expand=["balance_transaction"])
    assert (payout["status"], payout["automatic"], payout["amount"]) == ("pending", False, 100_000)
    assert payout["trace_id"] == {"status": "supported", "value": event.reference}
    assert payout["arrival_date"] == int(datetime(2026, 1, 9, tzinfo=UTC).timestamp())
    line = payout["balance_transaction"]
    assert (line["type"], line["amount"], line["fee"]) == ("payout", -100_000, 0)
    assert account.get("balance_transactions", payout=payout["id"])["data"] == []
    assert gateway(account).payouts[0].lines == ()
    assert gateway(account).available == (usd("456.20"),)


@pytest.mark.parametrize("amount", ["1456.21", "0.00", "-5.00", "0.001"])
def test_more_than_is_available_is_not_paid_out(amount: str) -> None:
    account = Account()
    pay(account, "1500.00")
    until(account, 7)
    pay(account, "900.00")  # pending
    with pytest.raises(ActRefused):
        act(account, PayOut(amount=usd(amount)))
    assert gateway(account).payouts == ()
    assert act(account, PayOut(amount=usd("1456.20"))).amount == usd("1456.20")


def test_the_api_refuses_a_payout_in_stripes_words() -> None:
    account = Account()
    pay(account, "100.00")
    answer = account.ask("POST", "payouts", {"amount": 100, "currency": "usd"})
    assert (answer.status, answer.error["code"]) == (400, "balance_insufficient")
    until(account, 7)
    for wish in ({"amount": 100, "currency": "eur"}, {"amount": 100, "currency": "usd", "destination": "ba_other"}):
        assert account.ask("POST", "payouts", wish).status == 400
    assert account.ask("POST", "payouts", {"amount": 100, "currency": "usd", "method": "instant"}).status == 400
    assert account.post("payouts", amount=9_680, currency="usd")["amount"] == 9_680


def test_a_payout_travels_to_the_bank_and_is_paid_on_its_arrival_day() -> None:
    account = Account()
    pay(account, "100.00")
    until(account, 7)
    path = f"payouts/{act(account, PayOut(amount=usd('96.80'))).payout_id}"
    seen = []
    for day, hour in ((7, 13), (7, 14), (8, 23), (9, 0)):
        until(account, day, hour)
        seen.append(account.get(path)["status"])
    assert seen == ["pending", "in_transit", "in_transit", "paid"]
    assert events(account, "payout") == ["payout.created", "payout.updated", "payout.paid"]


def test_by_option_a_trace_is_known_when_the_bank_has_booked() -> None:
    account = Account(options={"payout_trace": "paid"})
    pay(account, "100.00")
    until(account, 7)
    event = act(account, PayOut(amount=usd("96.80")))
    path = f"payouts/{event.payout_id}"
    assert account.get(path)["trace_id"] == {"status": "pending", "value": None}
    until(account, 9)
    assert account.get(path)["trace_id"] == {"status": "supported", "value": event.reference}


def test_a_pending_payout_is_canceled_and_one_on_its_way_is_not() -> None:
    account = Account()
    pay(account, "100.00")
    until(account, 7)
    first = account.post("payouts", amount=5_000, currency="usd")["id"]
    gone = account.post(f"payouts/{first}/cancel", expand=["failure_balance_transaction"])
    assert (gone["status"], gone["failure_balance_transaction"]["type"]) == ("canceled", "payout_cancel")
    assert gateway(account).available == (usd("96.80"),)
    second = account.post("payouts", amount=9_680, currency="usd")["id"]
    account.clock.advance(timedelta(hours=2))
    assert account.ask("POST", f"payouts/{second}/cancel").status == 400
    until(account, 30)
    assert [p["status"] for p in account.get("payouts")["data"]] == ["paid", "canceled"]


def test_payouts_are_listed_by_status_arrival_and_destination() -> None:
    account = Account()
    pay(account, "100.00")
    until(account, 7)
    one = account.post("payouts", amount=1_000, currency="usd", metadata={"a": "1"})
    until(account, 8)
    two = account.post("payouts", amount=2_000, currency="usd")
    until(account, 9)

    def listed(**where: object) -> list[str]:
        return [p["id"] for p in account.get("payouts", **where)["data"]]

    assert listed() == [two["id"], one["id"]]
    assert listed(status="paid") == [one["id"]]
    assert listed(arrival_date=two["arrival_date"]) == [two["id"]]
    assert listed(arrival_date={"lt": two["arrival_date"]}) == [one["id"]]
    assert listed(destination=one["destination"]) == [two["id"], one["id"]]
    assert listed(destination="ba_other") == []
    assert account.post(f"payouts/{one['id']}", metadata={"b": "2"})["metadata"] == {"a": "1", "b": "2"}


# -- by themselves -----------------------------------------------------------------------------------------------------


def test_an_automatic_payout_is_the_sum_of_its_lines_and_leaves_nothing() -> None:
    account = Account()
    act(account, SchedulePayouts(interval="daily"))
    charge = pay(account, "1500.00")  # 1,456.20 net
    pay(account, "100.00")  # 96.80 net
    act(account, RefundPayment(charge_id=charge, amount=usd("500.00")))
    until(account, 7)
    pay(account, "10.00")  # pending until Friday
    (payout,) = account.get("payouts")["data"]
    assert (payout["automatic"], payout["amount"], payout["reconciliation_status"]) == (True, 105_300, "in_progress")
    lines = account.get("balance_transactions", payout=payout["id"], expand=["data.source"])["data"]
    assert [line["source"]["object"] for line in lines] == ["payout", "refund", "charge", "charge"]
    assert sum(line["net"] for line in lines if line["type"] != "payout") == payout["amount"]
    assert sum(line["net"] for line in lines) == 0
    assert gateway(account).available == (usd("0.00"),)
    until(account, 9)
    assert [p["amount"] for p in account.get("payouts")["data"]] == [941, 105_300]


def test_by_option_a_payouts_lines_leave_its_own_out() -> None:
    account = Account(options={"payout_interval": "daily", "payout_lists_itself": "no"})
    pay(account, "100.00")
    until(account, 7)
    (payout,) = account.get("payouts")["data"]
    assert [line["type"] for line in account.get("balance_transactions", payout=payout["id"])["data"]] == ["charge"]
    assert len(account.get("balance_transactions")["data"]) == 2


def test_a_negative_balance_is_collected_from_the_bank() -> None:
    account = Account()
    act(account, SchedulePayouts(interval="daily"))
    charge = pay(account, "100.00")
    until(account, 8)
    act(account, DisputePayment(charge_id=charge))
    until(account, 9)
    debit, credit = account.get("payouts")["data"]
    assert (credit["amount"], debit["amount"]) == (9_680, -11_500)
    assert holds(account) == usd("0.00")
    account.fake.till.balance.available(account.clock.now)
    assert gateway(account).payouts[1].amount == usd("-115.00")


def test_by_option_a_negative_balance_waits_for_money() -> None:
    account = Account(options={"payout_interval": "daily", "debit_negative_balances": "no"})
    charge = pay(account, "100.00")
    until(account, 8)
    act(account, DisputePayment(charge_id=charge))
    pay(account, "200.00")  # 193.90 net, available on Monday
    until(account, 12)
    assert [p["amount"] for p in account.get("payouts")["data"]] == [7_890, 9_680]  # 193.90 − 115.00


def test_currencies_are_paid_out_apart() -> None:
    account = Account(options={"payout_interval": "daily"})
    account.pay(10_000, "usd")
    account.pay(1_050, "jpy")
    account.pay(12_340, "kwd")
    until(account, 7)
    found = {p["currency"]: p["amount"] for p in account.get("payouts")["data"]}
    assert found == {"usd": 9_680, "jpy": 990, "kwd": 11_980}


@pytest.mark.parametrize(
    ("interval", "days"),
    [
        ("manual", []),
        ("daily", [6, 7, 8, 9, 12, 13, 14, 15, 16]),
        ("weekly", [12, 19, 26]),
    ],
)
def test_a_schedule_names_business_days(interval: str, days: Sequence[int]) -> None:
    schedule, moment, found = Schedule(interval=interval), datetime(2026, 1, 5, 17, tzinfo=UTC), []
    while len(found) < len(days):
        due = schedule.next_after(moment)
        assert due is not None
        assert due.hour == 12
        found.append(due.day)
        moment = due
    assert found == list(days)
    if interval == "manual":
        assert schedule.next_after(moment) is None


@pytest.mark.parametrize(
    ("month_days", "dates"),
    [
        # 1 February and 1 March 2026 are Sundays.
        ((1,), ["2026-02-02", "2026-03-02", "2026-04-01", "2026-05-01"]),
        # 31 January is a Saturday, 28 February too; both roll over the end of their month.
        ((31,), ["2026-02-02", "2026-03-02", "2026-03-31", "2026-04-30"]),
        ((10, 20), ["2026-01-12", "2026-01-20", "2026-02-10", "2026-02-20"]),
    ],
)
def test_a_monthly_schedule_rolls_weekends_over(month_days: tuple[int, ...], dates: list[str]) -> None:
    schedule, moment, found = Schedule(interval="monthly", month_days=month_days), MONDAY, []
    for _ in dates:
        due = schedule.next_after(moment)
        assert due is not None
        found.append(due.date().isoformat())
        moment = due
    assert found == dates


def test_the_settings_set_the_schedule() -> None:
    account = Account()
    schedule = {"interval": "weekly", "weekly_payout_days": ["wednesday", "friday"]}
    set_to = account.post("balance_settings", payments={"payouts": {"schedule": schedule}})
    assert set_to["payments"]["payouts"]["schedule"] == schedule
    pay(account, "100.00")
    until(account, 31)
    created = [datetime.fromtimestamp(p["created"], tz=UTC).date() for p in account.get("payouts")["data"]]
    assert created == [date(2026, 1, 7)]
    for bad in (
        {"interval": "weekly"},
        {"interval": "monthly"},
        {"interval": "daily", "weekly_payout_days": ["monday"]},
        {"interval": "hourly"},
    ):
        assert account.ask("POST", "balance_settings", {"payments": {"payouts": {"schedule": bad}}}).status == 400
    assert account.get("balance_settings") == set_to
    off = account.post("balance_settings", payments={"debit_negative_balances": False})
    assert off["payments"]["debit_negative_balances"] is False
    assert act(account, SchedulePayouts(interval="manual")).interval == "manual"
    with pytest.raises(ActRefused, match="hourly"):
        act(account, SchedulePayouts(interval="hourly"))


# -- back again --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("day", "arrived"), [(7, False), (9, True)])
def test_a_failed_payout_is_back_on_the_balance_and_goes_out_once_more(day: int, arrived: bool) -> None:
    account = Account(options={"payout_interval": "daily"})
    pay(account, "100.00")
    until(account, 7)
    (payout,) = gateway(account).payouts
    until(account, day, 14)
    event = act(account, FailPayout(payout_id=payout.id, code="account_closed"), "bank")
    assert (event.amount, event.arrived, event.reference) == (usd("96.80"), arrived, payout.reference)
    assert holds(account) == usd("96.80")
    failed = account.get(f"payouts/{payout.id}", expand=["failure_balance_transaction"])
    line = failed["failure_balance_transaction"]
    assert (failed["status"], failed["failure_code"], line["type"]) == ("failed", "account_closed", "payout_failure")
    assert (line["amount"], line["reporting_category"]) == (9_680, "payout_reversal")
    with pytest.raises(ActRefused, match="failed already"):
        act(account, FailPayout(payout_id=payout.id))
    until(account, 20)
    first, second = gateway(account).payouts
    assert (first.status, second.status, second.amount) == ("failed", "paid", usd("96.80"))
    assert second.lines == (line["id"],)
    assert holds(account) == usd("0.00")
    assert events(account, "payout").count("payout.failed") == 1


def test_a_payout_does_not_fail_for_a_reason_no_bank_has() -> None:
    account = Account()
    pay(account, "100.00")
    until(account, 7)
    payout = act(account, PayOut(amount=usd("1.00"))).payout_id
    for wish in (FailPayout(payout_id=payout, code="bored"), FailPayout(payout_id="po_none")):
        with pytest.raises(ActRefused):
            act(account, wish)


def test_payouts_that_nobody_asked_for_are_announced_and_no_others() -> None:
    announced: list[DomainEvent] = []
    clock, rng = Clock(MONDAY), Rng(11)
    account = Account()
    setup = Setup(
        clock=clock, rng=rng, ids=account.fake.setup.ids, post=lambda request: None, announce=announced.extend
    )
    account.fake, account.clock = PACK.build(setup), clock  # type: ignore[assignment]  # the pack builds its own fake
    pay(account, "100.00")
    until(account, 7)
    act(account, PayOut(amount=usd("50.00")))
    assert announced == []
    act(account, SchedulePayouts(interval="daily"))
    until(account, 8)
    (sent,) = announced
    assert isinstance(sent, PayoutSent)
    assert (sent.automatic, sent.amount, sent.arrival) == (True, usd("46.80"), date(2026, 1, 12))
    assert sent.reference == gateway(account).payouts[1].reference


def test_a_fork_pays_out_on_its_own() -> None:
    account = Account(options={"payout_interval": "daily"})
    pay(account, "100.00")
    clock = Clock(account.clock.now)
    setup = Setup(
        clock=clock,
        rng=Rng(11),
        ids=account.fake.setup.ids.fork(),
        post=lambda request: None,
        options=account.fake.setup.options,
    )
    twin = account.fake.fork(setup)
    clock.advance(timedelta(days=2))
    (theirs,) = twin.snapshot()
    assert [p.amount for p in theirs.payouts] == [usd("96.80")]
    assert gateway(account).payouts == ()
    until(account, 7)
    assert [p.amount for p in gateway(account).payouts] == [usd("96.80")]


def test_a_reserve_holds_a_part_of_every_charge_and_lets_it_go() -> None:
    account = Account(options={"reserve_percent": "10", "reserve_days": "30", "payout_interval": "daily"})
    pay(account, "100.00")  # 96.80 net, of which 10.00 are kept back
    seen = gateway(account)
    assert (seen.pending, seen.reserved) == ((usd("86.80"),), (usd("10.00"),))
    until(account, 8)
    assert [p.amount for p in gateway(account).payouts] == [usd("86.80")]
    assert holds(account) == usd("10.00")
    kinds = [(t["type"], t["balance_type"]) for t in account.get("balance_transactions", type="reserve_hold")["data"]]
    assert sorted(kinds) == [("reserve_hold", "payments"), ("reserve_hold", "risk_reserved")]
    account.clock.advance(timedelta(days=30))
    assert [p.amount for p in gateway(account).payouts] == [usd("86.80"), usd("10.00")]
    assert gateway(account).reserved == (Money("0.00", "USD"),)
