"""What hangs on something that was given up is other for it, in what later events make of it, and nothing else is.

A wire of 1,000.00 pays invoice 1001 of Globex; its payment waits in undeposited funds until the deposit of the bank
line holds it. Each of the two may be refused for good.
"""

from __future__ import annotations

from typing import Any

import pytest
from msgspec import structs

from simharness.checks import converged, unexcused
from simharness.domain.bank import BankLine, BankSnapshot
from simharness.domain.books import Application, Deposit, DepositLine, LedgerSnapshot
from simharness.domain.connector import ReferenceRule
from simharness.domain.evidence import Alert, DeadLetter
from simharness.domain.fact import StepImpossible
from simharness.domain.fault import Struck, parse_plan
from simharness.domain.finding import Finding, Judgement, Severity
from simharness.domain.record import RunRecord
from tests.unit.checks import builders as b
from tests.unit.checks.company import CONNECTOR

PLAN = parse_plan("forbidden@quickbooks.savePayment#1")
LINE = "plaid:bank_line:B1"
PAYMENT = f"{LINE}:payment:7"
NAMED = ReferenceRule(noun="bank_line", field="note", pattern=r"^plaid:bank_line:(?P<id>\w+)(?::(?P<state>\S+))?$")
OPEN = b.invoice(open=b.usd("4410.50"), status="open")


def wired(**changes: Any) -> Any:
    return b.payment(account="a1200", note=PAYMENT, **changes)


def books(*, payment: bool = True, deposit: bool = True, **changes: Any) -> LedgerSnapshot:
    line = DepositLine(amount=b.usd("1000.00"), payment="2")
    held = Deposit(id="5", date=b.day("2026-01-20"), account="a1000", total=b.usd("1000.00"), lines=(line,), note=LINE)
    given: dict[str, Any] = {
        "parties": (b.party(balance=b.usd("3410.50" if payment else "4410.50")),),
        "documents": (b.invoice() if payment else OPEN,),
        "payments": (wired(deposited=deposit),) if payment else (),
        "deposits": (held,) if deposit else (),
        "entries": (),
    }
    return b.ledger(**(given | changes))


def run(ledger: LedgerSnapshot, *evidence: Any, struck: bool = False) -> RunRecord:
    connector = structs.replace(CONNECTOR, references=(*CONNECTOR.references, NAMED))
    log = tuple(Struck(fault=each, sequence=3, vendor="quickbooks", operation="savePayment") for each in PLAN.faults)
    faults = {"header": b.header(plan=PLAN, connector=connector), "fault_log": log}
    return b.record(
        books=ledger, evidence=evidence, bi=(), **(faults if struck else {"header": b.header(connector=connector)})
    )


def ended(ledger: LedgerSnapshot, listed: str, *more: Any) -> RunRecord:
    """The run with a refusal that is listed and alerted."""
    at, amount = b.at("2026-01-20"), b.usd("1000.00")
    letter = DeadLetter(at=at, source=listed, reason="403", attempts=1, amount=amount)
    alert = Alert(at=at, incident="x", source=listed, owner="finance", reason="403", amount=amount)
    return run(ledger, *more, letter, alert, struck=True)


def told(faulted: RunRecord) -> list[str]:
    return [each.message for each in converged(run(books()), faulted).findings]


def finding(*objects: str) -> Finding:
    return Finding(check="V8", severity=Severity.MONEY, key="V8:x", message="", objects=objects)


def test_invoice_and_customer_stay_open_where_the_payment_was_given_up() -> None:
    faulted = ended(books(payment=False, deposit=False), PAYMENT)
    assert told(faulted) == []
    hers, anothers = finding("quickbooks:invoice:1 (1001)"), finding("quickbooks:invoice:9 (1009)")
    assert unexcused(run(books()), faulted, (hers, anothers)) == (anothers,)


@pytest.mark.parametrize(
    ("changes", "what"),
    [
        ({"documents": (structs.replace(OPEN, memo="thank you"),)}, "invoice crm:deal:D1:v1 lines:L1,L2"),
        ({"parties": (b.party(balance=b.usd("4410.50"), terms="Net 60"),)}, "customer Globex"),
    ],
)
def test_what_is_written_once_does_not_hang_on_a_payment(changes: dict[str, Any], what: str) -> None:
    faulted = ended(books(payment=False, deposit=False, **changes), PAYMENT)
    assert told(faulted) == [f"the run with faults ends with another {what}"]


def test_a_payment_waits_where_its_deposit_was_given_up() -> None:
    logged = b.log(PAYMENT, "quickbooks:payment:2", "1000.00", "k")
    faulted = ended(books(deposit=False), LINE, logged)
    assert told(faulted) == []
    assert unexcused(run(books()), faulted, (finding("quickbooks:payment:2"),)) == ()


def test_a_payment_that_nobody_tells_of_is_half_of_the_line_that_was_given_up() -> None:
    assert f"{LINE} was given up half-written: deposit {LINE} is missing" in told(ended(books(deposit=False), LINE))


def test_an_invoice_that_the_deposit_does_not_touch_does_not_stay_open_for_it() -> None:
    """Only the deposit was given up: the payment is there, so what it settles is settled."""
    logged = b.log(PAYMENT, "quickbooks:payment:2", "1000.00", "k")
    idle = wired(applications=(), unapplied=b.usd("1000.00"))
    faulted = ended(books(deposit=False, documents=(OPEN,), payments=(idle,)), LINE, logged)
    assert "the run with faults ends with another invoice crm:deal:D1:v1 lines:L1,L2" in told(faulted)


