"""C3 turns red for what is made anew after an uncertain answer, and for what is never found out."""

from __future__ import annotations

from typing import Any

import pytest

from simharness.domain.exchange import Delivery, DeliveryKind, Exchange, Notes, Request, Response
from simharness.domain.finding import Judgement
from tests.unit.checks import builders as b
from tests.unit.checks import money as m

BODY = b'{"PrivateNote":"pay:charge:ch1","TotalAmt":1000.00}'
LOST = Delivery(kind=DeliveryKind.LOST)


def sent(sequence: int, key: str = "k2", body: bytes = BODY, **changes: Any) -> Exchange:
    request = Request(method="POST", host="quickbooks.api.intuit.com", path="/v3/company/1/payment", body=body)
    return b.exchange(sequence, "createPayment", body, key, **({"request": request} | changes))


def failed(sequence: int, status: int = 500, **changes: Any) -> Exchange:
    notes = Notes(operation="createPayment", actor="connector", idempotency_key="k2")
    return sent(sequence, response=Response(status=status, notes=notes), **changes)


def looked(sequence: int, what: str = "Payment", answer: bytes = b"{}") -> Exchange:
    query = f"query=select+%2A+from+{what}"
    request = Request(method="GET", host="quickbooks.api.intuit.com", path="/v3/company/1/query", query=query)
    response = Response(status=200, body=answer, notes=Notes(operation="query", actor="connector"))
    return b.exchange(sequence, "query", b"", request=request, response=response)


def judged(*exchanges: Exchange, **changes: Any) -> Any:
    return b.result("C3", m.record(exchanges=exchanges, **changes))


def red(*exchanges: Exchange, **changes: Any) -> list[str]:
    return [found.message for found in judged(*exchanges, **changes).findings]


UNCERTAIN = [
    pytest.param(sent(1, delivery=LOST), id="the reply is lost"),
    pytest.param(sent(1, delivery=Delivery(kind=DeliveryKind.CUT_AT, cut_bytes=10)), id="the reply is cut"),
    pytest.param(sent(1, delivery=Delivery(kind=DeliveryKind.NO_ANSWER)), id="no answer"),
    pytest.param(failed(1), id="a server error"),
]


@pytest.mark.parametrize("first", UNCERTAIN)
def test_repeated_with_its_key_or_looked_up(first: Exchange) -> None:
    assert judged(first, sent(2)).judgement is Judgement.PASSED
    assert judged(first, looked(2)).judgement is Judgement.PASSED
    assert not red(first, looked(2), sent(3, "another"))


@pytest.mark.parametrize("first", UNCERTAIN)
def test_made_anew_under_another_key(first: Exchange) -> None:
    assert red(first, sent(2, "another")) == [
        "createPayment of quickbooks may have been done for pay:charge:ch1, and was sent anew without looking"
    ]


def test_made_anew_without_any_key() -> None:
    first = sent(1, "", delivery=LOST)
    assert len(red(first, sent(2, ""))) == 1
    assert not red(first, looked(2), sent(3, ""))


def test_a_corrected_body_for_the_same_source_is_the_same_intent() -> None:
    other = BODY.replace(b"1000.00", b"999.00")
    assert len(red(sent(1, delivery=LOST), sent(2, "another", other))) == 1


def test_another_source_is_another_intent() -> None:
    assert not red(sent(1, delivery=LOST), sent(2), sent(3, "k9", BODY.replace(b"ch1", b"ch2")))


def test_left_uncertain_at_rest() -> None:
    message = "createPayment of quickbooks may have been done for pay:charge:ch1, and the connector rested without "
    assert red(sent(1, delivery=LOST)) == [f"{message}finding out"]
    told = (*m.evidence(), m.dead("stripe:charge:ch1"), m.alert("d", "stripe:charge:ch1", "100.00"))
    assert not red(sent(1, delivery=LOST), evidence=told)


def test_who_reads_something_else_finds_nothing_out() -> None:
    first = sent(1, "", delivery=LOST)
    assert len(red(first, looked(2, "Customer"), sent(3, ""))) == 1
    assert len(red(first, looked(2, "Customer"))) == 1
    shown = looked(2, "Deposit", b'{"Line":[{"Memo":"pay:charge:ch1"}]}')
    assert not red(first, shown, sent(3, ""))


def test_a_look_before_the_uncertain_answer_finds_nothing_out() -> None:
    assert len(red(looked(1), sent(2, delivery=LOST))) == 1


def test_a_refusal_is_certain() -> None:
    assert judged(failed(1, 400), sent(2, "another")).judgement is Judgement.NOT_EXERCISED


def raised(sequence: int, key: str, **changes: Any) -> Exchange:
    """An event of an alert system, which keeps one alert for whatever names one key."""
    body = b'{"dedup_key":"%s","payload":{"custom_details":{"item":"pay:charge:ch1"}}}' % key.encode()
    request = Request(method="POST", host="events.alerts.example", path="/v2/enqueue", body=body)
    return b.exchange(sequence, "EnqueueEvent", body, "", **({"request": request} | changes))


def test_a_key_in_the_body_under_which_the_vendor_keeps_one_record_is_a_key() -> None:
    assert not red(raised(1, "incident", delivery=LOST), raised(2, "incident"))
    assert len(red(raised(1, "incident", delivery=LOST), raised(2, "another"))) == 1
