"""A story is played in its own time, and its record holds what happened, what was claimed and the world at both."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from unittest import mock

import pytest

from simharness.core.errors import ContentError, HarnessFault
from simharness.core.money import Money
from simharness.domain import acts
from simharness.domain.expectation import InvoiceCount, MetricIs
from simharness.domain.fact import (
    BooksClosed,
    ConnectorFinished,
    ConnectorRestarted,
    CustomerChanged,
    CustomerPaid,
    DealChanged,
    DealEntered,
    DealWon,
    PartyEdited,
    RefusalMissing,
    StepImpossible,
    SystemRefused,
)
from simharness.domain.fault import Fault, Struck
from simharness.domain.record import lines, read
from simharness.stories.stage import PASSES_CAP, PAUSE
from simharness.world.world import World
from tests.unit.stories.company import STORY, one
from tests.unit.stories.offices import FAMILIES, Clerk, Office, Reader, new_world, play

PAY = "  - {customer_pays: USD 1000.00, invoice_of: Rollout, as: P-1, on: 2026-01-20}\n"


def with_acts(*steps: str) -> str:
    """The story with further acts after the connector finished."""
    return STORY.replace("then:\n", "".join(f"  - {step}\n" for step in steps) + "then:\n")


def facts_of(record: object, kind: type) -> list:
    return [fact for fact in record.facts if isinstance(fact, kind)]


def test_the_story_begins_at_nine_local_and_each_act_happens_on_its_local_day(tmp_path: Path) -> None:
    clerk = Clerk(new_world())
    text = with_acts("{deal_won: Rollout, on: 2026-01-31, at: '23:30'}", "{deal_won: Rollout, on: 2026-07-01}")
    record = play(one(tmp_path, text), clerk)
    assert record.header.started_at == datetime(2026, 1, 5, 17, 0, tzinfo=UTC)
    won = [(fact.at, fact.on) for fact in facts_of(record, DealWon)]
    assert won == [
        (datetime(2026, 1, 12, 17, 0, tzinfo=UTC), date(2026, 1, 12)),
        (datetime(2026, 2, 1, 7, 30, tzinfo=UTC), date(2026, 1, 31)),
        (datetime(2026, 7, 1, 16, 0, tzinfo=UTC), date(2026, 7, 1)),  # an hour earlier in UTC: daylight saving time
    ]


def test_naming_the_present_day_does_not_turn_time_back(tmp_path: Path) -> None:
    clerk = Clerk(new_world(), passes=3)
    record = play(one(tmp_path, with_acts("{deal_won: Rollout, on: 2026-01-12}")), clerk)
    again = facts_of(record, DealWon)[1]
    assert again.at == datetime(2026, 1, 12, 17, 0, tzinfo=UTC) + 2 * PAUSE


def test_an_hour_the_connector_has_overslept_is_an_error_at_its_line(tmp_path: Path) -> None:
    clerk = Clerk(new_world(), passes=3)
    story = one(tmp_path, with_acts("{deal_won: Rollout, at: '09:01'}"))
    with pytest.raises(ContentError, match="time would go back") as caught:
        play(story, clerk)
    assert caught.value.where is not None
    assert caught.value.where.line == 10
    assert clerk.calls[-1] == "stop"


def test_checkpoints_stand_before_acts_at_rest_and_at_claims(tmp_path: Path) -> None:
    text = (
        STORY.replace("given:", "steps:\n  - given:")
        .replace("\n  - {c", "\n      - {c")
        .replace("\n  - {d", "\n      - {d")
    )
    text = text.replace("when:", "  - when:").replace("\n  - conn", "\n      - conn").replace("then:", "  - then:")
    text = text.replace("\n  - {i", "\n      - {i")
    text += "  - when:\n      - connector_finishes\n  - then:\n      - ledger_posts_nothing\n"
    record = play(one(tmp_path, text), Clerk(new_world()))
    assert [(point.step, point.name) for point in record.checkpoints] == [
        (2, "before the acts"),
        (4, "connector at rest"),
        (5, "claims"),
        (6, "connector at rest"),
        (7, "claims"),
    ]
    before, after = record.checkpoint(2), record.checkpoint(5)
    assert before is not None
    assert after is not None
    assert [len(point.world.ledgers[0].documents) for point in (before, after)] == [0, 1]


def test_the_daily_reconciliations_leave_the_connector_at_rest(tmp_path: Path) -> None:
    record = play(
        one(tmp_path, STORY.replace("connector_finishes", "{reconciliations_run_for: 2026-01-12}")), Clerk(new_world())
    )
    assert [point.name for point in record.checkpoints] == ["before the acts", "connector at rest", "claims"]


def test_facts_carry_step_verb_and_line_and_the_ids_of_the_vendors(tmp_path: Path) -> None:
    record = play(one(tmp_path), Clerk(new_world()))
    entered, won = facts_of(record, DealEntered)[0], facts_of(record, DealWon)[0]
    assert (entered.step, entered.verb) == (2, "crm.deal")
    assert entered.where.endswith("story.yaml:6")
    assert (entered.deal_id, entered.company_id, [line.id for line in entered.lines]) == ("d1", "c2", ["l0"])
    assert entered.lines[0].revenue_type == "Hardware"
    assert won.close_date == date(2026, 1, 12)


def test_the_first_close_date_stays_when_a_deal_is_won_again(tmp_path: Path) -> None:
    record = play(one(tmp_path, with_acts("{deal_won: Rollout, on: 2026-02-02}")), Clerk(new_world()))
    assert [fact.close_date for fact in facts_of(record, DealWon)] == [date(2026, 1, 12)] * 2


def test_people_act_under_their_own_names(tmp_path: Path) -> None:
    clerk = Clerk(new_world())
    text = with_acts(
        PAY.strip()[2:], "{books_closed: 2026-01-31, on: 2026-02-02}", "{bookkeeper_edits: Globex, phone: '1'}"
    )
    play(one(tmp_path, text), clerk)
    actors = {
        type(act).__name__: actor
        for family in ("crm", "accounting", "payments")
        for _, actor, act in clerk.world.fake(family).done
    }
    assert actors == {
        "Furnish": "setup", "CreateCompany": "sales", "CreateDeal": "sales", "WinDeal": "sales",
        "TakePayment": "customer", "ClosePeriod": "controller", "EditParty": "bookkeeper",
        "SchedulePayouts": "setup",
    }  # fmt: skip


def test_a_payment_names_the_invoice_by_the_ledgers_number(tmp_path: Path) -> None:
    clerk = Clerk(new_world())
    record = play(one(tmp_path, with_acts(PAY.strip()[2:])), clerk)
    (paid,) = facts_of(record, CustomerPaid)
    assert (paid.payment, paid.charge_id, paid.invoice_number, paid.deal) == ("P-1", "ch1", "1001", "Rollout")
    assert (paid.amount, paid.fee, paid.on) == (Money("1000.00", "USD"), Money("0.30", "USD"), date(2026, 1, 20))
    gateway = clerk.world.fake("payments")
    assert isinstance(gateway, Office)
    assert gateway.done[-1][2] == acts.TakePayment(
        amount=Money("1000.00", "USD"),
        customer_name="Globex",
        customer_reference="c2",
        method="card",
        description="Invoice 1001",
        references=(("invoice_number", "1001"),),
    )


def test_a_payment_without_reference_says_nothing_about_an_invoice(tmp_path: Path) -> None:
    clerk = Clerk(new_world())
    text = with_acts("{customer_pays: USD 5.00, customer: Globex, reference: none}")
    record = play(one(tmp_path, text), clerk)
    (paid,) = facts_of(record, CustomerPaid)
    assert (paid.invoice_number, paid.deal, paid.payment) == ("", "", "payment 1")
    assert clerk.world.fake("payments").done[-1][2].references == ()


def test_paying_an_invoice_that_was_never_made_is_a_fact_not_a_crash(tmp_path: Path) -> None:
    clerk = Clerk(new_world(), bills=False)
    record = play(one(tmp_path, with_acts(PAY.strip()[2:])), clerk)
    (impossible,) = facts_of(record, StepImpossible)
    assert impossible.amount == Money("1000.00", "USD")
    assert "the ledger has none" in impossible.what
    assert not facts_of(record, CustomerPaid)
    assert record.expectations  # the story went on


def test_an_act_the_system_refuses_is_a_fact_with_its_reason(tmp_path: Path) -> None:
    clerk = Clerk(new_world())
    clerk.world.fake("crm").refused = (acts.WinDeal,)
    record = play(one(tmp_path), clerk)
    (impossible,) = facts_of(record, StepImpossible)
    assert (impossible.what, impossible.verb, impossible.step) == ("not on a Monday", "crm.deal_won", 3)


WON = "{deal_won: Rollout, on: 2026-01-12}"


def test_a_refusal_that_the_story_tells_is_a_fact_of_its_own(tmp_path: Path) -> None:
    clerk = Clerk(new_world())
    clerk.world.fake("crm").refused = (acts.WinDeal,)
    record = play(one(tmp_path, STORY.replace(WON, WON[:-1] + ", refused: on a Monday}")), clerk)
    (refused,) = facts_of(record, SystemRefused)
    assert (refused.what, refused.because, refused.verb) == ("not on a Monday", "on a Monday", "crm.deal_won")
    assert not facts_of(record, DealWon)
    assert not facts_of(record, StepImpossible)


def test_what_is_done_although_it_had_to_be_refused_is_told_beside_its_fact(tmp_path: Path) -> None:
    record = play(one(tmp_path, STORY.replace(WON, WON[:-1] + ", refused: on a Monday}")), Clerk(new_world()))
    (missing,) = facts_of(record, RefusalMissing)
    assert (missing.because, missing.step) == ("on a Monday", 3)
    assert facts_of(record, DealWon)


def test_a_step_that_reaches_no_system_is_refused_by_none(tmp_path: Path) -> None:
    clerk = Clerk(new_world(), bills=False)
    text = with_acts("{customer_pays: USD 9.00, invoice_of: Rollout, refused: declined}")
    record = play(one(tmp_path, text), clerk)
    assert len(facts_of(record, StepImpossible)) == 1
    assert not facts_of(record, SystemRefused)
    assert not facts_of(record, RefusalMissing)


def test_a_world_that_cannot_be_prepared_is_a_fault_of_the_harness(tmp_path: Path) -> None:
    clerk = Clerk(new_world())
    clerk.world.fake("crm").refused = (acts.CreateDeal,)
    with pytest.raises(HarnessFault, match="cannot be prepared: not on a Monday"):
        play(one(tmp_path), clerk)


def test_what_a_fault_leaves_no_time_to_prepare_is_a_step_that_cannot_happen(tmp_path: Path) -> None:
    clerk = Clerk(new_world())
    clerk.world.fake("accounting").refused = (acts.ClosePeriod,)
    text = STORY.replace("when:\n", "  - {books_closed: 2025-12-31}\nwhen:\n")
    with pytest.raises(HarnessFault, match="cannot be prepared: not on a Monday"):
        play(one(tmp_path, text), clerk)
    clerk = Clerk(new_world())
    clerk.world.fake("accounting").refused = (acts.ClosePeriod,)
    jumped = Struck(fault=Fault(kind="clock_jump"), sequence=1, vendor="", operation="", acts="a month ended")
    with mock.patch.object(World, "struck", (jumped,)):
        record = play(one(tmp_path, text), clerk)
    assert [fact.what for fact in facts_of(record, StepImpossible)] == ["not on a Monday"]
    assert facts_of(record, DealWon)


def test_the_connector_works_until_it_is_at_rest_and_time_passes_between(tmp_path: Path) -> None:
    clerk = Clerk(new_world(), passes=4)
    record = play(one(tmp_path), clerk)
    (finished,) = facts_of(record, ConnectorFinished)
    assert (finished.passes, finished.at_rest) == (4, True)
    assert finished.at - facts_of(record, DealWon)[0].at == 3 * timedelta(minutes=1)


def test_a_connector_that_never_rests_is_stopped_at_the_cap_and_the_fact_says_so(tmp_path: Path) -> None:
    clerk = Clerk(new_world(), passes=10_000)
    (finished,) = facts_of(play(one(tmp_path), clerk), ConnectorFinished)
    assert (finished.passes, finished.at_rest) == (PASSES_CAP, False)


def test_bi_is_published_and_read_only_where_a_story_asks(tmp_path: Path) -> None:
    clerk, reader = Clerk(new_world()), Reader()
    play(one(tmp_path / "a"), clerk, reader)
    assert "publish" not in clerk.calls
    assert reader.asked == []
    asking = STORY + (
        "  - {metric: net_revenue, period: 2026-01, is: USD 4000.00}\n"
        "  - {metric_equals_ledger: billings, period: 2026-01}\n"
        "  - {metric: net_revenue, period: 2026-01, is: USD 4000.00}\n"
        "  - {reconciles: [ledger_to_bi]}\n"
    )
    clerk = Clerk(new_world())
    record = play(one(tmp_path / "b", asking), clerk, reader)
    assert clerk.calls == ["start", "work", "publish", "stop"]
    assert reader.asked == [(6, [("net_revenue", "2026-01"), ("billings", "2026-01")])]
    assert [reading.step for reading in record.bi] == [6]


def test_a_story_that_asks_for_bi_needs_a_reader(tmp_path: Path) -> None:
    clerk = Clerk(new_world())
    story = one(tmp_path, STORY + "  - {reconciles: [ledger_to_bi]}\n")
    with pytest.raises(HarnessFault, match="asks for BI"):
        play(story, clerk)


def test_claims_become_expectations_with_step_and_line(tmp_path: Path) -> None:
    text = STORY + "  - {metric: dso, period: 2026-01, is: 12.5 days}\n"
    record = play(one(tmp_path, text), Clerk(new_world()), Reader())
    count, metric = record.expectations
    assert isinstance(count, InvoiceCount)
    assert (count.step, count.deal, count.count, count.verb) == (5, "Rollout", 1, "invoicing.count")
    assert count.where.endswith("story.yaml:11")
    assert isinstance(metric, MetricIs)
    assert (str(metric.value), metric.unit) == ("12.5", "days")


def test_changes_are_recorded_as_complete_new_states(tmp_path: Path) -> None:
    line = "{product: Badge printer, unit_price: USD 1.00}"
    text = with_acts(
        "{exempt: Globex, in: [US-CA], certificate: CA-1, reason: School, until: 2026-12-31}",
        "{customer_renamed: Globex, to: Globex Ltd}",
        "{deal_changed: Rollout, discount: 5%}",
        f"{{deal_changed: Rollout, lines: [{line}, {line}]}}",
        "{deal_changed: Rollout, discount: 0%}",
    )
    text = text.replace("then:", "  - {bookkeeper_edits: Globex, phone: '555'}\n  - connector_restarts\nthen:")
    record = play(one(tmp_path, text), Clerk(new_world()))
    exempt, renamed = facts_of(record, CustomerChanged)
    assert [certificate.number for certificate in renamed.certificates] == ["CA-1"]
    assert (exempt.name, renamed.name, renamed.customer, renamed.region) == (
        "Globex",
        "Globex Ltd",
        "Globex",
        "US-CA-SF",
    )
    changes = facts_of(record, DealChanged)
    assert [change.discount_percent for change in changes] == [5, 5, None]
    assert [len(change.lines) for change in changes] == [1, 2, 2]
    (edited,) = facts_of(record, PartyEdited)
    assert (edited.party_id, edited.fields) == ("p1", (("phone", "555"),))
    assert len(facts_of(record, ConnectorRestarted)) == 1


def test_closing_is_a_fact(tmp_path: Path) -> None:
    record = play(one(tmp_path, with_acts("{books_closed: 2026-01-31, on: 2026-02-02}")), Clerk(new_world()))
    assert facts_of(record, BooksClosed)[0].until == date(2026, 1, 31)


def test_the_same_story_leaves_the_same_bytes_and_nothing_is_lost_in_them(tmp_path: Path) -> None:
    story = one(tmp_path, with_acts(PAY.strip()[2:]))
    first, second = (play(story, Clerk(new_world())) for _ in range(2))
    assert b"".join(lines(first)) == b"".join(lines(second))
    assert read(lines(first)) == first


def test_the_header_tells_under_which_conditions_the_run_took_place(tmp_path: Path) -> None:
    story = one(tmp_path, STORY.replace("today:", "tags: [money]\ntoday:"))
    header = play(story, Clerk(new_world())).header
    assert (header.story, header.line, header.tags, header.today) == ("A deal", 1, ("money",), date(2026, 1, 5))
    assert header.file.endswith("story.yaml")
    assert dict(header.stack) == {family: f"{family}-office" for family in FAMILIES}
    assert header.fingerprint == story.fingerprint
    assert header.dictionary.name == "tiny"
