"""Invoices that stood in the books before the story are paid, credited and written off by their number.

Acted out in the vendors' fakes before a connector that is told everything and does nothing.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from simharness.core.money import Money
from simharness.domain import fact
from simharness.domain.books import LedgerSnapshot
from simharness.domain.connector import ConnectorInfo, ReferenceRule
from simharness.domain.fault import Plan
from simharness.domain.record import RunRecord
from simharness.fakekit.faults import Injector
from simharness.stories import discovery
from simharness.stories.dictionaries import Shelf, folder_for
from simharness.stories.feature_story import read_feature
from simharness.stories.locate import note_of
from simharness.stories.session import opening
from simharness.world.world import World
from tests.unit.stories.offices import Clerk, play

INV = "{unpaid_invoice: INV-7, amount: USD 500.00, customer: Globex}"
LATE = "{unpaid_invoice: INV-6, amount: USD 80.00, customer: Globex, dated: 2025-12-01}"
SCENE = "story: Owed\ndictionary: us-saas\ntoday: 2026-01-05\n"


class Idler(Clerk):
    """A connector that is told everything and does nothing."""

    def trigger(self, name: str) -> None:
        self.left = 0


def written(root: Path, given: tuple[str, ...], when: tuple[str, ...], then: str) -> Path:
    def listed(steps: tuple[str, ...]) -> str:
        return "".join(f"  - {step}\n" for step in steps)

    (root / "story.yaml").write_text(
        f"{SCENE}given:\n{listed(given)}when:\n{listed((*when, 'connector_finishes'))}then:\n  - {then}\n"
    )
    return root


def played(root: Path, *when: str, given: tuple[str, ...] = (INV,)) -> tuple[RunRecord, Clerk]:
    (story,) = discovery.load([written(root, given, when, "{customer: Globex, owes: USD 500.00}")])
    world = World(now=opening(story), stack=story.systems, port=Injector(Plan()))
    clerk = Idler(world, offers=("credit", "write_off", "reopen"))
    return play(story, clerk), clerk


def wrong(root: Path, *when: str) -> str:
    (problem, *_) = discovery.lint([written(root, (INV,), when, "{customer: Globex, owes: USD 500.00}")])
    return str(problem)


def only(record: RunRecord, kind: type) -> Any:
    (found,) = [each for each in record.facts if isinstance(each, kind)]
    return found


def books(record: RunRecord) -> LedgerSnapshot:
    assert record.final is not None
    found = record.final.world.ledger("main")
    assert found is not None
    return found


def test_what_was_owed_before_stands_open_in_the_ledger(tmp_path: Path) -> None:
    record, _ = played(tmp_path)
    (invoice,) = books(record).documents
    assert (invoice.number, invoice.total, invoice.open) == ("INV-7", Money("500.00", "USD"), Money("500.00", "USD"))
    assert only(record, fact.InvoiceEntered).customer == only(record, fact.CustomerEntered).customer == "Globex"


def test_two_invoices_are_of_one_customer(tmp_path: Path) -> None:
    record, _ = played(tmp_path, given=(INV, LATE))
    assert len(books(record).parties) == 1
    assert len({each.party for each in books(record).documents}) == 1


def test_a_payment_names_the_invoice_by_its_number(tmp_path: Path) -> None:
    record, _ = played(tmp_path, "{customer_pays: USD 200.00, invoice: INV-7, customer: Globex, as: P-1}")
    paid = only(record, fact.CustomerPaid)
    assert (paid.customer, paid.invoice_number, paid.deal) == ("Globex", "INV-7", "")


def test_a_bank_transfer_says_what_it_is_for(tmp_path: Path) -> None:
    record, _ = played(tmp_path, "{customer_pays: USD 200.00, invoice: INV-7, by: bank transfer}")
    moved = only(record, fact.BankMoved)
    assert (moved.purpose, moved.reference, moved.advice) == (
        "wire", "INV-7 200.00", (("INV-7", Money("200.00", "USD")),),
    )  # fmt: skip


def test_a_cheque_is_entered_for_the_invoice(tmp_path: Path) -> None:
    record, _ = played(tmp_path, "{customer_pays: USD 200.00, invoice: INV-7, by: cheque, cheque: '1041'}")
    assert only(record, fact.ChequeTaken).invoice_number == "INV-7"
    assert books(record).documents[0].open == Money("300.00", "USD")


def test_a_cheque_that_is_brought_to_the_bank_pays_the_oldest_invoice(tmp_path: Path) -> None:
    record, _ = played(
        tmp_path, "{cheque_deposited: '1042', amount: USD 30.00, from: Globex, on: 2026-01-08}", given=(INV, LATE)
    )
    assert only(record, fact.ChequeTaken).invoice_number == "INV-6"
    assert (only(record, fact.BankMoved).purpose, only(record, fact.BankMoved).amount) == (
        "cheques", Money("30.00", "USD"),
    )  # fmt: skip


def test_who_owes_nothing_gives_no_cheque(tmp_path: Path) -> None:
    step = "{cheque_deposited: '1042', amount: USD 30.00, from: Initech}"
    record, _ = played(tmp_path, step, given=(INV, "{customer_exists: Initech}"))
    assert "'Initech' owes nothing" in only(record, fact.StepImpossible).what


def test_credits_and_write_offs_are_told_by_the_number(tmp_path: Path) -> None:
    record, clerk = played(
        tmp_path,
        "{credit: USD 20.00, invoice: INV-7}",
        "{write_off: USD 30.00, invoice: INV-7, because: bankrupt, approved_by: Kim}",
    )
    assert [(act, args["invoice"], args["amount"]) for act, args in clerk.told] == [
        ("credit", "INV-7", "20.00"), ("write_off", "INV-7", "30.00"),
    ]  # fmt: skip
    assert only(record, fact.CreditApproved).customer == only(record, fact.WriteOffApproved).customer == "Globex"


@pytest.mark.parametrize(
    ("step", "what"),
    [
        ("{customer_pays: USD 1.00, invoice: INV-9}", "no invoice 'INV-9' exists at this point"),
        ("{customer_pays: USD 1.00, invoice: INV-7, nth: 2}", "says invoice, so invoice_of, nth"),
        ("{customer_pays: USD 1.00, invoice: INV-7, cheque: '1'}", "gives the number of a cheque: say by: cheque"),
        ("{customer_pays: USD 1.00, invoice: INV-7, by: cheque, as: P}", "only a payment through the gateway takes"),
        ("{customer_pays: USD 1.00, customer: Globex, reference: none, by: cheque}", "by cheque says what for"),
        ("{credit: USD 1.00}", "names one invoice"),
        (
            "{credit: USD 1.00, invoice: INV-7, before_tax: true, lines: {1: USD 1.00}}",
            "says before_tax, and the lines",
        ),
        ("{write_off: USD 1.00, invoice: INV-7, nth: 2, because: x}", "names it already"),
        ("{cheque_deposited: '1', amount: USD 0.00, from: Globex}", "is no payment"),
    ],
)
def test_a_wrong_parameter_is_told(tmp_path: Path, step: str, what: str) -> None:
    assert what in wrong(tmp_path, step)


def test_who_pays_is_who_owes(tmp_path: Path) -> None:
    scene = 'Feature: x\n  Scenario: y\n    Given the dictionary "us-saas" is loaded\n    And today is 2026-01-05\n'
    told = scene + (
        '    And an unpaid invoice "INV-7" of USD 500.00 for "Globex"\n'
        '    And the customer "Initech" exists in the CRM\n'
        '    When customer "Initech" pays USD 5.00 against invoice "INV-7"\n'
        "    And the connector finishes its work\n"
        '    Then invoice "INV-7" has USD 495.00 open\n'
    )
    (tmp_path / "a.feature").write_text(told)
    (problem,) = read_feature(tmp_path / "a.feature", Shelf(folder_for(tmp_path / "a.feature"))).problems
    assert "the invoice 'INV-7' is that of 'Globex', not of 'Initech'" in str(problem)


ACH = "{customer_pays: USD 200.00, invoice: INV-7, by: ach, as: P-1}"


def test_a_debit_fails_while_it_is_on_its_way(tmp_path: Path) -> None:
    record, _ = played(tmp_path, ACH, "{payment_fails: P-1, because: account_closed, on: 2026-01-06}")
    failed = only(record, fact.PaymentFailed)
    assert (failed.payment, failed.amount, failed.because) == ("P-1", Money("200.00", "USD"), "account_closed")
    assert record.final is not None
    assert record.final.world.gateway is not None
    assert [charge.status for charge in record.final.world.gateway.charges] == ["failed"]


@pytest.mark.parametrize(
    ("steps", "what"),
    [
        (
            (ACH, "{payment_fails: P-1, because: account_closed, on: 2026-01-20}"),
            "only a bank debit that is on its way",
        ),
        ((ACH, "{payment_fails: P-1, because: bored}"), "no debit fails for 'bored'"),
    ],
)
def test_what_came_or_fails_for_no_reason_does_not_fail(tmp_path: Path, steps: tuple[str, ...], what: str) -> None:
    record, _ = played(tmp_path, *steps)
    assert what in only(record, fact.StepImpossible).what


def test_a_period_is_opened_that_a_background_closed(tmp_path: Path) -> None:
    closed = "{books_closed: 2026-01-31}"
    record, clerk = played(tmp_path, given=(closed, "{period_open: 2026-01}", INV))
    assert str(books(record).closed_until) == "2025-12-31"
    assert [act for act, _ in clerk.told] == ["reopen"]
    record, clerk = played(tmp_path, given=("{period_open: 2026-01}", INV))
    assert (books(record).closed_until, clerk.told) == (None, [])


@pytest.mark.parametrize(
    ("pattern", "note"),
    [
        (r"^hubspot:company:(?P<id>\d+)(?::[A-Z]{3})?$", "hubspot:company:42"),
        (r"CRM \(company (?P<id>\d+)\)", "CRM (company 42)"),
        (r"^(?P<id>[a-z]+)$", ""),
    ],
)
def test_a_note_is_written_as_the_connector_reads_it(pattern: str, note: str) -> None:
    rule = ReferenceRule(noun="customer", field="note", pattern=pattern)
    assert note_of(ConnectorInfo(name="x", references=(rule,)), "customer", "42") == note


def test_books_with_codes_on_their_lines_hold_it_without_tax(tmp_path: Path) -> None:
    entered = INV.replace("USD", "EUR")
    file = written(tmp_path, (entered,), (), "{customer: Globex, owes: EUR 500.00}") / "story.yaml"
    file.write_text(file.read_text().replace("us-saas", "eu-saas"))
    (story,) = discovery.load([file])
    world = World(now=opening(story), stack=story.systems, port=Injector(Plan()))
    record = play(story, Idler(world))
    (document,) = books(record).documents
    assert (document.total, document.tax) == (Money("500.00", "EUR"), Money("0.00", "EUR"))
