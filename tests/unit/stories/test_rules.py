"""Each rule has a name, and a mistake that breaks it and is told at its line, in words of finance, with the way out."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from simharness.stories.rules import RULES
from tests.repo import tree
from tests.unit.stories.company import STORY
from tests.unit.stories.gherkin.features import GOOD, changed, told

_TOTALS = 'Then the invoice of "Rollout" totals USD 3,910.50'
_WON = 'When the deal "Rollout" is won on 2026-01-12'
_LINES = """\
      | product       | quantity | unit price   | discount |
      | Badge printer | 1        | USD 4,000.00 | 10%      |
"""
_THENS = f'    {_TOTALS}\n    And metric "net revenue" for 2026-01 is USD 3,600.00\n'
_TOKEN = "4eC39HqLyjWDarjtT1zdp7dc"

#: What breaks which rule: the part that is replaced, by what, the line of the mistake, what is said, and the mend.
MISTAKES: dict[str, tuple[str, str, str, int, str, str]] = {
    "no keyword": ("gherkin", "    Then", "    Than", 15, "begins with no word of Gherkin: 'Than'", "mean 'Then'?"),
    "no colon": (
        "gherkin",
        "Scenario:",
        "Scenario",
        8,
        "begins with no word",
        "write a colon behind the word: Scenario:",
    ),
    "no feature": ("gherkin", "Feature: Won", "Won", 2, "does not begin with its feature", "begin with Feature:"),
    "two features": ("gherkin", "  Scenario:", "Feature:", 8, "a second feature", "keep one Feature: in a file"),
    "low background": ("gherkin", _THENS, _THENS + "  Background:\n", 17, "below a scenario", "above the first"),
    "examples alone": (
        "gherkin",
        "  Background:",
        "    Examples:\n  Background:",
        4,
        "would be read as a remark",
        "what stands above",
    ),
    "row alone": (
        "gherkin",
        "  Scenario:",
        "  Scenario: Another\n  | a |\n  Scenario:",
        9,
        "would be read as a remark",
        "below its step",
    ),
    "step alone": ("gherkin", "  Background:\n", "", 4, "would be read as a remark", "the Background:"),
    "first word": (
        "gherkin",
        "    Given the customer",
        "    Givn the customer",
        9,
        "read as a remark",
        "begin it with Given",
    ),
    "open text": ("gherkin", _TOTALS, _TOTALS + '\n      """', 16, "opened here and never closed", "close the text"),
    "tags at the end": ("gherkin", _THENS, _THENS + "  @close\n", 18, "something must follow", "or delete them"),
    "tag in a step": ("gherkin", "    When", "    @close\n    When", 14, "cannot stand here", "below a Scenario:"),
    "language": ("gherkin", "@money", "# language: xx\n@money", 1, "knows no language 'xx'", "# language: en, de"),
    "rows without an end": (
        "gherkin",
        _LINES,
        _LINES.replace("discount |", "discount").replace("10%      |", "10%"),
        11,
        "does not end in |",
        "end the row in |",
    ),
    "row without cells": (
        "gherkin",
        _THENS,
        f"{_THENS}    Examples:\n      |\n",
        18,
        "does not end in |",
        "end the row",
    ),
    "row too short": ("gherkin", "| 10%      |", "|", 12, "another number of cells", "as many cells as it has headers"),
    "nobody's sentence": (
        "unknown-sentence",
        "totals",
        "sums up to",
        15,
        "no sentence of the",
        "{invoice} totals {money}",
    ),
    "kinds are told": ("unknown-sentence", "totals", "sums up to", 15, "no sentence", "where {money} is an amount"),
    "no quotes": (
        "unknown-sentence",
        '"Rollout" is won',
        "Rollout is won",
        13,
        "no sentence",
        "the deal {string} is won",
    ),
    "a word": (
        "unknown-sentence",
        _TOTALS,
        'Then deal "Rollout" has exactly one invoice',
        15,
        "no sen",
        "{int} invoice(s)",
    ),
    "nothing like it": ("unknown-sentence", _TOTALS, "Then xyzzy", 15, "nothing is known", "simharness steps"),
    "unknown detail": ("unknown-sentence", _WON, _WON + ', colour "red"', 13, "takes no 'colour'", "close date"),
    "button": (
        "technical-word",
        _WON,
        'When I click the button "Won"',
        13,
        "'click' is a word of screens",
        "in the business",
    ),
    "request": ("technical-word", _WON, "When POST /deals is sent", 13, "'POST'", "what must be true in the books"),
    "answer": ("technical-word", _TOTALS, "Then the answer is 200 OK", 15, "'200 OK'", "in the books"),
    "page": ("technical-word", _TOTALS, "Then the page shows USD 3,910.50", 15, "'page'", "in the business"),
    "endpoint": ("technical-word", _TOTALS, "Then the endpoint returns JSON", 15, "'endpoint'", "in the books"),
    "api": ("technical-word", _WON, "When the api is called", 13, "'api'", "in the books"),
    "address": ("technical-word", _WON, "When https://crm.example is opened", 13, "'https://", "in the books"),
    "status code": ("technical-word", _TOTALS, "Then the status code is right", 15, "'status code'", "in the books"),
    "claim under when": ("wrong-keyword", "    Then", "    And", 15, "cannot stand under When", "put it under Then"),
    "act under given": ("wrong-keyword", "    When", "    Given", 13, "cannot stand under Given", "put it under When"),
    "act under then": ("wrong-keyword", _TOTALS, f"Then {_WON[5:]}", 15, "this checks nothing", "put it under When"),
    "scene under then": ("wrong-keyword", _TOTALS, "Then today is 2026-01-06", 15, "sets the scene", "under Given"),
    "no table": ("table", _LINES, "", 10, "the table below is missing", "columns product, "),
    "table too many": (
        "table",
        "its work\n",
        "its work\n      | a |\n      | b |\n",
        14,
        "the sentence takes none",
        "the sentence is",
    ),
    "headers only": ("table", _LINES.splitlines()[1] + "\n", "", 10, "the table has no rows", "at least one row"),
    "header": ("header", "unit price", "unit prise", 11, "no column 'unit prise'", "did you mean 'unit price'?"),
    "header twice": ("header", "discount |", "quantity |", 11, "is there twice", "leave one of them out"),
    "star": ("cell", "| 1        |", "| *        |", 12, "'*' says nothing of what is done", "write the value"),
    "text": (
        "text-below",
        "its work\n",
        'its work\n      """\n      a\n      """\n',
        14,
        "takes none",
        "the sentence is",
    ),
    "no examples": ("examples", "A deal is", "A <size> deal is", 8, "there are no examples", "add Examples:"),
    "empty examples": ("examples", _THENS, _THENS + "    Examples:\n      | a |\n", 17, "no rows", "at least one row"),
    "unknown value": (
        "examples",
        _THENS,
        f"    {_TOTALS[:-8]}<totl>\n    Examples:\n      | total |\n      | 1 |\n",
        15,
        "no column 'totl'",
        "did you mean 'total'?",
    ),
    "no currency": ("money", "totals USD 3", "totals 3", 15, "'3,910.50' has no currency", "USD 3,910.50"),
    "comma decimals": ("money", "USD 3,910.50", "EUR 1.200,00", 15, "comma before its decimals", "EUR 1,200.00"),
    "in a table": ("money", "USD 4,000.00", "4,000.00", 12, "unit price: '4,000.00' has no currency", "USD 4,000.00"),
    "behind": ("money", "USD 3,910.50", "1200.00 USD", 15, "is not an amount of money", "USD 1,200.00"),
    "foreign": ("money", "totals USD", "totals GBP", 15, "GBP in books that are kept in USD", "in USD"),
    "fine": ("money", "3,910.50", "3,910.505", 15, "finer than the smallest coin", "round"),
    "dots": ("date", "2026-01-12", "31.01.2026", 13, "'31.01.2026' is not a day", "2026-01-31"),
    "slashes": ("date", "2026-01-12", "1/31/2026", 13, "'1/31/2026' is not a day", "year-month-day: 2026-01-31"),
    "either way": ("date", "2026-01-12", "1/12/2026", 13, "is not a day", "for example 2026-01-31"),
    "words": ("date", "2026-01-12", "31 January 2026", 13, "'31 January 2026' is not a day", "2026-01-31"),
    "other words": ("date", "2026-01-12", "January 31, 2026", 13, "is not a day", "year-month-day: 2026-01-31"),
    "no such day": ("date", "2026-01-12", "2026-02-30", 13, "does not exist", "name a real day"),
    "month in words": ("period", "for 2026-01", "for January 2026", 16, "is not a period", "write it as 2026-01"),
    "month first": ("period", "for 2026-01", "for 01/2026", 16, "is not a period", "write it as 2026-01"),
    "no such month": ("period", "for 2026-01", "for 2026-13", 16, "is not a month", "2026-01"),
    "quantity": ("value", "| 1        |", "| one      |", 12, "quantity: 'one' is not a", "digits"),
    "metric": ("value", '"net revenue"', '"net revenu"', 16, "'net revenu' is no metric", "net revenue"),
    "no dictionary": (
        "missing",
        '    Given the dictionary "us-saas" is loaded\n    And',
        "    Given",
        7,
        "whose books",
        'Given the dictionary "us-saas" is loaded',
    ),
    "no day": ("missing", "    And today is 2026-01-05\n", "", 7, "which day it is", "Given today is 2026-01-05"),
    "no price": (
        "missing",
        _LINES,
        "      | product | quantity |\n      | Badge printer | 1 |\n",
        12,
        "'unit price' is not said",
        "write a column 'unit price'",
    ),
    "product": (
        "unknown-word",
        "Badge printer",
        "Badge printr",
        12,
        "unknown product",
        "did you mean 'Badge printer'?",
    ),
    "deal": (
        "unknown-word",
        '"Rollout" totals',
        '"Rollot" totals',
        15,
        "at this point of the scenario",
        "mean 'Rollout'?",
    ),
    "dictionary": ("unknown-word", '"us-saas"', '"us-sas"', 5, "there is no dictionary 'us-sas'", "mean 'us-saas'?"),
    "tag": ("unknown-tag", "@money", "@mony", 1, "unknown tag 'mony'", "did you mean 'money'?"),
    "form of a tag": (
        "unknown-tag",
        "@money",
        "@waiver:FIN-8",
        1,
        "not the form of a waiver",
        "waiver:FIN-812:2026-12-31",
    ),
    "waiver": ("expired-waiver", "@money", "@waiver:FIN-812:2026-01-04", 1, "FIN-812 ended on 2026-01-04", "renewed"),
    "no then": ("no-then", _THENS, "", 8, "the scenario claims nothing", "Then …"),
    "no steps": (
        "no-then",
        _THENS,
        _THENS + "\n  Scenario: Another\n",
        18,
        "the scenario has no steps",
        "must be true",
    ),
    "empty then": ("checks-nothing", _TOTALS, "Then", 15, "the step says nothing", "say it in a sentence"),
    "nothing checked": (
        "checks-nothing",
        _TOTALS,
        "Then the ledger posts:\n      | account | debit | credit |\n      | ~ | ~ | ~ |",
        15,
        "every cell of the table is ~",
        "~ is for the cells that do not matter",
    ),
    "idle": (
        "idle-connector",
        "    And the connector finishes its work\n",
        "",
        8,
        "never gets to work",
        "When the connector finishes its work",
    ),
    "back in time": (
        "time-order",
        "its work\n",
        'its work\n    And customer "Globex" pays USD 1.00 against the invoice of "Rollout" on 2026-01-11\n',
        15,
        "time goes back",
        "the order in which they happen",
    ),
    "twice": (
        "same-name",
        _THENS,
        _THENS + GOOD.partition("Background")[2].partition("\n\n")[2],
        17,
        "two scenarios are called",
        "line 8",
    ),
    "key": (
        "secret",
        "Won deals",
        f"Won deals\n  The key is sk_live_{_TOKEN}",
        3,
        "a key of a payment service",
        "stories need no keys",
    ),
    "cloud": (
        "secret",
        "Won deals",
        "Won deals\n  AKIA" + "IOSFODNN7EXAMPLE",
        3,
        "a key of a cloud account",
        "take it out",
    ),
    "signed token": (
        "secret",
        "Won deals",
        "Won deals\n  eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.abc",
        3,
        "a signed token",
        "take it out",
    ),
    "bearer": ("secret", "Won deals", f"Won deals\n  Bearer {_TOKEN}", 3, "a bearer token", "take it out"),
    "private key": (
        "secret",
        "Won deals",
        "Won deals\n  # -----BEGIN RSA " + "PRIVATE KEY-----",
        3,
        "a private key",
        "take it out",
    ),
    "password": ("secret", "Won deals", "Won deals\n  # password: hunter22", 3, "a password", "take it out"),
    "address with password": (
        "secret",
        "Won deals",
        "Won deals\n  # db://ann:hunter22@host",
        3,
        "a password in an address",
        "take it out",
    ),
    "long word": (
        "secret",
        "Won deals",
        "Won deals\n  # 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b",
        3,
        "a key or a token",
        "take it out",
    ),
    "person": (
        "personal-data",
        "Won deals",
        "Won deals\n  Her number is 078-05-1120",
        3,
        "a social security number",
        "the fakes make up",
    ),
    "account": (
        "personal-data",
        "Won deals",
        "Won deals\n  DE89 3704 0044 0532 0130 00",
        3,
        "the IBAN of a bank account",
        "the fakes",
    ),
    "card": ("personal-data", "Globex", "4242 4242 4242 4242", 9, "the number of a card", "the fakes make up"),
    "paid by another": (
        "story",
        "its work\n",
        'its work\n    And customer "Initech" pays USD 1.00 against the invoice of "Rollout"\n',
        15,
        "was sold to 'Globex'",
        'write customer "Globex"',
    ),
}
#: What is no good file at all, and what breaks rules only in YAML: the name of the file, its content, and what is said.
FILES: dict[str, tuple[str, str, bytes, str]] = {
    "utf-16": ("encoding", "a.feature", GOOD.encode("utf-16"), "is text in UTF-16, not in UTF-8"),
    "latin-1": ("encoding", "a.feature", GOOD.replace("Globex", "Müller").encode("latin-1"), "an older encoding"),
    "binary": ("encoding", "a.feature", GOOD.replace("Globex", "\0").encode(), "is not plain text"),
    "empty": ("no-story", "a.feature", b"", "holds no scenario"),
    "a feature only": ("no-story", "a.feature", b"Feature: Nothing yet\n", "holds no scenario"),
    "yaml": ("yaml", "a.yaml", STORY.replace("when:", "when: [").encode(), "is not well-formed YAML"),
}
#: What could read better: the part that is replaced, by what, the line, and what is said.
HINTS: dict[str, tuple[str, str, str, int, str]] = {
    "screen in a name": ("technical-name", "A deal is billed", "The deal page shows 200 OK", 8, "'page' is a word of"),
    "wire in a name": ("technical-name", "Won deals", "The invoice API", 2, "'API' is a word of screens and programs"),
    "long": (
        "length",
        "its work\n",
        "its work\n" + "    And the connector finishes its work\n" * 2,
        8,
        "the scenario has 8 steps",
    ),
    "background": (
        "background",
        "    And today is 2026-01-05\n",
        "    And today is 2026-01-05\n" * 4,
        4,
        "has 5 steps, more than 4",
    ),
    "blocks": (
        "when-blocks",
        _THENS,
        _THENS + '    When the connector finishes its work\n    Then deal "Rollout" has exactly 1 invoice\n',
        17,
        "a further block of When",
    ),
    "figures first": (
        "first-column",
        "USD 3,910.50\n" + _THENS.splitlines()[1] + "\n",
        "<total>\n    Examples:\n      | total |\n      | USD 3,910.50 |\n",
        17,
        "does not name the reason",
    ),
    "many": (
        "many-rows",
        "USD 3,910.50\n" + _THENS.splitlines()[1] + "\n",
        "<total>\n    Examples:\n      | case | total |\n"
        + "".join(f"      | case {n} of it | USD {n}.00 |\n" for n in range(1, 22)),
        17,
        "the examples have 21 rows",
    ),
}


