"""Deposits through the whole connector: nothing is asked for, netted or given back twice, whatever gets lost."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from simharness.core.money import Money
from simharness.domain import acts, events
from simharness.domain.evidence import Reject
from simharness.domain.exchange import DeliveryKind
from tests.functional.test_reference_faults import Company, answered, delivered, killed


def eur(amount: str) -> Money:
    return Money(Decimal(amount), "EUR")


KIOSKS = acts.LineSpec(product="Visitor kiosk", quantity=Decimal(10), unit_price=eur("1000.00"))


class Estonia(Company):
    """A company in Estonia an hour before 22 % become 24 %: late on 30 June 2025, in its own time zone."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder, "ee-saas", now=datetime(2025, 6, 30, 20, tzinfo=UTC))

    def sell(self, *, percent: str = "30", amount: Money | None = None) -> str:
        """A deal of 10,000.00 with a deposit that is won."""
        act = acts.CreateDeal(
            name="Ferry gates",
            company_id=self.customer(region="EE"),
            currency="EUR",
            lines=(KIOSKS,),
            deposit_percent=None if amount else Decimal(percent),
            deposit_amount=amount,
        )
        (saved,) = self.world.operate("crm", act, "sales")
        assert isinstance(saved, events.DealSaved)
        self.win(saved.deal_id)
        return saved.deal_id

    def deliver(self, deal_id: str) -> None:
        self.world.advance_to(datetime(2025, 6, 30, 21, 30, tzinfo=UTC))
        self.world.operate("crm", acts.DeliverDeal(deal_id=deal_id, day=date(2025, 7, 1)), "sales")

    def reduce(self, deal_id: str) -> None:
        self.world.advance(timedelta(minutes=20))
        act = acts.ChangeDeal(deal_id=deal_id, discount_percent=Decimal(10))
        self.world.operate("crm", act, "sales")

    def figures(self) -> list[tuple[str, str, str]]:
        ledger = self.world.snapshot().ledger()
        assert ledger is not None
        return [(each.kind, str(each.net.amount), str(each.tax.amount)) for each in ledger.documents]

    def rejects(self) -> list[str]:
        return [row.code for row in self.connector.evidence() if isinstance(row, Reject)]

    def lose_memory(self, folder: Path) -> None:
        self.connector.stop()
        self.connector.start({**self.world.connections(), "bi.url": ""}, folder / "another state")


DEPOSIT, FINAL = ("invoice", "3000.00", "660.00"), ("invoice", "7000.00", "1680.00")
REDUCTION = ("credit_memo", "1000.00", "234.00")


@pytest.mark.parametrize("lost", ["nothing", "before delivery", "after delivery", "after the reduction"])
def test_an_empty_memory_goes_on_where_the_books_are(tmp_path: Path, lost: str) -> None:
    company = Estonia(tmp_path)
    deal = company.sell()
    company.rest()
    if lost == "before delivery":
        company.lose_memory(tmp_path)
        company.rest()
    company.deliver(deal)
    company.rest()
    if lost == "after delivery":
        company.lose_memory(tmp_path)
        company.rest()
    company.reduce(deal)
    company.rest()
    if lost == "after the reduction":
        company.lose_memory(tmp_path)
        company.rest()
    company.connector.operate("rewind", {})
    company.rest()
    assert company.figures() == [DEPOSIT, FINAL, REDUCTION]
    assert company.rejects() == []


@pytest.mark.parametrize("lost", [False, True], ids=["kept", "lost"])
def test_what_went_back_of_a_deposit_is_known_to_an_empty_memory(tmp_path: Path, lost: bool) -> None:
    company = Estonia(tmp_path)
    deal = company.sell()
    company.rest()
    told = {"invoice": "1001", "reason": "half of it", "approver": "Dana Scully"}
    company.connector.operate("credit", {**told, "amount": "1220.00"})
    company.rest()
    if lost:
        company.lose_memory(tmp_path)
        company.rest()
    company.deliver(deal)
    company.rest()
    # 1,000.00 and 220.00 went back; 2,000.00 are taken off 10,000.00, and 8,000.00 are taxed at 24 %
    assert company.figures() == [DEPOSIT, ("credit_memo", "1000.00", "220.00"), ("invoice", "8000.00", "1920.00")]
    company.connector.operate("credit", {**told, "amount": "0.01"})
    company.rest()
    assert company.rejects() == ["above_invoice"]


