"""The vocabulary as a whole: every verb has one name, one form and one fact, and its words are those of the house."""

from __future__ import annotations

import re
import typing
from collections import Counter
from decimal import Decimal
from pathlib import Path

import msgspec
import pytest

from simharness.bi.metrics import catalogue
from simharness.core.money import Money
from simharness.domain import expectation, fact
from simharness.stories.vocabulary import BY_NAME, VERBS, heads
from simharness.stories.vocabulary.crm import EnterDeal, Line
from simharness.stories.vocabulary.terms import METRICS
from simharness.stories.vocabulary.verb import Action, Claim, Verb
from simharness.stories.words import Cell, Percent
from simharness.stories.writing import write_story
from tests.unit.stories.company import STORY, one, problems

NAMES = [verb.name for verb in VERBS]


def test_names_are_words_and_unique() -> None:
    assert [name for name in NAMES if not re.fullmatch(r"[a-z]+\.[a-z_]+", name)] == []
    assert max(Counter(NAMES).values()) == 1


def test_a_key_tells_one_verb_in_its_phase() -> None:
    for phase in ("given", "when", "then"):
        count = sum(len(verb.heads) for verb in VERBS if phase in verb.phases)
        assert len(heads(phase)) == count, phase


@pytest.mark.parametrize("verb", VERBS, ids=NAMES)
def test_parameters_fit_the_phase(verb: Verb) -> None:
    assert issubclass(verb.params, Claim if verb.phases == ("then",) else Action)
    fields = {field.encode_name for field in msgspec.structs.fields(verb.params)}
    assert verb.is_bare or set(verb.heads) <= fields


def test_sentences_are_told_apart() -> None:
    patterns = [
        re.sub(r"\{(account|word|currency)\}", "{string}", sentence.pattern)
        for verb in VERBS
        for sentence in verb.sentences
    ]
    # `the deal {string} has a discount of …` differs in the kind of its parameter only, as in the vocabulary.
    assert max(Counter(patterns).values()) == 1


@pytest.mark.parametrize("verb", VERBS, ids=NAMES)
def test_a_sentence_fills_fields_that_exist(verb: Verb) -> None:
    fields = {field.name for field in msgspec.structs.fields(verb.params)}
    assert verb.sentences
    for sentence in verb.sentences:
        parameters = re.findall(r"\{(\w+)\}", sentence.pattern)
        assert len(parameters) == len(sentence.binds), sentence.pattern
        assert set(sentence.binds) - {"invoice"} <= fields, sentence.pattern
        assert bool(sentence.table) == sentence.pattern.endswith(":"), sentence.pattern
        assert sentence.table in ("", *fields), sentence.pattern


def test_every_fact_and_expectation_can_be_told() -> None:
    told = {verb.fact for verb in VERBS}
    known = {kind.__name__ for kind in (*typing.get_args(fact.Fact), *typing.get_args(expectation.Expectation))}
    assert told <= known
    # A step that could not happen is nobody's wish, and any act may be refused.
    assert known - told == {"StepImpossible", "SystemRefused", "RefusalMissing"}


def test_metrics_are_those_that_bi_has() -> None:
    assert set(METRICS) == set(catalogue())


ENDS_FIRST = (
    "{deal_changed: Rollout, lines: [{product: Badge printer, unit_price: USD 1.00, "
    "service_from: 2026-02-01, service_to: 2026-01-01}]}"
)
WRONG = {
    "payment of nothing": ("{customer_pays: USD 0.00, invoice_of: Rollout}", "must be more than zero"),
    "payment for nothing said": ("{customer_pays: USD 5.00}", "does not say what for"),
    "payment by nobody": ("{customer_pays: USD 5.00, reference: none}", "does not say who pays"),
    "payment said twice": ("{customer_pays: USD 5.00, invoice_of: Rollout, customer: Globex}", "leave them out"),
    "payment by an unknown way": ("{customer_pays: USD 5.00, invoice_of: Rollout, by: crad}", "is no way to pay"),
    "reference of another kind": ("{customer_pays: USD 5.00, reference: INV-7}", "reference takes only `none`"),
    "change of nothing": ("{deal_changed: Rollout}", "changes nothing"),
    "customer change of nothing": ("{customer_changed: Globex}", "changes nothing"),
    "edit of nothing": ("{bookkeeper_edits: Globex}", "changes nothing"),
    "certificate that ends first": (
        "{exempt: Globex, in: [US-CA], certificate: A, reason: B, from: 2026-02-01, until: 2026-01-01}",
        "ends before it begins",
    ),
    "certificate for nowhere": ("{exempt: Globex, in: [US-CB], certificate: A, reason: B}", "unknown jurisdiction"),
    "service that ends first": (ENDS_FIRST, "ends before it begins"),
    "line of nothing": ("{deal_changed: Rollout, lines: [{unit_price: USD 1.00}]}", "line 1 sells one thing"),
    "line of two things": (
        "{deal_changed: Rollout, lines: [{product: Badge printer, custom_product: Mug, unit_price: USD 1.00}]}",
        "line 1 sells one thing",
    ),
}


