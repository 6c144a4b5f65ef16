"""How explanations read: golden files, and the laws that keep long runs readable."""

from __future__ import annotations

from decimal import Decimal

import pytest
from msgspec import structs

from simharness.checks import judge
from simharness.domain.expectation import BalancesAre, Expectation, MetricIs
from simharness.domain.finding import Finding, Severity
from simharness.domain.played import Played
from simharness.domain.record import RunRecord, ToldStep
from simharness.report.explaining import as_text, explanation, sections, story_text
from simharness.report.explaining import text as rendered
from tests.repo.tree import ROOT
from tests.unit.checks import builders
from tests.unit.checks.builders import exchange, log, usd
from tests.unit.report.explaining.claims import found, invoice_total, mark, played_with, record_of

GOLDEN = ROOT / "tests" / "golden" / "explaining"
SENTENCE = 'Then the invoice of "Rollout" totals USD 4,411.50'
BALANCES = """\
balances:
  1100 Accounts receivable: USD 3400.50        # 4,400.50 - 1,000.00
  1150 Gateway clearing: USD 990.00"""
CLEARING = BalancesAre(
    **mark("ledger.balances"), exact=False,
    balances=(("1100 Accounts receivable", usd("3400.50")), ("1150 Gateway clearing", usd("990.00"))),
)  # fmt: skip


def text_of(claim: Expectation, sentence: str) -> str:
    record = record_of(claim, sentence)
    results = tuple(result for result in judge(record) if result.check == claim.verb)
    return story_text(Played(record=record, results=results), http=claim is not CLEARING) + "\n"


@pytest.mark.parametrize(
    ("name", "claim", "sentence"),
    [("invoice.txt", invoice_total("4411.50"), SENTENCE), ("balances.txt", CLEARING, BALANCES)],
)
def test_an_explanation_reads_as_its_golden_file(
    request: pytest.FixtureRequest, name: str, claim: Expectation, sentence: str
) -> None:
    told = text_of(claim, sentence)
    if request.config.getoption("--update-golden"):
        (GOLDEN / name).write_text(told, encoding="utf-8")
    assert told == (GOLDEN / name).read_text(encoding="utf-8")


def test_everything_but_the_command_fits_a_hundred_columns_with_the_indent_of_the_terminal() -> None:
    long = " ".join(f"word{number}" for number in range(60))
    record = record_of(invoice_total("4411.50"), long)
    rows = (log("hubspot:deal:D1:v1", "quickbooks:invoice:1", "1.00", "k1", detail=long),)
    record = structs.replace(record, evidence=rows, exchanges=(exchange(1, "x" * 200, b"D1"),))
    finding = Finding(
        check="V6", severity=Severity.MONEY, key="V6:x", message=long, expected=long, actual="y" * 300,
        objects=("quickbooks:invoice:1 (1001)", f"hubspot:deal:D1 ({long})"), step=7, where="a.yaml:17",
    )  # fmt: skip
    told = as_text(explanation(record, finding), http=True)
    assert max(map(len, told.splitlines())) <= 98
    assert told.count("word59") == 5


def test_a_deal_is_told_once_and_then_only_what_is_new_of_it() -> None:
    claim = MetricIs(**mark("bi.metric"), metric="cash_collected", period="2026-01", value=Decimal(900), unit="USD")
    first, second = sections(played_with(invoice_total("4411.50"), claim))
    assert "  chain of deal 'Rollout'" in first.lines
    assert "  chain of deal 'Rollout': as told above, but for:" in second.lines
    assert not any("P-1" in line for line in second.lines)
    assert any("the step says USD 900.00" in line for line in second.lines)
    assert "  what the connector did: as told above" in second.lines


def test_the_same_figures_are_explained_once() -> None:
    one = _finding("R1", "a.yaml:5")
    _, again = sections(Played(record=builders.record(), results=(found(one), found(_finding("R2", "a.yaml:9")))))
    assert again.label == "R2 money"
    assert again.lines == (
        "  step        a.yaml:9",
        "  figures     USD 8.00 expected, USD 0.00 found: those of R1 at a.yaml:5, explained above",
    )


def test_what_the_story_says_comes_before_what_checks_demand() -> None:
    played = played_with(invoice_total("4411.50"))
    played = structs.replace(played, results=(found(_finding("V6", "a.yaml:5")), *played.results))
    assert [each.label for each in sections(played)] == ["invoicing.invoice_is money", "V6 money"]


def test_few_findings_are_explained_in_full_more_in_short_and_the_rest_is_counted() -> None:
    many = tuple(_finding("V6", f"a.yaml:{n}", f"USD {n}.00") for n in range(1, 41))
    told = list(sections(Played(record=builders.record(), results=(found(*many),))))
    full = [each for each in told if any("chain of deal" in line for line in each.lines)]
    assert (len(full), len(told)) == (rendered.IN_FULL, rendered.IN_FULL + rendered.IN_SHORT + 1)
    assert told[-1].message == "and 11 further findings, all in run.duckdb (table findings)"
    assert told[rendered.IN_FULL].lines == (
        "  step        a.yaml:6",
        "  expected    USD 6.00",
        "  actual      USD 0.00",
        "  difference  USD -6.00, which is the actual figure less the expected one",
    )


def test_a_story_that_passes_costs_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    def nobody(record: RunRecord) -> None:
        raise AssertionError("the record of a story that passes was opened")

    monkeypatch.setattr(rendered, "Pages", nobody)
    passed = Played(record=builders.record(), results=())
    assert story_text(passed) == ""


def test_a_finding_of_an_older_record_has_its_place_and_no_sentence() -> None:
    record = structs.replace(record_of(invoice_total("4411.50")), steps=())
    (finding,) = (
        each for result in judge(record) if result.check == "invoicing.invoice_is" for each in result.findings
    )
    assert finding.where in as_text(explanation(record, finding))


def test_what_is_of_no_step_is_said_to_be_of_the_whole_story() -> None:
    told = explanation(builders.record(), structs.replace(_finding("V20", ""), step=0))
    assert "  step        no single step, but the story as a whole" in as_text(told)


def test_a_long_step_is_cut() -> None:
    step = ToldStep(step=7, phase="then", verb="v", text="\n".join(f"line {n}" for n in range(20)))
    record = structs.replace(builders.record(), steps=(step,))
    told = as_text(explanation(record, _finding("V6", "a.yaml:5", step=7)))
    assert "line 11" in told
    assert "line 12" not in told


def _finding(check: str, where: str, expected: str = "USD 8.00", step: int = 3) -> Finding:
    return Finding(
        check=check, severity=Severity.MONEY, key=f"{check}:{where}{expected}", message="off", expected=expected,
        actual="USD 0.00", objects=("hubspot:deal:D1 (Rollout)",), step=step, where=where, reproduce="simharness run",
    )  # fmt: skip
