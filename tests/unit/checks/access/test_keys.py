"""C7 turns red for a scope that was wanting and for a posting with another key; what was not used is named."""

from __future__ import annotations

from typing import Any

from msgspec import structs

from simharness.checks.access.keys import unused_scopes, used_scopes
from simharness.domain.exchange import Exchange, Notes, Response
from simharness.domain.finding import Judgement, Severity
from tests.unit.checks import builders as b

ACCOUNTING = "com.intuit.quickbooks.accounting"


def asked(status: int = 200, client: str = "connector", **notes: Any) -> Exchange:
    told = Notes(**{"operation": "saveJournalEntry", "actor": "connector", "scope": ACCOUNTING, **notes})
    return b.exchange(3, "journalentry", b"{}", client=client, response=Response(status=status, notes=told))


def test_c7_a_request_that_was_refused_for_want_of_a_scope() -> None:
    found = b.the_finding(
        "C7", b.record(exchanges=(asked(), asked(403, lacks=ACCOUNTING), asked(403, lacks=ACCOUNTING)))
    )
    assert found.message == (f"quickbooks refused saveJournalEntry: the connector's key lacks the scope {ACCOUNTING}")
    assert found.severity is Severity.CONDUCT


def test_c7_a_posting_that_came_with_the_key_of_bi() -> None:
    entry = b.write("journal", "J9", "create", "lines", family="accounting", vendor="quickbooks", actor="bi")
    story = b.record(exchanges=(asked(), asked(client="bi", actor="bi")), writes=(*b.writes(), entry))
    assert b.the_finding("C7", story).message == "bi wrote journal J9 into the ledger with a key of its own"


def test_c7_accuses_nobody_of_a_posting_that_was_refused_or_entered_by_a_person() -> None:
    by_hand = b.write("invoice", "9", "create", "lines", family="accounting", vendor="quickbooks", actor="controller")
    refused = asked(403, client="bi", actor="bi", lacks=ACCOUNTING)
    assert b.passes("C7", b.record(exchanges=(asked(), refused), writes=(*b.writes(), by_hand)))


def test_c7_is_not_exercised_by_a_record_without_scopes() -> None:
    assert b.result("C7", b.record(exchanges=(asked(scope=""),))).judgement is Judgement.NOT_EXERCISED


def test_scopes_that_no_request_needed_are_named_of_vendors_that_were_called() -> None:
    story = b.record(exchanges=(asked(),))
    asks_for = (("plaid", ("item",)), ("quickbooks", (ACCOUNTING, "openid")))
    info = structs.replace(story.header.connector, scopes=asks_for)
    assert unused_scopes(info, used_scopes(story)) == ("quickbooks openid",)
