"""A dictionary is told with every word of it that a sentence can name."""

from __future__ import annotations

import pytest

from simharness.report.dictionary import described, listing
from simharness.stories.dictionaries import load_dictionary, names_in, preface
from tests.repo import tree

FOLDER = tree.ROOT / "scenarios" / "dictionaries"


@pytest.mark.parametrize("name", names_in(FOLDER))
def test_every_word_of_a_dictionary_is_told(name: str) -> None:
    dictionary = load_dictionary(FOLDER / f"{name}.yaml")
    lines = list(described(dictionary, *preface(FOLDER / f"{name}.yaml")))
    told = "\n".join(lines)
    words = [f"  {each.number} {each.name}: " for each in dictionary.accounts]
    words += [f"  {each.name}: " for each in (*dictionary.products, *dictionary.terms, *dictionary.tax_codes)]
    words += [f"  {each.code} {each.name}" for each in (*dictionary.regions, *dictionary.cost_centres)]
    words += [f"  {each.code} {each.name}" for each in (*dictionary.departments, *dictionary.locations)]
    words += [f"  {each.name}: " for each in (dictionary.payroll.schedules if dictionary.payroll else ())]
    assert [word for word in words if f"\n{word}" not in told] == []
    assert f"books in {dictionary.currency}" in lines[0]
    assert max(map(len, lines)) <= 120


def test_what_is_special_of_a_company_is_told() -> None:
    saas = "\n".join(described(load_dictionary(FOLDER / "us-saas.yaml"), "", "It sells."))
    assert "tax codes; tax is rounded for each authority of a tax code by itself" in saas
    assert "  US-OR Oregon: nothing" in saas
    assert "  2/10 Net 30: 30 days, 2 % off within 10" in saas
    assert "  Badge printer: goods, 4010 Hardware sales" in saas
    assert "pay schedules" not in saas
    currencies = described(load_dictionary(FOLDER / "us-saas-currencies.yaml"), "us-saas", "")
    assert "  USD, EUR, GBP" in list(currencies)


def test_the_list_says_of_each_what_it_is_about_and_whose_variant_it_is() -> None:
    paths = [FOLDER / f"{name}.yaml" for name in ("us-saas", "us-people")]
    first, *_, last = listing((load_dictionary(path), *preface(path)) for path in paths)
    assert first.startswith("us-saas    USD  A United States company that sells hardware")
    assert last.endswith("(as us-saas)")
    assert all(preface(path)[1] for path in FOLDER.glob("*.yaml"))
