"""F1 turns red for whatever a run with faults ends with otherwise, and for ids, numbers, instants and attempts never.

The plan loses one answer, which passes by itself; only where a fault does not pass may something be given up.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from msgspec import structs

from simharness.checks import State, business_state, converged, unexcused
from simharness.domain.bank import BankLine, BankSnapshot
from simharness.domain.books import Application, Transfer
from simharness.domain.evidence import Alert, DeadLetter, Reject
from simharness.domain.fact import StepImpossible
from simharness.domain.fault import Struck, parse_plan
from simharness.domain.finding import CheckResult, Finding, Judgement, Severity
from simharness.domain.gateway import Charge, GatewaySnapshot
from simharness.domain.operations import OperationsSnapshot, RaisedAlert
from simharness.domain.record import RunRecord
from tests.unit.checks import builders as b

PASSES = "reply_lost@quickbooks.saveInvoice#1"
STAYS = "forbidden@quickbooks.saveInvoice#1"


def struck(plan: str = PASSES, **changes: Any) -> RunRecord:
    """The run of a plan all of whose faults acted, with parts of its record replaced."""
    faults = parse_plan(plan)
    log = tuple(
        Struck(fault=fault, sequence=3, vendor="quickbooks", operation="saveInvoice") for fault in faults.faults
    )
    return b.record(**{"header": b.header(plan=faults), "fault_log": log, **changes})


def compared(plan: str = PASSES, **changes: Any) -> CheckResult:
    return converged(b.record(), struck(plan, **changes))


def messages(result: CheckResult) -> list[str]:
    return [finding.message for finding in result.findings]


def with_world(record: RunRecord, **changes: Any) -> RunRecord:
    *earlier, last = record.checkpoints
    world = structs.replace(last.world, **changes)
    return structs.replace(record, checkpoints=(*earlier, structs.replace(last, world=world)))


# --- what is no difference --------------------------------------------------------------------------------------------


def test_a_run_that_ends_alike_passes() -> None:
    result = compared()
    assert (result.judgement, result.reason) == (Judgement.PASSED, "")
    assert result.examined > 10


def test_ids_numbers_versions_instants_and_attempts_are_no_business() -> None:
    """After a repetition the ledger counts on: the invoice is 8 and 1007, and whatever names it does so too."""
    twin = b.ledger(
        parties=(b.party(id="p7", version="9", updated_by="somebody"),),
        documents=(b.invoice(id="8", number="1007", party="p7", version="3", created_at=b.at("2026-02-01")),),
        payments=(
            b.payment(
                id="9", party="p7", version="4", applications=(Application(document="8", amount=b.usd("1000.00")),)
            ),
        ),
        entries=(
            b.structs.replace(
                b.invoice_entry(), id="80", source_id="8", created_at=b.at("2026-02-01"),
                lines=(b.structs.replace(b.invoice_entry().lines[0], party="p7"), *b.invoice_entry().lines[1:]),
            ),
            b.structs.replace(
                b.payment_entry(), id="90", source_id="9",
                lines=(b.posting("a1150", "1000.00"), b.posting("a1100", "-1000.00", party="p7")),
            ),
        ),
    )  # fmt: skip
    again = tuple(structs.replace(row, attempts=4, at=b.at("2026-03-01")) for row in b.evidence())
    assert compared(books=twin, evidence=again).judgement is Judgement.PASSED
    assert business_state(struck(books=twin, evidence=again)).digest == business_state(b.record()).digest


def test_the_order_in_which_the_ledger_holds_things_does_not_count() -> None:
    twin = b.ledger(entries=(b.payment_entry(), b.invoice_entry()))
    assert compared(books=twin).judgement is Judgement.PASSED


def test_a_failure_that_was_made_good_leaves_nothing() -> None:
    failed = DeadLetter(at=b.at("2026-01-12"), source="hubspot:deal:D1:v1", reason="500", attempts=5)
    alert = Alert(at=b.at("2026-01-12"), incident="dead:D1", source="hubspot:deal:D1:v1", owner="finance", reason="500")
    over = structs.replace(alert, cleared_at=b.at("2026-01-13"))
    assert compared(evidence=(failed, alert, over, *b.evidence())).judgement is Judgement.PASSED


# --- what is one ------------------------------------------------------------------------------------------------------


def test_a_payment_that_is_lost() -> None:
    books = b.ledger(payments=(), entries=(b.invoice_entry(),))
    (lost,) = compared(books=books).findings
    assert (lost.key, lost.at_risk) == ("F1:quickbooks:missing:payment-payment:pay:charge:ch1", b.usd("1000.00"))
    assert (lost.expected.startswith("Globex, 2026-01-20, USD 1,000.00"), lost.actual) == (True, "nothing")


def test_an_invoice_that_is_there_twice() -> None:
    further = b.invoice(id="8", number="1007")
    (found,) = compared(books=b.ledger(documents=(b.invoice(), further))).findings
    assert found.message == ("the run with faults ends once more with a further invoice crm:deal:D1:v1 lines:L1,L2")
    assert (found.key.split(":")[2], found.at_risk) == ("further", b.usd("4410.50"))


LINE = b.invoice().lines[0]


@pytest.mark.parametrize(
    "books",
    [
        {"documents": (b.invoice(date=b.day("2026-01-13")),)},
        {"documents": (b.invoice(due=b.day("2026-02-12")),)},
        {"documents": (b.invoice(total=b.usd("4410.51")),)},
        {"documents": (b.invoice(tax=b.usd("310.51")),)},
        {"documents": (b.invoice(open=b.usd("4410.50"), status="open"),)},
        {"documents": (b.invoice(memo="thank you"),)},
        {"documents": (b.invoice(lines=(structs.replace(LINE, account="a4020"), b.invoice().lines[1])),)},
        {"documents": (b.invoice(lines=(structs.replace(LINE, cost_centre="CC-20"), b.invoice().lines[1])),)},
        {"documents": (b.invoice(lines=(structs.replace(LINE, quantity=Decimal(2)), b.invoice().lines[1])),)},
        {"documents": (b.invoice(taxes=b.tax_groups(city="49.51")),)},
        {"payments": (b.payment(unapplied=b.usd("1.00")),)},
        {"payments": (b.payment(applications=()),)},
        {"payments": (b.payment(account="a1000"),)},
        {"payments": (b.payment(deposited=True),)},
        {"parties": (b.party(balance=b.usd("1.00")),)},
        {"parties": (b.party(terms="Net 60"),)},
        {"entries": (b.structs.replace(b.invoice_entry(), date=b.day("2026-01-13")), b.payment_entry())},
        {"closed_until": b.day("2026-01-31")},
        {"transfers": (Transfer(id="5", date=b.day("2026-01-20"), source="a1150", target="a1000",
                                amount=b.usd("5.00"), note="pay:payout:po1"),)},
    ],
)  # fmt: skip
def test_another_day_amount_account_or_state(books: dict[str, Any]) -> None:
    (found,) = compared(books=b.ledger(**books)).findings
    assert found.severity is Severity.MONEY


def test_another_status_of_a_deal_another_metric_and_another_charge() -> None:
    (deal,) = compared(source=b.crm(billing_status="paid")).findings
    assert deal.message == "the run with faults ends with another deal D1"
    values = tuple(
        structs.replace(each, value=Decimal(1)) if each.metric == "billings" else each for each in b.metrics()
    )
    (metric,) = compared(bi=(b.reading(metrics=values),)).findings
    assert (metric.key, metric.expected, metric.actual) == (
        "F1:BI:changed:metric:billings 2026-01",
        "4100 USD",
        "1 USD",
    )
    charge = Charge(id="ch1", amount=b.usd("1000.00"), created_at=b.at("2026-01-20"))
    clean = with_world(b.record(), gateway=GatewaySnapshot(vendor="stripe", charges=(charge,)))
    given_back = structs.replace(charge, refunded=b.usd("1000.00"), created_at=b.at("2026-01-21"))
    ended = with_world(struck(), gateway=GatewaySnapshot(vendor="stripe", charges=(given_back,)))
    assert messages(converged(clean, ended)) == ["the run with faults ends with another charge ch1"]


def test_metrics_are_compared_only_where_both_runs_read_bi() -> None:
    assert compared(bi=()).judgement is Judgement.PASSED


def test_a_further_bank_line_and_an_alert_left_open_at_the_desk() -> None:
    line = BankLine(id="b1", account="a", amount=b.usd("5.00"), date=b.day("2026-01-20"), status="posted")
    alert = RaisedAlert(
        id="1", incident="x", raised_at=b.at("2026-01-20"), owner="finance", item="hubspot:deal:D1", text="late"
    )
    ended = with_world(
        struck(),
        bank=BankSnapshot(vendor="plaid", lines=(line,)),
        operations=OperationsSnapshot(vendor="alerts", alerts=(alert,)),
    )
    assert messages(converged(b.record(), ended)) == [
        "the run with faults ends with a further bank line b1",
        "the run with faults leaves alert x open",
    ]


def test_a_number_that_a_payer_says_is_that_of_the_invoice_of_the_run() -> None:
    clean, ended = b.record(), struck()
    assert clean.final is not None
    number = clean.final.world.ledgers[0].documents[0].number

    def paying(said: str) -> BankSnapshot:
        line = BankLine(
            id="b1", account="a", amount=b.usd("1007.00"), date=b.day("2026-01-20"), status="posted", reference=said
        )
        return BankSnapshot(vendor="plaid", lines=(line,))

    def charged(said: str) -> GatewaySnapshot:
        charge = Charge(
            id="ch1", amount=b.usd("1.00"), created_at=b.at("2026-01-20"), description=f"Invoice {said}",
            references=(("invoice_number", said),),
        )  # fmt: skip
        return GatewaySnapshot(vendor="stripe", charges=(charge,))

    renumbered = with_world(
        ended,
        ledgers=(b.ledger(documents=(b.invoice(number="1007"),)),),
        bank=paying("1007 600.00"),
        gateway=charged("1007"),
    )
    same = with_world(clean, bank=paying(f"{number} 600.00"), gateway=charged(number))
    assert messages(converged(same, renumbered)) == []
    other = with_world(same, bank=paying("9999 600.00"))
    assert messages(converged(other, renumbered)) == ["the run with faults ends with another bank line b1"]


def test_a_number_that_two_entities_use_is_that_of_the_entity_which_a_charge_names() -> None:
    charge = Charge(
        id="ch1", amount=b.usd("1.00"), created_at=b.at("2026-01-20"), description="Invoice 1001",
        references=(("entity", "west"), ("invoice_number", "1001")),
    )  # fmt: skip

    def said(east: str) -> str:
        west = b.ledger(entity="west", documents=(b.invoice(number="1001", note="crm:deal:D1:v1 lines:L1"),))
        other = b.ledger(entity="east", documents=(b.invoice(id="8", number=east, note="crm:deal:D2:v1 lines:L2"),))
        gateway = GatewaySnapshot(vendor="stripe", charges=(charge,))
        state = business_state(with_world(b.record(), ledgers=(west, other), gateway=gateway))
        return next(item.content for item in state.items if item.noun == "charge")

    assert "Invoice <invoice crm:deal:D1:v1 lines:L1>" in said("1001")
    assert said("1001") == said("2002")


# --- what was given up ------------------------------------------------------------------------------------------------

NOTHING = b.ledger(parties=(), documents=(), payments=(), entries=())
REJECT = Reject(
    at=b.at("2026-01-12"), source="hubspot:deal:D1:v1", code="403", reason="no right", amount=b.usd("4410.50")
)
ALERT = Alert(
    at=b.at("2026-01-12"), incident="reject:hubspot:deal:D1:v1", source="hubspot:deal:D1:v1", owner="finance",
    reason="no right", amount=b.usd("4410.50"),
)  # fmt: skip
#: What follows from the lack of the invoice: nobody can pay it.
IMPOSSIBLE = StepImpossible(**b.mark(5, "payments.customer_pays", "2026-01-20"), what="the ledger has none")


def billed_only() -> RunRecord:
    """The clean run of a story in which nothing but the invoice is written."""
    books = b.ledger(payments=(), entries=(b.invoice_entry(),))
    return b.record(books=books, evidence=b.evidence()[:1], bi=())


def given_up(*evidence: Any, plan: str = STAYS, books: Any = NOTHING) -> RunRecord:
    return struck(plan, books=books, evidence=evidence, source=b.crm(billing_status="", outstanding=None), bi=())


def test_what_cannot_succeed_may_be_given_up_if_it_is_listed_and_alerted() -> None:
    result = converged(billed_only(), given_up(REJECT, ALERT))
    assert (result.judgement, result.findings) == (Judgement.PASSED, ())
    assert result.reason == "given up, listed and alerted: hubspot:deal:D1:v1"


def test_a_dead_letter_lists_as_well_as_a_reject() -> None:
    letter = DeadLetter(
        at=b.at("2026-01-12"), source="hubspot:deal:D1:v1", reason="no right", attempts=1, amount=b.usd("4410.50")
    )
    assert converged(billed_only(), given_up(letter, ALERT)).judgement is Judgement.PASSED


def test_what_is_missing_and_not_listed_is_lost_whatever_the_fault() -> None:
    found = converged(billed_only(), given_up()).findings
    assert "the run with faults ends without invoice crm:deal:D1:v1 lines:L1,L2" in [each.message for each in found]


def test_who_gives_up_must_alert_somebody_and_name_the_amount() -> None:
    (untold,) = {each.actual for each in converged(billed_only(), given_up(REJECT)).findings if "untold" in each.key}
    assert untold == "no open alert names it"
    silent = structs.replace(ALERT, amount=None)
    told = {each.actual for each in converged(billed_only(), given_up(REJECT, silent)).findings}
    assert told == {"the open alert names no amount"}
    cleared = structs.replace(ALERT, cleared_at=b.at("2026-01-13"))
    assert converged(billed_only(), given_up(REJECT, ALERT, cleared)).judgement is Judgement.FOUND


def test_a_fault_that_passes_is_no_reason_to_give_up() -> None:
    found = converged(billed_only(), given_up(REJECT, ALERT, plan=PASSES)).findings
    assert "hubspot:deal:D1:v1 was given up, though the fault passed by itself" in [each.message for each in found]
    again = PASSES.replace("reply_lost", "reply_lost*9")
    assert converged(billed_only(), given_up(REJECT, ALERT, plan=again)).judgement is Judgement.PASSED


def test_what_was_given_up_must_not_be_half_written() -> None:
    credit = "crm:deal:D1:v2"
    link = b.payment(id="4", amount=b.usd("0.00"), note=f"{credit} lines:L2 applied", applications=())
    memo = b.credit_memo(note=f"{credit} lines:L2")
    clean = b.record(books=b.ledger(documents=(b.invoice(), memo), payments=(b.payment(), link)))
    listed = structs.replace(REJECT, source="hubspot:deal:D1:v2"), structs.replace(ALERT, source="hubspot:deal:D1:v2")
    half = b.ledger(documents=(b.invoice(), memo))
    (found,) = converged(clean, struck(STAYS, books=half, evidence=(*b.evidence(), *listed))).findings
    assert found.message == (
        "hubspot:deal:D1:v2 was given up half-written: payment crm:deal:D1:v2 lines:L2 applied is missing"
    )
    whole = converged(clean, struck(STAYS, evidence=(*b.evidence(), *listed)))
    assert whole.judgement is Judgement.PASSED


def test_what_was_given_up_and_is_there_in_another_form_is_half_written() -> None:
    further = b.ledger(
        documents=(b.invoice(note="crm:deal:D1:v1 lines:L1", total=b.usd("3861.00")),), payments=(), entries=()
    )
    found = converged(billed_only(), given_up(REJECT, ALERT, books=further)).findings
    assert any("half-written" in each.key for each in found)


def test_an_alert_about_something_else_is_not_excused_by_what_was_given_up() -> None:
    other = structs.replace(ALERT, incident="feed", source="stripe:charge:ch9")
    assert messages(converged(billed_only(), given_up(REJECT, ALERT, other))) == [
        "the run with faults leaves alert feed open"
    ]


def test_where_a_story_goes_another_way_what_it_did_there_is_no_lack() -> None:
    """Nobody can pay an invoice that is not there: charge and payment are missing with it, and listed nowhere."""
    charge = Charge(id="ch1", amount=b.usd("1000.00"), created_at=b.at("2026-01-20"))
    clean = with_world(b.record(bi=()), gateway=GatewaySnapshot(vendor="stripe", charges=(charge,)))
    ended = with_world(given_up(REJECT, ALERT), gateway=GatewaySnapshot(vendor="stripe"))
    assert {each.key.split(":")[3] for each in converged(clean, ended).findings} >= {"charge", "payment-payment"}
    happened = (*b.facts()[:4], IMPOSSIBLE, b.facts()[5])
    assert not messages(converged(clean, structs.replace(ended, facts=happened)))


def test_findings_that_only_say_again_what_was_given_up_are_excused_and_no_others() -> None:
    def finding(check: str, key: str, *objects: str) -> Finding:
        return Finding(check=check, severity=Severity.MONEY, key=key, message="", objects=objects)

    again = (
        finding("R1", "R1:missing-right:x", "hubspot:deal:D1:v1"),
        finding("V9", "V9:party", "quickbooks:customer:1 (Globex)"),
        finding("V23", "V23:billings"),
        finding("V20", "V20:documents"),
        finding("invoicing.invoice_is", "x"),
    )
    others = (
        finding("V1", "V1:entry:7"),
        finding("C4", "C4:hubspot:deal:D1:v1:untold", "hubspot:deal:D1:v1"),
        finding("middleware.connector_finishes", "x"),
    )
    rejected = given_up(REJECT, ALERT)
    assert unexcused(billed_only(), rejected, (*again, *others)) == others
    lost = given_up()
    assert unexcused(billed_only(), lost, (*again, *others)) == (*again, *others)


def test_another_charge_of_a_story_that_went_another_way_may_be_given_up_too() -> None:
    """The customer is not there: what was paid with a reference is not, and what is paid without one is refused."""
    charge = Charge(id="ch1", amount=b.usd("1000.00"), created_at=b.at("2026-01-20"))
    clean = with_world(b.record(bi=()), gateway=GatewaySnapshot(vendor="stripe", charges=(charge,)))
    happened = (*b.facts()[:4], IMPOSSIBLE, b.facts()[5])
    nobodys = structs.replace(REJECT, source="stripe:charge:ch1", amount=b.usd("1000.00"))
    told = structs.replace(ALERT, source="stripe:charge:ch1", incident="reject:stripe:charge:ch1")
    other = GatewaySnapshot(vendor="stripe", charges=(structs.replace(charge, description="nothing named"),))

    def ended(*evidence: Any) -> RunRecord:
        return structs.replace(with_world(given_up(REJECT, ALERT, *evidence), gateway=other), facts=happened)

    assert not messages(converged(clean, ended(nobodys, told)))
    assert "the run with faults leaves reject stripe:charge:ch1 open" in messages(converged(clean, ended(nobodys)))


def test_what_is_needed_may_be_given_up_only_with_what_needs_it() -> None:
    item = DeadLetter(at=b.at("2026-01-12"), source="mapping:item:Deposit", reason="no right", attempts=1)
    told = structs.replace(ALERT, source=item.source, incident=f"posting:{item.source}", amount=None)
    assert converged(billed_only(), given_up(REJECT, ALERT, item, told)).judgement is Judgement.PASSED
    assert "the run with faults leaves dead letter mapping:item:Deposit open" in messages(
        converged(billed_only(), given_up(REJECT, ALERT, item))
    )
    assert converged(b.record(), struck(STAYS, evidence=(*b.evidence(), item, told))).judgement is Judgement.FOUND


def write_back(*evidence: Any, plan: str = STAYS, **changes: Any) -> RunRecord:
    """Everything is posted, and the deal still shows nothing of it."""
    stale = b.crm(billing_status="", outstanding=None)
    return struck(plan, source=stale, evidence=(*b.evidence(), *evidence), **changes)


SHOWN = "hubspot:deal:D1:status"
UNSHOWN = (
    structs.replace(REJECT, source=SHOWN), structs.replace(ALERT, source=SHOWN, incident=f"reject:{SHOWN}"),
)  # fmt: skip


def test_what_a_record_shows_may_be_given_up_if_it_is_listed_and_alerted() -> None:
    result = converged(b.record(), write_back(*UNSHOWN))
    assert (result.judgement, result.reason) == (Judgement.PASSED, f"given up, listed and alerted: {SHOWN}")
    another = "the run with faults ends with another deal D1"
    assert messages(converged(b.record(), write_back())) == [another]
    assert messages(converged(b.record(), write_back(UNSHOWN[0])))[0] == another
    assert another in messages(converged(b.record(), write_back(*UNSHOWN, plan=PASSES)))


def test_that_a_record_does_not_show_it_excuses_no_lack_in_the_books() -> None:
    unpaid = write_back(*UNSHOWN, books=b.ledger(payments=(), entries=(b.invoice_entry(),)))
    assert "the run with faults ends without payment pay:charge:ch1" in messages(converged(b.record(), unpaid))
    unbilled = write_back(*UNSHOWN, books=NOTHING)
    told = messages(converged(billed_only(), structs.replace(unbilled, bi=())))
    assert "the run with faults ends without invoice crm:deal:D1:v1 lines:L1,L2" in told


def test_that_a_record_does_not_show_it_excuses_only_findings_that_name_the_record() -> None:
    def finding(check: str, *objects: str) -> Finding:
        return Finding(check=check, severity=Severity.MONEY, key=check, message="", objects=objects)

    names = finding("R1", "hubspot:deal:D1"), finding("crm.deal_shows", "hubspot:deal:D1")
    names += (finding("middleware.open_alerts"),)  # nobody is told of it but by an alert
    others = finding("ledger.balances"), finding("V23"), finding("V9", "quickbooks:account:2100")
    assert unexcused(b.record(), write_back(*UNSHOWN), (*names, *others)) == others
    assert unexcused(b.record(), write_back(), names) == names


# --- what cannot be judged --------------------------------------------------------------------------------------------


def test_a_plan_that_never_struck_is_not_exercised() -> None:
    result = compared(fault_log=())
    assert (result.judgement, result.reason) == (
        Judgement.NOT_EXERCISED, "nothing was met by reply_lost@quickbooks.saveInvoice#1",
    )  # fmt: skip


def test_what_a_fault_of_deliveries_would_have_needed_is_told() -> None:
    told = compared("webhook_reorder@stripe#1", fault_log=()).reason
    assert told.startswith("nothing was met by webhook_reorder@stripe#1; it takes two deliveries")


def test_a_plan_of_which_only_a_part_struck_is_not_exercised() -> None:
    plan = f"{PASSES} + crash_after@#99"
    log = struck(plan).fault_log[:1]
    assert compared(plan, fault_log=log).reason == "nothing was met by crash_after@#99"


def test_a_difference_is_told_even_where_the_plan_did_not_strike() -> None:
    assert compared(fault_log=(), books=NOTHING).judgement is Judgement.FOUND


def test_a_run_that_reached_no_checkpoint_is_not_judged() -> None:
    assert compared(checkpoints=()).judgement is Judgement.NOT_APPLICABLE


def test_a_state_stands_for_the_record_that_it_was_made_of() -> None:
    clean = business_state(b.record())
    for ended in (struck(), struck(books=NOTHING)):
        assert converged(clean, ended) == converged(b.record(), ended)
    assert business_state(b.record(checkpoints=())) == State()
