"""An update that was refused for good leaves its record as it was; that, and what bears its words, is no difference."""

from __future__ import annotations

from typing import Any

from msgspec import structs

from simharness.checks import converged, unexcused
from simharness.domain.evidence import Alert, DeadLetter
from simharness.domain.exchange import Exchange
from simharness.domain.fact import CustomerChanged, DealChanged, DealDelivered, StepImpossible
from simharness.domain.fault import Struck, parse_plan
from simharness.domain.finding import Finding, Judgement, Severity
from simharness.domain.gateway import Charge, GatewaySnapshot
from simharness.domain.record import RunRecord
from simharness.domain.write import Write
from tests.unit.checks import builders as b

PLAN = parse_plan("forbidden@quickbooks.saveCustomer#2")
COMPANY = "crm:company:C1"
LETTER = DeadLetter(at=b.at("2026-01-19"), source=COMPANY, reason="no right", attempts=1)
ALERT = Alert(at=b.at("2026-01-19"), incident="posting", source=COMPANY, owner="finance", reason="no right")
#: In the clean run the customer moved to other terms, and a credit memo made afterwards bears them.
MOVED = b.ledger(parties=(b.party(terms="Net 15"),), documents=(b.invoice(), b.credit_memo(terms="Net 15")))


def ended(*evidence: Any, terms: str = "Net 30", credited: str = "Net 30", **changes: Any) -> RunRecord:
    books = b.ledger(
        parties=(b.party(terms=terms, **changes.pop("party", {})),),
        documents=(b.invoice(), b.credit_memo(terms=credited, **changes.pop("memo", {}))),
    )
    log = tuple(Struck(fault=each, sequence=3, vendor="quickbooks", operation="saveCustomer") for each in PLAN.faults)
    given: dict[str, Any] = {"header": b.header(plan=PLAN), "fault_log": log, "books": books}
    return b.record(evidence=(*b.evidence(), *evidence), **(given | changes))


def keys(record: RunRecord, clean: RunRecord | None = None) -> list[str]:
    return [each.key for each in converged(clean or b.record(books=MOVED), record).findings]


def test_a_record_stays_as_it_was_where_its_update_is_listed_and_alerted() -> None:
    result = converged(b.record(books=MOVED), ended(LETTER, ALERT))
    assert (result.judgement, result.reason) == (Judgement.PASSED, f"given up, listed and alerted: {COMPANY}")
    changed = "F1:quickbooks:changed:customer:Globex"
    assert changed in keys(ended())
    assert changed in keys(ended(LETTER)), "nobody was alerted"


def test_only_the_words_of_that_record_may_be_other_elsewhere() -> None:
    another = ended(LETTER, ALERT, memo={"memo": "thank you"})
    assert [key.split(":")[2] for key in keys(another)] == ["changed"]
    assert "credit_memo" in keys(another)[0]
    assert "credit_memo" in keys(ended(LETTER, ALERT, credited="Net 60"))[0]


def test_an_update_that_was_written_in_part_is_no_update_that_was_refused() -> None:
    write = Write(
        at=b.at("2026-01-19"), family="accounting", vendor="quickbooks", dataset="party", record_id="p1",
        action="update", fields=("phone",), actor="connector", entity="main",
    )  # fmt: skip
    (mine,) = (each for each in _exchanges() if each.response is not None and each.response.notes.actor == "connector")
    halves = ended(LETTER, ALERT, exchanges=(mine,), writes=(write,))
    assert "F1:quickbooks:changed:customer:Globex" in keys(halves)
    for other in (structs.replace(write, actor="bookkeeper"), structs.replace(write, record_id="p2")):
        assert keys(ended(LETTER, ALERT, exchanges=(mine,), writes=(other,))) == []


def _exchanges() -> tuple[Exchange, ...]:
    said = next(each for each in b.exchanges() if each.response is not None)
    assert said.response is not None
    notes = structs.replace(said.response.notes, actor="connector")
    return (structs.replace(said, response=structs.replace(said.response, notes=notes)),)


def test_a_customer_whose_renaming_was_refused_bears_the_old_name() -> None:
    named = b.record(books=b.ledger(parties=(b.party(name="Globex, Inc"),)))
    old = ended(LETTER, ALERT, books=b.ledger())
    assert keys(old, named) == []
    assert any("customer" in key for key in keys(ended(books=b.ledger()), named))


