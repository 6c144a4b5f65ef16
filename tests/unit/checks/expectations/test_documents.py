"""Expectations on documents, payments and customers turn red for every stated word that does not hold."""

from __future__ import annotations

from typing import Any

import pytest

from simharness.checks import judge
from simharness.domain.books import OpenItem
from simharness.domain.expectation import (
    CustomerOwes,
    Expectation,
    ExpectedLine,
    InvoiceCount,
    InvoiceIs,
    InvoiceRef,
    PaymentIs,
    TaxPayableIs,
)
from simharness.domain.fact import RefusalMissing, StepImpossible, SystemRefused
from simharness.domain.finding import CheckResult, Finding, Judgement
from tests.unit.checks import builders as b

INVOICE = InvoiceRef(deal="Rollout")


def said(kind: Any, **stated: Any) -> Any:
    return kind(step=7, verb="the.verb", where="story.yaml:42", **stated)


def judged(expectation: Expectation, story: b.RunRecord | None = None) -> CheckResult:
    given = story or b.record()
    results = judge(b.structs.replace(given, expectations=(expectation,)))
    return next(result for result in results if result.check == "the.verb")


def wrong(expectation: Expectation, story: b.RunRecord | None = None) -> Finding:
    result = judged(expectation, story)
    assert len(result.findings) == 1, result
    return result.findings[0]


LINES = (
    ExpectedLine(product="Badge printer", net=b.usd("3600.00"), account="4010 Hardware sales", tax_code="TAX"),
    ExpectedLine(product="Onboarding", net=b.usd("500.00"), account="4020", cost_centre="CC-20"),
)

TRUE = [
    said(InvoiceIs, invoice=INVOICE, net=b.usd("4100.00"), tax=b.usd("310.50"), total=b.usd("4410.50")),
    said(InvoiceIs, invoice=INVOICE, open=b.usd("3410.50"), status="partly paid", due=b.day("2026-02-11")),
    said(InvoiceIs, invoice=InvoiceRef(number="1001"), dated=b.day("2026-01-12")),
    said(InvoiceIs, invoice=INVOICE, tax_under=(("CA San Francisco", b.usd("310.50")),)),
    said(InvoiceIs, invoice=INVOICE, lines=LINES),
    said(InvoiceIs, invoice=INVOICE, lines=LINES[::-1]),
    said(InvoiceIs, invoice=INVOICE, lines=(ExpectedLine(tax_code="CA San Francisco"), ExpectedLine(tax_code="NON"))),
    said(InvoiceCount, deal="Rollout", count=1),
    said(InvoiceCount, deal="Unknown", count=0),
    said(CustomerOwes, customer="Globex", amount=b.usd("3410.50")),
    said(CustomerOwes, customer="Nobody", amount=b.usd("0.00")),
    said(TaxPayableIs, code="CA San Francisco", period="2026-01", amount=b.usd("310.50")),
    said(TaxPayableIs, code="CA San Francisco", period="2026-02", amount=b.usd("0.00")),
    said(PaymentIs, payment="P-1", settles=INVOICE, applied=b.usd("1000.00"), unapplied=b.usd("0.00")),
]


CELLS = (
    ExpectedLine(product="*", account="*", tax_code="TAX", cost_centre="CC-10"),
    ExpectedLine(product="Onboarding", tax_code="", cost_centre="*"),
)
TRUE.append(said(InvoiceIs, invoice=INVOICE, lines=CELLS))


def test_a_line_that_must_not_have_what_it_has_is_found() -> None:
    bare = b.structs.replace(CELLS[1], cost_centre="")
    found = wrong(said(InvoiceIs, invoice=INVOICE, lines=(CELLS[0], bare)))
    assert found.expected == "Onboarding no tax code no cost centre"
    taxed = b.structs.replace(CELLS[0], tax_code="")
    assert (
        "any product any account no tax code CC-10"
        in wrong(said(InvoiceIs, invoice=INVOICE, lines=(taxed, CELLS[1]))).expected
    )


@pytest.mark.parametrize("expectation", TRUE)
def test_what_is_true_passes(expectation: Expectation) -> None:
    assert judged(expectation).judgement is Judgement.PASSED


def test_what_differs_is_called_as_people_call_it() -> None:
    (finding,) = judged(said(InvoiceIs, invoice=INVOICE, open=b.usd("0.00"))).findings
    assert finding.message == f"{INVOICE} has another open balance"


