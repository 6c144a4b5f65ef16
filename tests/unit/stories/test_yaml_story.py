"""A story that cannot be played is refused where it is wrong, with the word that would be right."""

from __future__ import annotations

from datetime import date, time
from decimal import Decimal
from pathlib import Path

import pytest

from simharness.core.errors import ContentError
from simharness.core.money import Money
from simharness.stories import discovery
from simharness.stories.vocabulary import crm
from simharness.stories.words import Percent
from tests.unit.stories.company import STORY, folder, one, problems

# Each row: what stands in the good story, what is written in its place, the line, what is said, what would mend it.
WRONG = {
    "unknown verb": ("deal_won: Rollout", "deal_wn: Rollout", 8, "unknown verb 'deal_wn'", "deal_won"),
    "unknown bare verb": ("- connector_finishes", "- connector_finish", 9, "unknown verb 'connector_finish'",
                          "connector_finishes"),
    "verb of another phase": ("{invoices_of: Rollout, count: 1}", "{deal_won: Rollout}", 11, "cannot stand under then",
                              "put it under when"),
    "unknown key of a verb": ("terms: Net 30", "term: Net 30", 5, "unknown key 'term'", "terms"),
    "unknown key of a line": ("quantity: 1", "quantty: 1", 6, "unknown key 'quantty'", "quantity"),
    "unknown key of the story": ("today: 2026", "todai: 2026", 3, "unknown key 'todai'", "today"),
    "missing key": (", count: 1", "", 11, "'count' is missing", "count"),
    "amount without currency": ("USD 4000.00", "4000.00", 6, "'4000.00' has no currency", "USD 4000.00"),
    "comma as decimal sign": ("USD 4000.00", "'USD 4000,00'", 6, "has a comma before its decimals",
                              "write a dot there: USD 4000.00"),
    "comma as decimal sign between braces": ("USD 4000.00", "USD 4000,00", 6, "breaks off at its comma, before '00'",
                                             "dot before the decimals"),
    "thousands without quotes": ("USD 4000.00", "USD 4,000.00", 6, "before '000.00'", "quotes"),
    "curly quotes": ("USD 4000.00", "“USD 4000.00”", 6, "curly quote", "straight quotes"),
    "discount without a unit": ("unit_price:", "discount: 10, unit_price:", 6, "neither a percentage nor money",
                                "10% or USD 10"),
    "discount of more than all": ("unit_price:", "discount: 110%, unit_price:", 6, "no share of a price", "0 to 100"),
    "customer in a foreign currency": (
        "terms: Net 30}", "terms: Net 30, currency: EUR}", 5, "unknown currency 'EUR' in the dictionary", "USD",
    ),
    "foreign currency": ("USD 4000.00", "EUR 4000.00", 6, "EUR in books that are kept in USD", "USD"),
    "rate of the books' own currency": (
        "- {deal_won: Rollout", "- {rate_of: USD, is: USD 1.10}\n  - {deal_won: Rollout", 8, "always worth USD 1", "",
    ),
    "rate of nothing": (
        "- {deal_won: Rollout", "- {rate_of: USD, is: USD 0}\n  - {deal_won: Rollout", 8, "more than zero", "",
    ),
    "impossible day": ("on: 2026-01-12", "on: 2026-02-30", 8, "2026-02-30 does not exist", "real day"),
    "day in another form": ("today: 2026-01-05", "today: 05.01.2026", 3, "is not a day", "2026-01-05"),
    "impossible hour": ("on: 2026-01-12", "at: '24:30'", 8, "is not a time of day", "23:30"),
    "time that goes back": ("on: 2026-01-12", "on: 2026-01-04", 8, "time goes back from 2026-01-05", "order"),
    "unknown product": ("product: Badge printer", "product: Bage printer", 6, "unknown product 'Bage printer'",
                        "'Badge printer'"),
    "unknown region": ("region: US-CA-SF", "region: US-CA-SO", 5, "unknown region 'US-CA-SO'", "'US-CA-SF'"),
    "unknown terms": ("terms: Net 30", "terms: Net 31", 5, "unknown terms 'Net 31'", "'Net 30'"),
    "unknown dictionary": ("dictionary: tiny", "dictionary: tinny", 2, "no dictionary 'tinny'", "'tiny'"),
    "unknown customer": ("customer: Globex, lines", "customer: Globe, lines", 6, "no customer 'Globe'", "'Globex'"),
    "unknown deal": ("deal_won: Rollout", "deal_won: Roll-out", 8, "no deal 'Roll-out'", "'Rollout'"),
    "no quantity at all": ("quantity: 1", "quantity: 0", 6, "more than zero", ""),
    "quantity in words": ("quantity: 1", "quantity: one", 6, "'one' is not a number", "dot before the decimals"),
    "empty value": ("region: US-CA-SF", "region: ", 5, "'region' has no value", "leave the key out"),
    "key written twice": ("terms: Net 30", "region: US-OR, terms: Net 30", 5, "'region' is written twice", "keep one"),
    "unknown tag": ("today:", "tags: [mony]\ntoday:", 3, "unknown tag 'mony'", "'money'"),
    "tag with a wrong form": ("today:", "tags: ['control:rec']\ntoday:", 3, "has not the form", "control:REC-01"),
    "block without list": ("  - {invoices_of: Rollout, count: 1}", "  invoices_of: Rollout", 11,
                           "takes a list of steps",
                           "dash"),
    "step that is a list": ("- connector_finishes", "- [connector_finishes]", 9, "a step is a verb", "{verb: value"),
    "verb without its value": ("{deal_won: Rollout, on: 2026-01-12}", "deal_won", 8, "'deal_won' needs a value", ""),
    "no way to listen": ("today:", "listens: webhook\ntoday:", 3, "is no way to listen", "webhooks"),
    "payouts of no kind": ("today:", "payouts: dayly\ntoday:", 3, "is no way of paying out", "daily"),
    "refusal of how things stand": ("terms: Net 30}", "terms: Net 30, refused: no}", 5, "is never refused",
                                    "under when"),
    "refusal by no system": ("- connector_finishes", "- {connector_finishes: {refused: no}}", 9, "no system is asked",
                             "that a system may refuse"),
    "refusal without words": ("on: 2026-01-12}", "refused: ''}", 8, "'refused' is empty text", "write a value"),
    "placeholder without examples": ("deal_won: Rollout", "deal_won: <deal>", 8, "the story has no examples", ""),
    "unknown family": ("today:", "stack: {crn: hubspot}\ntoday:", 3, "no family 'crn'", "'crm'"),
    "foreign entity": ("today:", "entity: uk\ntoday:", 3, "has no entity 'uk'", "main"),
}  # fmt: skip


