"""A connector that is wrong in one way is found by the check whose statement it breaks, over the whole way.

The story claims next to nothing, so it is the checks that see. The sound connector has no finding.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from msgspec import structs

from simharness.checks import judge
from simharness.core.content import content_folder
from simharness.core.money import Money
from simharness.domain.exchange import Delivery, DeliveryKind
from simharness.domain.played import Played
from simharness.domain.record import RunRecord
from tests.functional.broken.attached import found, setting, told

STORY = Path(__file__).with_name("story.yaml")
#: The same for books whose ledger calculates tax.
AUTOMATED = Path(__file__).with_name("automated.yaml")
#: Money that comes and goes: gateway, bank, credits and a closed month.
MONEY = Path(__file__).with_name("money.yaml")
#: Two customers, and money that goes back to each.
NEIGHBOURS = Path(__file__).with_name("neighbours.yaml")
#: A wire with its discount, a cheque, a loss, and what nobody can explain.
PLACES = Path(__file__).with_name("places.yaml")
#: A customer who is billed in a foreign currency.
ABROAD = Path(__file__).with_name("abroad.yaml")
#: A customer in two currencies, and foreign money that gateway and bank change.
EXCHANGE = Path(__file__).with_name("exchange.yaml")
#: A credit that was told for another customer than the one that was billed.
STRANGERS = content_folder("scenarios") / "refusals" / "credit_of_another_customer.yaml"
#: A bank account in euro beside the one in dollars.
EURO_ACCOUNT = content_folder("scenarios") / "currencies" / "euro_account.yaml"


def played(folder: Path, fault: str, path: Path = STORY) -> Played:
    """A story against the reference connector with a fault."""
    return told(path, setting(folder, "connectors:build", fault))


@pytest.mark.parametrize(
    "path",
    [STORY, AUTOMATED, MONEY, NEIGHBOURS, PLACES, ABROAD],
    ids=[
        "the connector calculates tax",
        "the ledger does",
        "money comes and goes",
        "two customers",
        "every purpose",
        "two currencies",
    ],
)
def test_the_sound_connector_has_no_finding(tmp_path: Path, path: Path) -> None:
    assert found(played(tmp_path, "none", path)) == set()


def test_an_estimate_is_sent_and_the_ledgers_own_tax_stands(tmp_path: Path) -> None:
    run = played(tmp_path, "none", AUTOMATED)
    sent = [each.request.body for each in run.record.exchanges if each.request.path.endswith("/invoice")]
    # 1,000.00 x 7.25 % = 72.50, x 1.25 % = 12.50: the connector's table; the city takes 1.375 % = 13.75
    assert [b'"TotalTax":85.00' in body for body in sent] == [True]
    ledger = run.record.checkpoints[-1].world.ledger()
    assert ledger is not None
    assert [(each.tax_overridden, str(each.tax)) for each in ledger.documents] == [(True, "USD 86.25")]


def test_an_estimate_told_to_sales_is_found(tmp_path: Path) -> None:
    run = played(tmp_path, "tells its own estimate of the tax", AUTOMATED)
    (finding,) = [finding for result in run.results for finding in result.findings]
    assert finding.check == "R1"
    assert "shows USD 1,085.00, its invoices have USD 1,086.25 open" in finding.message


@pytest.mark.parametrize(
    ("fault", "checks"),
    [
        ("posts an invoice twice", {"V2", "V23"}),
        ("posts a payment twice", {"V2", "R3"}),
        ("posts without a key", {"C1"}),
        ("phones home", {"C9"}),
        ("calls what no contract knows", {"C11"}),
        ("writes into a field of the CRM", {"C6"}),
        ("empties a field of the ledger", {"V26"}),
        ("bills a cent more", {"V5", "V6", "V23"}),
        ("dates an invoice a day late", {"V13"}),
        ("drops the cost centre", {"V21"}),
        ("bills another product", {"V27"}),
        ("leaves no reference", {"R1", "V20"}),
        ("leaves no reason for an exemption", {"V7"}),
        ("numbers invoices itself", {"V25"}),
        ("names another deal", {"R1"}),
        ("books a cent less than was paid", {"V20"}),
        ("applies no payment", {"V8"}),
        ("dies in the middle of its work", {"middleware.connector_finishes"}),
        ("dies when its feeds are read anew", {"V3"}),
        ("hides a row of its log", {"C5"}),
        ("publishes an invoice a cent short", {"R8"}),
        ("loses a journal line on the way to BI", {"R8", "V23"}),
        ("publishes revenue on another cost centre", {"V23"}),
    ],
)
def test_a_broken_connector_is_found_by_the_check_it_breaks(tmp_path: Path, fault: str, checks: set[str]) -> None:
    run = played(tmp_path, fault)
    assert checks <= found(run), [(f.check, f.message) for r in run.results for f in r.findings]


def test_a_connector_that_does_nothing_is_blamed_for_what_is_missing_and_for_no_act_of_others(tmp_path: Path) -> None:
    run = played(tmp_path, "does nothing")
    assert {"V5", "R1"} <= found(run)
    assert not found(run) & {"C1", "C5", "C6", "C9", "C11", "V26"}


@pytest.mark.parametrize(
    ("fault", "checks"),
    [
        ("books a fee a cent too high", {"V10", "V20", "R3"}),
        ("books a fee twice", {"V2", "V10", "R3"}),
        ("names no source of a fee", {"R3", "V20"}),
        ("books a dispute the wrong way round", {"V10", "R3"}),
        ("books a refund twice", {"V2", "V10", "V20", "R3"}),
        ("refunds at a blended rate", {"V6", "V16"}),
        ("refunds without cost centre", {"V16"}),
        ("dates a refund a day late", {"R3"}),
        ("credits without cost centre", {"V16"}),
        ("credits a cent more", {"V6", "V20", "V23"}),
        ("dates a credit a day late", {"V13"}),
        ("credits another product", {"V16"}),
        ("refunds another product", {"V16"}),
        ("books a payout a cent too high", {"V10", "V11", "R3"}),
        ("books a payout twice", {"V2", "V10", "V11", "R3"}),
        ("takes a payout out of clearing twice", {"V10", "V11", "R4"}),
        ("books a stranger's money twice", {"V2", "V20", "R4"}),
        ("names no bank line", {"V20", "R4"}),
        ("alerts nobody", {"C4"}),
        ("alerts without the amount", {"C4"}),
    ],
)
def test_broken_money_is_found_by_the_check_it_breaks(tmp_path: Path, fault: str, checks: set[str]) -> None:
    run = played(tmp_path, fault, MONEY)
    assert checks <= found(run), [(f.check, f.message) for r in run.results for f in r.findings]


@pytest.mark.parametrize(
    ("fault", "checks"),
    [
        ("dates a loss a day late", {"V13"}),
        ("dates a wire a day late", {"V13"}),
        ("applies credits a day late", {"V13"}),
        ("names no source of a wire", {"V20"}),
        ("dates a settlement discount a day late", {"V13"}),
        ("grants a cent more", {"V6"}),
    ],
)
def test_what_follows_from_a_source_bears_its_day_and_its_amount(tmp_path: Path, fault: str, checks: set[str]) -> None:
    run = played(tmp_path, fault, PLACES)
    assert checks <= found(run), [(f.check, f.message) for r in run.results for f in r.findings]


@pytest.mark.parametrize(
    ("fault", "checks"),
    [
        ("none", set()),
        ("takes charges at the ledger's rate of the day", {"V10", "V17", "R3"}),
        ("takes wires at the ledger's rate of the day", {"V17"}),
        ("credits at the ledger's rate of the day", {"V16"}),
        ("refunds at the gateway's rate of the day", {"V10", "V16", "R3"}),
        ("posts what an exchange brought to revenue", {"R3"}),
        ("forgets what the exchange of a refund brought", {"V10", "V20", "R3"}),
        ("bills euro on the record in dollars", {"V5", "R1"}),
        ("bills euro as dollars", {"R1"}),
        ("makes the record in euro twice", {"V27"}),
    ],
)
def test_foreign_money_at_another_worth_is_found(tmp_path: Path, fault: str, checks: set[str]) -> None:
    run = played(tmp_path, fault, EXCHANGE)
    assert checks <= found(run), [(f.check, f.message) for r in run.results for f in r.findings]
    assert checks or not found(run)


@pytest.mark.parametrize(
    "fault",
    [
        "gives a sale back to another customer",
        "gives too much back to another customer",
        "claims a dispute from another customer",
    ],
)
def test_customers_who_are_mixed_up_are_found(tmp_path: Path, fault: str) -> None:
    run = played(tmp_path, fault, NEIGHBOURS)
    assert "V27" in found(run), [(f.check, f.message) for r in run.results for f in r.findings]


def test_a_credit_for_another_customer_that_is_posted_is_found(tmp_path: Path) -> None:
    run = played(tmp_path, "credits whose invoice it may be", STRANGERS)
    (found_,) = (f for r in run.results for f in r.findings if f.check == "V20")
    assert (found_.expected, found_.actual, found_.at_risk) == (
        "1 told, USD 433.00, 0 of them to be posted",
        "1 posted, USD 433.00, and 0 rejected",
        Money("433.00", "USD"),
    )


def test_money_on_an_account_of_another_currency_is_found(tmp_path: Path) -> None:
    run = played(tmp_path, "puts euro on the account in dollars", EURO_ACCOUNT)
    amounts = {(f.expected, f.actual) for r in run.results for f in r.findings if f.check == "R4"}
    # 988.00 x 1.12, 300.00 and 50.00 x 1.13
    assert {
        ("the bank statement: EUR 988.00", "the ledger: USD 1,106.56"),
        ("the bank statement: EUR 300.00", "the ledger: USD 339.00"),
        ("the bank statement: EUR 50.00", "the ledger: USD 56.50"),
    } <= amounts


def test_a_rate_that_nobody_stated_is_found(tmp_path: Path) -> None:
    run = played(tmp_path, "bills at a rate of its own", ABROAD)
    rates = {f.actual: f.expected for r in run.results for f in r.findings if f.check == "V17"}
    assert rates == {"EUR 1 = USD 1.2": "EUR 1 = USD 1.10"}


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> RunRecord:
    """The record of the sound connector, to be changed in one place where no connector gets past the vendors."""
    return played(tmp_path_factory.mktemp("sound"), "none", MONEY).record


def wrong(record: RunRecord) -> set[str]:
    return {finding.check for result in judge(record) for finding in result.findings}


def last_books(record: RunRecord, **changes: Any) -> RunRecord:
    """The record with something else in the ledger at its end."""
    *earlier, last = record.checkpoints
    ledger = structs.replace(last.world.ledgers[0], **changes)
    world = structs.replace(last.world, ledgers=(ledger,))
    return structs.replace(record, checkpoints=(*earlier, structs.replace(last, world=world)))


def test_a_closed_month_that_moves_is_found(sound: RunRecord) -> None:
    assert not wrong(sound)
    entries = sound.checkpoints[-1].world.ledgers[0].entries
    fee = next(entry for entry in entries if ":fee:" in entry.note)
    assert "V12" in wrong(last_books(sound, entries=tuple(entry for entry in entries if entry is not fee)))
    late = structs.replace(entries[-1], date=fee.date)
    assert "V12" in wrong(last_books(sound, entries=(*entries[:-1], late)))


def test_a_payment_made_anew_after_a_lost_answer_is_found(sound: RunRecord) -> None:
    at, lost = next((n, e) for n, e in enumerate(sound.exchanges) if e.request.path.endswith("/payment"))
    assert lost.response is not None
    notes = structs.replace(lost.response.notes, idempotency_key="another-key")
    anew = structs.replace(
        lost,
        request=structs.replace(lost.request, query=lost.request.query.replace("requestid=", "requestid=x")),
        response=structs.replace(lost.response, notes=notes),
    )
    uncertain = structs.replace(lost, delivery=Delivery(kind=DeliveryKind.LOST))
    repeated = (*sound.exchanges[:at], uncertain, lost, *sound.exchanges[at + 1 :])
    assert "C3" not in wrong(structs.replace(sound, exchanges=repeated))
    assert "C3" in wrong(
        structs.replace(sound, exchanges=(*sound.exchanges[:at], uncertain, anew, *sound.exchanges[at + 1 :]))
    )


def test_foreign_money_left_behind_and_a_record_of_another_entity_are_found(sound: RunRecord) -> None:
    ledger = sound.checkpoints[-1].world.ledgers[0]
    receivable = next(account.id for account in ledger.accounts if account.kind == "receivable")
    lines = [
        structs.replace(line, foreign=Money(0, "EUR")) if line.account == receivable else line
        for line in ledger.entries[0].lines
    ]
    abroad = structs.replace(ledger.entries[0], lines=tuple(lines))
    assert "V17" in wrong(last_books(sound, entries=(abroad,)))
    elsewhere = structs.replace(ledger.documents[0], entity="another")
    assert "V19" in wrong(last_books(sound, documents=(elsewhere, *ledger.documents[1:])))


def test_tax_that_is_not_what_the_documents_say_is_found(sound: RunRecord) -> None:
    ledger = sound.checkpoints[-1].world.ledgers[0]
    billed = ledger.entries[0]
    wrong_tax = tuple(structs.replace(line, amount=line.amount * 2) for line in billed.lines)
    assert "R7" in wrong(last_books(sound, entries=(structs.replace(billed, lines=wrong_tax), *ledger.entries[1:])))
