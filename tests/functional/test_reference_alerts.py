"""Every incident reaches the alert system once and is cleared there; telling never stops the work."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from simharness.domain.evidence import Alert
from simharness.domain.exchange import Delivery, DeliveryKind, Outcome, Request
from simharness.domain.operations import RaisedAlert
from simharness.fakekit.fake import Fake
from tests.functional.test_reference_faults import (
    PRINTER,
    Company,
    Fault,
    answered,
    delivered,
    killed,
    play,
    refused_connection,
    usd,
    writes,
)


def alerts(company: Company) -> tuple[RaisedAlert, ...]:
    operations = company.world.snapshot().operations
    assert operations is not None
    return operations.alerts


def tells(request: Request) -> bool:
    return request.path == "/v2/enqueue"


def told(company: Company) -> list[tuple[str, bool]]:
    """What the evidence tells: every incident as often as it was raised, and whether it is open in the end."""
    rows = [row for row in company.connector.evidence() if isinstance(row, Alert)]
    ends = {row.incident: row.cleared_at is not None for row in rows}
    return [(row.incident, ends[row.incident]) for row in rows if row.cleared_at is None]


def test_an_outage_is_one_incident_that_names_item_amount_and_owner_and_is_cleared(tmp_path: Path) -> None:
    company = Company(tmp_path)
    company.port.counts, company.port.at, company.port.lasting = writes, 2, 12
    company.port.fault = answered(503)
    play(company)
    about = [alert for alert in alerts(company) if alert.item.startswith("hubspot:deal")]
    assert [(alert.amount, alert.owner, alert.repeats) for alert in about] == [
        (usd("1086.25"), "finance-operations", 0)
    ]
    assert all(alert.cleared_at is not None for alert in alerts(company))
    assert [(alert.incident, alert.cleared_at is not None) for alert in alerts(company)] == told(company)


def test_a_definite_refusal_stays_open_until_an_operator_has_replayed_it(tmp_path: Path) -> None:
    company = Company(tmp_path)
    customer = company.customer()
    deal = company.deal(customer, PRINTER)
    company.win(deal)
    company.port.counts, company.port.at = writes, 2
    body = b'{"Fault":{"Error":[{"Message":"Account Period Closed","code":"6210"}],"type":"ValidationFault"}}'
    company.port.fault = answered(400, body=body)
    company.rest()
    (alert,) = alerts(company)
    assert (alert.item, alert.cleared_at) == (f"hubspot:deal:{deal}:v1", None)
    assert "Account Period Closed" in alert.text
    company.connector.operate("replay", {})
    company.rest()
    (alert,) = alerts(company)
    assert alert.cleared_at is not None


@pytest.mark.parametrize(
    ("fault", "lasting", "repeats"),
    [
        pytest.param(refused_connection, 40, 0, id="unreachable"),
        pytest.param(answered(503), 40, 0, id="503"),
        pytest.param(answered(429, {"retry-after": "7"}), 1, 0, id="429"),
        pytest.param(killed, 1, 1, id="killed"),
        pytest.param(delivered(DeliveryKind.LOST), 1, 1, id="answer-lost"),
    ],
)
def test_an_alert_system_that_fails_is_told_later_and_the_ledger_waits_for_nothing(
    tmp_path: Path, fault: Fault, lasting: int, repeats: int
) -> None:
    company = Company(tmp_path)
    company.port.counts, company.port.at, company.port.lasting, company.port.fault = tells, 1, lasting, fault
    customer = company.customer()
    company.win(company.deal(customer, PRINTER))
    company.pay("", "42.00")
    company.connector.trigger("work") if fault is not killed else company.rest()
    assert company.statuses() == [("invoiced", "USD 1,086.25")]
    company.rest()
    (alert,) = alerts(company)
    assert (alert.amount, alert.repeats, alert.cleared_at) == (usd("42.00"), repeats, None)


def test_what_the_alert_system_refuses_for_good_waits_for_an_operator(tmp_path: Path) -> None:
    company = Company(tmp_path)
    company.port.counts, company.port.at, company.port.fault = tells, 1, answered(400)
    company.pay("", "42.00")
    company.rest()
    assert alerts(company) == ()
    assert company.port.seen == 1, "a definite refusal is not repeated"
    company.connector.operate("replay", {})
    company.rest()
    assert [alert.amount for alert in alerts(company)] == [usd("42.00")]


def test_incidents_come_in_the_order_in_which_they_happened_whatever_was_lost(tmp_path: Path) -> None:
    company = Company(tmp_path)
    sent: list[bytes] = []

    def first_lost(fake: Fake, request: Request) -> Outcome:
        sent.append(request.body)
        return Outcome(response=fake.handle(request), delivery=Delivery(kind=DeliveryKind.LOST))

    company.port.counts, company.port.at, company.port.lasting, company.port.fault = tells, 1, 3, first_lost
    for amount in ("1.00", "2.00", "3.00"):
        company.pay("", amount)
        company.world.advance(timedelta(seconds=1))
    company.rest()
    assert [alert.amount for alert in alerts(company)] == [usd("1.00"), usd("2.00"), usd("3.00")]
    assert len(set(sent)) == 1, "the first is repeated, word for word, before the next goes out"
