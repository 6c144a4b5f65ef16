"""V28 turns red where the liability for deposits does not hold what is left of them; R1, R2 and V5 see the invoice."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec import structs

from simharness.domain.connector import ReferenceRule
from simharness.domain.dictionary import AccountSpec
from simharness.domain.finding import Judgement
from simharness.domain.record import RunRecord
from tests.unit.checks import builders as b
from tests.unit.checks.company import CONNECTOR, dictionary

ACCOUNT = AccountSpec(number="2310", name="Customer deposits", kind="current_liability", role="deposits")
RULE = ReferenceRule(noun="deposit", field="note", pattern=r"^crm:deal:(?P<id>\w+):deposit$")
#: Globex pays 900.00 of its 4,100.00 in advance; nothing is taxed before the sale.
TOLD = (b.entered(), b.deal_entered(deposit_amount=b.usd("900.00")), b.won(), b.rest(4, "2026-01-12"))


def deposit(**changes: Any) -> Any:
    line = b.document_line("1", "Customer deposit", "900.00", "a2310", tax_code="NON", taxable=False, cost_centre="")
    given = {"lines": (line,), "taxes": (), "net": b.usd("900.00"), "tax": b.usd("0.00"), "total": b.usd("900.00")}
    given |= {"open": b.usd("900.00"), "status": "open", "note": "crm:deal:D1:deposit", "tax_code": ""}
    return b.invoice(**(given | changes))


def posted(account: str = "a2310", amount: str = "900.00") -> Any:
    lines = (b.posting("a1100", amount, party="p1"), b.posting(account, f"-{amount}", location="SF"))
    return b.entry("invoice", "1", "2026-01-12", *lines)


def story(*entries: Any, document: Any = None, status: str = "deposit invoiced", **more: Any) -> RunRecord:
    base = b.ledger()
    account = structs.replace(base.accounts[0], id="a2310", number="2310", name=ACCOUNT.name, kind=ACCOUNT.kind)
    books = structs.replace(
        base,
        accounts=(*base.accounts, account),
        documents=(document or deposit(),),
        payments=(),
        entries=entries or (posted(),),
        parties=(b.party(balance=b.usd("900.00")),),
    )
    known = dictionary()
    header = b.header(
        dictionary=structs.replace(known, accounts=(*known.accounts, ACCOUNT)),
        connector=structs.replace(CONNECTOR, references=(RULE, *CONNECTOR.references)),
    )
    source = b.crm(billing_status=status, outstanding=b.usd("900.00"))
    return b.record(told=TOLD, books=books, source=source, header=header, **more)


@pytest.mark.parametrize("check", ["V2", "V5", "V6", "V7", "V13", "V28", "R1", "R2"])
def test_a_deposit_that_is_booked_as_it_should_be_passes(check: str) -> None:
    assert b.passes(check, story())


def test_a_deposit_on_revenue_is_found_on_its_account_and_on_the_liability() -> None:
    line = structs.replace(deposit().lines[0], account="a4010")
    wrong = story(posted("a4010"), document=deposit(lines=(line,)))
    found = b.the_finding("V28", wrong)
    assert found.expected.startswith("USD 900.00 left: asked USD 900.00, taken off USD 0.00, given back USD 0.00")
    assert found.actual == "USD 0.00 left"
    assert b.result("R2", wrong).judgement is Judgement.FOUND


def test_a_deposit_of_another_amount_is_found() -> None:
    assert b.the_finding("V28", story(posted(amount="800.00"))).actual == "USD 800.00 left"
    line = structs.replace(deposit().lines[0], amount=b.usd("800.00"))
    other = deposit(lines=(line,), net=b.usd("800.00"), total=b.usd("800.00"), open=b.usd("800.00"))
    found = b.the_finding("V5", story(posted(amount="800.00"), document=other))
    assert found.message.startswith("the deposit of deal 'Rollout'")


def test_a_posting_on_the_liability_that_no_deposit_explains_is_found() -> None:
    lines = (b.posting("a1150", "5.00"), b.posting("a2310", "-5.00"))
    found = b.the_finding("V28", story(posted(), b.entry("journal", "9", "2026-01-12", *lines)))
    assert found.actual == "USD 5.00"


def test_a_second_deposit_invoice_is_one_too_many() -> None:
    base = story()
    world = base.checkpoints[-1].world
    books = structs.replace(world.ledgers[0], documents=(deposit(), deposit(id="5", number="1002")))
    again = structs.replace(base.checkpoints[-1], world=structs.replace(world, ledgers=(books,)))
    found = b.the_finding("V2", structs.replace(base, checkpoints=(again,)))
    assert "second invoice" in found.message


@pytest.mark.parametrize("status", ["invoiced", "paid", "deposit paid", ""])
def test_a_deal_whose_deposit_alone_is_billed_says_so(status: str) -> None:
    assert b.the_finding("R1", story(status=status)).actual.endswith(": deposit invoiced")


def test_a_chart_without_an_account_of_deposits_asks_nothing() -> None:
    assert b.result("V28", b.record()).judgement is Judgement.NOT_APPLICABLE