def test_what_a_sum_is_off_by_is_what_was_given_up_and_not_a_cent_more() -> None:
    charge = "pay:charge:ch1"
    told = structs.replace(LETTER, source=charge, amount=b.usd("1000.00"))
    alert = structs.replace(ALERT, source=charge, amount=b.usd("1000.00"))
    unpaid = b.ledger(payments=(), entries=(b.invoice_entry(),))
    clean, lost = b.record(), ended(told, alert, books=unpaid)
    assert converged(clean, lost).judgement is Judgement.PASSED

    def off(amount: str, check: str = "V10") -> Finding:
        return Finding(
            check=check, severity=Severity.MONEY, key=f"{check}:2026-01-20:USD", message="", at_risk=b.usd(amount)
        )

    more = (off("1000.01"), off("1000.00", "V1"))
    assert unexcused(clean, lost, (off("1000.00"), off("-1000.00", "V19"), *more)) == more


def test_the_books_of_another_entity_are_no_half_of_what_one_was_refused() -> None:
    charge = "pay:charge:ch1"
    told = structs.replace(LETTER, source=charge, amount=b.usd("1000.00"), entity="east")
    alert = structs.replace(ALERT, source=charge, amount=b.usd("1000.00"), entity="east")

    def group(east: Any, *evidence: Any) -> RunRecord:
        record = ended(*evidence, books=b.ledger())
        *earlier, last = record.checkpoints
        world = structs.replace(
            last.world, ledgers=tuple(structs.replace(each, entity=name) for name, each in (("west", b.ledger()), east))
        )
        return structs.replace(record, checkpoints=(*earlier, structs.replace(last, world=world)))

    paid, unpaid = b.ledger(), b.ledger(payments=(), entries=(b.invoice_entry(),))
    clean = group(("east", paid))
    assert keys(group(("east", unpaid), told, alert), clean) == []
    swapped = [structs.replace(each, entity="west") for each in (told, alert)]
    assert any("half-written" in key for key in keys(group(("east", unpaid), *swapped), clean))


def test_a_story_goes_another_way_also_where_what_was_refused_came_later() -> None:
    """Nobody could pay the invoice when it was due, since its customer was refused; both are there at the end."""
    charge = Charge(id="ch1", amount=b.usd("1000.00"), created_at=b.at("2026-01-20"))

    def at_gateway(record: RunRecord, *charges: Charge) -> RunRecord:
        *earlier, last = record.checkpoints
        world = structs.replace(last.world, gateway=GatewaySnapshot(vendor="stripe", charges=charges))
        return structs.replace(record, checkpoints=(*earlier, structs.replace(last, world=world)))

    impossible = StepImpossible(**b.mark(5, "payments.customer_pays", "2026-01-20"), what="the ledger has none")
    clean = at_gateway(b.record(bi=()), charge)
    over = structs.replace(ALERT, cleared_at=b.at("2026-01-21"))
    again = structs.replace(LETTER, replayed_at=b.at("2026-01-21"))
    unpaid = b.ledger(
        payments=(), entries=(b.invoice_entry(),), documents=(b.invoice(open=b.usd("4410.50"), status="open"),),
        parties=(b.party(balance=b.usd("4410.50")),),
    )  # fmt: skip
    late = at_gateway(ended(LETTER, ALERT, again, over, books=unpaid, bi=()))
    assert any("missing" in key for key in keys(late, clean)), "nothing kept the customer from paying"
    hindered = structs.replace(late, facts=(*b.facts()[:4], impossible, b.facts()[5]))
    assert keys(hindered, clean) == []


def test_what_waited_while_its_customer_changed_is_made_of_what_stands_then() -> None:
    refused = structs.replace(LETTER, at=b.at("2026-01-12"), source="hubspot:deal:D1:v1", amount=b.usd("4410.50"))
    alert = structs.replace(ALERT, source=refused.source)
    again, over = (
        structs.replace(refused, replayed_at=b.at("2026-01-20")), structs.replace(alert, cleared_at=b.at("2026-01-20"))
    )  # fmt: skip
    late = ended(refused, alert, again, over, books=b.ledger(documents=(b.invoice(terms="Net 15"),)))
    changed = CustomerChanged(
        **b.mark(4, "customers.customer_changed", "2026-01-19"), customer="Globex", company_id="C1", name="Globex"
    )
    assert any("invoice" in key for key in keys(late, b.record())), "nothing had changed"
    assert keys(structs.replace(late, facts=(*late.facts, changed)), b.record()) == []
    elsewhere = structs.replace(changed, company_id="C2")
    assert any("invoice" in key for key in keys(structs.replace(late, facts=(*late.facts, elsewhere)), b.record()))
    before = structs.replace(changed, at=b.at("2026-01-11"))
    assert any("invoice" in key for key in keys(structs.replace(late, facts=(*late.facts, before)), b.record()))


