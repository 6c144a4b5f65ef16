"""What is not shipped is refused by name, and every figure that is has a source."""

from __future__ import annotations

from decimal import Decimal

import pytest

from simharness.checks.payroll import Laws
from simharness.core.errors import UsageError


def test_a_year_without_tables_is_refused_by_name(laws: Laws) -> None:
    with pytest.raises(UsageError, match="2031"):
        laws.of(2031)


def test_head_of_household_of_2026_is_refused_by_name(laws: Laws) -> None:
    with pytest.raises(UsageError, match=r"2026.*head_of_household"):
        laws.of(2026).status("head_of_household")


def test_a_state_without_data_is_refused_by_name(laws: Laws) -> None:
    with pytest.raises(UsageError, match="NY"):
        laws.of(2025).bands_in("NY")


def test_a_deduction_that_nobody_described_is_refused_by_name(laws: Laws) -> None:
    with pytest.raises(UsageError, match="union_dues"):
        laws.cut_by("union_dues")


@pytest.mark.parametrize(
    ("year", "code", "upto"),
    [
        (2025, "us_social_security", "176100"), (2026, "us_social_security", "184500"), (2025, "us_futa", "7000"),
        (2025, "us_tx_ui", "9000"), (2025, "us_ca_ui", "7000"), (2025, "us_ca_ett", "7000"),
    ],
)  # fmt: skip
def test_wage_bases_are_those_of_the_rules(year: int, code: str, upto: str, laws: Laws) -> None:
    law = laws.of(year)
    bands = [band for band in (*law.bands_in("TX"), *law.bands_in("CA")) if band.code == code]
    assert bands
    assert {band.upto for band in bands} == {Decimal(upto)}


@pytest.mark.parametrize(("year", "rate"), [(2025, "0.012"), (2026, "0.013")])
def test_the_disability_insurance_of_california_has_its_rate_of_the_year(year: int, rate: str, laws: Laws) -> None:
    assert [band.rate for band in laws.of(year).states["CA"] if band.code == "us_ca_sdi"] == [Decimal(rate)]


def test_what_the_rules_take_from_secondary_sources_is_not_called_sure(laws: Laws) -> None:
    law = laws.of(2026)
    doubted = [band.code for band in law.bands_in("CA") if not band.sure]
    assert not law.income_tax.sure
    assert doubted == ["us_social_security", "us_social_security", "us_ca_sdi"]
    assert all(band.sure for band in laws.of(2025).bands_in("CA"))
