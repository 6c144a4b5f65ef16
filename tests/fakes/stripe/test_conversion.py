"""What the API says of money that is changed: amounts of the balance, the rate, and a loud answer where none is known.

Figures by hand: EUR 1,000.00 x 1.0823 = USD 1,082.30, fee 2.9 % = 31.3867 and 0.30 = 31.69.
"""

from __future__ import annotations

from decimal import Decimal

import pytest

from simharness.core.money import Money
from simharness.domain.acts import ActRefused, CloseDispute, DisputePayment, RefundPayment, SetExchangeRate
from tests.fakes.stripe.account import Account
from tests.fakes.stripe.till import act, gateway, holds, pay


def dollars() -> Account:
    return Account(options={"settlement_currencies": "USD"})


def rate(account: Account, rate: str) -> None:
    act(account, SetExchangeRate(currency="EUR", rate=Decimal(rate)))


def test_a_balance_transaction_has_the_balances_currency_and_the_rate() -> None:
    account = dollars()
    rate(account, "1.0823")
    charge = account.ask("GET", f"charges/{pay(account, '1000.00', currency='EUR')}").json
    assert (charge["amount"], charge["currency"]) == (100_000, "eur")
    line = account.ask("GET", f"balance_transactions/{charge['balance_transaction']}").json
    told = (line["amount"], line["currency"], line["fee"], line["exchange_rate"])
    assert told == (108_230, "usd", 3_169, 1.0823)
    assert holds(account) == Money("1050.61", "USD")


def test_refund_and_dispute_leave_the_balance_at_their_own_days_rate() -> None:
    account = dollars()
    rate(account, "1.10")
    charge = pay(account, "1000.00", currency="EUR")
    rate(account, "1.12")
    refund = act(account, RefundPayment(charge_id=charge, amount=Money("400.00", "EUR")))
    rate(account, "1.15")
    dispute = act(account, DisputePayment(charge_id=charge))
    rate(account, "1.16")
    act(account, CloseDispute(dispute_id=dispute.dispute_id, won=True))
    moved = [(line.kind, str(line.amount), str(line.fee), line.rate) for line in gateway(account).balance_lines[1:]]
    assert moved == [
        ("refund", "USD -448.00", "USD 0.00", Decimal("1.12")),
        ("adjustment", "USD -690.00", "USD 15.00", Decimal("1.15")),
        ("adjustment", "USD 696.00", "USD 0.00", Decimal("1.16")),
    ]
    assert (refund.amount, dispute.amount) == (Money("400.00", "EUR"), Money("600.00", "EUR"))


def test_without_a_rate_somebody_is_told_loudly_and_nothing_happens() -> None:
    account = dollars()
    with pytest.raises(ActRefused, match="EUR into USD"):
        pay(account, "10.00", currency="EUR")
    wish = {"amount": 1000, "currency": "eur", "payment_method": "pm_card_visa", "confirm": "true"}
    wish |= {"automatic_payment_methods": {"enabled": "true", "allow_redirects": "never"}}
    answer = account.ask("POST", "payment_intents", wish)
    assert (answer.status, "EUR into USD" in answer.headers["x-simharness-unmodelled"]) == (501, True)
    assert gateway(account).charges == ()


@pytest.mark.parametrize(("currency", "rate"), [("USD", "1"), ("EUR", "0"), ("EUR", "-1")])
def test_a_rate_that_says_nothing_is_refused(currency: str, rate: str) -> None:
    with pytest.raises(ActRefused):
        act(dollars(), SetExchangeRate(currency=currency, rate=Decimal(rate)))
