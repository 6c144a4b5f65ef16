"""Cases that exploring once found against the reference connector: each stays as it was mended."""

from __future__ import annotations

import pytest

from simharness.connectors.manifest import builtin_manifest, load_manifest
from simharness.core.content import content_folder
from simharness.explore.case_text import parse_case
from simharness.explore.cases import Case, Outcome
from simharness.explore.player import replay
from simharness.stories import discovery
from simharness.stories.playing import Setting

#: A line that was not read was credited; an item on its way was taken for missing; bank lines waited for a run in
#: quarantine; charges that a list did not show yet were never asked for again; what was billed anew went out without
#: the credit before it; the alert about a deposit stayed open when the final invoice stood for it; a deal that lacks a
#: tax region was told to lack a customer; a deferral that is listed as not recognised was called a difference; a
#: connector that reads every feed anyway left open that a webhook was refused; and a payout that failed was taken back
#: though the ledger had refused it.
CASES = {
    "payments/equal_amount_decoys.yaml:1 partial_batch@hubspot.batchReadObjects#3": Outcome.PASSED,
    "bank/wires_and_cheques.yaml:4 crash_before@quickbooks.saveItem#1": Outcome.PASSED,
    "payroll/bad_input.yaml:55 crash_before@#38": Outcome.PASSED,
    "payments/equal_amount_decoys.yaml:1 stale_read@stripe.ChargeList#3": Outcome.PASSED,
    "deals/credit_and_rebill.yaml:1 forbidden@quickbooks.saveCreditMemo#1": Outcome.REJECTED,
    "deposits/rate_change.yaml:3 forbidden@quickbooks.saveInvoice#1": Outcome.REJECTED,
    "customers/without_region.yaml:1 forbidden@quickbooks.saveCustomer#1": Outcome.REJECTED,
    "payroll/approved_twice.yaml:35 forbidden@plaid.WebhookVerificationKeyGet#1": Outcome.PASSED,
    "recognition/late_and_refunded.yaml:2 forbidden@quickbooks.saveJournalEntry#3": Outcome.REJECTED,
    "payments/two_instalments.yaml:1 forbidden@hubspot.batchUpdateObjects#2": Outcome.PASSED,
    "gateway/failed_payout.yaml:38 forbidden@quickbooks.saveTransfer#1": Outcome.REJECTED,
}


@pytest.mark.parametrize("text", CASES)
def test_a_case_that_was_mended_ends_well(text: str) -> None:
    where, plan = parse_case(text)
    stories = discovery.load([content_folder("scenarios") / where.file])
    (story,) = (each for each in stories if each.where.line == where.line)
    case = Case(story_key=story.fingerprint, story=story.name, where=str(where), plan=plan)
    _, result = replay(case, story, Setting(attachment=load_manifest(builtin_manifest())))
    assert result.outcome is CASES[text], [each.finding.message for each in result.findings]
