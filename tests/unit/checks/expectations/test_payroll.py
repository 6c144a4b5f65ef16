"""Expectations on pay turn red for every stated word that does not hold."""

from __future__ import annotations

from typing import Any

import pytest

from simharness.domain.claims import JournalEqualsRegister
from simharness.domain.connector import ReferenceRule
from simharness.domain.expectation import (
    NetPayIs,
    NobodyIdentified,
    PayrollJournalIs,
    PostingLine,
    RegisterLine,
    RegisterShows,
    YearToDateShows,
)
from simharness.domain.finding import Judgement
from simharness.domain.personal import Sighting, Watch
from tests.unit.checks import builders as b
from tests.unit.checks import payday
from tests.unit.checks.expectations import test_documents as documents


def said(kind: Any, **stated: Any) -> Any:
    return b.structs.replace(documents.said(kind, **stated), step=10)


def posting(account: str, amount: str, cost_centre: str | None = None) -> PostingLine:
    return PostingLine(account=account, amount=b.usd(amount), cost_centre=cost_centre)


JOURNAL = (
    posting("6000 Salaries and wages", "6800.00", "CC-10"),
    posting("6000 Salaries and wages", "1200.00", "CC-30"),
    posting("6010 Employer payroll taxes", "744.60", "CC-10"),
    posting("6010 Employer payroll taxes", "131.40", "CC-30"),
    posting("6020", "100.00"),
    posting("2130", "-1868.26"),
    posting("2140", "-216.00"),
    posting("2160", "-300.00"),
    posting("2100", "-4011.37"),
    posting("2110", "-2580.37"),
)


def journal(*lines: PostingLine, **stated: Any) -> Any:
    return said(PayrollJournalIs, payroll="January", lines=lines, **stated)


def net(employee: str, amount: str, payroll: str = "January") -> Any:
    return said(NetPayIs, employee=employee, payroll=payroll, amount=b.usd(amount))


def register(kind: str, amount: str, **narrowed: Any) -> Any:
    line = RegisterLine(kind=kind, amount=b.usd(amount), **narrowed)
    return said(RegisterShows, payroll="January", lines=(line,))


def year(employee: str, of: int, **sums: str) -> Any:
    told = tuple((name.replace("employer_", "employer ", 1), b.usd(amount)) for name, amount in sums.items())
    return said(YearToDateShows, employee=employee, year=of, sums=told)


@pytest.mark.parametrize(
    "expectation",
    [
        net("Ada", "4011.37"),
        net("Bob", "2580.37"),
        register("earning", "8000.00"),
        register("earning", "6800.00", cost_centre="CC-10"),
        register("earning", "1200.00", cost_centre="CC-30", code="salary"),
        register("employer_tax", "131.40", cost_centre="CC-30"),
        register("employee_tax", "596.26", code="us_federal_income_tax"),
        register("employee_tax", "0.00", cost_centre="CC-10"),
        register("garnishment", "0.00"),
        register("net", "6591.74"),
        year("Ada", 2025, gross="5000.00", net="4011.37", us_social_security="310.00", employer_us_futa="30.00"),
        year("Ada", 2025, retirement_401k="200.00", us_futa="0.00"),
        year("Bob", 2025, employer_us_social_security="186.00", salary="3000.00"),
        year("Ada", 2026, gross="0.00"),
        journal(*JOURNAL),
        journal(*JOURNAL[::-1], dated=b.day("2025-01-31")),
        journal(posting("6000", "8000.00"), posting("6010", "876.00"), *JOURNAL[4:]),
    ],
)
def test_what_is_true_passes(expectation: Any) -> None:
    assert documents.judged(expectation, payday.record()).judgement is Judgement.PASSED


