"""V14: any spoiled posting of a payroll is red, and says where."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from simharness.domain.evidence import Reject
from simharness.domain.fact import BooksClosed
from simharness.domain.finding import Judgement
from tests.unit.checks import builders as b
from tests.unit.checks import payday as p


def red(*spoiled: Any, **changes: Any) -> list[str]:
    """The keys of what V14 finds with the run's journal replaced."""
    return sorted(each.key for each in b.findings("V14", p.record(books=p.replacing("1", *spoiled), **changes)))


def test_a_journal_that_bears_the_register_passes() -> None:
    assert b.passes("V14", p.record())


def test_a_company_without_payroll_is_not_asked() -> None:
    assert b.result("V14", b.record()).judgement is Judgement.NOT_APPLICABLE


def test_no_run_is_not_exercised() -> None:
    story = p.record(books=(), people=p.payroll(p.run(status="calculated")), told=(b.rest(1, "2025-01-05"),))
    assert b.result("V14", story).judgement is Judgement.NOT_EXERCISED


def test_a_cost_on_another_account_is_seen_on_both() -> None:
    assert red(p.journal((4, p.cost("a6000", "100.00", "CC-10")))) == ["V14:r1:6000:CC-10", "V14:r1:6020:CC-10"]


def test_a_liability_of_another_agency_is_seen() -> None:
    assert red(p.journal((6, b.posting("a2130", "-216.00")))) == ["V14:r1:2130", "V14:r1:2140"]


def test_a_cost_of_another_centre_is_seen() -> None:
    assert red(p.journal((1, p.cost("a6000", "1200.00", "CC-10")))) == ["V14:r1:6000:CC-10", "V14:r1:6000:CC-30"]


def test_a_cost_without_centre_is_seen() -> None:
    assert red(p.journal((3, b.posting("a6010", "131.40")))) == ["V14:r1:6010", "V14:r1:6010:CC-30"]


def test_a_cent_is_seen_with_the_components_it_is_of() -> None:
    spoiled = p.journal((5, b.posting("a2130", "-1868.25")), (6, b.posting("a2140", "-216.01")))
    found = b.findings("V14", p.record(books=p.replacing("1", spoiled)))
    assert [each.key for each in found] == ["V14:r1:2130", "V14:r1:2140"]
    assert found[1].expected == "credit USD 216.00 (employer_tax us_tx_ui USD 216.00)"
    assert found[1].actual == "credit USD 216.01"
    assert found[1].at_risk == b.usd("0.01")
    assert found[1].message == "payroll 'January' stands in the books with another amount on 2140 Due to Texas"


def test_the_other_side_is_seen() -> None:
    spoiled = p.journal((7, b.posting("a2160", "300.00")), (8, b.posting("a2100", "-4611.37")))
    assert red(spoiled) == ["V14:r1:2100", "V14:r1:2160"]


def test_another_day_is_seen() -> None:
    found = b.the_finding("V14", p.record(books=p.replacing("1", p.journal(on="2025-02-01"))))
    assert (found.key, found.expected, found.actual) == ("V14:r1:date", "2025-01-31", "2025-02-01")


def test_the_day_of_the_cheque_counts_where_the_policy_says_so() -> None:
    later = p.payroll(p.run(cheque_on=b.day("2025-02-05")))
    assert b.passes("V14", p.record(people=later))
    assert red(p.journal(), people=later, terms={"journal_date": "cheque"}) == ["V14:r1:date"]


def test_a_missing_journal_is_seen() -> None:
    found = b.the_finding("V14", p.record(books=p.replacing("1")))
    assert (found.key, found.at_risk) == ("V14:r1:missing", b.usd("8976.00"))


def test_a_run_that_is_listed_as_refused_need_not_be_posted() -> None:
    story = p.record(books=p.replacing("1"), evidence=(refused(),))
    assert b.result("V14", story).judgement is Judgement.NOT_EXERCISED


def test_a_second_journal_is_seen() -> None:
    assert red(p.journal(), p.journal(id="9")) == ["V14:r1:further:9"]
    assert b.findings("V2", p.record(books=p.replacing("1", p.journal(), p.journal(id="9"))))


def test_a_journal_of_a_run_that_nobody_processed_is_seen() -> None:
    other = p.journal(id="9", note="gusto:payroll:r7")
    assert red(p.journal(), other) == ["V14:r7:unknown"]


