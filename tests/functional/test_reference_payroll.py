"""Payroll through the whole connector: every run, debit and cheque is booked once, whatever gets lost."""

from __future__ import annotations

from collections import defaultdict
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from simharness.connectors.inprocess import InProcessConnector
from simharness.connectors.manifest import builtin_manifest, load_manifest
from simharness.core.content import content_folder
from simharness.domain import acts, events, people
from simharness.domain.books import LedgerSnapshot
from simharness.domain.evidence import Alert, Reject
from simharness.domain.exchange import DeliveryKind, Request
from simharness.domain.payroll import Payroll
from simharness.stories.dictionaries import load_dictionary
from simharness.world.registry import stack_for
from simharness.world.world import World
from tests.functional.test_reference_faults import Company, Fault, Nth, answered, delivered, killed, usd, writes

FRIDAY = datetime(2026, 1, 9, 20, tzinfo=UTC)


class Payday(Company):
    """A company with two people: Ada of Sales by direct deposit, Bob of Delivery by cheque, both 3,000.00 each half."""

    def __init__(self, folder: Path) -> None:
        self.port, self.folder = Nth(), folder
        dictionary = load_dictionary(content_folder("scenarios") / "dictionaries" / "us-people.yaml")
        # An empty memory has the first tokens only, so those live on.
        lasting = {"quickbooks": {"access_token_s": "9999999"}}
        self.world = World(now=FRIDAY, port=self.port, stack=stack_for(dictionary), options=lasting)
        self.world.furnish(dictionary)
        attachment = load_manifest(builtin_manifest())
        self.connector = InProcessConnector(attachment, self.world, mapping=attachment.mapping_for("us-people", None))
        self.connector.start({**self.world.connections(), "bi.url": f"duckdb://{folder / 'bi'}"}, folder / "state")
        for name, department, method in (("Ada", "Sales", "direct_deposit"), ("Bob", "Delivery", "check")):
            self.act(
                people.HireEmployee(
                    name=name,
                    department=department,
                    state="TX",
                    hired=date(2026, 1, 1),
                    salary=usd("72000.00"),
                    schedule="Semimonthly",
                    method=method,
                )
            )

    def act(self, act: acts.Act) -> events.DomainEvent:
        (done,) = self.world.operate("payroll", act, "people team")
        return done

    def run(self) -> str:
        """The next run, calculated and approved."""
        done = self.act(people.RunPayroll(schedule="Semimonthly"))
        assert isinstance(done, events.PayrollCalculated)
        self.act(people.ApprovePayroll(payroll_id=done.payroll_id))
        return done.payroll_id

    def payroll(self, id: str) -> Payroll:
        found = self.world.snapshot().payroll("main")
        assert found is not None
        return next(each for each in found.payrolls if each.id == id)

    def cash(self, id: str) -> None:
        """Bob takes his cheque to the bank."""
        cheque = next(each for each in self.payroll(id).cheques if each.method == "check")
        words = f"PAY CHEQUE {cheque.id.replace('-', '')[:8].upper()}"
        act = acts.MoveBankMoney(amount=-cheque.net, reference=words, description=words)
        self.world.operate("banking", act, "bank")

    def lose_memory(self) -> None:
        self.connector.stop()
        self.connector.start({**self.world.connections(), "bi.url": ""}, self.folder / "another state")

    def told(self, run: str, what: str) -> None:
        """What somebody does to a payroll in Gusto's own dialect."""
        connection = self.world.connections()
        path = f"/v1/companies/{connection['gusto.company_id']}/payrolls/{run}/{what}"
        headers = {
            "authorization": self.world.fake("payroll").issue("people team", ())["authorization"],
            "x-gusto-api-version": "2024-04-01",
        }
        request = Request(method="PUT", host="api.gusto-demo.com", path=path, headers=headers)
        answer = self.world.exchange(request).response
        assert answer.status < 300, answer.body

    def on(self, day: int) -> None:
        self.world.advance_to(datetime(2026, 1, day, 20, tzinfo=UTC))
        self.rest()

    def ledger(self) -> LedgerSnapshot:
        found = self.world.snapshot().ledger()
        assert found is not None
        return found

    def balances(self) -> dict[str, str]:
        ledger, sums = self.ledger(), defaultdict[str, Decimal](Decimal)
        numbers = {account.id: account.number for account in ledger.accounts}
        for entry in ledger.entries:
            for line in entry.lines:
                sums[numbers[line.account]] += line.amount.amount
        return {number: str(amount) for number, amount in sorted(sums.items()) if amount}