@pytest.mark.parametrize(
    ("expectation", "expected", "actual", "risk"),
    [
        (said(InvoiceIs, invoice=INVOICE, net=b.usd("4000.00")), "USD 4,000.00", "USD 4,100.00", "100.00"),
        (said(InvoiceIs, invoice=INVOICE, tax=b.usd("310.51")), "USD 310.51", "USD 310.50", "0.01"),
        (said(InvoiceIs, invoice=INVOICE, total=b.usd("1.00")), "USD 1.00", "USD 4,410.50", "4409.50"),
        (said(InvoiceIs, invoice=INVOICE, open=b.usd("0.00")), "USD 0.00", "USD 3,410.50", "3410.50"),
        (said(InvoiceIs, invoice=INVOICE, status="paid"), "paid", "partly paid", "3410.50"),
        (said(InvoiceIs, invoice=INVOICE, due=b.day("2026-02-12")), "2026-02-12", "2026-02-11", "4410.50"),
        (said(InvoiceIs, invoice=INVOICE, dated=b.day("2026-01-13")), "2026-01-13", "2026-01-12", "4410.50"),
        (
            said(InvoiceIs, invoice=INVOICE, tax_under=(("TX Austin", b.usd("310.50")),)),
            "USD 310.50",
            "USD 0.00",
            "310.50",
        ),
        (
            said(InvoiceIs, invoice=INVOICE, lines=LINES[:1]),
            "no further line",
            "Onboarding USD 500.00 4020 Service revenue NON CC-20",
            "500.00",
        ),
        (
            said(InvoiceIs, invoice=INVOICE, lines=(*LINES, ExpectedLine(product="Badge roll"))),
            "Badge roll",
            "no such line",
            "0.00",
        ),
        (
            said(InvoiceIs, invoice=InvoiceRef(deal="Rollout", ordinal=2)),
            "the second invoice of 'Rollout'",
            "nothing",
            None,
        ),
        (said(InvoiceIs, invoice=InvoiceRef(number="9"), total=b.usd("5.00")), "invoice 9", "nothing", "5.00"),
        (said(InvoiceCount, deal="Rollout", count=2), "2", "1", "0.00"),
        (said(InvoiceCount, deal="Rollout", count=0), "0", "1", "4410.50"),
        (said(CustomerOwes, customer="Globex", amount=b.usd("4410.50")), "USD 4,410.50", "USD 3,410.50", "1000.00"),
        (said(CustomerOwes, customer="Nobody", amount=b.usd("7.00")), "USD 7.00", "nothing", "7.00"),
        (
            said(TaxPayableIs, code="TX Austin", period="2026-01", amount=b.usd("1.00")),
            "USD 1.00",
            "USD 0.00",
            "1.00",
        ),
        (said(PaymentIs, payment="P-9"), "P-9", "nothing", None),
        (said(PaymentIs, payment="P-1", applied=b.usd("999.00")), "USD 999.00", "USD 1,000.00", "1.00"),
        (said(PaymentIs, payment="P-1", unapplied=b.usd("5.00")), "USD 5.00", "USD 0.00", "5.00"),
        (said(PaymentIs, payment="P-1", settles=InvoiceRef(number="1002")), "invoice 1002", "invoice 1001", "1000.00"),
    ],
)
def test_what_is_not_true_is_a_finding_of_its_verb(
    expectation: Expectation, expected: str, actual: str, risk: str | None
) -> None:
    found = wrong(expectation)
    assert (found.check, found.step, found.where) == ("the.verb", 7, "story.yaml:42")
    assert (found.expected, found.actual) == (expected, actual)
    assert found.at_risk == (None if risk is None else b.usd(risk))
    assert found.reproduce.startswith("simharness run ")


@pytest.mark.parametrize(
    ("document", "state"),
    [
        (b.invoice(open=b.usd("4410.50"), status="open"), "open"),
        (b.invoice(open=b.usd("0.00"), status="paid"), "paid"),
        (b.invoice(status="void"), "void"),
        (b.invoice(due=b.day("2026-01-19")), "overdue"),
    ],
)
def test_the_state_of_an_invoice(document: b.Document, state: str) -> None:
    story = b.record(books=b.ledger(documents=(document,)))
    if state == "void":
        assert judged(said(InvoiceIs, invoice=InvoiceRef(number="1001"), status=state), story).findings == ()
    else:
        assert judged(said(InvoiceIs, invoice=INVOICE, status=state), story).findings == ()
    assert wrong(said(InvoiceIs, invoice=InvoiceRef(number="1001"), status="written off"), story)


def test_an_invoice_that_a_credit_settled_is_credited() -> None:
    link = b.payment(
        id="4", amount=b.usd("0.00"), note="", applications=(b.Application(document="1", amount=b.usd("4410.50")),)
    )
    paid = b.invoice(open=b.usd("0.00"), status="paid")
    story = b.record(books=b.ledger(documents=(paid,), payments=(link,)))
    assert not judged(said(InvoiceIs, invoice=INVOICE, status="credited"), story).findings
    assert wrong(said(InvoiceIs, invoice=INVOICE, status="paid"), story).actual == "credited"


