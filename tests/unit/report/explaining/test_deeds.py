"""What the connector did, told from its evidence and the exchange log; 18:00 UTC is 10:00 in the books."""

from __future__ import annotations

from typing import Any

from msgspec import structs

from simharness.domain.connector import ConnectorInfo
from simharness.domain.evidence import Alert, DeadLetter, LogRow, Reject
from simharness.domain.exchange import Delivery, DeliveryKind, Exchange, Notes, Response
from simharness.domain.expectation import AccountHolds
from tests.unit.checks.builders import at, entry, evidence, exchange, header, ledger, log, posting, usd, write
from tests.unit.checks.company import CONNECTOR
from tests.unit.report.explaining.claims import explained, invoice_total, mark

DEAL, INVOICE = "hubspot:deal:D1:v1", "quickbooks:invoice:1"
CREATED = "2026-01-12 10:00  created invoice 1001 in the ledger for deal 'Rollout' (USD 4,410.50)"


def deeds(*rows: Any, exchanges: tuple[Exchange, ...] = (), **changes: Any) -> tuple[str, ...]:
    return explained(invoice_total("1.00"), evidence=rows, exchanges=exchanges, **changes).deeds


def refused(sequence: int, status: int, body: bytes, key: str = "k1") -> Exchange:
    notes = Notes(operation="invoice", actor="connector", idempotency_key=key)
    return exchange(sequence, "invoice", b"", response=Response(status=status, body=body, notes=notes))


def test_what_was_posted_is_told_in_the_words_of_the_story() -> None:
    assert deeds(*evidence()) == (
        CREATED,
        "2026-01-12 10:00  created payment 2 in the ledger for payment P-1 (USD 1,000.00)",
    )


def test_further_attempts_are_counted() -> None:
    row = log(DEAL, INVOICE, "4410.50", "k1", attempts=3)
    assert deeds(row) == (f"{CREATED}, at attempt 3",)


def test_what_was_there_what_failed_and_what_was_shown_are_told_apart() -> None:
    found = log(DEAL, INVOICE, "4410.50", "k1", outcome="found")
    failed = log(DEAL, "quickbooks:invoice", "4410.50", "k2", outcome="failed", detail="the period is closed")
    shown = log(DEAL, "hubspot:deal:D1", "3410.50", "", action="write_back", outcome="updated", detail="partly paid")
    assert deeds(found, failed, shown) == (
        (
            "2026-01-12 10:00  found invoice 1001 in the ledger for deal 'Rollout' there already (USD 4,410.50)"
            ", and sent nothing again"
        ),
        (
            "2026-01-12 10:00  failed to create an invoice in the ledger for deal 'Rollout' (USD 4,410.50)"
            ": the period is closed"
        ),
        "2026-01-12 10:00  wrote back to deal 'Rollout' in the CRM: partly paid, USD 3,410.50",
    )


def test_what_waits_for_a_person_is_told_with_its_reason() -> None:
    moment = at("2026-01-12")
    reject = Reject(at=moment, source=DEAL, code="no_region", reason="the customer has no region")
    alert = Alert(at=moment, incident="i", source=DEAL, owner="finance", reason="no region", amount=usd("9.00"))
    letter = DeadLetter(at=moment, source=DEAL, reason="refused for good", attempts=5)
    assert deeds(reject, alert, letter) == (
        "2026-01-12 10:00  listed deal 'Rollout' as rejected because the customer has no region",
        "2026-01-12 10:00  alerted finance about deal 'Rollout': no region (USD 9.00)",
        "2026-01-12 10:00  put deal 'Rollout' aside for a person after 5 attempts: refused for good",
    )


def test_what_is_over_is_told_when_it_was_over() -> None:
    alert = Alert(
        at=at("2026-01-12"), incident="i", source=DEAL, owner="finance", reason="no region", cleared_at=at("2026-01-13")
    )
    assert deeds(alert) == ("2026-01-13 10:00  told finance that it is over: deal 'Rollout', no region",)