@pytest.mark.parametrize(("rule", "good", "bad", "line", "what", "mend"), MISTAKES.values(), ids=MISTAKES.keys())
def test_a_mistake_is_told_at_its_line_with_the_way_out(
    rule: str, good: str, bad: str, line: int, what: str, mend: str, tmp_path: Path
) -> None:
    problems = told(tmp_path, changed(good, bad))
    mine = [each for each in problems if each.rule == rule or (rule == "story" and not each.rule)]
    assert mine, [(each.rule, str(each)) for each in problems]
    assert mine[0].where is not None
    assert mine[0].where.line == line
    assert what in mine[0].what
    assert mend in (mine[0].mend or "")
    for each in problems:
        # Keys, lists and braces are YAML, and people who write sentences do not know them.
        outside = re.sub(r"'[^'\n]*'|\"[^\"\n]*\"|\n +\d+ \|.*", "", str(each))
        assert not re.search(r"\b[a-z]+_[a-z]+\b|write [a-z]+: |the key out|under (?:given|when|then)\b", outside), str(
            each
        )


@pytest.mark.parametrize(("rule", "name", "content", "what"), FILES.values(), ids=FILES.keys())
def test_a_file_of_no_use_is_told(rule: str, name: str, content: bytes, what: str, tmp_path: Path) -> None:
    (problem, *_) = told(tmp_path, content, name=name)
    assert problem.rule == rule
    assert what in problem.what


