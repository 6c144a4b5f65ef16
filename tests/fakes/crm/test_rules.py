"""The CRM family's rules, each figure worked out by hand."""

from __future__ import annotations

from decimal import Decimal

import pytest

from simharness.core.errors import UsageError
from simharness.core.rng import Rng
from simharness_fakes.crm.lines import LineTerms, amounts, per_unit
from simharness_fakes.crm.merging import merged_values
from simharness_fakes.crm.people import AWKWARD, People, domain_of
from simharness_fakes.crm.stages import Passage, Stage, StageKind, passage

D = Decimal


def stage(name: str, kind: StageKind) -> Stage:
    return Stage(id=name, label=name, order=0, kind=kind, probability="0.5")


OPEN, LATER = stage("open", StageKind.OPEN), stage("later", StageKind.OPEN)
WON, WON_TOO, LOST = stage("won", StageKind.WON), stage("paid", StageKind.WON), stage("lost", StageKind.LOST)


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (None, OPEN, Passage.MOVED),
        (None, WON, Passage.WON),
        (OPEN, LATER, Passage.MOVED),
        (OPEN, WON, Passage.WON),
        (LOST, WON, Passage.WON),
        (WON, WON, Passage.NONE),
        (WON, WON_TOO, Passage.MOVED),
        (WON, OPEN, Passage.REOPENED),
        (LOST, OPEN, Passage.REOPENED),
        (WON, LOST, Passage.LOST),
        (OPEN, LOST, Passage.LOST),
    ],
)
def test_only_the_way_into_a_won_stage_is_winning(before: Stage | None, after: Stage, expected: Passage) -> None:
    assert passage(before, after) is expected


@pytest.mark.parametrize(
    ("terms", "currency", "before", "discount", "net"),
    [
        # 3 × 0.335 = 1.005, half a cent up: 1.01.
        (LineTerms(quantity=D(3), unit_price=D("0.335")), "USD", "1.01", "0.00", "1.01"),
        # 430 × 4.60 = 1978.00; 7.5 % of it is 148.35.
        (
            LineTerms(quantity=D(430), unit_price=D("4.60"), discount_percent=D("7.5")),
            "EUR", "1978.00", "148.35", "1829.65",
        ),
        # 40 off each of ten.
        (LineTerms(quantity=D(10), unit_price=D(450), discount_each=D(40)), "USD", "4500.00", "400.00", "4100.00"),
        (LineTerms(quantity=D(3), unit_price=D(4000), discount_whole=D(100)), "USD", "12000.00", "100.00", "11900.00"),
        # The percentage counts before a discount a unit.
        (
            LineTerms(quantity=D(2), unit_price=D(100), discount_percent=D(10), discount_each=D(50)),
            "USD", "200.00", "20.00", "180.00",
        ),
        # Yen have no decimals: 3 × 33.5 = 100.5 → 101; 10 % of it 10.1 → 10.
        (LineTerms(quantity=D(3), unit_price=D("33.5"), discount_percent=D(10)), "JPY", "101", "10", "91"),
    ],
)  # fmt: skip
def test_a_line_is_rounded_before_its_percentage_is_taken(
    terms: LineTerms, currency: str, before: str, discount: str, net: str
) -> None:
    found = amounts(terms, currency)
    assert (str(found.before), str(found.discount), str(found.net)) == (before, discount, net)


@pytest.mark.parametrize(
    ("discount", "quantity", "expected"),
    [("100", "4", "25.000000"), ("100", "3", None), ("0.01", "8", "0.001250"), ("5", "0", None)],
)
def test_a_discount_a_unit_is_exact_or_not_at_all(discount: str, quantity: str, expected: str | None) -> None:
    found = per_unit(D(discount), D(quantity), 6)
    assert (None if found is None else str(found)) == expected


def test_a_merge_takes_only_what_the_survivor_lacks() -> None:
    taken = merged_values({"name": "Globex", "phone": ""}, {"name": "Globex Inc", "phone": "1", "city": "Ulm", "x": ""})
    assert taken == {"phone": "1", "city": "Ulm"}


def test_the_same_number_invents_the_same_people_and_a_copy_goes_on_with_them() -> None:
    one, two = People(Rng(3), "de_DE"), People(Rng(3), "de_DE")
    assert [one.person("a.example") for _ in range(4)] == [two.person("a.example") for _ in range(4)]
    copy = one.fork()
    assert [one.person("a.example") for _ in range(7)] == [copy.person("a.example") for _ in range(7)]
    assert People(Rng(4), "de_DE").person("a.example") != People(Rng(3), "de_DE").person("a.example")


def test_an_unknown_locale_is_named() -> None:
    with pytest.raises(UsageError, match="zz_ZZ"):
        People(Rng(1), "zz_ZZ").person("a.example")


@pytest.mark.parametrize("locale", ["de_DE", "fr_FR", "ja_JP", "pl_PL", "ar_SA", "he_IL"])
def test_people_live_in_any_locale_that_faker_has(locale: str) -> None:
    source = People(Rng(1), locale)
    person, address = source.person("a.example"), source.address()
    assert all((person.first_name, person.last_name, person.phone, address.street, address.city, address.postcode))


def test_every_so_many_people_have_an_awkward_name_and_nobody_shares_an_address() -> None:
    source = People(Rng(3), "en_US", awkward_every=2)
    people = [source.person("a.example") for _ in range(2 * len(AWKWARD))]
    assert [(p.first_name, p.last_name) for p in people[1::2]] == list(AWKWARD)
    assert len({p.email for p in people}) == len(people)
    assert all(p.email.isascii() for p in people)


def test_a_company_of_any_alphabet_has_a_domain() -> None:
    assert domain_of("Globex Café & Söhne") == "globex-cafe-sohne.example"
    assert domain_of("株式会社") == "company.example"