def test_a_refusal_is_told_in_the_systems_words_before_what_came_of_it_and_once() -> None:
    body = b'{"Fault":{"Error":[{"Message":"Stale","Detail":"The object is another by now","code":"5010"}]}}'
    calls = (refused(1, 400, body), refused(2, 400, body), exchange(3, "invoice", b"", "k1"))
    assert deeds(log(DEAL, INVOICE, "4410.50", "k1", attempts=3), exchanges=calls) == (
        (
            "2026-01-12 10:00  asked the ledger to create an invoice for deal 'Rollout' and was refused: "
            "The object is another by now (2 times)"
        ),
        f"{CREATED}, at attempt 3",
    )


def test_an_answer_that_got_lost_is_told() -> None:
    lost = exchange(1, "invoice", b'{"note":"D1"}', "", delivery=Delivery(kind=DeliveryKind.LOST), response=None)
    assert deeds(exchanges=(lost,)) == ("2026-01-12 10:00  asked the ledger, and its answer was lost on the way",)


def test_a_key_that_had_run_out_and_was_renewed_is_no_trouble() -> None:
    calls = (refused(1, 401, b"{}"), exchange(2, "invoice", b"", "k1"))
    assert deeds(log(DEAL, INVOICE, "4410.50", "k1"), exchanges=calls) == (CREATED,)
    assert len(deeds(log(DEAL, INVOICE, "4410.50", "k1"), exchanges=calls[:1])) == 2


def test_what_is_about_other_things_and_what_came_later_is_left_out() -> None:
    other = log("hubspot:deal:D2:v1", "quickbooks:invoice:9", "1.00", "k9")
    later = log(DEAL, INVOICE, "4410.50", "k1", at=at("2026-01-30"))
    assert deeds(other, later) == ("nothing that its evidence or the systems tell of",)


def test_of_a_connector_without_a_log_what_the_systems_saw_is_told() -> None:
    mute: ConnectorInfo = structs.replace(CONNECTOR, evidence=())
    seen = (
        write("invoice", "1", "create", family="accounting", vendor="quickbooks"),
        write("deal", "D1", "update", "billing_status"),
        write("deal", "D1", "update", "amount", actor="sales"),
    )
    told = deeds(exchanges=(exchange(1, "invoice", b""),), header=header(connector=mute), writes=seen)
    assert told == (
        "2026-01-12 10:00  created invoice 1001 in the ledger",
        "2026-01-12 10:00  updated deal 'Rollout' in the CRM",
    )


def test_of_an_account_everything_is_told_that_moved_it() -> None:
    lines = (posting("a1000", "970.70"), posting("a1150", "-970.70"))
    moved = entry("transfer", "7", "2026-01-20", *lines, note="pay:payout:po1")
    books = ledger(entries=(*ledger().entries, moved))
    row = log("stripe:payout:po1", "quickbooks:transfer:7", "970.70", "k7")
    claim = AccountHolds(**mark("ledger.account"), account="1000 Bank", amount=usd("1.00"))
    assert explained(claim, books=books, evidence=(row,), exchanges=()).deeds == (
        "2026-01-12 10:00  created transfer 7 in the ledger for payout po1 (USD 970.70)",
    )


def test_many_deeds_are_counted() -> None:
    rows: tuple[LogRow, ...] = tuple(log(DEAL, INVOICE, f"{n}.00", f"k{n}") for n in range(1, 21))
    told = deeds(*rows)
    assert len(told) == 15
    assert told[-1] == "and 6 further deeds"


def test_the_requests_beneath_are_those_that_name_the_things_with_the_answers_of_those_refused() -> None:
    other = exchange(3, "invoice", b'{"note":"D2, D11, xD1"}', "k9")
    told = explained(
        invoice_total("1.00"), books=ledger(),
        exchanges=(refused(1, 400, b'{"m":\n "no"}'), exchange(2, "invoice", b'{"note":"D1"}'), other),
    )  # fmt: skip
    assert told.calls == (
        "#1 2026-01-12 18:00:00 400 POST quickbooks.api.intuit.com/v3/invoice",
        '    {"m": "no"}',
        "#2 2026-01-12 18:00:00 200 POST quickbooks.api.intuit.com/v3/invoice",
    )