def test_a_later_part_that_was_given_up_leaves_its_item_as_it_stood() -> None:
    """The payment was not moved to what was opened again: it still settles the invoice."""
    moved = books(documents=(OPEN,), payments=(wired(applications=(), unapplied=b.usd("1000.00"), deposited=True),))
    clean, faulted = run(moved), ended(books(), f"{PAYMENT}:moved")
    result = converged(clean, faulted)
    assert (result.findings, result.judgement) == ((), Judgement.PASSED)
    assert result.reason == f"given up, listed and alerted: {PAYMENT}:moved"
    unlisted = run(books(), struck=True)
    assert converged(clean, unlisted).judgement is Judgement.FOUND


def test_what_the_story_could_not_do_leaves_its_payments_as_they_are() -> None:
    """The invoice of another customer was refused: no cheque of hers came, and so the bank took none of them in."""
    hers = b.invoice(
        id="9", number="1009", party="p9", note="crm:deal:D9:v1 lines:L9", open=b.usd("4410.50"), status="open"
    )
    parties = (b.party(balance=b.usd("3410.50")), b.party(id="p9", name="Initech", note="crm:company:C9"))
    cheque = structs.replace(wired(deposited=True), note="", reference="1041")
    waits = structs.replace(cheque, deposited=False)
    clean = run(books(parties=parties, documents=(b.invoice(), hers), payments=(cheque,)))
    left = ended(books(parties=parties, deposit=False, payments=(waits,)), "hubspot:deal:D9:v1")
    line = BankLine(id="B1", account="k", amount=b.usd("1000.00"), date=b.day("2026-01-20"), status="posted")
    clean, left = (
        with_bank(each, BankSnapshot(vendor="plaid", lines=lines)) for each, lines in ((clean, (line,)), (left, ()))
    )
    assert {each.key.split(":")[3] for each in converged(clean, left).findings} >= {"payment", "deposit-bank_line"}
    hindered = StepImpossible(**b.mark(5, "bank.cheques_deposited", "2026-01-20"), what="the cheque was never taken")
    assert converged(clean, structs.replace(left, facts=(*left.facts, hindered))).findings == ()


def test_what_comes_later_of_a_source_hangs_on_its_part() -> None:
    """The write-off was never applied, so nothing of it is taken back when the invoice is paid after all."""
    pattern = r"^write_off:(?P<id>\w+):(?P<version>\d+)(?::(?P<state>applied|recovered))?$"
    told_of = ReferenceRule(noun="write_off", field="note", pattern=pattern)
    lines = (b.posting("a1100", "50.00", party="p1"), b.posting("a4020", "-50.00"))
    back = b.entry("journal", "30", "2026-01-27", *lines, note="write_off:W1:1:recovered")
    link = b.payment(id="31", amount=b.usd("0.00"), applications=(), note="write_off:W1:1:applied")
    clean = run(books(entries=(back,), payments=(wired(deposited=True), link)))
    connector = structs.replace(CONNECTOR, references=(*CONNECTOR.references, NAMED, told_of))

    def with_rule(record: RunRecord) -> RunRecord:
        return structs.replace(record, header=structs.replace(record.header, connector=connector))

    part = with_rule(ended(books(), "write_off:W1:1:applied"))
    assert [each.message for each in converged(with_rule(clean), part).findings] == []
    another = with_rule(ended(books(), "write_off:W2:1:applied"))
    left = [each.message for each in converged(with_rule(clean), another).findings]
    assert "the run with faults ends without journal write_off:W1:1:recovered" in left


def test_what_a_payment_posts_is_the_ledgers_own() -> None:
    """Beside a payment that was given up, another one settles what is left: a cent of the exchange falls elsewhere."""
    other = structs.replace(wired(id="20", applications=(), unapplied=b.usd("1000.00")), note="pay:charge:ch7")
    posts = [
        b.entry("payment", "20", "2026-01-27", b.posting("a1150", gross), b.posting("a1100", f"-{gross}", party="p1"))
        for gross in ("1000.00", "1000.01")
    ]
    clean = run(books(payments=(wired(deposited=True), other), entries=(posts[0],)))
    lost = books(payment=False, deposit=False, payments=(other,), entries=(posts[1],))
    assert converged(clean, ended(lost, PAYMENT)).findings == ()
    kept = run(books(payments=(wired(deposited=True), other), entries=(posts[1],)), struck=True)
    assert [each.message for each in converged(clean, kept).findings] == [
        "the run with faults ends with another entry of payment pay:charge:ch7"
    ]


def with_bank(record: RunRecord, bank: BankSnapshot) -> RunRecord:
    *earlier, last = record.checkpoints
    world = structs.replace(last.world, bank=bank)
    return structs.replace(record, checkpoints=(*earlier, structs.replace(last, world=world)))


def test_a_credit_settles_what_a_payment_that_was_given_up_left_open() -> None:
    """The credit went to the second invoice, since the first was paid; without the payment it goes to the first."""
    second = b.invoice(id="8", number="1007", note="crm:deal:D1:v2 lines:L3")

    def linked(document: str, *, payment: bool) -> LedgerSnapshot:
        credited = Application(document=document, amount=b.usd("100.00"))
        link = b.payment(id="9", amount=b.usd("0.00"), note="crm:deal:D1:v3 applied", applications=(credited,))
        whole = books(payment=payment, deposit=payment, documents=(b.invoice() if payment else OPEN, second))
        return structs.replace(whole, payments=(*whole.payments, link))

    clean = run(linked("8", payment=True))
    assert converged(clean, ended(linked("1", payment=False), PAYMENT)).judgement is Judgement.PASSED
    (other,) = converged(run(linked("1", payment=True)), ended(linked("8", payment=False), PAYMENT)).findings
    assert other.message == "the run with faults ends with another payment crm:deal:D1:v3 applied"