def play(company: Payday) -> str:
    """A run is booked, collected, cashed, and taken back for Ada."""
    run = company.run()
    company.rest()
    company.on(13)
    company.cash(run)
    company.on(14)
    ada = next(each.employee for each in company.payroll(run).cheques if each.method == "direct_deposit")
    company.act(people.ReversePayroll(payroll_id=run, employee_ids=(ada,), reason="twice"))
    company.on(16)
    return run


@pytest.fixture(scope="module")
def clean(tmp_path_factory: pytest.TempPathFactory) -> Payday:
    company = Payday(tmp_path_factory.mktemp("clean"))
    company.port.counts = writes
    play(company)
    return company


#: The run, what the provider takes over, two debits, the cheque; and of the reversal all of these but a cheque.
WRITES = 9


def test_what_is_left_of_a_run_after_half_of_it_was_taken_back(clean: Payday) -> None:
    assert clean.port.seen == WRITES
    # Bob alone: net 2,478.42 and 521.58 withheld of 3,000.00; the employer's 186.00 + 43.50 + 18.00 + 81.00 = 328.50
    assert clean.balances() == {"1000": "-3328.50", "6000": "3000.00", "6010": "328.50"}


@pytest.mark.parametrize("at", [1, 5])
@pytest.mark.parametrize(
    "fault",
    [pytest.param(delivered(DeliveryKind.LOST), id="answer-lost"), pytest.param(killed, id="killed")],
)
def test_a_fault_on_a_write_leaves_the_books_of_the_clean_run(
    clean: Payday, tmp_path: Path, at: int, fault: Fault
) -> None:
    company = Payday(tmp_path)
    company.port.counts, company.port.at, company.port.fault = writes, at, fault
    play(company)
    assert company.books() == clean.books()


@pytest.mark.parametrize("at", [2, 4, 5])
def test_a_fault_while_a_run_is_read_leaves_the_books_of_the_clean_run(clean: Payday, tmp_path: Path, at: int) -> None:
    """The payroll itself, the stubs of the cheque, and the report that is asked for."""
    company = Payday(tmp_path)
    company.port.counts, company.port.at = of_gusto, at
    company.port.fault = killed if at % 2 else answered(500)
    play(company)
    assert company.books() == clean.books()


def of_gusto(request: Request) -> bool:
    return "gusto" in request.host


def test_an_empty_memory_and_a_second_look_at_every_feed_change_nothing(clean: Payday, tmp_path: Path) -> None:
    company = Payday(tmp_path)
    play(company)
    company.connector.operate("rewind", {})
    company.rest()
    assert company.books() == clean.books()
    company.lose_memory()
    company.rest()
    assert company.books() == clean.books()
    assert not [row for row in company.connector.evidence() if isinstance(row, Alert | Reject)]


def test_a_run_that_is_cancelled_leaves_nothing_and_is_booked_again_once_it_is_processed_again(tmp_path: Path) -> None:
    company = Payday(tmp_path)
    run = company.run()
    company.rest()
    booked = company.balances()
    company.told(run, "cancel")
    company.on(10)
    assert company.balances() == {}
    company.told(run, "calculate")
    company.world.advance(timedelta(minutes=1))
    company.told(run, "submit")
    company.on(12)
    assert company.balances() == booked
    company.on(16)
    # Net pay of Ada and the taxes of both, 2 x 850.08, were collected; Bob has not cashed his cheque.
    assert company.balances() == {"1000": "-4178.58", "2110": "-2478.42", "6000": "6000.00", "6010": "657.00"}
    notes = {entry.note for entry in company.ledger().entries}
    assert {f"gusto:payroll:{run}{part}" for part in ("", ":cancelled", ":2")} <= notes
    assert f"gusto:remittance:{run}:2" in notes
    assert f"gusto:remittance:{run}" not in notes
    books = company.books()
    company.lose_memory()
    company.rest()
    assert company.books() == books


@pytest.mark.parametrize("vendor", ["gusto", "stripe", "plaid", "hubapi"])
def test_what_a_vendor_refused_once_is_asked_again_in_the_next_pass(tmp_path: Path, vendor: str) -> None:
    company = Payday(tmp_path)
    company.rest()
    asked: list[Request] = []

    def reads(request: Request) -> bool:
        if vendor not in request.host or "token" in request.path:
            return False
        asked.append(request)
        return True

    company.port.counts, company.port.at, company.port.fault = reads, company.port.seen + 1, answered(403)
    company.connector.trigger("work")
    refused = asked[0]
    asked.clear()
    company.connector.trigger("work")
    assert (refused.method, refused.path) in {(each.method, each.path) for each in asked}