@pytest.mark.parametrize(("good", "bad", "line", "what", "mend"), WRONG.values(), ids=WRONG.keys())
def test_what_is_wrong_is_said_with_file_line_and_the_right_word(
    tmp_path: Path, good: str, bad: str, line: int, what: str, mend: str
) -> None:
    assert good in STORY
    (problem,) = problems(tmp_path, STORY.replace(good, bad, 1))
    assert problem.where is not None
    assert (Path(problem.where.file).name, problem.where.line) == ("story.yaml", line)
    assert what in problem.what
    assert mend in (problem.mend or "")
    assert STORY.replace(good, bad, 1).splitlines()[line - 1].strip() in str(problem), "the line itself is shown"


@pytest.mark.parametrize("text", ["story: [", "story: 'A", "a: b: c", "\tstory: A", "story: A\n- x", "&a [*a, *b]"])
def test_malformed_yaml_is_told_from_a_wrong_story(tmp_path: Path, text: str) -> None:
    (problem,) = problems(tmp_path, text)
    assert "not well-formed YAML" in problem.what
    assert problem.where is not None
    assert problem.where.line >= 1


@pytest.mark.parametrize(
    ("good", "bad", "line", "what", "mend"),
    [
        (
            "  - connector_finishes",
            "    - connector_finishes",
            9,
            "|     - connector_finishes",
            "exactly as the steps above",
        ),
        ("  - connector_finishes", "\t- connector_finishes", 9, "a tab stands at the beginning", "with spaces"),
        ("terms: Net 30}", "terms: Net 30", 6, "expected ',' or", "close the bracket"),
        ("today:", "  today:", 3, "mapping values are not allowed", "exactly as the one above it"),
    ],
)
def test_malformed_yaml_is_told_in_words_of_a_story(
    tmp_path: Path, good: str, bad: str, line: int, what: str, mend: str
) -> None:
    (problem,) = problems(tmp_path, STORY.replace(good, bad, 1))
    assert problem.where is not None
    assert problem.where.line == line
    assert what in problem.what
    assert mend in (problem.mend or "")