@pytest.mark.parametrize(("target", "why"), [("a.feature", "Too many levels"), ("gone.feature", "No such file")])
def test_a_file_that_cannot_be_opened_is_told_beside_the_others(target: str, why: str, tmp_path: Path) -> None:
    (tmp_path / "a.feature").symlink_to(tmp_path / target)
    (problem,) = told(tmp_path, GOOD, name="b.feature")
    assert problem.rule == "unreadable"
    assert problem.what.startswith(f"cannot be read: {why}")


def test_an_ending_may_be_in_capitals(tmp_path: Path) -> None:
    (problem,) = told(tmp_path, changed("USD 3,910.50", "3,910.50"), name="A.FEATURE")
    assert problem.rule == "money"


def test_what_a_verb_says_of_its_words_has_no_keys(tmp_path: Path) -> None:
    monthly = _LINES.replace("discount |", "billing  |").replace("10%      |", "monthly  |")
    (problem,) = told(tmp_path, changed(_LINES, monthly))
    assert "line 1 is billed monthly: say recurring monthly, and from when" in problem.what


@pytest.mark.parametrize(("rule", "good", "bad", "line", "what"), HINTS.values(), ids=HINTS.keys())
def test_a_hint_is_told_where_it_is_asked_for(
    rule: str, good: str, bad: str, line: int, what: str, tmp_path: Path
) -> None:
    found = [each for each in told(tmp_path, changed(good, bad), hints=True) if each.rule == rule]
    assert [each.where.line for each in found if each.where] == [line]
    assert what in found[0].what
    assert not told(tmp_path, changed(good, bad))


def test_what_something_is_called_in_life_is_left_as_it_is(tmp_path: Path) -> None:
    assert told(tmp_path, GOOD.replace('"Rollout"', '"Login page and API migration"'), hints=True) == []


def test_a_good_feature_breaks_no_rule(tmp_path: Path) -> None:
    assert told(tmp_path, GOOD, hints=True) == []


def test_each_rule_has_a_mistake_that_breaks_it() -> None:
    broken = {row[0] for table in (MISTAKES, FILES, HINTS) for row in table.values()}
    elsewhere = {"unreadable", "dictionary", "ambiguous-sentence"}
    assert broken | elsewhere == {rule.name for rule in RULES}


def test_every_rule_that_the_code_names_is_one() -> None:
    named = {
        rule
        for path, text in tree.texts("src", suffix=".py")
        if "/stories/" in path
        for rule in re.findall(r'\brule="([\w-]+)"', text)
    }
    assert named - {rule.name for rule in RULES} == set()