def test_earnings_that_are_not_in_cash_are_booked_by_nobody() -> None:
    given = p.line("earning", "non_cash", "50.00", cash=False)
    cheque = p.ada(components=(*p.ada().components, given), gross=b.usd("5050.00"))
    assert b.passes("V14", p.record(people=p.payroll(p.run(cheques=(cheque, p.bob())))))


def spoilt() -> Iterator[Any]:
    """The journal with each of its lines on another account, of another centre, or a cent off."""
    for place, line in enumerate(p.journal().lines):
        yield p.journal((place, b.structs.replace(line, account="a1000")))
        yield p.journal((place, b.structs.replace(line, cost_centre="CC-99")))
        yield p.journal((place, b.structs.replace(line, amount=line.amount + b.usd("0.01"))))


@pytest.mark.parametrize("check", ["V14", "R5"])
def test_no_line_of_a_journal_can_be_spoilt_unseen(check: str) -> None:
    stories = [p.record(books=p.replacing("1", journal)) for journal in spoilt()]
    assert len(stories) == 30
    assert all(b.findings(check, story) for story in stories)


def retro(amount: str) -> Any:
    """January's run with retro pay for December beside the salary; net pay is as much more."""
    made_up = p.line("earning", "retro", amount, service_from=b.day("2024-12-01"), service_to=b.day("2024-12-31"))
    cheque = p.ada(
        components=(*p.ada().components, made_up), gross=b.usd("5000.00") + b.usd(amount),
        net=b.usd("4011.37") + b.usd(amount),
    )  # fmt: skip
    return p.payroll(p.run(cheques=(cheque, p.bob())))


WITH_RETRO = p.journal((0, p.cost("a6000", "6900.00", "CC-10")), (8, b.posting("a2100", "-4111.37")))


IN_DECEMBER = ["V14:r1:retro:2024-12:6000:CC-10"]


@pytest.mark.parametrize(("policy", "found"), [("current_period", []), ("service_period", IN_DECEMBER)])
def test_retro_pay_is_a_cost_of_the_month_that_the_policy_says(policy: str, found: list[str]) -> None:
    assert red(WITH_RETRO, people=retro("100.00"), terms={"retro": policy}) == found


@pytest.mark.parametrize(("policy", "found"), [("service_period", []), ("current_period", IN_DECEMBER)])
def test_retro_pay_in_its_own_month_passes_through_accrued_wages(policy: str, found: list[str]) -> None:
    accrued = b.entry(
        "journal", "8", "2024-12-31", p.cost("a6000", "100.00", "CC-10"), b.posting("a2120", "-100.00"),
        note="gusto:retro:r1:2024-12",
    )  # fmt: skip
    lines = (*p.journal().lines[:8], b.posting("a2100", "-4111.37"), p.journal().lines[9], b.posting("a2120", "100.00"))
    own = b.structs.replace(p.journal(), lines=lines)
    assert red(own, accrued, people=retro("100.00"), terms={"retro": policy}) == found


def test_retro_pay_of_a_closed_month_is_not_posted_into_it() -> None:
    closed = BooksClosed(**b.mark(0, "close.period_locked", "2025-01-10"), until=b.day("2024-12-31"))
    told = (closed, *p.facts())
    assert red(WITH_RETRO, people=retro("100.00"), terms={"retro": "service_period"}, told=told) == []


def test_a_run_of_a_closed_month_bears_the_first_open_day_and_no_later_one() -> None:
    closed = BooksClosed(**b.mark(0, "close.period_locked", "2025-01-26"), until=b.day("2025-01-31"))
    told = (closed, *p.facts())
    assert red(p.journal(on="2025-02-01"), told=told) == []
    assert red(p.journal(on="2025-02-02"), told=told) == ["V14:r1:date"]


def apart(note: str, on: str, first: str, second: str) -> tuple[Any, Any]:
    """The run with 100.00 of its wages in a further entry that bears a note, and the rest in its own."""
    lines = (*p.journal().lines[:8], b.posting("a2100", "-4111.37"), p.journal().lines[9], b.posting("a2120", first))
    further = b.entry("journal", "8", on, p.cost("a6000", first, "CC-10"), b.posting("a2120", f"-{first}"), note=note)
    return b.structs.replace(p.journal((0, p.cost("a6000", second, "CC-10"))), lines=(
        p.cost("a6000", second, "CC-10"), *lines[1:])), further  # fmt: skip


