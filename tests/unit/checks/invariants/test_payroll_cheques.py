"""V15: a cheque that does not add up, that nobody's terms call for, or that a year does not count, is red."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from simharness.domain.finding import Judgement
from simharness.domain.payroll_facts import PayChanged, PayrollCancelled, PayrollReversed
from tests.unit.checks import builders as b
from tests.unit.checks import payday as p


def red(**changes: Any) -> list[str]:
    return sorted(each.key for each in b.findings("V15", p.record(**changes)))


def with_line(code: str, kind: str, amount: str, **changes: Any) -> Any:
    """Ada's cheque with one amount replaced, all else as it was."""
    lines = tuple(
        b.structs.replace(each, amount=b.usd(amount)) if (each.kind, each.code) == (kind, code) else each
        for each in p.ada().components
    )
    return p.ada(components=lines, **changes)


def paying(cheque: Any) -> Any:
    """A payroll of this cheque beside Bob's, whose year to date follows it."""
    return p.payroll(p.run(cheques=(cheque, p.bob())), years_to_date=(p.year(cheque), p.year(p.bob())))


def test_cheques_by_the_terms_of_the_story_pass() -> None:
    assert b.passes("V15", p.record())


def test_a_run_that_was_cancelled_is_paid_as_it_was_run_again_and_not_made_up_for() -> None:
    """A raise between the two is a raise of the cheque: nothing was paid before that it would make up for."""
    cancelled = PayrollCancelled(**b.mark(5, "payroll.cancelled", "2025-01-27", 19), payroll="January", payroll_id="r1")
    first = p.hired(1, "Ada", "e1", "48000.00")
    raised = PayChanged(
        **b.mark(5, "people.pay_changed", "2025-01-27", 20), employee="Ada", employee_id="e1",
        from_day=b.day("2024-01-01"), basis="salary", pay=b.usd("60000.00"),
    )  # fmt: skip
    told = (first, *p.facts()[1:5], cancelled, raised, p.calculated(), *p.facts()[4:])
    assert b.passes("V15", p.record(told=told))
    unheard = (*told[:5], *told[6:])
    assert not b.passes("V15", p.record(told=unheard))


def test_a_company_without_payroll_is_not_asked() -> None:
    assert b.result("V15", b.record()).judgement is Judgement.NOT_APPLICABLE


def test_a_net_that_the_lines_do_not_leave_is_seen() -> None:
    found = b.findings("V15", p.record(people=paying(p.ada(net=b.usd("4011.38")))))
    assert found[0].key == "V15:r1:e1:net"
    assert (found[0].expected, found[0].actual) == ("USD 4,011.37", "USD 4,011.38")
    assert found[0].message == "the cheque of 'Ada' in payroll 'January' does not add up to its net"


def test_a_gross_that_is_not_the_sum_of_earnings_is_seen() -> None:
    assert "V15:r1:e1:gross" in red(people=paying(p.ada(gross=b.usd("4800.00"))))


@pytest.mark.parametrize(
    ("kind", "code", "amount", "net"),
    [
        ("employee_tax", "us_federal_income_tax", "406.12", "4011.38"),
        ("employee_tax", "us_social_security", "297.60", "4023.77"),
        ("employer_tax", "us_futa", "28.80", "4011.37"),
        ("employer_benefit", "employer_401k_match", "200.00", "4011.37"),
    ],
)
def test_a_component_that_adds_up_and_is_not_the_law_is_seen(kind: str, code: str, amount: str, net: str) -> None:
    keys = red(people=paying(with_line(code, kind, amount, net=b.usd(net))))
    assert f"V15:r1:e1:{kind}-{code}" in keys
    assert not any(key.endswith("e2") or ":e2:" in key for key in keys)


def test_a_component_of_another_cost_centre_is_seen() -> None:
    halves = tuple(b.structs.replace(split, share=Decimal("0.5")) for split in p.bob().splits)
    keys = red(people=p.payroll(p.run(cheques=(p.ada(), p.bob(splits=halves)))))
    assert "V15:r1:e2:earning-salary-of-CC-10" in keys
    assert "V15:r1:e2:employer_tax-us_futa-of-CC-30" in keys


def test_shares_that_are_not_whole_are_seen() -> None:
    cheque = p.bob(splits=p.bob().splits[:1])
    assert "V15:r1:e2:splits" in red(people=p.payroll(p.run(cheques=(p.ada(), cheque))))


def test_a_cheque_that_is_missing_is_seen() -> None:
    keys = red(people=p.payroll(p.run(cheques=(p.ada(),)), years_to_date=(p.year(p.ada()),)))
    assert keys == ["V15:r1:e2:cheque"]


def test_a_raise_that_was_told_and_not_paid_is_seen() -> None:
    told = PayChanged(
        **b.mark(3, "payroll.pay_changed", "2025-01-02"), employee="Ada", employee_id="e1", basis="salary",
        from_day=b.day("2025-01-01"), pay=b.usd("72000.00"),
    )  # fmt: skip
    facts = sorted((*p.facts(), told), key=lambda fact: fact.step)
    assert "V15:r1:e1:earning-salary" in red(told=tuple(facts))


def test_a_year_to_date_that_is_not_the_sum_of_the_cheques_that_stand_is_seen() -> None:
    short = p.year(with_line("us_social_security", "employee_tax", "309.99"))
    found = b.the_finding("V15", p.record(people=p.payroll(years_to_date=(short, p.year(p.bob())))))
    assert (found.key, found.at_risk) == ("V15:e1:2025", b.usd("0.01"))
    assert (found.expected, found.actual) == (
        "employee_tax us_social_security USD 310.00", "employee_tax us_social_security USD 309.99"
    )  # fmt: skip
    assert red(people=p.payroll(years_to_date=(p.year(p.bob()),)))


def reversal(**changes: Any) -> Any:
    """Ada's cheque taken back; `changes` to the cheque that does so."""
    lines = tuple(
        b.structs.replace(each, amount=-each.amount, base=None if each.base is None else -each.base)
        for each in p.ada().components
    )
    given = {"id": "c3", "components": lines, "gross": -p.ada().gross, "net": -p.ada().net, "reverses": "c1"}
    back = p.run(id="r2", kind="reversal", reverses="r1", cheques=(p.ada(**given | changes),))
    return p.payroll(p.run(), back, years_to_date=(p.year(p.bob()),))


TAKEN_BACK = PayrollReversed(
    **b.mark(10, "payroll.payroll_reversed", "2025-02-04"), payroll="Back", payroll_id="r2", reverses="r1", reason="",
    net_debit=b.usd("-4011.37"), tax_debit=b.usd("-1336.13"), debit_on=b.day("2025-02-06"), reference="2A2B3C4D",
    employee_ids=("e1",),
)  # fmt: skip


def test_a_reversal_leaves_the_exact_negative_and_the_year_as_if_it_had_never_been() -> None:
    told = (*p.facts(), TAKEN_BACK)
    assert red(told=told, people=reversal()) == []
    still = b.structs.replace(reversal(), years_to_date=(p.year(p.ada()), p.year(p.bob())))
    assert "V15:e1:2025" in red(told=told, people=still)
    short = reversal(net=b.usd("-4011.36"))
    assert "V15:r2:e1:net" in red(told=told, people=short)
