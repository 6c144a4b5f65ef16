"""C4 turns red for failures nobody hears of, for alerts that say too little, repeat themselves or stay open."""

from __future__ import annotations

from typing import Any

from simharness.domain.finding import Judgement
from simharness.domain.operations import OperationsSnapshot, RaisedAlert
from tests.unit.checks import builders as b
from tests.unit.checks import money as m

SOURCE = "stripe:refund:re9"
ALERT = m.alert("reject:re9", SOURCE, "100.00")
CLEARED = b.structs.replace(ALERT, cleared_at=b.at("2026-01-26"))
POSTED = m.log(SOURCE, "quickbooks:refund_receipt:11", "100.00", outcome="found")


def red(*rows: Any, **changes: Any) -> list[str]:
    return [found.key for found in b.findings("C4", m.record(evidence=(*m.evidence(), *rows), **changes))]


def test_a_failure_with_its_one_alert() -> None:
    assert not red(m.reject(SOURCE), ALERT)
    assert not red(m.dead(SOURCE), ALERT)


def test_a_failure_that_nobody_hears_of() -> None:
    assert red(m.reject(SOURCE)) == [f"C4:{SOURCE}:untold"]
    assert red(m.dead(SOURCE)) == [f"C4:{SOURCE}:untold"]


def test_an_alert_without_the_amount_or_with_another() -> None:
    assert red(m.reject(SOURCE), m.alert("reject:re9", SOURCE, None)) == [f"C4:{SOURCE}:amount"]
    assert red(m.reject(SOURCE), m.alert("reject:re9", SOURCE, "10.00")) == [f"C4:{SOURCE}:amount"]


def test_an_alert_that_does_not_say_why_or_to_whom() -> None:
    assert red(m.reject(SOURCE), b.structs.replace(ALERT, reason="")) == [f"C4:{SOURCE}:dumb"]
    assert red(m.reject(SOURCE), b.structs.replace(ALERT, owner="")) == [f"C4:{SOURCE}:dumb"]


def test_the_same_incident_raised_again_while_it_is_open() -> None:
    assert red(m.reject(SOURCE), ALERT, ALERT) == ["C4:reject:re9:again"]
    assert not red(m.reject(SOURCE), ALERT, CLEARED, m.reject(SOURCE), ALERT)


def test_two_incidents_about_one_item() -> None:
    assert red(m.reject(SOURCE), ALERT, m.alert("dead:re9", SOURCE, "100.00")) == [f"C4:{SOURCE}:beside"]


def test_a_recovery_clears_the_alert() -> None:
    assert not red(m.reject(SOURCE), ALERT, POSTED, CLEARED)
    assert red(m.reject(SOURCE), ALERT, POSTED) == [f"C4:{SOURCE}:uncleared"]


def test_what_is_told_of_posted_money_is_no_alert_of_the_posting_that_failed_before() -> None:
    unexplained = m.alert("unmatched:re9", f"{SOURCE}:unmatched", "100.00")
    assert not red(m.dead(SOURCE), ALERT, POSTED, CLEARED, unexplained)
    assert red(m.dead(SOURCE), ALERT, POSTED, unexplained) == [f"C4:{SOURCE}:uncleared"]


def test_a_reject_of_a_deal_recovers_with_a_version_of_it() -> None:
    first = m.alert("reject:D9", "hubspot:deal:D9", None)
    later = m.log("hubspot:deal:D9:v1", "quickbooks:invoice:1", "4410.50", outcome="found")
    rejected = m.reject("hubspot:deal:D9", None)
    assert red(rejected, first, later) == ["C4:hubspot:deal:D9:uncleared"]
    status = m.log("hubspot:deal:D9", "hubspot:deal:D9", "0.00", action="update", outcome="updated")
    assert not red(rejected, first, status)


def test_a_second_record_of_a_source_does_not_recover_for_the_first() -> None:
    """A company is a customer for each currency: that one of them was changed does not change the other."""
    company = "hubspot:company:C1"
    made = m.log(company, "quickbooks:customer:1", "0.00")
    refused = m.dead(company), m.alert("posting:C1", company, "100.00")
    others = m.log(f"{company}:EUR", "quickbooks:customer:2", "0.00", action="update", outcome="updated")
    own = m.log(company, "quickbooks:customer:1", "0.00", action="update", outcome="updated")
    red_of = [f"C4:{company}:uncleared"]
    assert red(made, *refused, others) != red_of
    assert red(made, *refused, own) == red_of


def test_a_refusal_on_the_wire_that_the_evidence_leaves_out() -> None:
    body = b'{"PrivateNote":"pay:refund:re9"}'
    refused = b.exchange(3, "createRefundReceipt", body, "k9", response=b.Response(
        status=400, notes=b.Notes(operation="createRefundReceipt", actor="connector")))  # fmt: skip
    assert red(exchanges=(*b.exchanges(), refused)) == ["C4:pay:refund:re9:refused"]
    done = b.exchange(4, "createRefundReceipt", body, "k9")
    assert not red(exchanges=(*b.exchanges(), refused, done))
    assert not red(m.reject(SOURCE), ALERT, exchanges=(*b.exchanges(), refused))


def desk(*alerts: RaisedAlert) -> OperationsSnapshot:
    return OperationsSnapshot(vendor="alerts", alerts=alerts)


def raised(incident: str = "unmatched:B2", amount: str = "800.00", **changes: Any) -> RaisedAlert:
    given: dict[str, Any] = {
        "id": "1", "incident": incident, "raised_at": b.at("2026-01-26"), "owner": "finance",
        "item": "plaid:bank_line:B2", "text": "nobody knows it", "amount": b.usd(amount),
    }  # fmt: skip
    return RaisedAlert(**(given | changes))


def test_the_alert_system_holds_what_the_evidence_tells() -> None:
    assert not red(operations=desk(raised()))
    assert red(operations=desk(raised(), raised("other:B2"))) == ["C4:other:B2:desk"]
    assert red(operations=desk(raised(), raised(id="2"))) == ["C4:unmatched:B2:desk"]
    assert red(operations=desk(raised(amount="80.00"))) == ["C4:unmatched:B2:desk"]
    assert red(operations=desk(raised(cleared_at=b.at("2026-01-26")))) == ["C4:unmatched:B2:desk"]


def test_an_incident_of_the_evidence_that_never_reached_the_alert_system() -> None:
    assert red(ALERT, operations=desk(raised())) == ["C4:reject:re9:desk"]


def test_a_connector_without_alerts_cannot_be_judged() -> None:
    assert b.result("C4", b.record()).judgement is Judgement.NOT_APPLICABLE
