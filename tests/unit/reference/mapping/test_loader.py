"""A mapping folder is read whole or refused with the place of the fault."""

import shutil
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from simharness.reference import mapping as package
from simharness.reference.errors import ConfigurationError
from simharness.reference.mapping import load
from simharness.reference.mapping.model import Certificate

SHIPPED = Path(package.__file__).parent.parent / "mappings"


@pytest.mark.parametrize(
    "folder", sorted(file.parent for file in SHIPPED.rglob("company.yaml")), ids=lambda folder: folder.name
)
def test_every_shipped_mapping_loads_under_its_own_name(folder: Path) -> None:
    assert load(folder).company.company == folder.name


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return shutil.copytree(SHIPPED, tmp_path / "mappings") / "us-saas"


def replace(path: Path, old: str, new: str) -> int:
    """Change one place of a file; gives its line."""
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1
    path.write_text(text.replace(old, new), encoding="utf-8")
    return text[: text.index(old)].count("\n") + 1


@pytest.mark.parametrize(
    ("file", "old", "new", "says"),
    [
        ("company", "deal_edits: delta ", "deal_edits: sometimes ", "sometimes"),
        ("company", "time_zone: America/Los_Angeles", "time_zone: America/Atlantis", "not a time zone"),
        ("accounts", "tax_payable: {number", "tax_payable: {numbr", "numbr"),
        ("revenue", "Hardware: hardware_sales", "Hardware: hardwear", "hardwear"),
        ("products", "item: Badge roll, revenue_type: Hardware", "item: Badge roll, revenue_type: Ware", "Ware"),
        ("taxes", "US-TX-AUS:", "US-TX-AUS: # Austin", None),
        ("taxes", "    categories: {goods: TX Austin}", "    categories: {goods: TX Boston}", "TX Boston"),
        ("taxes", "percent: 6.5}", "percent: -6.5}", "-6.5"),
        ("terms", "Net 15: {term: Net 15, days: 15}", "Net 15: {term: Net 15, days: soon}", "soon"),
        ("fields", "  quantity: quantity", "  quantity: ''", ""),
        ("dimensions", "CC-20: Sales East", "CC-20: [Sales East]", "Sales East"),
    ],
)  # fmt: skip
def test_a_fault_is_told_with_file_and_line(folder: Path, file: str, old: str, new: str, says: str | None) -> None:
    path = folder / f"{file}.yaml"
    line = replace(path, old, new)
    if says is None:
        load(folder)  # a comment is no fault
        return
    with pytest.raises(ConfigurationError) as caught:
        load(folder)
    assert f"{path}:{line}" in str(caught.value)
    assert says in str(caught.value)


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("  Sales: CC-10\n", "  Sales: CC-99\n", "cost centre 'CC-99' is unknown"),
        ("  Salary: {code: salary}", "  Salary: {code: salary, account: pay}", "account 'pay' is not in accounts.yaml"),
        ("us_medicare, payee: IRS}", "us_medicare, payee: Nobody}", "payee 'Nobody' is unknown"),
        (
            "{code: garnishment, payee: Travis County}",
            "{code: garnishment, payee: Dallas}",
            "payee 'Dallas' is unknown",
        ),
        ("{account: texas_payable}", "{account: texas}", "account 'texas' is not in accounts.yaml"),
        ("retro: current_period ", "retro: some_period ", "some_period"),
    ],
)
def test_a_fault_of_the_people_side_is_told_with_file_and_line(folder: Path, old: str, new: str, says: str) -> None:
    path = folder.parent / "us-people" / "payroll.yaml"
    line = replace(path, old, new)
    with pytest.raises(ConfigurationError) as caught:
        load(path.parent)
    assert f"{path}:{line}" in str(caught.value)
    assert says in str(caught.value)


def test_a_payroll_needs_the_accounts_that_it_passes(folder: Path) -> None:
    path = folder.parent / "us-people" / "accounts.yaml"
    replace(path, "pay_cheques: {number", "paid_cheques: {number")
    with pytest.raises(ConfigurationError, match="no account has the role pay_cheques"):
        load(path.parent)


def test_a_folder_without_payroll_keeps_none(folder: Path) -> None:
    assert not load(folder).payroll.kept
    assert load(folder.parent / "us-people").payroll.kept


@pytest.mark.parametrize(
    ("variant", "old", "new", "says"),
    [
        ("us-saas-beside", "    deal: HubSpot deal {id}\n", "    deal: HubSpot deal\n", "does not match"),
        ("us-saas-beside", "    by: native_sync_beside\n", "    by: somebody\n", "somebody"),
        ("us-saas-beside", "    second: alert ", "    second: void_theirs ", "nobody permits to void"),
        ("us-saas", "  deal_edits: delta ", "  invoices: {by: billing_system}\n  deal_edits: delta ", "without deal"),
    ],
)
def test_what_is_said_of_other_programs_must_be_complete(
    folder: Path, variant: str, old: str, new: str, says: str
) -> None:
    path = folder.parent / variant / "company.yaml"
    replace(path, old, new)
    with pytest.raises(ConfigurationError) as caught:
        load(folder.parent / variant)
    assert str(path) in str(caught.value)
    assert says in str(caught.value)


def test_broken_yaml_is_told_with_its_line(folder: Path) -> None:
    path = folder / "terms.yaml"
    path.write_text("Net 30: {term: Net 30, days: 30}\nNet 60: {term\n", encoding="utf-8")
    with pytest.raises(ConfigurationError, match=r"terms\.yaml:[23]: not YAML"):
        load(folder)


