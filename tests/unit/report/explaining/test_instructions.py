"""What was told and not made: the invoice 1001 is the deal's, so `credit:1001:1` is the first credit on it."""

from __future__ import annotations

from typing import Any

import pytest

from simharness.domain.evidence import Alert, DeadLetter, Reject
from simharness.domain.fact import CreditApproved, PaymentRefunded, WriteOffApproved
from simharness.report.explaining.explanation import Link
from tests.unit.checks import builders as b
from tests.unit.checks.builders import at, usd
from tests.unit.report.explaining.claims import explained, invoice_total

WHY = "the lines come to 75.00 with tax, not to 100.00"
TURNED_AWAY = Reject(at=at("2026-01-20"), source="credit:1001:1", code="sum", reason=WHY, amount=usd("100.00"))


def told(kind: Any = CreditApproved, amount: str = "100.00", **changes: Any) -> Any:
    given = b.mark(6, "crediting.told", "2026-01-20", 17)
    given |= {"customer": "Globex", "company_id": "C1", "deal": "Rollout", "invoice_number": "1001"}
    return kind(**(given | {"amount": usd(amount), "reason": "scratched", "approver": "Dana"} | changes))


def links(noun: str, *facts: Any, **changes: Any) -> list[Link]:
    happened = (*b.facts(), *facts)
    (chain,) = explained(invoice_total("1.00"), told=happened, **changes).chains
    return [link for link in chain.links if link.noun == noun]


def test_a_credit_note_that_was_turned_away_stands_in_the_chain_with_the_reason() -> None:
    text = (
        "USD 100.00 told on 2026-01-20: nothing of it is in the ledger, since the connector turned it away: "
        f"{WHY}"
    )  # fmt: skip
    assert links("credit note", told(), evidence=(TURNED_AWAY,)) == [Link(noun="credit note", text=text)]


def test_one_of_which_nobody_says_why_is_missing() -> None:
    text = "USD 100.00 told on 2026-01-20: nothing of it is in the ledger"
    assert links("credit note", told()) == [Link(noun="credit note", text=text, is_missing=True)]
    (link,) = links("credit note", told(approver=""))
    assert link.text == f"{text}, and nobody is said to have approved it"


def test_a_reason_of_another_invoice_amount_or_later_time_is_not_taken() -> None:
    for other in (
        {"source": "credit:1002:1"}, {"source": "write_off:1001:1"}, {"amount": usd("99.00")}, {"at": at("2026-02-20")}
    ):  # fmt: skip
        (link,) = links("credit note", told(), evidence=(b.structs.replace(TURNED_AWAY, **other),))
        assert link.is_missing


def test_a_credit_note_that_was_made_is_not_told_as_missing_and_a_second_one_is() -> None:
    memo = b.credit_memo(note="credit:1001:1")
    entry = b.structs.replace(b.credit_entry(), note="credit:1001:1")
    books = b.ledger(documents=(b.invoice(), memo), entries=(b.invoice_entry(), b.payment_entry(), entry))
    assert [link.text[:4] for link in links("credit note", told(), books=books)] == ["1002"]
    assert [link.text[:4] for link in links("credit note", told(amount="90.00"), books=books)] == ["1002"]
    first, second = links("credit note", told(amount="40.00"), told(), books=books)
    assert first.text.startswith("1002")
    assert second.text.startswith("USD 40.00 told")


def test_a_credit_memo_for_a_change_of_the_deal_answers_to_nothing_that_was_told() -> None:
    books = b.ledger(documents=(b.invoice(), b.credit_memo()))
    assert [link.is_missing for link in links("credit note", told(amount="40.00"), books=books)] == [False, True]


@pytest.mark.parametrize("is_there", [True, False])
def test_a_write_off_is_missing_until_its_entry_is_there(is_there: bool) -> None:
    lines = (b.posting("a6200", "60.00"), b.posting("a1100", "-60.00", party="p1"))
    entry = b.entry("journal", "71", "2026-01-20", *lines, note="write_off:1001:1")
    books = b.ledger(entries=(b.invoice_entry(), b.payment_entry(), *([entry] if is_there else [])))
    fact = told(WriteOffApproved, "60.00")
    assert [link.is_missing for link in links("write-off", fact, books=books)] == ([] if is_there else [True])
    journals = [link.text for link in links("journal", fact, books=books)]
    posted = "2026-01-20 journal 71: debit 6200 Bad debt 60.00; credit 1100 Accounts receivable 60.00"
    assert (posted in journals) is is_there


def test_a_refund_that_nothing_in_the_ledger_names_is_missing() -> None:
    fact = PaymentRefunded(
        **b.mark(6, "payments.refund", "2026-01-20", 17), payment="P-1", customer="Globex", company_id="C1",
        charge_id="ch1", refund="R-1", refund_id="re1", amount=usd("50.00"), fee=usd("0.00"), reason="sale",
    )  # fmt: skip
    text = "USD 50.00 on 2026-01-20, sale: nothing in the ledger names it"
    assert links("refund", fact) == [Link(noun="refund", text=text, is_missing=True)]
    reject = Reject(at=at("2026-01-20"), source="stripe:refund:re1", code="x", reason="stripe:refund:re1: no invoice")
    away = f"{text}, since the connector turned it away: no invoice"
    assert links("refund", fact, evidence=(reject,)) == [Link(noun="refund", text=away)]
    lines = (b.posting("a1100", "50.00", party="p1"), b.posting("a1150", "-50.00"))
    entry = b.entry("journal", "19", "2026-01-20", *lines, note="pay:refund:re1")
    books = b.ledger(entries=(b.invoice_entry(), b.payment_entry(), entry))
    assert [link.is_missing for link in links("refund", fact, books=books)] == [False]


def test_what_was_turned_away_waits_or_was_told_a_person_is_among_what_the_connector_did() -> None:
    moment = at("2026-01-20")
    alert = Alert(at=moment, incident="i", source="credit:1001:1", owner="finance", reason=WHY)
    letter = DeadLetter(at=moment, source="write_off:1001:1", reason="refused for good", attempts=5)
    other = Alert(at=moment, incident="j", source="credit:1009:1", owner="finance", reason="another invoice")
    done = explained(invoice_total("1.00"), evidence=(TURNED_AWAY, alert, letter, other), exchanges=()).deeds
    assert done == (
        f"2026-01-20 10:00  listed the credit note on invoice 1001 as rejected because {WHY} (USD 100.00)",
        f"2026-01-20 10:00  alerted finance about the credit note on invoice 1001: {WHY}",
        "2026-01-20 10:00  put the write-off on invoice 1001 aside for a person after 5 attempts: refused for good",
    )