@pytest.mark.parametrize(("step", "what"), WRONG.values(), ids=WRONG.keys())
def test_an_act_that_makes_no_sense_is_refused(tmp_path: Path, step: str, what: str) -> None:
    (problem,) = problems(tmp_path, STORY.replace("then:", f"  - {step}\nthen:"))
    assert what in problem.what
    assert problem.where is not None
    assert problem.where.line == 10


CLAIMS = {
    "unknown dimension": ("{every_journal_line_names: colour}", "is no dimension of a posting"),
    "traced to itself": ("{traced: Rollout, to: Rollout}", "always traced to itself"),
    "attempts of a fraction": ("{attempted: Rollout, times: 1.5}", "is not a whole number"),
    "difference without figures": (
        '{differences_of: crm_to_invoices, shows: [{reference: A, left: "", right: ""}]}', "nothing on both sides",
    ),
    "difference without reason": (
        '{differences_of: crm_to_invoices, shows: [{reference: A, reason: ""}]}', "a difference has a reason",
    ),
    "difference for another reason": (
        "{differences_of: crm_to_invoices, shows: [{reference: A, reason: late}]}", "is no reason of a difference",
    ),
    "side that is no figure": (
        "{differences_of: crm_to_invoices, shows: [{reference: A, left: 5.00}]}", "has no currency",
    ),
    "group listed twice": (
        "{metric_breakdown: billings, period: 2026-01, by: customer, is: [[A, USD 1], [A, USD 1]]}", "listed twice",
    ),
    "group without value": (
        '{metric_breakdown: billings, period: 2026-01, by: customer, is: {A: ""}}', "leave it out where",
    ),
    "unknown table of BI": ("{bi_table_not_published: fct_invoice}", "is no table of BI"),
    "freshness without a unit": ("{bi_behind_at_most: 10}", "is not a duration"),
    "statement line of another month": (
        "{bank_statement_for: 2026-01, shows: [{date: 2026-02-01}]}", "which is not in 2026-01",
    ),
    "statement line of nothing": ('{bank_statement_for: 2026-01, shows: [{amount: ""}]}', "a day and an amount"),
    "deal of nothing": ("{deal: Rollout}", "says nothing about the deal"),
    "invoice of nothing": ("{invoice_of: Rollout}", "says nothing about the document"),
    "invoice counted from zero": ("{invoice_of: Rollout, nth: 0, net: USD 1.00}", "counts from 1"),
    "two subjects": ("{invoice_of: Rollout, credit_memo_of: Rollout, net: USD 1.00}", "one subject"),
    "unknown status": ("{invoice_of: Rollout, status: payed}", "is no invoice status"),
    "unknown account": ("{account_moves: 4011 Hardware sales, by: USD 1.00}", "unknown account '4011 Hardware sales'"),
    "balances that do not balance": ("{balances: {1100: USD 5.00, 4010: USD -4.00}}", "add up to 1.00"),
    "postings that do not balance": (
        "{ledger_posts: [{account: 1100, debit: USD 5.00}, {account: 4010, credit: USD 4.00}]}",
        "they must be equal",
    ),
    "posting without side": ("{ledger_posts: [{account: 1100}]}", "either a debit or a credit"),
    "negative posting": (
        "{ledger_posts: [{account: 1100, debit: USD -5.00}, {account: 4010, credit: USD -5.00}]}",
        "write debit and credit positive",
    ),
    "unknown metric": ("{metric: net_revenues, period: 2026-01, is: USD 1.00}", "is no metric"),
    "metric without unit": ("{metric: dso, period: 2026-01, is: 12}", "'12' has no currency"),
    "metric of a month that is none": ("{metric: dso, period: 2026-13, is: 12 days}", "2026-13 is not a month"),
    "half a breakdown": ("{metric: billings, period: 2026-01, is: USD 1.00, by: customer}", "a breakdown needs both"),
    "unknown reconciliation": ("{reconciles: [crm_to_invoice]}", "is no reconciliation"),
    "unknown payment": ("{payment: P-1, unapplied: USD 1.00}", "no payment 'P-1'"),
    "tax for a day": ("{tax_payable: USD 1.00, under: CA San Francisco, period: 2026-01-31}", "is a day, not a month"),
    "unknown tax code": ("{tax_payable: USD 1.00, under: CA, period: 2026-01}", "unknown tax code 'CA'"),
}  # fmt: skip