def test_keywords_stand_in_the_order_in_which_they_are_played(tmp_path: Path) -> None:
    at = STORY.index("given:")
    (problem,) = problems(
        tmp_path, STORY[:at] + "then:\n  - {invoices_of: Rollout, count: 0}\n" + STORY[at : STORY.index("then:")]
    )
    assert problem.where is not None
    assert problem.where.line == 6
    assert "'given' stands below 'then'" in problem.what
    assert "steps:" in (problem.mend or "")


def test_a_yaml_file_of_something_else_is_called_no_story(tmp_path: Path) -> None:
    (problem,) = problems(tmp_path, "connector: mine\npattern: (?P<id>x)\n")
    assert "this is no story" in problem.what


def test_a_space_that_does_not_break_is_a_space(tmp_path: Path) -> None:
    assert problems(tmp_path, STORY.replace("USD 4000.00", "USD\u00a04000.00")) == []


@pytest.mark.parametrize("text", ["", "\n\n", "# only a remark\n", "---\n"])
def test_an_empty_file_is_called_empty(tmp_path: Path, text: str) -> None:
    (problem,) = problems(tmp_path, text)
    assert problem.what == "the file is empty"


def test_a_file_that_is_no_utf_8_names_the_line(tmp_path: Path) -> None:
    root = folder(tmp_path)
    (root / "story.yaml").write_bytes(b"story: A\nabout: caf\xe9\n")
    (problem,) = discovery.lint([root])
    assert str(problem).startswith(f"{root / 'story.yaml'}:2: is not text in UTF-8")


def test_a_text_with_a_program_in_it_is_refused(tmp_path: Path) -> None:
    (problem,) = problems(tmp_path, STORY.replace("story: A deal", "story: !!python/object/apply:os.getcwd []"))
    assert problem.where is not None
    assert problem.where.line == 1


def test_a_map_that_contains_itself_is_refused(tmp_path: Path) -> None:
    (problem,) = problems(tmp_path, "&a {story: *a}")
    assert "nested" in problem.what or "not well-formed" in problem.what


def test_every_problem_is_told_not_only_the_first(tmp_path: Path) -> None:
    text = STORY.replace("USD 4000.00", "4000.00").replace("deal_won: Rollout", "deal_wn: Rollout")
    text = text.replace("2026-01-05", "2026-13-05")
    lines = [problem.where.line for problem in problems(tmp_path, text) if problem.where]
    assert lines == [3, 6, 8]
    nowhere = [problem.where.line for problem in problems(tmp_path, text.replace("tiny", "tniy")) if problem.where]
    assert nowhere == [2, 3]  # without a dictionary nothing else can be judged
    lines = [
        problem.where.line for problem in problems(tmp_path, text.replace("2026-13-05", "2026-01-05")) if problem.where
    ]
    assert lines[:2] == [6, 8]


def test_load_raises_what_lint_lists(tmp_path: Path) -> None:
    root = folder(tmp_path, STORY.replace("USD 4000.00", "4000.00"))
    with pytest.raises(ContentError, match="has no currency") as caught:
        discovery.load([root])
    assert str(caught.value) == str(discovery.lint([root])[0])


def test_a_story_that_claims_nothing_is_no_story(tmp_path: Path) -> None:
    (problem,) = problems(tmp_path, STORY[: STORY.index("then:")])
    assert "claims nothing" in problem.what


def test_a_story_in_which_the_connector_never_works_proves_nothing(tmp_path: Path) -> None:
    (problem,) = problems(tmp_path, STORY.replace("  - connector_finishes\n", ""))
    assert "never gets to work" in problem.what


def test_a_name_is_given_once(tmp_path: Path) -> None:
    text = STORY.replace("  - {deal:", "  - {customer: Globex, region: US-OR, terms: Net 30}\n  - {deal:")
    (problem,) = problems(tmp_path, text)
    assert "the customer 'Globex' is named twice" in problem.what


def test_two_stories_of_one_file_have_two_names(tmp_path: Path) -> None:
    (problem,) = problems(tmp_path, f"{STORY}---\n{STORY}")
    assert "two stories are called 'A deal'" in problem.what
    stories = discovery.load([folder(tmp_path / "two", f"{STORY}---\n{STORY.replace('A deal', 'Another deal')}")])
    assert [story.name for story in stories] == ["A deal", "Another deal"]


