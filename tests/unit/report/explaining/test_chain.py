"""The worked story's chain: the deal at list price comes to 4,000.00 + 2 x 250.00 = 4,500.00."""

from __future__ import annotations

from decimal import Decimal

from simharness.domain.bi import BiReading
from simharness.domain.evidence import Reject
from simharness.domain.expectation import BalancesAre, MetricIs, PaymentIs
from simharness.report.explaining.explanation import Chain, Link
from tests.unit.checks import builders
from tests.unit.checks.builders import credit_entry, credit_memo, deal_entered, ledger, usd
from tests.unit.report.explaining.claims import explained, invoice_total, mark

JOURNALS = (
    Link(
        noun="journal",
        text="2026-01-12 invoice 1001: debit 1100 Accounts receivable 4,410.50; credit 4010 Hardware sales 3,600.00, "
        "4020 Service revenue 500.00, 2200 Sales tax payable 310.50",
    ),
    Link(
        noun="journal",
        text="2026-01-20 payment 2: debit 1150 Gateway clearing 1,000.00; credit 1100 Accounts receivable 1,000.00",
    ),
)


def links(chain: Chain, noun: str) -> list[str]:
    return [f"{'MISSING ' if link.is_missing else ''}{link.text}" for link in chain.links if link.noun == noun]


def test_the_chain_goes_from_the_deal_to_the_metric() -> None:
    (chain,) = explained(invoice_total("4411.50")).chains
    assert chain.about == "deal 'Rollout'"
    assert [link.noun for link in chain.links] == [
        "deal", "invoice", "payment", "journal", "journal", "metric", "metric", "metric",
    ]  # fmt: skip
    assert links(chain, "deal") == [
        (
            "Rollout of Globex, 2 lines, USD 4,500.00 at list price; won on 2026-01-12; "
            "the CRM shows partly paid, USD 3,410.50 outstanding"
        )
    ]
    assert links(chain, "invoice") == [
        "1001 of 2026-01-12: net USD 4,100.00, tax USD 310.50, total USD 4,410.50; USD 3,410.50 open, partly paid"
    ]
    assert links(chain, "payment") == [
        "P-1, USD 1,000.00 by card on 2026-01-20: payment 2 in the ledger, USD 1,000.00 on invoice 1001"
    ]
    assert tuple(link for link in chain.links if link.noun == "journal") == JOURNALS


def test_what_is_not_in_the_ledger_is_said_to_be_missing() -> None:
    (chain,) = explained(invoice_total("4410.50"), books=ledger(documents=(), payments=(), entries=())).chains
    assert links(chain, "invoice") == ["MISSING no invoice in the ledger names this deal"]
    assert links(chain, "payment") == ["MISSING P-1, USD 1,000.00 by card on 2026-01-20: not in the ledger"]
    assert links(chain, "journal") == ["MISSING nothing is posted"]


def test_a_deal_that_was_turned_away_says_why_it_has_no_invoice() -> None:
    empty = ledger(documents=(), payments=(), entries=())
    for source in ("hubspot:deal:D1:v1", "hubspot:company:C1"):
        reject = Reject(at=builders.at("2026-01-12"), source=source, code="x", reason="no region")
        (chain,) = explained(invoice_total("1.00"), books=empty, evidence=(reject,)).chains
        assert links(chain, "invoice") == [
            "MISSING no invoice in the ledger names this deal, since the connector turned it away: no region"
        ]


def test_a_document_without_entry_is_said_to_post_nothing() -> None:
    (chain,) = explained(invoice_total("4411.50"), books=ledger(entries=(builders.payment_entry(),))).chains
    assert links(chain, "journal")[-1] == "MISSING nothing is posted for invoice 1001"


def test_nobody_misses_an_invoice_of_a_deal_that_is_not_won() -> None:
    told = (builders.entered(), deal_entered(), builders.rest(4, "2026-01-12"))
    books = ledger(documents=(), payments=(), entries=())
    (chain,) = explained(invoice_total("1.00"), told=told, books=books, bi=()).chains
    assert links(chain, "invoice") == ["none, since the deal is not won"]
    assert links(chain, "payment") == ["none: nobody paid so far"]
    assert links(chain, "metric") == ["BI was not asked for any up to this step"]


def test_a_credit_note_and_its_posting_are_in_the_chain() -> None:
    books = ledger(
        documents=(builders.invoice(), credit_memo()),
        entries=(builders.invoice_entry(), builders.payment_entry(), credit_entry()),
    )
    (chain,) = explained(invoice_total("4411.50"), books=books).chains
    assert links(chain, "credit note") == [
        "1002 of 2026-01-22: net USD 100.00, tax USD 0.00, total USD 100.00; USD 100.00 open"
    ]
    assert links(chain, "journal")[-1] == (
        "2026-01-22 credit memo 1002: debit 4020 Service revenue 100.00; credit 1100 Accounts receivable 100.00"
    )


def test_a_payment_and_an_account_lead_to_the_deal_behind_them() -> None:
    payment = explained(PaymentIs(**mark("payment.payment_is"), payment="P-1", applied=usd("1.00")))
    stated = (("1150 Gateway clearing", usd("1.00")),)
    account = explained(BalancesAre(**mark("ledger.balances"), balances=stated, exact=False))
    assert [chain.about for told in (payment, account) for chain in told.chains] == ["deal 'Rollout'"] * 2


def test_a_metric_ends_the_chain_with_both_its_values() -> None:
    claim = MetricIs(**mark("bi.metric"), metric="cash_collected", period="2026-01", value=Decimal(900), unit="USD")
    (chain,) = explained(claim).chains
    assert links(chain, "metric") == ["cash_collected of 2026-01: BI shows USD 1,000.00, the step says USD 900.00"]
    empty = BiReading(step=6, source="connector", version="1")
    (chain,) = explained(claim, bi=(empty,)).chains
    assert links(chain, "metric") == ["MISSING cash_collected of 2026-01: BI shows nothing, the step says USD 900.00"]


def test_of_many_deals_two_are_told_and_the_rest_is_counted() -> None:
    more = tuple(deal_entered(deal=f"Deal {n}", deal_id=f"D{n}") for n in (2, 3, 4))
    told = (builders.entered(), deal_entered(), *more, *builders.facts()[2:])
    claim = MetricIs(**mark("bi.metric"), metric="cash_collected", period="2026-01", value=Decimal(900), unit="USD")
    assert [chain.about for chain in explained(claim, told=told).chains] == [
        "deal 'Rollout'", "deal 'Deal 2'", "and 2 further deals of the story",
    ]  # fmt: skip