@pytest.mark.parametrize(
    ("expectation", "expected", "actual"),
    [
        (net("Ada", "4011.38"), "USD 4,011.38", "USD 4,011.37"),
        (net("Bob", "0.00"), "USD 0.00", "USD 2,580.37"),
        (net("Ada", "4011.37", "February"), "February", "no such run"),
        (register("earning", "6800.00", cost_centre="CC-30"), "USD 6,800.00", "USD 1,200.00"),
        (register("deduction", "0.00"), "USD 0.00", "USD 200.00"),
        (register("net", "4011.37"), "USD 4,011.37", "USD 6,591.74"),
        (year("Ada", 2025, us_social_security="620.00"), "USD 620.00", "USD 310.00"),
        (year("Ada", 2026, gross="5000.00"), "USD 5,000.00", "USD 0.00"),
        (journal(*JOURNAL, dated=b.day("2025-01-29")), "2025-01-29", "2025-01-31"),
        (
            journal(*JOURNAL[:4], *JOURNAL[5:]),
            "6020 Employee benefits CC-10 USD 0.00",
            "6020 Employee benefits CC-10 USD 100.00",
        ),
        (
            journal(posting("6000", "8000.00", "CC-10"), *JOURNAL[2:]),
            "6000 Salaries and wages CC-10 USD 8,000.00; 6000 Salaries and wages CC-30 USD 0.00",
            "6000 Salaries and wages CC-10 USD 6,800.00; 6000 Salaries and wages CC-30 USD 1,200.00",
        ),
        (
            journal(*JOURNAL[:-1], posting("2100", "-2580.37")),
            "2100 Payroll clearing USD -6,591.74; 2110 Pay cheques outstanding USD 0.00",
            "2100 Payroll clearing USD -4,011.37; 2110 Pay cheques outstanding USD -2,580.37",
        ),
    ],
)
def test_what_does_not_hold_is_found(expectation: Any, expected: str, actual: str) -> None:
    found = documents.wrong(expectation, payday.record())
    assert (found.expected, found.actual) == (expected, actual)


def test_a_second_journal_of_a_run_is_found_and_counts() -> None:
    twice = payday.record(books=(*payday.entries(), payday.journal(id="9")))
    result = documents.judged(journal(*JOURNAL), twice)
    first, second = result.findings
    assert (first.expected, first.actual) == ("one journal", "2 journals")
    assert "USD 13,600.00" in second.actual


def test_a_journal_that_names_another_run_is_not_this_ones() -> None:
    other = payday.record(books=payday.replacing("1", payday.journal(note="gusto:payroll:r2")))
    assert documents.wrong(journal(*JOURNAL), other).message == "'January' has no journal"
    assert documents.judged(journal(), other).judgement is Judgement.PASSED


def test_retro_pay_of_another_month_is_an_entry_of_its_own() -> None:
    lines = (b.posting("a6000", "400.00", cost_centre="CC-10"), b.posting("a2100", "-400.00"))
    retro = b.entry("journal", "8", "2024-12-31", *lines, note="gusto:retro:r1:2024-12")
    posted = (posting("6000", "400.00", "CC-10"), posting("2100", "-400.00"))
    story = payday.record(books=(*payday.entries(), retro))
    assert documents.judged(journal(*posted, retro="2024-12"), story).judgement is Judgement.PASSED
    assert documents.judged(journal(*JOURNAL), story).judgement is Judgement.PASSED
    assert documents.wrong(journal(*posted, retro="2024-11"), story).message == "'January' has no journal"


def test_two_states_of_the_books_are_told_apart() -> None:
    nothing = payday.record(books=payday.replacing("1"))
    assert documents.judged(journal(), nothing).judgement is Judgement.PASSED
    assert documents.wrong(journal(), payday.record()).expected.startswith("6000 Salaries and wages")


def watched(*seen: Sighting, canaries: tuple[tuple[str, int], ...] = (("name", 2),)) -> b.RunRecord:
    sinks = (("ledger", 7), ("alert", 0), ("operations", 1), ("dead_letter", 1))
    return payday.record(watches=(Watch(canaries=canaries, sinks=sinks, sightings=seen),))


def sighting(sink: str, field: str = "name", subject: str = "e1") -> Sighting:
    return Sighting(subject=subject, field=field, sink=sink, place="row 4")


def test_nobody_is_identified_where_nothing_was_seen() -> None:
    story = watched(sighting("files"))
    claim = said(NobodyIdentified, systems=("ledger", "alerts", "error_queue"))
    assert documents.judged(claim, story).judgement is Judgement.PASSED


