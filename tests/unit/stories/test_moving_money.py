"""What people do about money reaches the system it concerns in neutral words; the record says what was meant by it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from simharness.core.money import Money
from simharness.domain import acts, fact
from simharness.domain.record import RunRecord
from simharness.stories.vocabulary.terms import PAYOUTS
from tests.unit.stories.company import STORY, one, problems
from tests.unit.stories.offices import Clerk, Office, new_world, play
from tests.unit.stories.test_session import PAY, with_acts

PAID = PAY.strip()[2:]
OFFERS = ("credit", "replay", "write_off")


def told(tmp_path: Path, *steps: str, offers: tuple[str, ...] = OFFERS) -> tuple[RunRecord, Clerk]:
    """The record of the steps after the connector finished, and the connector."""
    clerk = Clerk(new_world(), offers=offers)
    return play(one(tmp_path, with_acts(*steps)), clerk), clerk


def only(record: RunRecord, kind: type) -> Any:
    (found,) = [each for each in record.facts if isinstance(each, kind)]
    return found


def last_act(clerk: Clerk, family: str) -> tuple[str, Any]:
    office = clerk.world.fake(family)
    assert isinstance(office, Office)
    _, actor, act = office.done[-1]
    return actor, act


def usd(amount: str) -> Money:
    return Money(amount, "USD")


def test_a_refund_says_its_reason_and_lines_where_the_gateway_keeps_them(tmp_path: Path) -> None:
    refund = "{gateway_refunds: USD 400.00, payment: P-1, because: sale, lines: {2: USD 300.00, 1: USD 100.00}}"
    record, clerk = told(tmp_path, PAID, refund)
    actor, act = last_act(clerk, "payments")
    assert actor == "cashier"
    assert act == acts.RefundPayment(
        charge_id="ch1", amount=usd("400.00"), references=(("reason", "sale"), ("lines", "2=300.00,1=100.00"))
    )
    refunded = only(record, fact.PaymentRefunded)
    assert (refunded.payment, refunded.refund_id, refunded.reason) == ("P-1", "re1", "sale")
    assert refunded.lines == ((2, usd("300.00")), (1, usd("100.00")))
    assert (refunded.deal, refunded.invoice_number, refunded.customer) == ("Rollout", "1001", "Globex")


def test_a_dispute_is_decided_under_the_id_it_got(tmp_path: Path) -> None:
    record, clerk = told(tmp_path, PAID, "{payment_disputed: P-1}", "{dispute_lost: P-1}")
    assert last_act(clerk, "payments") == ("bank", acts.CloseDispute(dispute_id="dp1", won=False))
    disputed, closed = only(record, fact.PaymentDisputed), only(record, fact.DisputeClosed)
    assert (disputed.amount, disputed.fee, disputed.is_return) == (usd("1000.00"), usd("15.00"), False)
    assert (closed.payment, closed.dispute_id, closed.won) == ("P-1", "dp1", False)


def test_a_returned_debit_is_told_from_a_dispute(tmp_path: Path) -> None:
    record, clerk = told(tmp_path, PAID, "{payment_returned: P-1, because: account_closed}")
    assert last_act(clerk, "payments") == ("bank", acts.ReturnPayment(charge_id="ch1", code="account_closed"))
    assert only(record, fact.PaymentDisputed).is_return


def test_the_bank_books_a_payout_under_the_reference_that_the_gateway_gave_it(tmp_path: Path) -> None:
    record, clerk = told(
        tmp_path, "{gateway_pays_out: USD 90.00, as: PO}", "{bank_receives: USD 90.00, payout: PO, as: B}"
    )
    _, act = last_act(clerk, "banking")
    assert (act.amount, act.reference, act.description, act.pending) == (usd("90.00"), "T-1", "STRIPE PAYOUT", False)
    moved = only(record, fact.BankMoved)
    assert (moved.purpose, moved.subject, moved.line_id, moved.name) == ("payout", "po1", "b1", "B")


def test_a_payout_that_was_never_sent_makes_the_step_impossible(tmp_path: Path) -> None:
    record, _ = told(tmp_path, "{bank_receives: USD 90.00, reference: payout}", "{payout_fails: last}")
    found = [each.what for each in record.facts if isinstance(each, fact.StepImpossible)]
    assert found == ["the gateway has sent no payout"] * 2


@pytest.mark.parametrize(
    "step",
    ["{gateway_refunds: USD 5.00, payment: P-1, because: sale}", "{payment_disputed: P-1}", "{dispute_won: P-1}"],
)
def test_what_builds_on_a_payment_that_never_came_about_is_impossible(tmp_path: Path, step: str) -> None:
    clerk = Clerk(new_world(), bills=False)
    record = play(one(tmp_path, with_acts(PAID, step)), clerk)
    assert [type(each).__name__ for each in record.facts[-2:]] == ["StepImpossible", "StepImpossible"]


def test_a_wire_names_the_invoices_by_the_ledgers_numbers(tmp_path: Path) -> None:
    wire = "{wire_arrives: USD 985.00, from: Globex, for_invoices: {Rollout: USD 1000.00}, fee: USD 15.00}"
    record, clerk = told(tmp_path, wire)
    _, act = last_act(clerk, "banking")
    assert (act.amount, act.reference, act.counterparty) == (usd("985.00"), "1001 1000.00", "Globex")
    moved = only(record, fact.BankMoved)
    assert (moved.purpose, moved.advice, moved.fee) == ("wire", (("1001", usd("1000.00")),), usd("15.00"))


def test_cheques_go_through_the_ledger_to_one_line_of_the_bank(tmp_path: Path) -> None:
    record, clerk = told(
        tmp_path,
        "{cheque_taken: USD 5000.00, number: '7', invoice_of: Rollout}",
        "{cheques_deposited: USD 5000.00, numbers: ['7']}",
        "{cheque_returned: '7'}",
        "{bank_charges: USD 12.00, because: returned item}",
    )
    actor, act = last_act(clerk, "accounting")
    assert actor == "bookkeeper"
    # Only what is open of the invoice can be applied to it.
    assert act == acts.TakeCheque(
        party_id="p1", amount=usd("5000.00"), number="7", applications=(("1001", usd("4345.00")),)
    )
    moved = [each for each in record.facts if isinstance(each, fact.BankMoved)]
    assert [(each.purpose, each.reference, each.amount) for each in moved] == [
        ("cheques", "CHEQUES 7", usd("5000.00")),
        ("returned_cheque", "RETURNED CHEQUE 7", usd("-5000.00")),
        ("fee", "FEE returned item", usd("-12.00")),
    ]
    assert moved[0].advice == (("7", usd("5000.00")),)
    assert (moved[1].subject, moved[1].customer) == ("7", "Globex")


def test_a_pending_line_is_followed_to_the_id_under_which_it_is_posted(tmp_path: Path) -> None:
    announced = "{bank_receives: USD 90.00, from: Aviato, pending: true, as: B}"
    record, _ = told(tmp_path, announced, "{pending_line_posted: B, amount: USD 91.00}")
    posted = only(record, fact.BankLinePosted)
    assert (posted.pending_id, posted.line_id, posted.amount) == ("b1", "b1-posted", usd("91.00"))
    record, _ = told(tmp_path, announced, "{pending_line_dropped: B}")
    assert only(record, fact.BankLinePosted).line_id == ""


def test_an_operator_tells_the_connector_in_plain_words(tmp_path: Path) -> None:
    record, clerk = told(
        tmp_path,
        "{credit: USD 108.25, lines: {1: USD 100.00}, invoice_of: Rollout, because: scratched, approved_by: Dana}",
        "{write_off: USD 20.00, invoice_of: Rollout, because: too small}",
        "{error_queue_replayed_by: Dana}",
    )
    assert clerk.told == [
        (
            "credit",
            {"invoice": "1001", "amount": "108.25", "lines": "1=100.00", "reason": "scratched", "approver": "Dana"},
        ),
        ("write_off", {"invoice": "1001", "amount": "20.00", "reason": "too small", "approver": ""}),
        ("replay", {"operator": "Dana"}),
    ]
    assert only(record, fact.CreditApproved).lines == ((1, usd("100.00")),)
    assert only(record, fact.WriteOffApproved).approver == ""
    assert only(record, fact.ErrorQueueReplayed).operator == "Dana"


@pytest.mark.parametrize(
    "step",
    [
        "{credit: USD 5.00, invoice_of: Rollout, because: scratched}",
        "{write_off: USD 5.00, invoice_of: Rollout, because: lost}",
        "{error_queue_replayed_by: Dana}",
    ],
)
def test_a_connector_without_the_act_makes_the_step_impossible(tmp_path: Path, step: str) -> None:
    record, clerk = told(tmp_path, step, offers=())
    assert "the connector offers no act" in only(record, fact.StepImpossible).what
    assert clerk.told == []


@pytest.mark.parametrize("payouts", PAYOUTS)
def test_the_gateway_pays_out_as_the_head_of_the_story_says(tmp_path: Path, payouts: str) -> None:
    clerk = Clerk(new_world())
    play(one(tmp_path, STORY.replace("today:", f"payouts: {payouts}\ntoday:")), clerk)
    office = clerk.world.fake("payments")
    assert isinstance(office, Office)
    assert [act.interval for _, _, act in office.done if isinstance(act, acts.SchedulePayouts)] == [payouts]


WRONG = {
    "refund of nothing": ("{gateway_refunds: USD 0.00, payment: P-1, because: sale}", "must be more than zero"),
    "refund for no reason": ("{gateway_refunds: USD 5.00, payment: P-1, because: regret}", "is no reason of a refund"),
    "lines of an overpayment": (
        "{gateway_refunds: USD 5.00, payment: P-1, because: overpayment, lines: {1: USD 5.00}}",
        "has no lines",
    ),
    "decision of both kinds": ("{dispute_won: P-1, dispute_lost: P-1}", "one subject"),
    "payout of nothing": ("{gateway_pays_out: USD 0.00}", "must be more than zero"),
    "unknown payout": ("{payout_fails: PO-9}", "no payout 'PO-9'"),
    "receipt of nothing": ("{bank_receives: USD -5.00, reference: x}", "more than zero"),
    "payout with another reference": ("{bank_receives: USD 5.00, payout: last, reference: x}", "leave it out"),
    "wire that does not sum": (
        "{wire_arrives: USD 5.00, from: Globex, for_invoices: {Rollout: USD 6.00}, fee: USD 2.00}",
        "they must be equal",
    ),
    "unknown cheque": ("{cheque_returned: '9'}", "no cheque '9'"),
    "cheque of nothing": ("{cheque_taken: USD 0.00, number: '9', invoice_of: Rollout}", "must be more than zero"),
    "dropped line with an amount": ("{pending_line_dropped: B, amount: USD 5.00}", "neither amount nor description"),
    "credit of nothing": ("{credit: USD 0.00, invoice_of: Rollout, because: x}", "takes nothing off"),
    "write-off counted from zero": ("{write_off: USD 5.00, invoice_of: Rollout, nth: 0, because: x}", "counts from 1"),
}


@pytest.mark.parametrize(("step", "what"), WRONG.values(), ids=WRONG.keys())
def test_an_act_about_money_that_makes_no_sense_is_refused(tmp_path: Path, step: str, what: str) -> None:
    text = with_acts(PAID, "{bank_receives: USD 9.00, from: Aviato, pending: true, as: B}", step)
    (problem,) = problems(tmp_path, text)
    assert what in problem.what
    assert problem.where is not None
    assert problem.where.line == 12