@pytest.mark.parametrize(
    ("on", "first_open", "found"),
    [
        ("2024-12-31", None, []),
        ("2024-11-30", None, ["V14:r1:retro-of:2024-12:date"]),
        ("2025-01-11", "2025-01-11", []),
        ("2025-01-12", "2025-01-11", ["V14:r1:retro-of:2024-12:date"]),
    ],
    ids=["in its month", "in another", "first open day", "a later day"],
)
def test_retro_pay_bears_a_day_of_its_month_or_the_first_open_one(
    on: str, first_open: str | None, found: list[str]
) -> None:
    told = p.facts()
    if first_open:
        told = (BooksClosed(**b.mark(0, "close.period_locked", "2025-01-10"), until=b.day("2025-01-10")), *told)
    own, further = apart("gusto:retro:r1:2024-12", on, "100.00", "6800.00")
    keys = red(own, further, people=retro("100.00"), terms={"retro": "service_period"}, told=told)
    assert [key for key in keys if key.startswith("V14:r1:retro-of")] == found


def test_a_run_is_not_posted_in_parts() -> None:
    """A part of the wages under the name of retro pay that nobody got, or of the run itself."""
    whole = p.record().header.connector
    named = b.structs.replace(
        whole,
        references=tuple(
            b.structs.replace(rule, pattern=r"^gusto:payroll:(?P<id>[^:]+)(?::(?P<state>\S+))?$")
            if rule.noun == "payroll" else rule
            for rule in whole.references
        ),
    )  # fmt: skip
    own, further = apart("gusto:retro:r1:2025-01", "2025-01-30", "100.00", "6700.00")
    own = b.structs.replace(own, lines=tuple(
        b.posting("a2100", "-4011.37") if line.account == "a2100" else line for line in own.lines))  # fmt: skip
    assert red(own, further) == ["V14:r1:retro-of:2025-01:6000:CC-10"]
    story = p.record(books=p.replacing("1", own, b.structs.replace(further, note="gusto:payroll:r1:2")))
    story = b.structs.replace(story, header=b.structs.replace(story.header, connector=named))
    assert [each.key for each in b.findings("V14", story)] == ["V14:r1:part:2"]


def test_a_run_that_was_refused_and_then_posted_must_be_there() -> None:
    row = b.log("gusto:payroll:r1", "quickbooks:journal:1", "8976.00", "k1")
    assert red(evidence=(refused(), row)) == ["V14:r1:missing"]


def refused() -> Any:
    return Reject(
        at=b.at("2025-01-27"), source="gusto:payroll:r1", code="unbalanced", reason="it does not add up",
        amount=b.usd("8976.00"),
    )  # fmt: skip


def counted(*entries: Any, **changes: Any) -> list[str]:
    """What V20 says of the payrolls of a story."""
    return [each.key for each in b.findings("V20", p.record(books=p.replacing("1", *entries), **changes))]


def test_payrolls_are_counted_and_summed_as_every_other_source() -> None:
    assert counted(p.journal()) == []
    assert counted() == ["V20:payrolls"]
    assert counted(p.journal(), p.journal(id="9")) == ["V20:payrolls"]
    assert counted(p.journal((0, p.cost("a6000", "6801.00", "CC-10")), (8, b.posting("a2100", "-4012.37")))) == [
        "V20:payrolls"
    ]
    assert counted(evidence=(refused(),)) == []


def test_a_journal_of_the_connector_that_says_of_nothing_what_it_is_of_is_seen() -> None:
    nameless = b.structs.replace(p.journal(), id="9", source_id="9", note="")
    assert counted(p.journal(), nameless) == ["V20:journal:9:source"]
    of_nothing = b.structs.replace(nameless, note="plaid:bank_line:B99")
    assert counted(p.journal(), of_nothing) == ["V20:journal:9:source"]
    of_people = b.structs.replace(nameless, created_by="Grace")
    assert counted(p.journal(), of_people) == []


@pytest.mark.parametrize("check", ["V14", "V20", "R5"])
def test_a_run_that_pays_nobody_anything_need_not_be_posted(check: str) -> None:
    """Nobody worked in the second half: there is nothing to post, and no ledger takes a journal of nothing."""
    nothing = p.run(
        id="r2", service_from=b.day("2025-02-01"), service_to=b.day("2025-02-15"),
        cheques=(p.ada(id="c9", gross=b.usd("0.00"), net=b.usd("0.00"), components=()),),
    )  # fmt: skip
    assert b.passes(check, p.record(people=p.payroll(p.run(), nothing)))
    paid = b.structs.replace(nothing, cheques=p.run().cheques)
    assert b.findings(check, p.record(people=p.payroll(p.run(), paid)))
