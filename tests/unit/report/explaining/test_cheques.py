"""Ada's cheque of the worked payroll: 5,000.00 less 200.00, 406.13, 310.00 and 72.50 are 4,011.37."""

from __future__ import annotations

from typing import Any

from simharness.domain.expectation import Expectation, NetPayIs, RegisterLine, RegisterShows
from simharness.domain.record import RunRecord
from simharness.report.explaining import explanation
from simharness.report.explaining.explanation import Table
from tests.unit.checks import builders as b
from tests.unit.checks import payday
from tests.unit.checks.builders import usd

NET = NetPayIs(step=10, verb="payroll.net_pay_of", where="a.yaml:9", employee="Ada", payroll="January", amount=usd("1"))


def cheques(claim: Expectation, **changes: Any) -> list[Table]:
    record: RunRecord = b.structs.replace(payday.record(**changes), expectations=(claim,))
    (finding,) = (each for result in b.judge(record) if result.check == claim.verb for each in result.findings)
    tables = explanation(record, finding).tables
    return [each for each in tables if isinstance(each, Table) and each.title.startswith("the cheque of")]


def test_net_pay_shows_the_cheque_from_gross_to_net() -> None:
    (table,) = cheques(NET)
    assert table.title == "the cheque of 'Ada' in payroll 'January'"
    assert table.rows == (
        ("salary", "", "USD 5,000.00"),
        ("gross", "", "USD 5,000.00"),
        ("less 401(k)", "", "USD 200.00"),
        ("less us_federal_income_tax", "USD 4,800.00", "USD 406.13"),
        ("less us_social_security", "USD 5,000.00", "USD 310.00"),
        ("less us_medicare", "USD 5,000.00", "USD 72.50"),
        ("net", "", "USD 4,011.37"),
    )


def test_sums_of_the_register_show_all_cheques_and_what_the_employer_pays() -> None:
    line = RegisterLine(kind="employer_tax", amount=usd("1.00"))
    claim = RegisterShows(step=10, verb="payroll.register_of", where="a.yaml:9", payroll="January", lines=(line,))
    first, second = cheques(claim)
    assert first.rows[7:9] == (
        ("the employer pays us_social_security", "USD 5,000.00", "USD 310.00"),
        ("the employer pays us_medicare", "USD 5,000.00", "USD 72.50"),
    )
    assert second.title == "the cheque of 'Bob' in payroll 'January'"


def test_how_a_bonus_was_taxed_is_said_and_why_not_flat() -> None:
    told = tuple(
        b.structs.replace(each, supplemental="flat") if each.verb == "payroll.payroll_run" else each
        for each in payday.facts()
    )
    said = "the cheque of 'Ada' in payroll 'January'; income tax on supplemental pay: "
    why = ", since flat needs regular pay from which income tax was withheld this year or the last"
    for method, title in (("flat", f"{said}flat"), ("aggregate", f"{said}aggregate{why}")):
        run = payday.run(cheques=(payday.ada(supplemental=method),))
        (table,) = cheques(NET, people=payday.payroll(run), told=told)
        assert table.title == title