@pytest.mark.parametrize(("paid", "states"), [("0.00", {"written off"}), ("1000.00", {"written off", "paid"})])
def test_an_invoice_whose_rest_a_write_off_settled_is_written_off(paid: str, states: set[str]) -> None:
    rest = b.usd("4410.50") - b.usd(paid)
    link = b.payment(
        id="4", amount=b.usd("0.00"), note="",
        applications=(b.Application(document="1", amount=rest), b.Application(document="5", amount=-rest)),
    )  # fmt: skip
    loss = b.entry(
        "journal", "5", "2026-02-01", b.posting("a6200", str(rest.amount)), b.posting("a1100", str(-rest.amount)),
        note="write_off:1001:1",
    )  # fmt: skip
    books = b.ledger(
        documents=(b.invoice(open=b.usd("0.00"), status="paid"),), payments=(link,), entries=(b.invoice_entry(), loss)
    )
    story = b.record(books=books)
    for state in ("written off", "paid", "credited", "open"):
        result = judged(said(InvoiceIs, invoice=INVOICE, status=state), story)
        assert (not result.findings) == (state in states), state


def test_a_credit_that_names_the_invoice_is_the_deals() -> None:
    memo = b.credit_memo(note="credit:1001:1")
    books = b.ledger(documents=(b.invoice(), memo), entries=(b.invoice_entry(), b.credit_entry()))
    story = b.record(books=books)
    credit = InvoiceRef(deal="Rollout", kind="credit_memo")
    assert not judged(said(InvoiceIs, invoice=credit, total=b.usd("100.00")), story).findings
    other = b.record(books=b.structs.replace(books, documents=(b.invoice(), b.credit_memo(note="credit:1002:1"))))
    assert wrong(said(InvoiceIs, invoice=credit, total=b.usd("100.00")), other).actual == "nothing"


def test_what_a_journal_put_on_the_receivable_is_owed_as_well() -> None:
    item = OpenItem(entry="6", party="p1", date=b.day("2026-02-10"), amount=b.usd("20.00"), open=b.usd("15.00"))
    story = b.record(books=b.ledger(open_items=(item,)))
    assert not judged(said(CustomerOwes, customer="Globex", amount=b.usd("3425.50")), story).findings


def test_a_refund_receipt_takes_its_tax_back() -> None:
    receipt = b.invoice(id="7", kind="refund_receipt", note="", date=b.day("2026-02-01"), open=b.usd("0.00"))
    story = b.record(books=b.ledger(documents=(b.invoice(), receipt)))
    expectation = said(TaxPayableIs, code="CA San Francisco", period="2026-02", amount=b.usd("-310.50"))
    assert not judged(expectation, story).findings


REFUSAL: Any = {**b.mark(5, "gateway.refunds", "2026-01-20"), "because": "more than the USD 5.00 left"}


def test_a_step_that_could_not_happen_is_a_finding() -> None:
    fact = StepImpossible(
        **b.mark(5, "payments.customer_pays", "2026-01-20"),
        what="deal 'Rollout' has no invoice",
        amount=b.usd("1000.00"),
    )
    story = b.record(told=(*b.facts()[:4], fact, b.facts()[5]))
    result = next(each for each in judge(story) if each.check == "payments.customer_pays")
    assert [(each.actual, each.at_risk, each.step) for each in result.findings] == [
        ("deal 'Rollout' has no invoice", b.usd("1000.00"), 5)
    ]


@pytest.mark.parametrize(
    ("fact", "actual"),
    [
        (SystemRefused(**REFUSAL, what="More than the USD 5.00 left"), []),
        (SystemRefused(**REFUSAL, what="the card was declined"), ["the card was declined"]),
        (RefusalMissing(**REFUSAL), ["done"]),
    ],
)
def test_a_refusal_that_was_told_must_come_and_for_that_reason(fact: Any, actual: list[str]) -> None:
    story = b.record(told=(*b.facts()[:4], fact, b.facts()[5]))
    result = next(each for each in judge(story) if each.check == "gateway.refunds")
    assert [each.actual for each in result.findings] == actual
    assert result.examined == 1


@pytest.mark.parametrize(
    ("state", "actual"),
    [
        ({"at_rest": False, "passes": 50}, "still working after 50 passes"),
        ({"failure": "KeyError: 'x'"}, "KeyError: 'x'"),
    ],
)
def test_a_connector_that_does_not_finish_is_a_finding(state: dict[str, Any], actual: str) -> None:
    story = b.record(told=(*b.facts()[:5], b.rest(6, "2026-01-20", **state)))
    result = next(each for each in judge(story) if each.check == "middleware.connector_finishes")
    assert [finding.actual for finding in result.findings] == [actual]
