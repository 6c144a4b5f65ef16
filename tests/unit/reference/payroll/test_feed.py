"""Each run is fetched whole, waits for its report, and is taken in once; what misfits waits by itself."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, cast

import msgspec
import pytest
import time_machine
from cryptography.fernet import Fernet

from simharness.reference.errors import Refused, Unavailable
from simharness.reference.ledger.periods import Periods
from simharness.reference.memory.evidence import Evidence
from simharness.reference.memory.store import Store
from simharness.reference.payroll.cheques import PayCheques
from simharness.reference.payroll.feed import PayrollFeed
from simharness.reference.payroll.works import REFERENCE, RUN, RUN_UNDONE, Part, run_of
from simharness.reference.posting.outbox import Outbox
from simharness.reference.posting.tasks import Tasks
from simharness.reference.vault.vault import Vault
from simharness.reference.vendors.gusto import Gusto
from simharness.reference.vendors.quickbooks import QuickBooks
from tests.unit.reference.payroll.told import ADA, BOB, CHEQUE, ID, payroll, people, receipt, report

NOW = "2026-02-12T18:00:00Z"
NO_LEDGER = cast(QuickBooks, None)


@dataclass
class Provider:
    """Gusto with the runs it is given; a report is there when it is asked for the second time."""

    runs: dict[str, dict[str, Any]] = field(default_factory=lambda: {ID: payroll()})
    said: dict[str, dict[str, Any]] = field(default_factory=lambda: {ID: receipt()})
    report_of: Callable[[str], dict[str, Any]] = lambda _: report()
    asked: list[str] = field(default_factory=list)
    spans: list[tuple[date, date]] = field(default_factory=list)

    def processed(self, first: date, last: date) -> Iterator[dict[str, Any]]:
        self.spans.append((first, last))
        yield from ({**run, "payroll_uuid": each} for each, run in self.runs.items() if run["processed"])

    def payroll(self, run: str) -> dict[str, Any]:
        if run not in self.runs:
            raise Refused("gusto", 404, "not_found", "it is not there")
        return self.runs[run]

    def receipt(self, run: str) -> dict[str, Any]:
        return self.said[run]

    def pay_stubs(self, person: str) -> list[dict[str, Any]]:
        self.asked.append(f"stubs {person}")
        return [{"uuid": CHEQUE, "payroll_uuid": each} for each in self.runs]

    def ask_for_report(self, run: str) -> str:
        self.asked.append(f"report {run}")
        return run

    def report(self, request: str) -> dict[str, Any]:
        self.asked.append(f"look {request}")
        ready = self.asked.count(f"look {request}") > 1
        return {"status": "succeeded" if ready else "pending", "report_urls": [request] if ready else []}

    def document(self, url: str) -> dict[str, Any]:
        return self.report_of(url)


class Side:
    """The feed over an empty memory."""

    def __init__(self, folder: Path, provider: Provider) -> None:
        self.provider = provider
        self.store = Store(f"sqlite:///{folder / 'state.db'}")
        self.evidence = Evidence(self.store, folder / "evidence.ndjson", currency="USD", owner="finance")
        outbox = Outbox(self.store, NO_LEDGER, self.evidence, key_lifetime_s=1)
        self.tasks = Tasks(self.store, NO_LEDGER, outbox, self.evidence, Periods(NO_LEDGER, self.store))
        self.cheques = PayCheques(Vault(self.store, Fernet.generate_key().decode()), 180)
        self.feed = PayrollFeed(self.store, cast(Gusto, provider), self.tasks, self.evidence, self.cheques, people())

    def follow(self, *named: str, polls: bool = True) -> int:
        with time_machine.travel(NOW, tick=False):
            return self.feed.follow(named, polls=polls)

    def knows(self, run: str = ID) -> bool:
        return self.tasks.knows(f"{REFERENCE}{run}")

    def codes(self) -> list[str]:
        return [each.code for each in self.evidence.held()]


@pytest.fixture
def side(tmp_path: Path) -> Iterator[Side]:
    found = Side(tmp_path, Provider())
    yield found
    found.store.close()


def test_a_run_waits_for_its_report_and_is_then_taken_in_once(side: Side) -> None:
    assert side.follow() == 1
    assert (side.knows(), side.feed.awaits()) == (False, True)
    assert side.follow() == 1
    assert (side.knows(), side.feed.awaits()) == (True, False)
    assert side.follow() == 0
    assert side.provider.asked.count(f"report {ID}") == 1


def test_what_is_taken_in_is_found_by_what_the_bank_shows(side: Side) -> None:
    side.follow()
    side.follow()
    (task,) = side.tasks.found(RUN, "1A2B3C4D")
    assert (task.amount, run_of(task).id) == (5100, ID)


def test_cheques_are_kept_before_the_report_is_there_and_asked_for_once(side: Side) -> None:
    side.follow()
    assert side.cheques.worth("5A801450") is not None
    side.follow()
    assert side.provider.asked.count(f"stubs {BOB}") == 1
    assert f"stubs {ADA}" not in side.provider.asked


def test_a_webhook_names_a_run_and_nothing_is_listed(side: Side) -> None:
    side.follow(ID, polls=False)
    side.follow(polls=False)
    assert side.knows()
    assert side.provider.spans == []


def test_a_run_that_misfits_waits_by_itself_and_others_go_on(side: Side) -> None:
    other = "2" * 36
    wrong = payroll(payroll_uuid=other)
    wrong["totals"]["net_pay"] = "1.00"
    side.provider.runs[other], side.provider.said[other] = wrong, receipt(payroll_uuid=other)
    side.follow()
    side.follow()
    assert (side.knows(), side.knows(other)) == (True, False)
    assert [each.source for each in side.evidence.held()] == [f"{REFERENCE}{other}"]
    assert side.codes() == ["does_not_add_up"]


def test_quarantine_is_told_once_and_left_once_the_source_is_mended(side: Side) -> None:
    side.provider.runs[ID]["totals"]["net_pay"] = "1.00"
    assert side.follow() == 1
    assert side.follow() == 0
    assert side.follow() == 0
    assert side.codes() == ["does_not_add_up"]
    side.provider.runs[ID] = payroll()
    side.follow()
    side.follow()
    assert (side.knows(), side.codes()) == (True, [])


def test_nothing_waits_for_a_run_in_quarantine_however_often_it_is_listed(side: Side) -> None:
    side.provider.runs[ID]["totals"]["net_pay"] = "1.00"
    for _ in range(3):
        side.follow()
        assert not side.feed.awaits(), "a bank line that comes days later would never be booked"


@pytest.mark.parametrize("is_gone", [False, True])
def test_quarantine_is_left_by_what_nobody_is_paid_by_any_more(side: Side, is_gone: bool) -> None:
    side.provider.runs[ID]["totals"]["net_pay"] = "1.00"
    side.follow()
    assert side.codes() == ["does_not_add_up"]
    if is_gone:
        del side.provider.runs[ID]
    else:
        side.provider.runs[ID]["processed"] = False
    assert side.follow() == 0
    assert (side.codes(), side.knows()) == ([], False)


def test_a_report_that_misfits_is_asked_for_again_by_an_operator(side: Side) -> None:
    side.provider.report_of = lambda _: report(debits="1.00")
    side.follow()
    side.follow()
    assert side.codes() == ["does_not_add_up"]
    side.provider.report_of = lambda _: report()
    assert side.follow() == 0
    side.feed.retry(f"{REFERENCE}{ID}")
    side.follow()
    assert (side.knows(), side.codes()) == (True, [])


def test_what_nobody_processed_or_another_provider_paid_is_left_alone(side: Side) -> None:
    side.provider.runs = {"a": payroll(payroll_uuid="a", processed=False), "b": payroll(external=True)}
    side.provider.said = {"a": {}, "b": {}}
    assert side.follow("gone") == 0
    assert (side.feed.awaits(), side.codes()) == (False, [])


def test_one_run_without_an_answer_holds_no_other_up(side: Side) -> None:
    other = "2" * 36
    side.provider.runs = {other: payroll(payroll_uuid=other), ID: payroll()}
    side.provider.said = {ID: receipt()}

    def refuse(run: str) -> dict[str, Any]:
        if run == other:
            raise Unavailable("gusto", "no answer")
        return receipt()

    side.provider.receipt = refuse  # type: ignore[method-assign]  # one of its answers is another
    for _ in range(2):
        with pytest.raises(Unavailable):
            side.follow()
    assert (side.knows(), side.knows(other)) == (True, False)


def taken_in(side: Side) -> Side:
    side.follow()
    side.follow()
    assert side.knows()
    return side


def test_a_run_that_is_cancelled_before_it_is_collected_is_taken_back_once(side: Side) -> None:
    taken_in(side).provider.runs[ID]["processed"] = False
    assert side.follow() == 1
    assert side.follow() == 0
    task = side.tasks.task(f"{REFERENCE}{ID}:cancelled")
    assert task is not None
    part = msgspec.json.decode(task.facts, type=Part)
    assert (task.kind, part.of, part.run.id) == (RUN_UNDONE, f"{REFERENCE}{ID}", ID)


def test_a_cancellation_that_is_told_by_a_webhook_needs_no_list(side: Side) -> None:
    taken_in(side).provider.runs[ID]["processed"] = False
    side.provider.spans.clear()
    assert side.follow(ID, polls=False) == 1
    assert side.knows(f"{ID}:cancelled")
    assert side.provider.spans == []


def test_a_run_that_is_processed_again_is_taken_in_under_the_next_reference(side: Side) -> None:
    taken_in(side).provider.runs[ID]["processed"] = False
    side.follow()
    side.provider.runs[ID] = payroll()
    side.follow()
    side.follow()
    assert side.knows(f"{ID}:2")
    assert side.follow() == 0


@pytest.mark.parametrize("named", [(), (ID,)])
def test_what_the_old_system_booked_is_not_booked_again(side: Side, named: tuple[str, ...]) -> None:
    old = payroll(check_date="2023-12-29", pay_period={"start_date": "2023-12-16", "end_date": "2023-12-31"})
    side.provider.runs, side.provider.said = {ID: old}, {ID: receipt(debit_date="2023-12-27")}
    side.follow(*named)
    side.follow()
    assert (side.knows(), side.feed.awaits(), side.follow()) == (False, False, 0)


def test_the_list_is_read_since_the_cut_over_a_year_at_a_time_and_then_with_an_overlap(side: Side) -> None:
    side.follow()
    first, *_, last = side.provider.spans
    assert (first[0], last[1]) == (date(2024, 1, 1), date(2026, 5, 13))
    assert all((end - begin).days <= 365 for begin, end in side.provider.spans)
    side.provider.spans.clear()
    side.follow()
    assert side.provider.spans == [(date(2025, 5, 18), date(2026, 5, 13))]
    side.feed.rewind()
    side.provider.spans.clear()
    side.follow()
    assert side.provider.spans[0][0] == date(2024, 1, 1)