@pytest.mark.parametrize(("step", "what"), CLAIMS.values(), ids=CLAIMS.keys())
def test_a_claim_that_cannot_be_judged_is_refused(tmp_path: Path, step: str, what: str) -> None:
    (problem,) = problems(tmp_path, f"{STORY}  - {step}\n")
    assert what in problem.what
    assert problem.where is not None
    assert problem.where.line == 12


def test_a_deal_is_priced_in_one_currency() -> None:
    lines = tuple(Line(custom_product="Advice", unit_price=Money(1, code)) for code in ("EUR", "USD"))
    wrong = BY_NAME["crm.deal"].wrong
    assert wrong(EnterDeal(deal="D", customer="C", lines=lines)) is not None
    assert wrong(EnterDeal(deal="D", customer="C", lines=lines[:1])) is None


@pytest.mark.parametrize(
    ("deposit", "what"), [(Percent(value=Decimal(0)), "is none"), (Money("0.00", "EUR"), "is no deposit")]
)
def test_a_deposit_is_more_than_nothing(deposit: Percent | Money, what: str) -> None:
    lines = (Line(product="Badge printer", unit_price=Money("1.00", "EUR")),)
    wrong = BY_NAME["crm.deal"].wrong
    assert wrong is not None
    assert what in (wrong(EnterDeal(deal="D", customer="C", lines=lines, deposit=deposit)) or "")
    assert wrong(EnterDeal(deal="D", customer="C", lines=lines, deposit=Percent(value=Decimal(100)))) is None


CELLS = """
  - ledger_posts:
      - {account: 1100, debit: "*", cost_centre: ""}
      - {account: 4010, debit: "", credit: ~, cost_centre: "*"}
  - {balances: {1100: "*", 4010: ~, 2200: ""}}
"""


def test_cells_are_said_in_yaml_too_and_written_as_they_were(tmp_path: Path) -> None:
    story = one(tmp_path, STORY.rstrip() + CELLS)
    first, second = story.steps[-2].params.ledger_posts  # type: ignore[attr-defined] # the postings of the claim above
    assert (first.debit, first.credit, first.cost_centre) == (Cell.ANY, None, Cell.EMPTY)
    assert (second.debit, second.credit, second.cost_centre) == (Cell.EMPTY, None, Cell.ANY)
    (tmp_path / "again").mkdir()
    assert one(tmp_path / "again", write_story(story)).fingerprint == story.fingerprint


@pytest.mark.parametrize(
    ("line", "what"),
    [
        ('{account: 1100, debit: "*", credit: "*"}', "either a debit or a credit, not both"),
        ('{account: 1100, debit: "", credit: ""}', "write * for any amount"),
        ("{account: 1100, debit: ~, credit: ~}", "write * for any amount"),
        ('{account: "*", debit: USD 1.00}', "unknown account '*'"),
    ],
)
def test_a_posting_says_at_least_its_account_and_side(tmp_path: Path, line: str, what: str) -> None:
    (problem,) = problems(tmp_path, STORY.rstrip() + f"\n  - ledger_posts: [{line}]\n")
    assert what in problem.what
