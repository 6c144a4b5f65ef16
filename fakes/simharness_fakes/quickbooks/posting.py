"""What a program sends that posts on its own account: the smallest journal entry a company can take."""

from __future__ import annotations

from collections.abc import Mapping

from simharness.domain.exchange import Request
from simharness.fakekit.bodies import write_json
from simharness_fakes.quickbooks.state import Company

#: Kinds of accounts whose lines name a customer or a vendor, and are therefore left alone.
_WITH_PARTY = frozenset({"receivable", "payable"})


def small_journal(company: Company, headers: Mapping[str, str]) -> Request:
    """One unit of the company's currency between its first two accounts that anybody can post to."""
    free = [each.id for each in company.books.accounts.all() if each.active and each.kind not in _WITH_PARTY][:2]
    lines = [
        {
            "Amount": 1,
            "DetailType": "JournalEntryLineDetail",
            "JournalEntryLineDetail": {"PostingType": side, "AccountRef": {"value": account}},
        }
        for side, account in zip(("Debit", "Credit"), free, strict=True)
    ]
    return Request(
        method="POST",
        host="quickbooks.api.intuit.com",
        path=f"/v3/company/{company.realm}/journalentry",
        headers={**headers, "content-type": "application/json", "accept": "application/json"},
        body=write_json({"Line": lines}),
    )