def test_what_waited_while_its_deal_was_delivered_is_billed_at_once_and_by_one_invoice() -> None:
    """The deposit was refused for good; what was delivered since is billed without it."""
    source = "hubspot:deal:D1:deposit"
    refused = structs.replace(LETTER, at=b.at("2026-01-12"), source=source, amount=b.usd("4410.50"))
    alert = structs.replace(ALERT, source=source, amount=b.usd("4410.50"))
    again = structs.replace(refused, replayed_at=b.at("2026-01-20"))
    over = structs.replace(alert, cleared_at=b.at("2026-01-20"))
    whole = b.invoice(note="crm:deal:D1:v1 lines:L1")
    late = ended(refused, alert, again, over, books=b.ledger(documents=(whole,)))
    delivered = DealDelivered(
        **b.mark(4, "deals.delivered", "2026-01-19"), deal="D", deal_id="D1", delivered_on=b.day("2026-01-19")
    )
    told = keys(late, b.record())
    assert any("missing:invoice" in key for key in told)
    assert any("further:invoice" in key for key in told)
    assert keys(structs.replace(late, facts=(*late.facts, delivered)), b.record()) == []
    elsewhere = structs.replace(delivered, deal_id="D2")
    assert keys(structs.replace(late, facts=(*late.facts, elsewhere)), b.record()) == told
    nothing = ended(refused, alert, again, over, books=b.ledger(documents=()))
    unbilled = structs.replace(nothing, facts=(*nothing.facts, delivered))
    assert any("missing:invoice" in key for key in keys(unbilled, b.record())), "nothing stands for it"
    twice = ended(refused, alert, again, over, books=b.ledger(documents=(b.invoice(), structs.replace(whole, id="8"))))
    both = structs.replace(twice, facts=(*twice.facts, delivered))
    assert any("further:invoice" in key for key in keys(both, b.record())), "it stands for nothing"


def test_a_document_stands_where_its_voiding_is_listed_and_alerted_by_its_id() -> None:
    """A further invoice of somebody else should have been voided; that it is there is told by an alert of its own."""
    source = "quickbooks:invoice:8"
    refused = structs.replace(LETTER, source=f"{source}:void", amount=b.usd("4410.50"))
    alert = structs.replace(ALERT, source=refused.source, amount=b.usd("4410.50"))
    second = structs.replace(alert, incident="second", source=source)
    theirs = b.invoice(id="8", number="HS-1", note="theirs", open=b.usd("4410.50"), status="open")
    void = structs.replace(theirs, total=b.usd("0.00"), open=b.usd("0.00"), status="void")
    clean = b.record(books=b.ledger(documents=(b.invoice(), void)))
    both = b.ledger(documents=(b.invoice(), theirs))
    assert keys(ended(refused, alert, second, books=both), clean) == []
    assert "F1:quickbooks:changed:invoice:theirs" in keys(ended(refused, books=both), clean), "nobody was alerted"
    of_another = structs.replace(second, source="quickbooks:invoice:1")
    assert any("left-open:alert" in key for key in keys(ended(refused, alert, of_another, books=both), clean))
    wrong = (structs.replace(each, source="quickbooks:invoice:1:void") for each in (refused, alert))
    assert "F1:quickbooks:changed:invoice:theirs" in keys(ended(*wrong, books=both), clean)


def test_what_waited_while_its_deal_was_changed_needs_no_credit_where_it_says_so_itself() -> None:
    refused = structs.replace(LETTER, at=b.at("2026-01-12"), source="hubspot:deal:D1:v1", amount=b.usd("4410.50"))
    alert = structs.replace(ALERT, source=refused.source, amount=refused.amount)
    again = structs.replace(refused, replayed_at=b.at("2026-01-20"))
    over = structs.replace(alert, cleared_at=b.at("2026-01-20"))
    memo = b.credit_memo(note="crm:deal:D1:v2 lines:L2")
    clean = b.record(books=b.ledger(documents=(b.invoice(open=b.usd("3910.50"), status="open"), memo)))
    changed = DealChanged(**b.mark(4, "deals.changed", "2026-01-19"), deal="D", deal_id="D1", lines=())

    def late(**invoice: Any) -> RunRecord:
        books = b.ledger(documents=(b.invoice(open=b.usd("4410.50"), status="open", **invoice),))
        record = ended(refused, alert, again, over, books=books)
        return structs.replace(record, facts=(*record.facts, changed))

    assert keys(late(net=b.usd("3600.00")), clean) == []
    assert any("missing:credit_memo" in key for key in keys(late(), clean)), "it was billed as if nothing had changed"