@pytest.mark.parametrize("nth", [1, 2])
@pytest.mark.parametrize("fault", [killed, delivered(DeliveryKind.LOST)], ids=["killed", "answer lost"])
def test_an_invoice_whose_answer_is_lost_is_there_once(tmp_path: Path, fault: object, nth: int) -> None:
    company = Estonia(tmp_path)
    company.port.counts = lambda request: request.method == "POST" and request.path.endswith("/invoice")
    company.port.at, company.port.fault = nth, fault  # type: ignore[assignment]  # a fault of either kind
    deal = company.sell()
    company.rest()
    company.deliver(deal)
    company.rest()
    assert company.figures() == [DEPOSIT, FINAL]


def test_what_is_delivered_before_the_deposit_was_asked_for_is_billed_at_once(tmp_path: Path) -> None:
    company = Estonia(tmp_path)
    company.deliver(company.sell())
    company.rest()
    assert company.figures() == [("invoice", "10000.00", "2400.00")]


def test_a_deposit_above_the_deal_waits_for_a_person(tmp_path: Path) -> None:
    company = Estonia(tmp_path)
    company.sell(amount=eur("10000.01"))
    company.rest()
    assert company.figures() == []
    assert company.rejects() == ["deposit_out_of_range"]
    assert company.statuses()[0][0] == "rejected"


def test_a_deposit_is_credited_and_never_written_off(tmp_path: Path) -> None:
    company = Estonia(tmp_path)
    company.sell()
    company.rest()
    told = {"invoice": "1001", "reason": "cancelled", "approver": "Dana Scully"}
    company.connector.operate("write_off", {**told, "amount": "3660.00"})
    company.rest()
    assert company.rejects() == ["deposit_no_loss"]
    company.connector.operate("credit", {**told, "amount": "3660.00"})
    company.rest()
    assert company.figures() == [DEPOSIT, ("credit_memo", "3000.00", "660.00")]
    assert company.statuses() == [("deposit given back", "EUR 0.00")]


def test_what_a_final_invoice_took_off_cannot_be_given_back_of_the_deposit(tmp_path: Path) -> None:
    company = Estonia(tmp_path)
    deal = company.sell()
    company.rest()
    company.deliver(deal)
    company.rest()
    company.world.advance(timedelta(minutes=1))
    company.connector.operate("credit", {"invoice": "1001", "amount": "366.00", "reason": "scratched"})
    company.rest()
    assert company.rejects() == ["above_invoice"]
    assert company.figures() == [DEPOSIT, FINAL]


def test_a_deposit_in_a_foreign_currency_waits_for_a_person(tmp_path: Path) -> None:
    company = Company(tmp_path, "us-saas-currencies")
    company.world.operate("accounting", acts.SetExchangeRate(currency="EUR", rate=Decimal("1.10")), "controller")
    name = acts.CreateCompany(name="Hooli GmbH", region="US-OR", terms="Net 30", currency="EUR")
    (customer,) = company.world.operate("crm", name, "sales")
    assert isinstance(customer, events.CompanySaved)
    line = acts.LineSpec(product="Badge printer", quantity=Decimal(1), unit_price=eur("1000.00"))
    deal = acts.CreateDeal(
        name="Rollout", company_id=customer.company_id, currency="EUR", lines=(line,), deposit_percent=Decimal(30)
    )
    (saved,) = company.world.operate("crm", deal, "sales")
    assert isinstance(saved, events.DealSaved)
    company.win(saved.deal_id)
    company.rest()
    assert [row.code for row in company.connector.evidence() if isinstance(row, Reject)] == ["foreign_deposit"]


def test_an_item_that_was_refused_for_good_is_sent_again_for_an_operator_only(tmp_path: Path) -> None:
    """Without the item of deposits the deal is not billed, nor, once it is delivered, billed as if there was none."""
    company = Estonia(tmp_path)
    company.port.counts = lambda request: request.path.endswith("/item")
    company.port.at, company.port.fault = 1, answered(403, body=b'{"message": "scope missing"}')
    deal = company.sell()
    company.rest()
    company.deliver(deal)
    company.rest()
    assert (company.port.seen, company.figures()) == (1, [])
    assert company.rejects()
    company.connector.operate("replay", {"source": f"hubspot:deal:{deal}"})
    company.rest()
    assert company.port.seen == 2
    assert company.figures() == [("invoice", "10000.00", "2400.00")]