@pytest.mark.parametrize(
    ("system", "sink"),
    [("ledger", "ledger"), ("alerts", "operations"), ("alerts", "alert"), ("error_queue", "dead_letter")],
)
def test_who_is_identified_is_a_finding_that_names_field_and_place_only(system: str, sink: str) -> None:
    story = watched(sighting(sink), sighting(sink, "bank_account"), sighting(sink, subject="e2"))
    found = documents.wrong(said(NobodyIdentified, systems=(system,)), story)
    assert found.actual == "name, bank account at row 4 and 2 more"
    assert found.objects == ("person:e1", "person:e2")


def test_a_claim_about_nobody_or_about_what_was_not_looked_at_does_not_pass() -> None:
    claim = said(NobodyIdentified, systems=("bi",))
    assert documents.wrong(claim, watched()).message == "nothing of bi was looked at"
    assert documents.wrong(claim, watched(canaries=())).expected == "somebody to look for"
    assert documents.wrong(claim, payday.record()).expected == "somebody to look for"


def test_what_was_taken_back_before_it_was_paid_is_no_journal_of_the_run() -> None:
    rule = ReferenceRule(
        noun="payroll", field="note", pattern=r"^gusto:payroll:(?P<id>\w+)(?::(?P<state>[\d:]*(?:cancelled)?))?$"
    )
    turned = tuple(b.structs.replace(line, amount=-line.amount) for line in payday.journal().lines)
    undone = b.entry("journal", "9", "2025-01-31", *turned, note="gusto:payroll:r1:cancelled")
    again = payday.journal(id="10", note="gusto:payroll:r1:2")

    def judged(claim: Any, *entries: Any) -> Judgement:
        story = payday.record(books=(*payday.entries(), *entries))
        connector = b.structs.replace(story.header.connector, references=(rule, *payday.REFERENCES[1:]))
        header = b.structs.replace(story.header, connector=connector)
        return documents.judged(claim, b.structs.replace(story, header=header)).judgement

    assert judged(journal(), undone) is Judgement.PASSED
    assert judged(journal(*JOURNAL), undone) is Judgement.FOUND
    assert judged(journal(*JOURNAL), undone, again) is Judgement.PASSED
    assert judged(journal(), undone, again) is Judgement.FOUND


def tie_out(by: str, payroll: str = "January") -> Any:
    return said(JournalEqualsRegister, payroll=payroll, by=by)


@pytest.mark.parametrize("by", ["account", "cost centre"])
@pytest.mark.parametrize("payroll", ["January", "2025-01"])
def test_a_journal_that_is_its_register_passes(by: str, payroll: str) -> None:
    assert documents.judged(tie_out(by, payroll), payday.record()).judgement is Judgement.PASSED


def test_a_journal_posted_twice_is_twice_its_register() -> None:
    twice = payday.record(books=(*payday.entries(), payday.journal(id="9")))
    result = documents.judged(tie_out("cost centre"), twice)
    shown = [(each.expected, each.actual) for each in result.findings]
    assert shown == [("USD 7,644.60", "USD 15,289.20"), ("USD 1,331.40", "USD 2,662.80")]


def test_a_journal_without_its_employer_taxes_is_not_the_register() -> None:
    (first, *rest) = payday.journal().lines
    short = b.structs.replace(payday.journal(), lines=(b.structs.replace(first, amount=b.usd("6800.01")), *rest))
    found = documents.wrong(tie_out("account"), payday.record(books=payday.replacing("1", short)))
    assert found.message == "the journal of 'January' is not its register for 6000 Salaries and wages"
    assert (found.expected, found.actual) == ("USD 8,000.00", "USD 8,000.01")


def test_a_run_without_journal_is_no_register_tied_out() -> None:
    assert documents.wrong(tie_out("account"), payday.record(books=())).actual == "none"


def test_a_month_of_two_payrolls_asks_for_a_name() -> None:
    more = payday.calculated(payroll="Second", payroll_id="r9")
    facts = (*payday.facts()[:-1], more, payday.facts()[-1])
    several = b.structs.replace(payday.record(), facts=tuple(sorted(facts, key=lambda fact: fact.step)))
    found = documents.wrong(net("Ada", "4011.37", "2025-01"), several)
    assert found.message == "2025-01 has several payrolls: name the one that is meant"


def test_a_month_without_payroll_is_told() -> None:
    assert documents.wrong(net("Ada", "4011.37", "2025-02"), payday.record()).actual == "no such run"
