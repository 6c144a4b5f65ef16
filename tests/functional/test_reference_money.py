"""Money comes and goes: refunds, disputes, payouts, bank lines, credits and write-offs, each once, whatever fails."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from simharness.domain import acts
from simharness.domain.evidence import Alert, Reject
from simharness.domain.exchange import DeliveryKind, Outcome, Request, Response
from simharness.fakekit.fake import Fake
from tests.functional.test_reference_faults import (
    PRINTER,
    SERVICE,
    Company,
    Fault,
    answered,
    delivered,
    killed,
    refused_connection,
    usd,
    writes,
)
from tests.functional.till import Till

DISCOUNTED = acts.LineSpec(product="Badge printer", quantity=Decimal(1), unit_price=usd("400.00"))


def play(company: Company, *, waits: bool = True) -> Till:
    """Every kind of posting by gateway, bank and operator happens at least once (a payout has to wait)."""
    till = Till(company)
    first = till.bill(PRINTER, SERVICE)  # 1001: 1,300.00 and tax 72.50 + 13.75
    till.bill(PRINTER, name="Initech")  # 1002: 1,086.25
    till.bill(PRINTER, name="Hooli")  # 1003: 1,086.25
    till.bill(DISCOUNTED, region="US-OR", terms="2/10 Net 30", name="Vandelay")  # 1004: 400.00
    sale = till.pay("1386.25", "1001", customer=first)
    till.refund(sale, "108.63", "sale", "1=100.00")  # tax of 100.00: 7.25 + 1.38
    more = till.pay("1100.00", "1002")
    till.refund(more, "13.75", "overpayment")
    dispute_id = till.dispute(sale, "386.25")
    till.gateway(acts.CloseDispute(dispute_id=dispute_id, won=True))
    if waits:
        till.later(days=5)
        payout = till.pay_out("500.00")
        till.later(days=2)
        till.bank("500.00", payout.reference, "STRIPE PAYOUT")
    till.tell("credit", "1003", "54.32", lines="1=50.00")  # tax of 50.00: 3.63 + 0.69
    till.tell("write_off", "1003", "31.93")  # leaves 1,000.00
    till.bank("1377.00", "1003 1000.00; 1004 392.00", "WIRE")  # 8.00 discount, 15.00 fee
    if waits:
        till.bank("5.00", "", "SOMEBODY")
    return till


#: Four customers, four invoices, two payments, three fees; the refund of a sale; that of an overpayment and its
#: payment; a dispute and its payment; its way back, the payment again and the link of both; a payout and its arrival;
#: credit and link, write-off and link; of the wire an item, a credit memo, two payments and the deposit; the unmatched
#: deposit.
WRITES = 33


@pytest.fixture(scope="module")
def clean(tmp_path_factory: pytest.TempPathFactory) -> Till:
    company = Company(tmp_path_factory.mktemp("clean"))
    company.port.counts = writes
    return play(company)


def test_the_clean_run_makes_every_kind_of_write(clean: Till) -> None:
    assert clean.company.port.seen == WRITES
    assert clean.balances() == {
        "1000": "1882.00",  # 500.00 + 1,377.00 + 5.00
        "1150": "1776.17",  # 1,386.25 + 1,100.00 - 108.63 - 13.75 - 87.70 - 500.00
        "2200": "-245.80",  # 3 x 86.25 - 8.63 - 4.32
        "2300": "-5.00",
        "4010": "-3250.00",  # 3 x 1,000.00 + 400.00 - 100.00 - 50.00
        "4020": "-300.00",
        "4910": "8.00",  # 2 % of 400.00
        "6100": "87.70",  # 40.50 + 32.20 + 15.00 of the dispute
        "6110": "15.00",
        "6200": "31.93",
    }
    assert clean.gateway_holds() == "1776.17"
    assert [clean.open_of(number)[0] for number in ("1001", "1002", "1003", "1004")] == ["USD 0.00"] * 4
    assert clean.company.statuses() == [
        ("paid", "USD 0.00"),
        ("paid", "USD 0.00"),
        ("written off", "USD 0.00"),
        ("paid", "USD 0.00"),
    ]
    (unmatched,) = clean.told(Alert)
    assert unmatched[0] == "plaid:bank_line:ID:unmatched"
    assert "SOMEBODY" in unmatched[1]


#: Each write suffers one of them.
FAULTS: tuple[tuple[Fault, int], ...] = (
    (delivered(DeliveryKind.LOST), 8),
    (killed, 1),
    (refused_connection, 8),
)


@pytest.mark.sampled(every=5)
@pytest.mark.parametrize("at", range(1, WRITES + 1))
def test_a_fault_on_a_write_leaves_the_books_of_the_clean_run(clean: Till, tmp_path: Path, at: int) -> None:
    company = Company(tmp_path)
    company.port.counts, company.port.at = writes, at
    company.port.fault, company.port.lasting = FAULTS[at % len(FAULTS)]
    assert play(company).books() == clean.books()


@pytest.mark.parametrize("host", ["api.stripe.com", "sandbox.plaid.com"])
def test_a_vendor_that_is_down_for_a_while_leaves_the_books_of_the_clean_run(
    clean: Till, tmp_path: Path, host: str
) -> None:
    company = Company(tmp_path)
    company.port.counts = lambda request: request.host == host
    company.port.at, company.port.fault, company.port.lasting = 12, answered(503), 40
    till = play(company)
    till.later()
    assert company.port.seen >= 52, "the vendor was asked while it was down"
    assert till.books() == clean.books()


def test_an_empty_memory_on_full_books_posts_nothing_twice(tmp_path: Path) -> None:
    company = Company(tmp_path)
    till = play(company, waits=False)
    before = till.balances(), till.books()[0]
    company.connector.stop()
    company.connector.start({**company.world.connections(), "bi.url": ""}, tmp_path / "another state")
    company.rest()
    assert (till.balances(), till.books()[0]) == before


def test_reading_every_feed_again_changes_nothing(clean: Till, tmp_path: Path) -> None:
    till = play(Company(tmp_path))
    till.company.connector.operate("rewind", {})
    till.company.rest()
    assert till.books() == clean.books()


def test_a_refund_that_gives_no_reason_is_judged_by_what_was_paid(tmp_path: Path) -> None:
    till = Till(Company(tmp_path))
    customer = till.bill(PRINTER)
    charge = till.pay("1086.25", "1001")
    without = till.pay("50.00", customer=customer)
    for charge_id in (charge, without):
        till.gateway(acts.RefundPayment(charge_id=charge_id))
    # Both fees stay: 31.50 + 0.30 and 1.45 + 0.30.
    assert till.balances() == {"1150": "-33.55", "6100": "33.55"}


@pytest.mark.parametrize(
    ("amount", "reason", "lines", "code"),
    [
        pytest.param("50.00", "goodwill", "", "unknown_reason", id="reason"),
        pytest.param("50.00", "sale", "1=60.00", "lines_do_not_sum", id="lines"),
        pytest.param("50.00", "sale", "9=46.03", "no_such_line", id="no-such-line"),
        pytest.param("50.00", "sale", "all", "unreadable_lines", id="unreadable"),
    ],
)
def test_a_refund_that_does_not_add_up_is_rejected_and_nothing_is_half_posted(
    tmp_path: Path, amount: str, reason: str, lines: str, code: str
) -> None:
    till = Till(Company(tmp_path))
    till.bill(PRINTER)
    charge = till.pay("1086.25", "1001")
    before = till.balances()
    till.refund(charge, amount, reason, lines)
    assert till.balances() == before
    (rejected,) = [row for row in till.company.connector.evidence() if isinstance(row, Reject)]
    assert (rejected.code, rejected.amount) == (code, usd(amount))
    assert len(till.told(Alert)) == 1


def test_what_comes_back_after_the_month_was_closed_is_open_by_itself(tmp_path: Path) -> None:
    till = Till(Company(tmp_path))
    till.bill(PRINTER)
    charge = till.pay("1086.25", "1001")
    till.later(days=25)
    till.close(date(2026, 1, 31))
    till.dispute(charge, "1086.25")
    assert till.open_of("1001")[0] == "USD 0.00", "the closed month stays"
    assert till.balances()["1100"] == "1086.25"
    ledger = till.world.snapshot().ledger()
    assert ledger is not None
    assert [(str(item.open), str(item.date)) for item in ledger.open_items] == [("USD 1,086.25", "2026-02-06")]


def test_what_comes_back_opens_the_invoice_with_its_old_due_date(tmp_path: Path) -> None:
    till = Till(Company(tmp_path))
    till.bill(PRINTER)
    due = till.open_of("1001")[1]
    charge = till.pay("1086.25", "1001")
    till.later(days=3)
    till.dispute(charge, "1086.25")
    assert till.open_of("1001") == ("USD 1,086.25", due)
    assert till.company.statuses() == [("invoiced", "USD 1,086.25")]


def test_a_fee_of_a_day_that_was_closed_meanwhile_bears_the_first_open_day_and_says_its_own(tmp_path: Path) -> None:
    till = Till(Company(tmp_path))
    till.bill(PRINTER)
    till.close(date(2026, 1, 31))
    till.pay("1086.25", "1001")
    ledger = till.world.snapshot().ledger()
    assert ledger is not None
    (fee,) = [entry for entry in ledger.entries if entry.note.startswith("stripe:fee:")]
    assert str(fee.date) == "2026-02-01"
    assert fee.note.endswith(" dated 2026-01-12")
    assert till.balances()["1150"] == till.gateway_holds()


def test_an_instruction_without_approver_is_refused_and_told(tmp_path: Path) -> None:
    till = Till(Company(tmp_path))
    till.bill(PRINTER)
    till.tell("write_off", "1001", "86.25", approver="")
    assert till.open_of("1001")[0] == "USD 1,086.25"
    assert till.told(Reject) == [("write_off:1001:1", "write_off:1001:1: nobody approved it")]


def test_credits_never_pass_the_invoice_and_the_last_takes_the_cent(tmp_path: Path) -> None:
    till = Till(Company(tmp_path))
    till.bill(PRINTER)
    for amount in ("362.09", "362.09", "362.09", "0.01"):  # 1,086.25 in three is 362.08 and a cent
        till.tell("credit", "1001", amount)
    assert till.open_of("1001")[0] == "USD 0.00"
    assert till.balances() == {}
    assert [source for source, _ in till.told(Reject)] == ["credit:1001:4"]


def test_relief_gives_the_tax_of_a_bad_debt_back(tmp_path: Path) -> None:
    till = Till(Company(tmp_path, dictionary="us-saas-relief"))
    turnstile = acts.LineSpec(product="Badge printer", quantity=Decimal(1), unit_price=usd("5000.00"))
    till.bill(turnstile, region="US-TX-AUS")
    till.pay("2000.00", "1001")
    till.tell("write_off", "1001", "3412.50")
    # 412.50 of 5,412.50 is tax: 3,412.50 holds 260.08 of it.
    found = till.balances()
    assert (found["6200"], found["2200"], found.get("1100")) == ("3152.42", "-152.42", None)


@pytest.mark.parametrize(
    ("amount", "reference", "reason"),
    [
        pytest.param("100.00", "9999 100.00", "no invoice '9999'", id="unknown-invoice"),
        pytest.param("900.00", "1001 1086.25", "more than a fee", id="more-missing-than-a-fee"),
        pytest.param("1086.25", "", "no reference", id="equal-amount"),
        pytest.param("1086.25", "1001", "names nothing", id="number-without-amount"),
        pytest.param("1086.25", "CHEQUES 7", "no payments by cheque 7", id="unknown-cheque"),
        pytest.param("-12.00", "RETURNED CHEQUE 7", "no payments by cheque 7", id="unknown-cheque-returned"),
    ],
)
def test_money_that_nothing_explains_goes_to_its_account_with_one_alert(
    tmp_path: Path, amount: str, reference: str, reason: str
) -> None:
    till = Till(Company(tmp_path))
    till.bill(PRINTER)
    till.bank(amount, reference, "")
    assert till.balances()["1000"] == amount
    assert till.balances()["2300"] == str(-Decimal(amount))
    assert till.open_of("1001")[0] == "USD 1,086.25"
    (told,) = till.told(Alert)
    assert reason in told[1]


def test_a_payout_arrives_once_and_only_with_its_amount(tmp_path: Path) -> None:
    till = Till(Company(tmp_path))
    till.bill(PRINTER)
    till.pay("1086.25", "1001")
    till.later(days=5)
    payout = till.pay_out("500.00")
    till.bank("499.00", payout.reference, "STRIPE PAYOUT")
    till.bank("500.00", payout.reference, "STRIPE PAYOUT")
    till.bank("500.00", payout.reference, "STRIPE PAYOUT")
    assert till.balances() | {"1160": "0"} == till.balances() | {"1160": "0", "1000": "1499.00", "2300": "-999.00"}
    assert "1160" not in till.balances()


def test_a_pending_line_posts_nothing_until_it_is_posted_under_another_id(tmp_path: Path) -> None:
    till = Till(Company(tmp_path))
    till.bill(PRINTER)
    line_id = till.bank("1086.25", "1001 1086.25", "WIRE", pending=True)
    assert "1000" not in till.balances()
    till.world.operate("banking", acts.PostBankLine(line_id=line_id), "bank")
    till.later()
    assert till.balances()["1000"] == "1086.25"
    assert till.open_of("1001")[0] == "USD 0.00"


def test_cheques_wait_in_undeposited_funds_and_one_that_bounces_opens_its_invoice(tmp_path: Path) -> None:
    till = Till(Company(tmp_path))
    plain: Mapping[str, str] = {"region": "US-OR", "terms": "Net 30"}
    for name in ("Ada", "Bea"):
        till.bill(DISCOUNTED, name=name, **plain)
    ledger = till.world.snapshot().ledger()
    assert ledger is not None
    for number, invoice in zip(("7", "8"), ledger.documents, strict=True):
        act = acts.TakeCheque(
            party_id=invoice.party, amount=invoice.total, number=number, applications=((invoice.id, invoice.total),)
        )
        till.world.operate("accounting", act, "bookkeeper")
    till.company.rest()
    assert till.company.statuses() == [("paid", "USD 0.00")] * 2, "sales sees what the bookkeeper entered"
    assert till.balances()["1200"] == "800.00"
    till.bank("800.00", "CHEQUES 7 8", "DEPOSIT")
    till.bank("-400.00", "RETURNED CHEQUE 8", "RETURN")
    till.bank("-12.00", "FEE returned cheque", "FEE")
    assert till.balances() == {"1000": "388.00", "1100": "400.00", "4010": "-800.00", "6110": "12.00"}
    assert [till.open_of(number)[0] for number in ("1001", "1002")] == ["USD 0.00", "USD 400.00"]
    assert till.company.statuses() == [("paid", "USD 0.00"), ("invoiced", "USD 400.00")]


def test_a_bank_that_wants_a_new_login_is_told_once_and_loses_nothing(tmp_path: Path) -> None:
    till = Till(Company(tmp_path))
    till.bill(PRINTER)
    fault = b'{"error_type":"ITEM_ERROR","error_code":"ITEM_LOGIN_REQUIRED","error_message":"log in","request_id":"r"}'
    till.company.port.counts = lambda request: request.host == "sandbox.plaid.com"
    till.company.port.at, till.company.port.lasting = till.company.port.seen + 1, 3
    till.company.port.fault = answered(400, body=fault)
    till.bank("10.00", "", "SOMEBODY")
    till.later()
    till.later()
    till.later()
    assert till.balances()["1000"] == "10.00"
    alerts = [row for row in till.company.connector.evidence() if isinstance(row, Alert) and "login" in row.incident]
    assert [row.cleared_at is not None for row in alerts] == [False, True]


def test_a_bad_debt_that_is_paid_after_all_restores_loss_and_tax(tmp_path: Path) -> None:
    till = Till(Company(tmp_path, dictionary="us-saas-relief"))
    till.bill(
        acts.LineSpec(product="Badge printer", quantity=Decimal(1), unit_price=usd("5000.00")), region="US-TX-AUS"
    )
    till.pay("2000.00", "1001")
    till.tell("write_off", "1001", "3412.50")
    till.pay("1000.00", "1001")
    # 923.79 and 76.21 come back: 3,152.42 - 923.79, 152.42 + 76.21.
    found = till.balances()
    assert (found["6200"], found["2200"], found.get("1100")) == ("2228.63", "-228.63", None)
    till.pay("3000.00", "1001")
    # The rest comes back to the cent, and what is beyond the invoice is the customer's credit.
    found = till.balances()
    assert (found.get("6200"), found["2200"], found["1100"]) == (None, "-412.50", "-587.50")
    assert till.company.statuses() == [("paid", "USD 0.00")]


def test_a_movement_of_a_type_nobody_knows_is_rejected_by_name_and_its_fee_is_posted(tmp_path: Path) -> None:
    def strange(fake: Fake, request: Request) -> Outcome:
        answer = fake.handle(request)
        body = answer.body.replace(b'"type":"charge"', b'"type":"moon_tax"')
        assert body != answer.body
        headers = {name: value for name, value in answer.headers.items() if name != "content-length"}
        return Outcome(response=Response(status=answer.status, headers=headers, body=body))

    till = Till(Company(tmp_path))
    till.bill(PRINTER)
    till.company.port.counts = lambda request: request.path == "/v1/balance_transactions"
    till.company.port.at, till.company.port.fault = till.company.port.seen + 1, strange
    till.pay("1086.25", "1001")
    (rejected,) = [row for row in till.company.connector.evidence() if isinstance(row, Reject)]
    assert rejected.code == "unknown_movement"
    assert "'moon_tax'" in rejected.reason
    assert rejected.amount == usd("1086.25")
    assert len(till.told(Alert)) == 1
    assert till.balances()["6100"] == "31.80"


def test_a_deposit_that_goes_back_touches_neither_revenue_nor_receivable(tmp_path: Path) -> None:
    till = Till(Company(tmp_path))
    customer = till.bill(PRINTER)
    charge = till.pay("200.00", customer=customer)
    before = till.balances()
    till.refund(charge, "200.00", "deposit")
    after = till.balances()
    assert after["2310"] == "200.00"
    assert {number: after[number] for number in ("1100", "2200", "4010")} == {
        number: before[number] for number in ("1100", "2200", "4010")
    }
    assert after["1150"] == till.gateway_holds()
