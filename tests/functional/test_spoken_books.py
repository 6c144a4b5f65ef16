"""What is said of journals, attempts, differences, BI and the bank holds of the reference connector, and can fail.

Globex buys a badge printer at 4,000.00 less 10 % in San Francisco: 3,600.00 and 8.625 % of tax, 3,910.50. It pays
1,500.00 by card; the gateway keeps 2.9 % and 0.30, 43.80, and pays out 1,456.20.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from simharness.connectors.manifest import builtin_manifest, load_manifest
from simharness.domain.fault import parse_plan
from simharness.domain.finding import Finding
from simharness.stories import discovery
from simharness.stories.playing import Setting, play

HEAD = """\
story: A sale
dictionary: us-saas
today: 2026-01-05
steps:
  - given:
      - {customer: Globex, region: US-CA-SF, terms: Net 30}
      - deal: Rollout
        customer: Globex
        lines: [{product: Badge printer, quantity: 1, unit_price: USD 4000.00, discount: 10%, cost_centre: CC-10}]
  - when:
      - {deal_won: Rollout, on: 2026-01-12}
      - connector_finishes
"""


def findings(folder: Path, *blocks: str, plan: str = "") -> dict[str, Finding]:
    """The findings of what the story says, by verb."""
    file = folder / "sale.yaml"
    file.write_text(HEAD + "".join(f"  - {block}\n" for block in blocks), encoding="utf-8")
    (story,) = discovery.load([file])
    played = play(story, Setting(attachment=load_manifest(builtin_manifest()), plan=parse_plan(plan)))
    return {each.check: each for result in played.results for each in result.findings if "." in each.check}


def test_what_was_sent_and_booked_is_told_and_traced(tmp_path: Path) -> None:
    claims = """then:
      - every_journal_balances
      - {every_journal_line_names: customer}
      - {every_journal_line_names: cost centre}
      - {attempted: Rollout, times: 2}
      - {one_key_for: Rollout}
      - {log_names: Rollout}
      - {traced: Rollout, to: 4010 Hardware sales}
      - {traced: Rollout, to: BI}"""
    lost = "reply_lost@quickbooks.saveInvoice#1"
    assert findings(tmp_path, claims, plan=lost) == {}


def test_what_was_not_done_is_not_told(tmp_path: Path) -> None:
    claims = """then:
      - {every_journal_line_names: location}
      - {attempted: Rollout, times: 2}
      - {traced: Rollout, to: 1150 Gateway clearing}"""
    wrong = findings(tmp_path, claims)
    assert list(wrong) == ["ledger.every_line_names", "middleware.attempted", "middleware.traced"]


PAID = """when:
      - {customer_pays: USD 1500.00, invoice_of: Rollout, by: card, on: 2026-01-20, as: P-1}"""
DIFFERENT = """then:
      - differences_of: gateway_to_ledger
        shows:
          - {reference: P-1, left: USD 1500.00, right: "", reason: missing right}
          - {reference: P-1, left: USD -43.80}
      - {bi_table_not_published: fct_payment}"""
BOOKED = """when:
      - connector_finishes
      - {gateway_pays_out: USD 1456.20, on: 2026-01-23}
      - {bank_receives: USD 1456.20, reference: payout, on: 2026-01-26}
      - {reconciliations_run_for: 2026-01-26}
      - bi_tables_refresh"""
AGREED = """then:
      - {reconciles: gateway_to_ledger}
      - {bi_behind_at_most: 1 minute}
      - {metric_breakdown: net revenue, period: 2026-01, by: cost centre, is: {CC-10: USD 3600.00}}
      - bank_statement_for: 2026-01
        shows: [{date: 2026-01-26, amount: USD 1456.20, reference: "*"}]"""


def test_what_is_not_booked_yet_is_a_difference_until_it_is(tmp_path: Path) -> None:
    seen = "then: [{bi_behind_at_most: 1 day}]"
    metric = AGREED.replace("net revenue", "net_revenue")
    assert findings(tmp_path, seen, PAID, DIFFERENT, BOOKED, metric) == {}


def test_reconciliations_of_a_day_to_come_are_refused(tmp_path: Path) -> None:
    early = "when: [{reconciliations_run_for: 2026-01-13}]"
    found = findings(tmp_path, early, "then: [{open_alerts: 0}]")["reconcile.run"]
    assert "2026-01-13 has not come yet: today is 2026-01-12" in found.message


@pytest.mark.parametrize(("approved", "balance"), [("", "USD 0.00"), (", approved_by: Carol", "USD 70.00")])
def test_an_adjustment_in_short_words_is_posted_once_somebody_approved_it(
    tmp_path: Path, approved: str, balance: str
) -> None:
    lines = "[{account: 6100, debit: USD 70.00, cost_centre: CC-10}, {account: 1000, credit: USD 70.00}]"
    told = f"when: [{{adjustment_by: Bob, because: a fee was missed{approved}, lines: {lines}}}, connector_finishes]"
    assert findings(tmp_path, told, f"then: [{{account: 6100, holds: {balance}}}]") == {}
