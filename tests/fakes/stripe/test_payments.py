"""What paying does: fees to the cent, a balance that adds up, declines that move nothing."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from simharness.core.clock import Clock
from simharness.core.money import Money
from simharness.core.rng import Rng
from simharness.domain.acts import ActRefused, ChangeDeal, TakePayment
from simharness.domain.events import PaymentTaken
from simharness.fakekit.pack import Setup
from tests.fakes.stripe.account import Account


def cents(answer: object, name: str, currency: str = "usd") -> int:
    return sum(f["amount"] for f in answer[name] if f["currency"] == currency)


# 2.9 % + 0.30, rounded once, half up: 43.50 + 0.30 · 29.00 + 0.30 · 40.9045 + 0.30 · 0.0145 + 0.30 · 1.45 + 0.30 · and
# 0.435 + 0.30 = 0.735, the half cent.
@pytest.mark.parametrize(
    ("amount", "fee"), [(150_000, 4_380), (100_000, 2_930), (141_050, 4_120), (50, 31), (5_000, 175), (1_500, 74)]
)
def test_a_charge_costs_the_declared_price(amount: int, fee: int) -> None:
    account = Account()
    charge = account.pay(amount, expand=["latest_charge.balance_transaction"])["latest_charge"]
    line = charge["balance_transaction"]
    assert (line["amount"], line["fee"], line["net"]) == (amount, fee, amount - fee)
    assert [d["amount"] for d in line["fee_details"]] == [fee]


def test_the_price_is_an_option() -> None:
    account = Account(options={"fee_percent": "1.5", "fee_fixed": "USD 0.25"})
    account.pay(10_000)
    assert account.get("balance_transactions")["data"][0]["fee"] == 175


def test_money_is_pending_for_two_business_days_then_available() -> None:
    account = Account()
    account.pay(150_000)
    for hours, pending, available in ((0, 145_620, 0), (30, 145_620, 0), (31, 0, 145_620)):  # Wednesday 00:00 UTC
        probe = Account()
        probe.pay(150_000)
        probe.clock.advance(timedelta(hours=hours))
        balance = probe.get("balance")
        assert (cents(balance, "pending"), cents(balance, "available")) == (pending, available)


def test_a_weekend_does_not_count() -> None:
    account = Account()
    account.clock.advance(timedelta(days=4))  # Friday
    account.pay(1_000)
    line = account.get("balance_transactions")["data"][0]
    assert line["available_on"] - line["created"] == timedelta(days=3, hours=7).total_seconds()  # Tuesday 00:00
    assert line["status"] == "pending"


def test_the_balance_is_the_sum_of_its_transactions() -> None:
    account = Account()
    for amount, currency in (
        (150_000, "usd"),
        (99, "usd"),
        (5_000, "jpy"),
        (12_340, "kwd"),
        (5_001, "mga"),
        (300, "isk"),
    ):
        account.pay(amount, currency)
        account.clock.advance(timedelta(days=1))
    balance, lines = account.get("balance"), account.get("balance_transactions", limit=100)["data"]
    for currency in ("usd", "jpy", "kwd", "mga", "isk"):
        net = sum(line["net"] for line in lines if line["currency"] == currency)
        assert cents(balance, "pending", currency) + cents(balance, "available", currency) == net


@pytest.mark.parametrize(
    ("card", "code", "decline_code"),
    [
        ("chargeDeclined", "card_declined", "generic_decline"),
        ("visa_chargeDeclinedInsufficientFunds", "card_declined", "insufficient_funds"),
        ("visa_chargeDeclinedLostCard", "card_declined", "lost_card"),
        ("chargeDeclinedExpiredCard", "expired_card", None),
        ("chargeDeclinedProcessingError", "processing_error", None),
    ],
)
def test_a_decline_is_a_402_that_moves_no_money(card: str, code: str, decline_code: str | None) -> None:
    account = Account()
    wish = {"amount": 5_000, "currency": "usd", "payment_method": f"pm_card_{card}", "confirm": True}
    answer = account.ask("POST", "payment_intents", wish)
    assert answer.status == 402
    assert (answer.error["type"], answer.error["code"]) == ("card_error", code)
    assert answer.error.get("decline_code") == decline_code
    assert answer.error["payment_intent"]["status"] == "requires_payment_method"
    charge = account.get(f"charges/{answer.error['charge']}")
    assert (charge["status"], charge["paid"], charge["balance_transaction"]) == ("failed", False, None)
    assert account.get("balance_transactions")["data"] == []


def test_an_intent_recovers_from_a_decline_with_another_card() -> None:
    account = Account()
    intent = account.post("payment_intents", amount=5_000, currency="usd", payment_method="pm_card_chargeDeclined")
    path = f"payment_intents/{intent['id']}"
    assert account.ask("POST", f"{path}/confirm").status == 402
    assert account.get(path)["last_payment_error"]["code"] == "card_declined"
    paid = account.post(f"{path}/confirm", payment_method="pm_card_visa")
    assert (paid["status"], paid["amount_received"], paid["last_payment_error"]) == ("succeeded", 5_000, None)
    assert [c["status"] for c in account.get("charges", payment_intent=intent["id"])["data"]] == ["succeeded", "failed"]


def test_what_is_through_can_be_described_but_not_repeated_changed_or_cancelled() -> None:
    account = Account()
    path = f"payment_intents/{account.pay(5_000)['id']}"
    for action, params in (("/confirm", {}), ("/cancel", {}), ("", {"amount": 6_000})):
        answer = account.ask("POST", path + action, params)
        assert (answer.status, answer.error["code"]) == (400, "payment_intent_unexpected_state")
    assert account.post(path, description="settled")["description"] == "settled"
    assert len(account.get("charges")["data"]) == 1


def test_a_cancelled_intent_takes_nothing_more() -> None:
    account = Account()
    intent = account.post("payment_intents", amount=5_000, currency="usd")
    gone = account.post(f"payment_intents/{intent['id']}/cancel", cancellation_reason="abandoned")
    assert (gone["status"], gone["cancellation_reason"]) == ("canceled", "abandoned")
    assert (
        account.ask("POST", f"payment_intents/{intent['id']}/confirm", {"payment_method": "pm_card_visa"}).status == 400
    )


def test_a_card_without_customer_pays_once() -> None:
    account = Account()
    method = account.post("payment_methods", type="card", card={"token": "tok_visa"})["id"]
    wish = {"amount": 500, "currency": "usd", "payment_method": method, "confirm": True}
    assert account.ask("POST", "payment_intents", wish).status == 200
    assert account.ask("POST", "payment_intents", wish).status == 400


def test_a_card_of_a_customer_pays_again_and_for_nobody_else() -> None:
    account = Account()
    customer, other = account.post("customers", name="Globex")["id"], account.post("customers", name="Initech")["id"]
    method = account.post("payment_methods/pm_card_visa/attach", customer=customer)["id"]
    wish = {"amount": 500, "currency": "usd", "payment_method": method, "confirm": True}
    assert account.ask("POST", "payment_intents", {**wish, "customer": customer}).status == 200
    assert account.ask("POST", "payment_intents", {**wish, "customer": customer}).status == 200
    assert account.ask("POST", "payment_intents", {**wish, "customer": other}).status == 400
    account.post(f"payment_methods/{method}/detach")
    assert account.ask("POST", "payment_intents", {**wish, "customer": customer}).status == 400


@pytest.mark.parametrize(
    ("amount", "currency", "money"),
    [
        (1_050, "usd", "USD 10.50"),
        (1_050, "jpy", "JPY 1050"),
        (12_340, "kwd", "KWD 12.340"),
        (1_000, "isk", "ISK 10"),
        (5_000, "MGA", "MGA 5000"),
    ],
)
def test_amounts_have_the_exponent_of_their_currency(amount: int, currency: str, money: str) -> None:
    account = Account()
    intent = account.pay(amount, currency)
    assert (intent["amount"], intent["currency"]) == (amount, currency.lower())
    (snapshot,) = account.fake.snapshot()
    assert snapshot.charges[0].amount == Money.parse(money)


@pytest.mark.parametrize(("amount", "currency"), [(12_345, "kwd"), (105, "isk"), (49, "usd"), (0, "usd"), (-1, "usd")])
def test_an_amount_stripe_cannot_take_is_refused_and_names_the_parameter(amount: int, currency: str) -> None:
    answer = Account().ask("POST", "payment_intents", {"amount": amount, "currency": currency})
    assert (answer.status, answer.error["param"]) == (400, "amount")


def test_a_payment_finds_its_customer_by_the_crm_id_and_else_makes_one() -> None:
    account = Account()
    known = account.post("customers", name="Globex", metadata={"crm_company_id": "77"})["id"]
    account.post("customers", name="Globex")  # a namesake without the id

    def paid(reference: str, name: str = "Globex") -> str:
        act = TakePayment(
            amount=Money("1500.00", "USD"),
            customer_name=name,
            customer_reference=reference,
            references=(("invoice_number", "1001"),),
        )
        (event,) = account.fake.operate(act, "customer")
        assert isinstance(event, PaymentTaken)
        assert event.fee == Money(Decimal("43.80"), "USD")
        charge = account.get(f"charges/{event.charge_id}")
        assert charge["metadata"] == {"invoice_number": "1001"}
        return str(charge["customer"])

    assert paid("77") == known
    fresh = paid("78")
    assert fresh != known
    assert account.get(f"customers/{fresh}")["metadata"] == {"crm_company_id": "78"}
    assert paid("78", name="Globex renamed") == fresh
    kinds = [e["type"] for e in account.get("events", limit=100)["data"]]
    assert kinds.count("charge.succeeded") == kinds.count("payment_intent.succeeded") == 3


def test_the_snapshot_is_what_the_api_shows() -> None:
    account = Account()
    account.pay(150_000, metadata={"invoice_number": "1001"}, description="rollout")
    wish = {"amount": 900, "currency": "usd", "payment_method": "pm_card_chargeDeclined", "confirm": True}
    assert account.ask("POST", "payment_intents", wish).status == 402
    account.post("payment_intents", amount=900, currency="usd")
    (gateway,) = account.fake.snapshot()
    assert [(c.status, c.amount) for c in gateway.charges] == [
        ("succeeded", Money("1500.00", "USD")),
        ("failed", Money("9.00", "USD")),
    ]
    assert gateway.charges[0].references == (("invoice_number", "1001"),)
    (line,) = gateway.balance_lines
    assert (line.kind, line.fee, line.net) == ("charge", Money("43.80", "USD"), Money("1456.20", "USD"))
    assert gateway.pending == (Money("1456.20", "USD"),)


def test_an_act_stripe_would_refuse_is_refused_with_its_reason() -> None:
    account = Account()
    with pytest.raises(ActRefused, match=r"at least 0\.50 usd"):
        account.fake.operate(TakePayment(amount=Money("0.49", "USD"), customer_name="Globex"), "customer")
    with pytest.raises(ActRefused, match="ChangeDeal"):
        account.fake.operate(ChangeDeal(deal_id="1"), "sales")
    assert account.get("customers")["data"] == []


def test_every_write_names_its_actor_and_what_really_changed() -> None:
    account = Account()
    customer = account.post("customers", name="Globex")["id"]
    account.post(f"customers/{customer}", name="Globex")
    account.post(f"customers/{customer}", name="Globex Corp.", email="ap@globex.example")
    account.fake.operate(TakePayment(amount=Money("5.00", "USD"), customer_name="Initech"), "customer")
    told = [(w.dataset, w.action, w.fields, w.actor) for w in account.fake.writes]
    assert told[:2] == [
        ("customer", "create", ("name",), "connector"),
        ("customer", "update", ("email", "name"), "connector"),
    ]
    assert {w.actor for w in account.fake.writes[2:]} == {"customer"}
    assert ("charge", "create") in {(w.dataset, w.action) for w in account.fake.writes[2:]}


def test_a_fork_of_the_account_goes_its_own_way() -> None:
    account = Account()
    account.pay(5_000)
    clock, rng = Clock(account.clock.now), Rng(11)
    twin = account.fake.fork(Setup(clock=clock, rng=rng, ids=account.fake.setup.ids.fork(), post=lambda request: None))
    act = TakePayment(amount=Money("7.00", "USD"), customer_name="Globex")
    one, two = account.fake.operate(act, "customer"), twin.operate(act, "customer")
    assert one == two  # the same next ids, the same fee
    twin.operate(act, "customer")
    ours, theirs = (len(fake.snapshot()[0].charges) for fake in (account.fake, twin))
    assert (ours, theirs) == (2, 3)
