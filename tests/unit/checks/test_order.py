"""V4 turns red for what another order of delivery loses, adds or changes, and not for ids, numbers and instants."""

from __future__ import annotations

from typing import Any

from simharness.checks import compare_orders
from simharness.domain.connector import ReferenceRule
from simharness.domain.finding import CheckResult, Judgement
from simharness.domain.operations import OperationsSnapshot, RaisedAlert
from simharness.domain.record import RunRecord
from simharness.domain.snapshot import Checkpoint, WorldSnapshot
from tests.unit.checks import builders as b

NEWS = (b.exchange(1, "deal", b""), b.exchange(2, "charge", b""))


def told(**changes: Any) -> RunRecord:
    return b.record(deliveries=NEWS, **changes)


def compared(**books: Any) -> CheckResult:
    return compare_orders(told(), told(books=b.ledger(**books)))


def test_other_ids_numbers_and_instants_are_the_same_state() -> None:
    """The invoice was made second here, so everything that names it names another number."""
    twin = b.ledger(
        parties=(b.party(id="p7", version="9"),),
        documents=(b.invoice(id="8", number="1007", party="p7", created_at=b.at("2026-02-01")),),
        payments=(
            b.payment(
                id="7", party="p7", applications=(b.structs.replace(b.payment().applications[0], document="8"),)
            ),
        ),
        entries=(
            b.structs.replace(
                b.payment_entry(), id="70", source_id="7",
                lines=(b.posting("a1100", "-1000.00", party="p7"), b.posting("a1150", "1000.00")),
            ),
            b.structs.replace(
                b.invoice_entry(), id="80", source_id="8",
                lines=(b.structs.replace(b.invoice_entry().lines[0], party="p7"), *b.invoice_entry().lines[1:]),
            ),
        ),
    )  # fmt: skip
    result = compare_orders(told(), told(books=twin))
    assert (result.judgement, result.findings) == (Judgement.PASSED, ())


def test_a_lost_payment() -> None:
    messages = [each.message for each in compared(payments=(), entries=(b.invoice_entry(),)).findings]
    assert messages == [
        "another order of delivery loses payment pay:charge:ch1",
        "another order of delivery loses entry of payment pay:charge:ch1",
    ]


def test_an_invoice_too_many() -> None:
    further = b.invoice(id="7", number="1002", note="crm:deal:D2:v1 lines:L1")
    messages = [each.message for each in compared(documents=(b.invoice(), further)).findings]
    assert messages == ["another order of delivery adds invoice crm:deal:D2:v1 lines:L1"]


def test_a_document_that_is_there_twice() -> None:
    twice = (b.invoice(), b.invoice(id="7", number="1002"))
    assert [each.key for each in compared(documents=twice).findings] == [
        "V4:quickbooks:invoice crm:deal:D1:v1 lines:L1,L2"
    ]


def test_another_day_amount_or_posting() -> None:
    for books in (
        {"documents": (b.invoice(date=b.day("2026-01-13")),)},
        {"payments": (b.payment(unapplied=b.usd("1.00")),)},
        {"parties": (b.party(balance=b.usd("1.00")),)},
        {"entries": (b.structs.replace(b.invoice_entry(), date=b.day("2026-01-13")), b.payment_entry())},
    ):
        (found,) = compared(**books).findings
        assert found.message.startswith("another order of delivery changes ")


def test_another_state_of_a_deal_and_another_metric() -> None:
    (deal,) = compare_orders(told(), told(source=b.crm(billing_status="paid"))).findings
    assert deal.key == "V4:hubspot:deal Rollout"
    values = (b.metric("net_revenue", "2026-01", "8200.00"),)
    before = told(bi=(b.reading(metrics=(b.metric("net_revenue", "2026-01", "4100.00"),)),))
    (metric,) = compare_orders(before, told(bi=(b.reading(metrics=values),))).findings
    assert (metric.expected, metric.actual) == ("4100 USD", "8200 USD")


def with_alert(**changes: Any) -> RunRecord:
    given: dict[str, Any] = {"id": "x", "incident": "unpaid:1001", "raised_at": b.at("2026-01-20"), "owner": "finance"}
    alert = RaisedAlert(**(given | {"item": "1001", "text": ""} | changes))
    desk = OperationsSnapshot(vendor="alerts", alerts=(alert,))
    story = told()
    world = WorldSnapshot(at=b.at("2026-01-20"), ledgers=(b.ledger(),), operations=desk)
    return b.structs.replace(story, checkpoints=(Checkpoint(step=6, name="connector at rest", world=world),))


def test_what_a_reference_counts_beside_its_source_is_no_state() -> None:
    """The second invoice of a wire was the first here: the same discount under another number, and no other's."""
    rule = ReferenceRule(noun="bank_line", field="note", pattern=r"^bank:(?P<id>\w+)(?::(?P<state>\S+))?$")

    def given(*notes: str) -> RunRecord:
        before = told(books=b.ledger(documents=tuple(b.invoice(id=str(i), note=note) for i, note in enumerate(notes))))
        info = b.structs.replace(before.header.connector, references=(rule,))
        return b.structs.replace(before, header=b.structs.replace(before.header, connector=info))

    assert not compare_orders(given("bank:7:discount:1"), given("bank:7:discount:2")).findings
    assert compare_orders(given("bank:7:discount:1"), given("bank:7:fee:1")).findings
    assert compare_orders(given("bank:7:discount:1"), given("bank:7:discount:1", "bank:7:discount:2")).findings


def test_an_alert_that_is_open_in_one_order_only() -> None:
    cleared = with_alert(cleared_at=b.at("2026-01-21"))
    assert not compare_orders(with_alert(), with_alert(id="y", repeats=2)).findings
    assert [each.message for each in compare_orders(with_alert(), cleared).findings] == [
        "another order of delivery loses alert unpaid:<invoice crm:deal:D1:v1 lines:L1,L2>"
    ]


def test_one_delivery_has_one_order() -> None:
    assert compare_orders(b.record(deliveries=NEWS[:1]), b.record()).judgement is Judgement.NOT_EXERCISED


def test_a_run_without_checkpoint_cannot_be_compared() -> None:
    assert compare_orders(told(checkpoints=()), told()).judgement is Judgement.NOT_APPLICABLE
