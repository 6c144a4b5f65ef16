"""A first feature of every template checks clean whatever is said of it, and runs green."""

from __future__ import annotations

from pathlib import Path

import pytest

from simharness.core.errors import UsageError
from simharness.stories.dictionaries import load_dictionary
from simharness.stories.discovery import lint
from simharness.stories.first.templates import First, firsts
from simharness.stories.first.words import default_amount, default_name, words_for
from tests.repo import tree

FIRSTS = firsts()
IDS = [f"{each.area} {each.what}" for each in FIRSTS]
FOLDER = tree.ROOT / "scenarios" / "dictionaries"


def written(first: First, folder: Path, dictionary: str = "", amount: str = "", owner: str = "") -> Path:
    books = load_dictionary(FOLDER / f"{dictionary or ('us-people' if first.employs else 'us-saas')}.yaml")
    words = words_for(books, default_name(first), amount or default_amount(first, books), owner)
    path = folder / f"{first.what}.feature"
    path.write_text(first.filled(words), encoding="utf-8")
    return path


@pytest.mark.parametrize("first", FIRSTS, ids=IDS)
def test_a_template_checks_clean(first: First, tmp_path: Path) -> None:
    assert [str(problem) for problem in lint([written(first, tmp_path, owner="ar")])] == []


@pytest.mark.parametrize(
    "first", [each for each in FIRSTS if not each.employs], ids=lambda each: f"{each.area} {each.what}"
)
@pytest.mark.parametrize("dictionary", ["eu-saas", "jp-saas", "kw-saas"])
def test_a_template_checks_clean_in_other_currencies(first: First, dictionary: str, tmp_path: Path) -> None:
    assert [str(problem) for problem in lint([written(first, tmp_path, dictionary)])] == []


def test_there_is_a_template_for_every_area_that_a_team_begins_with() -> None:
    assert {first.area for first in FIRSTS} >= {"billing", "payments", "taxes", "payroll", "close", "bi", "faults"}


def test_parts_add_up_to_the_amount_to_the_cent() -> None:
    books = load_dictionary(FOLDER / "us-saas.yaml")
    words = words_for(books, "Globex", "USD 100.01", "")
    assert (words["part"], words["rest"], words["nothing"]) == ("USD 50.00", "USD 50.01", "USD 0.00")


@pytest.mark.parametrize(
    ("customer", "amount", "owner", "what"),
    [
        ("Globex", "100", "", "has no currency"),
        ("Globex", "EUR 5.00", "", "another currency"),
        ("Globex", "USD 0.01", "", "no amount to begin with"),
        ("Globex", "USD 5.001", "", "no amount to begin with"),
        ('Glo"bex', "USD 5.00", "", "no name for a feature"),
        ("Globex", "USD 5.00", "A R", "form of a owner"),
    ],
)
def test_what_no_feature_can_have_is_told(customer: str, amount: str, owner: str, what: str) -> None:
    books = load_dictionary(FOLDER / "us-saas.yaml")
    with pytest.raises(UsageError, match=what):
        words_for(books, customer, amount, owner)
