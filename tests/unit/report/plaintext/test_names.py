from __future__ import annotations

import re
from string import printable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simharness.domain.books import Account
from simharness.report.plaintext.names import Names, account_component, entity_component, file_stem, link
from tests.unit.report.plaintext.samples import texts


def account(number: str, name: str) -> Account:
    return Account(id="1", number=number, name=name, kind="bank")


@given(st.lists(st.sampled_from(["a", "A", "a-2", "a-2-2", "b", "ß", "ss"]), max_size=12))
def test_no_two_takers_share_a_name_and_none_changes_later(wishes: list[str]) -> None:
    names = Names()
    given_names = [names.take(wish) for wish in wishes]
    assert len({name.casefold() for name in given_names}) == len(wishes)
    again = Names()
    assert [again.take(wish) for wish in wishes[:3]] == given_names[:3]


@pytest.mark.parametrize(
    ("number", "name", "component"),
    [
        ("1100", "Accounts receivable", "1100-Accounts-receivable"),
        ("1100", "Forderungen: Käufe & Löhne", "1100-Forderungen-Käufe-Löhne"),
        ("1100", "חשבון", "1100"),
        ("1100", "売上", "1100-売上"),
        ("", "bank", "Unnumbered-bank"),
        ("x.1", "", "No-x-1"),
        ("", "", "Unnumbered"),
    ],
)
def test_an_account_keeps_its_number_and_the_letters_that_run_from_left_to_right(
    number: str, name: str, component: str
) -> None:
    assert account_component(account(number, name)) == component


@given(texts, texts)
def test_any_account_and_entity_has_a_name_that_both_programs_accept(number: str, name: str) -> None:
    for component in (account_component(account(number, name)), entity_component(name)):
        assert re.fullmatch(r"[A-Z0-9][^\W_]*(-[^\W_]+)*", component) or not component.isascii()
        assert re.match("[A-Z0-9]", component)
        assert not re.search(r"[\s:;\"()]", component)


@given(texts, texts)
def test_different_documents_have_different_links(one: str, other: str) -> None:
    assert (link("invoice", one) == link("invoice", other)) == (one == other)
    assert re.fullmatch(r"invoice-[A-Za-z0-9_.-]*", link("invoice", one))


def test_a_link_names_the_kind_of_the_document() -> None:
    assert link("credit_memo", "17") == "credit-memo-17"
    assert link("", "17") == "document-17"


@given(texts)
def test_a_file_name_is_short_and_plain(story: str) -> None:
    stem = file_stem(story)
    assert re.fullmatch(r"[a-z0-9]([a-z0-9-]{0,98}[a-z0-9])?", stem)


def test_a_file_is_named_after_its_story() -> None:
    assert file_stem("Two deals, 19 % [übrig]") == "two-deals-19-ubrig"
    assert file_stem(printable[62:]) == "story"
