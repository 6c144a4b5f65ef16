"""A run is read by the mapping: sums by cost centre and by payee, and nothing that tells who was paid."""

from __future__ import annotations

from decimal import Decimal

import msgspec
import pytest

from simharness.reference.errors import Rejected
from simharness.reference.payroll.reading import cheques, read, told
from simharness.reference.payroll.run import REGULAR, REVERSAL, Run
from tests.unit.reference.payroll.told import ADA, BOB, CHEQUE, ID, ROWS, payroll, receipt, report, rules, turned


def run() -> Run:
    return read(told(payroll(), receipt()), report(), rules())


def test_costs_are_summed_by_component_and_cost_centre() -> None:
    found = {(each.code, each.cost_centre, each.month): each.amount for each in run().costs}
    assert found == {
        ("salary", "CC-10", ""): Decimal("3000.00"),
        ("salary", "CC-30", ""): Decimal("2000.00"),
        ("retro", "CC-30", "2026-01"): Decimal("100.00"),
        ("us_social_security", "CC-10", ""): Decimal("186.00"),
        ("us_social_security", "CC-30", ""): Decimal("130.20"),
        ("us_medicare", "CC-10", ""): Decimal("43.50"),
        ("us_medicare", "CC-30", ""): Decimal("30.45"),
        ("us_tx_ui", "CC-10", ""): Decimal("81.00"),
        ("us_tx_ui", "CC-30", ""): Decimal("56.70"),
        ("employer_401k_match", "CC-10", ""): Decimal("90.00"),
        ("reimbursement", "CC-10", ""): Decimal("40.00"),
    }


def test_everybody_is_owed_what_is_taken_and_added_for_them() -> None:
    found = [(each.kind, each.code, each.payee, each.amount) for each in run().owed]
    assert ("employee_tax", "us_federal_income_tax", "IRS", Decimal("500.00")) in found
    assert ("employer_tax", "us_tx_ui", "Texas Workforce Commission", Decimal("137.70")) in found
    assert found[-3:] == [
        ("employer_benefit", "employer_401k_match", "Lone Star Retirement", Decimal("90.00")),
        ("deduction", "retirement_401k", "Lone Star Retirement", Decimal("180.00")),
        ("garnishment", "garnishment", "Travis County", Decimal("50.00")),
    ]


def test_a_run_tells_its_days_and_what_the_provider_collects() -> None:
    found = run()
    assert (found.id, found.kind, found.trace) == (ID, REGULAR, "1A2B3C4D")
    assert [str(d) for d in (found.service_from, found.service_to, found.debit_on, found.cheque_on)] == [
        "2026-02-01", "2026-02-15", "2026-02-11", "2026-02-13",
    ]  # fmt: skip
    assert (found.net_debit, found.tax_debit, found.by_cheque) == (
        Decimal("2330.50"), Decimal("1418.00"), Decimal("1689.35"),
    )  # fmt: skip


def test_nobody_is_named_in_what_is_kept_of_a_run() -> None:
    text = msgspec.json.encode(run()).decode()
    for personal in (ADA, BOB, "Lovelace", "Order 4711"):
        assert personal not in text


def test_a_reversal_is_the_exact_negative() -> None:
    back, there = read(told(*turned()[:2]), turned()[2], rules()), run()
    assert back.kind == REVERSAL
    assert [-each.amount for each in back.costs] == [each.amount for each in there.costs]
    assert [-each.amount for each in back.owed] == [each.amount for each in there.owed]
    assert (-back.net_debit, -back.tax_debit, -back.by_cheque) == (there.net_debit, there.tax_debit, there.by_cheque)


@pytest.mark.parametrize(
    ("place", "cell", "name", "code", "says"),
    [
        (0, 2, "Support", "no_cost_centre", "'Support'"),
        (0, 1, "Relocation", "unknown_earning", "'Relocation'"),
        (2, 1, "Back pay (2026-01)", "unknown_earning", "'Back pay'"),
        (9, 1, "Gym", "unknown_benefit", "'Gym'"),
        (11, 1, "Gym", "unknown_benefit", "'Gym'"),
    ],
)
def test_what_the_mapping_does_not_know_is_refused_by_name(
    place: int, cell: int, name: str, code: str, says: str
) -> None:
    rows = [list(row) for row in ROWS]
    rows[place][cell] = name
    with pytest.raises(Rejected, match=says) as caught:
        read(told(payroll(), receipt()), report(rows), rules())
    assert caught.value.code == code


def test_a_tax_that_the_mapping_does_not_know_is_refused() -> None:
    known = rules().taxes
    few = rules(taxes={name: known[name] for name in known if name != "Federal income tax"})
    with pytest.raises(Rejected, match="the tax 'Federal income tax'") as caught:
        read(told(payroll(), receipt()), report(), few)
    assert caught.value.code == "unknown_tax"


def test_a_garnishment_is_refused_without_the_name_of_its_order() -> None:
    with pytest.raises(Rejected) as caught:
        read(told(payroll(), receipt()), report(), rules(garnishments=None))
    assert "4711" not in caught.value.reason


def test_a_pay_cheque_is_known_by_the_pay_stub_of_its_run() -> None:
    asked = []

    def stubs(person: str) -> list[dict[str, str]]:
        asked.append(person)
        return [{"uuid": "0" * 32, "payroll_uuid": "another"}, {"uuid": CHEQUE, "payroll_uuid": ID}]

    (found,) = cheques(told(payroll(), receipt()), stubs)
    assert (found.number, found.person, found.net) == ("5A801450", BOB, Decimal("1689.35"))
    assert asked == [BOB]


def test_cheques_that_are_taken_back_are_nobodys_to_cash() -> None:
    def no_stubs(person: str) -> list[dict[str, str]]:
        raise AssertionError(f"nobody asks for the stubs of {person}")

    assert cheques(told(*turned()[:2]), no_stubs) == []
