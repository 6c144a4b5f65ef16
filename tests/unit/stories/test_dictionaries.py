"""A dictionary resolves every reference inside itself, and a variant differs only in what it says."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from msgspec.structs import replace

from simharness.core.content import content_folder
from simharness.core.errors import ContentError
from simharness.domain.policy import DiscountPresentation, Rounding
from simharness.stories.dictionaries import load_dictionary, names_in, problems_of
from tests.unit.stories.company import DICTIONARY

SHIPPED = content_folder("scenarios") / "dictionaries"


def written(root: Path, text: str, name: str = "tiny") -> Path:
    path = root / f"{name}.yaml"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize("name", names_in(SHIPPED))
def test_every_shipped_dictionary_is_consistent(name: str) -> None:
    assert problems_of(SHIPPED / f"{name}.yaml") == []
    assert load_dictionary(SHIPPED / f"{name}.yaml").name == name


def test_the_rates_of_the_shipped_companies_are_those_of_the_worked_cases() -> None:
    us, eu = (load_dictionary(SHIPPED / f"{name}.yaml") for name in ("us-saas", "eu-saas"))
    francisco = next(code for code in us.tax_codes if code.name == "CA San Francisco")
    assert [part.percent for part in francisco.components if part.valid_until is None] == [
        Decimal("7.25"),
        Decimal("1.375"),
    ]
    percents = {code.name: [part.percent for part in code.components] for code in eu.tax_codes}
    assert (percents["DE 19"], percents["LU 15"], percents["IT 4"]) == ([19], [15], [4])
    assert percents["FI reduced"] == [Decimal(14), Decimal("13.5")]


def test_a_variant_differs_in_its_policy_only() -> None:
    base, contra = (load_dictionary(SHIPPED / f"{name}.yaml") for name in ("us-saas", "us-saas-contra"))
    assert contra.policy.discounts is DiscountPresentation.CONTRA
    assert contra.policy.cut_over == base.policy.cut_over
    assert contra.accounts == base.accounts
    assert load_dictionary(SHIPPED / "eu-saas-half-even.yaml").policy.rounding is Rounding.HALF_EVEN


def test_a_variant_of_the_people_side_says_what_differs_only() -> None:
    base, variant = (load_dictionary(SHIPPED / f"{name}.yaml") for name in ("us-people", "us-people-service-period"))
    assert base.payroll is not None
    assert variant.payroll == replace(base.payroll, retro="service_period")


WRONG = {
    "unknown key": ("version:", "versoin:", "unknown key 'versoin'", "'version'"),
    "unknown policy word": ("tax_model: us", "tax_model: usa", "'usa' is no valid 'tax_model'", "'us'"),
    "unknown rounding": ("tax_model: us", "rounding: half-up", "'half-up' is no valid 'rounding'", "half_up"),
    "unknown account": ('account: "4010"', 'account: "4011"', "unknown account '4011'", "'4010'"),
    "unknown revenue type": ("revenue_type: Hardware}", "revenue_type: Hardwear}", "unknown revenue type",
                             "'Hardware'"),
    "unknown tax code": ("code: CA San Francisco}]", "code: CA San Franzisco}]", "unknown tax code",
                         "'CA San Francisco'"),
    "unknown category": ("category: goods, code", "category: good, code", "unknown tax category 'good'", "'goods'"),
    "account kind": ("kind: income", "kind: incom", "'incom' is no valid 'kind'", "'income'"),
    "no receivable": (", role: receivable", "", "no account has the role 'receivable'", ""),
    "double role": ("kind: income}", "kind: income, role: receivable}", "two accounts have the role 'receivable'", ""),
    "double account": ('"4010", name: Hardware sales', '"2200", name: Hardware sales', "'2200' is listed twice", ""),
    "rates that overlap": ("valid_until: 2025-12-31", "valid_until: 2026-01-01", "two rates of San Francisco",
                           "day before"),
    "codes that overlap": ("[{category: goods, code: CA San Francisco}]",
                           ("[{category: goods, code: CA San Francisco},"
                           " {category: goods, code: CA San Francisco, valid_from: 2026-01-01}]"),
                           "two tax codes of goods in 'US-CA-SF' are valid on one day", "day before"),
    "impossible day": ("valid_from: 2026-01-01", "valid_from: 2026-02-31", "2026-02-31 does not exist", "real day"),
    "no currency": ("currency: USD", "currency: dollars", "'dollars' is no currency", "ISO"),
    "other name": ("name: tiny", "name: small", "calls itself 'small' in a file named tiny.yaml", "same name"),
    "unknown parent": ("name: tiny", "extends: tinier\nname: tiny", "no dictionary 'tinier' to extend", ""),
    "own parent": ("name: tiny", "extends: tiny\nname: tiny", "'tiny' extends itself", ""),
}  # fmt: skip


@pytest.mark.parametrize(("good", "bad", "what", "mend"), WRONG.values(), ids=WRONG.keys())
def test_a_contradiction_is_told_with_its_line(tmp_path: Path, good: str, bad: str, what: str, mend: str) -> None:
    assert good in DICTIONARY
    path = written(tmp_path, DICTIONARY.replace(good, bad))
    messages = problems_of(path)
    problem = next(problem for problem in messages if what in problem.what)
    assert mend in (problem.mend or "")
    assert problem.where is not None
    assert Path(problem.where.file).name == "tiny.yaml"
    assert problem.where.line > 0
    with pytest.raises(ContentError):
        load_dictionary(path)


def test_the_consistent_one_has_no_problem(tmp_path: Path) -> None:
    assert problems_of(written(tmp_path, DICTIONARY)) == []