def test_a_missing_file_and_a_missing_folder_are_named(folder: Path) -> None:
    (folder / "revenue.yaml").unlink()
    with pytest.raises(ConfigurationError, match=r"revenue\.yaml"):
        load(folder)
    with pytest.raises(ConfigurationError, match="no such mapping folder"):
        load(folder.parent / "nowhere")


def test_a_variant_takes_the_rest_from_what_it_extends(folder: Path) -> None:
    base, variant = load(folder), load(folder.parent / "us-saas-contra")
    assert variant.company.policies.discounts == "contra"
    assert variant.company.policies.cut_over == base.company.policies.cut_over == date(2026, 1, 1)
    assert variant.taxes == base.taxes


def test_a_copy_of_a_variant_that_lies_elsewhere_extends_what_comes_with_the_connector(folder: Path) -> None:
    copy = folder.parent / "elsewhere" / "mine"
    shutil.copytree(folder.parent / "us-saas-contra", copy)
    assert load(copy).taxes == load(folder).taxes
    replace(copy / "company.yaml", "extends: us-saas", "extends: us-sass")
    with pytest.raises(ConfigurationError, match=r"company\.yaml:\d+: there is no mapping folder 'us-sass' to extend"):
        load(copy)


def test_a_variant_says_of_a_file_only_what_differs(folder: Path) -> None:
    base, variant = load(folder), load(folder.parent / "us-saas-ast")
    rates = variant.taxes.codes["CA San Francisco"].rates
    assert [rate.percent for rate in rates] == [Decimal("7.25"), Decimal("1.25")]
    assert variant.taxes.codes["TX Austin"] == base.taxes.codes["TX Austin"]
    assert variant.taxes.regions == base.taxes.regions


def test_a_fault_of_a_variant_is_told_where_it_is_said(folder: Path) -> None:
    own, base = folder.parent / "us-saas-ast" / "taxes.yaml", folder / "taxes.yaml"
    line = replace(own, "percent: 7.25}", "percent: seven}")
    with pytest.raises(ConfigurationError) as caught:
        load(own.parent)
    assert str(caught.value).startswith(f"{own}:{line}: ")
    replace(own, "percent: seven}", "percent: 7.25}")
    line = replace(base, "    categories: {goods: TX Austin}", "    categories: {goods: TX Boston}")
    with pytest.raises(ConfigurationError) as caught:
        load(own.parent)
    assert str(caught.value).startswith(f"{base}:{line}: ")


def test_the_digest_names_the_content_whoever_holds_it(folder: Path) -> None:
    before = load(folder.parent / "us-saas-contra").digest
    replace(folder / "taxes.yaml", "percent: 6.25}", "percent: 6.2}")
    assert load(folder.parent / "us-saas-contra").digest != before


def test_numbers_are_exact(folder: Path) -> None:
    rates = load(folder).taxes.codes["CA San Francisco"].rates
    assert [rate.percent for rate in rates] == [Decimal("7.25"), Decimal("1.25"), Decimal("1.375")]


CERTIFICATE = Certificate(
    number="SF-1",
    jurisdictions=("US-CA", "US-NY-NYC"),
    reason="Resale",
    valid_from=date(2026, 1, 1),
    valid_until=date(2026, 1, 31),
)


@pytest.mark.parametrize(
    ("region", "day", "exempts"),
    [
        ("US-CA-SF", date(2026, 1, 31), True),
        ("US-CA", date(2026, 1, 1), True),
        ("US-NY-NYC", date(2026, 1, 15), True),
        ("US-NY", date(2026, 1, 15), False),
        ("US-CAX", date(2026, 1, 15), False),
        ("US-TX-AUS", date(2026, 1, 15), False),
        ("US-CA-SF", date(2026, 2, 1), False),
        ("US-CA-SF", date(2025, 12, 31), False),
    ],
)
def test_a_certificate_exempts_in_its_jurisdictions_on_its_days_only(region: str, day: date, exempts: bool) -> None:
    assert CERTIFICATE.covers(region, day) is exempts


def test_rates_follow_the_day(folder: Path) -> None:
    mapping = load(folder)

    def percent(day: date) -> Decimal:
        return mapping.treatment("Badge printer", "US-WA-SEA", None, day).percent

    assert percent(date(2026, 3, 31)) == Decimal("10.35")
    assert percent(date(2026, 4, 1)) == Decimal("10.55")


def test_codes_follow_the_day(folder: Path) -> None:
    mapping = load(folder.parent / "ee-saas")
    days = (date(2025, 6, 30), date(2025, 7, 1))
    assert [mapping.treatment("Visitor kiosk", "EE", None, day).code for day in days] == ["EE 22", "EE 24"]
    assert [mapping.treatment("Access handbook", "EE", None, day).code for day in days] == ["EE 9", "EE 9"]


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("goods: [{code: EE 22, valid_until: 2025-06-30}", "goods: [{code: EE 22}", "two tax codes of goods"),
        ("goods: [{code: EE 22,", "goods: [{code: EE 20,", "tax code 'EE 20' is unknown"),
    ],
)
def test_codes_of_one_category_follow_one_another(folder: Path, old: str, new: str, says: str) -> None:
    path = folder.parent / "ee-saas" / "taxes.yaml"
    line = replace(path, old, new)
    with pytest.raises(ConfigurationError) as caught:
        load(path.parent)
    assert says in str(caught.value)
    assert f"taxes.yaml:{line}" in str(caught.value)


def test_an_exempt_product_says_why_even_with_a_certificate(folder: Path) -> None:
    mapping = load(folder)
    treatment = mapping.treatment("Hearing loop kit", "US-NY-NYC", CERTIFICATE, date(2026, 1, 15))
    assert (treatment.rates, treatment.reason) == ((), "Assistive device")
