from __future__ import annotations

from simharness.core.money import Money
from simharness.domain.finding import Finding, Severity
from simharness.report.explaining.figures import amounts, difference_text, figures_table


def finding(expected: str, actual: str, at_risk: str = "") -> Finding:
    return Finding(
        check="V6", severity=Severity.MONEY, key="V6:x", message="off", expected=expected, actual=actual,
        at_risk=Money.parse(at_risk) if at_risk else None,
    )  # fmt: skip


def test_figures_of_the_same_names_stand_beside_each_other_with_their_differences() -> None:
    table = figures_table(finding("tax USD 144.17, total USD 3,715.79", "tax USD 137.91, total USD 3,709.53"))
    assert table is not None
    assert table.rows == (
        ("tax", "USD 144.17", "USD 137.91", "USD -6.26"),
        ("total", "USD 3,715.79", "USD 3,709.53", "USD -6.26"),
    )


def test_figures_of_other_names_stay_in_their_words() -> None:
    expected, actual = "CA San Francisco USD 144.17 on USD 1,671.62", "TX Austin USD 137.91 on USD 1,671.62"
    table = figures_table(finding(expected, actual))
    assert table is not None
    assert table.columns == ("", "expected", "actual")
    assert table.rows == (("", expected, actual),)


def test_one_amount_on_either_side_has_a_difference_whatever_it_is_called() -> None:
    table = figures_table(finding("deals in the CRM: USD 10.00", "documents in the ledger: USD 12.50"))
    assert table is not None
    assert table.rows[0][3] == "USD +2.50"


def test_the_difference_is_the_actual_figure_less_the_expected_one() -> None:
    assert difference_text(finding("USD 410.00", "USD 400.00")).startswith("USD -10.00, ")
    assert difference_text(finding("USD -1,010.00", "USD -1,000.00")).startswith("USD +10.00, ")
    assert difference_text(finding("JPY 1000", "JPY 1,001")).startswith("JPY +1, ")


def test_where_no_two_amounts_are_compared_it_is_what_is_in_question_or_nothing() -> None:
    assert difference_text(finding("paid", "open", "USD 7.00")) == "USD 7.00 in question"
    assert difference_text(finding("USD 1.00", "EUR 1.00", "USD 1.00")) == "USD 1.00 in question"
    assert difference_text(finding("paid", "open")) == "none in money: what differs is no amount"


def test_what_only_looks_like_money_is_none() -> None:
    assert amounts("invoice ABC 12.30.1 and usd 4") == []
    assert amounts("KWD 1.250; then USD -3,000.00") == [
        ("", Money.parse("KWD 1.250")), ("then", Money.parse("USD -3000.00")),
    ]  # fmt: skip
