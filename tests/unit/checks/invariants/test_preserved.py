"""V26 turns red for what somebody else wrote and an update took away."""

from __future__ import annotations

from msgspec import structs

from simharness.domain.fact import PartyEdited
from tests.unit.checks import builders as b


def edited(field: str, value: str) -> tuple[object, ...]:
    fact = PartyEdited(
        **b.mark(5, "ledger.customer_edited", "2026-01-19"), customer="Globex", party_id="p1", fields=((field, value),)
    )
    return (*b.facts()[:4], fact, *b.facts()[4:])


def test_a_phone_number_that_a_full_update_blanked() -> None:
    found = b.the_finding("V26", b.record(told=edited("phone", "+1 415 555 0100")))
    assert (found.expected, found.actual) == ("+1 415 555 0100", "empty")
    assert found.objects == ("quickbooks:customer:p1 (Globex)",)


def test_a_phone_number_that_survived() -> None:
    books = b.ledger(parties=(b.party(phone="+1 415 555 0100"),))
    assert b.passes("V26", b.record(books=books, told=edited("phone", "+1 415 555 0100")))


def test_a_field_that_the_crm_owns_may_follow_the_crm() -> None:
    assert b.passes("V26", b.record(told=edited("email", "old@globex.example")))


def test_a_deal_whose_lines_were_written_by_the_connector() -> None:
    less = (structs.replace(b.LINES[0], quantity=b.Decimal(2)), b.LINES[1])
    found = b.the_finding("V26", b.record(source=b.crm(lines=less)))
    assert found.expected == "1 Badge printer at USD 4,000.00; 2 Onboarding at USD 250.00"
    assert found.actual == "2 Badge printer at USD 4,000.00; 2 Onboarding at USD 250.00"


def test_a_company_field_that_was_changed_in_the_crm() -> None:
    source = b.crm()
    company = structs.replace(source.companies[0], terms="Net 60")
    found = b.the_finding("V26", b.record(source=structs.replace(source, companies=(company,))))
    assert (found.expected, found.actual) == ("Net 30", "Net 60")


def test_an_update_over_somebody_elses_value() -> None:
    ledger = {"family": "accounting", "vendor": "quickbooks"}
    writes = (
        b.write("party", "p1", "create", "name", "phone", **ledger),
        b.write("party", "p1", "update", "phone", actor="bookkeeper", **ledger),
        b.write("party", "p1", "update", "name", "phone", **ledger),
    )
    found = b.the_finding("V26", b.record(writes=writes))
    assert found.message == "the connector overwrote phone of party p1, which bookkeeper had written"