def test_steps_become_typed_parameters(tmp_path: Path) -> None:
    text = STORY.replace("unit_price: USD 4000.00", "unit_price: 'USD 4,000.005', discount: 10%, cost_centre: CC-10")
    text = text.replace("on: 2026-01-12", "on: 2026-01-12, at: '23:30'")
    story = one(tmp_path, text)
    deal, won = story.steps[1], story.steps[2]
    assert deal.params == crm.EnterDeal(
        deal="Rollout",
        customer="Globex",
        lines=(
            crm.Line(
                product="Badge printer",
                quantity=Decimal(1),
                unit_price=Money("4000.005", "USD"),
                discount=Percent(value=Decimal(10)),
                cost_centre="CC-10",
            ),
        ),
    )
    assert won.params == crm.WinADeal(deal_won="Rollout", on=date(2026, 1, 12), at=time(23, 30))
    assert [(step.number, step.phase, step.block) for step in story.steps] == [
        (1, "given", 1), (2, "given", 1), (3, "when", 2), (4, "when", 2), (5, "then", 3),
    ]  # fmt: skip


def test_an_amount_that_is_paid_is_whole_cents_but_a_price_may_be_finer(tmp_path: Path) -> None:
    text = STORY.replace(
        "- connector_finishes", "- connector_finishes\n  - {customer_pays: USD 1.005, invoice_of: Rollout}"
    )
    (problem,) = problems(tmp_path, text)
    assert "finer than the smallest coin" in problem.what


def test_the_order_of_keys_does_not_change_the_verb(tmp_path: Path) -> None:
    turned = STORY.replace("{deal: Rollout, customer: Globex, lines", "{customer: Globex, deal: Rollout, lines")
    assert turned != STORY
    assert one(tmp_path / "a", turned).steps[1].params == one(tmp_path / "b").steps[1].params


def test_blocks_may_repeat_as_steps_and_mean_the_same(tmp_path: Path) -> None:
    head, body = STORY.split("given:\n")
    blocks = "given:\n" + body
    steps = head + "steps:\n" + "".join(
        f"  - {line}\n" if not line.startswith(" ") else f"    {line}\n" for line in blocks.splitlines()
    )  # fmt: skip
    again = (
        steps
        + "  - when:\n      - {deal_won: Rollout}\n      - connector_finishes\n"
        + "  - then:\n      - ledger_posts_nothing\n"
    )
    assert one(tmp_path / "a", steps).fingerprint == one(tmp_path / "b").fingerprint
    assert [step.phase for step in one(tmp_path / "c", again).steps][5:] == ["when", "when", "then"]


def test_a_story_has_blocks_or_steps_not_both(tmp_path: Path) -> None:
    (problem,) = problems(tmp_path, STORY + "steps:\n  - then: [ledger_posts_nothing]\n")
    assert "either `steps` or `given`" in problem.what


def test_the_fingerprint_changes_with_what_is_said_and_not_with_how_it_is_written(tmp_path: Path) -> None:
    plain = one(tmp_path / "a").fingerprint
    remarked = one(tmp_path / "b", "# a remark\n" + STORY.replace("USD 4000.00", '"USD 4,000.00"')).fingerprint
    dearer = one(tmp_path / "c", STORY.replace("USD 4000.00", "USD 4000.01")).fingerprint
    assert plain == remarked
    assert plain != dearer


def test_a_bare_verb_may_say_when(tmp_path: Path) -> None:
    for form in ("{connector_finishes: {on: 2026-01-13}}", "{connector_finishes: , on: 2026-01-13}"):
        story = one(tmp_path, STORY.replace("- connector_finishes", f"- {form}"))
        assert story.steps[3].params.on == date(2026, 1, 13)
    (problem,) = problems(tmp_path, STORY.replace("- connector_finishes", "- {connector_finishes: yes}"))
    assert "takes no value" in problem.what


def test_a_story_may_add_a_system_that_some_pack_plays(tmp_path: Path) -> None:
    story = one(tmp_path, STORY.replace("today:", "stack: {banking: plaid}\ntoday:", 1))
    assert dict(story.stack) == {"banking": "plaid"}


def test_money_of_any_currency_may_stand_in_what_is_refused(tmp_path: Path) -> None:
    step = "  - {bank_receives: XTS 5.00, reference: A}\nthen:"
    (problem,) = problems(tmp_path, STORY.replace("then:", step))
    assert "XTS in books that are kept in USD" in problem.what
    assert not problems(tmp_path, STORY.replace("then:", step.replace("}", ", refused: no account}")))
